"""The JSON Schema of `data`, where examples come from; it opens no files."""

from __future__ import annotations

from backcheck.catalogue import SETS
from backcheck.problem.array_files import TABLE
from backcheck.problem.idx import NAME as IDX
from backcheck.problem.schema_parts import NOT_NEGATIVE, SEED, Schema, a_list, a_number, an_object, path, scale, whole

SETTINGS: dict[str, Schema] = {
    "examples": whole(2, "How many."),
    "classes": whole(2, "How many."),
    "noise": a_number(minimum=0, pattern=NOT_NEGATIVE) | {"description": "How far examples lie from where they belong."},
    "seed": SEED,
}
TAKE = whole(1, "Only the first so many examples.")


def data() -> Schema:
    """A set by its name, a set with its settings, or files."""
    return {
        "description": "Where inputs and targets come from; the number of a class, from 0, is made a target for each output.",
        "anyOf": [{"enum": list(SETS), "description": "A set that needs no file."}, *_sets(), _images(), _arrays(), _table()],
    }


def _sets() -> list[Schema]:
    return [
        an_object(
            f"The set {name} with its settings.",
            {
                "set": {"const": name},
                **{key: SETTINGS[key] | {"description": f"{default} unless told."} for key, default in settings.items()},
                "take": TAKE,
            },
            "set",
        )
        for name, settings in SETS.items()
    ]


def _images() -> Schema:
    properties = {"images": path(), "labels": path(), "scale": scale(), "take": TAKE}
    return an_object("Images from one file and their classes from another.", properties, "images", "labels")


def _arrays() -> Schema:
    name: Schema = {"type": ["string", "number"], "description": "The name of an array in the file."}
    properties = {"file": path(r"\.npz$"), "inputs": name, "targets": name, "scale": scale(), "take": TAKE}
    return an_object("Two arrays of an .npz file.", properties, "file", "inputs", "targets")


def _table() -> Schema:
    column: Schema = {"type": "string", "description": "The name of a column, in the header line of the file."}
    targets: Schema = {
        "description": "How many of the last columns are targets, or the names of those that are; the last one unless told.",
        "anyOf": [whole(1, "How many of the last columns."), column, a_list(column)],
    }
    file = path(rf"\.npy$|{TABLE.pattern}|{IDX.pattern}")
    return an_object("A table, a row for each example.", {"file": file, "targets": targets, "scale": scale(), "take": TAKE}, "file")
