"""JSON of one object as programs write it, read by one pattern; all others are left to the reader of the whole format.

What is read here is exactly what that reader would have read; in any doubt the answer is None.
"""

from __future__ import annotations

import re
from itertools import accumulate

from backcheck.answers.flat import FIRST, NAME, PERSON, SIGN, known
from backcheck.answers.text import LONGEST
from backcheck.answers.tree import Sheet

STRING = rf'"(?:{FIRST}[{SIGN}\']*+(?: ++[{SIGN}\']++)*+)?"'
FIGURES = r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?"
STUDENT = f'"student" *+: *+"({PERSON})"'
HEAD = re.compile(rf'\{{[ \n]*+(?:{STUDENT} *+,[ \n]*+)?"answers" *+: *+(?=\{{)')
PAIRS = rf'\{{[ \n]*+(?:"{NAME}" *+: *+%s(?: *+,[ \n]*+(?=")|[ \n]*+(?=\}})))++\}}'
TAIL = rf"(?P<tail>(?: *+,[ \n]*+{STUDENT})?[ \n]*+\}}[ \r\n]*+)"
STRINGS, MIXED = re.compile(PAIRS % STRING + TAIL), re.compile(PAIRS % f"(?:{STRING}|{FIGURES})" + TAIL)
PAIR = re.compile(rf'([ \n,{{]*+)"({NAME})" *+: *+(?:"([^"]*+)"|({FIGURES}))')


def flat_json(text: str, line: int = 1) -> Sheet | None:
    """The answers of a JSON text that begins in this line of a file, or None if it is anything else.

    >>> flat_json('{"answers": {"z1[1]": 0.3510, "L": "0.2983"}}')
    Sheet(student=None, answers={'z1[1]': '0.3510', 'L': '0.2983'}, lines={'z1[1]': 1, 'L': 1})
    """
    head = HEAD.match(text)
    found = head and (STRINGS.fullmatch(text, head.end()) or MIXED.fullmatch(text, head.end()))
    if head is None or not found or (head[1] and found[2]):
        return None
    gaps, names, texts = _pairs(text[head.end() : found.start("tail")], found.re is STRINGS)
    shared = known(names, below=True)
    if shared is None or (len(text) > LONGEST and max(map(len, texts)) > LONGEST):
        return None
    return Sheet(head[1] or found[2], dict(zip(shared, texts, strict=True)), _lines(text, head, gaps, shared, line))


def _pairs(body: str, strings: bool) -> tuple[list[str], list[str], list[str]]:
    """What stands before each name, the names, and the texts."""
    if strings:
        words = body.split('"')
        return words[:-1:4], words[1::4], words[3::4]
    pairs = PAIR.findall(body)
    return [gap for gap, _, _, _ in pairs], [name for _, name, _, _ in pairs], [text or figures for _, _, text, figures in pairs]


def _lines(text: str, head: re.Match[str], gaps: list[str], names: tuple[str, ...], line: int) -> dict[str, int]:
    """The line each name stands in."""
    if "\n" not in text[:-1]:
        return dict.fromkeys(names, line)
    steps = [gap.count("\n") for gap in gaps]
    steps[0] += line + head[0].count("\n")
    return dict(zip(names, accumulate(steps), strict=True))
