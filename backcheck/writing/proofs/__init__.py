"""The formats in which a judged derivation, and the table of rules, are written; each is imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from backcheck.proving.reading.source import Source
    from backcheck.proving.verdict import Derivation

Table = tuple[tuple[str, ...], ...]  # its first row names the columns
FORMATS = ("text", "json", "markdown", "latex")  # the modules here that write them


class Look(NamedTuple):
    """The screen; only the text for it wants to know."""

    width: int = 100  # columns
    on_screen: bool = True  # it knows the signs of mathematics
    colour: bool = False


def written(format: str, derivation: Derivation, source: Source | None = None, look: Look = Look()) -> str:  # noqa: B008 - never changed
    """The lines and their verdicts in a format of the table; `source`: all that was read, with what is not judged."""
    text: str = import_module(f"backcheck.writing.proofs.{format}").written(derivation, source, look)
    return text


def rules(format: str, table: Table, look: Look = Look()) -> str:  # noqa: B008 - never changed
    """The table of rules in a format."""
    text: str = import_module(f"backcheck.writing.proofs.{format}").rules(table, look)
    return text
