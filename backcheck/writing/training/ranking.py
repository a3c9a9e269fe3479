"""Runs side by side: which reached the lowest loss, and how soon a level; it runs nothing and writes nothing."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from backcheck.spelling import SCREEN
from backcheck.training.run import Epoch, Run


class Place(NamedTuple):
    """A run among others."""

    rank: int  # from 1; runs with the same loss share a rank
    run: Run
    to_level: int | None  # the first epoch whose loss is at or below the level


def ranking(runs: list[Run]) -> list[Place]:
    """The lowest reached loss first and what diverged last; runs alike stay in the order they came in."""
    keys = {id(run): _key(run) for run in runs}
    ordered = sorted(runs, key=lambda run: keys[id(run)])
    ranks: dict[tuple[bool, float], int] = {}
    for rank, run in enumerate(ordered, 1):
        ranks.setdefault(keys[id(run)], rank)
    reach = level(runs)
    return [Place(ranks[keys[id(run)]], run, to_level(run, reach)) for run in ordered]


def _key(run: Run) -> tuple[bool, float]:
    loss = reached(run).loss
    return (True, math.inf) if run.diverged or not math.isfinite(loss) else (False, loss)


def reached(run: Run) -> Epoch:
    """The epoch whose values were kept: the last, or the best where early stopping keeps that."""
    early = run.plan.early_stopping
    return run.epochs[run.best] if early and early.settings.get("keep_best") else run.epochs[-1]


def level(runs: list[Run]) -> float:
    """The loss that is to be reached: that of the plan, or else half of what the first run begins with."""
    return next((run.plan.level for run in runs if run.plan.level is not None), runs[0].loss[0] / 2)


def to_level(run: Run, level: float) -> int | None:
    return next((epoch.number for epoch in run.epochs if epoch.loss <= level), None)


def level_says(runs: list[Run], figures: Callable[[float], str]) -> str:
    """The level, and where it comes from if no plan has one."""
    says = f"L ≤ {figures(level(runs))}"
    return says if any(run.plan.level is not None for run in runs) else f"{says}, half of what the first run begins with"


def ended(run: Run) -> str:
    """What ended a run before its last epoch, or what became of it; nothing for one that went as planned."""
    if run.overflow:
        epoch, update, quantity = run.overflow
        return f"diverged in epoch {epoch:,}, update {update:,}: {SCREEN.name(quantity)} overflows first"
    if run.diverged:
        return f"diverged: in epoch {run.epochs[-1].number:,} the loss is above a thousand times its start, and still rising"
    last = run.epochs[-1].number
    says = {
        "early": f"stopped early after epoch {last:,}",
        "interrupted": f"interrupted after epoch {last:,} of {run.plan.epochs:,}",
    }
    return says.get(run.stopped, "")
