"""The slips that people make in one line of algebra, each as an edit that undoes it; it knows no values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from backcheck.proving.repairs import brackets, fractions, leaves, letters, linearity, products, signs, sums
from backcheck.proving.repairs.around import Around
from backcheck.proving.repairs.changes import Change
from backcheck.proving.repairs.places import Place, places, put_at
from backcheck.proving.tree import Tree

MOST = 900  # edits of one line that are tried
Rule = Callable[[Place, Around], Iterator[Change]]


class Kind(NamedTuple):
    """One kind of edit: the slip it undoes, how far it is to seek (1 is near), its words, and what it changes."""

    slip: str
    far: int
    says: str
    change: Rule


# fmt: off
KINDS: tuple[Kind, ...] = (
    Kind("sign",              1, "a minus for a plus",                                signs.minus_dropped),
    Kind("sign",              1, "a plus for a minus",                                signs.minus_set),
    Kind("sign",              1, "the difference is the wrong way round",             signs.turned_round),
    Kind("sign",              1, "the sign of the whole",                             signs.bracket_negated),
    Kind("sign",              1, "a minus before brackets turns all that is in them", signs.bracket_after_minus),
    Kind("index",             1, "index {wrote} for {meant}",                         letters.index_replaced),
    Kind("index",             1, "index {wrote} for {meant}",                         letters.index_replaced_throughout),
    Kind("index",             1, "{wrote} for {meant}",                               letters.other_index_in_square),
    Kind("name",              1, "{wrote} for {meant}",                               letters.name_replaced),
    Kind("factor",            1, "the factor {wrote} is too many",                    products.number_factor_dropped),
    Kind("factor",            1, "the factor {meant} is missing",                     products.number_factor_missing),
    Kind("exponent",          1, "the exponent {wrote} for {meant}",                  leaves.exponent_replaced),
    Kind("square_missing",    1, "a square is missing: {meant}",                      leaves.square_set),
    Kind("number",            1, "{wrote} for {meant}",                               leaves.number_replaced),
    Kind("transposed",        1, "{wrote} for {meant}",                               signs.transposed),
    Kind("transposed",        1, "the order of the matrices: {wrote} for {meant}",    signs.factors_exchanged),
    Kind("delta_missing",     1, "{meant} is missing",                                products.delta_missing),
    Kind("delta",             1, "{wrote} for {meant}",                               signs.one_for_delta),
    Kind("sum_missing",       1, "the sum over {meant} is missing",                   sums.sum_missing),
    Kind("one_of_sum",        1, "the sum over {wrote} is too many",                  sums.one_of_a_sum),
    Kind("bracket",           1, "brackets: {wrote} for {meant}",                     brackets.brackets_lost),
    Kind("exponent",          2, "{wrote} for {meant}",                               leaves.power_set),
    Kind("entry_by_entry",    2, "{wrote} for {meant}",                               signs.entry_by_entry),
    Kind("factor",            2, "the factor {wrote} is too many",                    products.factor_dropped),
    Kind("term",              2, "the term {wrote} is too many",                      products.term_dropped),
    Kind("term_missing",      2, "the term {meant} is missing",                       products.term_missing),
    Kind("factor_missing",    2, "the factor {meant} is missing",                     products.factor_missing),
    Kind("complement",        1, "{wrote} for {meant}",                               leaves.complemented),
    Kind("reciprocal",        2, "{wrote} for {meant}",                               fractions.denominator_split),
    Kind("bracket",           2, "brackets: {wrote} for {meant}",                     brackets.moved_in),
    Kind("bracket",           2, "brackets: {wrote} for {meant}",                     brackets.moved_out),
    Kind("bracket",           2, "brackets: {wrote} for {meant}",                     linearity.outer_moved_in),
    Kind("reciprocal",        2, "upside down: {wrote} for {meant}",                  fractions.inverted),
    Kind("reciprocal",        2, "{wrote} for {meant}",                               fractions.over_for_times),
    Kind("reciprocal",        2, "{wrote} for {meant}",                               fractions.times_for_over),
    Kind("exponent",          2, "the power {wrote} is too many",                     leaves.square_dropped),
    Kind("sum",               2, "the sum over {wrote} is too many",                  sums.sum_dropped),
    Kind("sum_letter",        2, "the sum runs over {wrote}, not over {meant}",       letters.sum_letter_replaced),
    Kind("linearity",         1, "{wrote} for {meant}",                               linearity.linearity_undone),
    Kind("linearity",         1, "{wrote} for {meant}",                               linearity.outer_moved_out),
    Kind("linearity",         1, "{wrote} for {meant}",                               linearity.squares_joined),
    Kind("linearity",         2, "{wrote} for {meant}",                               linearity.linearity_used),
    Kind("size_factor",       2, "the factor {meant} is missing",                     products.size_factor_missing),
    Kind("function_missing",  2, "{meant} is missing",                                leaves.function_set),
    Kind("function",          2, "{wrote} is too many",                               leaves.function_dropped),
    Kind("function",          2, "{wrote} for {meant}",                               leaves.function_replaced),
    Kind("divisor_missing",   2, "the factor {meant} is missing",                     products.divisor_missing),
    Kind("left_out",          2, "{meant} is left out of the sum",                    sums.left_out_dropped),
    Kind("left_out",          2, "{meant} is not left out of the sum",                sums.left_out_missing),
    Kind("sign",              1, "a sign inside",                                     signs.sign_inside),
    Kind("transposed",        2, "{wrote} for {meant}",                               letters.indices_exchanged),
    Kind("exchanged",         2, "{wrote} are exchanged",                             letters.letters_exchanged),
    Kind("exchanged",         2, "{wrote} are exchanged",                             letters.names_exchanged),
    Kind("power_for_product", 2, "{wrote} for {meant}",                               products.power_for_product),
    Kind("name",              2, "{wrote} for {meant}",                               letters.entry_replaced),
    Kind("sum_for_product",   3, "{wrote} for {meant}",                               products.sum_for_product),
    Kind("reciprocal",        3, "{wrote} for {meant}",                               fractions.reciprocal_of_one),
    Kind("term_missing",      3, "the term {meant} is missing",                       products.lonely_term_missing),
    Kind("derivative",        3, "one derivative for another: {wrote}",               leaves.slope_by_more),
    Kind("function",          3, "{wrote} for {meant}",                               leaves.sum_for_greatest),
    Kind("function_missing",  3, "{meant} is missing",                                leaves.other_function_set),
    Kind("number",            3, "{wrote} for {meant}",                               leaves.nothing_for_all),
    Kind("zero_or_one",       3, "{wrote} for {meant}",                               sums.zero_for_one),
)
# fmt: on


class Edit(NamedTuple):
    """A line as it would stand, and how it differs from what was written."""

    tree: Tree
    kind: Kind
    place: Place
    change: Change

    @property
    def is_put_in(self) -> bool:
        """Something stands there then that stood nowhere in its place."""
        return self.change.wrote == "" and self.change.meant != ""


def edits(here: Around) -> Iterator[Edit]:
    """Edits of one line, each different from the line and from each other, the nearest first; at most 900."""
    seen, everywhere = {here.wrong}, tuple(places(here.wrong))
    for kind in sorted(KINDS, key=lambda kind: kind.far):
        for place in everywhere:
            for change in kind.change(place, here):
                tree = put_at(here.wrong, place.path, change.tree)
                if tree not in seen:
                    seen.add(tree)
                    yield Edit(tree, kind, place, change)
                    if len(seen) > MOST:
                        return
