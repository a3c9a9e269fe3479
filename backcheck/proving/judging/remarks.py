"""What there is to say about the whole of a derivation that no line of it says; it judges nothing."""

from __future__ import annotations

from collections.abc import Iterator

from backcheck.proving.judging.questions import trees
from backcheck.proving.reading.source import Source
from backcheck.proving.statements import Declare, Let, Statement
from backcheck.proving.tree import walk

E = "e"


def remarks(source: Source) -> Iterator[str]:
    """Where e is a name of its own, and stands below an exponent: it is then not the e of exp."""
    own = 0
    for line in source.lines:
        said = line.statement
        own = own or (line.number if E in _names(said) else 0)
        powers = (node.parts[0].text for tree in trees(said) for node in walk(tree) if node.op == "power")
        if own and E in powers:
            yield f"line {line.number}: e is a number of its own since line {own}; the other e^x is written exp(x)"
            return


def _names(said: Statement | Exception) -> tuple[str, ...]:
    if isinstance(said, Declare):
        return tuple(called for called, _ in said.names)
    return (said.name,) if isinstance(said, Let) else ()
