"""What an edit puts in a place, and how it is told; it knows no edit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from backcheck.proving.tree import Tree


class Change(NamedTuple):
    """What stands at a place then; what was written, and what was meant."""

    tree: Tree
    wrote: Tree | str = ""
    meant: Tree | str = ""


Changes = Iterator[Change]
