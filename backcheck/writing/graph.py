"""A worked expression → its computation graph: every quantity a node, every local partial an edge; it draws nothing."""

from __future__ import annotations

from typing import NamedTuple

from backcheck.cells import VIA
from backcheck.errors import BadArgument, Undefined
from backcheck.lines import line
from backcheck.roads.work import WorkedSheet
from backcheck.spelling import SCREEN, Figures, spell
from backcheck.worksheet import Phase, Row
from backcheck.writing.graph_layout import Layers, layered

MOST_NODES = 200  # more than that nobody reads as a picture
FIGURES = Figures(digits=6)
NO_VALUE = "undefined"


class Node(NamedTuple):
    """A quantity: `h3 = h2·z`, its value, and ∂f/∂h3 (None where that has no value, or is the result's own)."""

    name: str
    layer: int
    formula: str  # empty for what was given
    value: float
    number: str  # the value as it is shown
    slope: float | None
    slope_name: str  # dL/dh3; empty for the result
    slope_number: str

    @property
    def says(self) -> str:
        """`h3 = h2·z`, or `x = 1` where a number was given."""
        return f"{self.name} = {self.formula or self.number}"

    @property
    def slope_says(self) -> str:
        """`∂f/∂h3 = 1`"""
        return f"{SCREEN.name(self.slope_name)} = {self.slope_number}" if self.slope_name else ""


class Edge(NamedTuple):
    """One operation reads one quantity: its local partial, and the slots that the wire passes."""

    source: str
    target: str
    name: str  # dh3/dh2, or df/dx via f where ∂f/∂x has further paths
    value: float | None
    number: str
    route: tuple[str, ...]  # from the source to the target; what is no node is a place kept free for the wire

    @property
    def says(self) -> str:
        """`∂h3/∂h2 = 2`"""
        return f"{SCREEN.name(self.name)} = {self.number}"


class Graph(NamedTuple):
    """Nodes in the order of evaluation; `layers` holds nodes and free places from left to right."""

    title: str
    result: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    layers: Layers


def graph(done: WorkedSheet, figures: Figures = FIGURES) -> Graph:
    """The graph of a worked expression.

    >>> from backcheck.api import loads, step
    >>> found = graph(step(loads("{expression: x*y + x, at: {x: 1, y: 3}}")))
    >>> [node.says for node in found.nodes], [edge.says for edge in found.edges]
    (['x = 1', 'y = 3', 'h1 = x·y', 'f = h1 + x'], ['∂h1/∂x = 3', '∂h1/∂y = 1', '∂f/∂h1 = 1', '∂f/∂x via f = 1'])
    """
    sheet = done.sheet
    if sheet.names.output:
        raise BadArgument("a graph is drawn of an expression, not of a network: `backcheck step` writes one line by line")
    rows = [row for row in sheet.in_phase(Phase.GIVEN, Phase.FORWARD) if row.name != "eta"]
    if len(rows) > MOST_NODES:
        many = f"this graph has {len(rows):,} nodes, and more than {MOST_NODES} are not drawn"
        raise BadArgument(f"{many}: `backcheck step` writes them line by line")
    parents = {row.name: row.parents for row in rows}
    layers, routes = layered(parents, sheet.result)
    at = {name: i for i, layer in enumerate(layers) for name in layer}
    nodes = tuple(_node(done, row, at[row.name], figures) for row in rows)
    edges = tuple(_edge(done, v, row.name, routes[v, row.name], figures) for row in rows for v in row.parents)
    return Graph(sheet.title, sheet.result, nodes, edges, layers)


def _node(done: WorkedSheet, row: Row, layer: int, figures: Figures) -> Node:
    found = line(done, row, ())
    formula = spell(found.formula, SCREEN.name, SCREEN) if found.formula else ""
    number = done.sheet.names.written.get((row.name, ())) or figures(found.value)
    slope_name = "" if row.name == done.sheet.result else f"d{done.sheet.result}/d{row.name}"
    slope, slope_number = _partial(done, slope_name, figures) if slope_name else (None, "")
    return Node(row.name, layer, formula, found.value, _signed(number), slope, slope_name, slope_number)


def _edge(done: WorkedSheet, v: str, node: str, route: tuple[str, ...], figures: Figures) -> Edge:
    """The wire from v into an operation; straight into the result it may be one of several paths, and is called so."""
    whole = f"d{node}/d{v}"
    name = path if (path := f"{whole}{VIA}{node}") in done.sheet else whole
    value, number = _partial(done, name, figures)
    return Edge(v, node, name, value, number, route)


def _partial(done: WorkedSheet, name: str, figures: Figures) -> tuple[float | None, str]:
    try:
        value = float(done.array(name))
    except Undefined:
        return None, NO_VALUE
    return value, _signed(figures(value))


def _signed(number: str) -> str:
    return number.replace("-", SCREEN.minus)
