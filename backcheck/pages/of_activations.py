"""What is true of an activation that works each unit by itself, derived by SymPy from its definition."""

from __future__ import annotations

import sympy as sp
from sympy import Symbol, oo

from backcheck import catalogue
from backcheck.formula import Call, Cell, Formula, multiply, substitute
from backcheck.pages import textbook
from backcheck.pages.calculus import extremes, limit, regions
from backcheck.pages.fact import Facts, Form, Limit
from backcheck.pages.proofs import PARAMETERS, Z, formula, kinks_of, merged, notes, numbers, spelled, written
from backcheck.roads import definitions


def activation(name: str) -> Facts:
    defaults = catalogue.ACTIVATIONS[name]
    sample = {PARAMETERS[Symbol(letter)]: sp.Rational(text) for letter, text in defaults.items()}
    pieces = regions(definitions.ACTIVATIONS[name].xreplace({definitions.z: Z, **PARAMETERS}), Z, sample)
    slopes = [piece._replace(value=piece.value.diff(Z)) for piece in pieces]
    forms = tuple(
        written(of, text, found, pieces)
        for of, text, found in zip(("a", "da/dz"), textbook.ACTIVATIONS[name], (pieces, merged(slopes)), strict=True)
    )
    least, greatest = extremes(pieces, Z, sample)
    return Facts(
        name,
        "activation",
        "z",
        defaults,
        (*forms, *_of_a_layer(name, forms[1])),
        (-oo, oo),
        least,
        greatest,
        kinks_of(pieces, slopes, Z, name, {"z": 0.0, **numbers(defaults)}),
        tuple(
            Limit(of, spelled(end), limit(ends.value, Z, end))
            for end, at in ((-oo, 0), (oo, -1))
            for of, ends in (("a", pieces[at]), ("da/dz", slopes[at]))
        ),
        extremes(merged(slopes), Z, sample)[1],
        notes(name),
    )


def _of_a_layer(name: str, slope: Form) -> tuple[Form, Form]:
    """Each unit reads its own z only: ∂a_i/∂z_j is its slope times a Kronecker delta, the matrix is diagonal."""
    whole: Formula = Call(f"{name}'", (Cell("z"),)) if len(slope.pieces) > 1 else slope.pieces[0].forms[0]
    element = multiply(substitute(whole, {"z": Cell("z_i"), "a": Cell("a_i")}), Cell("d_ij"))
    return formula("da_i/dz_j", element, slope.agrees), formula("Jacobian", Call("diag", (whole,)), slope.agrees)
