"""Runs → the JSON of `backcheck train`: every number with every digit, null for what is none."""

from __future__ import annotations

import json
import math
from typing import Any

from backcheck.training.plan import HeldOut, Plan
from backcheck.training.run import Look, Overflow, Run
from backcheck.writing.training.facts import in_common
from backcheck.writing.training.ranking import level, ranking, to_level
from backcheck.writing.training.results import values


def as_json(runs: list[Run]) -> str:
    """The document: of one run its record, of several a list of records and the names in their ranking."""
    first = runs[0]
    document: dict[str, Any] = {"format": "backcheck.train", "version": 1, "title": first.sheet.title}
    document["conventions"] = in_common(runs)
    return json.dumps(document | (record(first) if len(runs) == 1 else side_by_side(runs)), indent=1, allow_nan=False)


def side_by_side(runs: list[Run]) -> dict[str, Any]:
    """Several runs in the order they came in, and their ranks."""
    places = ranking(runs)
    return {
        "runs": [record(run) | {"to_level": to_level(run, level(runs))} for run in runs],
        "level": finite(level(runs)),
        "ranking": [{"rank": place.rank, "name": place.run.name} for place in places],
    }


def record(run: Run) -> dict[str, Any]:
    """Everything that is known of a run."""
    epochs = run.epochs
    held_out = {
        "loss": [finite(epoch.held_out_loss) for epoch in epochs],
        "accuracy": _known([epoch.held_out_accuracy for epoch in epochs]),
    }
    return {
        "name": run.name,
        "loss": [finite(epoch.loss) for epoch in epochs],
        "accuracy": _known([epoch.accuracy for epoch in epochs]),
        "held_out": held_out if any(epoch.held_out_loss is not None for epoch in epochs) else None,
        "rate": [finite(epoch.rate) for epoch in epochs],
        "values": {name: finite(value) for name, value in values(run).items()},
        "diverged": bool(run.diverged),
        "stopped": run.stopped or None,
        "overflow": Overflow._asdict(run.overflow) if run.overflow else None,
        "best": run.best,
        "plan": of_plan(run.plan),
        "looks": [_look(look, run.watched) for look in run.looks],
    }


def _known(numbers: list[float | None]) -> list[float | None] | None:
    """One number for each epoch, or null where there is none at all."""
    return None if all(number is None for number in numbers) else [finite(number) for number in numbers]


def _look(look: Look, watched: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {"epoch": look.epoch}
    found |= {name: [finite(n) for n in getattr(look, name)] for name in ("sizes", "activations", "gradients")}
    return found | {"parameters": dict(zip(watched, map(finite, look.parameters), strict=False))}


def of_plan(plan: Plan) -> dict[str, Any]:
    """A plan as data; of arrays only their names, or how many examples they hold."""
    found: dict[str, Any] = {}
    for name, value in plan._asdict().items():
        if name == "start":
            found[name] = list(value)
        elif isinstance(value, HeldOut):
            found[name] = {"examples": len(value.inputs)}
        else:
            found[name] = value._asdict() if hasattr(value, "_asdict") else value
    return found


def finite(value: float | None) -> float | None:
    """
    >>> finite(0.5), finite(math.inf), finite(None)
    (0.5, None, None)
    """
    return float(value) if value is not None and math.isfinite(value) else None
