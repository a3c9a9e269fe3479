"""Simulated students: sheets worked row by row with rounding, honest ones and ones with a single planted mistake.

They work with the NumPy rules of the program and the slips of `backcheck.slips`, which share nothing with the formulas, spans and
edits that mark them. `python tests/students.py [COUNT]` prints the table of how well they are marked.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from backcheck import api
from backcheck.answers.submission import Submission
from backcheck.errors import BackcheckError
from backcheck.grading.marker import Marker
from backcheck.grading.points import default, kind_of
from backcheck.grading.result import FOLLOWS, RIGHT, WRONG, Result
from backcheck.roads.work import WorkedSheet, work
from backcheck.slips.edits import Slip
from backcheck.slips.slips import slips
from backcheck.worksheet import Row, Worksheet

SHAPES = [(2, 2, 2), (2, 3, 2), (3, 2, 1), (2, 2, 3), (2, 2, 2, 1), (3, 3)]
ACTIVATIONS = ["sigmoid", "tanh", "relu", "leaky_relu", "softplus", "elu", "gelu", "silu", "identity"]
LOSSES = [
    "squared_error",
    "half_squared_error",
    "mean_squared_error",
    "binary_cross_entropy",
    "cross_entropy",
    "huber",
    "absolute_error",
]
OUTPUTS = {"binary_cross_entropy": ["sigmoid"], "cross_entropy": ["softmax"]}
CARRIES = ("rounded", "exact", "mixed")
DIGIT_SLIPS = ("decimal_point", "digits_exchanged", "arithmetic", "truncated")


def problem(r: random.Random) -> str:
    """A problem as a teacher sets it: few units, two decimals."""
    shape = r.choice(SHAPES)
    loss = r.choice(LOSSES)
    examples = r.choice((1, 1, 1, 2, 3))

    def number(low: float, high: float) -> str:
        return f"{r.uniform(low, high):.2f}"

    def rows(count: int, width: int, low: float, high: float) -> str:
        return "[" + ", ".join("[" + ", ".join(number(low, high) for _ in range(width)) + "]" for _ in range(count)) + "]"

    lines = [f"inputs: {rows(examples, shape[0], 0, 1)}", f"loss: {loss}", f"learning_rate: {r.choice(('0.1', '0.3', '0.5'))}"]
    lines.append(f"batch: {r.choice(('mean', 'sum'))}")
    if loss == "cross_entropy":
        shape = (*shape[:-1], max(2, shape[-1]))
        lines.append("targets: [" + ", ".join(str(_one_hot(r, shape[-1])) for _ in range(examples)) + "]")
    else:
        lines.append(f"targets: {rows(examples, shape[-1], 0.01, 0.99)}")
    lines.append("layers:")
    for l, (incoming, units) in enumerate(pairwise(shape)):
        last = l == len(shape) - 2
        activation = r.choice(OUTPUTS.get(loss, ACTIVATIONS[:5]) if last else ACTIVATIONS[:8])
        lines.append(f"  - weights: {rows(units, incoming, -0.9, 0.9)}")
        lines.append("    biases: [" + ", ".join(number(-0.6, 0.6) for _ in range(units)) + "]")
        lines.append(f"    activation: {activation}")
    return "\n".join(lines)


def _one_hot(r: random.Random, width: int) -> list[int]:
    at = r.randrange(width)
    return [int(i == at) for i in range(width)]


class Student(WorkedSheet):
    """A sheet worked with so many decimals; the number carried on is the rounded one, the unrounded one, or either."""

    def __init__(
        self, sheet: Worksheet, r: random.Random, decimals: int, carry: str, slip: Slip | None = None, alone: bool = False
    ) -> None:
        super().__init__(sheet)
        self.r, self.decimals, self.carry, self.slip, self.alone = r, decimals, carry, slip, alone
        self.written: dict[str, str] = {}
        self.made: set[str] = set()  # cells where the slip changes what is written

    def worked(self, row: Row, checked_later: bool = False) -> Any:
        right = np.asarray(super().worked(row, checked_later), float)
        value = self._slipped(row, right)
        carried = np.array(value, float)
        for index in np.ndindex(value.shape):
            name = self.sheet.names.cell(row.name, index)
            text = f"{value[index]:.{self.decimals}f}"
            self.written[name] = text
            if float(text) != float(f"{right[index]:.{self.decimals}f}"):
                self.made.add(name)
            if self.carry == "rounded" or (self.carry == "mixed" and self.r.random() < 0.5):
                carried[index] = float(text)
        return carried

    def _slipped(self, row: Row, right: Any) -> Any:
        edit = self.slip.rows.get(row.name) if self.slip else None
        if edit is None:
            return right
        value = np.asarray(edit.work(*[self.array(parent) for parent in edit.parents]), float)
        value = value.sum().reshape(()) if row.name == "L" else np.broadcast_to(value, right.shape) if value.ndim else value
        if not self.alone or not right.shape:
            return np.broadcast_to(value, right.shape)
        index = self.r.choice(list(np.ndindex(right.shape)))
        one = right.copy()
        one[index] = np.broadcast_to(value, right.shape)[index]
        return one


class Sheet(NamedTuple):
    """What a student handed in, and what is wrong with it."""

    answers: dict[str, str]
    made: frozenset[str] = frozenset()
    id: str = ""


def handed_in(student: Student, asked: list[str], r: random.Random, missing: float) -> dict[str, str]:
    for row in student.sheet.rows:
        if row.name not in student.sheet.given:
            student.array(row.name)
    return {name: student.written[name] for name in asked if r.random() >= missing}


def asked_of(sheet: Worksheet, r: random.Random) -> list[str]:
    """What is asked for, in half of the sheets with ∂L/∂a."""
    kinds = {"weighted_sums", "activations", "loss", "deltas", "gradients", "updates"}
    if r.random() < 0.5:
        kinds.add("slopes_of_activations")
    done = work(sheet)
    rows = [row for row in sheet.rows if kind_of(sheet, row) in kinds and row.name not in {i.name for i in _idle(sheet)}]
    return [sheet.names.cell(row.name, index) for row in rows for index in np.ndindex(done.array(row.name).shape)]


def _idle(sheet: Worksheet) -> list[Row]:
    from backcheck.roads.work import idle

    return idle(sheet)


def honest(sheet: Worksheet, asked: list[str], r: random.Random) -> Sheet:
    student = Student(sheet, r, r.choice((3, 4, 5)), r.choice(CARRIES))
    return Sheet(handed_in(student, asked, r, r.choice((0.0, 0.0, 0.2))))


def mistaken(sheet: Worksheet, asked: list[str], r: random.Random) -> Sheet | None:
    """A sheet with one mistake in it that changes what is written; None if this one changed nothing."""
    decimals, carry = r.choice((3, 4, 5)), r.choice(CARRIES)
    if r.random() < 0.1:
        return _digit_slip(sheet, asked, r, decimals, carry)
    slip = r.choice(list(slips(sheet)))
    if len(slip.rows) > 1 and slip.id in ("wrong_loss_gradient", "activation_missing"):
        return None  # two steps at once
    student = Student(sheet, r, decimals, carry, slip, alone=r.random() < 0.5)
    answers = handed_in(student, asked, r, 0.0)
    made = frozenset(student.made & set(answers))
    return Sheet(answers, made, slip.id) if made and made == frozenset(student.made) else None


def _digit_slip(sheet: Worksheet, asked: list[str], r: random.Random, decimals: int, carry: str) -> Sheet | None:
    """One number with its decimal point, two digits or one digit wrong; all later ones follow from it."""
    kind, name = r.choice(DIGIT_SLIPS), r.choice(asked)
    row, index = work(sheet).locate(name)

    def slipped(*_: Any) -> Any:
        value = np.array(WorkedSheet.worked(student, sheet[row]), float)
        value[index] = _wrong_digits(kind, float(value[index]), decimals, r)
        return value

    from backcheck.slips.edits import Edit

    student = Student(sheet, r, decimals, carry, Slip(kind, "", {row: Edit((), slipped)}))
    answers = handed_in(student, asked, r, 0.0)
    made = frozenset(student.made)
    return Sheet(answers, made, kind) if made == {name} else None


def _wrong_digits(kind: str, value: float, decimals: int, r: random.Random) -> float:
    text = f"{value:.{decimals}f}"
    if kind == "decimal_point":
        return float(text) * r.choice((10, 0.1))
    if kind == "truncated":
        unit = 10**decimals
        return float(np.trunc(value * unit) / unit)
    places = [i for i, c in enumerate(text) if c.isdigit()]
    digits = [*text]
    if kind == "digits_exchanged":
        i = r.randrange(len(places) - 1)
        digits[places[i]], digits[places[i + 1]] = digits[places[i + 1]], digits[places[i]]
    else:
        i = r.choice(places)
        digits[i] = r.choice([d for d in "0123456789" if d != digits[i]])
    return float("".join(digits))


def sheets(count: int, seed: int, make: Any) -> Iterator[tuple[Marker, list[Sheet]]]:
    """Problems with ten sheets each, until there are enough."""
    r = random.Random(seed)
    while count > 0:
        try:
            sheet = api.loads(problem(r))
            asked = asked_of(sheet, r)
            found = [one for one in (make(sheet, asked, r) for _ in range(10)) if one and len(one.answers) > 3]
        except (BackcheckError, FloatingPointError):
            continue
        found = [one for one in found if all("n" not in text for text in one.answers.values())][:count]
        count -= len(found)
        if found:
            yield Marker(sheet, default(sheet)), found


def marked(marker: Marker, found: list[Sheet]) -> list[Result]:
    return marker.mark([Submission(f"{i}.yaml", None, sheet.answers) for i, sheet in enumerate(found)])


class Figures(NamedTuple):
    """How a set of sheets with mistakes was marked."""

    count: int
    found: int  # at the cells where they were made, and nothing else blamed
    blamed: int  # something else was called wrong
    among: int  # of those found, with the true mistake among those that fit
    named: int  # … and named alone


def figures(count: int, seed: int, show: int = 0) -> tuple[Figures, Counter[str], Counter[str]]:
    """The figures, and which kinds of mistakes were not found or not named."""
    total = Counter[str]()
    lost, unnamed = Counter[str](), Counter[str]()
    for marker, found in sheets(count, seed, mistaken):
        for sheet, result in zip(found, marked(marker, found), strict=True):
            wrong = {cell.name for cell in result.cells if cell.verdict == WRONG}
            hit = bool(wrong) and wrong <= sheet.made
            total.update(count=1, found=hit, blamed=bool(wrong - sheet.made))
            if not hit:
                lost[sheet.id] += 1
            fits = [cell.mistake for cell in result.cells if cell.mistake and cell.name in sheet.made]
            among = any(sheet.id in mistake.fits for mistake in fits)
            named = any(mistake.id == sheet.id for mistake in fits)
            total.update(among=hit and among, named=hit and named)
            if hit and not named:
                unnamed[f"{sheet.id} -> {sorted({m.id or '/'.join(m.fits) for m in fits})}"] += 1
            if show and (not hit or wrong - sheet.made):
                show -= 1
                print(sheet.id, sorted(sheet.made), "wrong:", sorted(wrong), result.first_wrong)
    return Figures(total["count"], total["found"], total["blamed"], total["among"], total["named"]), lost, unnamed


def false_alarms(count: int, seed: int, show: int = 0) -> Counter[str]:
    """Honest sheets, and how many of them something is held against."""
    total = Counter[str]()
    for marker, found in sheets(count, seed, honest):
        for sheet, result in zip(found, marked(marker, found), strict=True):
            bad = [cell for cell in result.cells if cell.written is not None and cell.verdict not in (RIGHT, FOLLOWS)]
            total.update(sheets=1, numbers=len(sheet.answers), alarms=bool(bad), wrong=len(bad))
            if bad and show:
                show -= 1
                print(
                    "ALARM", [(c.name, c.written, c.verdict, marker.steps.true(c.name), c.rule, c.numbers, c.reason) for c in bad]
                )
    return total


def within_one_percent(text: str, true: float) -> bool:
    return abs(float(text) - true) <= 0.01 * abs(true)


def equal_to_the_decimals(text: str, true: float) -> bool:
    return float(text) == float(f"{true:.{len(text.partition('.')[2])}f}")


USUAL_RULES = {"relative tolerance of 1 %": within_one_percent, "equal to the decimals": equal_to_the_decimals}


def by_usual_rules(count: int, honest_seed: int, mistaken_seed: int) -> dict[str, tuple[float, float, float]]:
    """The same sheets by the rules of other systems: honest ones flagged, mistakes found alone, and something else blamed."""
    total = Counter[tuple[str, str]]()
    for kind, seed, make in (("honest", honest_seed, honest), ("mistaken", mistaken_seed, mistaken)):
        for marker, found in sheets(count, seed, make):
            for sheet in found:
                for name, rule in USUAL_RULES.items():
                    wrong = {cell for cell, text in sheet.answers.items() if not rule(text, marker.steps.true(cell))}
                    alone = bool(wrong) and wrong <= sheet.made
                    total.update(
                        {(name, f"{kind} wrong"): bool(wrong), (name, "alone"): alone, (name, "blamed"): bool(wrong - sheet.made)}
                    )
                    if kind == "honest":
                        total[name, "blamed"] -= bool(wrong)
    return {name: tuple(total[name, what] / count for what in ("honest wrong", "alone", "blamed")) for name in USUAL_RULES}  # type: ignore[misc]


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    alarms = false_alarms(size, 1)
    found, lost, unnamed = figures(size, 2)
    print(f"{size:,} honest sheets ({alarms['numbers']:,} numbers) and {size:,} with one mistake")
    print(f"{'':28}{'false alarms':>14}{'found alone':>14}{'others blamed':>14}{'among fits':>12}{'named':>8}")
    ours = (alarms["alarms"] / size, found.found / size, found.blamed / size, found.among / found.found, found.named / found.found)
    print(f"{'backcheck grade':28}{ours[0]:14.2%}{ours[1]:14.2%}{ours[2]:14.2%}{ours[3]:12.2%}{ours[4]:8.2%}")
    for name, (honest_wrong, alone, blamed) in by_usual_rules(size, 1, 2).items():
        print(f"{name:28}{honest_wrong:14.2%}{alone:14.2%}{blamed:14.2%}")
    if "-v" in sys.argv:
        print("not found:", lost.most_common(12))
        for what, times in unnamed.most_common(30):
            print(f"{times:5d} {what}")


if __name__ == "__main__":
    main()
