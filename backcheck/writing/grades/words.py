"""What all formats say in the same words: scores, places, and the remarks on a number; no format's special signs are known here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction

from backcheck.errors import BadArgument
from backcheck.grading.result import FOLLOWS, MISSING, NOT_JUDGED, RIGHT, UNREADABLE, WRONG, CellMark, Result
from backcheck.spelling import Figures

GOOD = frozenset((RIGHT, FOLLOWS))
SAID = {
    RIGHT: "right",
    FOLLOWS: "right from your own numbers",
    WRONG: "wrong",
    MISSING: "missing",
    UNREADABLE: "unreadable",
    NOT_JUDGED: "not judged",
}
MOST_WRITTEN, MOST_SAID = 200, 1000  # characters of what a student wrote, and of a remark, in formats for people
MOST_NAMED = 8  # names in a line
COMMAND = re.compile(r"^(\s*):(?=:)", re.MULTILINE)  # a runner of workflows obeys lines that begin with two colons
TRUE_VALUE = Figures(digits=10)
# Spaces of all widths are spaces, and the last two join letters of Persian and Hindi; what else does not print is spelled out.
HARMLESS = dict.fromkeys("\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B))), " ")
HARMLESS |= {c: c for c in "\u200c\u200d"}


def visible(text: str, most: int = MOST_WRITTEN) -> str:
    r"""One line in which nothing commands a terminal, an XML reader or a runner of workflows, which obeys `##[` within a line.

    >>> visible("Zoë\n\x1b[31m ##[error]"), visible("0.123456789", 4)
    ('Zoë\\n\\x1b[31m # #[error]', '0.12 … 7 more characters')
    """
    if len(text) <= most and text.isprintable() and "##[" not in text:
        return text
    shown = text[:most]
    if not shown.isprintable():
        shown = "".join(c if c.isprintable() else HARMLESS.get(c) or c.encode("unicode_escape").decode() for c in shown)
    more = f" … {len(text) - most:,} more characters" if len(text) > most else ""
    return shown.replace("##[", "# #[") + more


def number(value: Fraction) -> int | float:
    """A score for programs: rounded here, once."""
    return value.numerator if value.denominator == 1 else float(value)


def points(value: Fraction) -> str:
    """A score for people, to two decimals; what is not whole is never shown as whole.

    >>> points(Fraction(57, 2)), points(Fraction(29)), points(Fraction(28999, 1000)), points(Fraction(1, 1000))
    ('28.5', '29', '28.99', '0.01')
    """
    hundredths = round(value * 100)
    if value.denominator != 1 and hundredths % 100 == 0:
        hundredths += 1 if value * 100 > hundredths else -1
    return f"{hundredths / 100:.2f}".rstrip("0").rstrip(".")


def percent(share: Fraction) -> str:
    """100 % only for full marks, and 0 % only for none.

    >>> percent(Fraction(999, 1000)), percent(Fraction(1)), percent(Fraction(1, 1000))
    ('99 %', '100 %', '1 %')
    """
    return f"{min(99, max(1, round(share * 100))) if 0 < share < 1 else round(share * 100)} %"


def score(result: Result) -> str:
    """`25.5 of 29 points (88 %)`."""
    passed = {True: ", passed", False: ", not passed", None: ""}[result.passed]
    return f"{points(result.score)} of {points(result.out_of)} points ({percent(result.share)}{passed})"


def called(result: Result) -> str:
    """Whose it is, and where it stands."""
    return visible(result.file) + (f" ({visible(result.student)})" if result.student else "")


def unreadable(result: Result) -> str:
    """`anna.yaml:3:7: a list begins here and never ends`; nothing where it could be read."""
    fault = result.fault
    return f"{visible(result.file)}:{fault.line}:{fault.column}: {visible(fault.says, MOST_SAID)}" if fault else ""


def tally(result: Result) -> str:
    """`26 right, 1 right from your own numbers, 2 wrong`."""
    found = Counter(cell.verdict for cell in result.cells)
    return ", ".join(f"{found[verdict]:,} {says}" for verdict, says in SAID.items() if found[verdict]) or "no numbers"


def noted(result: Result) -> list[CellMark]:
    """The numbers that something is to be said of, in the order of the worksheet."""
    return [cell for cell in result.cells if cell.verdict not in GOOD or cell.mistake or cell.reason or _broken(cell)]


def _broken(cell: CellMark) -> list[str]:
    """The `=` of the working that do not hold."""
    return [
        f"In your working, {visible(left)} = {visible(right)} does not hold" + (f": {says}" if says else "")
        for left, right, holds, says in cell.working
        if not holds
    ]


def because(cell: CellMark) -> str:
    """The mistake, the remark, and the first `=` of the working that does not hold: sentences."""
    says = [cell.mistake.says if cell.mistake else "", cell.reason]
    if not any("does not hold" in sentence for sentence in says):  # a mistake that comes from the working says so itself
        says += _broken(cell)[:1]
    return " ".join(visible(sentence, MOST_SAID).rstrip(".") + "." for sentence in dict.fromkeys(says) if sentence)


def told(cell: CellMark) -> list[tuple[str, str]]:
    """All that is said of a number, each under its heading."""
    expected = "" if cell.expected is None else TRUE_VALUE(cell.expected)
    parts = [("you wrote", wrote(cell)), ("because", because(cell)), ("the step", visible(cell.rule, MOST_SAID))]
    parts += [("your numbers", visible(cell.numbers, MOST_SAID)), ("expected", expected)]
    return [(heading, text) for heading, text in parts if text]


def body(cell: CellMark) -> str:
    """The same in lines."""
    return "\n".join(f"{heading}: {text}" for heading, text in told(cell))


def wrote(cell: CellMark) -> str:
    """What stands in the file, as one line."""
    return visible(cell.written or "")


def listed(names: Iterable[str]) -> str:
    """A few names, and how many more."""
    every = list(names)
    return ", ".join(every[:MOST_NAMED]) + (f" and {len(every) - MOST_NAMED:,} more" if len(every) > MOST_NAMED else "")


def unique(names: Iterable[str]) -> list[str]:
    """The names, told apart where one comes again.

    >>> unique(["a", "b", "a", "a (2)"])
    ['a', 'b', 'a (2)', 'a (2) (2)']
    """
    taken: dict[str, int] = {}
    found = []
    for name in names:
        own = name
        while own in taken:
            taken[name] += 1
            own = f"{name} ({taken[name]})"
        taken[own] = 1
        found.append(own)
    return found


def only(results: Sequence[Result], format: str) -> Result:
    """The one submission of a format that knows no more than one."""
    if len(results) == 1:
        return results[0]
    raise BadArgument(
        f"--format {format} is the file of one submission, and there are {len(results):,}: grade them one by one, "
        "or choose json, jsonl, csv or junit"
    )


def in_line(cell: CellMark) -> str:
    """Where it stands, if it stands in a line."""
    return "" if cell.line is None else f" in line {cell.line}"
