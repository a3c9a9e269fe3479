"""Runs → the tables of a report, as rows of text, whatever they are written in."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import product

from backcheck.roads.backprop import parameters
from backcheck.spelling import Figures
from backcheck.training.run import Epoch, Run
from backcheck.writing.training.ranking import Place, ended, level_says, ranking, reached, to_level

MOST_PARAMETERS = 60  # more are not listed one by one
percent = Figures(decimals=2)
Table = list[list[str]]
Written = Callable[[float], str]  # how a number is written
COLUMNS = ("epoch", "L", "accuracy", "held-out L", "held-out accuracy", "rate η")


def said(value: float | None, figures: Written) -> str:
    """
    >>> said(0.25, Figures()), said(math.inf, Figures()), said(math.nan, Figures()), said(None, Figures())
    ('0.25', 'infinite', 'no number', '')
    """
    if value is None:
        return ""
    return "no number" if math.isnan(value) else figures(value) if math.isfinite(value) else "infinite"


def share(value: float | None) -> str:
    """
    >>> share(0.98333), share(None)
    ('98.33 %', '')
    """
    return "" if value is None else f"{percent(100 * value)} %"


def some_epochs(run: Run) -> list[Epoch]:
    """The first and the last, 1, 2, 5, 10, … between, and the best."""
    numbers = [epoch.number for epoch in run.epochs]
    wanted = {0, run.best, *(times * 10**power for power in range(10) for times in (1, 2, 5))}
    places = {bisect_left(numbers, number) for number in wanted} | {len(numbers) - 1}
    return [run.epochs[place] for place in sorted(places) if place < len(numbers)]


def epochs(run: Run, figures: Written) -> tuple[list[str], Table]:
    """A row for some of the epochs; no column for what is not there or never changes."""
    steady = len({epoch.rate for epoch in run.epochs}) == 1
    table = [_epoch(epoch, figures) for epoch in some_epochs(run)]
    used = [i for i, name in enumerate(COLUMNS) if any(row[i] for row in table) and not (steady and name == "rate η")]
    return [COLUMNS[i] for i in used], [[row[i] for i in used] for row in table]


def _epoch(epoch: Epoch, figures: Written) -> list[str]:
    losses = said(epoch.loss, figures), said(epoch.held_out_loss, figures)
    accuracies = share(epoch.accuracy), share(epoch.held_out_accuracy)
    return [f"{epoch.number:,}", losses[0], accuracies[0], losses[1], accuracies[1], said(epoch.rate, figures)]


def outcome(run: Run, figures: Written) -> Iterator[str]:
    """What has become of a run, in sentences."""
    first, last = run.epochs[0], reached(run)
    now = f"{said(last.loss, figures)} after epoch {last.number:,}"
    yield f"L was {said(first.loss, figures)} before the first update and is {now}."
    if says := ended(run):
        yield f"The run {says}."
    if run.epochs[-1].held_out_loss is not None:
        best = run.epochs[run.best]
        yield f"The held-out loss is least in epoch {best.number:,}: {said(best.held_out_loss, figures)}."
    if run.plan.level is not None:
        epoch = to_level(run, run.plan.level)
        yield f"L ≤ {figures(run.plan.level)} is {'never reached' if epoch is None else f'first reached in epoch {epoch:,}'}."


def ranked(runs: list[Run], figures: Written) -> tuple[str, list[str], Table]:
    """A title, a header and a row for each run, the one with the lowest loss first."""
    header = ["run", "L", "accuracy", "held-out L", "held-out accuracy", "epochs to level"]
    rows = [_row(place, figures) for place in ranking(runs)]
    used = [i for i in range(len(header)) if any(row[i] for row in rows)]
    title = f"Ranked by the loss that was reached; the level is {level_says(runs, figures)}"
    return title, [header[i] for i in used], [[row[i] for i in used] for row in rows]


def _row(place: Place, figures: Written) -> list[str]:
    end, run = reached(place.run), place.run
    losses = ["diverged" if run.diverged else said(end.loss, figures), said(end.held_out_loss, figures)]
    soon = "never" if place.to_level is None else f"{place.to_level:,}"
    return [f"{place.rank}. {run.name}", losses[0], share(end.accuracy), losses[1], share(end.held_out_accuracy), soon]


def remarks(runs: list[Run]) -> list[str]:
    """What ended some of the runs before their time, the best ones first."""
    return [f"{place.run.name}: {says}." for place in ranking(runs) if (says := ended(place.run))]


def values(run: Run) -> dict[str, float]:
    """Every parameter at the end by its name, one that is tied once."""
    names = run.sheet.names
    found: dict[str, float] = {}
    for row in parameters(run.sheet):
        array = run.values[row] if row in run.values else run.sheet.given[row]
        places = product(*map(range, array.shape))
        found.update(zip((names.cell(row, place) for place in places), map(float, array.ravel().tolist()), strict=True))
    return found


def listed(run: Run, figures: Written) -> Table:
    """A row for each array with all its numbers, if they are few."""
    rows: dict[str, list[str]] = {}
    now = values(run)
    if len(now) > MOST_PARAMETERS:
        return []
    for name, value in now.items():
        place = run.sheet.names.find(name)
        rows.setdefault(place[0] if place else "", []).append(f"{name} = {said(value, figures)}")
    return [[row, *parts] for row, parts in rows.items()]


def layers(run: Run, figures: Written) -> tuple[list[str], Table]:
    """What the first look and the last saw of each layer."""
    header = ["layer", "mean |w|", "mean |a|", "mean |∂L/∂W|"]
    if not run.looks:
        return header, []
    first, last = run.looks[0], run.looks[-1]
    pairs = [zip(getattr(first, of), getattr(last, of), strict=True) for of in ("sizes", "activations", "gradients")]
    arrows = [[f"{said(a, figures)} → {said(b, figures)}" for a, b in pair] for pair in pairs]
    return header, [[str(i), *row] for i, row in enumerate(zip(*arrows, strict=True), 1)]
