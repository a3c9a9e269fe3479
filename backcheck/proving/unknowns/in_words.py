"""Rows, contradictions and solutions as people write them; it solves and checks nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import gcd, lcm

from backcheck.proving.unknowns.branching import Cases, Proof, leaves
from backcheck.proving.unknowns.desk import Applied
from backcheck.proving.unknowns.linear import Contradiction, Row, plus, split
from backcheck.proving.unknowns.logarithms import ONE, TINY, Form
from backcheck.proving.unknowns.polynomials import DOT

MOST_CASES = 3  # shown one by one
MOST_SIGNS = 60  # of a reason that stands in brackets
Spelled = Mapping[str, str]  # unknowns of our own → as people know them


def own_names(applied: Iterable[Applied]) -> dict[str, str]:
    """f#1 → f(w1 + b)"""
    names: dict[str, str] = {}
    for found in applied:
        inner = spelled(found.argument, names)
        names[found.value] = f"1/({inner})" if found.function == "1/" else f"{found.function}({inner})"
    return names


def spelled(form: Form, names: Spelled | None = None) -> str:
    """A sum as it is written.

    >>> spelled({"w": Fraction(1), "b": Fraction(-2), "ln 3": Fraction(1, 2), "1": Fraction(1)})
    'w - 2 b + 1/2 ln 3 + 1'
    """
    text = ""
    for name, times in sorted(form.items(), key=lambda item: item[0] in (ONE, TINY)):
        body = _term(name, abs(times), names or {})
        text += (" - " if times < 0 else " + ") + body if text else ("-" if times < 0 else "") + body
    return text or "0"


def _term(name: str, times: Fraction, names: Spelled) -> str:
    if name == ONE:
        return str(times)
    what = " ".join(names.get(part, part) for part in name.split(DOT))
    return what if times == 1 else f"{times} {what}"


def relation(row: Row, way: int = 1, names: Spelled | None = None) -> str:
    """A row with its unknowns on one side, the first of them with a plus: 0 >= b for −b >= 0.

    >>> relation(Row({"b": Fraction(-1)}, ">=")), relation(Row({"w": Fraction(-1), "1": Fraction(1)}, "="), -1)
    ('0 >= b', 'w = 1')
    """
    unknown, known = split(plus((way, row.of)))
    if unknown and next(iter(unknown.values())) < 0:
        return f"{spelled(known, names)} {row.sign} {spelled(plus((-1, unknown)), names)}"
    return f"{spelled(unknown, names)} {row.sign} {spelled(plus((-1, known)), names)}"


def added(found: Contradiction, names: Spelled) -> str:
    """Adding 2 (w1 + b = 1) and 0 >= b gives 0 >= 2."""
    rows = _lightest(found)
    total = plus(*((times, row.of) for times, row in rows))
    strict = next((sign for sign in (">", ">=") if any(row.sign == sign for _, row in rows)), "=")
    result = f"0 {strict} {spelled(plus((-1, total)))}"
    if len(found.rows) == 1:
        return f"{relation(rows[0][1], 1, names)}{_why(rows[0][1])} cannot be"
    texts = [_times(abs(times), relation(row, 1 if times > 0 else -1, names)) + _why(row) for times, row in rows]
    return f"adding {', '.join(texts[:-1])} and {texts[-1]} gives {result}"


def _lightest(found: Contradiction) -> list[tuple[Fraction, Row]]:
    """The same sum with whole multipliers where they have no other reason to be fractions."""
    whole = lcm(*(times.denominator for times, _ in found.rows))
    common = gcd(*(int(times * whole) for times, _ in found.rows))
    return [(times * whole / common, row) for times, row in found.rows]


def _why(row: Row) -> str:
    return f" ({row.says})" if 0 < len(row.says) <= MOST_SIGNS else ""


def _times(times: Fraction, text: str) -> str:
    return text if times == 1 else f"{times} times {text}"


def why_not(proof: Proof, names: Spelled) -> str:
    """A proof that there is no solution, in one sentence."""
    if isinstance(proof, Contradiction):
        return added(proof, names)
    found = leaves(proof)
    if len(found) > MOST_CASES:
        return f"there are {len(found)} cases, and each ends in a contradiction; in the first, {added(found[0], names)}"
    return "; ".join(_case(proof, names))


def _case(proof: Cases, names: Spelled) -> list[str]:
    texts = []
    for part, inner in zip(proof.choice.parts, proof.proofs, strict=True):
        case = f"if {' and '.join(relation(row, 1, names) for row in part)}: " if len(proof.proofs) > 1 else ""
        inside = [added(inner, names)] if isinstance(inner, Contradiction) else _case(inner, names)
        texts += [case + text for text in inside]
    return texts
