"""A computation graph → one SVG picture that needs nothing else, from left to right, for light and dark pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from xml.sax.saxutils import escape

from backcheck.writing.graph import Edge, Graph, Node
from backcheck.writing.graph_layout import centres, wires
from backcheck.writing.graph_text import columns

BIG, SMALL = 8.43, 7.23  # the advance of a sign at 14 and at 12 pixels: 0.602 of the size in the usual fixed-width fonts
HIGH, BELOW, PITCH = 50.0, 20.0, 26.0  # a box, the line under it, and the air between two
PASSING = 6.0  # half of what a wire takes when it passes a layer
CURVE, HEAD, MARGIN = 48.0, 9.0, 24.0
# class → its colours on a light page, and on a dark one; plain rules, because not every viewer knows variables
COLOURS = {
    ".paper": ("fill: #ffffff", "fill: #0d1117"),
    ".box": ("fill: #f6f8fa; stroke: #8c959f", "fill: #161b22; stroke: #768390"),
    ".given": ("fill: #ddf4ff; stroke: #54aeff", "fill: #0c2d4f; stroke: #388bfd"),
    ".result": ("fill: #fff8c5; stroke: #bf8700", "fill: #341a00; stroke: #d29922"),
    ".wire": ("stroke: #8c959f", "stroke: #768390"),
    ".head": ("fill: #8c959f", "fill: #768390"),
    "text": ("fill: #1f2328", "fill: #e6edf3"),
    ".value": ("fill: #0550ae", "fill: #79c0ff"),
    ".local": ("fill: #6639ba", "fill: #d2a8ff"),
    ".slope": ("fill: #bc4c00", "fill: #ffa657"),
}
SHAPES = """text { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 14px; }
.small { font-size: 12px; }
.title { font-family: system-ui, "Segoe UI", "DejaVu Sans", sans-serif; font-size: 16px; font-weight: 600; }
.box { stroke-width: 1.25; } .wire { fill: none; stroke-width: 1.5; }"""


class Place(NamedTuple):
    """Where a slot is drawn: the middle of its left side, its width, and the room left of it for labels."""

    x: float
    y: float
    width: float
    lane: float

    @property
    def right(self) -> float:
        return self.x + self.width


def svg(graph: Graph) -> str:
    """The picture: in a box its formula and value, on a wire the local partial, under a box the slope of the result by it."""
    top = MARGIN + (34 if graph.title else 0)
    places, below = _places(graph, top)
    wide = max(9.6 * columns(graph.title), SMALL * columns(" · ".join(says for _, says in _legend(graph.result))))
    width = MARGIN + max(MARGIN + wide, *(place.right for place in places.values()))
    height = below + 2 * MARGIN
    lines = [
        f"<title>{_escaped(graph.title or 'Computation graph')}</title>",
        f"<desc>{_escaped('; '.join(node.says for node in graph.nodes))}</desc>",
        f"<style>\n{_style()}\n</style>",
        f'<rect class="paper" width="{width:.0f}" height="{height:.0f}" rx="8"/>',
        *([_text(MARGIN, MARGIN + 14, graph.title, "title")] if graph.title else []),
        *(line for edge in graph.edges for line in _wire(edge, places, *_entering(edge, graph, places))),
        *(line for node in graph.nodes for line in _box(node, places[node.name], node.name == graph.result)),
        _explained(graph.result, height - MARGIN + 4),
    ]
    size = f'viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}"'
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">', *lines, "</svg>\n"])


def _style() -> str:
    light, dark = (" ".join(f"{kind} {{ {pair[i]} }}" for kind, pair in COLOURS.items()) for i in (0, 1))
    return f"{SHAPES}\n{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}"


def _escaped(text: str) -> str:
    """Text of a picture; what XML cannot hold is shown as a question mark."""
    return escape("".join(sign if sign.isprintable() else "?" for sign in text))


def _text(x: float, y: float, text: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{_escaped(text)}</text>'


def _legend(result: str) -> tuple[tuple[str, str], ...]:
    return (("value", "value in a box"), ("local", "local partial on a wire"), ("slope", f"∂{result}/∂… under its box"))


def _explained(result: str, y: float) -> str:
    spans = " · ".join(f'<tspan class="{kind}">{_escaped(says)}</tspan>' for kind, says in _legend(result))
    return f'<text class="small" x="{MARGIN:.1f}" y="{y:.1f}">{spans}</text>'


def _places(graph: Graph, top: float) -> tuple[dict[str, Place], float]:
    """Every slot's place, and how far down the picture reaches."""
    nodes = {node.name: node for node in graph.nodes}
    box, wire = (HIGH / 2, HIGH / 2 + BELOW), (PASSING, PASSING)
    extents = {slot: box if slot in nodes else wire for layer in graph.layers for slot in layer}
    room = 2 * max(sum(map(sum, (extents[slot] for slot in layer))) + PITCH * len(layer) for layer in graph.layers)
    found = centres(graph.layers, wires(edge.route for edge in graph.edges), extents, PITCH, room)
    above = min(place - extents[slot][0] for slot, place in found.items())
    at = {slot: place - above for slot, place in found.items()}
    places, x = {}, MARGIN
    for i, layer in enumerate(graph.layers):
        lane = max((SMALL * columns(edge.says) + HEAD + 12 for edge in graph.edges if edge.target in layer), default=0.0)
        width = max(_width(nodes[slot]) for slot in layer if slot in nodes)
        x += lane + CURVE * (i > 0)
        places.update({slot: Place(x, top + at[slot], width, lane) for slot in layer})
        x += width
    return places, top + max(place + extents[slot][1] for slot, place in at.items())


def _width(node: Node) -> float:
    return max(BIG * max(columns(node.says), columns(node.number)) + 24, SMALL * columns(node.slope_says) + 4)


def _box(node: Node, place: Place, result: bool) -> Iterator[str]:
    x, y, middle = place.x, place.y, place.x + place.width / 2
    kind = "box result" if result else "box" if node.formula else "box given"
    yield f'<rect class="{kind}" x="{x:.1f}" y="{y - HIGH / 2:.1f}" width="{place.width:.1f}" height="{HIGH:.0f}" rx="8"/>'
    yield _text(middle, y - 5, f"{node.name} = {node.formula}" if node.formula else node.name, "", "middle")
    yield _text(middle, y + 15, node.number, "value", "middle")
    if node.slope_name:
        yield _text(middle, y + HIGH / 2 + 15, node.slope_says, "small slope", "middle")


def _entering(edge: Edge, graph: Graph, places: dict[str, Place]) -> tuple[float, bool]:
    """Where a wire meets the box it enters, those from above meeting it above; and whether it is the lowest of several."""
    others = sorted((places[e.route[-2]].y, e.source) for e in graph.edges if e.target == edge.target)
    at = others.index((places[edge.route[-2]].y, edge.source)) + 1
    return places[edge.target].y + HIGH * (at / (len(others) + 1) - 0.5), at == len(others) > 1


def _wire(edge: Edge, places: dict[str, Place], port: float, lowest: bool) -> Iterator[str]:
    """From the right side of a box, through its free places, to the next; the label lies along the last, level piece."""
    source, target = places[edge.source], places[edge.target]
    path, x, y = [f"M{source.right:.1f} {source.y:.1f}"], source.right, source.y
    for place in map(places.__getitem__, edge.route[1:-1]):
        path += [_curve(x, y, place.x - place.lane, place.y), f"H{place.right:.1f}"]
        x, y = place.right, place.y
    level = target.x - target.lane
    path += [_curve(x, y, level, port), f"H{target.x - HEAD + 1:.1f}"]
    yield f'<path class="wire" d="{" ".join(path)}"/>'
    yield f'<path class="head" d="M{target.x:.1f} {port:.1f}l{-HEAD:.1f} -4.5v9z"/>'
    yield _text((level + target.x - HEAD) / 2, port + (14 if lowest else -5), edge.says, "small local", "middle")


def _curve(x: float, y: float, to_x: float, to_y: float) -> str:
    half = (x + to_x) / 2
    return f"C{half:.1f} {y:.1f} {half:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}"
