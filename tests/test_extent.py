"""The range of a step over spans: it holds everything the step can give, and nothing more."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from random_problems import tried

from backcheck.arithmetic import parse
from backcheck.formula import Call, Cell, Formula, Negative, Number, Product, Quotient, Sum, cells, evaluate
from backcheck.functions import FLOATS
from backcheck.grading.extent import Lines, extent, wide
from backcheck.grading.span import FURTHER, Span
from backcheck.grading.spans_of import SLOPES, SLOPES_BY_EACH, SPANS

CLOSE = 1e-9  # wider than the true range by no more than this
ROUNDED = 1e-12  # what floats may be off
Box = dict[str, Span]


def lines(text: str | Formula) -> Lines:
    return Lines((("result", parse(text) if isinstance(text, str) else text),))


def ends(span: Span) -> tuple[float, float]:
    return float(span.lo), float(span.hi)


def at(tree: Formula, point: Mapping[str, float]) -> float:
    """The value at a point, by plain floats."""
    return float(evaluate(tree, point.__getitem__, FLOATS))


def size(*values: float) -> float:
    return max(1.0, *(abs(value) for value in values if math.isfinite(value)))


def searched(f: Callable[[float], float], lo: float, hi: float) -> tuple[float, float]:
    """Least and greatest by a dense search, each narrowed down around the best point."""
    found = []
    for sign in (1, -1):
        low, high = lo, hi
        best = math.inf
        for _ in range(5):
            grid = np.linspace(low, high, 101).tolist()
            values = [sign * f(u) for u in grid]
            k = int(np.argmin(values))
            best = min(best, values[k])
            low, high = grid[max(k - 1, 0)], grid[min(k + 1, 100)]
        found.append(sign * best)
    return found[0], found[1]


def is_exact(found: Span, true: tuple[float, float]) -> None:
    """Holds the true range, and no more than that."""
    (lo, hi), scale = ends(found), size(*true)
    assert lo <= true[0] + ROUNDED * scale, f"{lo} … {hi} cuts off {true}"
    assert hi >= true[1] - ROUNDED * scale, f"{lo} … {hi} cuts off {true}"
    assert lo >= true[0] - CLOSE * scale, f"{lo} … {hi} is wider than {true}"
    assert hi <= true[1] + CLOSE * scale, f"{lo} … {hi} is wider than {true}"


halves = st.sampled_from([5e-1, 5e-2, 5e-3, 5e-4, 5e-5, 5e-6])
middles = st.integers(-3000, 3000).map(lambda i: i / 1000)
parts = st.integers(1, 999).map(lambda i: i / 1000)


@st.composite
def spans(draw: st.DrawFn, low: float = -math.inf, high: float = math.inf) -> Span:
    """What written digits mean, within the numbers where a function has a value."""
    middle, half = draw(middles if low < 0 else parts), draw(halves)
    lo, hi = max(middle - half, low), min(middle + half, high)
    return Span(lo, hi) if lo <= hi else Span(low, low + half)


# Every function, read once and beside itself

WITH_PARAMETERS = {
    "leaky_relu": ("0.1",),
    "leaky_relu'": ("0.1",),
    "elu": ("0.7",),
    "elu'": ("0.7",),
    "relu'": ("0",),
    "heaviside": ("0.5",),
    "huber": ("0.6",),
    "huber'": ("0.6",),
}
DOMAINS = {"ln": (1e-3, math.inf), "sqrt": (1e-3, math.inf), "tan": (-1.4, 1.4)}
SEVERAL = {"power", "max", "min", "lse"}
UNARY = sorted(set(SPANS) - SEVERAL)
JUMPS = {"sign", "relu'", "heaviside", "leaky_relu'", "elu'"}
SMOOTH = [name for name in UNARY if name not in JUMPS]


def call(name: str, *of: Formula) -> Formula:
    return Call(name, (*of, *map(Number, WITH_PARAMETERS.get(name, ()))))


U, V = Cell("u"), Cell("v")
TWICE: dict[str, Callable[[Formula], Formula]] = {
    "f(u)·u": lambda f: Product((f, U)),
    "f(u) − u": lambda f: Sum((f, Negative(U))),
    "u·(1 − f(u))": lambda f: Product((U, Sum((Number("1"), Negative(f))))),
    "f(u)/(3 + u²)": lambda f: Quotient(f, parse("3 + u**2")),
    "f(u)²": lambda f: Product((f, f)),
}


def test_every_function_that_formulas_call_has_a_span_and_a_slope() -> None:
    assert set(SPANS) == set(FLOATS)
    assert set(SPANS) - {"power"} == set(SLOPES) | set(SLOPES_BY_EACH)


@pytest.mark.parametrize("name", UNARY)
@tried(30)
@given(data=st.data())
def test_a_function_of_one_number(name: str, data: st.DataObject) -> None:
    span = data.draw(spans(*DOMAINS.get(name, (-math.inf, math.inf))))
    tree = call(name, U)
    found = extent(lines(tree), {"u": span})
    true = searched(lambda u: at(tree, {"u": u}), *ends(span))
    if name in JUMPS:  # the value just beside a jump may be reached nowhere on a grid
        beside = [at(tree, {"u": u}) for u in (math.nextafter(0, -1), math.nextafter(0, 1))] if span.lo < 0 < span.hi else []
        true = min(*true, *beside, *true), max(*true, *beside, *true)
    is_exact(found, true)


@pytest.mark.parametrize("form", TWICE)
@pytest.mark.parametrize("name", SMOOTH)
@tried(12)
@given(data=st.data())
def test_a_quantity_that_is_read_twice(name: str, form: str, data: st.DataObject) -> None:
    span = data.draw(spans(*DOMAINS.get(name, (-math.inf, math.inf))))
    tree = TWICE[form](call(name, U))
    is_exact(extent(lines(tree), {"u": span}), searched(lambda u: at(tree, {"u": u}), *ends(span)))


@pytest.mark.parametrize("name", ["max", "min", "lse"])
@tried(40)
@given(u=spans(), v=spans())
def test_functions_of_several_numbers_rise_with_each(name: str, u: Span, v: Span) -> None:
    f = FLOATS[name]
    is_exact(extent(lines(Call(name, (U, V))), {"u": u, "v": v}), (f(u.lo, v.lo), f(u.hi, v.hi)))


@pytest.mark.parametrize("exponent", ["2", "3", "4", "-1", "-2", "-3", "1/2"])
@tried(30)
@given(data=st.data())
def test_powers(exponent: str, data: st.DataObject) -> None:
    span = data.draw(spans() if exponent in "234" else spans(1e-2))
    tree = parse(f"u**({exponent})")
    is_exact(extent(lines(tree), {"u": span}), searched(lambda u: at(tree, {"u": u}), *ends(span)))


@tried(40)
@given(u=spans(1e-2), v=spans())
def test_powers_with_an_exponent_that_was_rounded(u: Span, v: Span) -> None:
    corners = [a**b for a in ends(u) for b in ends(v)]
    is_exact(extent(lines("u**v"), {"u": u, "v": v}), (min(corners), max(corners)))


# The steps of the backward pass, against what is published


def delta_range(lo: float, hi: float, t: float) -> tuple[float, float]:
    """−2(t − a)·a·(1 − a): the ends, and the critical points a = ((1 + t) ± √((1 + t)² − 3t))/3."""
    root = math.sqrt((1 + t) ** 2 - 3 * t)
    points = [lo, hi, *(a for a in (((1 + t) - root) / 3, ((1 + t) + root) / 3) if lo < a < hi)]
    values = [-2 * (t - a) * a * (1 - a) for a in points]
    return min(values), max(values)


@tried(300)
@given(a=parts, t=st.one_of(st.sampled_from([0.0, 1.0]), parts), half=halves)
def test_the_slope_behind_squared_error_and_sigmoid(a: float, t: float, half: float) -> None:
    found = extent(lines("-2*(t - a)*a*(1 - a)"), {"t": t, "a": Span(a - half, a + half)})
    is_exact(found, delta_range(a - half, a + half, t))


@pytest.mark.parametrize("t", [0.01, 0.3, 0.5, 0.99])
@pytest.mark.parametrize("half", [5e-2, 5e-3, 5e-4, 5e-5, 5e-6])
def test_at_its_turning_points_the_slope_is_exact_too(t: float, half: float) -> None:
    root = math.sqrt((1 + t) ** 2 - 3 * t)
    for a in (((1 + t) - root) / 3, ((1 + t) + root) / 3):
        for middle in (a, a - 0.4 * half, a + 0.9 * half):
            lo, hi = middle - half, middle + half
            is_exact(extent(lines("-2*(t - a)*a*(1 - a)"), {"t": t, "a": Span(lo, hi)}), delta_range(lo, hi, t))


@tried(100)
@given(a=parts, half=halves)
def test_the_slope_of_sigmoid_turns_at_one_half(a: float, half: float) -> None:
    lo, hi = a - half, a + half
    values = [u * (1 - u) for u in (lo, hi)] + ([0.25] if lo < 0.5 < hi else [])
    is_exact(extent(lines("a*(1 - a)"), {"a": Span(lo, hi)}), (min(values), max(values)))
    is_exact(extent(lines("1 - a**2"), {"a": Span(lo, hi)}), (1 - hi**2, 1 - max(lo, 0) ** 2 if lo > 0 else 1.0))


def test_plain_intervals_would_be_twice_as_wide() -> None:
    """Measured: a(1 − a) comes out 2.08 times too wide in the median, whatever the decimals."""
    a = Span(0.7569 - 5e-5, 0.7569 + 5e-5)
    found, plain = extent(lines("a*(1 - a)"), {"a": a}), wide(lines("a*(1 - a)"), {"a": a})
    assert found.hi - found.lo == pytest.approx(1e-4 * (2 * 0.7569 - 1), rel=1e-6)
    assert plain.hi - plain.lo == pytest.approx(1e-4, rel=1e-6)


@tried(60)
@given(t=parts, y=spans(1e-3, 1 - 1e-3))
def test_squared_error_with_the_target_inside_the_span_begins_at_zero(t: float, y: Span) -> None:
    values = [(t - u) ** 2 for u in ends(y)]
    true = (0.0 if y.lo <= t <= y.hi else min(values)), max(values)
    for form in ("(t - y)**2", "(t - y)*(t - y)", "y**2 - 2*t*y + t**2"):
        is_exact(extent(lines(form), {"t": t, "y": y}), true)


@tried(60)
@given(t=parts, y=spans(1e-2, 1 - 1e-2))
def test_binary_cross_entropy_turns_at_the_target(t: float, y: Span) -> None:
    def f(u: float) -> float:
        return -(t * math.log(u) + (1 - t) * math.log(1 - u))

    true = f(min(max(t, y.lo), y.hi)), max(map(f, ends(y)))
    is_exact(extent(lines("-(t*ln(y) + (1 - t)*ln(1 - y))"), {"t": t, "y": y}), true)


def of_hidden_unit(u: Span, v: Span, a: Span, w: tuple[float, float]) -> tuple[Span, tuple[float, float]]:
    """(δ1·w1 + δ2·w2)·a·(1 − a), as found, and by its two factors that share nothing."""
    sums = [u.lo * w[0] + v.lo * w[1], u.hi * w[0] + v.hi * w[1]]
    slopes = [s * (1 - s) for s in ends(a)] + ([0.25] if a.lo < 0.5 < a.hi else [])
    corners = [x * y for x in sums for y in (min(slopes), max(slopes))]
    found = extent(lines("(u*w1 + v*w2)*a*(1 - a)"), {"u": u, "v": v, "a": a, "w1": w[0], "w2": w[1]})
    return found, (min(corners), max(corners))


@tried(60)
@given(u=spans(), v=spans(), a=spans(0, 1), w=st.tuples(parts, parts))
def test_the_slope_of_a_hidden_unit(u: Span, v: Span, a: Span, w: tuple[float, float]) -> None:
    assume(not a.lo < 0.5 < a.hi)
    is_exact(*of_hidden_unit(u, v, a, w))


@pytest.mark.parametrize("u", [Span(-0.5, 0.5), Span(0.0007, 0.5), Span(0.25, 0.35)])
def test_the_slope_of_a_hidden_unit_at_its_turn(u: Span) -> None:
    is_exact(*of_hidden_unit(u, Span(0.0, 0.0), Span(0.35, 0.55), (1.0, 1.0)))


SOFTMAX = "exp(u)/(exp(u) + exp(v) + exp(w))"


@tried(60)
@given(u=spans(), v=spans(), w=spans())
def test_softmax_rises_with_its_own_sum_and_falls_with_the_others(u: Span, v: Span, w: Span) -> None:
    def f(a: float, b: float, c: float) -> float:
        return 1 / (1 + math.exp(b - a) + math.exp(c - a))

    true = f(u.lo, v.hi, w.hi), f(u.hi, v.lo, w.lo)
    box = {"u": u, "v": v, "w": w}
    is_exact(extent(lines(SOFTMAX), box), true)
    is_exact(extent(lines(Call("exp", (Sum((U, Negative(Call("lse", (U, V, Cell("w")))))),))), box), true)
    e = {name: Span(math.exp(span.lo), math.exp(span.hi)) for name, span in box.items()}  # from exponentials that were written
    is_exact(extent(lines("u/(u + v + w)"), e), true)


@tried(60)
@given(u=spans(), v=spans(), w=spans())
def test_cross_entropy_from_the_sums(u: Span, v: Span, w: Span) -> None:
    def f(a: float, b: float, c: float) -> float:
        return math.log(1 + math.exp(b - a) + math.exp(c - a))

    found = extent(lines("ln(exp(u) + exp(v) + exp(w)) - u"), {"u": u, "v": v, "w": w})
    is_exact(found, (f(u.hi, v.lo, w.lo), f(u.lo, v.hi, w.hi)))


@tried(60)
@given(z=spans())
def test_quantities_on_the_way_are_no_quantities_of_their_own(z: Span) -> None:
    """a = σ(z) is not on the sheet: a·(1 − a) is worked from z."""
    hidden = Lines((("a", parse("sigmoid(z)")), ("result", parse("a*(1 - a)"))))
    slopes = [FLOATS["sigmoid"](u) * FLOATS["sigmoid"](-u) for u in ends(z)] + ([0.25] if z.lo < 0 < z.hi else [])
    assert dict(hidden.reads) == {"z": 2}
    is_exact(extent(hidden, {"z": z}), (min(slopes), max(slopes)))


# Any formula

LEAVES = st.one_of(
    st.sampled_from([U, V, Cell("w")]), st.sampled_from(["1", "2", "0.5", "0.3"]).map(Number), st.sampled_from([U, V, Cell("w")])
)
TAME = ["sigmoid", "tanh", "softplus", "relu", "abs", "sin", "cos", "atan", "erf", "Phi", "phi", "elu", "leaky_relu", "huber"]


def _larger(inner: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    return st.one_of(
        st.tuples(inner, inner).map(Sum),
        st.tuples(inner, inner).map(Product),
        inner.map(Negative),
        st.tuples(st.sampled_from(TAME), inner).map(lambda pair: call(*pair)),
        st.tuples(inner, st.sampled_from(["2", "3"])).map(lambda pair: pair[0] ** Number(pair[1])),
        inner.map(lambda tree: Quotient(tree, Sum((Number("3"), Call("abs", (tree,)))))),
    )


formulas = st.recursive(LEAVES, _larger, max_leaves=8)
boxes = st.fixed_dictionaries({name: spans() for name in "uvw"})
shares = st.lists(st.lists(st.floats(0, 1), min_size=3, max_size=3), min_size=30, max_size=30)


@tried(250)
@given(formulas, boxes, shares)
def test_no_value_lies_outside(tree: Formula, box: Box, points: list[list[float]]) -> None:
    of = lines(tree)
    found, loose = extent(of, box), wide(of, box)
    lo, hi = ends(found)
    room = ROUNDED * size(lo, hi)
    corners = [[i & 1, i >> 1 & 1, i >> 2] for i in range(8)]
    for shares in [*points, *corners]:
        point = {name: span.lo + share * (span.hi - span.lo) for (name, span), share in zip(box.items(), shares, strict=True)}
        assert lo - room <= at(tree, point) <= hi + room
    assert loose.lo <= lo + room
    assert loose.hi >= hi - room
    unhalved = extent(of, box, halved=False)
    assert unhalved.lo <= lo + room
    assert unhalved.hi >= hi - room


@tried(120)
@given(st.recursive(LEAVES.map(lambda tree: U if isinstance(tree, Cell) else tree), _larger, max_leaves=6), spans())
def test_formulas_of_one_quantity_are_exact(tree: Formula, span: Span) -> None:
    if not list(cells(tree)):
        return
    is_exact(extent(lines(tree), {"u": span}), searched(lambda u: at(tree, {"u": u}), *ends(span)))


@tried(80)
@given(formulas, st.lists(boxes, min_size=2, max_size=5))
def test_columns_give_what_numbers_give_one_by_one(tree: Formula, rows: list[Box]) -> None:
    of = lines(tree)
    columns = {name: Span(*(np.array([getattr(box[name], end) for box in rows]) for end in ("lo", "hi"))) for name in "uvw"}
    for work in (extent, wide):
        found = work(of, columns)
        los, his = (np.broadcast_to(end, (len(rows),)) for end in (found.lo, found.hi))
        for k, box in enumerate(rows):
            one = work(of, box)
            assert los[k] == pytest.approx(float(one.lo), rel=1e-12, abs=1e-12)
            assert his[k] == pytest.approx(float(one.hi), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("text", ["1/u", "ln(u)", "u/(u - u)", "1/(u*u)", "sqrt(u)/u", "tan(u)"])
def test_where_a_step_has_no_end_its_range_has_none(text: str) -> None:
    found = extent(lines(text), {"u": Span(-2.0, 2.0)})
    assert not math.isfinite(found.lo) or not math.isfinite(found.hi) or found.hi - found.lo > 1e9


@pytest.mark.parametrize("text", ["ln(u)", "1/u - 1/u", "u/u"])
def test_exact_numbers_that_divide_by_zero_raise_nothing(text: str) -> None:
    for box in ({"u": 0.0}, {"u": Span(0.0, 0.0)}, {"u": np.float64(0)}):
        extent(lines(text), box)
        wide(lines(text), box)


def test_an_exact_span_is_a_number() -> None:
    box = {"u": Span(0.3, 0.3), "v": Span(0.7, 0.7), "w": Span(-1.0, -1.0)}
    for text in (SOFTMAX, "u*v*(1 - u)*(1 - v)", "-2*(v - u)*u*(1 - u)"):
        lo, hi = ends(extent(lines(text), box))
        assert lo == pytest.approx(hi, rel=1e-15)
        assert lo == pytest.approx(at(parse(text), {"u": 0.3, "v": 0.7, "w": -1.0}))


def test_further_functions_are_those_of_the_paper() -> None:
    """The functions in columns, that NumPy lacks, are those over plain floats."""
    for name in sorted(set(FURTHER) & set(FLOATS) - {"lse"}):
        exact = [float(text) for text in WITH_PARAMETERS.get(name, ())]
        for u in (-1.7, -0.4, 0.4, 1.7):
            assert float(FURTHER[name](u, *exact)) == pytest.approx(FLOATS[name](u, *exact), rel=1e-14), name
