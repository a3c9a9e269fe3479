"""Runs that are made only to compare with: whether one can be made, and how far its loss came; it knows no causes."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from backcheck.errors import BackcheckError
from backcheck.reasons.measured.changes import Change
from backcheck.roads.backprop import parameters
from backcheck.training.plan import Plan
from backcheck.training.run import Run
from backcheck.training.train import train
from backcheck.worksheet import Worksheet

MOST_WORK = 3e9  # numbers multiplied in one run that is made only to compare: some seconds


def shown(loss: float) -> str:
    return f"{loss:.3g}" if math.isfinite(loss) else "it grows beyond all numbers"


def reached(run: Run) -> float:
    """The loss at the end; infinite after an overflow, and of a run whose loss still swings the middle of its last tenth."""
    if run.overflow or run.diverged:
        return math.inf
    if run.plan.early_stopping and run.plan.early_stopping.settings.get("keep_best"):
        return run.epochs[run.best].loss
    tail = run.loss[-max(1, len(run.loss) // 10) :]
    swings = any(later > sooner for sooner, later in pairwise(tail))
    return max(tail[-1], float(np.median(tail))) if swings else tail[-1]


def last(run: Run) -> float:
    """The loss that the run ends with, as every table shows it; infinite if it diverged."""
    if math.isinf(reached(run)):
        return math.inf
    stops = run.plan.early_stopping
    return run.epochs[run.best].loss if stops and stops.settings.get("keep_best") else run.loss[-1]


def is_large(sheet: Worksheet, plan: Plan) -> bool:
    """Whether a run takes too long to be made only to compare."""
    size = sum(sheet.given[p].size for p in parameters(sheet))
    return 6.0 * size * len(sheet.given["x"]) * plan.epochs > MOST_WORK  # forward, two products back, each with a sum


def tried(sheet: Worksheet, plan: Plan, change: Change) -> Run | None:
    """The run of a network in which one thing is changed, if it can be made."""
    if is_large(sheet, plan):
        return None
    try:
        return train(*change.of(sheet, plan), change.says)
    except BackcheckError:
        return None
