"""Runs → CSV, a row for each epoch with every digit, in which no spreadsheet finds a formula; it counts nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from backcheck.training.run import Look, Run
from backcheck.writing.grades.csv import guarded

OF_EPOCHS = ("loss", "rate", "accuracy", "held_out_loss", "held_out_accuracy")
OF_LAYERS = {"sizes": "mean |W{}|", "activations": "mean |a{}|", "gradients": "mean |dL/dW{}|"}


def as_csv(runs: list[Run]) -> str:
    """One header for all runs, with a column for the name if they are several; a field stays empty where nothing was looked at."""
    columns = [*OF_EPOCHS, *dict.fromkeys(name for run in runs for look in run.looks[:1] for name, _ in _seen(look, run.watched))]
    header = [*(["run"] if len(runs) > 1 else []), "epoch", *columns]
    return "".join(f"{','.join(line)}\n" for line in [list(map(guarded, header)), *_rows(runs, columns)])


def _rows(runs: list[Run], columns: list[str]) -> Iterator[list[str]]:
    for run in runs:
        looks = {look.epoch: look for look in run.looks}
        name = [guarded(run.name)] if len(runs) > 1 else []
        for epoch in run.epochs:
            fields: dict[str, float | None] = {name: getattr(epoch, name) for name in OF_EPOCHS}
            if epoch.number in looks:
                fields |= dict(_seen(looks[epoch.number], run.watched))
            yield [*name, str(epoch.number), *_numbers(fields.get(column) for column in columns)]


def _seen(look: Look, watched: tuple[str, ...]) -> Iterator[tuple[str, float]]:
    """The name of each column and its number."""
    for of, name in OF_LAYERS.items():
        yield from ((name.format(i), value) for i, value in enumerate(getattr(look, of), 1))
    yield from zip(watched, look.parameters, strict=False)


def _numbers(values: Iterable[float | None]) -> Iterator[str]:
    return ("" if value is None else repr(float(value)) for value in values)
