"""A JSON Schema of problem files, for editors that complete and check them; it knows no shapes, and no grammar of formulas."""

from __future__ import annotations

from typing import Any

from backcheck.arithmetic import LONGEST, NUMBER
from backcheck.catalogue import ABOVE_ZERO, ACTIVATIONS, BATCH, KINDS_OF_GRAPH, KINDS_OF_NETWORK, LOSSES, SCHEMES
from backcheck.cells import LOSS_NAMES, RATE_NAMES
from backcheck.problem.reading import LONGEST_NAME

Schema = dict[str, Any]

DIGITS = NUMBER.replace(r"\d", "[0-9]")
TYPED = rf"^[-+−–]?{DIGITS}(?:[/÷]{DIGITS})?$"
NOT_NEGATIVE = rf"^\+?{DIGITS}(?:[/÷]{DIGITS})?$"
NAME = r"^[^\s0-9!-/:-@\[-^`{-~][^\s!-/:-@\[-^`{-~]*$"  # \w is ASCII in the regular expressions of many editors
IN_FORMULAS = "[^;:'\"\\[\\]{}=<>&|#%!?@$~`\\\\]*$"  # signs that no formula holds
SETTINGS: dict[str, Schema] = {
    "seed": {"type": "integer", "minimum": 0, "description": "The same seed gives the same numbers; 0 unless told."},
    "low": {"$ref": "#/definitions/number", "description": "The least number drawn."},
    "high": {"$ref": "#/definitions/number", "description": "The largest number drawn."},
    "value": {"$ref": "#/definitions/number", "description": "The number that all of them are."},
}
NEEDED = {"constant": ("value",)}


def schema() -> Schema:
    """A JSON Schema, draft 7, generated from the tables of activations, losses and schemes."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A problem of backcheck",
        "description": "A network worked by hand, or any computation graph given by an expression.",
        "anyOf": [_ref("network"), _ref("graph")],
        "definitions": {
            "network": _network(),
            "graph": _graph(),
            "layer": _layer(),
            "number": _number(),
            "cell": _cell(),
            "activation": _operation("activation", ACTIVATIONS, "z", ""),
            "network_marking": _marking(KINDS_OF_NETWORK),
            "graph_marking": _marking(KINDS_OF_GRAPH),
            "loss": _operation("loss", LOSSES, "y", r"(?=[\s\S]*\b(?:sum|mean)\s*\()"),
            "file": _file(),
        },
    }


def _network() -> Schema:
    properties = {
        "title": _title(),
        "inputs": {
            "description": "One example, [0.05, 0.10]; or a batch, one row for each example.",
            "anyOf": [_list(_ref("cell")), _rows(), _ref("file"), *_drawn("shape", needed=True)],
        },
        "targets": {
            "description": "Shaped like the outputs; for cross_entropy also the number of a class, from 0, for each example.",
            "anyOf": [_ref("cell"), _list(_ref("cell")), _rows(), _ref("file"), *_drawn("shape")],
        },
        "layers": {"description": "From the inputs to the outputs.", **_list(_ref("layer"))},
        "loss": _ref("loss"),
        "learning_rate": _rate(),
        "batch": {"enum": list(BATCH), "description": "How the examples combine: the mean of their losses, or the sum."},
        "names": {
            "description": 'Further names for single quantities: {out_h1: "a1[1]"}.',
            **_named({"type": "string", "description": "A quantity, such as z1[1], a2[1], dL/dz2[1]."}, reserved=True),
        },
        "marking": _ref("network_marking"),
    }
    return _object("A network.", properties, "inputs", "targets", "layers", "loss")


def _graph() -> Schema:
    properties = {
        "title": _title(),
        "expression": _formula("The result f: ln(x) + exp(y)*z."),
        "let": {
            "description": "One named line for each quantity; the last one is the result.",
            "minProperties": 1,
            **_named(_formula("A formula that reads the variables and the lines before it.")),
        },
        "at": {"description": "The value of each variable: {x: 1, y: 3}.", **_named(_ref("number"))},
        "learning_rate": _rate(),
        "marking": _ref("graph_marking"),
    }
    graph = _object("A computation graph.", properties, "at")
    return graph | {"oneOf": [{"required": ["expression"]}, {"required": ["let"]}]}


def _layer() -> Schema:
    frozen: Schema = {"type": "boolean", "description": "false: no step changes it."}
    masks: dict[str, Schema] = {
        "weights": {"anyOf": [frozen, _list({"anyOf": [frozen, _list(frozen)]})]},
        "biases": {"anyOf": [frozen, _list(frozen)]},
    }
    properties: dict[str, Schema] = {
        "units": {"type": "integer", "minimum": 1, "description": "How many units; needed only where init draws the weights."},
        "weights": {
            "description": "One row for each unit, one column for each incoming value.",
            "anyOf": [_rows(), _ref("file"), *_drawn("units")],
        },
        "biases": {
            "description": "One for each unit, or a single number for all; left out: no bias.",
            "anyOf": [_ref("cell"), _list(_ref("cell")), _ref("file"), *_drawn()],
        },
        "activation": {
            "description": "For the layer, or a list with one for each unit; identity unless told.",
            "anyOf": [_ref("activation"), _list(_ref("activation"))],
        },
        "trainable": {
            "description": "false freezes: the layer, its weights or biases, or single numbers. true unless told.",
            "anyOf": [frozen, _object("What of the layer is trainable.", masks)],
        },
    }
    return _object("One layer.", properties, "weights")


def _marking(kinds: dict[str, str]) -> Schema:
    """How answers are marked: what is asked for, and what it is worth."""
    listed = "; ".join(f"{kind}: {quantities}" for kind, quantities in kinds.items())
    weight = _number(minimum=0, pattern=NOT_NEGATIVE)
    properties: dict[str, Schema] = {
        "ask": {
            "description": f"Quantities, like dL/dw5, and kinds of them. {listed}.",
            **_list({"anyOf": [{"enum": list(kinds)}, {"type": "string", "minLength": 1}]}),
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
        "truncated": _share("What is cut off instead of rounded keeps this part of its points; none unless told."),
        "transposed": _share("The right numbers in transposed order keep this part of their points; none unless told."),
        "descent": _share("Gradients with the opposite sign, as directions of descent, keep this part; none unless told."),
        "carried": _share("What follows from a wrong number of one's own keeps this part of its points; all unless told."),
        "carried_at_most": _share("At most this part of all points may come from such numbers; 9/10 unless told."),
        "pass": _share("Who reaches this part of all points has passed."),
    }
    return _object("How answers are marked.", properties)


def _share(description: str) -> Schema:
    return _number(minimum=0, maximum=1, pattern=NOT_NEGATIVE) | {"description": description}


def _operation(what: str, catalogue: dict[str, dict[str, str]], letter: str, more: str) -> Schema:
    """A name, a name with its parameters, or a formula in a letter."""
    with_settings: dict[str, Schema] = {
        name: {
            "description": f"{name} with its parameters." if parameters else f"{name}, which has no parameters.",
            "anyOf": [
                {"type": "null"},
                _object(
                    f"The parameters of {name}.",
                    {parameter: _parameter(parameter, default) for parameter, default in parameters.items()},
                ),
            ],
        }
        for name, parameters in catalogue.items()
    }
    return {
        "description": f"The {what}: a name, a name with parameters, or a formula.",
        "anyOf": [
            {"enum": list(catalogue), "description": f"A known {what}."},
            _object(f"A known {what} with its parameters.", with_settings) | {"minProperties": 1, "maxProperties": 1},
            _formula(f"A formula in {letter}.", rf"^(?=[\s\S]*\b{letter}\b){more}{IN_FORMULAS}"),
        ],
    }


def _parameter(name: str, default: str) -> Schema:
    number = _number(exclusiveMinimum=0, pattern=NOT_NEGATIVE) if name in ABOVE_ZERO else _number()
    return number | {"description": f"{default} unless told{'; above 0' if name in ABOVE_ZERO else ''}."}


def _formula(description: str, pattern: str = f"^{IN_FORMULAS}") -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": pattern, "description": description}


def _number(pattern: str = TYPED, **limits: float) -> Schema:
    return {
        "description": "A number: 0.40, .5, 1e-3 or 1/3.",
        "anyOf": [{"type": "number", **limits}, {"type": "string", "pattern": pattern}],
    }


def _cell() -> Schema:
    """A number, or a number with a name."""
    named = _named(_ref("number"), reserved=True) | {"minProperties": 1, "maxProperties": 1}
    named["description"] = "A number with a name, w5: 0.40; the same name twice is one parameter."
    return {"anyOf": [_ref("number"), named]}


def _named(value: Schema, reserved: bool = False) -> Schema:
    """A mapping from names that somebody gives."""
    taken = [*(LOSS_NAMES if reserved else ()), *RATE_NAMES, *(["[xty][0-9]+"] if reserved else [])]
    names = {"type": "string", "pattern": NAME, "maxLength": LONGEST_NAME, "not": {"pattern": f"^(?:{'|'.join(taken)})$"}}
    return {"type": "object", "propertyNames": names, "additionalProperties": value}


def _file() -> Schema:
    path = {"type": "string", "pattern": r"\.(?:npz|npy|csv)$", "description": "Its path begins at the folder of this file."}
    key = {"type": "string", "description": "Which array of an .npz file; needed if it holds several."}
    return _object("Numbers from a file: {file: w.npz, key: W1}.", {"file": path, "key": key}, "file")


def _drawn(size: str = "", needed: bool = False) -> list[Schema]:
    """Numbers by each scheme; `size` is the key that says how many, where nothing else does."""
    sizes: dict[str, Schema] = {
        "units": {"type": "integer", "minimum": 1, "description": "How many units."},
        "shape": {
            **_list({"type": "integer", "minimum": 1}),
            "minItems": 2,
            "maxItems": 2,
            "description": "[examples, numbers of each]",
        },
    }
    return [
        _object(
            f"Numbers by the scheme {scheme}.",
            {"init": {"const": scheme}, **{name: SETTINGS[name] for name in settings}, **({size: sizes[size]} if size else {})},
            *("init", *NEEDED.get(scheme, ()), *((size,) if needed else ())),
        )
        for scheme, settings in SCHEMES.items()
    ]


def _title() -> Schema:
    return {"type": ["string", "number", "boolean", "null"], "description": "A line of free text."}


def _rate() -> Schema:
    return _number(minimum=0, pattern=NOT_NEGATIVE) | {"description": "How far a step goes down the slope."}


def _rows() -> Schema:
    return _list(_list(_ref("cell")))


def _list(items: Schema) -> Schema:
    return {"type": "array", "minItems": 1, "items": items}


def _object(description: str, properties: dict[str, Schema], *required: str) -> Schema:
    found: Schema = {"type": "object", "description": description, "properties": properties, "additionalProperties": False}
    return found | ({"required": list(required)} if required else {})


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}
