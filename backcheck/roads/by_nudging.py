"""The road of nudging: how the result moves when one number is moved a little; it knows no derivative.

A nudge is a tiny imaginary part, which no rounding can swallow: the imaginary part of the result, divided by it, is the
slope to the last digit. Only what lies downstream is worked again, for many nudges at once. A nudge of W[j,k] moves z[n,j]
of every example by x[n,k] times as much, so one nudge of each z[n,j] serves all weights and biases of the unit; that the
weights do enter so is tried by a nudge of all of them in one random direction, through the whole pass.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from backcheck.roads import forward
from backcheck.worksheet import Array, Phase, Row, Worksheet

Claim = tuple[str, str]
NUDGES = (2.0**-100, 3 * 2.0**-102)  # no power of two apart: what they differ by is what rounding does
MOST_NUMBERS = 4_000_000  # complex numbers of one array, over all nudges worked at once
EPS = 2.0**-52


class Nudge(NamedTuple):
    """The slopes of one row, how far they may be off by their own estimate, and where a kink forbids an answer."""

    value: Array
    error: Array
    unclear: Any = None


class Complex:
    """NumPy with complex numbers; at a kink the walk is on one side."""

    exp, log, log1p, sqrt, where = np.exp, np.log, np.log1p, np.sqrt, staticmethod(np.where)
    sin, cos, tan, arctan, sinh, cosh, tanh = np.sin, np.cos, np.tan, np.arctan, np.sinh, np.cosh, np.tanh

    def __init__(self, right: bool = False) -> None:
        self.right, self.at_kink = right, False

    def above(self, u: Any) -> Any:
        real = np.real(u)
        at = abs(real) <= NEAR
        self.at_kink = self.at_kink or bool(at.any())
        return (real > NEAR) | (at & self.right)

    @staticmethod
    def largest(u: Any) -> Any:
        return np.real(u).max(-1, keepdims=True)

    @staticmethod
    def apart(u: Any) -> Any:
        return np.where(np.eye(u.shape[-1], dtype=bool), -np.inf, u[..., None, :])

    @staticmethod
    def unit(z: Any, j: int) -> Any:
        return np.eye(z.shape[-1])[j]

    @staticmethod
    def erf(u: Any) -> Any:
        """∫ from 0, which over the tiny imaginary stretch is its middle value times its length."""
        real = np.asarray(_erf(np.real(u)), float)
        return real + 1j * np.imag(u) * 2 / math.sqrt(math.pi) * np.exp(-(np.real(u) ** 2)) if np.iscomplexobj(u) else real


NEAR = 2.0**-48  # a number as small as that may be 0 but for rounding
_erf = np.frompyfunc(math.erf, 1, 1)


def nudged(sheet: Worksheet, claims: Sequence[Claim]) -> dict[Claim, Nudge]:
    """What nudging says to each claim; where a number lies at a kink, only what both sides agree on."""
    left = _Road(sheet, Complex())
    found = left.answers(claims)
    if not left.m.at_kink:
        return found
    right = _Road(sheet, Complex(right=True)).answers(claims)
    return {claim: _either(found[claim], right[claim]) for claim in claims}


def forward_pass(sheet: Worksheet) -> dict[str, Array]:
    """The values of the forward pass, which this road works out for itself."""
    road = _Road(sheet, Complex())
    return {row.name: np.asarray(road.values[row.name], float) for row in road.rows}


def _either(left: Nudge, right: Nudge) -> Nudge:
    apart = abs(left.value - right.value) > left.error + right.error + EPS * abs(left.value)
    return Nudge(right.value, right.error, apart)


class _Road:
    """The forward pass once, and again from wherever something was nudged."""

    def __init__(self, sheet: Worksheet, m: Complex) -> None:
        self.sheet, self.m, self.table = sheet, m, forward.rules(m)
        self.rows = sheet.in_phase(Phase.FORWARD, Phase.LOSS)
        self.values: dict[str, Any] = dict(sheet.given)
        with np.errstate(all="ignore"):
            for row in self.rows:
                self.values[row.name] = self.worked(row, self.values)
        self.responses: dict[str, tuple[Array, Array]] = {}

    def worked(self, row: Row, values: Mapping[str, Any]) -> Any:
        return forward.worked(self.m, self.table, row, [values[parent] for parent in row.parents])

    def answers(self, claims: Sequence[Claim]) -> dict[Claim, Nudge]:
        with np.errstate(all="ignore"):
            found = {claim: self.answer(*claim) for claim in claims}
            parameters = {by: nudge for (of, by), nudge in found.items() if by in self.sheet.given and self.read_by_affine(by)}
            for by, nudge in parameters.items():
                self.through_the_whole_pass(by, nudge)
            return {claim: self.tied(claim, nudge, parameters) for claim, nudge in found.items()}

    def answer(self, of: str, by: str) -> Nudge:
        if not self.sheet.names.output:
            return self.single(of, by)
        reader = self.read_by_affine(by)
        if reader is None:
            return Nudge(*self.response(by))
        r, error = self.response(reader.name)
        if by == reader.parents[1]:
            x = self.values[reader.parents[0]]
            return Nudge(r.T @ x, error.T @ abs(x) + EPS * len(x) * (abs(r).T @ abs(x)))
        return Nudge(r.sum(0), error.sum(0) + EPS * len(r) * abs(r).sum(0))

    def read_by_affine(self, by: str) -> Row | None:
        """The layer that a weight or a bias belongs to."""
        return next((row for row in self.rows if row.op in ("affine", "linear") and by in row.parents[1:]), None)

    def single(self, of: str, by: str) -> Nudge:
        """A variable of an expression, through everything or through one operation alone."""
        only = None if of == self.sheet.result else of
        moved = [np.imag(self.again(by, 1j * h, only)[of]) / h for h in NUDGES]
        return _estimated(moved)

    def response(self, name: str) -> tuple[Array, Array]:
        """How L moves with every number of a row that has one line for each example."""
        if name not in self.responses:
            width = self.values[name].shape[1]
            parts = [self.responses_of(name, units) for units in self.chunks(width)]
            self.responses[name] = tuple(np.concatenate(side).T for side in zip(*parts, strict=True))  # type: ignore[assignment]
        return self.responses[name]

    def chunks(self, width: int) -> Iterator[range]:
        """So many units at once that the arrays stay small."""
        largest = max(self.values[row.name].size for row in self.rows)
        step = max(1, MOST_NUMBERS // largest)
        return (range(i, min(i + step, width)) for i in range(0, width, step))

    def responses_of(self, name: str, units: range) -> tuple[Array, Array]:
        """[unit, example]: each unit is nudged in all examples at once, for they have nothing to do with each other."""
        nudge = np.eye(self.values[name].shape[1])[units.start : units.stop, None, :]
        count = len(self.values["x"])
        share = count if self.sheet["L"].op == "mean" else 1
        moved = []
        for h in NUDGES:
            values = self.again(name, 1j * h * nudge)
            losses = values["L[n]"] if "L[n]" in values else values["L"][:, None]
            moved.append(np.imag(losses) / h / share)
        found = _estimated(moved)
        return found.value, found.error

    def again(self, name: str, nudge: Any, only: str | None = None) -> dict[str, Any]:
        """The values of all rows downstream of a nudged one; or of one row alone."""
        values: dict[str, Any] = {name: self.values[name] + nudge}
        for row in self.rows:
            if row.name == "L" and "L[n]" in values:
                break
            if row.name != name and any(parent in values for parent in row.parents) and only in (None, row.name):
                row = of_outputs(row) if name == self.sheet.names.output and row.phase is Phase.LOSS else row
                values[row.name] = self.worked(row, {**self.values, **values})
        return {**{row.name: self.values[row.name] for row in self.rows[-1:]}, **values}

    def through_the_whole_pass(self, by: str, nudge: Nudge) -> None:
        """All weights of a row at once, in a random direction, affine maps and all: the slope must be Σ slope·direction."""
        direction = np.random.default_rng(0).uniform(0.5, 1, nudge.value.shape)
        h = NUDGES[0]
        values = dict(self.values) | {by: self.values[by] + 1j * h * direction}
        for row in self.rows:
            values[row.name] = self.worked(row, values)
        expected = float((nudge.value * direction).sum())
        allowed = 1e-6 * float((abs(nudge.value) * direction).sum()) + float(nudge.error.sum()) + NUDGES[1] ** 0.5
        if abs(float(np.imag(values[self.sheet.result]).sum()) / h - expected) > allowed:
            raise RuntimeError(f"nudging {by} through the whole pass does not give what its units give")

    def tied(self, claim: Claim, nudge: Nudge, parameters: Mapping[str, Nudge]) -> Nudge:
        """A parameter in several places is nudged in all of them."""
        groups = self.sheet.given.get(f"places {claim[1]}")
        if groups is None or claim[1] not in parameters:
            return nudge
        value, error = nudge.value.copy(), nudge.error.copy()
        for place in zip(*groups.nonzero(), strict=True):
            parts = [
                (p, self.sheet.given[f"places {by}"] == groups[place])
                for by, p in parameters.items()
                if f"places {by}" in self.sheet
            ]
            value[place] = sum(p.value[at].sum() for p, at in parts)
            error[place] = sum(p.error[at].sum() for p, at in parts)
        return Nudge(value, error)


def of_outputs(row: Row) -> Row:
    """softmax+cross_entropy as the loss of its outputs alone, when these are nudged."""
    if "+" not in row.op or ":" in row.op:
        return row
    return row._replace(op=row.op.removesuffix(" of any targets").partition("+")[2], parents=(row.parents[0], row.parents[2]))


def _estimated(moved: list[Any]) -> Nudge:
    """The answer of one nudge, and what the other one says of its error."""
    value, other = (np.asarray(one, float) for one in moved)
    return Nudge(value, abs(value - other) + EPS * abs(value))


def taylor(sheet: Worksheet, claim: Claim, claimed: Array) -> float | None:
    """How |L(p + h·v) − L(p) − h·g·v| shrinks when h is halved: 2 for a right slope g, 1 for a wrong one, whatever the h.

    None: nothing but rounding is left, because L runs straight in this direction.
    """
    road = _Road(sheet, Complex())
    name, of = claim[1], claim[0]
    direction = np.random.default_rng(1).choice([-1.0, -0.5, 0.5, 1.0], claimed.shape)
    groups = sheet.given.get(f"places {name}")
    if groups is not None:
        direction = np.where(groups > 0, 0, direction)  # tied parameters move elsewhere, too
    slope = float((claimed * direction).sum())
    start = float(road.values[of])

    def remainder(h: float) -> float:
        values = {**road.values, name: sheet.given[name] + h * direction}
        with np.errstate(all="ignore"):
            for row in road.rows:
                values[row.name] = road.worked(row, values)
        return abs(float(values[of]) - start - h * slope)

    floor = 1e3 * EPS * (abs(start) + abs(slope))
    left = [remainder(2.0**-i) for i in range(4, 20)]
    pairs = [math.log2(wide / near) for wide, near in pairwise(left) if near > floor and math.isfinite(wide)]
    return pairs[-1] if pairs else None
