"""What the names of a derivation stand for at one of its lines: ranges, shapes, definitions, what is given; it reads no text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from backcheck.proving.statements import Relation
from backcheck.proving.tree import Tree

NO_LETTER = "·"  # ·K~ is an index over K where no letter was declared for it


class Definition(NamedTuple):
    """let s[i] = …, let f(x) = …: the body is in entries, its indices and arguments are free in it."""

    indices: tuple[str, ...]
    arguments: tuple[str, ...]
    body: Tree


class Names(NamedTuple):
    """Names as declared; a name is in one of these only."""

    letters: Mapping[str, str] = {}  # index → its size: i → K, j → 3
    shapes: Mapping[str, tuple[str, ...]] = {}  # z → (K,), W → (J, K), y → ()
    functions: Mapping[str, str] = {}  # f → any, monotone
    defined: Mapping[str, Definition] = {}  # their shapes are in `shapes` too, a function's is ()

    def size(self, letter: str) -> str:
        """What an index runs over.

        >>> Names(letters={"k": "K"}).size("k~~"), Names().size("·n~")
        ('K', 'n')
        """
        plain = letter.rstrip("~")
        return plain[1:] if plain.startswith(NO_LETTER) else self.letters[plain]

    def is_letter(self, text: str) -> bool:
        return text.rstrip("~") in self.letters or text.startswith(NO_LETTER)

    @property
    def sizes(self) -> frozenset[str]:
        """Sizes that are no numbers: K, n."""
        found = {*self.letters.values(), *(size for shape in self.shapes.values() for size in shape)}
        return frozenset(size for size in found if not size.isdigit())


class Scene(NamedTuple):
    """All that counts at one line. Everything in it is in entries: no vectors, no matrices, no products of them."""

    names: Names
    given: tuple[Relation, ...] = ()  # what is given: see `letters_of_given` for which letters it is meant for each value
    case: tuple[Relation, ...] = ()  # of the letters and numbers as they are: i = j, z > 0
    at: tuple[tuple[Tree, Tree], ...] = ()  # put in after all differentiation: a → y
