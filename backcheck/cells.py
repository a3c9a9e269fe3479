"""The names of single numbers: (row, index) → `dL/dW2[1,1]` or `dL/dw5`, and every accepted spelling back; it knows no values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

Index = tuple[int, ...]
Place = tuple[str, Index]

IDENTIFIER = re.compile(r"[^\W\d]\w*")
PLAIN = re.compile(r"(?P<row>[^\W\d]\w*)(?P<prime>'?)\[(?:(?P<n>\d{1,9});)?(?P<j>\d{1,9})?(?:,(?P<k>\d{1,9}))?\](?P<prime2>'?)")
DERIVATIVE = re.compile(r"d(?P<of>[^\W\d]\w*)/d(?P<by>.+)")
DELTA = re.compile(r"(?:delta|δ)_?(?P<layer>\d+)(?P<rest>.*)")
LOSS_NAMES = ("L", "loss", "C", "E")
RATE_NAMES = ("eta", "η", "learning_rate", "lr", "rate")
SPELLINGS = str.maketrans({"∂": "d", "′": "'", "’": "'", "−": "-", " ": "", "\N{COMBINING CIRCUMFLEX ACCENT}": "hat"})
PER_EXAMPLE, PARAMETER = re.compile(r"[xt]|[za]\d+"), re.compile(r"[Wb]\d+")
VIA = " via "
# What an update works out for each parameter on the way to its new value: the row `m W1` has the numbers m(W1[1,1]), m(w5), …
OF_PARAMETER = re.compile(r"(?P<kind>g|clipped|m|v|mhat|vhat|m0|v0) (?P<of>.+)")
OF_ONE = re.compile(r"(?P<kind>g|clipped|[mv](?:_?hat|_?0)?)\((?P<of>[^()]+)\)")
LENGTH = "|g|"  # of all slopes together


class Names:
    """How the numbers of one problem are called."""

    __slots__ = ("examples", "further", "output", "own", "places", "tied", "written")

    def __init__(
        self,
        own: Mapping[Place, str] | None = None,  # ("W2", (0, 0)) → "w5"
        further: Mapping[str, str] | None = None,  # "z3" → "z2[1]"
        written: Mapping[Place, str] | None = None,  # given numbers as the file writes them: "0.40"
        examples: int = 1,
        output: str = "",  # the row of the outputs, "a2"; empty for an expression
    ) -> None:
        self.own, self.further, self.written = own or {}, further or {}, written or {}
        self.examples, self.output = examples, output
        places: dict[str, list[Place]] = {}
        for place, name in self.own.items():
            places.setdefault(name, []).append(place)
        self.places: Mapping[str, tuple[Place, ...]] = {name: tuple(found) for name, found in places.items()}
        self.tied = {name: found for name, found in self.places.items() if len(found) > 1}  # parameters in several places

    def with_written(self, written: Mapping[Place, str]) -> Names:
        """The same names, with other digits on paper."""
        return Names(self.own, self.further, written, self.examples, self.output)

    def cell(self, row: str, index: Index) -> str:
        """The name of one number of a row.

        >>> one, batch = Names(output="a2"), Names(output="a2", examples=4)
        >>> one.cell("dL/dW2", (0, 2)), one.cell("x", (0, 1)), batch.cell("z1", (3, 0))
        ('dL/dW2[1,3]', 'x2', 'z1[4;1]')
        """
        if row.endswith("'"):
            return self.cell(row[:-1], index) + "'"
        if row.startswith("dL/d") and self.output:
            return self._derivative(row[4:], index)
        if " " in row and (found := OF_PARAMETER.fullmatch(row)):
            return f"{found['kind']}({self.cell(found['of'], index)})"
        return self.own.get((row, index)) or self.plain(row, index)

    def _derivative(self, base: str, index: Index) -> str:
        if not base.endswith(VIA.rstrip()):
            return "dL/d" + self.cell(base, index)
        base = base[: -len(VIA.rstrip())]
        name = "dL/d" + self.cell(base, index)
        return name + VIA + self.plain(base, index) if self.own.get((base, index)) in self.tied else name

    def plain(self, row: str, index: Index) -> str:
        """The name by position, whatever the file calls it."""
        if not index:
            return row
        if row == "L[n]":
            return f"L[{index[0] + 1}]"
        if self.output and PER_EXAMPLE.fullmatch(row):
            n, j = index
            if self.examples > 1:
                return f"{row}[{n + 1};{j + 1}]"
            return f"{row}{j + 1}" if row in "xt" else f"{row}[{j + 1}]"
        return f"{row}[{','.join(str(i + 1) for i in index)}]"

    def find(self, text: str) -> Place | None:
        """The row and the index that a name means, or None; the row may not exist.

        >>> names = Names(output="a2")
        >>> names.find("dC/dz2[1]"), names.find("delta2[1]"), names.find("W1[1,2]_new")
        (('dL/dz2', (0, 0)), ('dL/dz2', (0, 0)), ("W1'", (0, 1)))
        """
        return next(self.meanings(text), None)

    def meanings(self, text: str) -> Iterator[Place]:
        """All that a name may mean: `w5_new` is a name of its own, or else the new w5."""
        direct = self.further.get(text) or text
        text = direct if VIA in direct else direct.translate(SPELLINGS)
        found = [self._find_via(text)] if VIA in text else map(self._find, _primed(text))
        yield from filter(None, found)

    def _find(self, text: str) -> Place | None:
        if text in self.places:
            return self.places[text][0]
        if text in self.further:
            return self._find(self.further[text].translate(SPELLINGS))
        if text.endswith("'") and (base := self._find(text[:-1])):
            return base[0] + "'", base[1]
        if self.output and (delta := DELTA.fullmatch(text)):
            text = f"dL/dz{delta['layer']}{delta['rest']}"
        if derivative := DERIVATIVE.fullmatch(text):
            return self._find_derivative(derivative["of"], derivative["by"])
        if of_one := OF_ONE.fullmatch(text):
            base = self._find(of_one["of"])
            return base and (f"{of_one['kind'].replace('_', '')} {base[0]}", base[1])
        return self._by_position(text)

    def _find_derivative(self, of: str, by: str) -> Place | None:
        base = self._find(by)
        if base is None or (self.output and of not in LOSS_NAMES):
            return None
        return (f"dL/d{base[0]}" if self.output else f"d{of}/d{base[0]}"), base[1]

    def _find_via(self, text: str) -> Place | None:
        slope, place = (part.translate(SPELLINGS) for part in text.split(VIA, 1))
        if not self.output:
            return slope + VIA + place, ()
        whole, found = self._find(slope), self._by_position(place)
        if whole is None or found is None:
            return None
        part = f"dL/d{found[0]} via", found[1]
        return part if self.cell(*part) == self.cell(*whole) + VIA + self.plain(*found) else None

    def _by_position(self, text: str) -> Place | None:
        if self.output and text in LOSS_NAMES:
            return "L", ()
        if text in RATE_NAMES:
            return "eta", ()
        if text in (LENGTH, "‖g‖"):
            return LENGTH, ()
        if self.output and (short := re.fullmatch(r"([xty])(\d{1,9})(?:\[(\d{1,9});?\])?", text)):
            row = self.output if short[1] == "y" else short[1]
            return row, (int(short[3] or 1) - 1, int(short[2]) - 1)
        if place := PLAIN.fullmatch(text):
            return self._by_index(place)
        return (text, ()) if IDENTIFIER.fullmatch(text) else None

    def _by_index(self, place: re.Match[str]) -> Place | None:
        row, index = place["row"], [int(i) - 1 for i in place.group("n", "j", "k") if i]
        prime = place["prime"] or place["prime2"]
        if row in LOSS_NAMES:
            return ("L[n]", (index[0],)) if len(index) == 1 else None
        row = self.output if row == "y" else row
        if PER_EXAMPLE.fullmatch(row):
            index = index if place["n"] else [0, *index]
        return row + prime, tuple(index)


def _primed(text: str) -> Iterator[str]:
    """The text as it stands, and with the accepted endings of an updated parameter as a prime."""
    yield text
    for ending in ("_new", "+"):
        if text.endswith(ending):
            yield text[: -len(ending)] + "'"
