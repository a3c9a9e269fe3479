"""The pictures of runs: which curves there are, what is left out and says so, and the same bytes every time."""

from __future__ import annotations

import math
from itertools import pairwise
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backcheck import api
from backcheck.training.plan import Plan
from backcheck.training.run import Epoch, Look, Overflow, Run
from backcheck.worksheet import Worksheet
from backcheck.writing.training import chart, curves, svg
from backcheck.writing.training.chart import visible
from backcheck.writing.training.pictures import _picture, pictures

SHEET = api.load("problems/one-step-squared-error.yaml")
XOR = api.load("problems/xor-all-zeros.yaml")
WATCHED = tuple(f"w{i}" for i in range(1, 9))


def run(
    losses: list[float],
    name: str = "",
    held_out: bool = False,
    sheet: Worksheet = SHEET,
    plan: Plan | None = None,
    watched: tuple[str, ...] = WATCHED,
    sizes: float = 0.5,
) -> Run:
    """A run made up from its losses; what else is looked at goes with them."""
    epochs = [
        Epoch(i, loss, 0.3, *((0.5 + 0.5 * i / len(losses), 2 * loss, 0.5) if held_out else ())) for i, loss in enumerate(losses)
    ]
    last = [loss for loss in losses if math.isfinite(loss)]
    looks = [
        Look(i, (sizes, sizes * (1 + i)), (0.5, 0.7), (0.0, loss), tuple(0.1 * j + 0.01 * i * j for j in range(len(watched))))
        for i, loss in enumerate(last)
    ]
    overflow = Overflow(len(losses) - 1, 2, "dL/dw5") if len(last) < len(losses) else None
    values = {row: array for row, array in sheet.given.items() if row[0] in "Wb"}
    stopped = "overflow" if overflow else ""
    best = int(np.nanargmin(losses))
    return Run(name, sheet, plan or Plan(epochs=len(losses) - 1), epochs, looks, watched, values, stopped, overflow, best)


FALLING = [0.6 * 0.9**i for i in range(100)]
BLOWING = [0.6 * 40.0**i for i in range(8)] + [math.inf]
FIVE = [run(FALLING, "rate=0.1"), run(BLOWING, "rate=3"), run([0.6] * 100, "rate=0"), run(FALLING[:50], "rate=0.05")]


def test_one_run_has_its_five_pictures_and_several_have_one_more() -> None:
    one = ["loss.png", "parameters.png", "weights.png", "activations.png", "gradients.png"]
    assert list(pictures([run(FALLING[:20])], "png")) == one
    assert list(pictures(FIVE[:2], "png")) == ["compared.png", *one]


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_pictures_are_the_same_bytes_every_time(kind: str) -> None:
    parts = [curves.of_loss(run(FALLING, held_out=True))]
    one, again = (_picture(parts, kind, "a & b < $c^", False) for _ in range(2))  # type: ignore[arg-type]
    assert one == again
    assert one.startswith(b"\x89PNG" if kind == "png" else b"<?xml")
    if kind == "svg":
        ET.fromstring(one)  # noqa: S314 - it is our own


def test_no_sign_of_a_name_is_a_command() -> None:
    named = [run(FALLING[:5], name) for name in ("_hidden", "$x^", "a\x07\nb", "变" * 60)]
    assert _picture(curves.compared(named), "png", "\x07", True).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("losses", "log"), [([1, 0.02], False), ([1, 0.005], True), ([1, 0.005, -1], False), ([1, 0.005, 0], True)]
)
def test_a_loss_that_spans_more_than_two_decades_is_on_a_logarithmic_scale(losses: list[float], log: bool) -> None:
    drawn = curves.of_loss(run(losses))
    assert drawn.log == log
    assert ("0 has no place" in drawn.note) == (0 in losses)


def test_all_runs_are_in_one_picture_labelled_with_their_ranks() -> None:
    (drawn,) = curves.compared(FIVE)
    assert [curve.label for curve in drawn.curves] == [
        "1. rate=0.1: 1.77e-5",
        "2. rate=0.05: 0.00344",
        "3. rate=0: 0.6",
        "4. rate=3: diverged",
    ]


def test_a_run_that_diverges_does_not_hide_the_others() -> None:
    (drawn,) = curves.compared(FIVE)
    low, high = drawn.limits or (0, 0)
    assert high == pytest.approx(600)
    assert 0 < low < FALLING[-1]


def test_too_many_lines_are_cut_and_say_so() -> None:
    many = [run([1, 1 / (i + 1)], f"run {i}") for i in range(15)]
    (drawn,) = curves.compared(many)
    assert len(drawn.curves) == 10
    assert drawn.note == "the best 10 of 15 runs are shown"
    names = tuple(f"W1[{j},{k}]" for j in range(1, 7) for k in range(1, 9))
    (drawn,) = curves.of_parameters(run(FALLING, watched=names))
    assert drawn.note == "the 10 of 48 numbers that move furthest"
    assert [curve.label for curve in drawn.curves] == list(names[-10:])
    assert len(curves.side_by_side(many, 3)["weights"]) == 3


def test_parameters_stand_by_layer_under_their_own_names() -> None:
    parts = curves.of_parameters(run(FALLING))
    assert [part.title for part in parts] == ["Parameters of layer 1", "Parameters of layer 2"]
    assert [curve.label for curve in parts[0].curves] == ["w1", "w2", "w3", "w4"]
    np.testing.assert_allclose(parts[1].curves[0].y[:2], [0.4, 0.44])


def test_parameters_that_are_many_have_no_picture() -> None:
    assert "parameters" not in curves.charts(run(FALLING[:5], watched=()))


def test_sizes_are_relative_to_the_start_unless_they_begin_with_nothing() -> None:
    first, second = curves.of_sizes(run(FALLING[:4])).curves
    np.testing.assert_allclose([first.y, second.y], [[1, 1, 1, 1], [1, 2, 3, 4]])
    zero = curves.of_sizes(run(FALLING[:4], sizes=0.0)).curves[0]
    assert zero.label == "layer 1: 0 throughout"


def test_a_gradient_that_is_zero_throughout_is_named_where_it_cannot_be_drawn() -> None:
    drawn = curves.of_gradients(run(FALLING))
    assert drawn.log
    assert [curve.label for curve in drawn.curves] == ["layer 1: 0 throughout", "layer 2"]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(allow_nan=False), min_size=1, max_size=40), st.integers(501, 3000))
def test_a_thinned_line_keeps_its_ends_and_its_extremes(some: list[float], count: int) -> None:
    y = (some * count)[:count]
    thin = chart.thinned("", range(len(y)), np.array(y))
    assert len(thin.x) <= chart.MOST_POINTS + 2
    assert (thin.x[0], thin.x[-1]) == (0, len(y) - 1)
    assert (thin.y.max(), thin.y.min()) == (max(y), min(y))
    assert all(a < b for a, b in pairwise(thin.x))


def test_the_picture_of_a_page_has_its_points_where_they_should_be() -> None:
    drawn = curves.of_loss(run([1.0, 0.5, 0.0]))
    root = ET.fromstring(svg.svg(drawn))  # noqa: S314 - it is our own
    path = next(found for found in root if found.get("class") == "line c0").get("d") or ""
    points = [tuple(map(float, point.split())) for point in path[1:].split("L")]
    assert points[0][0] == svg.LEFT
    assert points[2][0] == svg.WIDE - svg.RIGHT
    assert points[1][1] == pytest.approx((points[0][1] + points[2][1]) / 2)
    assert svg.TOP < points[0][1] < points[2][1] < svg.HIGH - svg.BOTTOM


def test_ticks_on_a_logarithmic_scale_are_powers_of_ten() -> None:
    root = ET.fromstring(svg.svg(curves.of_loss(run([1.0, 0.001]))))  # noqa: S314 - it is our own
    ticks = [text.text for text in root if text.tag == "text" and text.get("text-anchor") == "end"][:-1]
    assert ticks == ["0.001", "0.01", "0.1", "1"]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(allow_nan=False), min_size=1, max_size=20))
def test_any_losses_are_drawn_on_a_page(losses: list[float]) -> None:
    drawn = curves.of_loss(run(losses))
    if visible(drawn):
        ET.fromstring(svg.svg(drawn))  # noqa: S314 - it is our own


@pytest.mark.parametrize(
    "losses",
    [
        [1, 1e299],
        [1e-299, 1],
        [1e-300, 1e300],
        [5e-324, 1],
        [5e-324, 4e-322],
        [1e-301, 1e-305],
        [1e290, 1e299],
        [1, 0, 0],
        [0, 0],
        [-1e300, 1e300],
    ],
)
def test_losses_at_the_edge_of_floating_point_are_drawn(losses: list[float]) -> None:
    assert _picture([curves.of_loss(run(losses, held_out=True))], "png", "", False).startswith(b"\x89PNG")
    assert _picture(curves.compared([run(losses, "a"), run([1, 0.5], "b")]), "png", "", True).startswith(b"\x89PNG")


def test_a_run_of_nothing_but_infinity_has_no_picture_of_its_loss() -> None:
    broken = run([math.inf], watched=())
    assert curves.charts(broken) == {}
    assert pictures([broken], "png") == {}
