"""Which names the definitions of a derivation use, one through another; it works nothing out."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, lru_cache

from backcheck.proving.names import Names
from backcheck.proving.tree import Tree, free, walk


@lru_cache(maxsize=1024)
def used(tree: Tree) -> frozenset[str]:
    """The free names of a tree and the functions it calls."""
    return frozenset(free(tree)) | {node.text.rstrip("'") for node in walk(tree) if node.op == "call"}


class Uses:
    """The definitions of one place, looked through once."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self._through: dict[str, frozenset[str]] = {}

    def through(self, name: str) -> frozenset[str]:
        """All that a name is made of: other names, and the letters that are free in what it stands for."""
        found = self._through.get(name)
        if found is None:
            self._through[name] = frozenset()  # a name that is defined by itself ends here
            definition = self.names.defined.get(name)
            direct = used(definition.body).difference(definition.indices, definition.arguments) if definition else frozenset()
            found = self._through[name] = direct.union(*map(self.through, direct))
        return found

    def letters(self, name: str) -> frozenset[str]:
        return frozenset(filter(self.names.is_letter, self.through(name)))

    @cached_property
    def lettered(self) -> frozenset[str]:
        """Definitions in which a letter is free."""
        return frozenset(filter(self.letters, self.names.defined))

    def of(self, trees: Iterable[Tree]) -> frozenset[str]:
        """All names that some trees come down to."""
        direct = frozenset[str]().union(*map(used, trees))
        return direct.union(*map(self.through, direct))
