"""A learning rate too low for the planned epochs, or too high for the steps to lead downhill; it knows no data."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from backcheck.reasons.finding import Finding
from backcheck.reasons.measured import changes
from backcheck.reasons.measured.curvature import Curvature, Point, curvature, times
from backcheck.reasons.measured.observed import USEFUL, Observed
from backcheck.reasons.measured.trials import shown
from backcheck.training.optimisers import ADAPTIVE

COVERED = 1.0  # N·rate·λmax: below it even the steepest direction covers less than 1 − 1/e = 63 % of its way
RISES = 0.3  # of the epochs
SOURCE_LOW = "gradient descent on a quadratic: after N steps (1 − rate·λ)^N ≥ 1 − N·rate·λ of the way along a direction is left"
SOURCE_STEP = "Kingma and Ba 2015, section 2.1: a step of Adam is at most about the rate in every parameter"
SOURCE_HIGH = "LeCun, Bottou, Orr and Müller 1998, section 5: above 2/λmax a step leads uphill; held against smaller rates"
USUAL = (0.001, 0.01, 0.1)  # rates for steps of a fixed size: 0.001 is Kingma and Ba's
LOWER, HIGHER = (0.1, 0.01, 0.001, 0.0001), (10.0, 30.0, 100.0, 300.0, 1000.0, 1e4, 1e5)


def too_low(seen: Observed) -> Finding | None:
    """N·rate·λmax below 1, or for steps of a fixed size a way that they cannot cover."""
    if seen.learnt or seen.updates == 0:
        return None
    bend, by_size = curvature(seen.looked_at), seen.plan.optimiser.name in ADAPTIVE
    if bend is None or not seen.sheet.given["eta"] > 0 or (bend.largest <= 0 and not by_size):
        return None
    covered = _by_size(seen, bend) if by_size else _by_slope(seen, bend)
    if not covered < COVERED:
        return _out_of_reach(seen, bend) if by_size else None
    if (helps := seen.first_cure(*_higher(seen, bend))) is None:
        return None
    number = _of_steps(seen, covered) if by_size else _of_slopes(seen, covered)
    because = (bend.says(), f"the loss went from {seen.first:.4g} to {shown(seen.last)}", *([helps] if helps else []))
    source = SOURCE_STEP if by_size else SOURCE_LOW
    return Finding("rate_too_low", "measured", ("eta",), f"the learning rate is too low: {number}", because, (), source)


def _higher(seen: Observed, bend: Curvature) -> list[changes.Change]:
    """Higher rates to try, up to those that are usual where the file's is smaller than all of these."""
    rate = float(seen.sheet.given["eta"])
    usual = USUAL if seen.plan.optimiser.name in ADAPTIVE else (0.1 / bend.largest, 1 / bend.largest)
    return [*map(changes.rate, HIGHER), *(changes.rate(other / rate) for other in usual if other > HIGHER[-1] * rate)]


def _out_of_reach(seen: Observed, bend: Curvature) -> Finding | None:
    """Steps of a fixed size that together are shorter than the way that a run goes which learns, where nothing was learnt."""
    if seen.last < USEFUL * seen.idle:
        return None
    cure = None if seen.is_large else seen.cured_by(*_higher(seen, bend))
    run = seen.trial(cure[0]) if cure else None
    if cure is None or run is None:
        return None
    way = max(float(abs(run.values[name] - seen.sheet.given[name]).max()) for name in run.values)
    reach = _rates(seen)
    if way <= reach:
        return None
    rate = float(seen.sheet.given["eta"])
    says = (
        f"the learning rate is too low: {seen.updates} steps of at most about {rate:.3g} move no parameter by "
        f"more than {reach:.3g} (limit {way:.3g}, as far as a parameter went with {cure[0].says})"
    )
    because = (f"with {cure[0].says} the loss reaches {cure[1]:.3g} in as many epochs, without {shown(seen.last)}", bend.says())
    return Finding("rate_too_low", "measured", ("eta",), says, because, (), SOURCE_STEP)


def _of_steps(seen: Observed, covered: float) -> str:
    rate = float(seen.sheet.given["eta"])
    part = f"{covered * (1 - 1 / math.e):.2g} of the way to the lowest point along the slope (limit 0.63)"
    return f"{seen.updates} steps of at most {rate:.3g} in each parameter cover {part}"


def _of_slopes(seen: Observed, covered: float) -> str:
    way = "so even the steepest direction covers less than 63% of its way"
    return f"N·rate·λmax = {covered:.2g} in N = {seen.updates} updates (limit 1), {way}"


def _by_slope(seen: Observed, bend: Curvature) -> float:
    """Σ rate · λmax over all updates."""
    return _rates(seen) * _summed(seen) * _whole(seen, bend.largest)


def _summed(seen: Observed) -> float:
    """How many times a slope counts in the end: momentum sums it up to 1/(1 − β) times."""
    optimiser = seen.plan.optimiser
    return 1 / (1 - optimiser.settings.get("beta", 0.9)) if optimiser.name in ("momentum", "nesterov") else 1.0


def _by_size(seen: Observed, bend: Curvature) -> float:
    """The part of the way along the slope that steps of the size of the rate can cover, in units in which 0.63 is 1."""
    point = Point(seen.looked_at)
    slope = point.slope(point.w)
    length = float(np.linalg.norm(slope))
    if length == 0:  # no step leads anywhere
        return math.inf
    bent = float(slope @ times(point, slope / length)) / length
    way = length * min(bend.best_rate, 1 / bent if bent > 0 else math.inf)  # the nearer of the line search and a step of Newton
    return _rates(seen) * float(abs(slope).sum()) / length / way / (1 - 1 / math.e) if way > 0 else math.inf


def _rates(seen: Observed) -> float:
    return seen.per_epoch * math.fsum(epoch.rate for epoch in seen.run.epochs[:-1])


def _whole(seen: Observed, largest: float) -> float:
    """λmax of a mini-batch, where the losses of the examples are summed: of so many examples as one update takes."""
    if seen.sheet["L"].op != "total":
        return largest
    count = len(seen.examples)
    return largest * min(seen.plan.batch_size or count, count) / len(seen.looked_at.given["x"])


def too_high(seen: Observed) -> Finding | None:
    """A run that overflows, rises or swings, where a smaller rate comes down."""
    if seen.learnt:
        return None
    bend = curvature(seen.looked_at)
    how = _fault(seen) or _long_steps(seen, bend)
    if not how:
        return None
    helps = seen.first_cure(*map(changes.rate, LOWER)) or _calmed(seen)
    if helps is None:
        return None
    rate = float(seen.sheet.given["eta"])
    limit = f", 2/λmax at the start is {bend.limit:.3g}" if bend and bend.largest > 0 else ""
    says = f"the learning rate is too high: {how}; the rate is {rate:.3g}{limit}"
    because = (*([helps] if helps else []), *([bend.says()] if bend else []))
    return Finding("rate_too_high", "measured", ("eta",), says, because, (), SOURCE_HIGH)


def _calmed(seen: Observed) -> str | None:
    """Of a run that diverged, the first smaller rate with which it does not, even where it learns nothing then."""
    if not (seen.run.overflow or seen.run.diverged):
        return None
    for change in map(changes.rate, LOWER):
        run = seen.trial(change)
        if run and not (run.overflow or run.diverged):
            return f"with {change.says} the loss ends at {run.loss[-1]:.3g}, and nothing overflows"
    return None


def _long_steps(seen: Observed, bend: Curvature | None) -> str:
    """Steps that the start has no room for, in a run that came to rest too high."""
    rate, rest = float(seen.sheet.given["eta"]), f"and the run came to rest at {seen.last:.3g}"
    if seen.plan.optimiser.name in ADAPTIVE:
        size = max(float(abs(seen.start.sheet.given[layer.W]).mean()) for layer in seen.layers)
        return (
            f"a step of Adam's kind goes further than any weights are large (mean |w| {size:.2g}), {rest}"
            if rate > size > 0
            else ""
        )
    steps = rate * _summed(seen) * _whole(seen, bend.largest) if bend else 0.0
    return f"rate·λmax is {steps:.3g} at the start (limit 2), {rest}" if steps > 2 else ""


def _fault(seen: Observed) -> str:
    """What went wrong in the run, if it looks like steps that are too long."""
    run, loss = seen.run, seen.run.loss
    if run.overflow:
        return f"in epoch {run.overflow.epoch} {run.overflow.quantity} became infinite"
    if run.diverged:
        return f"the loss has risen a thousandfold, to {loss[-1]:.3g}"
    rises = sum(later > sooner * (1 + 1e-9) for sooner, later in pairwise(loss)) / max(1, len(loss) - 1)
    if seen.last > seen.first:
        return f"the loss has risen from {seen.first:.3g} to {seen.last:.3g}"
    if rises > RISES:
        return f"the loss rose in {rises:.0%} of the epochs (limit {RISES:.0%}) and stands at {seen.last:.3g}"
    if len(loss) > 1 and loss[1] > loss[0]:
        return f"the first epoch raised the loss from {loss[0]:.3g} to {loss[1]:.3g}, and the run came to rest at {seen.last:.3g}"
    return ""
