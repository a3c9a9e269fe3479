"""The text of a derivation → its lines, each with what it says; it knows no shapes, and not what is true."""

from __future__ import annotations

from itertools import zip_longest

from backcheck.proving.reading import latex, signs
from backcheck.proving.reading.cutting import Part
from backcheck.proving.reading.declarations import after
from backcheck.proving.reading.declared import Declared
from backcheck.proving.reading.grammar import SHORTER
from backcheck.proving.reading.rows import MOST_SIGNS, Typed, lines
from backcheck.proving.reading.sentences import READERS, statements
from backcheck.proving.reading.signs import Token
from backcheck.proving.reading.source import Source, page
from backcheck.proving.statements import Claim, Line, Misread

MOST_MISREAD = 100
WORDS = frozenset(READERS)

__all__ = ["Source", "read"]


def read(text: str, kind: str = "text", file: str = "the derivation") -> Source:
    """All that a derivation says, line by line; a line that is not understood says so, and the next one is read.

    >>> source = read("number a\\nclaim 2a = a + a\\nlet b = sotfmax(a)")
    >>> [type(line.statement).__name__ for line in source.lines], source.lines[2].statement.way_out
    (['Declare', 'Claim', 'Misread'], "did you mean 'softmax'?")
    """
    title, rows, text = page(text, kind, file)
    found, declared, outer = list[Line](), Declared({}), Declared({})
    typed_lines = lines(rows, WORDS)
    margin = min((_indent(typed) for typed in typed_lines), default=0)
    misread = 0
    for typed in typed_lines:
        said, seen = _lines(typed, margin, declared)
        declared, outer = declared._replace(seen=seen), outer._replace(seen=seen)
        for line in said:
            declared = outer if isinstance(line.statement, Claim) else declared  # what was indented counted up to here
            if isinstance(line.statement, Misread):
                misread += 1
            else:
                declared = after(line.statement, declared)
                outer = outer if line.indent else after(line.statement, outer)
        found += said
        if misread == MOST_MISREAD:
            found[-1] = found[-1]._replace(statement=_enough())
            break
    return Source(title, tuple(found), text)


def _enough() -> Misread:
    return Misread(1, f"this is line number {MOST_MISREAD} that is not understood: reading stops here", "is this a derivation?")


def _indent(typed: Typed) -> int:
    row = typed.rows[0]
    text = row.text[row.begins :].expandtabs(4)
    return len(text) - len(text.lstrip())


def _lines(typed: Typed, margin: int, declared: Declared) -> tuple[list[Line], frozenset[str]]:
    """What a line says, mostly one thing; and the names that were typed so far."""
    shown = " ".join(part.strip() for part in typed.text.split("\n"))
    line = Line(typed.rows[0].number, shown, Misread(1, ""), typed.reason, _indent(typed) - margin, typed.latex)
    try:
        tokens, end = _tokens(typed, declared)
        words = [
            (token.text, after.text if after else "") for token, after in zip_longest(tokens, tokens[1:]) if token.kind == "name"
        ]
        declared = declared.seeing(words)
        said = statements(Part(tokens, end), declared) if tokens else []
        return [line._replace(statement=statement) for statement in said], declared.seen
    except Misread as misread:
        return [_placed(line, misread, typed)], declared.seen


def _tokens(typed: Typed, declared: Declared) -> tuple[list[Token], int]:
    """The signs and words, and where they end."""
    if len(typed.text) > MOST_SIGNS:
        raise Misread(1, f"the line has {len(typed.text):,} signs; at most {MOST_SIGNS:,} are read", SHORTER)
    tokens = (latex if typed.latex else signs).tokens(typed.text, declared)
    end = len(typed.text.rstrip()) + 1
    while tokens and tokens[-1].text in (",", ";") and tokens[-1].kind == "sign":
        end = tokens.pop().column
    return tokens, end


def _placed(line: Line, misread: Misread, typed: Typed) -> Line:
    """The fault in the row where it is, if several rows are one line."""
    before = typed.text[: max(0, misread.column - 1)]
    row = typed.rows[min(before.count("\n"), len(typed.rows) - 1)]
    misread.column -= before.rfind("\n") + 1
    if row is typed.rows[0]:
        return line._replace(statement=misread)
    return line._replace(statement=misread, number=row.number, text=row.text.strip())
