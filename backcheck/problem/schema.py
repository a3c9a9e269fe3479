"""A JSON Schema of problem files, for editors that complete and check them; it knows no shapes, and no grammar of formulas."""

from __future__ import annotations

from backcheck.catalogue import ACTIVATIONS, BATCH, KINDS_OF_GRAPH, KINDS_OF_NETWORK, LOSSES
from backcheck.problem.schema_data import data
from backcheck.problem.schema_parts import (
    NOT_NEGATIVE,
    Schema,
    a_file,
    a_list,
    a_number,
    a_rate,
    an_object,
    cell,
    drawn,
    formula,
    named,
    operation,
    ref,
    rows,
    share,
    title,
)
from backcheck.problem.schema_training import training, variant
from backcheck.problem.variants import MOST as MOST_VARIANTS


def schema() -> Schema:
    """A JSON Schema, draft 7, generated from the tables of activations, losses and schemes."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A problem of backcheck",
        "description": "A network worked by hand, or any computation graph given by an expression.",
        "anyOf": [ref("network"), ref("graph")],
        "definitions": {
            "network": _network(),
            "graph": _graph(),
            "layer": an_object("One layer.", layer_keys(), "weights"),
            "number": a_number(),
            "cell": cell(),
            "activation": operation("activation", ACTIVATIONS, "z", ""),
            "network_marking": _marking(KINDS_OF_NETWORK),
            "graph_marking": _marking(KINDS_OF_GRAPH),
            "loss": operation("loss", LOSSES, "y", r"(?=[\s\S]*\b(?:sum|mean)\s*\()"),
            "file": a_file(),
            "data": data(),
            "training": training(),
            "variant": variant(network_keys(), layer_keys()),
        },
    }


def _network() -> Schema:
    """A network takes its examples from `data`, or from `inputs` and `targets`."""
    further: dict[str, Schema] = {
        "training": ref("training"),
        "variants": {
            "description": "Runs side by side, each with one change of the network or of its training.",
            **a_list(ref("variant")),
            "maxItems": MOST_VARIANTS,
        },
        "claims": {
            "description": 'Sentences to be judged: "units 1 and 2 stay equal", "W1 never changes", "the output stays 0".',
            **a_list({"type": "string", "minLength": 1}),
        },
    }
    pair = {"required": ["inputs", "targets"], "not": {"required": ["data"]}}
    one = {"required": ["data"], "not": {"anyOf": [{"required": ["inputs"]}, {"required": ["targets"]}]}}
    return an_object("A network.", network_keys() | further, "layers", "loss") | {"oneOf": [pair, one]}


def network_keys() -> dict[str, Schema]:
    """What a network is made of."""
    return {
        "title": title(),
        "data": ref("data"),
        "inputs": {
            "description": "One example, [0.05, 0.10]; or a batch, one row for each example.",
            "anyOf": [a_list(ref("cell")), rows(), ref("file"), *drawn("shape", needed=True)],
        },
        "targets": {
            "description": "Shaped like the outputs; for cross_entropy also the number of a class, from 0, for each example.",
            "anyOf": [ref("cell"), a_list(ref("cell")), rows(), ref("file"), *drawn("shape")],
        },
        "layers": {"description": "From the inputs to the outputs.", **a_list(ref("layer"))},
        "loss": ref("loss"),
        "learning_rate": a_rate(),
        "batch": {"enum": list(BATCH), "description": "How the examples combine: the mean of their losses, or the sum."},
        "names": {
            "description": 'Further names for single quantities: {out_h1: "a1[1]"}.',
            **named({"type": "string", "description": "A quantity, such as z1[1], a2[1], dL/dz2[1]."}, reserved=True),
        },
        "marking": ref("network_marking"),
    }


def _graph() -> Schema:
    properties = {
        "title": title(),
        "expression": formula("The result f: ln(x) + exp(y)*z."),
        "let": {
            "description": "One named line for each quantity; the last one is the result.",
            "minProperties": 1,
            **named(formula("A formula that reads the variables and the lines before it.")),
        },
        "at": {"description": "The value of each variable: {x: 1, y: 3}.", **named(ref("number"))},
        "learning_rate": a_rate(),
        "marking": ref("graph_marking"),
    }
    graph = an_object("A computation graph.", properties, "at")
    return graph | {"oneOf": [{"required": ["expression"]}, {"required": ["let"]}]}


def layer_keys() -> dict[str, Schema]:
    """What a layer is made of."""
    frozen: Schema = {"type": "boolean", "description": "false: no step changes it."}
    masks: dict[str, Schema] = {
        "weights": {"anyOf": [frozen, a_list({"anyOf": [frozen, a_list(frozen)]})]},
        "biases": {"anyOf": [frozen, a_list(frozen)]},
    }
    return {
        "units": {"type": "integer", "minimum": 1, "description": "How many units; needed only where init draws the weights."},
        "weights": {
            "description": "One row for each unit, one column for each incoming value.",
            "anyOf": [rows(), ref("file"), *drawn("units")],
        },
        "biases": {
            "description": "One for each unit, or a single number for all; left out: no bias.",
            "anyOf": [ref("cell"), a_list(ref("cell")), ref("file"), *drawn()],
        },
        "activation": {
            "description": "For the layer, or a list with one for each unit; identity unless told.",
            "anyOf": [ref("activation"), a_list(ref("activation"))],
        },
        "trainable": {
            "description": "false freezes: the layer, its weights or biases, or single numbers. true unless told.",
            "anyOf": [frozen, an_object("What of the layer is trainable.", masks)],
        },
    }


def _marking(kinds: dict[str, str]) -> Schema:
    """How answers are marked: what is asked for, and what it is worth."""
    listed = "; ".join(f"{kind}: {quantities}" for kind, quantities in kinds.items())
    weight = a_number(minimum=0, pattern=NOT_NEGATIVE)
    properties: dict[str, Schema] = {
        "ask": {
            "description": f"Quantities, like dL/dw5, and kinds of them. {listed}.",
            **a_list({"anyOf": [{"enum": list(kinds)}, {"type": "string", "minLength": 1}]}),
        },
        "weights": {
            "type": "object",
            "description": 'Points for each number, by kind or by name: {deltas: 2, "dL/dw5": 3}; 1 unless told.',
            "properties": dict.fromkeys(kinds, weight),
            "additionalProperties": weight,
        },
        "decimals": {
            "type": "integer",
            "minimum": 0,
            "maximum": 15,
            "description": "A number with fewer decimals is read as if it had so many; as it is written unless told.",
        },
        "truncated": share("What is cut off instead of rounded keeps this part of its points; none unless told."),
        "transposed": share("The right numbers in transposed order keep this part of their points; none unless told."),
        "descent": share("Gradients with the opposite sign, as directions of descent, keep this part; none unless told."),
        "carried": share("What follows from a wrong number of one's own keeps this part of its points; all unless told."),
        "carried_at_most": share("At most this part of all points may come from such numbers; 9/10 unless told."),
        "pass": share("Who reaches this part of all points has passed."),
    }
    return an_object("How answers are marked.", properties)
