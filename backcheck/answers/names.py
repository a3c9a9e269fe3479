"""A list or matrix under the name of a row → the names of its numbers; it knows how rows are called, and no problem."""

from __future__ import annotations

import re

ENDING = re.compile(r"(.*?)(['′’]*|_new|\+)", re.DOTALL)  # what marks a parameter after the step stands behind the brackets
PER_EXAMPLE = re.compile(r"(?:.*/d)?(?:[xty]|[za]\d+)|(?:delta|δ)_?\d+")  # a matrix of these has one row for each example


def numbered(name: str, *index: int) -> str:
    """The name of one number of a row, counted from 1.

    >>> numbered("dL/dW2", 1, 2), numbered("W2'", 1, 2), numbered("b1", 2), numbered("dL/dz2", 3, 1)
    ('dL/dW2[1,2]', "W2[1,2]'", 'b1[2]', 'dL/dz2[3;1]')
    """
    found = ENDING.fullmatch(name)
    row, ending = found.groups() if found else (name, "")
    between = ";" if PER_EXAMPLE.fullmatch(row) else ","
    return f"{row}[{between.join(map(str, index))}]{ending}"
