"""A JSON Schema of answers files, for editors that complete and check them; it knows no problem."""

from __future__ import annotations

from typing import Any

from backcheck.answers.text import LONGEST

Schema = dict[str, Any]


def schema() -> Schema:
    """A JSON Schema, draft 7."""
    number = {
        "type": ["string", "number"],
        "maxLength": LONGEST,
        "description": "A number, with the digits that were written, or a line of working.",
    }
    row = {"type": "array", "items": number}
    value = {"anyOf": [number, row, {"type": "array", "items": row}]}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Answers for backcheck grade",
        "type": "object",
        "additionalProperties": False,
        "required": ["answers"],
        "properties": {
            "student": {"type": ["string", "number"], "description": "Who handed it in."},
            "problem": {"type": "string", "description": "For pytest: the problem file, from this file's folder."},
            "answers": {
                "type": "object",
                "description": "Quantities by name: z1[1], dL/dw5, w5', and whole arrays: dL/dW2.",
                "additionalProperties": value,
            },
        },
    }
