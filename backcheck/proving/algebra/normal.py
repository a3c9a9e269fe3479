"""A tree in entries, without definitions and derivatives → its form in one case; each operation is a line of a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from backcheck.proving.algebra import atoms, exponentials, quotients, totals
from backcheck.proving.algebra.forms import ONE, ZERO, Form, constant, minus, number_of, plus, scaled
from backcheck.proving.algebra.page import Page, TooMuch, Undefined, times
from backcheck.proving.algebra.renaming import power
from backcheck.proving.statements import Misread
from backcheck.proving.tree import Tree

MOST_POWER = 64
Points = Mapping[str, str]  # an index that runs → its point
REMEMBERED = ("total", "largest", "call", "over", "power")


def normal(page: Page, tree: Tree, running: Points | None = None) -> Form:
    """The form of a tree."""
    if tree.op not in REMEMBERED:
        return OPERATIONS[tree.op](page, tree, running or {})
    key = tree, tuple((running or {}).items())
    if key not in page.known:
        page.known[key] = OPERATIONS[tree.op](page, tree, running or {})
    return page.known[key]


def _parts(page: Page, tree: Tree, running: Points) -> list[Form]:
    return [normal(page, part, running) for part in tree.parts]


def point(page: Page, index: Tree, running: Points) -> str:
    """What an index stands for: a running one, or the point of its letter in this case."""
    if index.op == "number":
        return index.text
    return running.get(index.text) or page.points.get(index.text) or index.text


def _name(page: Page, tree: Tree, running: Points) -> Form:
    if tree.text in page.names.sizes and tree.text not in page.names.shapes:
        return atoms.size(page, tree.text)
    return atoms.scalar(page, tree.text)


def _entry(page: Page, tree: Tree, running: Points) -> Form:
    return atoms.entry(page, tree.parts[0].text, tuple(point(page, index, running) for index in tree.parts[1:]))


def _power(page: Page, tree: Tree, running: Points) -> Form:
    base, exponent = _parts(page, tree, running)
    value = number_of(exponent)
    if value is None:  # x^n, for a positive x
        return exponentials.exp(page, times(page, exponent, exponentials.ln(page, base)))
    if not -MOST_POWER <= value <= MOST_POWER:
        raise TooMuch
    return power(page, base, value)


def _running(page: Page, tree: Tree, running: Points) -> tuple[Tree, str, list[str]]:
    """The body of a sum; the size it runs over; the points it leaves out."""
    body, *left_out = tree.parts
    return body, page.names.size(tree.text), [point(page, index, running) for index in left_out]


def _total(page: Page, tree: Tree, running: Points) -> Form:
    body, size, left_out = _running(page, tree, running)
    if size.isdigit():
        values = [str(at) for at in range(1, int(size) + 1) if str(at) not in left_out]
        return plus(*(normal(page, body, {**running, tree.text: value}) for value in values))
    own = page.fresh(size, running.values())
    form = normal(page, body, {**running, tree.text: own})
    return totals.total_without(page, form, own, left_out)


def _largest(page: Page, tree: Tree, running: Points) -> Form:
    body, size, left_out = _running(page, tree, running)
    if size.isdigit():
        values = [str(at) for at in range(1, int(size) + 1) if str(at) not in left_out]
        return _greatest(page, *(normal(page, body, {**running, tree.text: value}) for value in values))
    own = page.fresh(size, running.values())
    return totals.largest(page, normal(page, body, {**running, tree.text: own}), own, left_out)


def _greatest(page: Page, *forms: Form) -> Form:
    if not forms:
        raise Undefined("the greatest of none")
    first, *others = forms
    for other in others:
        first = plus(other, atoms.relu(page, minus(first, other)))
    return first


def _least(page: Page, *forms: Form) -> Form:
    return scaled(_greatest(page, *(scaled(form, -1) for form in forms)), -1)


def _delta(page: Page, tree: Tree, running: Points) -> Form:
    one, other = (point(page, index, running) for index in tree.parts)
    return atoms.delta(page, one, other)


def _sigmoid(page: Page, u: Form) -> Form:
    return quotients.inverse(page, plus(ONE, exponentials.exp(page, scaled(u, -1))))


def _tanh(page: Page, u: Form) -> Form:
    return minus(scaled(_sigmoid(page, scaled(u, 2)), 2), ONE)


def _sign(page: Page, u: Form) -> Form:
    return minus(scaled(atoms.half(page, u), 2), ONE)


def _ln(page: Page, tree: Tree, running: Points) -> Form:
    """ln(u^3) is 3 ln(u), and ln(u^2) is 2 ln|u|, seen before the power is worked out."""
    base, exponent = _whole_power(page, tree.parts[0], running)
    inner = normal(page, base, running)
    if exponent == 1:
        return exponentials.ln(page, inner)
    return scaled(exponentials.ln(page, inner if exponent % 2 else atoms.magnitude(page, inner)), exponent)


def _sqrt(page: Page, tree: Tree, running: Points) -> Form:
    """√(u²) is |u|."""
    base, exponent = _whole_power(page, tree.parts[0], running)
    inner = normal(page, base, running)
    if exponent % 2 == 0 and exponent > 0:
        return power(page, atoms.magnitude(page, inner), exponent // 2)
    return power(page, inner, Fraction(exponent, 2))


def _whole_power(page: Page, tree: Tree, running: Points) -> tuple[Tree, int]:
    """u and n, of u^n with a whole n that is not 0."""
    value = number_of(normal(page, tree.parts[1], running)) if tree.op == "power" else None
    if value is None or value.denominator != 1 or value == 0 or not -MOST_POWER <= value <= MOST_POWER:
        return tree, 1
    return tree.parts[0], int(value)


def _xor(page: Page, one: Form, other: Form) -> Form:
    """On 0 and 1."""
    values = number_of(one), number_of(other)
    if not {*values} <= {0, 1}:
        raise Undefined("xor of what is not 0 or 1")
    return ONE if values[0] != values[1] else ZERO


CALLS: dict[str, Callable[..., Form]] = {
    "exp": exponentials.exp,
    "abs": atoms.magnitude,
    "sign": _sign,
    "relu": atoms.relu,
    "step": atoms.half,
    "max": _greatest,
    "min": _least,
    "sigmoid": _sigmoid,
    "tanh": _tanh,
    "softplus": lambda page, u: exponentials.ln(page, plus(ONE, exponentials.exp(page, u))),
    "xor": _xor,
}


OF_TREES = {"delta": _delta, "ln": _ln, "sqrt": _sqrt}  # functions that look at how their argument is written


def _call(page: Page, tree: Tree, running: Points) -> Form:
    if tree.text in OF_TREES:
        return OF_TREES[tree.text](page, tree, running)
    forms = _parts(page, tree, running)
    rule = CALLS.get(tree.text)
    return rule(page, *forms) if rule else atoms.call(page, tree.text, *forms)


def _not_a_number(page: Page, tree: Tree, running: Points) -> Form:
    raise Misread(tree.column or 1, "this is no number, and cannot be reckoned with", "oo stands in limits only")


OPERATIONS: dict[str, Callable[[Page, Tree, Points], Form]] = {
    "number": lambda page, tree, running: constant(Fraction(tree.text)),
    "name": _name,
    "entry": _entry,
    "plus": lambda page, tree, running: plus(*_parts(page, tree, running)),
    "minus": lambda page, tree, running: scaled(normal(page, tree.parts[0], running), -1),
    "times": lambda page, tree, running: times(page, *_parts(page, tree, running)),
    "over": lambda page, tree, running: _over(page, *_parts(page, tree, running)),
    "power": _power,
    "call": _call,
    "total": _total,
    "largest": _largest,
    "infinity": _not_a_number,
}


def _over(page: Page, one: Form, other: Form) -> Form:
    return times(page, one, quotients.inverse(page, other))
