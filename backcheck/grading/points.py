"""What a problem asks for and what each number is worth, as exact fractions; it knows no answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import TYPE_CHECKING, NamedTuple

from backcheck.catalogue import KINDS_OF_GRAPH, KINDS_OF_NETWORK
from backcheck.cells import Place
from backcheck.errors import BadProblem, Fault, did_you_mean
from backcheck.grading.asked import find, kind_of, known_names, of_kinds, whole, without_value
from backcheck.worksheet import Phase, Worksheet

if TYPE_CHECKING:
    from backcheck.problem.marking import Section
    from backcheck.problem.text import Scalar

# what is asked for where the file does not say
USUAL_OF_NETWORK = ("weighted_sums", "activations", "loss", "deltas", "gradients", "updates")
USUAL_OF_GRAPH = ("values", "gradients")
LONGEST_NAME, MOST_FAULTS, SHOWN = 80, 20, 40
MOST_UNITS = 2**53  # points are counted in whole multiples of their common unit


class Marking(NamedTuple):
    """How a problem is marked."""

    asked: tuple[Place, ...]  # in the order of the worksheet
    weights: Mapping[Place, Fraction]  # of all that is asked
    truncated: Fraction = Fraction(0)  # the share of its points that a number keeps which is cut off instead of rounded
    transposed: Fraction = Fraction(0)  # … the right numbers in transposed order
    descent: Fraction = Fraction(0)  # … gradients with the opposite sign, as directions of descent
    carried: Fraction = Fraction(1)  # … what follows from a wrong number of one's own
    carried_at_most: Fraction = Fraction(9, 10)  # of all points: one early slip costs little, a sheet made of one is no full sheet
    pass_mark: Fraction | None = None  # of all points
    decimals: int | None = None  # a number with fewer is read as if it had so many; None: as it is written

    def weight_of(self, place: Place) -> Fraction:
        """The points of a cell; nothing for what was not asked."""
        return self.weights.get(place, Fraction(0))

    @property
    def out_of(self) -> Fraction:
        """Full marks."""
        return sum((self.weight_of(place) for place in self.asked), Fraction(0))


def default(sheet: Worksheet) -> Marking:
    """One point for every number that people are asked for: forward, loss, ∂L/∂z, and slope and new value of what is trained."""
    asked = tuple(of_kinds(sheet, _usual(sheet)))
    return Marking(asked, dict.fromkeys(asked, Fraction(1)))


def _usual(sheet: Worksheet) -> tuple[str, ...]:
    return USUAL_OF_NETWORK if sheet.names.output else USUAL_OF_GRAPH


def marking(sheet: Worksheet, section: Section | None = None) -> Marking:
    """The marking that a file asks for, or the usual one; raises BadProblem with every name that means nothing here."""
    if section is None:
        return default(sheet)
    words = Words(sheet, section)
    weights = words.weights(words.asked())
    found = Marking(tuple(weights), weights, **section.shares, decimals=section.decimals)
    words.check(found)
    return found


class Words:
    """The words of a section and what they mean on one sheet; those that mean nothing are noted as faults."""

    def __init__(self, sheet: Worksheet, section: Section) -> None:
        self.sheet, self.section = sheet, section
        self.faults: list[Fault] = []
        self.kinds = KINDS_OF_NETWORK if sheet.names.output else KINDS_OF_GRAPH

    @cached_property
    def known(self) -> list[str]:
        return [*self.kinds, *known_names(self.sheet)]

    @cached_property
    def nowhere(self) -> Collection[str]:
        return without_value(self.sheet)

    def fault(self, node: Scalar, says: str, way_out: str = "") -> None:
        self.faults.append(node.fault(says, way_out))
        if len(self.faults) >= MOST_FAULTS:
            raise self.refused()

    def refused(self) -> BadProblem:
        return BadProblem(self.section.file, self.faults, self.section.text)

    def asked(self) -> set[Place]:
        """What is asked for by kind or by name."""
        if self.section.ask is None:
            return set(of_kinds(self.sheet, _usual(self.sheet)))
        return {place for node in self.section.ask for place in self.meant(node)}

    def meant(self, node: Scalar) -> Iterable[Place]:
        """The numbers of a kind, or the one number; a name that the file gives comes before a kind of the same name."""
        place = self.single(node)
        if place or node.text not in self.kinds:
            return [place] if place else []
        found = list(of_kinds(self.sheet, (node.text,)))
        if not found:
            way_out = "they need a learning_rate" if node.text == "updates" else ""
            self.fault(node, f"there are no {node.text} in this problem", way_out)
        return found

    def single(self, node: Scalar) -> Place | None:
        """The one number that is meant, or None: it is a kind, or a fault."""
        text = node.text
        place = find(self.sheet, text) if len(text) <= LONGEST_NAME else None
        given = place and self.sheet[place[0]].phase is Phase.GIVEN
        if text in self.kinds and (given or not place):
            return None
        if not place:
            self.fault(node, *self.nothing(text))
        elif given:
            new = f"{place[0]}'", place[1]
            hint = f"did you mean {self.sheet.names.cell(*new)!r}?" if new[0] in self.sheet else ""
            self.fault(node, f"{text!r} is given: there is nothing to work out", hint)
        elif place[0] in self.nowhere:
            self.fault(node, f"{text!r} has no value here")
        else:
            return place
        return None

    def nothing(self, text: str) -> tuple[str, str]:
        """What is wrong with a name that means no number, and what could have been meant."""
        if len(text) <= LONGEST_NAME and (first := whole(self.sheet, text)):
            return f"{text!r} is a whole array", f"name one number of it, like {first}, or a kind: {', '.join(self.kinds)}"
        hint = did_you_mean(text, self.known) or f"kinds: {', '.join(self.kinds)}"
        return f"there is no quantity {text[:SHOWN]!r} in this problem", hint

    def weights(self, asked: set[Place]) -> dict[Place, Fraction]:
        """The points of each number, in the order of the worksheet; one that has a weight of its own is asked for by that."""
        of_kind, own = dict[str, Fraction](), dict[Place, Fraction]()
        rows = {row.name: (at, kind_of(self.sheet, row)) for at, row in enumerate(self.sheet.rows)}
        for node, weight in self.section.weights:
            place = self.single(node)
            if place and place in own:
                self.fault(node, f"{node.text!r} has a weight already", "it stands there under another of its names")
            elif place:
                own[place] = weight
            elif node.text in self.kinds:
                of_kind[node.text] = weight
                if not any(rows[name][1] == node.text for name, _ in asked):
                    self.fault(node, f"{node.text!r} has a weight, but nothing of it is asked for", "name it under ask as well")
        ordered = sorted(asked | own.keys(), key=lambda place: (rows[place[0]][0], place[1]))
        return {place: own.get(place, of_kind.get(rows[place[0]][1] or "", Fraction(1))) for place in ordered}

    def check(self, marking: Marking) -> None:
        """Raises all faults; full marks should be something, and all points whole multiples of one unit that is not too small."""
        if not self.faults and not self.countable(marking):
            says = "points with these weights and shares cannot be counted exactly"
            self.faults.append(self.section.node.fault(says, "write them with fewer digits"))
        elif not self.faults and not marking.out_of:
            self.faults.append(
                self.section.node.fault("nothing that is asked for is worth a point", "give something a weight above 0")
            )
        if self.faults:
            raise self.refused()

    @staticmethod
    def countable(marking: Marking) -> bool:
        shares = (marking.truncated, marking.transposed, marking.descent, marking.carried, marking.carried_at_most)
        parts, unit, total = lcm(*(share.denominator for share in shares)), 1, Fraction(1)
        for weight in marking.weights.values():
            unit, total = lcm(unit, weight.denominator), total + weight
            if unit * parts * total > MOST_UNITS:
                return False
        return True
