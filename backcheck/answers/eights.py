"""Eight characters at once: the digits of many numbers read as 64-bit words; it knows no signs, exponents or files.

A word holds the last eight characters of a number, the very last one in its highest byte; characters that a shorter number
does not have are read as leading zeros. Steps of arithmetic on the whole word then stand for steps on all eight characters
(D. Lemire, "Number parsing at a gigabyte per second", 2021, section 6).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Whole = NDArray[np.int64]
Truth = NDArray[np.bool_]
Bytes = NDArray[np.uint8]


def _word(*values: int) -> np.uint64:
    return np.uint64(int.from_bytes(bytes(values), "little"))


ZEROS, DOTS = _word(*b"00000000"), _word(*[ord("0") ^ ord(".")] * 8)
ONE, TOP, SEVEN, EIGHT = (np.uint64(n) for n in (1, 2**63, 7, 8))
LOW_SEVEN, HIGH, TO_HIGH = _word(*[0x7F] * 8), _word(*[0x80] * 8), _word(*[0x80 - 10] * 8)
PLACES, SHIFT = _word(*range(8)), np.uint64(56)  # times a single 1 in byte p, the highest byte is 7 − p: the places after the dot
KEPT = np.array([0xFFFF_FFFF_FFFF_FFFF << 8 * (8 - n) & 0xFFFF_FFFF_FFFF_FFFF for n in range(9)], np.uint64)
# Two digits next to each other → one number, then two of these → one, then two of those.
PAIR, FOUR, WHOLE = (np.uint64(10**n << 8 * n | 1) for n in (1, 2, 4))
EVEN, FOURTH = _word(*[0xFF, 0] * 4), _word(*[0xFF, 0xFF, 0, 0] * 2)
SIXTEEN, HALF = np.uint64(16), np.uint64(32)


class Written(NamedTuple):
    """Bytes that numbers stand in, with room before the first so that words can be read back from its end."""

    raw: bytes
    byte: Bytes
    windows: Any  # the eight bytes from each place on, as words; nothing is copied
    room: int

    def eight(self, ends: Whole, length: Whole, back: int = 0) -> Eight:
        """The last `length` characters, at most eight, before `back` more that stand before each end."""
        return eight(self.windows[self.room - 8 - back :][ends], np.clip(length - back if back else length, 0, 8))


def padded(raw: bytes, room: int) -> Written:
    whole = b"0" * room + raw + b"\n"
    windows = np.ndarray((len(whole) - 7,), dtype="<u8", buffer=whole, strides=(1,))
    return Written(raw, np.frombuffer(whole, np.uint8)[room:], windows, room)


class Eight(NamedTuple):
    """What stands in up to eight characters: digits with at most one dot among them."""

    number: Words  # without the dot
    places: Words  # after the dot
    dot: Words  # 1 or 0
    last: Truth  # the dot is the last character
    ok: Truth


def eight(words: Words, length: Whole) -> Eight:
    """The last `length` characters of each word, at most eight.

    >>> found = padded(b"0.25", 8).eight(np.array([4]), np.array([4]))
    >>> int(found.number[0]), int(found.places[0]), bool(found.ok[0])
    (25, 2, True)
    """
    digits = (words ^ ZEROS) & KEPT.take(length)
    other = digits ^ DOTS
    dots = ~(((other & LOW_SEVEN) + LOW_SEVEN) | other | LOW_SEVEN)  # the highest bit of every byte that is a dot
    first = dots >> SEVEN
    dot = np.minimum(first, ONE)
    through = (dots << ONE) - dot  # all bits up to the end of the dot
    digits = ((digits & (first - dot)) << EIGHT) | (digits & ~through)  # a second dot stays, and is no digit
    ok = ((digits + TO_HIGH) | digits) & HIGH == 0
    return Eight(_number(digits), (first * PLACES) >> SHIFT, dot, dots >= TOP, ok)


def _number(digits: Words) -> Words:
    """Eight digits → their number: pairs, then fours, then all eight."""
    pairs = (digits * PAIR >> EIGHT) & EVEN
    fours = (pairs * FOUR >> SIXTEEN) & FOURTH
    return fours * WHOLE >> HALF
