"""What the updates of a plan do to a parameter whose slope of the loss is 0; it knows no network."""

from __future__ import annotations

from typing import NamedTuple

from backcheck.catalogue import OPTIMISERS
from backcheck.training.plan import Plan


class Rules(NamedTuple):
    """Penalties pull numbers towards 0 that nothing else moves; 0 itself they leave alone."""

    pulls_weights: bool
    pulls_biases: bool
    evenly: bool  # all by one common factor between 1 and 0 in each update
    divides_by_zero: bool  # ε = 0: a slope that was always 0 gives 0/0


def rules(plan: Plan, eta: float | None) -> Rules:
    """
    >>> from backcheck.training.plan import Penalty
    >>> rules(Plan(l2=Penalty(0.01)), 0.5)
    Rules(pulls_weights=True, pulls_biases=False, evenly=True, divides_by_zero=False)
    """
    penalties = [penalty for penalty in (plan.l1, plan.l2) if penalty and penalty.strength]
    settings = {**{name: float(value) for name, value in OPTIMISERS[plan.optimiser.name].items()}, **plan.optimiser.settings}
    decay = settings.get("decay", 0.0)
    biases = bool(decay) or any(penalty.biases for penalty in penalties)
    evenly = eta is not None and _never_above(plan, eta) and _even(plan, eta, decay)
    return Rules(bool(penalties or decay), biases, evenly, settings.get("epsilon") == 0)


def _even(plan: Plan, eta: float, decay: float) -> bool:
    """Whether the pull alone is w·(1 − η·something), with a factor between 0 and 1: no momentum, no steps of Adam's own size."""
    if plan.l1 and plan.l1.strength:
        return False
    if plan.l2 and plan.l2.strength:
        pull = plan.l2.strength * (1 if plan.l2.half else 2)
        return plan.optimiser.name == "sgd" and plan.clip is None and 0 <= eta * pull <= 1
    return 0 <= eta * decay <= 1


def _never_above(plan: Plan, eta: float) -> bool:
    """Whether the schedule keeps the rate between 0 and where it begins."""
    settings = plan.schedule.settings
    return 0 <= settings.get("factor", 0) <= 1 and 0 <= settings.get("to", 0) <= eta
