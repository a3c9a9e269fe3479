"""Inputs and targets from files, one pair of them or one table of both; it knows no sets and no losses."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from backcheck.errors import did_you_mean
from backcheck.problem.array_files import Source, arrays_of, is_table
from backcheck.problem.csv_tables import Table, read_table
from backcheck.problem.draft import count
from backcheck.problem.packed import MOST_NUMBERS
from backcheck.problem.text import List, Map, Node, Scalar, kind
from backcheck.worksheet import Array

MOST_NAMES = 1000  # of columns, among which a near one is looked for


class Found(NamedTuple):
    """Inputs, targets as they stand there, and the place in the problem that named them."""

    inputs: Array
    targets: Array  # one row for each example
    node: Node


def of_images(source: Source, node: Map, scale: float) -> Found | None:
    """Images from one file, and the number of the class of each from another."""
    first, second = node.get("images"), node.get("labels")
    if first is None or second is None:
        source.reading.fault(
            node, "labels is missing", "data: {images: train-images-idx3-ubyte.gz, labels: train-labels-idx1-ubyte.gz}"
        )
        return None
    images, labels = source.array(first, scale=scale), source.array(second)
    if images is None or labels is None:
        return None
    if images.ndim < 2 <= labels.ndim:
        source.reading.fault(first, "these are labels, one number for each example, and the labels are images", "exchange them")
        return None
    return _together(source, images, labels, second, "image", "label")


def _together(source: Source, inputs: Array, targets: Array, node: Node, one: str, other: str) -> Found | None:
    """Inputs and targets of the same examples, a row for each."""
    if inputs.ndim == 0 or targets.ndim == 0 or len(inputs) != len(targets):
        says = f"{count(_length(targets), other)} stand there for {count(_length(inputs), one)}"
        source.reading.fault(node, says, "there should be one for each example")
        return None
    return Found(inputs.reshape(len(inputs), -1), targets.reshape(len(targets), -1), node)


def _length(array: Array) -> int:
    return len(array) if array.ndim else 1


def of_file(source: Source, node: Map, scale: float) -> Found | None:
    """Two arrays of an .npz file, or one table."""
    name, named = node.get("file") or node, node.get("inputs")
    if isinstance(name, Scalar) and name.text.endswith(".npz"):
        return _arrays(source, node, name, scale)
    if named:
        says = "inputs is the name of an array, and only an .npz file has such names"
        source.reading.fault(named, says, "of a table, all columns that are not targets are inputs")
        return None
    table = _table(source, name)
    columns = _columns(source, node.get("targets"), name, table) if table else None
    if table is None or columns is None:
        return None
    inputs = source.checked(name, np.delete(table.array, columns, axis=1), scale)
    targets = source.checked(name, table.array[:, columns])
    return None if inputs is None or targets is None else Found(inputs, targets, node.get("targets") or name)


def _arrays(source: Source, node: Map, name: Scalar, scale: float) -> Found | None:
    """Two arrays of an .npz file."""
    keys = node.get("inputs"), node.get("targets")
    if keys[0] is None or keys[1] is None:
        files = source.opened(name, arrays_of)
        if files is not None:
            says = f"which array of {name.text!r} holds the {'inputs' if keys[0] is None else 'targets'}?"
            way_out = f"{{file: {name.text}, inputs: …, targets: …}}; it holds: {', '.join(files[:20])}"
            source.reading.fault(name, says, way_out)
        return None
    inputs, targets = source.array(name, keys[0], scale), source.array(name, keys[1])
    return None if inputs is None or targets is None else _together(source, inputs, targets, keys[1], "example", "target")


def _table(source: Source, name: Node) -> Table | None:
    """A table of at least two columns, with the names of its columns if it has a header line."""
    if isinstance(name, Scalar) and is_table(name.text):
        table: Table | None = source.opened(name, lambda path: read_table(path, MOST_NUMBERS))
    else:
        array = source.array(name)
        table = None if array is None else Table(array)
    if table and (table.array.ndim != 2 or table.array.shape[1] < 2):
        shape = " × ".join(map(str, table.array.shape)) or "1"
        source.reading.fault(
            name,
            f"{kind(name)} holds {shape} numbers; a table has a row for each example",
            "its last columns are the targets; inputs and targets in two files: inputs: {file: …} and targets: {file: …}",
        )
        return None
    return table


def _columns(source: Source, node: Node | None, name: Node, table: Table) -> list[int] | None:
    """The columns that are targets: the last so many, or those of some names."""
    width, header = table.array.shape[1], table.header
    if node is None or (isinstance(node, Scalar) and not node.quoted and node.text.isdecimal()):
        last = source.reading.whole(node, "targets", 1, width - 1) if node else 1
        return None if last is None else list(range(width - last, width))
    names = source.reading.list(node, "targets") if isinstance(node, List) else [node]
    found: list[int] = []
    for one in names or ():
        if not isinstance(one, Scalar) or one.text not in header:
            hint = did_you_mean(one.text, list(header[:MOST_NAMES])) if isinstance(one, Scalar) else ""
            known = f"it has: {', '.join(header[:20])}" if header else "it has no header line; targets: 1 means its last column"
            source.reading.fault(one, f"{kind(name)} has no column {kind(one)}", hint or known)
        elif header.index(one.text) in found:
            source.reading.fault(one, f"{kind(one)} stands here for the second time", "name each target once")
        elif len(found) == width - 1:
            source.reading.fault(one, f"with {kind(one)} all columns are targets", "leave at least one for the inputs")
        else:
            found.append(header.index(one.text))
    return found if found and names and len(found) == len(names) else None
