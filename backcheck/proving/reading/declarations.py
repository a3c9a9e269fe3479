"""Signs and words of a line → what it declares or defines: ranges, vectors, functions, lets; it judges no shapes."""

from __future__ import annotations

from collections.abc import Callable

from backcheck.errors import did_you_mean
from backcheck.proving.reading.cutting import Part, cut, place
from backcheck.proving.reading.declared import WHOLE, Declared
from backcheck.proving.reading.grammar import Parser
from backcheck.proving.reading.indices import no_index
from backcheck.proving.reading.relating import name, names, tree
from backcheck.proving.reading.signs import Token
from backcheck.proving.spelling.spellings import OVER_AN_INDEX
from backcheck.proving.statements import Declare, Given, Let, Misread, Statement
from backcheck.proving.tree import Tree, walk

LARGEST_RANGE = 99
MONOTONE = ("monotone", "nondecreasing", "increasing")
FOR_ANY = ("any", "every", "all", "each")
SAYING_NOTHING = ("function", "functions", "differentiable", "smooth")
FORMS = {"vector": "vector z[k]", "matrix": "matrix W[j,k]", "number": "number y"}
COUNTED = ("no index", "one index", "two indices")
RANKS = {"vector": 1, "matrix": 2, "number": 0}
RESERVED = ("exp", "ln", "log", "sqrt", "d", *OVER_AN_INDEX)
Reader = Callable[[Part, Declared], list[Statement]]


def new(token: Token, declared: Declared) -> str:
    """A name that is free to be declared."""
    text = token.text
    if text in (declared.letters or {}):
        raise token.wrong(f"{text} is an index already", "an index has one range: take another letter")
    if declared.has(text):
        raise token.wrong(f"{text} is declared already", "take another name")
    if text in RESERVED:
        raise token.wrong(f"{text} is a word of the formulas already", "take another name")
    return text


# index i, j : K


def _index(part: Part, declared: Declared) -> list[Statement]:
    """index i, j, k : K ; index n : N"""
    found = list[tuple[str, tuple[str, ...]]]()
    for piece in cut(part.slice(1), ";"):
        piece = piece.without("index")
        stop = place(piece, ":", "in", "=")
        if stop is None:
            raise Misread(piece.end, "the range of the index is missing", "index i, j : K")
        size, letters = _size(piece.slice(stop + 1)), names(piece.slice(0, stop), "an index")
        for token in letters:
            if size == token.text:
                raise token.wrong(
                    f"{size} cannot be an index and its size", f"an index and its size need two names: index k : {size.upper()}"
                )
        found += [(new(token, declared), (size,)) for token in letters]
    return [Declare("index", tuple(found))]


def _size(part: Part) -> str:
    """K, 3, 1..K"""
    part = part.slice(2) if len(part) > 2 and part[0].text == "1" and part[1].text == ".." else part
    if not part or part[0].kind not in ("name", "number") or len(part) > 1:
        raise Misread(part[0].column if part else part.end, "the range of an index is a size", "index k : K, or index k : 3")
    size = part[0]
    if size.kind == "number" and not (size.text.isdecimal() and 1 <= int(size.text) <= LARGEST_RANGE):
        says = f"an index runs over a size with a name, or over 1 to {LARGEST_RANGE} values"
        raise size.wrong(says, "index k : K, or index k : 3")
    return size.text


# vector z[k]


def _arrays(kind: str) -> Reader:
    """vector z[k], t[k] · matrix W[j,k] · number y, a"""

    def read(part: Part, declared: Declared) -> list[Statement]:
        found = list[tuple[str, tuple[str, ...]]]()
        for piece in cut(part.slice(1), ",", ";"):
            text, indices = _left(piece, declared)
            if len(indices) != RANKS[kind]:
                raise piece[0].wrong(f"a {kind} has {COUNTED[RANKS[kind]]}; {text} has {len(indices)} here", FORMS[kind])
            found.append((text, indices))
        return [Declare(kind, tuple(found))]

    return read


def _left(part: Part, declared: Declared) -> tuple[str, tuple[str, ...]]:
    """A new name, perhaps with its indices: z, z[k], z_k."""
    parser = Parser(part, declared, part.end)
    token = name(parser)
    if parser.peek() is None and "_" not in part[0].text:
        return new(token, declared), ()
    if not parser.sees("["):
        parser.at = 0
        found = parser.power()
    else:
        new(token, declared)
        found = Tree("entry", (Tree("name", text=token.text), *_in_brackets(parser)))
    parser.ends()
    head = found.parts[0] if found.op == "entry" else found
    if head.op != "name":
        raise token.wrong("a name stands here, perhaps with its indices", "z, z[k], W[j,k]")
    return new(token._replace(text=head.text), declared), tuple(index.text for index in found.parts[1:])


def _in_brackets(parser: Parser) -> tuple[Tree, ...]:
    """The indices after a name that is not declared yet."""
    column, parts = parser.tokens[parser.at].column, parser.arguments()
    for part in parts:
        if part.op not in ("name", "number"):
            raise Misread(part.column or column, "this is no index", "an index is a letter or a number: z[k], W[j,k]")
        if not parser.declared.is_index(part.text):
            raise no_index(parser.declared, part.text, part.column)
    return parts


# for any f · let


def _functions(part: Part, declared: Declared) -> list[Statement]:
    """for any f · for monotone f, g · function f"""
    how, rest = "any", part.slice(1)
    while len(rest) > 1 and rest.begins(*FOR_ANY, *MONOTONE, *SAYING_NOTHING):
        how = "monotone" if rest.begins(*MONOTONE) else how
        rest = rest.slice(1)
    if len(rest) > 1 and rest[1].kind == "name" and rest[1].text != "and":
        hint = did_you_mean(rest[0].text, [*FOR_ANY, *MONOTONE]) or "for any f, or for monotone f"
        raise rest[0].wrong(f"'for {rest[0].text} …' says nothing of a function", hint)
    return [Declare("function", tuple((new(token, declared), ()) for token in names(rest, "a function")), how)]


def _let(part: Part, declared: Declared) -> list[Statement]:
    """let S = … · let s[i] = … · let f(x) = …"""
    stop = place(part, "=")
    if stop is None:
        raise Misread(part.end, "a let says what a name stands for", "let S = …, let s[i] = …, let f(x) = …")
    text, indices, arguments = _defined(part.slice(1, stop), declared)
    right = part.slice(stop + 1)
    if (semicolon := place(right, ";")) is not None:
        raise right[semicolon].wrong("a let defines one name", "write the next let on a line of its own")
    body = tree(right, declared._replace(ranks={**declared.ranks, **dict.fromkeys(arguments, 0)}))
    for node in walk(body):
        named = node.op in ("name", "call") and node.text.rstrip("'") == text
        if named and text not in arguments:
            raise Misread(node.column, f"{text} is defined by itself", "a name is defined by names before it", len(text))
    return [Let(text, indices, arguments, body)]


def _defined(left: Part, declared: Declared) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The name on the left of a let, its indices, its arguments."""
    if len(left) > 1 and left[0].kind == "name" and left[1].text == "(" and left[-1].text == ")":
        within = declared._replace(ranks={})  # an argument may be called like a number
        arguments = tuple(new(token, within) for token in names(left.slice(2, len(left) - 1)))
        return new(left[0], declared), (), arguments
    text, indices = _left(left, declared)
    if len(set(indices)) < len(indices) or any(index.isdecimal() for index in indices):
        raise left[0].wrong("the indices of a let are letters, each another one", "let s[i] = …")
    return text, indices, ()


def after(statement: Statement, declared: Declared) -> Declared:
    """What is declared after a line."""
    match statement:
        case Given(relations):
            sides = [side.text for one in relations for side in (one.left, one.right) if side.op == "name"]
            return declared._replace(met=declared.met | {*sides})
        case Declare("index", found):
            return declared._replace(letters={**(declared.letters or {}), **{letter: size for letter, (size,) in found}})
        case Declare("function", found):
            return declared._replace(functions=declared.functions | {text for text, _ in found})
        case Declare(_, found):
            return declared._replace(ranks={**declared.ranks, **{text: len(indices) for text, indices in found}})
        case Let(text, indices, arguments) if not arguments:
            return declared._replace(ranks={**declared.ranks, text: len(indices) or WHOLE})
        case Let(text):
            return declared._replace(functions=declared.functions | {text})
    return declared


READERS: dict[str, Reader] = {
    **dict.fromkeys(("index", "indices"), _index),
    **dict.fromkeys(("vector", "vectors"), _arrays("vector")),
    **dict.fromkeys(("matrix", "matrices"), _arrays("matrix")),
    **dict.fromkeys(("number", "numbers"), _arrays("number")),
    **dict.fromkeys(("for", "function", "functions"), _functions),
    "let": _let,
}
