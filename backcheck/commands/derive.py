"""`backcheck derive`: the formulas of a problem file, of an expression, of a function by its name, or between matrices."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from backcheck.commands.output import look, width
from backcheck.commands.problems import given
from backcheck.errors import BadArgument

if TYPE_CHECKING:
    from backcheck.marking.derivation import Derivation
    from backcheck.worksheet import Worksheet

SHOWN_DIGITS = 6


def derive(
    source: str,
    at: str | None,
    only: str | None,
    full: bool,
    second: bool,
    graph: str | None,
    plot: str | None,
    shape: tuple[str, ...],
    wrt: str | None,
    format: str,
) -> str:
    """The formulas of whatever was named."""
    from backcheck.marking.derivation import derivation, second_derivatives

    sheet = _sheet(source, at)
    found = second_derivatives(sheet, only) if second else derivation(sheet, only, full)
    return _written(found, format)


def _sheet(source: str, at: str | None) -> Worksheet:
    """A file, standard input, or an expression with its values."""
    if source == "-" or os.path.exists(source) or source.endswith((".yaml", ".yml", ".json")):
        if at is not None:
            raise BadArgument("--at gives the values of an expression; a file has its own")
        return given(source)
    from backcheck.problem.typed import expression

    return expression(source, at)


def _written(found: Derivation, format: str) -> str:
    from backcheck.spelling import Figures
    from backcheck.writing import derivation

    figures = Figures(SHOWN_DIGITS)
    if format == "json":
        return derivation.as_json(found)
    if format == "latex":
        from backcheck.writing.derivation_latex import latex

        return latex(found, figures)
    if format == "markdown":
        return derivation.markdown(found, figures)
    return derivation.text(found, figures, width(), *look())
