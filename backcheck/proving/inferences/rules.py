"""The rules of inference, as data that code, tests and `backcheck prove --rules` read alike; it judges nothing.

f, A, B, m and v are expressions, x is a name or an entry in f, and c the place where x is looked at. What is said without a
place is meant for all x: on one interval on which f is smooth.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from backcheck.proving.statements import Property, Relation
from backcheck.proving.tree import Tree


class Rule(NamedTuple):
    """A conclusion, the reasons that are needed for it, and why they are enough."""

    id: str
    concludes: str
    needs: tuple[str, ...]
    says: str

    @property
    def line(self) -> str:
        """As it stands in a derivation."""
        return f"therefore {self.concludes} because {' and '.join(self.needs)}"


RULES = (
    Rule("convex", "convex(f, x)", ("d2(f, x) >= 0",), "its slope never falls"),
    Rule("strictly_convex", "strictly_convex(f, x)", ("d2(f, x) > 0",), "its slope rises everywhere"),
    Rule("concave", "concave(f, x)", ("d2(f, x) <= 0",), "its slope never rises"),
    Rule("strictly_concave", "strictly_concave(f, x)", ("d2(f, x) < 0",), "its slope falls everywhere"),
    Rule("stationary", "stationary(f, x, c)", ("d(f, x) = 0 at x = c",), "its slope is 0 there"),
    Rule(
        "local_minimum",
        "local_minimum(f, x, c)",
        ("stationary(f, x, c)", "d2(f, x) > 0 at x = c"),
        "its slope is 0 there and rises",
    ),
    Rule(
        "local_maximum",
        "local_maximum(f, x, c)",
        ("stationary(f, x, c)", "d2(f, x) < 0 at x = c"),
        "its slope is 0 there and falls",
    ),
    Rule("minimum", "minimum(f, x, c)", ("convex(f, x)", "stationary(f, x, c)"), "no convex function is below its tangents"),
    Rule("maximum", "maximum(f, x, c)", ("concave(f, x)", "stationary(f, x, c)"), "no concave function is above its tangents"),
    Rule(
        "unique_minimum", "unique_minimum(f, x, c)", ("strictly_convex(f, x)", "stationary(f, x, c)"), "it meets that tangent once"
    ),
    Rule(
        "unique_maximum", "unique_maximum(f, x, c)", ("strictly_concave(f, x)", "stationary(f, x, c)"), "it meets that tangent once"
    ),
    Rule("least_value", "f >= v", ("minimum(f, x, c)", "f = v at x = c"), "no value is below the least one"),
    Rule("greatest_value", "f <= v", ("maximum(f, x, c)", "f = v at x = c"), "no value is above the greatest one"),
    Rule("increasing", "increasing(f, x)", ("d(f, x) > 0",), "its slope is positive everywhere"),
    Rule("decreasing", "decreasing(f, x)", ("d(f, x) < 0",), "its slope is negative everywhere"),
    Rule("nondecreasing", "nondecreasing(f, x)", ("d(f, x) >= 0",), "its slope is nowhere negative"),
    Rule("nonincreasing", "nonincreasing(f, x)", ("d(f, x) <= 0",), "its slope is nowhere positive"),
    Rule("constant", "constant(f, x)", ("d(f, x) = 0",), "its slope is 0 everywhere"),
    Rule(
        "stays",
        "stays(f, x, c)",
        ("d(f, x) = 0 at x = c",),
        "gradient descent on f never moves from there; all that the place names has to have a slope of 0",
    ),
    Rule("invariant", "invariant(f, x, c)", ("f(x + c) = f(x)",), "adding c to x, or to each entry of x, changes nothing"),
    Rule("even", "even(f, x)", ("f(-x) = f(x)",), "the sign of x does not matter"),
    Rule("odd", "odd(f, x)", ("f(-x) = -f(x)",), "it changes its sign with x"),
    Rule("positive", "positive(f)", ("f > 0",), "it is above 0 everywhere"),
    Rule("nonnegative", "nonnegative(f)", ("f >= 0",), "it is nowhere below 0"),
    Rule("bounded_below", "bounded_below(f, m)", ("f >= m",), "it is nowhere below a number m"),
    Rule("bounded_above", "bounded_above(f, m)", ("f <= m",), "it is nowhere above a number m"),
    Rule("probability", "probability(f)", ("f >= 0", "sum(k, f) = 1"), "no share is negative, and together they are 1"),
)
ADDED = Rule(
    "added", "A + B >= 0", ("A >= 0", "B >= 0"), "reasons may be added up, each times what is positive; A = C and C = B give A = B"
)


class Slip(NamedTuple):
    """A reason that is too weak: the id of the slip, what is said of it, and where it is true but the conclusion is not."""

    id: str
    says: str
    example: str = ""


ONE_POINT = "one_point_for_all"
SLIPS = {
    "convex": Slip("one_point_is_not_convexity", "one point is not convexity", "x^3 at x = 1"),
    "strictly_convex": Slip("one_point_is_not_convexity", "one point is not convexity", "x^3 at x = 1"),
    "concave": Slip("one_point_is_not_convexity", "one point is not concavity", "x^3 at x = -1"),
    "strictly_concave": Slip("one_point_is_not_convexity", "one point is not concavity", "x^3 at x = -1"),
    "local_minimum": Slip("stationary_is_not_minimal", "where the slope is 0 there need be no minimum", "x^3 at x = 0"),
    "local_maximum": Slip("stationary_is_not_minimal", "where the slope is 0 there need be no maximum", "x^3 at x = 0"),
    "minimum": Slip("local_is_not_global", "the least value near by need not be the least of all", "x^3 - 3 x at x = 1"),
    "maximum": Slip("local_is_not_global", "the greatest value near by need not be the greatest of all", "3 x - x^3 at x = 1"),
    "unique_minimum": Slip("local_is_not_global", "there may be other minima elsewhere", "(x^2 - 1)^2 at x = 1"),
    "unique_maximum": Slip("local_is_not_global", "there may be other maxima elsewhere", "-(x^2 - 1)^2 at x = 1"),
    "increasing": Slip(ONE_POINT, "the slope at one point says nothing about the others", "x^2 at x = 1"),
    "decreasing": Slip(ONE_POINT, "the slope at one point says nothing about the others", "x^2 at x = -1"),
    "nondecreasing": Slip(ONE_POINT, "the slope at one point says nothing about the others", "x^2 at x = 1"),
    "nonincreasing": Slip(ONE_POINT, "the slope at one point says nothing about the others", "x^2 at x = -1"),
    "constant": Slip(ONE_POINT, "a slope of 0 at one point makes no constant", "x^2 at x = 0"),
    "positive": Slip(ONE_POINT, "one point is not everywhere", "x at x = 1"),
    "nonnegative": Slip(ONE_POINT, "one point is not everywhere", "x at x = 1"),
    "bounded_below": Slip(ONE_POINT, "one point is no bound"),
    "bounded_above": Slip(ONE_POINT, "one point is no bound"),
    "probability": Slip("half_a_probability", "both are needed: no share below 0, and a sum of 1"),
}

# what has to be true wherever the conclusion is: if it is false, so is the conclusion
ONLY_IF = {
    "convex": "d2(f, x) >= 0",
    "strictly_convex": "d2(f, x) >= 0",
    "concave": "d2(f, x) <= 0",
    "strictly_concave": "d2(f, x) <= 0",
    "stationary": "d(f, x) = 0 at x = c",
    "local_minimum": "d(f, x) = 0 at x = c",
    "local_maximum": "d(f, x) = 0 at x = c",
    "minimum": "d(f, x) = 0 at x = c",
    "maximum": "d(f, x) = 0 at x = c",
    "unique_minimum": "d(f, x) = 0 at x = c",
    "unique_maximum": "d(f, x) = 0 at x = c",
    "increasing": "d(f, x) >= 0",
    "decreasing": "d(f, x) <= 0",
    "nondecreasing": "d(f, x) >= 0",
    "nonincreasing": "d(f, x) <= 0",
    "constant": "d(f, x) = 0",
    "stays": "d(f, x) = 0 at x = c",
    "invariant": "f(x + c) = f(x)",
    "even": "f(-x) = f(x)",
    "odd": "f(-x) = -f(x)",
    "positive": "f > 0",
    "nonnegative": "f >= 0",
    "bounded_below": "f >= m",
    "bounded_above": "f <= m",
}


# what stands in the table, read


class Reason(NamedTuple):
    """A relation or a property, with where it is meant: x = c, or everywhere."""

    says: Relation | Property
    at: tuple[tuple[Tree, Tree], ...] = ()


@lru_cache
def reason(text: str) -> Reason:
    """A reason or conclusion of the table.

    >>> reason("d(f, x) = 0 at x = c").at[0][1].text, reason("convex(f, x)").says.word
    ('c', 'convex')
    """
    from backcheck.proving.reading.grammar import expression

    said, _, at = text.partition(" at ")
    functions = ("f",) if "f(" in said else ()
    sides = re.split(r"\s(>=|<=|>|<|=)\s", said)
    if len(sides) == 3:
        left, right = (expression(side, functions) for side in (sides[0], sides[2]))
        found: Relation | Property = Relation(sides[1], left, right)
    else:
        word, _, of = said.partition("(")
        found = Property(word, tuple(expression(part) for part in of.rstrip(")").split(",")))
    place = tuple(expression(side) for side in at.split("=")) if at else ()
    return Reason(found, ((place[0], place[1]),) if place else ())


def words() -> list[str]:
    """What may be concluded of something, by its word."""
    return list(dict.fromkeys(rule.concludes.partition("(")[0] for rule in RULES if "(" in rule.concludes))


def concluding(word: str) -> list[Rule]:
    """The rules with this conclusion; a relation has the sign of it in the place of a word."""
    return [rule for rule in RULES if rule.concludes.startswith(f"{word}(") or f" {word} " in rule.concludes]
