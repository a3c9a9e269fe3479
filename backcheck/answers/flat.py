"""YAML files as nearly everybody writes them, one name and one number in each line, read by one pattern; all others are left alone.

What is read here is exactly what the reader of the whole format would have read; in any doubt the answer is None.
"""

from __future__ import annotations

import re
from functools import lru_cache

from backcheck.answers.text import LONGEST, MOST
from backcheck.answers.tree import OF_PROBLEMS, Sheet

# These characters are words to YAML and to JSON, wherever they stand behind one of FIRST.
SIGN = r"A-Za-z0-9_./;,+*=()\[\]^∂′δησ·×÷−\-"
FIRST = r"(?:[A-Za-z0-9_.(+−]|-[A-Za-z0-9_.(])"
NAME = rf"[A-Za-z_∂δησ][{SIGN}']{{0,60}}+"
QUOTED_NAME = rf"\"{NAME}\"|'{NAME.replace(chr(39), '')}'"
PLAIN = rf"{FIRST}[{SIGN}']*+(?: [{SIGN}']++)*+"
QUOTED = rf"'[{SIGN} ]*+'|\"[{SIGN}' ]*+\""
PERSON = r"\w[\w.@-]{0,80}+(?: \w[\w.@-]{0,20}+){0,4}+"
HEAD = re.compile(rf"(?:student: (?:({PERSON})|\"({PERSON})\"|'({PERSON})')\n)?(answers:\n)?")
ENDING = re.compile(" +\n")
KEEP_OUT = frozenset((*OF_PROBLEMS, "student", "answers"))


@lru_cache(maxsize=32)
def _lines(indent: int, quoted: bool) -> re.Pattern[str]:
    """The pattern of all lines at once."""
    name, value = (f"(?:{NAME}|{QUOTED_NAME})", f"{QUOTED}|{PLAIN}") if quoted else (NAME, PLAIN)
    return re.compile(rf"(?:{' ' * indent}{name}: (?:{value})\n)++")


def flat_yaml(text: str) -> Sheet | None:
    """The answers of a flat YAML file, or None if it is anything else.

    >>> flat_yaml("answers:\\n  z1[1]: 0.3510\\n")
    Sheet(student=None, answers={'z1[1]': '0.3510'}, lines={'z1[1]': 2})
    """
    if " \n" in text:
        text = ENDING.sub("\n", text)  # wherever blanks before the end of a line mean anything, the pattern does not fit
    head = HEAD.match(text)
    if head is None:
        return None
    below = head[4] is not None
    body = text[head.end() :] + "\n" * (not text.endswith("\n"))
    indent = len(body) - len(body.lstrip(" ")) if below else 0
    quoted = '"' in body or ": '" in body or body.startswith("'", indent) or "\n" + " " * indent + "'" in body
    if indent > 8 or indent < below or not _lines(indent, quoted).fullmatch(body):
        return None
    line = "\n" + " " * indent
    words = body[indent:-1].replace(": ", line).split(line)
    if quoted:
        words = [word[1:-1].strip() if word[0] in "\"'" else word for word in words]
    names = known(words[::2], below)
    if names is None or (len(body) > LONGEST and max(map(len, words)) > LONGEST):
        return None
    answers = dict(zip(names, words[1::2], strict=True))
    return Sheet(head[1] or head[2] or head[3], answers, numbered_from(names, 1 + text.count("\n", 0, head.end())))


_last: list[tuple[str, ...]] = [()]  # the names that were read last: everybody in a class hands in the same ones


def known(names: list[str], below: bool) -> tuple[str, ...] | None:
    """The names, if none stands twice or means something else at the top of a file; the same ones are kept only once."""
    found = _last[0]
    if list(found) != names:
        if len(set(names)) < len(names) or len(names) > MOST:
            return None
        _last[0] = found = tuple(names)
    return found if below or KEEP_OUT.isdisjoint(found) else None


@lru_cache(maxsize=16)
def numbered_from(names: tuple[str, ...], first: int) -> dict[str, int]:
    return dict(zip(names, range(first, first + len(names)), strict=True))
