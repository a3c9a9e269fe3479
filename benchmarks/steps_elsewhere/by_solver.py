"""Z3 and cvc5: is there a point at which the sides differ? It knows no computer algebra.

exp and ln are only variables to them: a point that they find counts if it is one when it is worked out.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
from steps_elsewhere import by_numbers
from steps_elsewhere.forms import names
from steps_elsewhere.ratios import Ratio
from steps_elsewhere.told import Told
from steps_elsewhere.written_out import Written

HOLDS = by_numbers.HOLDS


def checker(library: str) -> Callable[[Written], Callable[[], str]]:
    solvers = importlib.import_module(library)

    def prepare(case: Written) -> Callable[[], str]:
        told = Told(Terms(solvers))
        left, right = told.term(case.left).crossed(told.term(case.right))
        facts = [HOLDS[sign](told.term(one), told.term(other)) for sign, one, other in case.given]
        solver = solvers.Solver()
        solver.add(*facts, *told.facts, left != right)
        return lambda: _judged(solver, solvers, told, case)

    return prepare


def _judged(solver: Any, solvers: Any, told: Told, case: Written) -> str:
    found = solver.check()
    if found == solvers.unsat:
        return "proven"
    return "numbers" if found == solvers.sat and _is_one(solver.model(), told, case) else "open"


def _is_one(model: Any, told: Told, case: Written) -> bool:
    """Whether the sides differ at the point, worked out."""
    at = {}
    with mpmath.workdps(40):
        for name in names(case.left, case.right, *(side for _, *sides in case.given for side in sides)):
            if name in told.names:
                at[name] = _number(model.eval(told.names[name].top, model_completion=True))
            elif ("name", name) in told.exponentials:
                at[name] = mpmath.log(_number(model.eval(told.exponentials["name", name].top, model_completion=True)))
            else:
                at[name] = mpmath.mpf(1)
        try:
            given = all(HOLDS[sign](by_numbers.value(a, at), by_numbers.value(b, at)) for sign, a, b in case.given)
            return given and by_numbers.differs(case, at)
        except by_numbers.NoNumber:
            return False


def _number(value: Any) -> Any:
    text = str(value.approx(30) if hasattr(value, "approx") else value).rstrip("?")
    return mpmath.mpf(Fraction(text).numerator) / Fraction(text).denominator


class Term(Ratio):
    """Without a division, which solvers are slow with; that the denominator is not 0 is a fact of its own."""

    def __gt__(self, other: Term | int) -> Any:
        return _against(self, other) > 0

    def __ge__(self, other: Term | int) -> Any:
        return _against(self, other) >= 0

    def __lt__(self, other: Term | int) -> Any:
        return _against(self, other) < 0

    def __le__(self, other: Term | int) -> Any:
        return _against(self, other) <= 0

    def __eq__(self, other: object) -> Any:
        return _against(self, other) == 0

    def __ne__(self, other: object) -> Any:
        return _against(self, other) != 0

    __hash__ = None  # type: ignore[assignment]


def _against(one: Term, other: Any) -> Any:
    """Of the sign of the difference."""
    apart = one - other
    return apart.top * apart.bottom


class Terms:
    """A solver, with fractions for its terms."""

    def __init__(self, solvers: Any) -> None:
        self.solvers, self.one = solvers, solvers.RealVal(1)

    def Real(self, name: str) -> Term:
        return Term(self.solvers.Real(name), self.one)

    def RealVal(self, value: str | int) -> Term:
        return Term(self.solvers.RealVal(value), self.one)

    def RealSort(self) -> Any:
        return self.solvers.RealSort()

    def If(self, which: Any, one: Term, other: Term) -> Term:
        left, right = one.crossed(other)
        return Term(self.solvers.If(which, left, right), one.bottom * other.bottom)

    def Function(self, *of: Any) -> Callable[[Term], Term]:
        called = self.solvers.Function(*of)
        return lambda x: Term(called(x.top / x.bottom), self.one)
