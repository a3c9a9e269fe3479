"""Wrong numbers → the mistakes that give them: every edit of the step, and of steps that are not on the sheet, tried at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from backcheck.errors import Undefined
from backcheck.formula import cells
from backcheck.grading.edits import Candidate
from backcheck.grading.extent import Lines
from backcheck.grading.marked import OF_THE_NUMBER, Marked
from backcheck.grading.mistakes import Book
from backcheck.grading.span import Span
from backcheck.grading.steps import TooFar

# The mistakes that everybody makes are tried first; the others only where none of these gives the number.
USUAL = frozenset(
    "sign factor activation_missing activation_derivative_missing activation_for_derivative wrong_activation_derivative "
    "wrong_loss_gradient input_missing z_for_a bias_missing transposed_weights transposed_gradient path_missing weight_missing "
    "updated_weight_used ascent rate_missing not_updated mean_for_sum sum_for_mean decimal_point truncated swapped_unit "
    "one_example mean_twice derivative_at_a derivative_twice softmax_elementwise other_layer".split()
)
REMEMBERED = 2000  # cells; strangers may state any selection of them
MOST_TRIED = 400  # edits of steps that are not on the sheet
TWICE = {"sign": -1.0, "factor": 0.5, "factor ": 2.0}  # what may have gone wrong beside another mistake


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
        spans: list[tuple[Fit, Span]] = []
        for fit in self.edited(cell, marked.stated):
            span = marked.span(fit.lines, rows, halved=False)
            spans.append((fit, span))
            tried.append(Tried(fit, marked.meets(span, i, rows)))
        found = [_usual_first([one.fit for one in tried if one.meets[k]]) for k in range(len(rows))]
        if not all(found):
            self._two_at_once(marked, i, rows, spans, found)
        return found

    def _of_the_digits(self, marked: Marked, i: int, rows: Any) -> Iterator[Tried]:
        """Cut off instead of rounded; the decimal point in the wrong place."""
        cell = marked.cells[i]
        own = self.steps.lines(cell, marked.stated)
        span = marked.span(own, rows)
        value, half = marked.value[rows, i], marked.half[rows, i]
        least = np.where(value > 0, value, np.where(value < 0, value - 2 * half, -2 * half))
        most = np.where(value > 0, value + 2 * half, np.where(value < 0, value, 2 * half))
        room = OF_THE_NUMBER * np.abs(value)
        cut = (span.lo < most - room) & (span.hi >= least - room)
        yield Tried(Fit("truncated", "the digits are cut off, not rounded", cell, own), cut)
        for shift in (10.0, 0.1, 100.0, 0.01):
            moved = Span(np.minimum(span.lo * shift, span.hi * shift), np.maximum(span.lo * shift, span.hi * shift))
            says = f"the decimal point stands {'one place' if shift in (10.0, 0.1) else 'two places'} too far to the {'right' if shift > 1 else 'left'}"
            yield Tried(Fit("decimal_point", says, cell, own), marked.meets(moved, i, rows) & (value != 0))

    def _two_at_once(self, marked: Marked, i: int, rows: Any, spans: list[tuple[Fit, Span]], found: list[list[Fit]]) -> None:
        """A second mistake beside the first, the sign or a factor of two, where one alone does not give the number."""
        for fit, span in spans:
            for second, scale in TWICE.items():
                name = second.strip()
                if name == fit.id:
                    continue
                meets = marked.meets(span, i, rows, scale)
                for k in np.flatnonzero(meets):
                    if not found[k] or "+" in found[k][0].id:
                        what = {-1.0: "the sign is the other way round", 0.5: "it is doubled", 2.0: "it is halved"}[scale]
                        found[k].append(fit._replace(id=f"{fit.id}+{name}", says=f"{fit.says}, and {what}"))

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
        hidden = [name for name, _ in usual.steps[:-1]]
        count = 0
        for of in (cell, *reversed(hidden)):
            for candidate in self.book.mistakes(of):
                count += 1
                if of != cell and count > MOST_TRIED:
                    return
                lines = self._with(cell, stated, of, candidate)
                if lines is not None and lines.steps != usual.steps:
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
