"""An activation or a loss as a file names it → the operation and its parameters; formulas are checked here, not worked."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from backcheck.arithmetic import DEEPEST, SPELLINGS, NotArithmetic, parse_typed
from backcheck.catalogue import ABOVE_ZERO
from backcheck.cells import IDENTIFIER
from backcheck.errors import did_you_mean
from backcheck.formula import Call, Formula, Product, cells, children
from backcheck.functions import OVER_OUTPUTS, TYPED
from backcheck.problem.reading import Reading
from backcheck.problem.text import Map, Node, Scalar, kind

EXAMPLES = {"activation": "z/(1 + exp(-z))", "loss": "sum((t - y)**4)"}


class Operation(NamedTuple):
    """A name from the catalogue with the numerals of its parameters, or a formula `z: …`."""

    op: str
    parameters: tuple[str, ...] = ()


def operation(
    reading: Reading,
    node: Node,
    what: str,
    catalogue: dict[str, dict[str, str]],
    letters: Collection[str],
    over: bool = True,
) -> Operation | None:
    """`tanh`, `{leaky_relu: {slope: 0.01}}` or a formula in `letters`, in which `over` allows sums over all outputs."""
    if isinstance(node, Map) and len(node.pairs) == 1:
        key, settings = node.pairs[0]
        if key.text in catalogue:
            return _with_settings(reading, key, settings, catalogue[key.text])
        if IDENTIFIER.fullmatch(key.text) and key.text not in letters:
            node = key
    if not isinstance(node, Scalar) or not node.text:
        example = next((f"{{{name}: {{{next(iter(p))}: …}}}}" for name, p in catalogue.items() if p), "")
        reading.fault(node, f"{what} should be a name, a formula or {example}, not {kind(node)}")
        return None
    if node.text in catalogue:
        return Operation(node.text, tuple(catalogue[node.text].values()))
    if IDENTIFIER.fullmatch(node.text) and node.text not in letters:
        known = ", ".join(catalogue)
        reading.fault(
            node,
            f"unknown {what} {kind(node)}",
            did_you_mean(node.text, list(catalogue)) or f"known: {known}, or a formula in {' and '.join(letters)}",
        )
        return None
    return _formula(reading, node, what, letters, over)


def _with_settings(reading: Reading, key: Scalar, node: Node, defaults: dict[str, str]) -> Operation | None:
    if isinstance(node, Scalar) and not node.text:
        return Operation(key.text, tuple(defaults.values()))
    if not isinstance(node, Map):
        example = next((f"{{{key.text}: {{{name}: {value}}}}}" for name, value in defaults.items()), key.text)
        reading.fault(node, f"the settings of {key.text} should be a mapping, name: value, not {kind(node)}", example)
        return None
    settings = node
    reading.keys(settings, defaults, key.text)
    given = dict(defaults)
    for name, value in settings.pairs:
        amount = reading.number(value, name.text)
        if amount is None or name.text not in defaults:
            continue
        if name.text in ABOVE_ZERO and amount <= 0:
            reading.fault(value, f"{name.text} should be above 0, not {kind(value)}")
        if isinstance(value, Scalar):
            given[name.text] = value.text.translate(SPELLINGS).removeprefix("+")
    return Operation(key.text, tuple(given.values()))


def _formula(reading: Reading, node: Scalar, what: str, letters: Collection[str], over: bool) -> Operation | None:
    tree = typed_formula(reading, node, letters, TYPED | OVER_OUTPUTS if over else TYPED)
    if tree is None:
        return None
    output = list(letters)[-1]
    if output not in cells(tree):
        reading.fault(
            node,
            f"this {what} does not depend on {output}",
            f"a formula is written in {' and '.join(letters)}: {EXAMPLES[what]}",
        )
        return None
    if what == "loss" and _is_each(tree):
        partly = any(name in node.text for name in OVER_OUTPUTS)
        way_out = "every t and y stands inside a sum or a mean" if partly else f"sum them: sum({node.text}), or mean({node.text})"
        reading.fault(node, "this loss gives one number for each output", way_out)
        return None
    return Operation(f"{' '.join(letters)}: {' '.join(node.text.split())}")


def _is_each(tree: Formula) -> bool:
    """Whether a formula has a value for each output: it reads a letter outside every sum."""
    if isinstance(tree, Call) and tree.function in OVER_OUTPUTS:
        return False
    return (not children(tree) and any(cells(tree))) or any(map(_is_each, children(tree)))


def typed_formula(
    reading: Reading, node: Scalar, names: Collection[str] | None, functions: Collection[str] = TYPED
) -> Formula | None:
    """A formula from the file, or a fault that points at the sign in it that is wrong."""
    try:
        tree = parse_typed(node.text, names, functions)
    except NotArithmetic as error:
        shift = error.column + node.quoted
        node = Scalar(node.line, node.column + min(shift, max(0, node.width - 1)), 1, node.text)
        alone = functions is TYPED and any(repr(name) in str(error) for name in OVER_OUTPUTS)
        way_out = "it runs over all units of a layer, or all outputs; here is one number" if alone else error.way_out
        reading.fault(node, str(error), way_out)
        return None
    if _depth(tree) > DEEPEST:
        reading.fault(node, f"more than {DEEPEST} operations stand inside each other", "write it shorter: z**3, not z*z*z")
        return None
    return tree


def _depth(tree: Formula) -> int:
    """How many operations stand inside each other: z/z/z is (z/z)/z, and z*z*z is (z*z)*z."""
    deepest, pending = 0, [(tree, 0)]
    while pending:
        node, depth = pending.pop()
        deepest = max(deepest, depth)
        more = len(node.factors) - 1 if isinstance(node, Product) else 1
        pending.extend((part, depth + more) for part in children(node))
    return deepest
