"""A computation graph → the source of a picture, for Mermaid and for Graphviz; nothing that stands in it can end a label."""

from __future__ import annotations

from collections.abc import Iterator

from backcheck.writing.graph import Graph, Node

MEANS_NOTHING = set(" =().,+/")  # to Mermaid, within quotes; no sign beyond ASCII means anything


def mermaid(graph: Graph) -> str:
    """A flowchart as Markdown pages show it; the result has a round box, what was given a slanted one."""
    ids = {node.name: f"n{i}" for i, node in enumerate(graph.nodes, 1)}
    head = ["---", f"title: {_yaml(graph.title)}", "---"] if graph.title else []
    lines = [
        f"    {ids[node.name]}{_shaped(node, '<br/>'.join(map(_entities, _says(node))), graph.result)}" for node in graph.nodes
    ]
    wires = [f'    {ids[edge.source]} -->|"{_entities(edge.says)}"| {ids[edge.target]}' for edge in graph.edges]
    return "\n".join([*head, "flowchart LR", *lines, *wires]) + "\n"


def dot(graph: Graph) -> str:
    """A digraph for `dot -Tsvg`."""
    ids = {node.name: f"n{i}" for i, node in enumerate(graph.nodes, 1)}
    title = [f'    label="{_quoted(graph.title)}"; labelloc=t;'] if graph.title else []
    lines = [f'    {ids[node.name]} [label="{_label(node)}"{_style(node, graph.result)}];' for node in graph.nodes]
    wires = [f'    {ids[edge.source]} -> {ids[edge.target]} [label="{_quoted(edge.says)}"];' for edge in graph.edges]
    head = ["digraph {", "    rankdir=LR;", '    node [shape=box, style="rounded,filled", fillcolor="#f6f8fa"];']
    return "\n".join([*head, *title, *lines, *wires, "}"]) + "\n"


def _says(node: Node) -> Iterator[str]:
    yield f"{node.says} = {node.number}" if node.formula else node.says
    if node.slope_name:
        yield node.slope_says


def _shaped(node: Node, label: str, result: str) -> str:
    before, after = ("([", "])") if node.name == result else ("[", "]") if node.formula else ("[/", "/]")
    return f'{before}"{label}"{after}'


def _entities(text: str) -> str:
    """Every sign that may mean something to Mermaid by its number: `#34;` is a quotation mark."""
    return "".join(
        sign if sign.isalnum() or not sign.isascii() or sign in MEANS_NOTHING else f"#{ord(sign)};" for sign in _printable(text)
    )


def _yaml(text: str) -> str:
    """A text in single quotes, in which only a single quote has to be doubled."""
    return "'" + _printable(text).replace("'", "''") + "'"


def _label(node: Node) -> str:
    return r"\n".join(map(_quoted, _says(node)))


def _quoted(text: str) -> str:
    """Text within quotes; Graphviz reads entities such as &lt; there."""
    return _printable(text).replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')


def _style(node: Node, result: str) -> str:
    fill = "#fff8c5" if node.name == result else "" if node.formula else "#ddf4ff"
    return f', fillcolor="{fill}"' if fill else ""


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)
