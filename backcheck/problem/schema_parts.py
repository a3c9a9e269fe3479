"""The pieces of which the JSON Schema of problem files is made: numbers, names, formulas, lists; it knows no keys of problems."""

from __future__ import annotations

from typing import Any

from backcheck.arithmetic import LONGEST, NUMBER
from backcheck.catalogue import ABOVE_ZERO, SCHEMES
from backcheck.cells import LOSS_NAMES, RATE_NAMES
from backcheck.problem.array_files import TABLE
from backcheck.problem.idx import NAME as IDX
from backcheck.problem.reading import LONGEST_NAME

Schema = dict[str, Any]

DIGITS = NUMBER.replace(r"\d", "[0-9]")
TYPED = rf"^[-+−–]?{DIGITS}(?:[/÷]{DIGITS})?$"
NOT_NEGATIVE = rf"^\+?{DIGITS}(?:[/÷]{DIGITS})?$"
NAME = r"^[^\s0-9!-/:-@\[-^`{-~][^\s!-/:-@\[-^`{-~]*$"  # \w is ASCII in the regular expressions of many editors
IN_FORMULAS = "[^;:'\"\\[\\]{}=<>&|#%!?@$~`\\\\]*$"  # signs that no formula holds
SEED: Schema = {"type": "integer", "minimum": 0, "description": "The same seed gives the same numbers; 0 unless told."}
SETTINGS: dict[str, Schema] = {
    "seed": SEED,
    "low": {"$ref": "#/definitions/number", "description": "The least number drawn."},
    "high": {"$ref": "#/definitions/number", "description": "The largest number drawn."},
    "value": {"$ref": "#/definitions/number", "description": "The number that all of them are."},
}
NEEDED = {"constant": ("value",)}


def share(description: str) -> Schema:
    return a_number(minimum=0, maximum=1, pattern=NOT_NEGATIVE) | {"description": description}


def operation(what: str, catalogue: dict[str, dict[str, str]], letter: str, more: str) -> Schema:
    """A name, a name with its parameters, or a formula in a letter."""
    with_settings: dict[str, Schema] = {
        name: {
            "description": f"{name} with its parameters." if parameters else f"{name}, which has no parameters.",
            "anyOf": [
                {"type": "null"},
                an_object(
                    f"The parameters of {name}.",
                    {key: setting(key, default) for key, default in parameters.items()},
                ),
            ],
        }
        for name, parameters in catalogue.items()
    }
    return {
        "description": f"The {what}: a name, a name with parameters, or a formula.",
        "anyOf": [
            {"enum": list(catalogue), "description": f"A known {what}."},
            an_object(f"A known {what} with its parameters.", with_settings) | {"minProperties": 1, "maxProperties": 1},
            formula(f"A formula in {letter}.", rf"^(?=[\s\S]*\b{letter}\b){more}{IN_FORMULAS}"),
        ],
    }


def setting(name: str, default: str) -> Schema:
    number = a_number(exclusiveMinimum=0, pattern=NOT_NEGATIVE) if name in ABOVE_ZERO else a_number()
    return number | {"description": f"{default} unless told{'; above 0' if name in ABOVE_ZERO else ''}."}


def formula(description: str, pattern: str = f"^{IN_FORMULAS}") -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": pattern, "description": description}


def a_number(pattern: str = TYPED, **limits: float) -> Schema:
    return {
        "description": "A number: 0.40, .5, 1e-3 or 1/3.",
        "anyOf": [{"type": "number", **limits}, {"type": "string", "pattern": pattern}],
    }


def cell() -> Schema:
    """A number, or a number with a name."""
    one = named(ref("number"), reserved=True) | {"minProperties": 1, "maxProperties": 1}
    one["description"] = "A number with a name, w5: 0.40; the same name twice is one parameter."
    return {"anyOf": [ref("number"), one]}


def named(value: Schema, reserved: bool = False) -> Schema:
    """A mapping from names that somebody gives."""
    taken = [*(LOSS_NAMES if reserved else ()), *RATE_NAMES, *(["[xty][0-9]+"] if reserved else [])]
    names = {"type": "string", "pattern": NAME, "maxLength": LONGEST_NAME, "not": {"pattern": f"^(?:{'|'.join(taken)})$"}}
    return {"type": "object", "propertyNames": names, "additionalProperties": value}


def path(pattern: str = rf"\.np[yz]$|{TABLE.pattern}|{IDX.pattern}") -> Schema:
    return {"type": "string", "pattern": pattern, "description": "Its path begins at the folder of this file."}


def scale() -> Schema:
    return a_number() | {"description": "Every number is multiplied by it: 1/255.", "not": {"const": 0}}


def a_file() -> Schema:
    key = {"type": "string", "description": "Which array of an .npz file; needed if it holds several."}
    return an_object("Numbers from a file: {file: w.npz, key: W1}.", {"file": path(), "key": key, "scale": scale()}, "file")


def drawn(size: str = "", needed: bool = False) -> list[Schema]:
    """Numbers by each scheme; `size` is the key that says how many, where nothing else does."""
    sizes: dict[str, Schema] = {
        "units": {"type": "integer", "minimum": 1, "description": "How many units."},
        "shape": {
            **a_list({"type": "integer", "minimum": 1}),
            "minItems": 2,
            "maxItems": 2,
            "description": "[examples, numbers of each]",
        },
    }
    return [
        an_object(
            f"Numbers by the scheme {scheme}.",
            {"init": {"const": scheme}, **{name: SETTINGS[name] for name in settings}, **({size: sizes[size]} if size else {})},
            *("init", *NEEDED.get(scheme, ()), *((size,) if needed else ())),
        )
        for scheme, settings in SCHEMES.items()
    ]


def title() -> Schema:
    return {"type": ["string", "number", "boolean", "null"], "description": "A line of free text."}


def a_rate() -> Schema:
    return a_number(minimum=0, pattern=NOT_NEGATIVE) | {"description": "How far a step goes down the slope."}


def rows() -> Schema:
    return a_list(a_list(ref("cell")))


def whole(least: int, description: str) -> Schema:
    return {"type": "integer", "minimum": least, "description": description}


def a_list(items: Schema) -> Schema:
    return {"type": "array", "minItems": 1, "items": items}


def an_object(description: str, properties: dict[str, Schema], *required: str) -> Schema:
    found: Schema = {"type": "object", "description": description, "properties": properties, "additionalProperties": False}
    return found | ({"required": list(required)} if required else {})


def ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}
