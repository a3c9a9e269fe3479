"""egglog: equality saturation with the laws of sums, products, powers of e and logarithms; it is told nothing that is given.

A commutative law without a normal form makes the graph grow with every round: this is how far one gets with the laws alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from egglog import BigRat, EGraph, Expr, String, StringLike, eq, function, rewrite, ruleset, vars_
from steps_elsewhere.forms import Form
from steps_elsewhere.written_out import Written

ROUNDS = 7


class Num(Expr):
    def __init__(self, value: BigRat) -> None: ...

    @classmethod
    def name(cls, text: StringLike) -> Num: ...

    def __add__(self, other: Num) -> Num: ...

    def __mul__(self, other: Num) -> Num: ...


@function
def over_one(x: Num) -> Num: ...


@function
def exp(x: Num) -> Num: ...


@function
def ln(x: Num) -> Num: ...


@function
def open_function(called: StringLike, x: Num) -> Num: ...


a, b, c = vars_("a b c", Num)
p, q = vars_("p q", BigRat)
ZERO, ONE = Num(BigRat(0, 1)), Num(BigRat(1, 1))

laws = ruleset(
    rewrite(a + b).to(b + a),
    rewrite(a + (b + c)).to((a + b) + c),
    rewrite(a * b).to(b * a),
    rewrite(a * (b * c)).to((a * b) * c),
    rewrite(a * (b + c)).to(a * b + a * c),
    rewrite(a * b + a * c).to(a * (b + c)),
    rewrite(a + ZERO).to(a),
    rewrite(a * ONE).to(a),
    rewrite(a * ZERO).to(ZERO),
    rewrite(Num(p) + Num(q)).to(Num(p + q)),
    rewrite(Num(p) * Num(q)).to(Num(p * q)),
    rewrite(a + a).to(Num(BigRat(2, 1)) * a),
    rewrite(a + Num(p) * a).to(Num(p + BigRat(1, 1)) * a),
    rewrite(a * over_one(a)).to(ONE),  # what is divided by is meant not to be 0
    rewrite(over_one(over_one(a))).to(a),
    rewrite(over_one(a * b)).to(over_one(a) * over_one(b)),
    rewrite(over_one(a) * over_one(b)).to(over_one(a * b)),
    rewrite(exp(a + b)).to(exp(a) * exp(b)),
    rewrite(exp(a) * exp(b)).to(exp(a + b)),
    rewrite(over_one(exp(a))).to(exp(Num(BigRat(-1, 1)) * a)),
    rewrite(exp(ZERO)).to(ONE),
    rewrite(exp(ln(a))).to(a),
    rewrite(ln(exp(a))).to(a),
)


def checker() -> Callable[[Written], Callable[[], str]]:
    def prepare(case: Written) -> Callable[[], str]:
        left, right = _term(case.left), _term(case.right)

        def judge() -> str:
            graph = EGraph()
            one, other = graph.let("left", left), graph.let("right", right)
            for _ in range(ROUNDS):
                graph.run(laws)
                if graph.check_bool(eq(one).to(other)):
                    return "proven"
            return "open"

        return judge

    return prepare


def _term(form: Form) -> Any:
    match form:
        case ("number", value):
            return Num(BigRat(value.numerator, value.denominator))
        case ("name", name):
            return Num.name(String(name))
        case ("plus", *terms):
            return _joined(terms, lambda one, other: one + other)
        case ("times", *factors):
            return _joined(factors, lambda one, other: one * other)
        case ("power", base, ("number", value)) if value.denominator == 1 and 0 < abs(value) < 6:
            found = _joined([base] * abs(int(value)), lambda one, other: one * other)
            return found if value > 0 else over_one(found)
        case ("call", "exp" | "ln" as function, argument):
            return (exp if function == "exp" else ln)(_term(argument))
        case ("call", called, argument) if called not in ("tanh", "abs", "sign", "step"):
            return open_function(String(called), _term(argument))
    raise NotImplementedError(form[0])


def _joined(forms: Iterable[Form], how: Callable[[Any, Any], Any]) -> Any:
    first, *rest = map(_term, forms)
    for one in rest:
        first = how(first, one)
    return first
