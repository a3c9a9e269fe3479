"""The text of a problem file → a tree of nodes that remember line, column and every digit; it knows no networks.

YAML is read as a stream of events and the tree is built in a loop, so that depth, size, aliases and repeated keys can be
refused before they cost anything, and `0.3510` keeps its last zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from backcheck.errors import BadProblem, Fault

LARGEST, DEEPEST, MOST = 16 * 2**20, 24, 2_000_000  # bytes, brackets inside each other, values
MOST_FAULTS = 100  # nobody reads more, and looking for near names takes its time
NOT_IN_YAML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Reader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Node:
    """A place in the file."""

    __slots__ = ("column", "line", "width")

    def __init__(self, line: int, column: int, width: int = 1) -> None:
        self.line, self.column, self.width = line, column, width

    def fault(self, says: str, way_out: str = "") -> Fault:
        return Fault(self.line, self.column, says, way_out, self.width)


class Scalar(Node):
    """A word or a number, as it was written."""

    __slots__ = ("quoted", "text")
    __match_args__ = ("text",)

    def __init__(self, line: int, column: int, width: int, text: str, quoted: bool = False) -> None:
        super().__init__(line, column, width)
        self.text, self.quoted = text, quoted


class List(Node):
    """[…], or lines beginning with -"""

    __slots__ = ("items",)

    def __init__(self, line: int, column: int) -> None:
        super().__init__(line, column)
        self.items: list[Node] = []


class Map(Node):
    """{name: value}, or lines of that form"""

    __slots__ = ("pairs", "seen")

    def __init__(self, line: int, column: int) -> None:
        super().__init__(line, column)
        self.pairs: list[tuple[Scalar, Node]] = []
        self.seen: dict[str, Scalar] = {}  # each key where it first stands

    def get(self, key: str) -> Node | None:
        return next((value for k, value in self.pairs if k.text == key), None)


def kind(node: Node) -> str:
    """What a node is, in the words of a message."""
    match node:
        case Scalar(text=""):
            return "nothing"
        case Scalar(text=text):
            return f"{text[:40]!r}{'…' if len(text) > 40 else ''}"
        case List():
            return "a list"
    return "a mapping"


def decoded(raw: bytes, file: str) -> str:
    """The bytes as text, or the fault that they are none."""
    if len(raw) > LARGEST:
        says = f"the file is too large: a problem file has at most {LARGEST:,} bytes"
        raise BadProblem(file, [Fault(1, 1, says, "put large arrays into an .npz or .csv file: weights: {file: w.npz, key: W1}")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = len(raw[raw.rfind(b"\n", 0, error.start) + 1 : error.start].decode()) + 1
        says = f"this is no text: byte 0x{raw[error.start]:02x} is not UTF-8"
        raise BadProblem(file, [Fault(line, column, says, "a problem is a YAML file, saved as UTF-8")]) from None
    if "\0" in text:
        line, column = (
            text.count("\n", 0, text.index("\0")) + 1,
            text.index("\0") - text.rfind("\n", 0, text.index("\0")),
        )
        raise BadProblem(file, [Fault(line, column, "this is no text: it holds a NUL byte", "a problem is a YAML file")])
    return text


def read(text: str, file: str) -> tuple[Map, list[Fault]]:
    """The tree of a file, and the faults that leave the rest readable; anything worse is raised."""
    faults: list[Fault] = []
    try:
        root = _tree(yaml.parse(text, Loader=Reader), faults)
    except yaml.MarkedYAMLError as error:
        raise BadProblem(file, [*faults, _syntax(error, text)], text) from None
    except yaml.YAMLError:
        raise BadProblem(file, [*faults, _control_character(text)], text) from None
    except _TooMuch as error:
        raise BadProblem(file, [*faults, error.args[0]], text) from None
    if not isinstance(root, Map):
        says = "the file is empty" if root is None else f"a problem is a mapping with keys like layers and loss, not {kind(root)}"
        place = root or Node(1, 1, 1)
        way_out = "begin with a file from problems/, or with: backcheck new 2-3-2"
        raise BadProblem(file, [*faults, place.fault(says, way_out)], text)
    return root, faults


class _TooMuch(Exception):
    """A fault after which reading on makes no sense."""


def _tree(events: Iterator[yaml.Event], faults: list[Fault]) -> Node | None:
    """The one document of the stream, built with a stack of open lists and mappings."""
    open_nodes: list[List | Map] = []
    keys: list[Scalar | None] = []  # for each open mapping the key that waits for its value
    root: Node | None = None
    count = 0
    for event in events:
        if isinstance(event, yaml.CollectionEndEvent):
            open_nodes.pop()
            keys.pop()
            continue
        if isinstance(event, yaml.DocumentStartEvent) and root is not None:
            raise _TooMuch(_at(event).fault("a second document begins here", "one file holds one problem: remove the line ---"))
        if not isinstance(event, yaml.NodeEvent):
            continue
        node = _node(event)
        count += 1
        if count > MOST:
            raise _TooMuch(node.fault(f"the file holds more than {MOST:,} values", "put large arrays into an .npz file"))
        if not open_nodes:
            root = node
        else:
            _attach(open_nodes[-1], keys, node, faults)
        if isinstance(node, List | Map):
            open_nodes.append(node)
            keys.append(None)
            if len(open_nodes) > DEEPEST:
                raise _TooMuch(node.fault(f"more than {DEEPEST} brackets or levels stand inside each other"))
    return root


def _at(event: Any) -> Node:
    return Node(event.start_mark.line + 1, event.start_mark.column + 1, 1)


def _node(event: Any) -> Node:
    start, end = event.start_mark, event.end_mark
    line, column = start.line + 1, start.column + 1
    width = max(1, end.column - start.column) if end.line == start.line else 1
    if isinstance(event, yaml.AliasEvent):
        raise _TooMuch(Fault(line, column, f"an alias, *{event.anchor}: aliases are not read", "write the value out", width))
    if getattr(event, "tag", None) not in (None, "!"):
        raise _TooMuch(
            Fault(
                line,
                column,
                f"a tag, {event.tag.replace('tag:yaml.org,2002:', '!!')[:40]}: tags are not read",
                "write plain numbers, words and lists",
            )
        )
    if isinstance(event, yaml.ScalarEvent):
        return Scalar(line, column, width, event.value, event.style in ('"', "'"))
    return List(line, column) if isinstance(event, yaml.SequenceStartEvent) else Map(line, column)


def _attach(parent: List | Map, keys: list[Scalar | None], node: Node, faults: list[Fault]) -> None:
    if isinstance(parent, List):
        parent.items.append(node)
        return
    key = keys[-1]
    if key is not None:
        parent.pairs.append((key, node))
        keys[-1] = None
        return
    if not isinstance(node, Scalar):
        raise _TooMuch(node.fault(f"a name was expected before the colon, not {kind(node)}"))
    first = parent.seen.setdefault(node.text, node)
    if first is not node:
        faults.append(
            node.fault(f"{kind(node)} stands here for the second time", f"it stands in line {first.line} already: keep one")
        )
        if len(faults) >= MOST_FAULTS:
            raise _TooMuch(node.fault(f"this is fault number {MOST_FAULTS}: reading stops here"))
    keys[-1] = node


def _control_character(text: str) -> Fault:
    """The first character that YAML does not allow."""
    found = NOT_IN_YAML.search(text)
    before = text[: found.start()] if found else ""
    way_out = f"U+{ord(found[0]):04X}: remove it" if found else ""
    return Fault(before.count("\n") + 1, len(before) - before.rfind("\n"), "a control character stands in the file", way_out)


def _syntax(error: Any, text: str) -> Fault:
    """What the YAML reader could not read, in words of ours."""
    mark = error.problem_mark or error.context_mark
    problem = str(error.problem or error.context)
    if error.context_mark and mark.index >= len(text.rstrip()):  # what is open is of more use than the end of the file
        opened = error.context_mark
        says = "this quotation mark is not closed" if "quoted" in str(error.context) else "this bracket is not closed"
        return Fault(opened.line + 1, opened.column + 1, says)
    if text[mark.index : mark.index + 1] == "\t":
        return Fault(mark.line + 1, mark.column + 1, "a tab stands here", "YAML is indented with spaces")
    if "expected ':'" in problem and error.context_mark:
        mark = error.context_mark
    elif "expected key" in problem and text[text.rfind("\n", 0, mark.index) + 1 : mark.index].strip():
        return Fault(mark.line + 1, mark.column + 1, "this cannot stand here", "the value before it is complete")
    says, way_out = next((ours for theirs, ours in SYNTAX.items() if theirs in problem), (f"this is no YAML: {problem}", ""))
    in_a_name = text[mark.index : mark.index + 1] == "[" and text[mark.index - 1].isalnum()
    way_out = IN_QUOTES if in_a_name else _opened(error) or way_out
    return Fault(mark.line + 1, mark.column + 1, says, way_out)


def _opened(error: yaml.MarkedYAMLError) -> str:
    mark = error.context_mark
    if mark is None or "flow" not in str(error.context):
        return ""
    return f"the bracket was opened in line {mark.line + 1}, column {mark.column + 1}"


IN_QUOTES = "inside of brackets a name like z1[1] stands in quotation marks"
ALIKE = "keys of one mapping, and the - of one list, stand exactly below each other"
SYNTAX = {
    "did not find expected ',' or ']'": ("a comma or ] is missing before this", ""),
    "expected ',' or ']'": ("a comma or ] is missing before this", ""),
    "did not find expected ',' or '}'": ("a comma or } is missing before this", ""),
    "expected ',' or '}'": ("a comma or } is missing before this", ""),
    "cannot start any token": ("this character cannot begin a value", "put the value into quotation marks, if it is text"),
    "mapping values are not allowed": (
        "a colon cannot stand here",
        "is the line before it complete, and indented alike? a name inside a value needs braces: {w5: 0.40}",
    ),
    "could not find expected ':'": ("a colon is missing after this name", ""),
    "did not find expected key": ("a key was expected here", ALIKE),
    "did not find expected '-'": ("a - was expected here", ALIKE),
    "did not find expected node content": ("a value was expected here", ""),
    "unknown escape character": ("after a \\ in double quotation marks this cannot stand", "use single quotation marks: '…'"),
}
