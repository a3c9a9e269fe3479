"""Signs and words of a line → what it infers: limits, therefore … because …, there are no …; which rules hold it does not know."""

from __future__ import annotations

from backcheck.proving.reading.cutting import Part, cut, place, places
from backcheck.proving.reading.declared import Declared
from backcheck.proving.reading.grammar import Parser
from backcheck.proving.reading.relating import chain, name, names, relations, tree
from backcheck.proving.statements import SIGNS, Impossible, Limit, Misread, Premise, Property, Relation, Statement, Therefore
from backcheck.proving.tree import Tree

LIMIT = "lim y -> 0+ : E = oo"
IMPOSSIBLE = "there are no w, b with … for x in {0,1}"


def limit(part: Part, declared: Declared) -> list[Statement]:
    """lim y -> 0+ : E = oo, and lim_{y -> 0+} E = oo"""
    below = part.slice(1).begins("_")
    closing = place(part.slice(3), "}", ")", "]") if below else place(part, ":")
    if closing is None:
        raise Misread(part.end, "the bracket is never closed" if below else "a colon is missing after where the limit goes", LIMIT)
    stop = closing + 3 if below else closing
    variable, to, side = _approach(part.slice(3 if below else 1, stop), declared)
    rest = part.slice(stop + 1).without(":")
    sides, signs = chain(rest, declared)
    if len(signs) != 1:
        raise Misread(rest[0].column, "a limit says one thing", LIMIT)
    return [Limit(variable, to, side, sides[0], Relation(signs[0], sides[0], sides[1]))]


def _approach(part: Part, declared: Declared) -> tuple[str, Tree, str]:
    """y -> 0+: the name, where it goes, from which side."""
    parser = Parser(part, declared, part.end)
    variable = name(parser)
    if not parser.next("->"):
        raise variable.wrong(f"where does {variable.text} go?", f"write {variable.text} -> 0+ or {variable.text} -> oo")
    to = part.slice(parser.at)
    side = to[-1].text if len(to) > 1 and to[-1].text in ("+", "-") else ""
    if side:
        to = to.slice(0, len(to) - (2 if len(to) > 2 and to[-2].text == "^" else 1))
    return variable.text, tree(to, declared), side


def therefore(part: Part, declared: Declared) -> list[Statement]:
    """therefore convex(C, a) because d2(C, a) > 0 at a = y and 0 < y < 1"""
    because = place(part, "because", "since")
    if because is None:
        way_out = "write therefore … because …; what follows from the line before alone begins with =>"
        raise Misread(part.end, "a reason is missing", way_out)
    premises = [premise for piece in cut(part.slice(because + 1), "and", ";") for premise in _premises(piece, declared)]
    return [Therefore(_said(part.slice(1, because), declared, "a conclusion")[0], tuple(premises))]


def _premises(part: Part, declared: Declared) -> list[Premise]:
    at = place(part, "at")
    where = () if at is None else relations(part.slice(at + 1), declared, "a place")
    return [Premise(said, where) for said in _said(part.slice(0, at), declared, "a reason")]


def _said(part: Part, declared: Declared, what: str) -> list[Relation | Property]:
    """A relation, or a word with what it is said of: convex(C, a)."""
    if places(part, *SIGNS):
        return list(relations(part, declared, what))
    parser = Parser(part, declared, part.end)
    word = name(parser, f"{what}, a relation or a word like convex(C, a),")
    if not parser.sees("("):
        raise word.wrong(f"{what} is a relation, or a word with what it is said of", "convex(C, a), d2(C, a) > 0")
    said = Property(word.text, parser.arguments(), word.column)
    parser.ends()
    return [said]


def impossible(part: Part, declared: Declared) -> list[Statement]:
    """there are no w1, w2, b with f(w1 x1 + w2 x2 + b) = y for x1, x2 in {0,1}"""
    words, stop, data = [token.text for token in part[1:3]], place(part, "with"), place(part, "for")
    if words not in (["are", "no"], ["is", "no"]) or stop is None or (data is not None and data < stop):
        raise part[0].wrong("an impossibility names its unknowns, and what they should do", IMPOSSIBLE)
    unknowns = tuple(token.text for token in names(part.slice(3, stop)))
    values = () if data is None else _data(part.slice(data + 1), declared)
    within = declared._replace(met=declared.met | {*unknowns, *(called for called, _ in values)})
    return [Impossible(unknowns, relations(part.slice(stop + 1, data), within, "what cannot be"), values)]


def _data(part: Part, declared: Declared) -> tuple[tuple[str, tuple[Tree, ...]], ...]:
    """x1, x2 in {0,1}, y in {0,1}"""
    parser, found, waiting = Parser(part, declared, part.end), list[tuple[str, tuple[Tree, ...]]](), list[str]()
    while parser.peek():
        waiting.append(name(parser).text)
        if parser.next_word("in"):
            values = parser.arguments()
            found += [(each, values) for each in waiting]
            waiting = []
        if not (parser.next(",", ";") or parser.next_word("and")):
            break
    parser.ends()
    if waiting or not found:
        raise Misread(part.end, "which values do they take?", "for x1, x2 in {0,1}")
    return tuple(found)
