"""The problems that come with the program: every cell of each agrees with a second computation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from test_numbers import agree

import backcheck

PROBLEMS = Path(__file__).parent.parent / "problems"
AT_A_KINK = ("kink", "nothing-moves")  # where a slope is a convention
SMALL = sorted(path for path in PROBLEMS.glob("*.yaml") if "784" not in path.name and path.stem not in AT_A_KINK)


@pytest.mark.parametrize("path", SMALL, ids=lambda path: path.stem)
def test_every_cell(path: Path) -> None:
    text = path.read_text().replace("{init: constant, value: 0.5}", "[[0.5, 0.5], [0.5, 0.5]]", 1)
    agree(text.replace("{init: constant, value: 0.5}", "[0.5, 0.5]"))


def test_on_a_kink() -> None:
    done = backcheck.step(backcheck.load(PROBLEMS / "kink.yaml"))
    assert [done["z1[1]"], done["z1[2]"], done["L"]] == pytest.approx([0, 1.5, 0.09], rel=1e-12)
    assert [done["dL/dz1[1]"], done["dL/dz1[2]"]] == pytest.approx([0, -0.24], rel=1e-12)
    assert done.array("dL/dW1").ravel() == pytest.approx([0, 0, -0.24, -0.48], rel=1e-12)
    assert done.array("dL/dW2").ravel() == pytest.approx([0, -0.9], rel=1e-12)


def test_nothing_moves() -> None:
    sheet = backcheck.load(PROBLEMS / "nothing-moves.yaml")
    *_, done = backcheck.steps(sheet, 50)
    assert done["L"] == 1
    assert all((done.array(f"W{layer}'") == sheet.given[f"W{layer}"]).all() for layer in (1, 2, 3))


def test_a_large_network() -> None:
    """784-100-100-10, batch 64, against plain statements in extended precision."""
    sheet = backcheck.load(PROBLEMS / "digits-784-100-100-10.yaml")
    done = backcheck.step(sheet)
    given = {name: sheet.given[name].astype(np.longdouble) for name in ("x", "t", "W1", "b1", "W2", "b2", "W3", "b3", "eta")}
    x, t, W1, b1, W2, b2, W3, b3, eta = given.values()
    a1 = 1 / (1 + np.exp(-(x @ W1.T + b1)))
    a2 = 1 / (1 + np.exp(-(a1 @ W2.T + b2)))
    e = np.exp(a2 @ W3.T + b3)
    y = e / e.sum(1, keepdims=True)
    d3 = (y - t) / 64
    d2 = (d3 @ W3) * a2 * (1 - a2)
    d1 = (d2 @ W2) * a1 * (1 - a1)
    truth = {"a1": a1, "a2": a2, "a3": y, "dL/dz3": d3, "dL/dz2": d2, "dL/dz1": d1, "dL/dx": d1 @ W1}
    for layer, (d, before, W, b) in enumerate(((d1, x, W1, b1), (d2, a1, W2, b2), (d3, a2, W3, b3)), 1):
        truth |= {f"dL/dW{layer}": d.T @ before, f"dL/db{layer}": d.sum(0)}
        truth |= {f"W{layer}'": W - eta * (d.T @ before), f"b{layer}'": b - eta * d.sum(0)}
    assert abs(done["L"] + (t * np.log(y)).sum() / 64) < 1e-14
    for name, array in truth.items():
        assert abs(done.array(name) - array).max() <= 1e-12 * abs(array).max(), name
