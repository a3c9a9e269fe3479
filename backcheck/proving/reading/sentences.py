"""Signs and words of a line → what the line says, one reader for each word a line can begin with; it knows no files."""

from __future__ import annotations

from collections.abc import Callable

from backcheck.errors import did_you_mean
from backcheck.proving.reading.cutting import Part, no_decimal_comma, place
from backcheck.proving.reading.declarations import READERS as DECLARING
from backcheck.proving.reading.declarations import Reader
from backcheck.proving.reading.declared import Declared
from backcheck.proving.reading.inferring import impossible, limit, therefore
from backcheck.proving.reading.relating import chain, relations
from backcheck.proving.reading.signs import Token
from backcheck.proving.spelling.spellings import CALLED, FUNCTIONS, GREEK, INFINITY, OVER_AN_INDEX
from backcheck.proving.statements import SIGNS, At, Case, Claim, Follows, Given, Misread, Relation, Statement, Step

ARROWS = ("=>", "<=>")
AFTER_A_COLON = ("lim", "therefore", "there")
SAID = {"assume": "given", "suppose": "given", "define": "let", "prove": "claim", "show": "claim"}  # as people say it
SAID |= {"hence": "=>", "thus": "=>", "then": "=>", "so": "=>", "where": "let"}


def statements(part: Part, declared: Declared) -> list[Statement]:
    """What a line says; at a = y: E = 0 says two things."""
    first = part[0]
    no_decimal_comma(part)
    if first.kind == "name" and first.text in READERS and not (part.slice(1).begins(*SIGNS) and first.text in declared.ranks):
        return READERS[first.text](part, declared)
    if first.kind == "sign" and first.text in ARROWS:
        return [Follows(first.text, relations(part.slice(1), declared, "what follows"))]
    _meant_for_a_word(part, declared)
    return [_step(part, declared)]


def _step(part: Part, declared: Declared) -> Step:
    first = part[0].text if part[0].kind == "sign" and part[0].text in SIGNS else ""
    if (arrow := place(part, *ARROWS)) is not None:
        way_out = "what follows from a line stands on the next one, and begins so"
        raise part[arrow].wrong(f"{part[arrow].text!r} has no place within a line", way_out)
    if first and len(part) == 1:
        raise Misread(part.end, f"what stands after {first!r}? the line ends too early")
    sides, signs = chain(part.slice(1) if first else part, declared)
    return Step(first, sides, signs)


def _meant_for_a_word(part: Part, declared: Declared) -> None:
    """Two words in a row begin no formula: a word of the format was misspelt, or a sentence stands here."""
    first, second = part[0], part[1] if len(part) > 1 else None
    known = declared.has(first.text) or first.text in FUNCTIONS or first.text in OVER_AN_INDEX
    if first.kind != "name" or len(first.text) < 2 or known or second is None:
        return
    if first.text.lower() in READERS and second.text not in SIGNS:
        raise first.wrong(f"{first.text!r} begins no line of a derivation", f"write it small: {first.text.lower()}")
    if first.text.lower() in SAID:
        raise first.wrong(f"{first.text!r} begins no line of a derivation", f"did you mean {SAID[first.text.lower()]!r}?")
    hint = did_you_mean(first.text, list(READERS)) if len(first.text) > 2 else ""
    if second.kind == "name" and (hint or (_is_prose(first, declared) and _is_prose(second, declared))):
        raise first.wrong(f"{first.text!r} begins no line of a derivation", hint or "words that are no formula stand after #")


def _is_prose(token: Token, declared: Declared) -> bool:
    """A word of two letters or more that is nothing else."""
    known = declared.has(token.text) or token.text in CALLED or token.text in GREEK.values() or token.text in INFINITY
    return len(token.text) > 1 and token.text.isalpha() and not known


def _given(part: Part, declared: Declared) -> list[Statement]:
    return [Given(relations(part.slice(1).without(":"), declared, "what is given", given=True))]


def _claim(part: Part, declared: Declared) -> list[Statement]:
    return [Claim(relations(part.slice(1).without(":"), declared, "a claim"))]


def _place(record: Callable[[tuple[Relation, ...]], At | Case], what: str) -> Reader:
    """case i = j, at a = y; after a colon the line goes on."""

    def read(part: Part, declared: Declared) -> list[Statement]:
        colon = place(part, ":")
        colon = len(part) if colon is None else colon
        found: list[Statement] = [record(relations(part.slice(1, colon), declared, what))]
        rest = part.slice(colon + 1)
        if rest and rest[0].text in READERS and rest[0].text not in AFTER_A_COLON:
            raise rest[0].wrong(f"{rest[0].text!r} has no place after a colon", "it stands on a line of its own")
        return found + statements(rest, declared) if rest else found

    return read


READERS: dict[str, Reader] = {
    **DECLARING,
    "given": _given,
    "claim": _claim,
    "case": _place(Case, "a case"),
    "at": _place(At, "a place"),
    "lim": limit,
    "therefore": therefore,
    "there": impossible,
}
