"""An expression file → a blank worksheet in which every single operation is a row of its own; it derives nothing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

import numpy as np

from backcheck.catalogue import letters
from backcheck.cells import Names, Place
from backcheck.formula import Call, Cell, Formula, Negative, Number, Power, Product, Quotient, Sum, cells
from backcheck.problem.functions import typed_formula
from backcheck.problem.reading import Reading, written
from backcheck.problem.text import Map, Node, Scalar, kind
from backcheck.spelling import PLAIN, spell
from backcheck.worksheet import Phase, Row, Worksheet

KEYS = ("title", "expression", "let", "at", "learning_rate", "marking")
RESULT, MOST_OPERATIONS = "f", 500


def expression(root: Map, reading: Reading) -> Worksheet | None:
    """The blank worksheet of a computation graph, or None if there are faults."""
    reading.keys(root, KEYS, "the problem")
    if (let := root.get("let")) and root.get("expression"):
        reading.fault(let, "expression and let cannot stand together", "name the lines under let, or write one expression")
        return None
    given, texts = _at(reading, root)
    at = root.get("at")
    lines = _lines(reading, root, [key.text for key, _ in at.pairs] if isinstance(at, Map) else None)
    _rate(reading, root.get("learning_rate"), given, texts)
    title = reading.text(root.get("title"), "title")
    rows = [] if reading.faults else _nodes(lines, list(given))
    if len(rows) > MOST_OPERATIONS:
        says = f"{len(rows):,} operations; at most {MOST_OPERATIONS} are worked line by line"
        reading.fault(let or root.get("expression") or root, says)
    if reading.faults or not rows:
        return None
    start = [Row(name, "given", phase=Phase.GIVEN) for name in given]
    return Worksheet((*start, *rows), {name: np.array(value) for name, value in given.items()}, Names(written=texts), title)


def _rate(reading: Reading, node: Node | None, given: dict[str, float], texts: dict[Place, str]) -> None:
    """The learning rate is one more given number."""
    rate = reading.number(node, "learning_rate")
    if node and rate is not None and rate < 0:
        reading.fault(node, "learning_rate should not be below 0", "a step goes down the slope: x' = x - rate*df/dx")
    if rate is not None:
        given["eta"] = rate
        if isinstance(node, Scalar) and (text := written(node.text)):
            texts["eta", ()] = text


def _at(reading: Reading, root: Map) -> tuple[dict[str, float], dict[Place, str]]:
    """The values of the variables."""
    at = root.get("at")
    if at is None:
        reading.fault(root, "at is missing", "say where the expression is worked: at: {x: 1, y: 3}")
    mapping = reading.mapping(at, "at")
    values: dict[str, float] = {}
    texts: dict[Place, str] = {}
    for key, node in mapping.pairs if mapping else ():
        value = reading.number(node, key.text)
        if reading.name(key, reserved=False) and value is not None:
            values[key.text] = value
        if isinstance(node, Scalar) and value is not None and (text := written(node.text)):
            texts[key.text, ()] = text
    return values, texts


def _lines(reading: Reading, root: Map, names: list[str] | None) -> list[tuple[str, Formula]]:
    """Each named line as a formula that reads the variables (None: they are not known) and the lines before it."""
    single = root.get("expression")
    if not single and not root.get("let"):
        reading.fault(root, "expression is missing", "expression: x**2 + y, or let: with one named line for each quantity")
    let = reading.mapping(root.get("let"), "let")
    pairs = [(RESULT, single)] if single else []
    if let and len(let.pairs) > MOST_OPERATIONS:
        reading.fault(let, f"{len(let.pairs):,} lines; at most {MOST_OPERATIONS} are worked line by line")
        return []
    if let and not let.pairs:
        reading.fault(let, "let has no line", "let: {h: x**2, f: h + y}; the last line is the result")
    for key, node in let.pairs if let else ():
        if names and key.text in names:
            reading.fault(key, f"{key.text!r} is a value under at already", "give the line another name")
        elif reading.name(key, reserved=False):
            pairs.append((key.text, node))
    if single and names and RESULT in names:
        reading.fault(
            single,
            "f is the name of the result: no variable can be called f",
            "call the variable something else, or use let",
        )
    lines: list[tuple[str, Formula]] = []
    for name, node in pairs:
        if not isinstance(node, Scalar) or not node.text:
            reading.fault(node or root, f"{name} should be a formula, not {kind(node or root)}")
        elif (tree := typed_formula(reading, node, names)) is not None:
            if not any(cells(tree)):
                reading.fault(node, f"{name} depends on no variable", "put constants straight into the formula that uses them")
            lines.append((name, tree))
        names = None if names is None else [*names, name]
    return lines


def _nodes(lines: list[tuple[str, Formula]], variables: list[str]) -> list[Row]:
    """One row for each operation, h1, h2, … in the order of evaluation; the last of a line has the line's own name."""
    taken = {*variables, *(name for name, _ in lines)}
    fresh = (f"h{i}" for i in range(1, 10**6) if f"h{i}" not in taken)
    rows: list[Row] = []
    for name, tree in lines:
        rows.append(_row(name, _split(tree, rows, fresh)))
    return rows


def _row(name: str, tree: Formula) -> Row:
    text = spell(tree, str, PLAIN)
    parents = dict.fromkeys(cells(tree))
    op = f"{' '.join(parents)}: {text}"
    return Row(name, op, letters(op))


def _split(tree: Formula, rows: list[Row], fresh: Iterator[str]) -> Formula:
    """The tree as one operation on names and numbers; what lies deeper has become rows."""

    def leaf(part: Formula) -> Formula:
        if not any(cells(part)) or isinstance(part, Cell):
            return part
        if isinstance(part, Negative) and isinstance(part.body, Number):
            return part
        node = _split(part, rows, fresh)
        rows.append(_row(next(fresh), node))
        return Cell(rows[-1].name)

    match tree:
        case Sum((first, *rest)) if len(rest) > 1:
            tree = Sum((reduce(lambda left, right: leaf(Sum((left, right))), rest[:-1], first), rest[-1]))
        case Product((first, *rest)) if len(rest) > 1:
            tree = Product((reduce(lambda left, right: leaf(Product((left, right))), rest[:-1], first), rest[-1]))
    match tree:
        case Sum((left, Negative(right))):
            return Sum((leaf(left), Negative(leaf(right))))
        case Sum((left, right)):
            return Sum((leaf(left), leaf(right)))
        case Product((left, right)):
            return Product((leaf(left), leaf(right)))
        case Quotient(top, bottom):
            return Quotient(leaf(top), leaf(bottom))
        case Power(base, exponent):
            return Power(leaf(base), leaf(exponent))
        case Negative(body):
            return Negative(leaf(body))
        case Call(function, arguments):
            return Call(function, tuple(map(leaf, arguments)))
    return tree
