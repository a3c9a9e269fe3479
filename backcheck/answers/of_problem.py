"""A file that is either a problem or answers which name their problem → which of the two; it reads no numbers."""

from __future__ import annotations

import os

from backcheck.errors import BadProblem
from backcheck.problem.text import Node, Scalar, decoded, kind, read

WAY_OUT = "answers stand below answers:, and beside it problem: with the path from here to the problem file"


def problem_of(file: str, raw: bytes) -> str | None:
    """The path of the problem that these are the answers to, or None: the file is a problem itself.

    >>> problem_of("week3/anna.backcheck.yaml", b"problem: sheet.yaml\\nanswers: {}").replace(os.sep, "/")
    'week3/sheet.yaml'
    """
    text = decoded(raw, file)
    root, _ = read(text, file)
    problem, answers = root.get("problem"), root.get("answers")
    if problem is None and answers is None:
        return None
    if isinstance(problem, Scalar) and problem.text and answers is not None:
        return os.path.join(os.path.dirname(file), problem.text)
    raise BadProblem(file, [(problem or root).fault(_says(problem), WAY_OUT)], text)


def _says(problem: Node | None) -> str:
    if problem is None:
        return "these answers name no problem"
    if isinstance(problem, Scalar) and problem.text:
        return "a problem is named, but there are no answers"
    return f"problem should be the path of a problem file, not {kind(problem)}"
