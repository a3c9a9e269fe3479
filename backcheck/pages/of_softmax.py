"""What is true of softmax and of the losses that go with it, found by SymPy for three outputs and for any number of them."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import KroneckerDelta, Symbol, exp, log, oo

from backcheck.arithmetic import parse
from backcheck.formula import Formula
from backcheck.pages.calculus import Extreme, same
from backcheck.pages.fact import Facts, Form, Limit, Piece
from backcheck.roads import definitions, derived
from backcheck.spelling import Figures

THREE = sp.symbols("z1:4", real=True)
C = Symbol("c", real=True)
IN_SIGMAS = "with σ for a: ∂σ_i/∂z_j = σ_i·(δ_ij − σ_j), as a matrix diag(σ) − σσᵀ"


def softmax() -> Facts:
    """The page of softmax with scale 1; the scale is a factor before every z, and so before every slope."""
    z1 = THREE[0]
    first = _softmax(THREE)[0]
    forms = (
        _form("a_i", "exp(z_i)/sum(exp(z_j))", _is_the_definition()),
        _form("da_i/dz_j", "a_i*(d_ij - a_j)", _element()),
        _form("Jacobian", "diag(a) - a*aT", _matrix()),
    )
    limits = [Limit(of, sign, sp.limit(value, z1, end)) for end, sign in ((-oo, "−∞"), (oo, "∞"))
              for of, value in (("a_i", first), ("da_i/dz_i", first.diff(z1)))]  # fmt: skip
    return Facts(
        "softmax", "activation", "z_i", {"scale": "1"}, forms, (-oo, oo),
        Extreme(limits[0].value, -oo, False), Extreme(limits[2].value, oo, False), (), tuple(limits),
        _steepest(), tuple(_notes()),
    )  # fmt: skip


def _form(name: str, text: str, agrees: bool) -> Form:
    tree: Formula = parse(text)
    return Form(name, (Piece(None, None, (tree,)),), agrees)


def _softmax(z: Any, scale: Any = 1) -> list[Any]:
    total = sum(exp(scale * u) for u in z)
    return [exp(scale * u) / total for u in z]


def _is_the_definition() -> bool:
    """The definition, its sum written out for three outputs."""
    scale, row = Symbol("scale"), sp.IndexedBase("z")
    found = definitions.ACTIVATIONS["softmax"].subs(definitions.K, 3).doit()
    letters = {row[definitions.n, i]: u for i, u in enumerate(THREE)}
    return all(same(found.subs(definitions.j, i).xreplace(letters).subs(scale, 1), a) for i, a in enumerate(_softmax(THREE)))


def _element() -> bool:
    """∂a_i/∂z_j = a_i(δ_ij − a_j): every one of nine, and what is derived for any number of outputs."""
    a = _softmax(THREE)
    nine = all(same(a[i].diff(z), a[i] * (int(i == j) - a[j])) for i in range(3) for j, z in enumerate(THREE))
    n, j, p, q = definitions.n, definitions.j, derived.p, derived.q
    cell = definitions.a
    wanted = Symbol("scale") * cell[n, j] * (KroneckerDelta(j, q) - cell[n, q]) * KroneckerDelta(n, p)
    return nine and sp.expand(derived.local("softmax", 0) - wanted) == 0


def _matrix() -> bool:
    a = sp.Matrix(_softmax(THREE))
    return all(same(one, other) for one, other in zip(a.jacobian(THREE), sp.diag(*a) - a * a.T, strict=True))


def _steepest() -> Extreme:
    """Of a_i: a(1 − a) is greatest where its own slope by a, 1 − 2a, is 0."""
    a = Symbol("a", positive=True)
    (at,) = sp.roots((a * (1 - a)).diff(a), a)
    return Extreme((a * (1 - a)).subs(a, at), at, True)


def _notes() -> list[str]:
    """Sentences, each with what proves it; values of the example z = (1, 2, 3)."""
    a, moved = _softmax(THREE), _softmax([z + C for z in THREE])
    u, w = THREE[:2]
    proofs = {
        "the outputs are above 0 and sum to 1": same(sum(a), 1),
        "unchanged when one constant is added to all z": all(map(same, a, moved)),
        "every row and every column of the matrix sums to 0, and it is symmetric": all(
            same(sum(one.diff(z) for z in THREE), 0)
            and all(same(one.diff(z), other.diff(own)) for other, z in zip(a, THREE, strict=True))
            for one, own in zip(a, THREE, strict=True)
        ),
        "of two outputs a_1 is sigmoid(z_1 − z_2)": same(_softmax([u, w])[0], 1 / (1 + exp(w - u))),
        "with a scale c the slope is c·a_i·(δ_ij − a_j)": same(
            _softmax(THREE, C)[0].diff(THREE[1]), C * _softmax(THREE, C)[0] * -_softmax(THREE, C)[1]
        ),
        _with_cross_entropy(): True,
    }
    return [IN_SIGMAS, *_held(proofs), _example(1), _example(10)]


def _held(proofs: dict[str, bool]) -> list[str]:
    for says, holds in proofs.items():
        if not holds:
            raise ValueError(f"this does not hold: {says}")
    return list(proofs)


def _example(scale: int) -> str:
    values = ", ".join(Figures(digits=6)(float(value)) for value in _softmax((1, 2, 3), scale))
    return f"z = ({scale}, {2 * scale}, {3 * scale}) gives a = ({values})"


def _with_cross_entropy() -> str:
    """The delta of the outputs, as it is derived for any number of them."""
    found = derived.output_delta("softmax", "softmax+cross_entropy")
    wanted = Symbol("scale") * (definitions.a[definitions.n, definitions.j] - definitions.t[definitions.n, definitions.j])
    _held({"∂L/∂z_j = a_j − t_j": sp.expand(found - wanted) == 0})
    return "with cross_entropy and targets that sum to 1: ∂L/∂z_j = a_j − t_j, and so ∂L/∂w_jk = x_k·(a_j − t_j)"


def notes_of_logarithms(name: str) -> tuple[str, ...]:
    """What a loss is together with its usual outputs."""
    if name == "cross_entropy":
        t = sp.symbols("t1:4", positive=True)
        slopes = {
            (-sum(b * log(Symbol(f"y{i}")) for i, b in enumerate(t))).diff(Symbol(f"y{i}")).subs(Symbol(f"y{i}"), b)
            for i, b in enumerate(t)
        }
        least = "among outputs that sum to 1 it is least at y = t, where all its slopes are equal: it is −Σ t·ln t there"
        return tuple(_held({_with_cross_entropy().replace("cross_entropy", "softmax"): True, least: slopes == {sp.Integer(-1)}}))
    if name == "binary_cross_entropy":
        t, y = Symbol("t", positive=True), 1 / (1 + Symbol("s", positive=True))
        exchanged = -(y * log(t) + (1 - y) * log(1 - t))
        says = "with t and y exchanged it would be infinite at t = 0 and t = 1; as it is, it stays finite for 0 < y < 1"
        return tuple(_held({says: sp.limit(exchanged, t, 0, "+") == oo == sp.limit(exchanged, t, 1, "-")}))
    return ()
