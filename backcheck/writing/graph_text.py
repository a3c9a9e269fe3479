"""A computation graph → a drawing in lines of text, from the variables down to the result; it knows no colours.

Signs that have no ASCII spelling of the same length are left out, so that the drawing holds in ASCII too.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import floor
from textwrap import dedent
from typing import NamedTuple
from unicodedata import east_asian_width

from backcheck.spelling import ASCII
from backcheck.writing.graph import Edge, Graph, Node
from backcheck.writing.graph_layout import centres, wires
from backcheck.writing.graph_wires import Canvas, Net, routed
from backcheck.writing.text import wrapped

EVEN = str.maketrans({sign: ascii for sign, ascii in ASCII.items() if len(ascii) != 1})
GAP = 3  # free columns between neighbours: two ports may each move one column, and a blank is left
BESIDE = "Beside a wire: the partial of the box that it enters by the box that it leaves."

Labels = dict[tuple[str, str], str]  # (source, target) → what stands beside the wire


class Box(NamedTuple):
    """A node as it is drawn: its lines, and the columns, from its left edge, at which wires enter."""

    lines: tuple[str, ...]
    width: int
    ports: dict[str, int]  # the node that is read → its column
    before: int  # columns that it takes left of its middle, with the labels beside its wires
    after: int

    @property
    def middle(self) -> int:
        return self.width // 2

    def left_of(self, source: str) -> bool:
        """Whether the label of a wire stands left of it."""
        return self.ports[source] < self.middle


def drawn(graph: Graph, width: int) -> str:
    """The graph with boxes and wires, or, where it does not fit the width, every quantity with its partials below it."""
    for labels, slopes, legend in _ways(graph):
        boxes = _boxes(graph, labels, slopes)
        if (room := _widest(graph, boxes)) <= width and (picture := _drawing(graph, boxes, labels, min(width, 2 * room))):
            return "\n".join([picture, *_wrapped(legend, width)])
    return listed(graph, width)


def listed(graph: Graph, width: int) -> str:
    """Every quantity in the order of evaluation, and below it the partials of its operation."""
    lines = []
    for node in graph.nodes:
        lines += wrapped(" = ".join([node.says, *([node.number] if node.formula else [])]), width)
        edges = [edge.says for edge in graph.edges if edge.target == node.name]
        says = [*edges, *([node.slope_says] if node.slope_name else [])]
        lines += [f"    {part}" for line in says for part in wrapped(line, max(1, width - 4))]
    return "\n".join(lines)


def columns(text: str) -> int:
    """The columns of a text on screen; signs of East Asia take two."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _wrapped(legend: list[str], width: int) -> list[str]:
    lines = [line for says in legend for line in wrapped(says, width, between_words=True)]
    return ["", *lines] if lines else []


def _ways(graph: Graph) -> Iterator[tuple[Labels, bool, list[str]]]:
    """What stands beside the wires, whether boxes hold the slopes, and what is said below the drawing: the widest first."""
    named = {edge[:2]: edge.says.translate(EVEN) for edge in graph.edges}
    valued = {edge[:2]: edge.number.translate(EVEN) for edge in graph.edges}
    marked = {edge[:2]: f"[{i}]" for i, edge in enumerate(graph.edges, 1)}
    partials = [f"[{i}] {edge.says}" for i, edge in enumerate(graph.edges, 1)]
    slopes = [node.slope_says for node in graph.nodes if node.slope_name]
    yield named, True, []
    yield valued, True, [BESIDE]
    yield marked, True, partials
    yield valued, False, [BESIDE, *slopes]
    yield marked, False, [*partials, *slopes]


def _boxes(graph: Graph, labels: Labels, slopes: bool) -> dict[str, Box]:
    place = {slot: i for layer in graph.layers for i, slot in enumerate(layer)}
    entering: dict[str, list[Edge]] = {node.name: [] for node in graph.nodes}
    for edge in sorted(graph.edges, key=lambda edge: place[edge.route[-2]]):
        entering[edge.target].append(edge)
    return {node.name: _box(tuple(_says(node, slopes)), entering[node.name], labels) for node in graph.nodes}


def _box(lines: tuple[str, ...], edges: list[Edge], labels: Labels) -> Box:
    """Two wires enter at a quarter and three quarters, their labels on the outside; one enters in the middle."""
    width = max(map(columns, lines)) + 4
    half, quarter = width // 2, width // 4
    ports = [half] if len(edges) == 1 else [quarter, width - 1 - quarter]
    sizes = [columns(labels[edge[:2]]) for edge in edges]
    before, after = half, width - half
    if edges:
        after = max(after, ports[-1] + 2 + sizes[-1] - half)
    if len(edges) > 1:
        before = max(before, half - ports[0] + 1 + sizes[0])
    return Box(lines, width, dict(zip((edge.source for edge in edges), ports, strict=False)), before, after)


def _says(node: Node, slope: bool) -> Iterator[str]:
    yield node.says.translate(EVEN)
    if node.formula:
        yield f"= {node.number}"
    if node.slope_name and slope:
        yield node.slope_says.translate(EVEN)


def _extents(graph: Graph, boxes: dict[str, Box]) -> dict[str, tuple[int, int]]:
    slots = (slot for layer in graph.layers for slot in layer)
    return {slot: (boxes[slot].before, boxes[slot].after) if slot in boxes else (0, 1) for slot in slots}


def _widest(graph: Graph, boxes: dict[str, Box]) -> int:
    """The columns that the widest layer needs."""
    extents = _extents(graph, boxes)
    return 2 + max(sum(map(sum, (extents[slot] for slot in layer))) + GAP * (len(layer) - 1) for layer in graph.layers)


def _drawing(graph: Graph, boxes: dict[str, Box], labels: Labels, room: int) -> str:
    """The picture; nothing if the wires of a layer cannot be told apart."""
    below, above = wires(edge.route for edge in graph.edges)
    found = centres(graph.layers, (below, above), _extents(graph, boxes), GAP, room - 2)
    at = {slot: 1 + floor(x) for slot, x in found.items()}  # a column is left free on either side, see _port
    ports = {edge.route[-2:]: _port(boxes[edge.target], edge, at) for edge in graph.edges}
    canvas = Canvas()
    for layer in graph.layers:
        top = len(canvas.lines)
        _draw_boxes(canvas, {slot: boxes.get(slot) for slot in layer}, at, below)
        for edge in graph.edges:
            if edge.target in layer:
                canvas.put(top, ports[edge.route[-2:]], "┴")
        nets = [Net(at[slot], tuple(ports.get((slot, end), at[end]) for end in below[slot])) for slot in layer if slot in below]
        if not routed(canvas, nets):
            return ""
        if nets:
            row = canvas.grow(1)
            for column in {end for net in nets for end in net.ends}:
                canvas.put(row, column, "│")
            for edge in graph.edges:
                if edge.route[-2] in layer:
                    _put_label(canvas, row, ports[edge.route[-2:]], labels[edge[:2]], boxes[edge.target].left_of(edge.source))
    return dedent(str(canvas))


def _port(box: Box, edge: Edge, at: dict[str, int]) -> int:
    """Where a wire enters: in its place, or in the next column, if it comes straight down there."""
    port, source = at[edge.target] - box.middle + box.ports[edge.source], at[edge.route[-2]]
    return source if abs(source - port) == 1 else port


def _put_label(canvas: Canvas, row: int, port: int, label: str, before: bool) -> None:
    _write(canvas, row, port - 1 - columns(label) if before else port + 2, label)


def _write(canvas: Canvas, row: int, column: int, text: str) -> None:
    for sign in text:
        canvas.put(row, column, [sign, ""][: columns(sign)])
        column += columns(sign)


def _draw_boxes(canvas: Canvas, slots: dict[str, Box | None], at: dict[str, int], below: dict[str, list[str]]) -> None:
    """The boxes of a layer, and the wires that pass between them; what wires enter hangs from above, the rest stands below."""
    high = max(len(box.lines) for box in slots.values() if box) + 2
    top = canvas.grow(high)
    for slot, box in slots.items():
        if box:
            _draw_box(canvas, top + (0 if box.ports else high - len(box.lines) - 2), at[slot] - box.middle, box, slot in below)
        else:
            for row in range(top, top + high):
                canvas.put(row, at[slot], "│")


def _draw_box(canvas: Canvas, row: int, left: int, box: Box, read: bool) -> None:
    canvas.put(row, left, "╭" + "─" * (box.width - 2) + "╮")
    for i, line in enumerate(box.lines, row + 1):
        canvas.put(i, left, "│" + " " * (box.width - 2) + "│")
        _write(canvas, i, left + 2, line)
    canvas.put(row + len(box.lines) + 1, left, "╰" + "─" * (box.width - 2) + "╯")
    if read:
        canvas.put(row + len(box.lines) + 1, left + box.middle, "┬")
