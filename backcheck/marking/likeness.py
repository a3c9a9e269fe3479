"""What wrong arrays look like beside the true ones, as a record: a change, and how it is said; it knows no changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from backcheck.worksheet import Array

Change = Callable[[str, Array], Array]  # the row's name and its true slopes → what was handed in


class Likeness(NamedTuple):
    """A way to make wrong arrays from right ones."""

    id: str
    says: str  # of one array: "{} {is_} transposed"
    change: Change


ONE, SEVERAL = (
    {"is_": "is", "has": "has", "lacks": "lacks", "holds": "holds"},
    {"is_": "are", "has": "have", "lacks": "lack", "holds": "hold"},
)


def said(likeness: Likeness, names: list[str]) -> str:
    """The sentence on one array, or on several.

    >>> said(Likeness("sign", "{} {has} the wrong sign", lambda _, true: -true), ["∂L/∂W2", "∂L/∂W1"])
    '∂L/∂W2 and ∂L/∂W1 have the wrong sign'
    """
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return likeness.says.format(listed, **(ONE if len(names) == 1 else SEVERAL))
