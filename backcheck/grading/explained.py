"""Why wrong numbers are wrong: one mistake, several that fit, or none; it writes no marks."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import numpy as np

from backcheck.grading.explain import Explainer, Fit, ids
from backcheck.grading.marked import RIGHT, WRONG, Marked
from backcheck.grading.span import Span
from backcheck.grading.steps import Steps

DIGIT = re.compile(r"\d")
DESCENT = "descent_direction"


class Explained:
    """The mistakes behind the wrong numbers of one group of submissions, looked for when they are first asked for."""

    def __init__(self, marked: Marked, explainer: Explainer) -> None:
        self.marked, self.explainer = marked, explainer
        self._fits: dict[int, dict[int, list[Fit]]] = {}  # by cell, then by submission
        self.kinds = [_kind(marked.steps, cell) for cell in marked.cells]

    @property
    def steps(self) -> Steps:
        return self.marked.steps

    def fits(self, r: int, i: int) -> list[Fit]:
        """Every mistake that gives the wrong number of a submission in a cell."""
        if i not in self._fits:
            rows = np.flatnonzero(self.marked.verdict[:, i] == WRONG)
            found = self.explainer.fits(self.marked, i, rows) if len(rows) and not self.steps.given(self.marked.cells[i]) else []
            self._fits[i] = dict(zip(rows.tolist(), found, strict=False))
        return self._fits[i].get(r, [])

    def wrong(self, r: int) -> list[int]:
        """The wrong cells of a submission."""
        return [int(i) for i in np.flatnonzero(self.marked.verdict[r] == WRONG)]

    def named(self, r: int, i: int) -> tuple[str | None, list[Fit]]:
        """The one mistake that explains a number, if there is one, and all that fit."""
        fits = self.fits(r, i)
        if self.descends(r) and _is_gradient(self.kinds[i]):
            return DESCENT, [fit._replace(id=DESCENT) for fit in fits if fit.id == "sign"][:1]
        every = ids(fits)
        if len(every) < 2:
            return (every[0] if every else None), fits
        return self._seen_elsewhere(r, i, every), fits

    def _seen_elsewhere(self, r: int, i: int, every: tuple[str, ...]) -> str | None:
        """The same mistake at another unit is stronger evidence than one coincidence."""
        beside = [j for j in self.wrong(r) if j != i and self.kinds[j] == self.kinds[i]]
        seen = Counter(id for j in beside for id in ids(self.fits(r, j)) if id in every)
        (best, count), *rest = [*seen.most_common(2), (None, 0)]
        return best if count and (not rest or rest[0][1] < count) else None

    def descends(self, r: int) -> bool:
        """Whether every slope of a parameter was handed in with the opposite sign, as the direction of descent."""
        marked = self.marked
        slopes = [i for i, kind in enumerate(self.kinds) if _is_gradient(kind) and marked.value[r, i]]
        wrong = [i for i in slopes if marked.verdict[r, i] == WRONG]
        signs = [i for i in wrong if "sign" in ids(self.fits(r, i))]
        return len(signs) > 1 and signs == slopes

    def exchanged(self, r: int, i: int, text: str) -> bool:
        """Whether two digits that stand beside each other are exchanged in the number."""
        own, half = self.own(r, i), float(self.marked.half[r, i])
        digits = [m.start() for m in DIGIT.finditer(text.lower().partition("e")[0])]
        for one, two in pairwise(digits if own else ()):
            swapped = [*text]
            swapped[one], swapped[two] = swapped[two], swapped[one]
            value = float("".join(swapped))
            if own and text[one] != text[two] and own.lo <= value + half and own.hi >= value - half:
                return True
        return False

    def own(self, r: int, i: int) -> Span | None:
        """What the step gives from the student's own numbers, where it was worked again."""
        own = self.marked.own.get(self.marked.cells[i])
        if own is None:
            return None
        rows = np.flatnonzero(self.marked.verdict[:, i] != RIGHT)
        at = int(np.searchsorted(rows, r))
        return Span(*(float(np.broadcast_to(end, rows.shape)[at]) for end in (own.lo, own.hi)))


def _kind(steps: Steps, cell: str) -> str:
    """z, a, dL/dz, dL/dW, W′: what rows of all layers have in common."""
    return re.sub(r"\d", "", steps.place(cell)[0])


def _is_gradient(kind: str) -> bool:
    return kind in ("dL/dW", "dL/db")
