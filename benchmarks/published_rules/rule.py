"""One published rule as a line of a table: its message, the causes that the message names, when it fires, and its source."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from published_rules.record import Record


class Message(NamedTuple):
    """What a tool says, and which of the ids of `backcheck explain` that names; () where it names none of them."""

    says: str
    names: tuple[str, ...] = ()


class Rule(NamedTuple):
    """A message, when it is given, and where its threshold stands."""

    message: Message
    fires: Callable[[Record], bool]
    source: str


def rule(says: str, names: str, fires: Callable[[Record], bool], source: str) -> Rule:
    """`names` holds ids with spaces between them."""
    return Rule(Message(says, tuple(names.split())), fires, source)
