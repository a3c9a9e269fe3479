"""Submissions that state the same cells, and what their marks have in common; it knows no single one of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

import numpy as np

from backcheck.formula import cells as cells_in
from backcheck.grading.explained import Explained
from backcheck.grading.handed import Names
from backcheck.grading.marked import FOLLOWS, WRONG, Marked
from backcheck.grading.result import RIGHT, CellMark
from backcheck.grading.scores import Scores
from backcheck.spelling import SCREEN, spell

MOST_MISSING = 5000  # numbers that are named one by one


class Settings(NamedTuple):
    """What is shown of a mark."""

    key: bool = False  # true values
    hints: int = 2  # 0: where; 1: which rule; 2: the formula with numbers


class Tally:
    """What is asked of many results at once, before anybody looks at their marks."""

    def __init__(self, marked: Marked) -> None:
        wrong = marked.verdict == WRONG
        self.wrong: list[int] = wrong.sum(1).tolist()
        self.first: list[int] = np.where(wrong.any(1), wrong.argmax(1) if wrong.shape[1] else 0, -1).tolist()
        self.good: list[bool] = (marked.verdict <= FOLLOWS).any(axis=1).tolist()  # type: ignore[assignment]


class Group:
    """Submissions that state the same cells, judged together."""

    def __init__(self, explained: Explained, scores: Scores, names: Names, settings: Settings) -> None:
        self.explained, self.scores, self.names, self.settings = explained, scores, names, settings
        self.marked, self.steps = explained.marked, explained.steps
        self.tally = Tally(self.marked)
        self._rules: dict[str, str] = {}
        self._hidden: dict[str, list[str]] = {}
        self._reads: dict[str, list[str]] = {}
        self._patterns: dict[tuple[str, tuple[bool, ...]], str] = {}

    @cached_property
    def missing(self) -> list[str]:
        """What is asked for and not stated."""
        return [name for name in self.scores.asked if name not in self.marked.column]

    @cached_property
    def order(self) -> list[str]:
        """All that is stated or missing, in the order of the worksheet."""
        return self.steps.judged([*self.marked.cells, *self.missing[:MOST_MISSING]])

    @cached_property
    def right(self) -> list[CellMark]:
        """The mark of each number that is right, where there is nothing more to say."""
        return [
            CellMark(name, self.steps.place(name)[0], RIGHT, points=weight, of=weight)
            for name, weight in zip(self.marked.cells, self.scores.weights, strict=True)
        ]

    def rule(self, name: str) -> str:
        """The formula of a step."""
        if name not in self._rules:
            self._rules[name] = spell(self.steps.tree(name), SCREEN.name)
        return self._rules[name]

    def with_numbers(self, name: str, text: Callable[[str], str]) -> str:
        """The same with a text for each cell. Signs alone decide on parentheses, so that few patterns serve a whole class."""
        if name not in self._reads:
            self._reads[name] = list(dict.fromkeys(cells_in(self.steps.tree(name))))
        reads = self._reads[name]
        texts = [text(cell) for cell in reads]
        if any("/" in text for text in texts):  # a fraction that was given has parentheses of its own
            return spell(self.steps.tree(name), text)
        signs = tuple(text.startswith(SCREEN.minus) for text in texts)
        if (name, signs) not in self._patterns:
            blanks = {cell: f"{SCREEN.minus * signs[i]}{{{i}}}" for i, cell in enumerate(reads)}
            self._patterns[name, signs] = spell(self.steps.tree(name), blanks.__getitem__)
        return self._patterns[name, signs].format(*(text.removeprefix(SCREEN.minus) for text in texts))

    def hidden(self, name: str) -> list[str]:
        """What a step reads that is not stated, so that it is judged from the numbers before."""
        if name not in self._hidden:
            hidden = {step for step, _ in self.steps.lines(name, self.marked.stated).steps[:-1]}
            self._hidden[name] = [read for read in dict.fromkeys(cells_in(self.steps.tree(name))) if read in hidden]
        return self._hidden[name]
