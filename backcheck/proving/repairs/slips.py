"""Mistakes in algebra that have a name, as a table: what is said of each, and how it is known; it finds no repair itself."""

from __future__ import annotations

from typing import NamedTuple

from backcheck.proving.repairs import wrong as lines
from backcheck.proving.repairs import wrong_slopes as slopes
from backcheck.proving.repairs.misapplied import by_rule, linear
from backcheck.proving.repairs.wrong import Test, Wrong, by

__all__ = ["SENTENCES", "SLIPS", "Slip", "Wrong", "named"]


SUMS = ("sum", "left_out", "one_of_sum")
FUNCTIONS, POWERS = ("function", "function_missing"), ("exponent", "power_for_product")
FACTORS = ("factor", "factor_missing", "size_factor", "divisor_missing")


class Slip(NamedTuple):
    """A mistake with a name. Without a test it is one that another part of a derivation tells."""

    id: str
    says: str
    test: Test | None = None


def named(wrong: Wrong) -> str:
    """The id of the mistake in a line, or nothing.

    >>> from backcheck.proving.names import Names
    >>> from backcheck.proving.tree import number
    >>> named(Wrong(number(1), number(2), None, Names(), lambda left, right: left == right))
    ''
    """
    return next((slip.id for slip in SLIPS if slip.test and slip.test(wrong)), "")


def _condition(wrong: Wrong) -> bool:
    return wrong.needs


# fmt: off
SLIPS: tuple[Slip, ...] = (  # the first that fits
    Slip("divided_by_zero",          "it divides by 0",                                         lines.by_zero),
    Slip("only_the_true_class",      "this is the case of equal indices, given for all",        lines.only_true_class),
    Slip("bias_counted_n_times",     "the bias is counted once for each term of a sum",         lines.bias_counted),
    Slip("counted_n_times",          "it is counted once for each term of a sum",               lines.counted_often),
    Slip("counted_once",             "it is in each term of a sum, and is counted once",        lines.counted_once),
    Slip("log_of_sum",               "ln(a + b) is not ln(a) + ln(b): ln(a b) is",             linear("log_of_sum", "ln")),
    Slip("exp_of_sum",               "exp(a + b) is exp(a) exp(b), not a sum",                  linear("exp_of_sum", "exp")),
    Slip("square_of_sum",            "a power of a sum is not taken term by term",             linear("square_of_sum", "power")),
    Slip("reciprocal_of_sum",        "1/(a + b) is not 1/a + 1/b",                             linear("reciprocal_of_sum", "over")),
    Slip("fractions_added",          "fractions are added over a common denominator",           by_rule("fractions_added")),
    Slip("log_of_product",           "ln(a b) is ln(a) + ln(b), and ln(a/b) is ln(a) - ln(b)",  by_rule("log_of_product")),
    Slip("exp_of_product",           "exp(a) exp(b) is exp(a + b), not exp(a b)",               by_rule("exp_of_product")),
    Slip("product_of_sums",          "a sum of products is not a product of sums",             linear("product_of_sums", "total")),
    Slip("quotient_rule_order",      "the quotient rule is (u'v - u v')/v^2, in this order",    slopes.quotient_order),
    Slip("product_rule_half",        "the product rule has two terms, u'v + u v'",              slopes.product_half),
    Slip("slope_of_product",         "the derivative of a product is u'v + u v', not u'v'",    linear("slope_of_product", "slope")),
    Slip("inner_derivative_missing", "chain rule: the derivative of what is inside is missing", slopes.inner_missing),
    Slip("wrong_index",              "the derivative is by another index",                      slopes.wrong_index),
    Slip("normalisation_missing",    "softmax is divided by the sum of all exponentials",       lines.not_normalised),
    Slip("sum_for_mean",             "a mean is the sum divided by how many there are",         lines.sum_for_mean),
    Slip("mean_for_sum",             "a sum is not divided by how many there are",              lines.mean_for_sum),
    Slip("half_missing",             "a half is missing, or a factor 2 is too many",            lines.half_missing),
    Slip("condition_missing",        "it is true only under a condition that is not given",     _condition),
    Slip("sign",                     "a sign is wrong",                                         by("sign")),
    Slip("delta_missing",            "a delta is missing: not all indices are the same",        lines.delta_lost),
    Slip("factor",                   "a factor is missing or too many",                         by(*FACTORS)),
    Slip("square_missing",           "a square is missing",                                     by("square_missing")),
    Slip("exponent",                 "an exponent is wrong",                                    by(*POWERS)),
    Slip("term_missing",             "a term is missing",                                       by("term_missing")),
    Slip("term",                     "a term is too many",                                      by("term")),
    Slip("sum_missing",              "a sum is missing",                                        by("sum_missing")),
    Slip("sum",                      "a sum is too many, or leaves out something else",         by(*SUMS)),
    Slip("sum_letter",               "the sum runs over another index",                         by("sum_letter")),
    Slip("index",                    "an index is wrong",                                       by("index")),
    Slip("exchanged",                "two indices or names are in each other's place",          by("exchanged")),
    Slip("transposed",               "a matrix is transposed, or stands on the wrong side",     by("transposed")),
    Slip("entry_by_entry",           "a product of matrices is taken entry by entry, or not",   by("entry_by_entry")),
    Slip("reciprocal",               "something is on the wrong side of a fraction bar",        by("reciprocal")),
    Slip("bracket",                  "brackets are missing, or hold something else",            by("bracket", "linearity")),
    Slip("complement",               "1 - a stands for a, or a for 1 - a",                      by("complement")),
    Slip("name",                     "a name stands for another",                               by("name")),
    Slip("number",                   "a number is wrong",                                       by("number", "zero_or_one")),
    Slip("function",                 "a function is missing, too many or another",              by(*FUNCTIONS)),
    Slip("derivative",               "it is another derivative",                                by("derivative")),
    Slip("operation",                "a sum stands for a product, or a product for a sum",      by("sum_for_product")),
    Slip("strict",                   "the two sides can be equal: >= stands for >"),
    Slip("direction",                "the inequality is the other way round"),
    Slip("one_point_is_not_convexity", "a second derivative above 0 at one point does not make a function convex"),
)
# fmt: on
SENTENCES = {slip.id: slip.says for slip in SLIPS}
