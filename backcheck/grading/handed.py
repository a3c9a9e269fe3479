"""Names and texts of a submission → the cells they are about and the numbers that are written; it judges nothing."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from backcheck.answers.submission import Submission
from backcheck.arithmetic import NotArithmetic
from backcheck.cells import PARAMETER, Place
from backcheck.errors import NoSuchQuantity
from backcheck.formula import Formula, cells, evaluate
from backcheck.functions import FLOATS
from backcheck.grading.steps import Steps
from backcheck.grading.working import Chain, read, written_number
from backcheck.roads.work import HIDDEN

REMEMBERED = 20_000  # names; nobody needs more, and strangers could send any number of them
HINTED = 20  # unknown names of one submission that a near name is looked for
LONGEST_NAME = 80
MOST_DIGITS = 30
DECIMALS = re.compile(r"(?<=\.)[0-9]+")
MOST_DECIMALS = 12  # that make a number exact, for all that is written by hand


class Entry(NamedTuple):
    """What is written for one quantity."""

    key: str  # the name as it was written
    text: str
    line: int | None
    number: str | None  # the number it ends with; None: nothing can be read
    chain: Chain | None = None  # its working, if there is any
    says: str = ""  # why it cannot be read
    worked_out: int | None = None  # the number is not written but what the line comes to; the most decimals in the line

    @property
    def digits(self) -> str:
        """The number with the digits that it stands for: one that was worked out has further ones, which are zeros."""
        text = str(self.number)
        return text if self.worked_out is None or "e" in text else text + ("" if "." in text else ".") + "0" * MOST_DECIMALS


class Unknown(NamedTuple):
    """An answer that belongs to no quantity."""

    entry: Entry
    says: str


class Sheet(NamedTuple):
    """One submission with its answers sorted out."""

    file: str
    student: str | None
    numbers: dict[str, Entry]  # cell → what is written, if it is a number
    unreadable: dict[str, Entry]
    unknown: list[Unknown]


class Names:
    """The cells behind the names that people write, each looked up once."""

    def __init__(self, steps: Steps) -> None:
        self.steps, self._known = steps, dict[str, str | None]()

    def cell(self, key: str) -> str | None:
        """The sheet's own name of a quantity, with a minus before it where the key has one; None if there is no such quantity."""
        if key not in self._known:
            if len(self._known) > REMEMBERED:
                self._known.clear()
            self._known[key] = self._look_up(key)
        return self._known[key]

    def _look_up(self, key: str) -> str | None:
        text = key.strip()
        if text[:1] in ("-", "−"):
            inner = self._look_up(text[1:])
            return f"-{inner}" if inner and "/d" in inner else None
        place = self.place(text)
        return None if place is None else self.steps.sheet.names.cell(*place)

    def place(self, text: str) -> Place | None:
        """Row and index; the name of a parameter that the file gives is that of its new value, for the old one is no answer."""
        if len(text) > LONGEST_NAME:
            return None
        try:
            row, index = self.steps.done.locate(text)
        except NoSuchQuantity:
            return None
        if self.steps.sheet[row].op in HIDDEN:
            return None
        new = f"{row}'"
        if PARAMETER.fullmatch(row) and new in self.steps.sheet:
            return new, index
        return row, index

    def old(self, cell: str) -> str:
        """The given parameter that an updated one comes from; any other cell is itself."""
        row, index = self.steps.place(cell.removeprefix("-"))
        return self.steps.sheet.names.cell(row[:-1], index) if row.endswith("'") else cell

    def updated_unasked(self, name: str, cell: str) -> bool:
        """Whether a name in a working, `w5`, is that of the given parameter and the cell its new value."""
        return _is_old_name(name) and self.steps.row(cell).name.endswith("'")

    def why_unknown(self, key: str, hint: bool) -> str:
        """The sentence for a name that stands for nothing."""
        if len(key) > LONGEST_NAME or not hint:
            return f"there is no quantity {key[:LONGEST_NAME]!r} in this problem"
        try:
            self.steps.done.locate(key.strip())
        except NoSuchQuantity as error:
            return str(error)
        return f"{key!r} is no quantity that is worked out"


def entries(names: Names, submission: Submission) -> tuple[dict[str, Entry], list[Unknown]]:
    """Cell → what is written for it, in any order; and what belongs to no cell."""
    found: dict[str, Entry] = {}
    unknown: list[Unknown] = []
    inner: list[tuple[str, Entry]] = []
    new = {names.cell(key): text for key, text in submission.answers.items() if not _is_old_name(key)}
    for key, text in submission.answers.items():
        cell = names.cell(key)
        entry = entry_of(key, text, submission.lines.get(key))
        if cell and cell in new and _is_old_name(key) and text != new[cell]:
            cell = names.old(cell)  # `w5: 0.40` beside `w5': 0.3510`
        if entry.chain:
            inner += [
                (name, Entry(name, chain.texts[-1], entry.line, written_number(chain.result), chain))
                for name, chain in entry.chain.inner
            ]
        if cell is None:
            unknown.append(Unknown(entry, names.why_unknown(key, len(unknown) < HINTED)))
        elif (name := cell.removeprefix("-")) in found:
            unknown.append(Unknown(entry, f"{found[name].key!r} and {key!r} are both {name}: only the first one counts"))
        else:
            found[name] = _opposite(entry) if name != cell else entry
    for key, entry in inner:
        cell = names.cell(key) if key else None
        if cell and not cell.startswith("-") and entry.number is not None:
            found.setdefault(cell, entry)
    _restated(names.steps, found)
    return found, unknown


def _is(entry: Entry, value: float | None) -> bool:
    """Whether exactly this number is written, and nothing is worked."""
    return entry.chain is None and entry.number is not None and float(entry.number.replace("−", "-")) == value


def _restated(steps: Steps, found: dict[str, Entry]) -> None:
    """A given number that was only copied, `w5: 0.40` beside `w5': 0.3510`, is no answer for the new one."""
    for cell, entry in list(found.items()):
        row, index = steps.place(cell)
        if row.endswith("'") and _is_old_name(entry.key):
            old = steps.sheet.names.cell(row[:-1], index)
            if _is(entry, steps.true(old)) and steps.true(cell) != steps.true(old):
                found[old] = found.pop(cell)


def _is_old_name(key: str) -> bool:
    return not key.strip().endswith(("'", "’", "′", "_new", "+")) and "'" not in key


def _opposite(entry: Entry) -> Entry:
    """The answer to `-dL/dw5` as one to dL/dw5."""
    if entry.number is None:
        return entry
    number = entry.number.replace("−", "-")
    return entry._replace(number=number[1:] if number.startswith("-") else f"-{number.removeprefix('+')}")


def entry_of(key: str, text: str, line: int | None) -> Entry:
    """The number that a text ends with, and its working."""
    try:
        _, chain = read(text).named()
    except NotArithmetic as error:
        column = f" (column {error.column + 1})" if error.column else ""
        return Entry(key, text, line, None, None, f"{error}{column}{'; ' if error.way_out else ''}{error.way_out}")
    number, says = _readable(written_number(chain.result))
    worked_out = None
    if number is None and not says:
        number, says = _worked_out(chain.result)
        worked_out = max(map(len, DECIMALS.findall(chain.texts[-1])), default=0)
    alone = len(chain.parts) == 1 and not chain.inner and written_number(chain.result) is not None
    return Entry(key, text, line, number, None if alone else chain, says, worked_out)


def _readable(number: str | None) -> tuple[str | None, str]:
    """A number as it can be read at once, `0.3825` for `.3825`; or why it is none."""
    if number is None:
        return None, ""
    if not math.isfinite(float(number)):
        return None, "this is too large for a number"
    if float(number) == 0:
        number = number.lower().partition("e")[0]  # 0e5 is no more than 0
    sign, digits = ("-", number[1:]) if number.startswith("-") else ("", number)
    mantissa, e, exponent = digits.lower().partition("e")
    whole, _, decimals = mantissa.lstrip("0").partition(".")
    mantissa = f"{whole or '0'}.{decimals}" if decimals else whole or "0"
    if len(mantissa) > MOST_DIGITS and decimals:
        mantissa = mantissa[:MOST_DIGITS].rstrip(".")  # no float holds the others
    return sign + mantissa + e + exponent, ""


def _worked_out(tree: Formula) -> tuple[str | None, str]:
    """The number that a line without a result comes to, `0.4 - 0.3*0.1634`, with all its digits."""
    if name := next(cells(tree), ""):
        return None, f"no number is written: {name[:LONGEST_NAME]!r} is a name"
    try:
        value = evaluate(tree, float, FLOATS)
    except (ArithmeticError, ValueError, KeyError, TypeError):
        value = math.nan
    return (repr(value), "") if math.isfinite(value) else (None, "this has no finite value")
