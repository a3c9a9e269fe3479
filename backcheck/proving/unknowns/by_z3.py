"""Rows and choices with products of unknowns, asked of Z3 in a process of its own: it can neither hang this one nor end it.

What Z3 counts as work is bounded, so that the answer is the same each time; the clock only watches over a process that hangs.
Where z3-solver is not installed there is no answer.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from importlib.util import find_spec
from subprocess import DEVNULL, PIPE, SubprocessError, run
from typing import NamedTuple

from backcheck.proving.unknowns.branching import System
from backcheck.proving.unknowns.linear import Row
from backcheck.proving.unknowns.logarithms import LN, ONE, TINY, Form, is_number
from backcheck.proving.unknowns.polynomials import DOT

MOST_WORK = 4_000_000  # of Z3's own counting: about a second
LONGEST = 20.0  # seconds, for a process that hangs
MEMORY = 500  # megabytes
# -P and the path of this process, as for the workers of a class: nothing is imported from the folder somebody's files lie in
START = (
    "import sys; sys.path[:] = sys.argv[1:]; import z3; "
    f"z3.set_param('memory_max_size', {MEMORY}); check, show = sys.stdin.read().split('#'); "
    "ask = lambda text: z3.Z3_eval_smtlib2_string(z3.main_ctx().ref(), text); found = ask(check); "
    "sys.stdout.write(found + ask(show) if found == 'sat\\n' else found)"
)


class Answer(NamedTuple):
    """none, some or unknown; with the numbers where all of them are fractions."""

    there_are: str
    values: Mapping[str, Fraction] = {}
    says: str = ""


def ask(system: System, most_work: int = MOST_WORK) -> Answer:
    """Whether rows and choices can all be true."""
    if find_spec("z3") is None:
        return Answer("unknown", says="products of unknowns are Z3's, and it is not installed: pip install 'backcheck[proof]'")
    names = {name: f"v{i}" for i, name in enumerate(sorted(_names(system)))}
    try:
        done = run(  # noqa: S603, this Python with a text of our own
            [sys.executable, "-P", "-c", START, *sys.path],
            input=_script(system, names, most_work),
            stdout=PIPE,
            stderr=DEVNULL,
            encoding="utf-8",
            timeout=LONGEST,
            check=True,
        )
    except (SubprocessError, OSError):
        return Answer("unknown", says="Z3 ended without an answer")
    return _answer(done.stdout, names)


def _names(system: System) -> set[str]:
    return {part for row in _rows(system) for name in row.of for part in name.split(DOT) if name not in (ONE, TINY)}


def _rows(system: System) -> Iterator[Row]:
    yield from system.rows
    for choice in system.choices:
        for part in choice.parts:
            yield from part


# SMT-LIB, with names of our own only


def _script(system: System, names: Mapping[str, str], most_work: int) -> str:
    lines = [f"(set-option :rlimit {most_work})", *(f"(declare-const {own} Real)" for own in names.values())]
    lines += [f"(assert {text})" for name, own in names.items() if is_number(name) for text in _near(name, own)]
    lines += [f"(assert {_row(row, names)})" for row in system.rows]
    lines += [f"(assert {_any(' '.join(_all(part, names) for part in choice.parts))})" for choice in system.choices]
    return "\n".join([*lines, "(check-sat)", "#", f"(get-value ({' '.join(names.values())} 0.0))"])


def _near(name: str, own: str) -> list[str]:
    """A logarithm, as what two fractions close to it enclose."""
    value = Fraction(name.removeprefix(LN))
    near = Fraction((Decimal(value.numerator) / Decimal(value.denominator)).ln())
    return [f"(< {_number(near - Fraction(1, 10**20))} {own})", f"(< {own} {_number(near + Fraction(1, 10**20))})"]


def _any(texts: str) -> str:
    return f"(or {texts} false)"


def _all(part: tuple[Row, ...], names: Mapping[str, str]) -> str:
    return f"(and {' '.join(_row(row, names) for row in part)} true)"


def _row(row: Row, names: Mapping[str, str]) -> str:
    return f"({row.sign} {_sum(row.of, names)} 0.0)"


def _sum(form: Form, names: Mapping[str, str]) -> str:
    terms = (" ".join([_number(times), *(names[part] for part in name.split(DOT) if name != ONE)]) for name, times in form.items())
    return f"(+ 0.0 0.0 {' '.join(f'(* 1.0 {term})' for term in terms)})"


def _number(value: Fraction) -> str:
    text = f"(/ {abs(value.numerator)}.0 {value.denominator}.0)"
    return f"(- {text})" if value < 0 else text


# what it answers: unsat, or sat ((v0 0.0) (v1 (/ 1.0 2.0)) (v2 (- 3.0)))


def _answer(text: str, names: Mapping[str, str]) -> Answer:
    word, _, rest = text.partition("\n")
    if word == "unsat":
        return Answer("none")
    if word != "sat":
        return Answer("unknown", says="Z3 does not know")
    values = dict(re.findall(r"\((v\d+) ((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)", rest))
    found = {name: _fraction(values.get(own, "")) for name, own in names.items()}
    known = {name: value for name, value in found.items() if value is not None}
    return Answer(
        "some",
        known if len(known) == len(found) else {},
        "" if len(known) == len(found) else "Z3 finds numbers that do it, but no fractions, which could be put back exactly",
    )


def _fraction(text: str) -> Fraction | None:
    """
    >>> _fraction("(- (/ 1.0 2.0))"), _fraction("3.0"), _fraction("(root-obj (+ (^ x 2) (- 2)) 2)")
    (Fraction(-1, 2), Fraction(3, 1), None)
    """
    found = re.fullmatch(r"(\(- )?(?:\(/ )?(\d+)\.0(?: (\d+)\.0\))?\)?", text)
    return Fraction(int(found[2]) * (-1 if found[1] else 1), int(found[3] or 1)) if found else None
