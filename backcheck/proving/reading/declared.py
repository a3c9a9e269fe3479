"""What has been declared so far, as far as reading needs it: which names are indices, have entries, or are functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from backcheck.proving.spelling.spellings import CALLED, GREEK

WHOLE = -1  # let p = softmax(z): how many indices p has is not to be seen
ONE_LETTER = re.compile(rf"(?:[^\W\d_]|ell|{'|'.join(GREEK.values())})[0-9]*(?:hat|bar|tilde)?(?:_.*)?~*")
NO_NAMES = ("d", "d2", "e")  # of one letter, and yet hardly factors


class Declared(NamedTuple):
    """Without letters (None) nothing is known of indices, and any name may be one."""

    letters: Mapping[str, str] | None = None  # index → its size
    ranks: Mapping[str, int] = {}  # name → how many indices it has
    functions: frozenset[str] = frozenset()
    met: frozenset[str] = frozenset()  # numbers that are not declared, but given: given 0 < rate < 1
    seen: frozenset[str] = frozenset()  # what was typed so far: names of one letter, and sigma( where sigma was applied

    def has(self, name: str) -> bool:
        """Whether a name stands for something, so that it is read as it is."""
        return name in self.ranks or name in self.functions or name in (self.letters or {})

    def is_index(self, text: str) -> bool:
        return self.letters is None or text in self.letters or text.isdecimal()

    def subscripts(self, name: str, below: str) -> tuple[str, ...]:
        """The indices in z_i, W_jk or z_12, or none if the name is one word.

        >>> Declared({"i": "K", "j": "K"}, {"W": 2}).subscripts("W", "ij"), Declared({}, {"w": 0}).subscripts("w", "12")
        (('i', 'j'), ())
        """
        letters, rank = self.letters or {}, self.ranks.get(name, 0)
        if below in letters:
            return (below,)
        if below.isdecimal():
            return tuple(below) if len(below) == rank else (below,) if rank in (1, WHOLE) else ()
        each = tuple(below)
        return each if all(c in letters or c.isdecimal() for c in each) else ()

    def is_written_together(self, word: str) -> bool:
        """Whether an unknown word is several known names in a row: wx, where w and x are declared."""
        known, reached = (self.ranks, self.letters or {}, self.seen), [0]
        for end in range(1, len(word) + 1):
            if any(word[start:end] in names for names in known for start in reached if end - start < len(word)):
                reached.append(end)
        return reached[-1] == len(word)

    def is_number(self, word: str) -> bool:
        """Whether a name that is not declared may stand beside factors: one letter, a size, or what is given as a number."""
        return bool(ONE_LETTER.fullmatch(word)) or word in self.met or word in (self.letters or {}).values()

    def was_applied(self, word: str) -> bool:
        """Whether a function everybody knows stood with an argument before: sigma(x)."""
        return word in CALLED and f"{word}(" in self.seen

    def seeing(self, words: Iterable[tuple[str, str]]) -> Declared:
        """With the names of a line, each with what follows it."""
        names = {text for text, _ in words if ONE_LETTER.fullmatch(text) and text not in (*GREEK.values(), *NO_NAMES)}
        return self._replace(seen=self.seen | names | {f"{text}(" for text, following in words if following == "("})


def joined(text: str) -> str:
    """w_1 is the name w1, where w has no entries.

    >>> joined("w_1"), joined("w_new")
    ('w1', 'w_new')
    """
    stem, _, below = text.rpartition("_")
    return stem + below if below.isdecimal() and stem and "_" not in stem else text
