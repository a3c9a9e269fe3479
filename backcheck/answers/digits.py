"""Written decimals → their values and the half of a unit of their last place, many at once; it knows no names and no formulas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from backcheck.answers.eights import Bytes, Truth, Whole, Words, Written, padded

Floats = NDArray[np.float64]

LONGEST_NUMBER = 40  # characters
MINUS = "\u2212".encode()
AT_ONCE = 1 << 14  # numbers; their words then stay in the processor's own memory
MOST_PLACES = 1100  # 40 characters and an exponent of three digits go no further
EXACT = 22  # 10**22 is the largest power of ten that a float holds exactly
POWERS = np.array([float(10**k) for k in range(EXACT + 1)])
SIGNS = np.array([1.0, -1.0])
# Half a unit of the place −MOST_PLACES … MOST_PLACES; never 0, so that an interval stays one.
HALVES = np.array([max(float(f"5e{-d - 1}"), 5e-324) for d in range(-MOST_PLACES, MOST_PLACES + 1)])


class Decoded(NamedTuple):
    """One entry for each text; where it is not plain, the value is NaN and so is the half."""

    value: Floats
    half: Floats  # of a unit of the last written place: 0.00005 for 0.3510
    decimals: Whole  # −3 for 12e3, which has thousands in its last place
    plain: Truth

    def part(self, rows: slice) -> Decoded:
        """A view of some of them."""
        return Decoded(self.value[rows], self.half[rows], self.decimals[rows], self.plain[rows])


def decode(texts: Sequence[str]) -> Decoded:
    """The numbers of many texts, each exactly `float(text)`.

    >>> found = decode(["0.3510", "-1.2e-3", "20", "0,35"])
    >>> found.value.tolist(), found.half.tolist()
    ([0.351, -0.0012, 20.0, nan], [5e-05, 5e-05, 0.5, nan])
    """
    text = "\n".join(texts)
    raw = text.encode("utf-8", "replace")
    if not text.isascii():
        raw = raw.replace(MINUS, b"-")
    ends = np.flatnonzero(np.frombuffer(raw, np.uint8) == 10)
    if len(ends) != len(texts) - 1:  # a text of several lines is no number, and an empty sequence has no end
        return decode([t if "\n" not in t else "" for t in texts]) if len(texts) else _empty(0)
    return decode_spans(raw, *spans(np.append(ends, len(raw))))


def spans(ends: Whole) -> tuple[Whole, Whole]:
    """Where texts begin and end that follow each other with one byte between them."""
    starts = np.empty_like(ends)
    starts[:1] = 0
    np.add(ends[:-1], 1, out=starts[1:])
    return starts, ends


def decode_spans(raw: bytes, starts: Whole, ends: Whole) -> Decoded:
    """The numbers that stand in raw[start:end]; some byte that is no part of a number follows each, or nothing."""
    text = padded(raw, room=48)
    found = _empty(len(starts))
    for at in range(0, len(starts), AT_ONCE):
        piece = slice(at, at + AT_ONCE)
        _decode(text, starts[piece], ends[piece], found.part(piece))
    return found


def _empty(count: int) -> Decoded:
    return Decoded(np.empty(count), np.empty(count), np.empty(count, np.int64), np.zeros(count, np.bool_))


def _decode(text: Written, starts: Whole, ends: Whole, out: Decoded) -> None:
    """Fills `out`: nearly all numbers have at most eight characters and no exponent, the others are looked at again."""
    written = ends - starts
    starts, negative = _signs(text.byte, starts)
    length = ends - starts
    short = text.eight(ends, length)
    out.plain[:] = short.ok & ~short.last & _begins(text.byte, starts) & (length <= 8)
    out.decimals[:] = short.places
    np.divide(short.number, POWERS.take(out.decimals, mode="clip"), out=out.value)
    np.multiply(out.value, SIGNS.take(negative), out=out.value)
    HALVES.take(out.decimals + MOST_PLACES, out=out.half, mode="clip")
    if out.plain.all():
        return
    bad = np.flatnonzero(~out.plain)
    out.value[bad], out.half[bad], out.decimals[bad] = np.nan, np.nan, 0
    rest = bad[(length[bad] > 2) & (written[bad] <= LONGEST_NUMBER)]  # what is shorter has neither exponent nor many digits
    if len(rest):
        _decode_long(text, starts[rest], ends[rest], negative[rest], out, rest)


def _signs(buffer: Bytes, starts: Whole) -> tuple[Whole, Truth]:
    """Where the digits begin, and whether a minus stands before them."""
    first = buffer[starts]
    negative = first == ord("-")
    return starts + (negative | (first == ord("+"))), negative


def _begins(buffer: Bytes, starts: Whole) -> Truth:
    """Whether a digit stands there: not a dot, nor what follows an empty text."""
    return np.asarray(buffer[starts] - np.uint8(ord("0")) < 10)


def _decode_long(text: Written, starts: Whole, ends: Whole, negative: Truth, out: Decoded, into: Whole) -> None:
    """The same for numbers of any length and with an exponent; only the value of very many digits is left to float()."""
    middle = _exponent_at(text.byte, starts, ends)
    number, places, ok = _digits(text, starts, middle)
    exponent, exponent_ok = _exponent(text, middle, ends)
    decimals = places - exponent
    ok &= exponent_ok & ((number > 0) | (decimals >= 0))  # a zero written 0e9 would stand for any number at all
    power = POWERS.take(np.abs(decimals), mode="clip")
    value = np.where(decimals >= 0, number / power, number * power)
    hard = ok & ((middle - starts > 16) | (number > 2**53) | (np.abs(decimals) > EXACT))
    value[hard] = [float(text.raw[i:j]) for i, j in zip(starts[hard].tolist(), ends[hard].tolist(), strict=True)]
    ok &= value < np.inf
    at = into[ok]
    out.value[at] = np.where(negative, -value, value)[ok]
    out.decimals[at], out.plain[at] = decimals[ok], True
    out.half[at] = HALVES.take(decimals[ok] + MOST_PLACES)


def _exponent_at(buffer: Bytes, starts: Whole, ends: Whole) -> Whole:
    """Where an e stands from which at most a sign and three digits follow, or the end."""
    middle = ends
    for back in range(2, 6):
        at = ends - back
        middle = np.where((buffer[at] | 0x20 == ord("e")) & (at > starts), at, middle)
    return middle


def _digits(text: Written, starts: Whole, ends: Whole) -> tuple[Words, Whole, Truth]:
    """The digits as one number, how many stand after the dot, and whether that is all there is.

    The number is right if there are at most 16 digits; of more it only tells whether all are 0.
    """
    length = ends - starts
    number, places, dots = (np.zeros(len(starts), np.uint64) for _ in range(3))
    ok = _begins(text.byte, starts) & (length > 0)
    for back in range(0, int(length.max()), 8):
        part = text.eight(ends, length, back)
        if back < 16:
            number += part.number * np.where(dots == 1, np.uint64(10 ** max(back - 1, 0)), np.uint64(10**back))
        else:
            number |= part.number
        places += (part.places + np.uint64(back)) * part.dot
        dots += part.dot
        ok &= part.ok if back else part.ok & ~part.last
    return number, places.astype(np.int64), ok & (dots < 2)


def _exponent(text: Written, middle: Whole, ends: Whole) -> tuple[Whole, Truth]:
    """What stands after the e: a whole number of at most three digits; 0 where there is none."""
    starts, negative = _signs(text.byte, np.minimum(middle + 1, ends))
    starts, none = np.minimum(starts, ends), middle == ends
    found = text.eight(ends, ends - starts)
    ok = found.ok & (found.dot == 0) & (ends > starts) & (ends - starts <= 3)
    value = np.where(ok & ~none, found.number, 0).astype(np.int64)
    return np.where(negative, -value, value), ok | none
