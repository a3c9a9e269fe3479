"""Claims that a training refutes, or shows: the first epoch after which they fail by more than rounding; it proves nothing."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from backcheck.cells import PARAMETER
from backcheck.errors import BackcheckError
from backcheck.problem.claims import Part, Sentence
from backcheck.reasons.bounds import UNITS
from backcheck.reasons.finding import Claim
from backcheck.roads.work import WorkedSheet, work
from backcheck.training.optimisers import ADAPTIVE
from backcheck.training.plan import Plan
from backcheck.training.train import Training
from backcheck.worksheet import Array, Worksheet

HELD = "nothing in {count} speaks against it but rounding{ended}, which is no proof that it always holds"
WITHOUT_NUMBERS = "{when} a quantity that it is about has no number any more"


class State(NamedTuple):
    """A run after some epochs."""

    values: dict[str, Array]  # W1, b1, …; z1, a1, … over the examples; L
    slack: dict[str, float]  # what rounding may have made of a number of each row
    noise: dict[str, float]  # what one update may have added to a parameter whose slope is 0 but for rounding


class Seen(NamedTuple):
    """A claim, and the run at the start, an epoch ago and now."""

    told: Sentence
    first: State
    before: State
    now: State

    def array(self, part: Part) -> Array:
        return np.asarray(self.now.values[part.row][part.at], float)


class Misfit(NamedTuple):
    """The number that refutes a claim."""

    value: float
    says: str


def by_training(sheet: Worksheet, plan: Plan, told: list[Sentence]) -> list[Claim]:
    """One claim for each sentence, in order."""
    found: dict[int, Claim] = {}
    extremes: dict[int, float] = {}
    training, states, number = Training(sheet, plan), list[State](), 0
    for epoch in training.epochs():
        number = epoch.number
        states = [*states[:1], *states[-1:], _state(training, epoch.loss, told, states)]
        if any(part.row not in states[-1].values for one in told for part in one.parts):
            return [
                found.get(n) or Claim(one.says, "undecided", because=(WITHOUT_NUMBERS.format(when=_when(number)),))
                for n, one in enumerate(told)
            ]
        for n, one in enumerate(told):
            seen = Seen(one, states[0], states[-2] if len(states) > 1 else states[-1], states[-1])
            claim = None if n in found else _shown(n, seen, number, extremes) if one.what in SOMETIME else _refuted(seen, number)
            found |= {n: claim} if claim else {}
        if len(found) == len(told):
            break
    ended = f", until {broke.quantity} overflowed in epoch {broke.epoch}" if (broke := training.overflow) else ""
    return [found.get(n) or _at_the_end(one, number, extremes.get(n), ended) for n, one in enumerate(told)]


def _refuted(seen: Seen, number: int) -> Claim | None:
    misfit = MISFITS[seen.told.what](seen)
    return Claim(seen.told.says, "refuted", number, misfit.value, (f"{_when(number)}, {misfit.says}",)) if misfit else None


def _when(epoch: int) -> str:
    return f"after epoch {epoch}" if epoch else "before any update"


def _at_the_end(told: Sentence, epochs: int, extreme: float | None, ended: str) -> Claim:
    count = f"{epochs} epoch{'' if epochs == 1 else 's'}"
    if extreme is None:
        return Claim(told.says, "undecided", because=(HELD.format(count=count, ended=ended),))
    if ended and told.what == "rises_above":  # what overflowed may have risen as far as that
        return Claim(told.says, "undecided", because=(HELD.format(count=count, ended=ended),))
    word = "least" if told.what == "falls_below" else "largest"
    says = f"in {count} the {word} that {_listed(told)} comes to is {extreme:.6g}{ended}"
    return Claim(told.says, "refuted", epochs, extreme, (says,))


def _listed(told: Sentence) -> str:
    return " and ".join(dict.fromkeys(part.called for part in told.parts))


# what is said of some epoch: one that shows it is proof enough; all numbers of the subject have to get there


SOMETIME: dict[str, tuple[Callable[[Array], float], Callable[[float, float], float]]] = {
    "falls_below": (lambda array: float(array.max()), min),
    "rises_above": (lambda array: float(array.min()), max),
}


def _shown(n: int, seen: Seen, number: int, extremes: dict[int, float]) -> Claim | None:
    told = seen.told
    last, further = SOMETIME[told.what]
    value = last(np.concatenate([seen.array(part).ravel() for part in told.parts]))
    extremes[n] = further(extremes.get(n, value), value)
    if extremes[n] == told.number or further(extremes[n], told.number) == told.number:
        return None
    return Claim(
        told.says, "proven", number, value, (f"the training shows it: {_listed(told)} comes to {value:.6g} {_when(number)}",)
    )


# rounding


def _state(training: Training, loss: float, told: list[Sentence], states: list[State]) -> State:
    """The numbers that the claims are about, and how much of them may be rounding.

    A number is a sum of products, each rounded a few times: rounding makes at most (number of operations)·u of its size, with
    u = 2⁻⁵³, and as much again in every update. What an update adds to a parameter has the rounding of its slope, times the rate.
    """
    m, plan = training.machine, training.plan
    values: dict[str, Array] = {**m.arrays(), "L": np.asarray(loss)}
    missing = {part.row for one in told for part in one.parts} - set(values)
    done = _worked(training, values) if missing or not states or plan.optimiser.name in ADAPTIVE else None
    values |= {row: done.array(row) for row in missing} if done else {}
    per_epoch = math.ceil(len(training.examples) / training.updates.batch)
    updates, unit = 1 + (len(training.done) - 1) * per_epoch, UNITS[plan.precision]
    size = max(1.0, *(float(abs(values[p]).max()) for p in m.names))
    slack = {row: unit * _operations(training) * updates * size * max(1.0, _largest(array)) for row, array in values.items()}
    now = {p: _noise(training, done, p) for p in m.names} if done else {}
    noise = {p: max(now.get(p, 0.0), states[-1].noise[p] if states else 0.0) for p in m.names}
    slack |= {p: updates * (noise[p] + unit * _largest(values[p])) for p in m.names}
    return State(values, slack, noise)


def _worked(training: Training, values: dict[str, Array]) -> WorkedSheet | None:
    try:
        return work(training.sheet.with_given({p: values[p] for p in training.machine.names}, training.sheet.names))
    except BackcheckError:
        return None


def _largest(array: Array) -> float:
    return float(abs(array).max(initial=0.0))


def _operations(training: Training) -> int:
    """Roundings on the longest way to a number: the sums of all layers, forward and back, over all examples, and some for f."""
    incoming = sum(array.shape[-1] for name, array in training.sheet.given.items() if name[0] == "W")
    return int(8 * incoming + len(training.sheet.given["x"]))


def _noise(training: Training, done: WorkedSheet, p: str) -> float:
    """What one update may move a parameter by though its slope is 0: rate·(operations)·u·(what the slope is a sum of)."""
    plan, l = training.plan, p[1:]
    rate = float(training.sheet.given["eta"])
    source = 1.0 if p[0] == "b" else _largest(done.array("x" if l == "1" else f"a{int(l) - 1}"))
    rounding = UNITS[plan.precision] * _operations(training) * float(abs(done.array(f"dL/dz{l}")).sum(0).max()) * source
    by_rounding = rounding > 0 and _largest(done.array(f"dL/d{p}")) <= rounding and not (plan.l1 or plan.l2)
    return rate if by_rounding and plan.optimiser.name in ADAPTIVE else rate * rounding


# what does not hold


def _first_off(seen: Seen, off: Callable[[Array, Part], Array], verb: str = "is") -> Misfit | None:
    """The first number of the subject that is off by more than rounding."""
    for part in seen.told.parts:
        array = seen.array(part)
        wrong = off(array, part) > seen.now.slack[part.row]
        if wrong.any():
            place = tuple(int(i) for i in np.unravel_index(int(np.argmax(wrong)), array.shape)) if array.shape else ()
            return Misfit(float(array[place]), f"{_name(part, place)} {verb} {float(array[place]):.6g}")
    return None


def _name(part: Part, place: tuple[int, ...]) -> str:
    """One number of a part."""
    if not place:
        return part.called
    if part.index:  # one unit in some example
        return f"{part.called} of example {place[0] + 1}"
    if PARAMETER.fullmatch(part.row):
        return f"{part.row}[{','.join(str(i + 1) for i in place)}]"
    return f"{part.row}[{place[1] + 1}] of example {place[0] + 1}"


def _changed(seen: Seen) -> Misfit | None:
    return _first_off(seen, lambda array, part: np.asarray(abs(array - seen.first.values[part.row][part.at])))


def _fell(seen: Seen) -> Misfit | None:
    return _first_off(seen, lambda array, part: np.asarray(seen.before.values[part.row][part.at] - array), "has fallen to")


def _rose(seen: Seen) -> Misfit | None:
    return _first_off(seen, lambda array, part: np.asarray(array - seen.before.values[part.row][part.at]), "has risen to")


def _beyond(side: Callable[[Array, Sentence], Array]) -> Callable[[Seen], Misfit | None]:
    """Off to one side of the number that is told."""
    return lambda seen: _first_off(seen, lambda array, part: np.asarray(side(array, seen.told)))  # noqa: ARG005


def _unequal(seen: Seen) -> Misfit | None:
    first, *others = seen.told.parts
    array = seen.array(first)
    for part in others:
        away = abs(seen.array(part) - array)
        if _largest(away) > max(seen.now.slack[part.row], seen.now.slack[first.row]):
            place = tuple(int(i) for i in np.unravel_index(int(np.argmax(away)), away.shape)) if away.shape else ()
            where = f" in example {place[0] + 1}" if place and not PARAMETER.fullmatch(first.row) else ""
            says = f"{first.called} is {float(array[place]):.6g} and {part.called} is {float(seen.array(part)[place]):.6g}{where}"
            return Misfit(float(away[place]), says)
    return None


MISFITS: dict[str, Callable[[Seen], Misfit | None]] = {
    "equal": _unequal,
    "constant": _changed,
    "never_falls": _fell,
    "never_rises": _rose,
    "stays": _beyond(lambda array, told: abs(array - told.number) - told.give),
    "below": _beyond(lambda array, told: array - told.number),
    "above": _beyond(lambda array, told: told.number - array),
    "dead": _beyond(lambda array, told: np.where(array == 0, -1.0, np.inf)),  # noqa: ARG005
}
