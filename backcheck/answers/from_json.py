"""The text of a JSON file → its answers; it keeps every digit, and builds the tree in a loop, however deep the text may be."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from backcheck.answers.flat_json import flat_json
from backcheck.answers.from_yaml import check_amount
from backcheck.answers.text import DEEPEST, HAND_IN, Unreadable
from backcheck.answers.tree import Sheet, sheet
from backcheck.errors import Fault
from backcheck.problem.text import List, Map, Node, Scalar, kind

TOKEN = re.compile(
    r'(?P<string>"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+")'
    r"|(?P<number>-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?(?![\w.+-]))"
    r"|(?P<word>(?:true|false|null|NaN|-?Infinity)\b)"
    r"|(?P<sign>[][{}:,])"
)
BLANKS = " \t\n\r"
WORD = re.compile(r"[^\s\[\]{}:,\"]++")
CLOSED_BY = {"[": "]", "{": "}"}
MANY = "one file holds one submission, and many go into a .jsonl file, one in each line"
OBJECT = '{"student": "0042", "answers": {"z1[1]": 0.3825}}'


def json_sheet(text: str, line: int = 1) -> Sheet:
    """The answers of one object that begins in this line of the file; raises Unreadable."""
    check_amount(text)
    found = flat_json(text, line)
    if found is not None:
        return found
    lines = text.splitlines()
    try:
        return sheet(tree(text.rstrip(BLANKS), line))
    except Unreadable as error:
        at = error.fault.line - line
        raise Unreadable(error.fault, lines[at] if 0 <= at < len(lines) else "") from None


class _Token(Node):
    """A piece of the text: a "sign", a "string", a "number" or another "word"."""

    __slots__ = ("sort", "text")

    def __init__(self, line: int, column: int, width: int, text: str, sort: str) -> None:
        super().__init__(line, column, width)
        self.text, self.sort = text, sort

    def is_sign(self, signs: str) -> bool:
        return self.sort == "sign" and self.text == signs


def tree(text: str, line: int = 1) -> Map:
    """The object that a text holds, with the place of everything in it."""
    tokens = _tokens(text, line)
    first = next(tokens)
    if not first.is_sign("{"):
        raise Unreadable(first.fault(f"an object {{…}} was expected, not {_called(first)}", f"{OBJECT}; {MANY}"))
    root = _built(first, tokens)
    last = next(tokens)
    if not last.is_sign(""):
        raise Unreadable(last.fault(f"the object has ended, and {_called(last)} follows", MANY))
    return root


def _called(token: _Token) -> str:
    return kind(Scalar(token.line, token.column, 1, token.text)) if not token.is_sign("") else "the end of the text"


def _tokens(text: str, line: int) -> Iterator[_Token]:
    """The pieces of a text, and an empty sign at its end."""
    at, begin = 0, 0
    while True:
        while at < len(text) and text[at] in BLANKS:
            if text[at] == "\n":
                line, begin = line + 1, at + 1
            at += 1
        found = TOKEN.match(text, at)
        if found is None:
            if at < len(text):
                raise Unreadable(_no_token(text, at, line, at - begin + 1))
            yield _Token(line, at - begin + 1, 1, "", "sign")
            return
        written = found[0]
        value = json.loads(written) if found["string"] else "" if written == "null" else written
        yield _Token(line, at - begin + 1, len(written), value, str(found.lastgroup))
        at = found.end()


def _no_token(text: str, at: int, line: int, column: int) -> Fault:
    if text[at] == '"':
        return Fault(
            line, column, "this text does not end, or holds a \\ or a character that JSON does not allow", 'text stands in "…"'
        )
    word = WORD.match(text, at)
    called = (word[0] if word else text[at])[:40]
    way_out = "write numbers like 0.5 and -1e-3" if called[0] in "+-.0123456789" else 'text stands in double quotation marks: "…"'
    return Fault(line, column, f"{called!r} is no JSON", way_out, len(called))


def _built(first: _Token, tokens: Iterator[_Token]) -> Map:
    """The tree below an opened bracket, with a stack of open lists and objects."""
    root = Map(first.line, first.column)
    stack: list[List | Map] = [root]
    while stack:
        parent = stack[-1]
        closing = "}" if isinstance(parent, Map) else "]"
        token = next(tokens)
        filled = bool(parent.pairs if isinstance(parent, Map) else parent.items)
        if token.is_sign(closing):
            stack.pop()
            continue
        if filled:
            _expect(token, ",", f", or {closing}")
            token = next(tokens)
        node = _value(_after_key(parent, token, tokens), parent)
        if isinstance(node, List | Map):
            stack.append(node)
            if len(stack) > DEEPEST:
                raise Unreadable(node.fault(f"more than {DEEPEST} brackets stand inside each other"))
    return root


def _expect(token: _Token, sign: str, called: str) -> None:
    if not token.is_sign(sign):
        raise Unreadable(token.fault(f"{called} was expected here, not {_called(token)}"))


def _after_key(parent: List | Map, token: _Token, tokens: Iterator[_Token]) -> _Token:
    """The token a value begins with; in an object its name and a colon stand before it."""
    if isinstance(parent, List):
        return token
    if token.sort != "string":
        hint = "a number has a decimal point, no comma" if token.sort == "number" else ""
        raise Unreadable(token.fault(f'a name in "…" was expected here, not {_called(token)}', hint))
    key = Scalar(token.line, token.column, token.width, token.text)
    before = parent.seen.setdefault(key.text, key)
    if before is not key:
        raise Unreadable(
            key.fault(f"{kind(key)} stands here for the second time", f"it stands in line {before.line} already: keep one")
        )
    _expect(next(tokens), ":", "a colon")
    parent.pairs.append((key, key))
    return next(tokens)


def _value(token: _Token, parent: List | Map) -> Node:
    """The node that begins here, put into its parent."""
    node: Node
    if token.sort != "sign":
        node = Scalar(token.line, token.column, token.width, token.text)
    elif token.text in CLOSED_BY:
        node = (List if token.text == "[" else Map)(token.line, token.column)
    else:
        raise Unreadable(token.fault(f"a value was expected here, not {_called(token)}", HAND_IN))
    if isinstance(parent, List):
        parent.items.append(node)
    else:
        parent.pairs[-1] = (parent.pairs[-1][0], node)
    return node
