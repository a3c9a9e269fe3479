"""The page of one activation or loss: what is true of it, as records; who derives it, and how, is no matter here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from backcheck import catalogue
from backcheck.errors import BadArgument, did_you_mean
from backcheck.formula import Formula
from backcheck.roads.calculus import Extreme


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


def facts(name: str) -> Facts:
    """Everything about an activation or a loss of the catalogue.

    >>> found = facts("sigmoid")
    >>> all(form.agrees for form in found.forms), found.steepest.value, found.steepest.at
    (True, 1/4, 0)
    """
    if name == "softmax":
        from backcheck.roads.facts_of_softmax import softmax

        return softmax()
    if name in catalogue.ACTIVATIONS:
        from backcheck.roads.facts_of_activations import activation

        return activation(name)
    if name in catalogue.LOSSES:
        from backcheck.roads.facts_of_losses import loss

        return loss(name)
    known = [*catalogue.ACTIVATIONS, *catalogue.LOSSES]
    raise BadArgument(f"there is no function {name!r}; {did_you_mean(name, known) or 'known: ' + ', '.join(known)}")
