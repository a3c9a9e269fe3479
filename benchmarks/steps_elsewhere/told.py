"""A form as terms of those who have variables and fractions, but no exp and no ln: a variable for each; it judges nothing.

exp(a + b) is exp(a) exp(b), and exp(-a) is 1/exp(a), exp(2 a) is exp(a)^2; of whatever else exp(a) > 0.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from steps_elsewhere.forms import Form, number, plus, times


class Told:
    """Forms into terms, and what is true of the variables that were made up on the way."""

    def __init__(self, solvers: Any) -> None:
        self.solvers, self.facts = solvers, list[Any]()
        self.names: dict[str, Any] = {}
        self.exponentials: dict[Form, Any] = {}
        self.others: dict[Form, Any] = {}

    def term(self, form: Form) -> Any:
        z = self.solvers
        match form:
            case ("number", value):
                return z.RealVal(f"{value.numerator}/{value.denominator}")
            case ("name", name):
                return self.named(name)
            case ("plus", first, *terms):
                return sum(map(self.term, terms), self.term(first))
            case ("times", first, *factors):
                found = self.term(first)
                for factor in factors:
                    found = found * self.term(factor)
                return found
            case ("power", base, ("number", value)) if value.denominator == 1 and abs(value) <= 12:
                return self.whole_power(base, int(value))
            case ("power", base, exponent):
                return self.other(form, (self.term(base) >= 0,)) if exponent == number("1/2") else self.other(form, ())
            case ("call", function, *arguments):
                return self.call(form, function, arguments)
        raise NotImplementedError(form[0])

    def named(self, name: str) -> Any:
        if name not in self.names:
            self.names[name] = self.solvers.Real(name)
        return self.names[name]

    def whole_power(self, base: Form, exponent: int) -> Any:
        one = found = self.term(base)
        for _ in range(abs(exponent) - 1):
            found = found * one
        if exponent < 0:
            self.facts.append(one != 0)
        return found if exponent > 0 else 1 / found

    def call(self, form: Form, function: str, arguments: list[Form]) -> Any:
        z, u = self.solvers, arguments[0]
        if function == "exp":
            return self.exp(u)
        if function == "tanh":
            up = self.exp(times(number(2), u))
            return (up - 1) / (up + 1)
        if function == "ln":
            return self.term(u[2]) if u[:2] == ("call", "exp") else self.other(form, (self.term(u) > 0,))
        if function == "xor":
            x, y = map(self.term, arguments)
            return x + y - 2 * x * y
        if function in ("max", "min"):
            x, y = map(self.term, arguments)
            return z.If(x >= y, x, y) if function == "max" else z.If(x <= y, x, y)
        x = self.term(u)
        zero, one = z.RealVal(0), z.RealVal(1)
        known = {"abs": (x, -x), "sign": (one, -one), "step": (one, zero)}
        if function in known:
            self.facts += [] if function == "abs" else [x != 0]
            return z.If(x >= 0, *known[function])
        return z.Function(function, z.RealSort(), z.RealSort())(x)

    def exp(self, u: Form) -> Any:
        u = times(*_sorted(_factors(u))) if u[0] == "times" else u
        match u:
            case ("number", value) if value == 0:
                return self.solvers.RealVal(1)
            case ("plus", first, *terms):
                found = self.exp(first)
                for term in terms:
                    found = found * self.exp(term)
                return found
            case ("times", ("number", value), *rest) if value.denominator == 1 and abs(value) <= 6:
                one = found = self.exp(times(*rest))
                for _ in range(abs(int(value)) - 1):
                    found = found * one
                return found if value > 0 else 1 / found
            case ("times", *factors) if any(factor[0] == "plus" for factor in factors):
                at = next(at for at, factor in enumerate(factors) if factor[0] == "plus")
                rest = factors[:at] + factors[at + 1 :]
                return self.exp(plus(*(times(*rest, term) for term in factors[at][1:])))
            case ("call", "ln", inner):
                return self.term(inner)
        if u not in self.exponentials:
            self.exponentials[u] = self.solvers.Real(f"exp {len(self.exponentials)}")
            self.facts.append(self.exponentials[u] > 0)
        return self.exponentials[u]

    def other(self, form: Form, facts: tuple[Any, ...]) -> Any:
        """A variable for what they have no word for."""
        if form not in self.others:
            found = self.others[form] = self.solvers.Real(f"other {len(self.others)}")
            self.facts += facts
            if form[0] == "power" and form[2] == number("1/2"):
                self.facts += [found >= 0, found * found == self.term(form[1])]
        return self.others[form]


def _factors(form: Form) -> list[Form]:
    return [flat for one in form[1:] for flat in _factors(one)] if form[0] == "times" else [form]


def _sorted(factors: Any) -> list[Form]:
    """One number, then the rest in one order."""
    value, rest = Fraction(1), list[Form]()
    for factor in factors:
        if factor[0] == "number":
            value *= factor[1]
        else:
            rest.append(factor)
    return [number(value), *sorted(rest, key=repr)]
