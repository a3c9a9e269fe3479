"""What is said of one activation or loss, as records; who derives it, and how, is no matter here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from backcheck.formula import Formula
from backcheck.pages.calculus import Extreme


class Piece(NamedTuple):
    """Forms of one value, all the same, between two places; None: it goes on for ever."""

    low: Formula | None
    high: Formula | None
    forms: tuple[Formula, ...]


class Form(NamedTuple):
    """A quantity, how it is written, and whether that is what SymPy derives."""

    name: str  # a, da/dz, d2L/dy2
    pieces: tuple[Piece, ...]
    agrees: bool


class Kink(NamedTuple):
    """A place where the slopes from left and right differ, or where the function jumps, and what backcheck takes there."""

    at: Any
    slopes: tuple[Any, Any]
    slope: float
    values: tuple[Any, Any]
    value: float


class Limit(NamedTuple):
    """of → value as the letter → to; `where` says for which targets."""

    of: str
    to: str
    value: Any
    where: str = ""


class Least(NamedTuple):
    """Where a loss is least, its value there, its second derivative (None at a kink), and both as textbooks write them."""

    at: Any
    value: Any
    curvature: Any
    forms: tuple[Formula, ...] = ()


class Facts(NamedTuple):
    """The page of one function."""

    name: str
    kind: str  # activation or loss
    letter: str  # what it is a function of
    parameters: Mapping[str, str]  # with the values they have when the file gives none
    forms: tuple[Form, ...]
    domain: tuple[Any, Any]
    least: Extreme | Least | None
    greatest: Extreme | None
    kinks: tuple[Kink, ...]
    limits: tuple[Limit, ...]
    steepest: Extreme | None
    notes: tuple[str, ...]
