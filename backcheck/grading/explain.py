"""Wrong numbers → the mistakes that give them: every edit of the step, and of steps that are not on the sheet, tried at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from backcheck.errors import Undefined
from backcheck.formula import cells
from backcheck.grading.edits import Candidate
from backcheck.grading.extent import Lines, reaches
from backcheck.grading.marked import OF_THE_NUMBER, Marked
from backcheck.grading.mistakes import Book
from backcheck.grading.span import Span
from backcheck.grading.steps import TooFar
from backcheck.worksheet import Phase

# The mistakes that everybody makes are tried first; the others only where none of these gives the number.
USUAL = frozenset(
    [
        "sign",
        "factor",
        "activation_missing",
        "activation_derivative_missing",
        "activation_for_derivative",
        "wrong_activation_derivative",
        "wrong_loss_gradient",
        "input_missing",
        "z_for_a",
        "bias_missing",
        "transposed_weights",
        "transposed_gradient",
        "path_missing",
        "weight_missing",
        "updated_weight_used",
        "ascent",
        "rate_missing",
        "not_updated",
        "mean_for_sum",
        "sum_for_mean",
        "decimal_point",
        "truncated",
        "swapped_unit",
        "one_example",
        "mean_twice",
        "derivative_at_a",
        "derivative_twice",
        "softmax_elementwise",
        "other_layer",
    ]
)
REMEMBERED = 2000  # cells; strangers may state any selection of them
MOST_READ = 2000  # quantities in all edits of one cell together: where much is not on the sheet, the nearest steps come first
SHIFTS = {
    10.0: "one place too far to the right",
    0.1: "one place too far to the left",
    100.0: "two places too far to the right",
    0.01: "two places too far to the left",
}
MOST_PAIRED, MOST_READ_PAIRED = 60, 1000  # edits of a cell, and quantities in all of them, up to which two are tried at once
# What may have gone wrong beside another mistake, and what undoes it.
TWICE = {("sign", "the sign is the other way round"): -1.0, ("factor", "it is doubled"): 0.5, ("factor", "it is halved"): 2.0}


class Fit(NamedTuple):
    """A mistake that gives the number: in the step itself, or in `of`, a step before it that is not on the sheet."""

    id: str
    says: str
    of: str
    lines: Lines


class Tried(NamedTuple):
    fit: Fit
    meets: Any  # for each of the rows


class Explainer:
    """The mistakes of one problem, held against wrong numbers."""

    def __init__(self, book: Book) -> None:
        self.book, self.steps = book, book.steps
        self._edited: dict[tuple[str, frozenset[str]], list[Fit]] = {}

    def fits(self, marked: Marked, i: int, rows: Any) -> list[list[Fit]]:
        """For each of some submissions every mistake that gives its number in a column."""
        cell = marked.cells[i]
        tried: list[Tried] = [*self._of_the_digits(marked, i, rows)]
        edited = self.edited(cell, marked.stated)
        tried += [Tried(fit, marked.given_by(fit.lines, i, rows, halved=False)) for fit in edited]
        found = [_usual_first([one.fit for one in tried if one.meets[k]]) for k in range(len(rows))]
        none = np.array([k for k, fits in enumerate(found) if not fits], int)
        if len(none):
            for k, fits in zip(none, self._two_at_once(marked, i, rows[none], edited), strict=True):
                found[k] = fits
        return found

    def _of_the_digits(self, marked: Marked, i: int, rows: Any) -> Iterator[Tried]:
        """Cut off instead of rounded; the decimal point in the wrong place."""
        cell = marked.cells[i]
        own = self.steps.lines(cell, marked.stated)
        value, half = marked.value[rows, i], marked.half[rows, i]
        least = np.where(value > 0, value, np.where(value < 0, value - 2 * half, -2 * half))
        most = np.where(value > 0, value + 2 * half, np.where(value < 0, value, 2 * half))
        room = OF_THE_NUMBER * np.abs(value)
        target = Span(least - room, np.nextafter(most - room, -np.inf))
        span, cut = reaches(own, marked.box(own, rows), target)
        yield Tried(Fit("truncated", "the digits are cut off, not rounded", cell, own), cut)
        for shift, where in SHIFTS.items():
            unit = half * max(1.0, 1 / shift)  # it was rounded before the point was moved, or after
            says = f"the decimal point stands {where}"
            meets = (span.lo <= value / shift + unit) & (span.hi >= value / shift - unit) & (value != 0)
            yield Tried(Fit("decimal_point", says, cell, own), meets)

    def _two_at_once(self, marked: Marked, i: int, rows: Any, edited: list[Fit]) -> list[list[Fit]]:
        """A second mistake beside the first, the sign or a factor of two, where one alone does not give the number."""
        found: list[list[Fit]] = [[] for _ in rows]
        few = len(edited) <= MOST_PAIRED and sum(fit.lines.size for fit in edited) <= MOST_READ_PAIRED
        for fit in edited if few else ():
            span = marked.span(fit.lines, rows, halved=False)
            for (second, what), scale in TWICE.items():
                if second != fit.id:
                    both = fit._replace(id=f"{fit.id}+{second}", says=f"{fit.says}, and {what}")
                    for k in np.flatnonzero(marked.meets(span, i, rows, scale)):
                        found[k].append(both)
        return found

    def edited(self, cell: str, stated: frozenset[str]) -> list[Fit]:
        """The step with one thing done wrong, in itself or in a step before it that is not on the sheet."""
        key = cell, stated
        if key not in self._edited:
            if len(self._edited) > REMEMBERED:
                self._edited.clear()
            self._edited[key] = list(self._edit(cell, stated))
        return self._edited[key]

    def _edit(self, cell: str, stated: frozenset[str]) -> Iterator[Fit]:
        usual = self.steps.lines(cell, stated)
        phase = self.steps.row(cell).phase
        forward = usual.reads if phase is Phase.FORWARD else ()
        true = [read for read in forward if read not in stated and not self.steps.given(read)]  # nothing stated goes into these
        before = [*true, *(name for name, _ in usual.steps[:-1])]
        hidden = [name for name in before if self.steps.row(name).phase is phase or phase is Phase.UPDATE]
        read = 0
        for of in (cell, *reversed(hidden)):
            for candidate in self.book.mistakes(of):
                if read > MOST_READ:
                    return
                lines = self._with(cell, stated, of, candidate)
                if lines is not None and lines.steps != usual.steps:
                    read += lines.size
                    yield Fit(candidate.id, candidate.says, of, lines)

    def _with(self, cell: str, stated: frozenset[str], of: str, candidate: Candidate) -> Lines | None:
        """The lines with one formula edited; None where they would come from the number itself."""
        try:
            lines = self.steps.lines_with(cell, stated, {of: candidate.tree})
            if any(cell in cells(tree) for _, tree in lines.steps):
                return None
            for read in lines.reads:
                if read not in stated:
                    self.steps.true(read)
        except (TooFar, Undefined):
            return None
        return lines


def _usual_first(fits: Sequence[Fit]) -> list[Fit]:
    usual = [fit for fit in fits if fit.id in USUAL]
    return usual or list(fits)


def ids(fits: Iterable[Fit]) -> tuple[str, ...]:
    """Each id once, in the order found."""
    return tuple(dict.fromkeys(fit.id for fit in fits))
