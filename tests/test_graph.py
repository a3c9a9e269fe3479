"""Computation graphs: the numbers on them, drawings whose wires are followed from box to box, and sources nothing can break."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import backcheck
from backcheck.errors import BadArgument
from backcheck.spelling import to_ascii
from backcheck.writing.graph import Graph, graph
from backcheck.writing.graph_layout import centres, layered, wires
from backcheck.writing.graph_source import dot, mermaid
from backcheck.writing.graph_svg import svg
from backcheck.writing.graph_text import columns, drawn
from backcheck.writing.graph_wires import Net, tracks

SVG = "{http://www.w3.org/2000/svg}"


def graph_of(expression: str, **at: float) -> Graph:
    values = ", ".join(f"{name}: {value}" for name, value in at.items())
    return graph(backcheck.step(backcheck.loads(f"expression: {expression}\nat: {{{values}}}")))


def parsed(found: Graph) -> ET.Element:
    return ET.fromstring(svg(found))  # noqa: S314 - it is our own


def example() -> Graph:
    return graph_of("ln(x) + exp(y)*z", x=1, y=3, z=2)


def test_the_worked_example_has_its_published_numbers() -> None:
    found = example()
    assert {node.name: node.number for node in found.nodes} == {
        "x": "1", "y": "3", "z": "2", "h1": "0", "h2": "20.0855", "h3": "40.1711", "f": "40.1711",
    }  # fmt: skip
    assert [(edge.source, edge.target, edge.says) for edge in found.edges] == [
        ("x", "h1", "∂h1/∂x = 1"),
        ("y", "h2", "∂h2/∂y = 20.0855"),
        ("h2", "h3", "∂h3/∂h2 = 2"),
        ("z", "h3", "∂h3/∂z = 20.0855"),
        ("h1", "f", "∂f/∂h1 = 1"),
        ("h3", "f", "∂f/∂h3 = 1"),
    ]
    slopes = {node.slope_name: node.slope_number for node in found.nodes}
    assert slopes["df/dx"], slopes["df/dy"] == ("1", "40.1711")
    assert slopes["df/dz"] == "20.0855"


@st.composite
def problems(draw: st.DrawFn) -> Graph:
    """A graph in which every line reads the variables and some of the lines before it."""
    variables = [f"x{i}" for i in range(draw(st.integers(1, 4)))]
    known, lines = [*variables], []
    for i in range(draw(st.integers(1, 9))):
        shape = draw(st.sampled_from(["{}*{}", "{} + {}", "{} - {}", "sin({})"]))
        lines.append(f"  v{i}: " + shape.format(*(draw(st.sampled_from(known)) for _ in range(2))))
        known.append(f"v{i}")
    values = ", ".join(f"{name}: {i}.5" for i, name in enumerate(variables, 1))
    return graph(backcheck.step(backcheck.loads("\n".join(["let:", *lines, f"at: {{{values}}}"]))))


@settings(max_examples=150, deadline=None)
@given(problems())
def test_the_slope_of_a_node_is_the_sum_over_its_wires(found: Graph) -> None:
    slope = {node.name: 1.0 if node.name == found.result else node.slope for node in found.nodes}
    for node in found.nodes:
        if node.name != found.result:
            through = sum((edge.value or 0) * (slope[edge.target] or 0) for edge in found.edges if edge.source == node.name)
            assert node.slope == pytest.approx(through, rel=1e-12, abs=1e-12)


@settings(max_examples=150, deadline=None)
@given(problems())
def test_every_wire_of_a_drawing_leads_where_it_should(found: Graph) -> None:
    picture = drawn(found, 400)
    assert picture.startswith((" ", "╭"))
    assert followed(picture) == {(edge.source, edge.target) for edge in found.edges}


OPEN = {
    "│": "ud",
    "─": "lr",
    "╰": "ur",
    "╯": "ul",
    "╭": "dr",
    "╮": "dl",
    "├": "udr",
    "┤": "udl",
    "┬": "lrd",
    "┴": "lru",
    "┼": "udlr",
}
STEP = {"u": (-1, 0), "d": (1, 0), "l": (0, -1), "r": (0, 1)}
BACK = dict(zip("udlr", "durl", strict=True))


def followed(picture: str) -> set[tuple[str, str]]:
    """Which box is wired to which, by following the lines of a drawing; a line that meets │ from the side passes under it."""
    lines = picture.split("\n\n", maxsplit=1)[0].splitlines()
    boxes = {}  # (row of the upper or lower edge, column) → name
    for row, line in enumerate(lines):
        for name in re.finditer(r"│ (\w+) = ", line):
            right = line.index("│", name.start() + 1)
            bottom = next(r for r in range(row, len(lines)) if lines[r][name.start()] == "╰")
            for column in range(name.start(), right + 1):
                boxes[row - 1, column] = boxes[bottom, column] = name[1]
    found = set()
    for (row, column), name in boxes.items():
        if lines[row][column] == "┬":
            found |= {(name, boxes[end]) for end in ends(lines, (row, column), boxes.keys())}
    return found


def ends(lines: list[str], start: tuple[int, int], edges: object) -> set[tuple[int, int]]:
    pending, seen, reached = [(start, "d")], set(), set()
    while pending:
        place, way = pending.pop()
        row, column = place[0] + STEP[way][0], place[1] + STEP[way][1]
        sign = lines[row][column]
        if ((row, column), way) in seen:
            continue
        seen.add(((row, column), way))
        if (row, column) in edges:  # type: ignore[operator]
            assert (sign, way) == ("┴", "d")
            reached.add((row, column))
        elif sign == "│" and way in "lr":
            pending.append(((row, column), way))
        else:
            assert BACK[way] in OPEN[sign], (row, column, sign, way)
            pending += [((row, column), on) for on in OPEN[sign] if on != BACK[way]]
    return reached


@settings(max_examples=60, deadline=None)
@given(problems(), st.integers(20, 120))
def test_a_drawing_is_no_wider_than_its_screen_and_holds_in_ascii(found: Graph, width: int) -> None:
    lines = drawn(found, width).splitlines()
    assert max(map(columns, lines)) <= width
    ascii = to_ascii("\n".join(lines))
    assert "?" not in ascii
    assert [len(line) for line in ascii.splitlines()] == [len(line) for line in lines]


def test_powers_and_greek_letters_keep_the_frames_straight_in_ascii() -> None:
    picture = drawn(graph_of("sigmoid(x)**2 + δ", x=0, δ=2), 100)
    assert "h2 = h1^2" in picture
    assert "f = h2 + delta" in picture
    assert [len(line) for line in to_ascii(picture).splitlines()] == [len(line) for line in picture.splitlines()]


def test_the_example_fits_a_screen_of_80_columns_with_every_partial_named() -> None:
    assert all(edge.says in drawn(example(), 80) for edge in example().edges)


def test_labels_become_numbers_and_then_a_list_as_the_screen_narrows() -> None:
    found = graph_of("exp(x)*exp(y)", x=4, y=7)
    assert "│ ∂h1/∂x = 54.5982" in drawn(found, 70)
    by_value = drawn(found, 54)
    assert "│ 54.5982" in by_value
    assert "Beside a wire" in by_value
    without_slopes = drawn(found, 36)
    assert "│ ∂f/∂x" not in without_slopes
    assert "∂f/∂x = 59874.1" in without_slopes
    assert followed(without_slopes) == {("x", "h1"), ("y", "h2"), ("h1", "f"), ("h2", "f")}
    assert drawn(found, 24).splitlines()[:3] == ["x = 4", "    ∂f/∂x = 59874.1", "y = 7"]


def test_each_way_to_draw_has_its_width() -> None:
    found = graph(backcheck.step(backcheck.load("problems/shared-variable.yaml")))
    ways = dict.fromkeys(way(drawn(found, width)) for width in range(100, 23, -1))
    assert list(ways) == [
        ("named", True),
        ("valued", True),
        ("marked", True),
        ("valued", False),
        ("marked", False),
        ("listed", False),
    ]


def way(picture: str) -> tuple[str, bool]:
    if "╭" not in picture:
        return "listed", False
    labels = "marked" if "[1] ∂a/∂x" in picture else "valued" if "Beside" in picture else "named"
    return labels, "│ ∂f/∂x" in picture


def test_names_of_two_columns_take_two_columns() -> None:
    lines = drawn(graph_of("变*x", 变=2, x=3), 80).splitlines()
    assert lines[1] == "│ 变 = 2     │   │ x = 3     │"
    assert columns(lines[0]) == columns(lines[1])


def test_a_partial_without_a_value_is_said_to_be_undefined() -> None:
    found = graph_of("sqrt(x) + y", x=0, y=1)
    assert "∂h1/∂x = undefined" in drawn(found, 80)
    assert next(edge.value for edge in found.edges) is None
    parsed(found)


def test_too_many_nodes_and_networks_are_refused() -> None:
    with pytest.raises(BadArgument, match="209 nodes, and more than 200 are not drawn"):
        graph_of("+".join(f"x{i}" for i in range(105)), **{f"x{i}": 1 for i in range(105)})
    network = backcheck.step(backcheck.load("problems/one-step-squared-error.yaml"))
    with pytest.raises(BadArgument, match="not of a network"):
        graph(network)


@settings(max_examples=60, deadline=None)
@given(problems())
def test_boxes_and_words_of_the_picture_stand_clear_of_each_other(found: Graph) -> None:
    root = parsed(found)
    spans = [extent(node) for node in root.iter() if node.tag in (SVG + "rect", SVG + "text") and node.get("class") != "paper"]
    boxes, words = [s for s in spans if s[0] == "rect"], [s for s in spans if s[0] == "text"]
    assert not any(overlap(a, b) for i, a in enumerate(boxes) for b in boxes[:i])
    assert not any(overlap(a, b) for i, a in enumerate(words) for b in words[:i])


def extent(node: ET.Element) -> tuple[str, float, float, float, float]:
    x, y = float(node.get("x", 0)), float(node.get("y", 0))
    if node.tag == SVG + "rect":
        return "rect", x, y, x + float(node.get("width", 0)), y + float(node.get("height", 0))
    wide = columns("".join(node.itertext())) * (7.2 if "small" in node.get("class", "") else 8.4)
    left = x - wide / 2 if node.get("text-anchor") == "middle" else x
    return "text", left, y - 9, left + wide, y + 2


def overlap(a: tuple[str, float, float, float, float], b: tuple[str, float, float, float, float]) -> bool:
    return a[1] < b[3] and b[1] < a[3] and a[2] < b[4] and b[2] < a[4]


def test_the_picture_says_everything_and_needs_nothing_from_outside() -> None:
    text = svg(example())
    words = ["".join(node.itertext()) for node in parsed(example()).iter(SVG + "text")]
    for node in example().nodes:
        assert (f"{node.name} = {node.formula}" if node.formula else node.name) in words
        assert not node.slope_name or node.slope_says in words
    assert all(edge.says in words for edge in example().edges)
    assert not re.search(r"href|url\(|@import|<script|<image", text)


EVIL = 'a "title" </style><script>alert(1)</script> & \\" $x$ `code` #35; \x07'


def test_a_title_can_break_out_of_no_source() -> None:
    quoted = "'" + EVIL.replace("\x07", "").replace("'", "''") + "'"
    found = graph(backcheck.step(backcheck.loads(f"title: {quoted}\nexpression: x\nat: {{x: 1}}")))._replace(title=EVIL)
    root = parsed(found)
    assert not list(root.iter(SVG + "script"))
    assert "</style><script>" in str(root.findtext(SVG + "title"))
    label = re.search(r'^    label="(.*)"; labelloc', dot(found), re.M)
    assert label
    assert not re.search(r'(?<!\\)(?:\\\\)*"', label[1])
    assert mermaid(found).splitlines()[1] == "title: '" + EVIL.replace("\x07", " ") + "'"


def test_mermaid_and_dot_name_every_node_and_wire() -> None:
    assert mermaid(example()).splitlines()[:4] == [
        "flowchart LR",
        '    n1[/"x = 1<br/>∂f/∂x = 1"/]',
        '    n2[/"y = 3<br/>∂f/∂y = 40.1711"/]',
        '    n3[/"z = 2<br/>∂f/∂z = 20.0855"/]',
    ]
    assert '    n5 -->|"∂h3/∂h2 = 2"| n6' in mermaid(example()).splitlines()
    assert '    n5 -> n6 [label="∂h3/∂h2 = 2"];' in dot(example()).splitlines()
    assert 'label="h3 = h2·z = 40.1711\\n∂f/∂h3 = 1"' in dot(example())


def test_what_mermaid_could_read_as_a_command_is_written_by_its_number() -> None:
    assert '"f = x#95;#95;y#94;2 = 9<br/>' not in mermaid(graph_of("x__y**2", x__y=3))
    assert "f = x#95;#95;y² = 9" in mermaid(graph_of("x__y**2", x__y=3))


def test_a_tree_is_drawn_without_crossings_and_a_chain_is_straight() -> None:
    assert "─│─" not in drawn(graph_of("a*b + c*d + p*q + r*s", a=1, b=2, c=3, d=4, p=5, q=6, r=7, s=8), 300)
    chain = drawn(graph_of("exp(sin(tanh(x)))", x=1), 80)
    assert not set("┼├┤") & set(chain)
    assert followed(chain) == {("x", "h1"), ("h1", "h2"), ("h2", "f")}


def test_nodes_stand_just_before_their_first_reader() -> None:
    layers, routes = layered({"x": (), "y": (), "z": (), "h": ("x",), "g": ("h", "y"), "f": ("g", "z", "x")}, "f")
    assert [set(layer) for layer in layers] == [{"x"}, {"h", "y", "x → 1"}, {"g", "z", "x → 2"}, {"f"}]
    assert routes["x", "f"] == ("x", "x → 1", "x → 2", "f")


def test_centres_keep_order_gap_and_room() -> None:
    layers = (("a", "b", "c"), ("d",))
    at = centres(layers, wires([("a", "d"), ("b", "d"), ("c", "d")]), dict.fromkeys("abcd", (2.0, 3.0)), 1.0, 40.0)
    assert at["b"] - at["a"] >= 6
    assert at["c"] - at["b"] >= 6
    assert at["d"] == pytest.approx(at["b"])
    assert at["a"] >= 2
    assert at["c"] <= 37


def test_wires_that_would_run_into_each_other_both_ways_are_not_drawn() -> None:
    assert tracks([Net(0, (6,)), Net(6, (0,))]) is None
    assert tracks([Net(0, (3,)), Net(5, (9,))]) == {Net(0, (3,)): 0, Net(5, (9,)): 0}


@pytest.mark.parametrize("file", ["computation-graph.yaml", "shared-variable.yaml"])
def test_the_problems_of_the_package_are_drawn(file: str) -> None:
    found = graph(backcheck.step(backcheck.load(str(Path("problems") / file))))
    assert followed(drawn(found, 100)) == {(edge.source, edge.target) for edge in found.edges}
    parsed(found)


def test_whether_a_number_has_a_name() -> None:
    done = backcheck.step(backcheck.load("problems/one-step-squared-error.yaml"))
    assert all(name in done for name in ("dL/dw5", "L", "z1[1]", "w5'"))
    assert not any(name in done for name in ("dL/dw9", "W1", "W1[3,1]", 0))
