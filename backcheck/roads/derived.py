"""The slopes of single operations, found by SymPy from their definitions; it knows no sheet and no numbers.

What arrives at a row from the one that reads it is Σ g·∂(reader)/∂(row) over all cells of the reader, g being the slope
that has arrived there. Every sum over a Kronecker delta is worked, so that what is left is the formula of a textbook; it is
found once for each operation and holds for every cell.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sympy as sp
from sympy import Add, Function, Indexed, KroneckerDelta, Mul, Sum, Symbol, exp, tanh

from backcheck.roads.definitions import SIZES, STRUCTURE, Branch, K, a, definition, g, i, j, k, n, over, t, y, z

p, q = sp.symbols("p q", integer=True)  # the indices of the cell that is nudged
S = Function("sigmoid")
Phi, phi = Function("Phi"), Function("phi")
LARGE = 60  # operations in a slope beyond which no shorter form is looked for


@lru_cache(maxsize=512)
def local(op: str, position: int, single: bool = False) -> Any:
    """∂ of one cell of an operation by cell [p,q] of the row at a position it reads, in named quantities.

    >>> local("sigmoid", 0)
    (1 - a[n, j])*KroneckerDelta(j, q)*KroneckerDelta(n, p)*a[n, j]
    >>> local("linear", 1)
    KroneckerDelta(j, p)*x[n, q]
    """
    value, reads = definition(op, single)
    by = reads[position]
    if isinstance(by, Symbol):
        return _named(op, value.diff(by))
    if by == z and value.atoms(Indexed) <= {z}:  # a unit that reads nothing but its own z
        return _named(op, value.diff(z)) * KroneckerDelta(n, p) * KroneckerDelta(j, q)
    return collapsed(_named(op, value.diff(Indexed(by.base, *(p, q)[: len(by.indices)]))))


@lru_cache(maxsize=512)
def arriving(op: str, position: int) -> Any:
    """What arrives at a cell of the row at a position from everything that reads it, through g.

    >>> arriving("linear", 0)
    Sum(W[j, k]*g[n, j], (j, 0, J - 1))
    >>> arriving("softmax", 0)
    scale*a[n, j]*g[n, j] - scale*a[n, j]*Sum(a[n, i]*g[n, i], (i, 0, J - 1))
    """
    by = definition(op).reads[position]
    return _in_letters(summed(op, (g[free(op)] if free(op) else Symbol("g")) * local(op, position)), by)


def _in_letters(expression: Any, by: Any) -> Any:
    """The cell's own indices in place of p and q; a sum over the other units of its layer runs over i."""
    if j in by.indices:
        expression = expression.replace(
            Sum, lambda body, limits: over(i, body.xreplace({j: i})) if limits[0] == j else Sum(body, limits)
        )
    return expression.xreplace(dict(zip((p, q), by.indices, strict=False)))


def free(op: str, single: bool = False) -> tuple[Any, ...]:
    """The indices of an operation's own cells."""
    if single or op in ("mean", "total"):
        return ()
    return (n, j) if op in STRUCTURE or definition(op).reads[0].base == z.base else (n,)


def summed(op: str, expression: Any) -> Any:
    """Σ over all cells of an operation."""
    for index in reversed(free(op)):
        expression = total(expression, index)
    return expression


def collapsed(expression: Any) -> Any:
    """The same with every sum over a delta worked."""
    if isinstance(expression, Sum):
        return total(collapsed(expression.function), expression.limits[0][0])
    if isinstance(expression, Branch):
        return _pulled(*map(collapsed, expression.args))
    if not expression.has(KroneckerDelta):
        return expression
    return expression.func(*map(collapsed, expression.args)) if expression.args else expression


def _pulled(u: Any, below: Any, above: Any, at: Any) -> Any:
    """A kink with its deltas as factors in front of it."""
    left, right = _by_deltas(below), _by_deltas(above)
    sides = {delta: (left.get(delta, sp.S.Zero), right.get(delta, sp.S.Zero)) for delta in left | right}
    return Add(*(delta * Branch(u, *both, at) for delta, both in sides.items() if any(both)))


def _by_deltas(expression: Any) -> dict[Any, Any]:
    """The coefficient of each product of deltas."""
    found: dict[Any, Any] = {}
    for term in Add.make_args(expression):
        deltas, rest = sp.sift(Mul.make_args(term), lambda factor: isinstance(factor, KroneckerDelta), binary=True)
        found[Mul(*deltas)] = found.get(Mul(*deltas), 0) + Mul(*rest)
    return found


def total(body: Any, index: Any) -> Any:
    """Σ body over an index: a delta picks one term, what does not depend on the index comes to the front.

    >>> total(KroneckerDelta(j, q) * a[n, j], j)
    a[n, q]
    """
    if isinstance(body, Add):
        return Add(*(total(term, index) for term in body.args))
    factors = Mul.make_args(body)
    for factor in factors:
        rest = Mul(*(other for other in factors if other is not factor))
        if isinstance(factor, KroneckerDelta) and index in factor.args:
            return rest.subs(index, next(other for other in factor.args if other != index))
        if isinstance(factor, Add) and any(index in delta.args for delta in factor.atoms(KroneckerDelta)):
            return Add(*(total(rest * term, index) for term in factor.args))
    within, constant = sp.sift(factors, lambda factor: index in factor.free_symbols, binary=True)
    return Mul(*constant) * (over(index, Mul(*within)) if within else SIZES.get(index, K))


# Names for what a slope is written in, and what they stand for: a is the unit's own value, σ(u) = 1/(1 + e⁻ᵘ).


def _named(op: str, slope: Any) -> Any:
    """A slope in named quantities, in the shortest of its forms."""
    if op == "softmax":
        return _softmax_named(slope)
    if op == "tanh":
        return slope.xreplace({tanh(z): a[n, j]})
    if op == "sigmoid":
        return shortest(slope.xreplace({exp(-z): 1 / a[n, j] - 1}))
    if op == "gelu":
        slope = slope.xreplace({sp.erf(sp.sqrt(2) * z / 2): 2 * Phi(z) - 1, exp(-(z**2) / 2): sp.sqrt(2 * sp.pi) * phi(z)})
        return sp.expand(slope)
    return sigmoids_named(slope)


def _softmax_named(slope: Any) -> Any:
    """exp(scale·z) = a·T, T being their sum."""
    T, scale = Symbol("T"), Symbol("scale")

    def value(power: Any) -> Any:
        return Mul(*(a[n, term.as_coefficient(scale).indices[1]] * T for term in Add.make_args(power)))

    named = slope.xreplace({over(k, exp(scale * Indexed(z.base, n, k))): T}).replace(exp, value)
    return sp.expand(named)


def sigmoids_named(slope: Any) -> Any:
    """e⁻ᵘ = 1/σ(u) − 1 for every u that stands in 1 + e⁻ᵘ or 1 + eᵘ."""
    for u in {power.exp for power in slope.atoms(exp) if slope.has(1 + power)}:
        name = S(-u) if u.could_extract_minus_sign() else S(u)
        slope = shortest(slope.xreplace({exp(u): name / (1 - name) if name.args[0] == u else 1 / name - 1}))
    return slope


def shortest(slope: Any) -> Any:
    """The form with the fewest operations: as it is, factored, or with common factors cancelled."""
    if slope.count_ops() > LARGE or slope.has(Sum, Branch):
        return slope
    factored, cancelled = sp.factor(slope), sp.cancel(slope)
    best = factored if factored.count_ops() <= cancelled.count_ops() + 1 else cancelled  # a·(1 − a) rather than a − a²
    return signs_in(min((best, slope), key=lambda form: form.count_ops()))


def signs_in(slope: Any) -> Any:
    """−a·(b − 1) as a·(1 − b): the sign of a product goes into a difference."""
    coefficient, factors = slope.as_coeff_mul()
    sums = [factor for factor in factors if isinstance(factor, Add)]
    if not (isinstance(slope, Mul) and coefficient.is_negative and sums):
        return slope
    return Mul(-coefficient, *(Add(*(-term for term in f.args)) if f is sums[0] else f for f in factors), evaluate=False)


@lru_cache(maxsize=128)
def output_delta(activation: str, loss: str) -> Any:
    """∂L[n]/∂z[n,j] of the outputs: the slope of the loss put into what arrives at z, in the shortest form.

    >>> output_delta("softmax", "softmax+cross_entropy"), output_delta("sigmoid", "sigmoid+binary_cross_entropy")
    (scale*(a[n, j] - t[n, j]), a[n, j] - t[n, j])
    """
    position = next(at for at, read in enumerate(definition(loss).reads) if getattr(read, "base", None) == y)
    of_y, of_z = signs_in(arriving(loss, position).xreplace({g[n]: sp.S.One})), arriving(activation, 0)
    units = [unit for unit in of_z.atoms(Indexed) if unit.base == g]
    product = of_z.xreplace({unit: of_y.replace(y, a).xreplace({k: unit.indices[1]}) for unit in units})
    if "+" not in loss:
        return product
    worked = sp.expand(product.replace(Sum, lambda body, limits: total(sp.expand(body), limits[0])))
    if loss == "softmax+cross_entropy":  # only where the targets of an example do sum to 1
        worked = worked.xreplace({over(i, t[n, i]): sp.S.One})
    return shortest(worked)
