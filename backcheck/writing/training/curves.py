"""Runs → the curves of a report, each picture with as many as can be told apart; it draws nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from backcheck.spelling import Figures
from backcheck.training.run import Epoch, Look, Run
from backcheck.worksheet import Array
from backcheck.writing.curves import LARGEST, Curve
from backcheck.writing.training.chart import Chart, scaled, thinned, visible, zeros
from backcheck.writing.training.ranking import ranking, reached

MOST_LINES = 10  # more cannot be told apart
FAR = 1000.0  # times the largest start: what a diverging run does beyond is not shown, for nobody could see the others
MOST_NAME = 40  # characters
short = Figures(digits=3)


def charts(run: Run) -> dict[str, list[Chart]]:
    """Every picture of one run: its name and its parts."""
    found = {
        "loss": [of_loss(run), of_accuracy(run)],
        "parameters": of_parameters(run),
        "weights": [of_sizes(run)],
        "activations": [of_activations(run)],
        "gradients": [of_gradients(run)],
    }
    return _with_points(found)


def side_by_side(runs: list[Run], most: int) -> dict[str, list[Chart]]:
    """Every picture of several runs: all losses in one, and of everything else a part for each run, the best first."""
    ranked = [place.run for place in ranking(runs)]
    shown = ranked[:most]
    parts: dict[str, Callable[[Run], Chart]] = {
        "loss": of_loss,
        "parameters": of_all_parameters,
        "weights": of_sizes,
        "activations": of_activations,
        "gradients": of_gradients,
    }
    found = {name: [part(run)._replace(title=called(run)) for run in shown] for name, part in parts.items()}
    return {"compared": compared(runs)} | _with_points(found)


def _with_points(found: dict[str, list[Chart]]) -> dict[str, list[Chart]]:
    """Only what there is something to see of."""
    kept = {name: [chart for chart in parts if visible(chart)] for name, parts in found.items()}
    return {name: parts for name, parts in kept.items() if parts}


def of_loss(run: Run) -> Chart:
    curves = [_over(run.epochs, "trained on" if _has_held_out(run) else "L", lambda epoch: epoch.loss)]
    if _has_held_out(run):
        curves.append(_over(run.epochs, "held out", lambda epoch: epoch.held_out_loss))
    return scaled(Chart("Loss", curves))


def of_accuracy(run: Run) -> Chart:
    curves = [
        _over(run.epochs, "trained on" if _has_held_out(run) else "accuracy", lambda epoch: epoch.accuracy),
        _over(run.epochs, "held out", lambda epoch: epoch.held_out_accuracy),
    ]
    return Chart("Accuracy", [curve for curve in curves if np.isfinite(curve.y).any()], shares=True)


def compared(runs: list[Run]) -> list[Chart]:
    """All losses in one picture, labelled with their ranks; beside them those of the held-out part and the accuracies."""
    places = ranking(runs)
    shown = places[:MOST_LINES]
    note = f"the best {MOST_LINES} of {len(places)} runs are shown" if len(places) > MOST_LINES else ""
    starts = [run.epochs[0].loss for run in runs if run.epochs[0].loss <= LARGEST]
    top = FAR * max(starts) if starts and max(starts) > 0 and any(place.run.diverged for place in shown) else None
    of: dict[str, Callable[[Epoch], float | None]] = {
        "Loss": lambda epoch: epoch.loss,
        "Loss of the held-out part": lambda epoch: epoch.held_out_loss,
        "Accuracy": lambda epoch: epoch.accuracy,
        "Accuracy on the held-out part": lambda epoch: epoch.held_out_accuracy,
    }
    found = []
    for title, value in of.items():
        curves = [_over(place.run.epochs, _label(place.rank, place.run), value) for place in shown]
        if any((abs(curve.y) <= LARGEST).any() for curve in curves):
            loss = title.startswith("Loss")
            chart = Chart(title, curves, top=top if loss else None, note=note, shares=not loss)
            found.append(scaled(chart) if loss else chart)
    return found


def _label(rank: int, run: Run) -> str:
    return f"{rank}. {called(run)}: {'diverged' if run.diverged else short(reached(run).loss)}"


def called(run: Run) -> str:
    """The name of a run, as far as there is room for it beside a picture."""
    half = MOST_NAME // 2  # names of a grid differ at their ends as often as at their beginnings
    return run.name if len(run.name) <= MOST_NAME else f"{run.name[: half - 1]}…{run.name[-half:]}"


def of_parameters(run: Run) -> list[Chart]:
    """Every trainable number, a part for each layer."""
    layers: dict[str, list[int]] = {}
    for i, name in enumerate(run.watched):
        place = run.sheet.names.find(name)
        digits = re.search(r"\d+$", place[0]) if place else None
        layers.setdefault(f"Parameters of layer {digits[0]}" if digits else "Parameters", []).append(i)
    return [_moving(run, title, found) for title, found in layers.items()]


def of_all_parameters(run: Run) -> Chart:
    return _moving(run, "Parameters", list(range(len(run.watched))))


def _moving(run: Run, title: str, which: list[int]) -> Chart:
    """Some of the numbers watched; of too many those that move furthest."""
    looks = [look for look in run.looks if look.parameters]
    values = np.array([[look.parameters[i] for i in which] for look in looks]).reshape(len(looks), len(which))
    seen = np.where(abs(values) <= LARGEST, values, np.nan)
    way = [float(np.nanmax(y) - np.nanmin(y)) if np.isfinite(y).any() else 0.0 for y in seen.T]
    furthest = sorted(range(len(which)), key=lambda j: -way[j])[:MOST_LINES]
    note = f"the {MOST_LINES} of {len(which)} numbers that move furthest" if len(which) > MOST_LINES else ""
    epochs = [look.epoch for look in looks]
    curves = [thinned(run.watched[which[j]], epochs, values[:, j]) for j in sorted(furthest)]
    return Chart(title, curves, note=note)


def of_sizes(run: Run) -> Chart:
    """mean |w| of each layer, as a multiple of what it was at the start."""
    curves = []
    for layer, y, epochs in _layers(run, lambda look: look.sizes):
        zero = y[0] == 0
        says = f"layer {layer}" + (": mean |w| itself, which begins with 0" if zero and y.any() else "")
        with np.errstate(all="ignore"):  # what is infinite stays out of the picture
            curves.append(thinned(_unless_zero(says, y), epochs, y if zero else y / y[:1]))
    return _few_layers(Chart("Mean |w| of each layer, relative to the start", curves))


def of_activations(run: Run) -> Chart:
    found = _layers(run, lambda look: look.activations)
    return _few_layers(Chart("Mean |a| of each layer", [thinned(_unless_zero(f"layer {i}", y), e, y) for i, y, e in found]))


def of_gradients(run: Run) -> Chart:
    """On a logarithmic scale, where there is a gradient at all."""
    found = _layers(run, lambda look: look.gradients)
    curves = [thinned(_unless_zero(f"layer {i}", y), e, y) for i, y, e in found]
    log = any(((curve.y > 0) & (curve.y <= LARGEST)).any() for curve in curves)
    return _few_layers(Chart("Mean |∂L/∂W| of each layer", curves, log=log, note=zeros(curves) if log else ""))


def _unless_zero(label: str, y: Array) -> str:
    return label if y.any() else f"{label}: 0 throughout"


def _layers(run: Run, of: Callable[[Look], tuple[float, ...]]) -> Iterator[tuple[int, Array, list[int]]]:
    """Of each layer its number, its values and their epochs."""
    epochs = [look.epoch for look in run.looks]
    for i, y in enumerate(np.array([of(look) for look in run.looks], float).T, 1):
        yield i, y, epochs


def _few_layers(chart: Chart) -> Chart:
    """The first, the last, and some between where there are too many."""
    count = len(chart.curves)
    if count <= MOST_LINES:
        return chart
    which = sorted({round(i * (count - 1) / (MOST_LINES - 1)) for i in range(MOST_LINES)})
    note = f"{MOST_LINES} of {count} layers"
    return chart._replace(curves=[chart.curves[i] for i in which], note=", ".join(filter(None, (note, chart.note))))


def _has_held_out(run: Run) -> bool:
    return any(epoch.held_out_loss is not None for epoch in run.epochs)


def _over(epochs: Sequence[Epoch], label: str, value: Callable[[Epoch], float | None]) -> Curve:
    y = [value(epoch) for epoch in epochs]
    return thinned(label, [epoch.number for epoch in epochs], np.array([np.nan if v is None else v for v in y], float))
