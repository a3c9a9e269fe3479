"""The text of a YAML file → its answers; it knows neither files nor what the names mean."""

from __future__ import annotations

from backcheck.answers.flat import flat_yaml
from backcheck.answers.text import HAND_IN, MOST, Unreadable
from backcheck.answers.tree import LAID_OUT, Sheet, sheet
from backcheck.errors import BadProblem, Fault
from backcheck.problem.text import read

MOST_MARKS = 6 * MOST  # commas, colons, brackets and lines: every value has one of them, most names have more
IN_QUOTES = "put an answer that holds a colon into quotation marks"
OURS = {  # what the reader says of problems → what holds for answers
    "the file is empty": ("the file holds no answers", HAND_IN),
    "a problem is a mapping": ("answers are lines of the form name: number, and this is none", LAID_OUT),
    "a second document": ("a second document begins here", "one file holds one submission: remove the line ---"),
    "the file holds more than": (f"this is more than {MOST:,} answers", ""),
    "a comma or } is": ("a comma or } is missing before this", "inside of { } a name like z1[1] stands in quotation marks"),
    "a colon cannot stand here": ("a colon cannot stand here", f"is the line before it complete, and indented alike? {IN_QUOTES}"),
}


def yaml_sheet(text: str) -> Sheet:
    """The answers; raises Unreadable."""
    check_amount(text)
    return flat_yaml(text.replace("\r\n", "\n")) or any_yaml(text)


def any_yaml(text: str) -> Sheet:
    """The same for YAML of any layout."""
    try:
        root, faults = read(text, "")
        if faults:
            raise Unreadable(faults[0])
        return sheet(root)
    except BadProblem as error:
        raise _with_line(_in_our_words(error.faults[0]), text) from None
    except Unreadable as error:
        raise _with_line(error.fault, text) from None


def check_amount(text: str) -> None:
    """Refuses what would take long to read, before it is read."""
    if len(text) > MOST_MARKS and sum(map(text.count, ",:[{\n\r")) > MOST_MARKS:
        raise Unreadable(Fault(1, 1, f"this is too much: a submission has at most {MOST:,} answers", HAND_IN))


def _in_our_words(fault: Fault) -> Fault:
    for begins, (says, way_out) in OURS.items():
        if fault.says.startswith(begins):
            return fault._replace(says=says, way_out=way_out)
    return fault


def _with_line(fault: Fault, text: str) -> Unreadable:
    """The fault, with the line it is in."""
    lines = text.splitlines()
    if fault.line > len(lines):  # what is missing is missing at the end
        fault = fault._replace(line=len(lines), column=len(lines[-1]) + 1)
    return Unreadable(fault, lines[fault.line - 1])
