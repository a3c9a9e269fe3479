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

BEFORE = b"0" * 48  # words can be read back from the end of the very first number


def _bytes(*values: int) -> np.uint64:
    return np.uint64(int.from_bytes(bytes(values), "little"))


def _all(value: int) -> np.uint64:
    return _bytes(*[value] * 8)


ONE, TOP, DIGITS, DOTS = np.uint64(1), np.uint64(63), _all(0x30), _all(0x2E)
LOW_SEVEN, HIGH_HALF, LOW_HALF, SIX, THREES = _all(0x7F), _all(0xF0), _all(0x0F), _all(0x06), _all(0x33)
PLACES = _bytes(*range(8))  # multiplied by a single 1 in byte p, its highest byte is 7 − p: the places after the dot
KEPT = np.array([0xFFFF_FFFF_FFFF_FFFF << 8 * (8 - n) & 0xFFFF_FFFF_FFFF_FFFF for n in range(9)], np.uint64)
PAIRS = ((2561, 8, LOW_HALF), (6553601, 16, _bytes(*[0xFF, 0] * 4)), (42949672960001, 32, _bytes(*[0xFF, 0xFF, 0, 0] * 2)))


class Eight(NamedTuple):
    """What stands in up to eight characters: digits with at most one dot among them."""

    number: Words  # without the dot
    places: Words  # after the dot
    dot: Words  # 1 or 0
    last: Truth  # the dot is the last character
    ok: Truth


def windows(raw: bytes) -> Any:
    """The eight bytes from each place on, as words; nothing is copied."""
    return np.ndarray((len(raw) - 7,), dtype="<u8", buffer=raw, strides=(1,))


def eight(words: Words, length: Whole) -> Eight:
    """The last `length` characters of each word, at most eight.

    >>> found = eight(windows(b"00000.25")[:1], np.array([4]))
    >>> int(found.number[0]), int(found.places[0]), bool(found.ok[0])
    (25, 2, True)
    """
    kept = KEPT.take(length)
    text = (words & kept) | (DIGITS & ~kept)
    other = text ^ DOTS
    dots = ~(((other & LOW_SEVEN) + LOW_SEVEN) | other | LOW_SEVEN)  # the highest bit of every byte that is a dot
    first = dots >> np.uint64(7)
    dot = np.minimum(first, ONE)
    before, through = first - dot, (dots << ONE) - dot  # all bits below the dot, and those up to its end
    text = ((text & before) << np.uint64(8)) | (text & ~through) | (dot * np.uint64(0x30))
    digits = (text & HIGH_HALF) | (((text + SIX) & HIGH_HALF) >> np.uint64(4)) == THREES
    places = (first * PLACES) >> np.uint64(56)
    return Eight(_number(text), places, dot, (dots >> TOP) == ONE, digits & ((dots & (dots - dot)) == 0))


def _number(text: Words) -> Words:
    """Eight digits → their number: pairs, then fours, then all eight."""
    for factor, shift, mask in PAIRS:
        text = ((text & mask) * np.uint64(factor)) >> np.uint64(shift)
    return text
