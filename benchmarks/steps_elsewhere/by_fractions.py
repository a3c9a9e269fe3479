"""python-flint alone: both sides as fractions of polynomials with a variable for each e^z and each ln; it knows no signs."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from steps_elsewhere.by_solver import Told
from steps_elsewhere.written_out import Written

MOST = 48  # variables


class Ratio:
    """Two polynomials; it is reduced when it is compared."""

    def __init__(self, top: Any, bottom: Any) -> None:
        self.top, self.bottom = top, bottom

    def __add__(self, other: Ratio) -> Ratio:
        if self.bottom == other.bottom:
            return Ratio(self.top + other.top, self.bottom)
        return Ratio(self.top * other.bottom + other.top * self.bottom, self.bottom * other.bottom)

    def __mul__(self, other: Ratio | int) -> Ratio:
        if isinstance(other, int):
            return Ratio(self.top * other, self.bottom)
        return Ratio(self.top * other.top, self.bottom * other.bottom)

    __rmul__ = __mul__

    def __sub__(self, other: Ratio | int) -> Ratio:
        return self + (Ratio(self.bottom * -other, self.bottom) if isinstance(other, int) else other * -1)

    def __radd__(self, other: int) -> Ratio:
        return Ratio(self.top + self.bottom * other, self.bottom)

    def __rtruediv__(self, one: int) -> Ratio:
        if self.top == 0:
            raise NotImplementedError("division by 0")
        return Ratio(self.bottom * one, self.top)

    def __truediv__(self, other: Ratio) -> Ratio:
        return self * (1 / other)

    def __neg__(self) -> Ratio:
        return self * -1

    def __gt__(self, _: object) -> bool:
        return True

    __ge__ = __gt__


class Fractions:
    """What a solver is to `Told`: variables, numbers, functions."""

    def __init__(self) -> None:
        flint = importlib.import_module("flint")
        self.context = flint.fmpq_mpoly_ctx.get([f"x{at}" for at in range(MOST)], "lex")
        self.free = iter(self.context.gens())
        self.calls: dict[tuple[str, str], Ratio] = {}
        self.rational = flint.fmpq

    def Real(self, _: str) -> Ratio:
        found = next(self.free, None)
        if found is None:
            raise NotImplementedError(f"more than {MOST} variables")
        return Ratio(found, self.context.constant(1))

    def RealVal(self, text: str | int) -> Ratio:
        top, _, bottom = str(text).partition("/")
        return Ratio(self.context.constant(self.rational(int(top), int(bottom or 1))), self.context.constant(1))

    def RealSort(self) -> None:
        return None

    def If(self, *_: object) -> Ratio:
        raise NotImplementedError("max, abs, sign")

    def Function(self, name: str, *_: object) -> Callable[[Ratio], Ratio]:
        def call(argument: Ratio) -> Ratio:
            shared = argument.top.gcd(argument.bottom)
            key = name, f"{argument.top / shared}|{argument.bottom / shared}"
            return self.calls.setdefault(key, self.Real(name)) if key not in self.calls else self.calls[key]

        return call


def checker() -> Callable[[Written], Callable[[], str]]:
    def prepare(case: Written) -> Callable[[], str]:
        def judge() -> str:
            told = Told(Fractions())
            left, right = told.term(case.left), told.term(case.right)
            return "proven" if (left.top * right.bottom - right.top * left.bottom) == 0 else "open"

        return judge

    return prepare
