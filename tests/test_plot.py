"""Plots: where the dots and ticks stand, what is not joined, and pictures that come out the same every time."""

from __future__ import annotations

import math
from itertools import pairwise
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backcheck.writing.curves import NothingToPlot
from backcheck.writing.plot import Curve, picture, terminal
from backcheck.writing.plot_text import ticks_of

Z = np.linspace(-6, 6, 241)
SIGMOID = Curve("σ(z)", Z, 1 / (1 + np.exp(-Z)))
JUMP = Curve("step", np.array([-1.0, 0, 0, 0, 0, 0, 1]), np.array([0.0, 0, np.nan, 0.5, np.nan, 1, 1]))


def test_a_straight_line_in_ascii_is_where_it_should_be() -> None:
    line = Curve("y = x", np.array([0.0, 4.0]), np.array([0.0, 4.0]))
    assert terminal([line], 24, 9, ascii=True).splitlines() == [
        "  ****  y = x",
        "4 +                   **",
        "  |              *****",
        "2 +           ***",
        "  |      *****",
        "  |   ***",
        "0 +***",
        "  ++---------+---------+",
        "   0         2         4",
    ]


@pytest.mark.parametrize("ascii", [False, True])
def test_a_plot_has_the_size_that_was_asked_for(ascii: bool) -> None:
    lines = terminal([SIGMOID, JUMP], 72, 20, ascii).splitlines()
    assert len(lines) == 20
    assert max(map(len, lines)) <= 72
    assert not ascii or "σ" in lines[0]
    assert all(line.isascii() for line in lines[2:]) == ascii


def test_a_jump_is_not_joined_and_a_point_alone_is_a_dot() -> None:
    lines = terminal([JUMP], 43, 20, ascii=True).splitlines()
    signs = [sign for line in lines[1:-2] for sign in line[line.index("|" if "|" in line else "+") + 1 :]]
    rows = [line for line in lines[1:-2] if "*" in line]
    assert len(rows) == 3
    assert rows[1].count("*") == 1
    assert signs.count("*") == sum(row.count("*") for row in rows)
    joined = Curve("step", np.array([-1.0, 0, 0, 1]), np.array([0.0, 0, 1, 1]))
    assert sum("*" in line for line in terminal([joined], 43, 20, ascii=True).splitlines()[1:-2]) == 17


def test_two_curves_differ_by_their_dashes() -> None:
    one, other = terminal([SIGMOID, SIGMOID._replace(label="again")], 60, 20).splitlines()[:2]
    assert one.split()[0] != other.split()[0]
    solid = sum(bin(ord(sign) - 0x2800).count("1") for sign in terminal([SIGMOID], 60, 20) if 0x2800 <= ord(sign) < 0x2900)
    dashed = [JUMP._replace(label="", y=np.full(7, np.nan)), SIGMOID]
    dotted = sum(bin(ord(sign) - 0x2800).count("1") for sign in terminal(dashed, 60, 21) if 0x2800 <= ord(sign) < 0x2900)
    assert dotted < solid / 2


@settings(max_examples=200, deadline=None)
@given(st.floats(-1e12, 1e12), st.floats(1e-9, 1e12), st.integers(2, 12))
def test_ticks_are_few_round_and_within_the_range(low: float, size: float, wanted: int) -> None:
    high = low + size
    if high - low < 1e-6 * max(abs(low), abs(high)):
        return
    ticks = ticks_of(low, high, wanted)
    step = (ticks[-1] - ticks[0]) / (len(ticks) - 1)
    assert low - 1e-6 * step <= ticks[0]
    assert ticks[-1] <= high + 1e-6 * step
    assert 2 <= len(ticks) <= wanted + 3
    assert all(math.isclose(b - a, step, rel_tol=1e-3) for a, b in pairwise(ticks))
    assert float(f"{step:.2g}") == pytest.approx(step, rel=1e-3)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(), st.floats()), min_size=1, max_size=12), st.integers(0, 90), st.integers(0, 40))
def test_any_points_are_drawn_or_refused(points: list[tuple[float, float]], width: int, height: int) -> None:
    x, y = np.array(points).T
    if not ((abs(x) <= 1e300) & (abs(y) <= 1e300)).any():
        with pytest.raises(NothingToPlot):
            terminal([Curve("", x, y)], width, height)
    else:
        assert max(map(len, terminal([Curve("", x, y)], width, height).splitlines())) <= max(width, 40)


@pytest.mark.parametrize("extent", [(-1.7e308, 1.7e308), (0, 5e-324), (1, 1 + 2e-16), (1e300, 1e300 * (1 + 1e-15)), (0, 1e-300)])
def test_ranges_at_the_edge_of_floating_point_are_drawn_or_refused(extent: tuple[float, float]) -> None:
    one = np.array([0.0, 1.0])
    for x, y in ((np.array(extent), one), (one, np.array(extent))):
        try:
            assert len(terminal([Curve("", x, y)], 40, 10).splitlines()) == 10
            assert picture([Curve("", x, y)], "png")
        except NothingToPlot:
            assert max(extent) > 1e300


def test_a_range_without_extent_is_widened() -> None:
    assert "*" in terminal([Curve("one", np.array([2.0]), np.array([7.0]))], 40, 12, ascii=True).splitlines()[5]


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_pictures_are_the_same_bytes_every_time_and_carry_no_date(kind: str) -> None:
    first, second = (picture([SIGMOID, JUMP], kind, "Sigmoid") for _ in range(2))  # type: ignore[arg-type]
    assert first == second
    assert b"Date" not in first
    assert b"date" not in first
    assert b"Matplotlib" not in first.replace(b"Created with matplotlib", b"")


def test_no_sign_of_a_title_or_label_is_a_command() -> None:
    assert picture([Curve("_hidden $x^", Z, Z)], "png", "100 % of $\\frac{ \x07 变").startswith(b"\x89PNG")


def test_the_svg_is_well_formed() -> None:
    ET.fromstring(picture([SIGMOID], "svg", "a & b < c"))  # noqa: S314 - it is our own


def test_the_settings_of_the_user_do_not_reach_the_picture() -> None:
    import matplotlib as mpl

    plain = picture([SIGMOID], "svg", "t")
    with mpl.rc_context({"lines.linewidth": 9, "svg.hashsalt": "other", "axes.grid": True}):
        assert picture([SIGMOID], "svg", "t") == plain
        assert mpl.rcParams["lines.linewidth"] == 9
