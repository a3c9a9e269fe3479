"""python-flint alone: both sides as fractions of polynomials with a variable for each e^z and each ln; it knows no signs."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from steps_elsewhere.ratios import Ratio
from steps_elsewhere.told import Told
from steps_elsewhere.written_out import Written

MOST = 48  # variables


class Fraction(Ratio):
    """Of its sign nothing is known."""

    def __rtruediv__(self, one: int) -> Fraction:
        if self.top == 0:
            raise NotImplementedError("division by 0")
        return super().__rtruediv__(one)

    def __gt__(self, _: object) -> bool:
        return True

    __ge__ = __gt__


class Fractions:
    """What a solver is to `Told`: variables, numbers, functions."""

    def __init__(self) -> None:
        flint = importlib.import_module("flint")
        self.context = flint.fmpq_mpoly_ctx.get([f"x{at}" for at in range(MOST)], "lex")
        self.free, self.one = iter(self.context.gens()), self.context.constant(1)
        self.calls: dict[tuple[str, str], Fraction] = {}
        self.rational = flint.fmpq

    def Real(self, _: str) -> Fraction:
        found = next(self.free, None)
        if found is None:
            raise NotImplementedError(f"more than {MOST} variables")
        return Fraction(found, self.one)

    def RealVal(self, text: str | int) -> Fraction:
        top, _, bottom = str(text).partition("/")
        return Fraction(self.context.constant(self.rational(int(top), int(bottom or 1))), self.one)

    def RealSort(self) -> None:
        return None

    def If(self, *_: object) -> Fraction:
        raise NotImplementedError("max, abs, sign")

    def Function(self, name: str, *_: object) -> Callable[[Fraction], Fraction]:
        def call(argument: Fraction) -> Fraction:
            shared = argument.top.gcd(argument.bottom)
            key = name, f"{argument.top / shared}|{argument.bottom / shared}"
            return self.calls.setdefault(key, self.Real(name)) if key not in self.calls else self.calls[key]

        return call


def checker() -> Callable[[Written], Callable[[], str]]:
    def prepare(case: Written) -> Callable[[], str]:
        def judge() -> str:
            told = Told(Fractions())
            left, right = told.term(case.left).crossed(told.term(case.right))
            return "proven" if left == right else "open"

        return judge

    return prepare
