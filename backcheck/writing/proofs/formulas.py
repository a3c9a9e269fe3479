"""What a line of a derivation says → LaTeX within a formula; how a tree is set is no matter here, nor whether it is true."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from backcheck.proving import statements as say
from backcheck.proving.spelling.spelled_latex import latex
from backcheck.proving.tree import Tree, name

SIGNS = {"=": "=", "!=": r"\neq", "<": "<", "<=": r"\leq", ">": ">", ">=": r"\geq", "=>": r"\Rightarrow", "<=>": r"\Leftrightarrow"}
AND = r",\quad "


def formula(statement: say.Statement) -> str:
    """
    >>> formula(say.Case((say.Relation("!=", name("i"), name("j")),)))
    '\\\\text{case }i \\\\neq j'
    """
    return WRITTEN[type(statement)](statement)


def _text(words: str) -> str:
    return rf"\text{{{words}}}"


def _relation(relation: say.Relation) -> str:
    return f"{latex(relation.left)} {SIGNS[relation.sign]} {latex(relation.right)}"


def _relations(relations: Iterable[say.Relation]) -> str:
    return AND.join(map(_relation, relations))


def _named(text: str, indices: tuple[str, ...] = (), arguments: tuple[str, ...] = ()) -> Tree:
    """s[i] or f(x), as it stands on the left of a definition."""
    if arguments:
        return Tree("call", tuple(map(name, arguments)), text)
    return Tree("entry", (name(text), *map(name, indices))) if indices else name(text)


def _declare(said: say.Declare) -> str:
    if said.kind == "index":
        ranges = (rf"{latex(name(letter))} = 1, \dots, {latex(name(size))}" for letter, (size,) in said.names)
        return _text("index ") + AND.join(ranges)
    kind = f"{said.how} {said.kind} ".lstrip()
    return _text(kind) + AND.join(latex(_named(text, indices)) for text, indices in said.names)


def _let(said: say.Let) -> str:
    return f"{_text('let ')} {latex(_named(said.name, said.indices, said.arguments))} = {latex(said.body)}"


def _step(said: say.Step) -> str:
    first = f"{SIGNS[said.first]} " if said.first else ""
    rest = (f" {SIGNS[sign]} {latex(side)}" for sign, side in zip(said.signs, said.sides[1:], strict=True))
    return first + latex(said.sides[0]) + "".join(rest)


def _limit(said: say.Limit) -> str:
    side = f"^{{{said.side}}}" if said.side else ""
    to = rf"\lim_{{{latex(name(said.variable))} \to {latex(said.to)}{side}}}"
    return rf"{to} \left({latex(said.of)}\right) {SIGNS[said.relation.sign]} {latex(said.relation.right)}"


def _said(of: say.Relation | say.Property) -> str:
    if isinstance(of, say.Relation):
        return _relation(of)
    inside = ", ".join(map(latex, of.of))
    return rf"\operatorname{{{of.word}}}\left({inside}\right)" if inside else _text(of.word)


def _premise(premise: say.Premise) -> str:
    return _said(premise.says) + (_text(" at ") + _relations(premise.at) if premise.at else "")


def _therefore(said: say.Therefore) -> str:
    reasons = _text(" and ").join(map(_premise, said.premises))
    return _text("therefore ") + _said(said.conclusion) + (_text(" because ") + reasons if reasons else "")


def _impossible(said: say.Impossible) -> str:
    unknowns = ", ".join(latex(name(unknown)) for unknown in said.unknowns)
    data = AND.join(rf"{latex(name(of))} \in \{{{', '.join(map(latex, values))}\}}" for of, values in said.data)
    wanted = f"{_text('there are no ')} {unknowns} {_text(' with ')} {_relations(said.relations)}"
    return wanted + (_text(" for ") + data if data else "")


WRITTEN: dict[type, Callable[[Any], str]] = {
    say.Declare: _declare,
    say.Let: _let,
    say.Given: lambda said: _text("given ") + _relations(said.relations),
    say.Claim: lambda said: _text("claim ") + _relations(said.relations),
    say.Case: lambda said: _text("case ") + _relations(said.relations),
    say.At: lambda said: _text("at ") + _relations(said.relations) + ":",
    say.Step: _step,
    say.Follows: lambda said: f"{SIGNS[said.arrow]} {_relations(said.relations)}",
    say.Limit: _limit,
    say.Therefore: _therefore,
    say.Impossible: _impossible,
}
