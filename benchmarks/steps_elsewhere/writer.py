"""A tree of a derivation as a form, for certain sizes and letters: its own sums, deltas, definitions and derivatives."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from itertools import product

from steps_elsewhere import forms
from steps_elsewhere.forms import ONE, ZERO, Form, call, negative, number, over, plus, power, times

from backcheck.proving.names import Names
from backcheck.proving.tree import Tree

BUILT = {"plus": plus, "minus": negative, "times": times, "over": over, "power": power}


def size_of(text: str, sizes: Mapping[str, int]) -> int:
    return int(text) if text.isdigit() else sizes[text]


class Writer:
    """Trees into forms."""

    def __init__(self, names: Names, sizes: Mapping[str, int]) -> None:
        self.names, self.sizes = names, sizes
        self.kept: dict[str, tuple[str, tuple[int, ...]]] = {}  # definitions that were kept as names

    def range(self, letter: str) -> range:
        return range(1, size_of(self.names.size(letter), self.sizes) + 1)

    def at(self, tree: Tree, local: dict[str, int], places: tuple[tuple[Tree, Tree], ...]) -> Form:
        """What is said at a place is put in last."""
        heads = frozenset((place.parts[0] if place.op == "entry" else place).text for place, _ in places)
        found = self.form(tree, local, heads)
        for place, value in places:
            letters = [part.text for part in place.parts[1:]]
            there = {}
            for values in product(*map(self.range, letters)):
                inner = {**local, **dict(zip(letters, values, strict=True))}
                there[self.form(place, inner, heads)[1]] = self.form(value, inner, heads)
            found = forms.put(found, there)
        return self.opened(found, frozenset())

    def opened(self, found: Form, kept: frozenset[str]) -> Form:
        """Definitions that were kept are put in after all."""
        own = {name: at for name in forms.names(found) if (at := self.kept.get(name)) is not None and at[0] not in kept}
        return forms.put(found, {name: self.defined(*at, kept) for name, at in own.items()}) if own else found

    def defined(self, name: str, at: tuple[int, ...], kept: frozenset[str]) -> Form:
        definition = self.names.defined[name]
        return self.form(definition.body, dict(zip(definition.indices, at, strict=True)), kept)

    def form(self, tree: Tree, local: Mapping[str, int | Form], kept: frozenset[str] = frozenset()) -> Form:
        inner = [] if tree.op in ("total", "largest", "slope", "entry") else [self.form(part, local, kept) for part in tree.parts]
        match tree.op:
            case "number":
                return number(tree.text)
            case "name" if tree.text in local:
                value = local[tree.text]
                return number(value) if isinstance(value, int) else value
            case "name" if tree.text in self.sizes:
                return number(self.sizes[tree.text])
            case "name":
                return self.named(tree.text, (), kept)
            case "entry":
                at = tuple(int(self.form(part, local)[1]) for part in tree.parts[1:])
                return self.named(tree.parts[0].text, at, kept)
            case "plus" | "minus" | "times" | "over" | "power":
                return BUILT[tree.op](*inner)
            case "call":
                return self.called(tree.text, inner, kept)
            case "total" | "largest":
                return self.over_all(tree, local, kept)
            case "slope":
                return self.slope(tree, local, kept)
        raise NotImplementedError(tree.op)

    def named(self, name: str, at: tuple[int, ...], kept: frozenset[str]) -> Form:
        if name in self.names.defined and name not in kept:
            return self.defined(name, at, kept)
        text = "_".join((name, *map(str, at)))
        if name in self.names.defined:
            self.kept[text] = name, at
        return ("name", text)

    def called(self, name: str, inner: list[Form], kept: frozenset[str]) -> Form:
        if name == "delta":
            return ONE if inner[0] == inner[1] else ZERO
        if name in self.names.defined:
            definition = self.names.defined[name]
            return self.form(definition.body, dict(zip(definition.arguments, inner, strict=True)), kept)
        plainly = name.rstrip("'")
        body = forms.KNOWN.get(plainly)
        if body is None and (plainly in self.names.functions or plainly == name):
            return call(name, *inner)
        for _ in name[len(plainly) :]:
            body = forms.slope(call(plainly, ("name", "u")) if body is None else body, "u")
        return forms.put(body, {"u": inner[0]})

    def over_all(self, tree: Tree, local: Mapping[str, int | Form], kept: frozenset[str]) -> Form:
        left_out = [int(self.form(part, local)[1]) for part in tree.parts[1:]]
        found = [self.form(tree.parts[0], {**local, tree.text: at}, kept) for at in self.range(tree.text) if at not in left_out]
        return plus(*found) if tree.op == "total" else reduce(lambda one, other: call("max", one, other), found)

    def slope(self, tree: Tree, local: Mapping[str, int | Form], kept: frozenset[str]) -> Form:
        """By a name that is defined: it is a variable of its own inside."""
        body, *places = tree.parts
        heads = frozenset((place.parts[0] if place.op == "entry" else place).text for place in places)
        found = self.form(body, local, kept | heads)
        for place in places:
            found = forms.slope(found, self.form(place, local, kept | heads)[1])
        return self.opened(found, kept)
