"""Files as nearly everybody writes them, one name and one number in each line, read by one pattern; all others are left alone.

What is read here is exactly what the reader of the whole format would have read; in any doubt the answer is None.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache

from backcheck.answers.text import LONGEST, MOST
from backcheck.answers.tree import OF_PROBLEMS, Sheet

# These characters are words to YAML and to JSON, wherever they stand behind one of FIRST.
SIGN = r"A-Za-z0-9_./;,+*=()\[\]^∂′δησ·×÷−\-"
FIRST = r"(?:[A-Za-z0-9_.(+−]|-[A-Za-z0-9_.(])"
NAME = rf"[A-Za-z_∂δησ][{SIGN}']{{0,60}}+"
PLAIN = rf"{FIRST}[{SIGN}']*+(?: [{SIGN}']++)*+"
QUOTED = rf"'[{SIGN} ]*+'|\"[{SIGN}' ]*+\""
PERSON = r"\w[\w.@-]{0,80}+(?: \w[\w.@-]{0,20}+){0,4}+"
HEAD = re.compile(rf"(?:student: (?:({PERSON})|\"({PERSON})\"|'({PERSON})')\n)?(answers:\n)?")
KEEP_OUT = frozenset((*OF_PROBLEMS, "student", "answers"))

STRING = rf"\"(?:{FIRST}[{SIGN}']*+(?: ++[{SIGN}']++)*+)?\""
FIGURES = r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?"
PUPIL = re.compile(rf'\{{ *+(?:"student" *+: *+"({PERSON})" *+, *+)?"answers" *+: *+(?=\{{)')
PAIRS = rf'\{{ *+(?:"{NAME}" *+: *+%s(?: *+, *+(?=")| *+(?=\}})))++\}} *+\}}[ \r\n]*+'
STRINGS, MIXED = re.compile(PAIRS % STRING), re.compile(PAIRS % f"(?:{STRING}|{FIGURES})")


@lru_cache(maxsize=32)
def _lines(indent: int, quoted: bool) -> re.Pattern[str]:
    """The pattern of all lines at once."""
    return re.compile(rf"(?:{' ' * indent}{NAME}: (?:{f'{QUOTED}|{PLAIN}' if quoted else PLAIN})\n)++")


def flat_yaml(text: str) -> Sheet | None:
    """The answers of a flat YAML file, or None if it is anything else.

    >>> flat_yaml("answers:\\n  z1[1]: 0.3510\\n")
    Sheet(student=None, answers={'z1[1]': '0.3510'}, lines={'z1[1]': 2})
    """
    head = HEAD.match(text)
    assert head is not None  # noqa: S101  it may be empty
    below = head[4] is not None
    body = text[head.end() :] + "\n" * (not text.endswith("\n"))
    indent = len(body) - len(body.lstrip(" ")) if below else 0
    quoted = ": '" in body or ': "' in body
    if indent > 8 or indent < below or not _lines(indent, quoted).fullmatch(body):
        return None
    line = "\n" + " " * indent
    words = body[indent:-1].replace(": ", line).split(line)
    if quoted:
        words[1::2] = [word[1:-1].strip() if word[0] in "\"'" else word for word in words[1::2]]
    first = 1 + text.count("\n", 0, head.end())
    names = _known(words[::2], below)
    if names is None or (len(body) > LONGEST and max(map(len, words)) > LONGEST):
        return None
    answers = dict(zip(names, words[1::2], strict=True))
    return Sheet(head[1] or head[2] or head[3], answers, _numbered(names, 1 + text.count("\n", 0, head.end())))


_seen: dict[int, tuple[str, ...]] = {}  # by their number the last names that were read: a class hands in the same ones


def _known(names: list[str], below: bool) -> tuple[str, ...] | None:
    """The names, if none stands twice or means something else at the top of a file; the same ones are kept only once."""
    before = _seen.get(len(names))
    found = before if before is not None and list(before) == names else tuple(names)
    if found is not before:
        if len(set(found)) < len(found) or len(found) > MOST:
            return None
        _seen[len(found)] = found
    return found if below or KEEP_OUT.isdisjoint(found) else None


@lru_cache(maxsize=16)
def _numbered(names: tuple[str, ...], first: int) -> dict[str, int]:
    return dict(zip(names, range(first, first + len(names)), strict=True))


def flat_json(text: str, line: int = 1) -> Sheet | None:
    """The answers of a JSON text that stands in one line of a file, or None if it is anything else.

    >>> flat_json('{"answers": {"z1[1]": 0.3510, "L": "0.2983"}}')
    Sheet(student=None, answers={'z1[1]': '0.3510', 'L': '0.2983'}, lines={'z1[1]': 1, 'L': 1})
    """
    head = PUPIL.match(text)
    if head is None or "\n" in text.rstrip("\n"):
        return None
    if STRINGS.fullmatch(text, head.end()):
        words = text[head.end() :].split('"')
        names, texts = words[1::4], words[3::4]
    elif MIXED.fullmatch(text, head.end()):
        pairs = json.loads(text[head.end() : text.rindex("}")], object_pairs_hook=list, parse_float=str, parse_int=str)
        names, texts = [name for name, _ in pairs], [text for _, text in pairs]
    else:
        return None
    known = _known(names, below=True)
    if known is None or (len(text) > LONGEST and max(map(len, texts)) > LONGEST):
        return None
    return Sheet(head[1], dict(zip(known, texts, strict=True)), dict.fromkeys(known, line))
