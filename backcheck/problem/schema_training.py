"""The JSON Schema of `training` and `variants`, from the tables of the catalogue; it trains nothing."""

from __future__ import annotations

from backcheck.catalogue import CLIPS, EARLY, OPTIMISERS, ORDERS, PENALTIES, PRECISIONS, SCHEDULES, SCHEMES
from backcheck.problem.changes import MOST_HIDDEN
from backcheck.problem.changes import OF_FILE as OF_NETWORK
from backcheck.problem.schema_parts import (
    NEEDED,
    NOT_NEGATIVE,
    SEED,
    Schema,
    a_list,
    a_number,
    a_rate,
    an_object,
    drawn,
    path,
    ref,
    whole,
)
from backcheck.problem.training import COUNTS, MOST_EPOCHS, SHARES

OF_DROPOUT = "The probability that an output of a hidden layer is dropped, or {keep: 0.8}, that it is kept; a list: one per layer."
OF_HELD_OUT = "Examples that are not trained on: a part of all, 0.2, or examples of their own."


def training() -> Schema:
    """How a network is trained."""
    return an_object("How the network is trained.", _keys())


def variant(of_network: dict[str, Schema], of_layer: dict[str, Schema]) -> Schema:
    """One change of the network or of its training."""
    layer = an_object("What changes in it.", of_layer)
    own: dict[str, Schema] = {
        "name": {"type": ["string", "number"], "description": "How the run is called."},
        "after": {"type": ["string", "number"], "description": "The name of another variant, which this one goes on from."},
        "training": ref("training"),
        "rate": a_rate(),
        "activation": {"description": "The activation of every hidden layer.", "anyOf": [ref("activation")]},
        "hidden": whole(0, "How many hidden layers.") | {"maximum": MOST_HIDDEN},
        "every layer": layer,
        "hidden layers": layer,
    }
    changed = {key: of_network[key] for key in OF_NETWORK}
    changes = an_object("One run, with what it changes.", changed | _keys() | own)
    return changes | {"patternProperties": {"^layer [1-9][0-9]*$": layer}}


def _keys() -> dict[str, Schema]:
    early = _settings(EARLY) | {"keep_best": _truth("Whether the run ends with the best of its weights.")}
    return {
        "epochs": whole(1, "How often all examples are gone through.") | {"maximum": MOST_EPOCHS},
        "batch_size": whole(1, "How many examples make one step; all of them unless told."),
        "shuffle": _truth("Whether every epoch deals the examples into new batches."),
        "seed": SEED,
        "optimiser": _choice("optimiser", OPTIMISERS),
        "schedule": _choice("schedule of the learning rate", SCHEDULES),
        **{name: _penalty(name) for name in PENALTIES},
        "dropout": {"description": OF_DROPOUT, "anyOf": [*_dropout(), a_list({"anyOf": _dropout()})]},
        "clip": {
            "description": "The longest that all slopes together may be, or the largest size of each.",
            "anyOf": [_positive(), *(an_object(f"By {name}.", {name: _positive()}, name) for name in CLIPS)],
        },
        "early_stopping": {
            "description": "Stop when the loss no longer falls.",
            "anyOf": [{"type": "boolean"}, an_object("When to stop.", early)],
        },
        "held_out": {"description": OF_HELD_OUT, "anyOf": [_part(), _pair(), ref("data")]},
        "precision": {"enum": list(PRECISIONS), "description": f"{PRECISIONS[0]} unless told."},
        "order": {"enum": list(ORDERS), "description": "All layers are updated together, or the last one before the slopes below."},
        "start": path(r"\.npz$") | {"description": "A saved run to begin with: W1, b1, …"},
        "init": {
            "description": "How the weights are drawn again.",
            "anyOf": [{"enum": [name for name in SCHEMES if name not in NEEDED]}, *drawn()],
        },
        "level": a_number() | {"description": "The loss whose first epoch is told."},
    }


def _choice(what: str, table: dict[str, dict[str, str]]) -> Schema:
    """A name, or a name with its settings."""
    with_settings = {
        name: {"description": f"{name} with its settings.", "anyOf": [{"type": "null"}, an_object(name, _settings(settings))]}
        for name, settings in table.items()
    }
    return {
        "description": f"The {what}: a name, or {{name: {{settings}}}}; {next(iter(table))} unless told.",
        "anyOf": [{"enum": list(table)}, an_object(what, with_settings) | {"minProperties": 1, "maxProperties": 1}],
    }


def _settings(settings: dict[str, str]) -> dict[str, Schema]:
    return {
        key: (whole(1, "") if key in COUNTS else _part(True) if key in SHARES else _positive(True))
        | {"description": f"{default} unless told."}
        for key, default in settings.items()
    }


def _penalty(name: str) -> Schema:
    what = "Σ|w|" if name == "l1" else "Σw²"
    half = {"half": _truth(f"Half of it, λ/2·{what}.")} if name == "l2" else {}
    described = an_object(
        f"λ·{what} with its convention.",
        {"strength": _positive(True), **half, "biases": _truth("Whether it is of the biases too.")},
        "strength",
    )
    return {"description": f"λ·{what} of the weights is added to the loss: λ.", "anyOf": [_positive(True), described]}


def _dropout() -> list[Schema]:
    keep = a_number(exclusiveMinimum=0, maximum=1, pattern=NOT_NEGATIVE)
    return [
        _part(True),
        an_object("The probability that an output is kept.", {"keep": keep}, "keep"),
    ]


def _part(zero: bool = False) -> Schema:
    return a_number(pattern=NOT_NEGATIVE, **{"minimum" if zero else "exclusiveMinimum": 0, "exclusiveMaximum": 1})


def _pair() -> Schema:
    numbers: Schema = {"anyOf": [ref("cell"), a_list(ref("cell")), a_list(a_list(ref("cell"))), ref("file")]}
    return an_object("Examples that are not trained on.", {"inputs": numbers, "targets": numbers}, "inputs", "targets")


def _truth(description: str) -> Schema:
    return {"type": "boolean", "description": description}


def _positive(zero: bool = False) -> Schema:
    return a_number(pattern=NOT_NEGATIVE, **{"minimum" if zero else "exclusiveMinimum": 0})
