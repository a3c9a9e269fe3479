"""`backcheck derive`: the formulas of a problem file, of an expression, of a function by its name, or between matrices."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from backcheck.catalogue import ACTIVATIONS, LOSSES
from backcheck.commands.output import look, shows_signs, width, write
from backcheck.commands.problems import given
from backcheck.errors import BadArgument

if TYPE_CHECKING:
    from backcheck.marking.derivation import Derivation
    from backcheck.worksheet import Worksheet

SHOWN_DIGITS = 6
ON_SCREEN = "terminal"
PLOT_LINES = 16
FILES = (".yaml", ".yml", ".json")


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
    steps: bool,
    format: str,
) -> str:
    """The formulas of whatever was named."""
    is_file = source == "-" or os.path.exists(source) or source.endswith(FILES)
    is_function = not is_file and source in ACTIVATIONS | LOSSES
    asked = {"--at": at, "--only": only, "--full": full, "--second": second, "--graph": graph}
    if steps:
        _only_for("--steps", {**asked, "--at": None, "--plot": plot, "--shape": shape, "--wrt": wrt})
        return _steps(source, at, is_file, is_function, format)
    if shape or wrt:
        _only_for("matrices", {**asked, "--plot": plot})
        return _between_matrices(source, shape, wrt, format)
    if is_function:
        _only_for(f"the function {source}", asked)
        return _of_function(source, plot, format)
    if plot:
        raise BadArgument("--plot draws a function: backcheck derive sigmoid --plot")
    if is_file and at is not None:
        raise BadArgument("--at gives the values of an expression; a file has its own")
    if full and second:
        raise BadArgument("choose one of --full and --second")
    return _of_sheet(given(source) if is_file else _typed(source, at), only, full, second, graph, format)


def _only_for(what: str, asked: Mapping[str, object]) -> None:
    """Refuses options that mean nothing here."""
    for option, value in asked.items():
        if value:
            raise BadArgument(f"{option} means nothing for {what}")


def _steps(source: str, at: str | None, is_file: bool, is_function: bool, format: str) -> str:
    """A derivation in the format that `prove` reads."""
    if format != "text":
        raise BadArgument("--steps writes a derivation for `backcheck prove`, which is text; prove writes the other formats")
    if is_function:
        from backcheck.proving.own.functions import function

        return function(source)
    sheet = given(source) if is_file else _typed(source, at or _any_values(source))
    if sheet.names.output:
        from backcheck.proving.own.network import network

        return network(sheet)
    from backcheck.proving.own.expression import expression

    return expression(sheet)


def _any_values(expression: str) -> str:
    """Values for the variables of an expression, where only its formulas are asked for."""
    from backcheck.cells import IDENTIFIER
    from backcheck.problem.typed import variables

    return "" if IDENTIFIER.fullmatch(expression) else ",".join(f"{name}=1" for name in variables(expression))


def _typed(expression: str, at: str | None) -> Worksheet:
    from backcheck.api import loads
    from backcheck.problem.typed import problem_text

    return loads(problem_text(expression, at), "the expression")


def _of_sheet(sheet: Worksheet, only: str | None, full: bool, second: bool, graph: str | None, format: str) -> str:
    from backcheck.marking.derivation import derivation, second_derivatives

    found = second_derivatives(sheet, only) if second else derivation(sheet, only, full)
    if graph and sheet.names.output:
        raise BadArgument("--graph draws an expression; of a network, `backcheck derive FILE` shows the layers")
    if graph in ("mermaid", "dot"):
        return _source(found, graph)
    if graph and graph != ON_SCREEN:
        _draw(found, graph)
    return _written(found, format, with_graph=not (sheet.names.output or only or second))


def _source(found: Derivation, kind: str) -> str:
    from backcheck.writing.graph import graph
    from backcheck.writing.graph_source import dot, mermaid

    return (mermaid if kind == "mermaid" else dot)(graph(found.done))


def _draw(found: Derivation, path: str) -> None:
    """The graph into a file, as its ending says."""
    from backcheck.writing.graph import graph
    from backcheck.writing.graph_svg import svg

    ending = os.path.splitext(path)[1]
    kinds = {".mmd": "mermaid", ".dot": "dot", ".gv": "dot"}
    if ending != ".svg" and ending not in kinds:
        raise BadArgument(f"--graph {path}: give a file that ends in .svg, .mmd or .dot, or mermaid or dot for the screen")
    text = svg(graph(found.done)) if ending == ".svg" else _source(found, kinds[ending])
    write(path, text.encode())


def _written(found: Derivation, format: str, with_graph: bool) -> str:
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
    drawing = _drawing(found) if with_graph else ""
    return derivation.text(found, figures, width(), *look(), drawing=drawing)


def _drawing(found: Derivation) -> str:
    """The graph in lines of text; a graph too large to be drawn is left out."""
    from backcheck.errors import BackcheckError
    from backcheck.writing.graph import graph
    from backcheck.writing.graph_text import drawn

    try:
        return drawn(graph(found.done), width())
    except BackcheckError as error:
        return str(error)


def _of_function(name: str, plot: str | None, format: str) -> str:
    """The page of an activation or a loss."""
    from backcheck.pages.facts import facts
    from backcheck.writing import facts as written

    page = facts(name)
    if plot and plot != ON_SCREEN:
        _picture(name, plot)
    if format == "json":
        return written.as_json(page)
    if format in ("latex", "markdown"):
        return (written.latex if format == "latex" else written.markdown)(page)
    from backcheck.writing.facts_curves import curves
    from backcheck.writing.plot_text import terminal

    text = written.text(page, width())
    return f"{text}\n\n{terminal(curves(page), min(width(), 80), PLOT_LINES, ascii=not shows_signs())}"


def _picture(name: str, path: str) -> None:
    """Function and slope as a picture."""
    from backcheck.pages.facts import facts
    from backcheck.writing.facts_curves import curves
    from backcheck.writing.plot import picture

    if path.endswith(".png"):
        write(path, picture(curves(facts(name)), "png", name))
    elif path.endswith(".svg"):
        write(path, picture(curves(facts(name)), "svg", name))
    else:
        raise BadArgument(f"--plot {path}: give a file that ends in .png or .svg")


def _between_matrices(text: str, shapes: tuple[str, ...], by: str | None, format: str) -> str:
    """An expression of matrices differentiated by one of them."""
    from backcheck import matrices
    from backcheck.writing import matrices as written

    if by is None:
        raise BadArgument("say what to differentiate by: --wrt W")
    sizes: dict[str, str] = {}
    for shape in shapes:
        name, equals, size = (part.strip() for part in shape.partition("="))
        if not equals or not name or not size:
            raise BadArgument(f"--shape should be like X=n,d, not {shape!r}")
        if name in sizes:
            raise BadArgument(f"--shape gives {name} two shapes")
        sizes[name] = size
    answer = matrices.derive(text, sizes, by)
    if format == "text":
        return written.text(answer, width())
    return {"json": written.as_json, "latex": written.latex, "markdown": written.markdown}[format](answer)
