"""True steps of worked derivations, and single slips made in them by rules of the tests' own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from backcheck.proving.entries import value
from backcheck.proving.names import Definition, Names, Scene
from backcheck.proving.reading.grammar import expression
from backcheck.proving.statements import Relation
from backcheck.proving.tree import BINDERS, Tree, free, name, number

LETTERS = {"i": "K", "j": "K", "k": "K", "m": "K", "n": "N", "l": "J", "q": "J"}
SHAPES = {"z": ("K",), "t": ("K",), "w": ("K",), "x": ("N",), "y": ("N",), "X": ("N", "K"), "V": ("J", "K"), "u": ("J",)}
SHAPES |= dict.fromkeys(("c", "v", "b", "a", "r"), ())
LETS = (
    ("S", (), "sum(k, exp(z[k]))"),
    ("s", ("i",), "exp(z[i])/S"),
    ("L", (), "-sum(k, t[k]*ln(s[k]))"),
    ("C", (), "-(r*ln(a) + (1 - r)*ln(1 - a))"),
    ("g", (), "1/(1 + exp(-v))"),
    ("h", (), "(exp(v) - exp(-v))/(exp(v) + exp(-v))"),
    ("p", ("i",), "exp(c*z[i])/sum(k, exp(c*z[k]))"),
    ("U", ("n",), "v*x[n] + b - y[n]"),
    ("E", (), "sum(n, U[n]^2)/N"),
    ("o", ("l",), "sum(k, V[l,k]*z[k])"),
    ("R", (), "sum(l, (o[l] - u[l])^2)/2"),
)
CHAINS = (  # the case, then the lines
    ("i = j", "d(s[i], z[i])", "(exp(z[i])*S - exp(z[i])*exp(z[i]))/S^2", "s[i] - s[i]^2", "s[i]*(1 - s[i])"),
    ("i != j", "d(s[i], z[j])", "(0*S - exp(z[i])*exp(z[j]))/S^2", "-s[i]*s[j]"),
    ("", "d(s[i], z[j])", "s[i]*(delta(i,j) - s[j])", "s[i]*delta(i,j) - s[i]*s[j]"),
    ("", "d(L, z[j])", "-sum(k, t[k]*d(s[k], z[j])/s[k])", "-sum(k, t[k]*(delta(k,j) - s[j]))", "-t[j] + s[j]*sum(k, t[k])"),
    ("", "-t[j] + s[j]*sum(k, t[k])", "s[j] - t[j]"),
    ("", "ln(s[i])", "ln(exp(z[i])) - ln(S)", "z[i] - ln(S)"),
    ("", "L", "-sum(k, t[k]*(z[k] - ln(S)))", "ln(S) - sum(k, t[k]*z[k])"),
    ("", "d(ln(S), z[j])", "exp(z[j])/S", "s[j]"),
    ("", "exp(z[i] + c)/sum(k, exp(z[k] + c))", "exp(c)*exp(z[i])/(exp(c)*S)", "s[i]"),
    ("", "d(p[i], z[j])", "c*p[i]*(delta(i,j) - p[j])", "c*p[i]*delta(i,j) - c*p[i]*p[j]"),
    ("", "sum(j, d(s[i], z[j]))", "s[i]*sum(j, delta(i,j) - s[j])", "s[i]*(1 - sum(j, s[j]))", "0"),
    ("", "d(C, a)", "-(r/a - (1 - r)/(1 - a))", "-(r*(1 - a) - (1 - r)*a)/(a*(1 - a))", "-(r - a)/(a - a^2)"),
    ("", "-(r - a)/(a - a^2)", "(a - r)/(a*(1 - a))"),
    ("", "d2(C, a)", "r/a^2 + (1 - r)/(1 - a)^2", "(r*(1 - a)^2 + (1 - r)*a^2)/(a^2*(1 - a)^2)", "(a^2 + r - 2*a*r)/(a - a^2)^2"),
    ("", "d(g, v)", "exp(-v)/(1 + exp(-v))^2", "g*(1 - g)", "g - g^2"),
    ("", "d(h, v)", "((exp(v) + exp(-v))^2 - (exp(v) - exp(-v))^2)/(exp(v) + exp(-v))^2", "1 - h^2"),
    ("", "d(ln(1 - g), v)", "-g*(1 - g)/(1 - g)", "-g"),
    ("", "d(E, v)", "sum(n, 2*U[n]*x[n])/N", "2/N*sum(n, (v*x[n] + b - y[n])*x[n])"),
    ("", "d(E, b)", "2/N*sum(n, U[n])", "2*v/N*sum(n, x[n]) + 2*b - 2/N*sum(n, y[n])"),
    ("", "d(E + c/2*v^2, v)", "d(E, v) + c*v", "2/N*sum(n, U[n]*x[n]) + c*v"),
    ("", "d(sum(k, w[k]^2), w[j])", "sum(k, 2*w[k]*delta(k,j))", "2*w[j]"),
    ("", "d(sum(k, w[k]*z[k]), w[j])", "sum(k, delta(k,j)*z[k])", "z[j]"),
    ("", "d(w[i]^2, w[j])", "2*w[i]*delta(i,j)"),
    ("", "d(sum(k, X[n,k]*w[k]), w[j])", "sum(k, X[n,k]*delta(k,j))", "X[n,j]"),
    ("", "d(sum(k, X[n,k]*V[l,k]), V[q,j])", "sum(k, X[n,k]*delta(l,q)*delta(k,j))", "delta(l,q)*X[n,j]"),
    ("", "d(R, V[l,k])", "sum(q, (o[q] - u[q])*d(o[q], V[l,k]))", "(o[l] - u[l])*z[k]"),
    ("", "d(R, z[k])", "sum(l, (o[l] - u[l])*d(o[l], z[k]))", "sum(l, (o[l] - u[l])*V[l,k])"),
    ("", "sum(k, t[k]*ln(t[k]/s[k]))", "sum(k, t[k]*ln(t[k])) - sum(k, t[k]*ln(s[k]))", "sum(k, t[k]*ln(t[k])) + L"),
    ("", "d(s[i]*(1 - s[i]), s[i])", "1 - 2*s[i]"),
    ("", "(a - r)^2 + 2*r*(a - r)", "a^2 - 2*a*r + r^2 + 2*a*r - 2*r^2", "a^2 - r^2", "(a - r)*(a + r)"),
    ("", "d(exp(-v^2/2), v)", "exp(-v^2/2)*(-v)", "-v*exp(-v^2/2)"),
    ("", "d((v*a - r)^2/2, v)", "(v*a - r)*a", "v*a^2 - a*r"),
)


class Step(NamedTuple):
    """A true step of a chain, with the line after it."""

    case: str
    before: Tree
    line: Tree
    after: Tree | None
    claim: tuple[Tree, ...] = ()  # where the chain ends, if that is not this line


def scene() -> Scene:
    names = Names(LETTERS, dict(SHAPES), {}, {})
    for text, indices, body in LETS:
        shapes = {**names.shapes, text: tuple(LETTERS[index] for index in indices)}
        made = Definition(indices, (), value(expression(body), names))
        names = names._replace(shapes=shapes, defined={**names.defined, text: made})
    one = Relation("=", expression("sum(k, t[k])"), number(1))
    return Scene(names, (one,))


def steps() -> Iterator[Step]:
    for case, *lines in CHAINS:
        trees = [expression(line) for line in lines]
        for at in range(1, len(trees)):
            more = trees[at + 1 :]
            yield Step(case, trees[at - 1], trees[at], more[0] if more else None, tuple(more[-1:]))


# slips


class Slip(NamedTuple):
    """What was done to the line, and the line."""

    kind: str
    line: Tree


Rule = Callable[[Tree, Names, str], Iterator[Tree]]


def slips(line: Tree, names: Names) -> Iterator[Slip]:
    """Single slips in a line, each at each of its places."""
    for kind, rule in KINDS.items():
        yield from (Slip(kind, tree) for tree in _everywhere(line, rule, names, "root"))


def _everywhere(node: Tree, rule: Rule, names: Names, role: str) -> Iterator[Tree]:
    yield from rule(node, names, role)
    for at, part in enumerate(node.parts):
        inner = "index" if node.op == "entry" or node.text == "delta" else "by" if node.op == "slope" and at else node.op
        for other in _everywhere(part, rule, names, inner):
            yield node._replace(parts=(*node.parts[:at], other, *node.parts[at + 1 :]))


def _of(parts: tuple[Tree, ...], op: str, empty: str) -> Tree:
    return Tree(op, parts) if len(parts) > 1 else parts[0] if parts else number(empty)


def _sign(node: Tree, names: Names, role: str) -> Iterator[Tree]:
    if node.op == "minus":
        yield node.parts[0]
    elif role in ("root", "plus") and node.op != "plus":
        yield Tree("minus", (node,))


def _term(node: Tree, names: Names, role: str) -> Iterator[Tree]:
    if node.op == "plus":
        for at in range(len(node.parts)):
            yield _of((*node.parts[:at], *node.parts[at + 1 :]), "plus", "0")


def _factor(node: Tree, names: Names, role: str) -> Iterator[Tree]:
    if node.op == "times":
        for at in range(len(node.parts)):
            yield _of((*node.parts[:at], *node.parts[at + 1 :]), "times", "1")


def _denominator(node: Tree, names: Names, role: str) -> Iterator[Tree]:
    if node.op == "over":
        yield node.parts[0]


def _upside_down(node: Tree, names: Names, role: str) -> Iterator[Tree]:
    if node.op == "over":
        yield Tree("over", node.parts[::-1])


def _index(node: Tree, names: Names, role: str) -> Iterator[Tree]:
    if role == "index" and node.op == "name" and node.text in names.letters:
        for other in ("i", "j", "k", "l", "q"):
            if other != node.text and names.letters[other] == names.letters[node.text]:
                yield name(other)


def _name(node: Tree, names: Names, role: str) -> Iterator[Tree]:
    if node.op == "name" and node.text in names.shapes:
        for other in ("s", "t", "z", "a", "r", "b", "v", "g", "x", "y", "w"):
            if other != node.text and names.shapes[other] == names.shapes[node.text]:
                yield name(other)


def _exponent(node: Tree, names: Names, role: str) -> Iterator[Tree]:
    if node.op == "power":
        yield node.parts[0]
        yield Tree("power", (node.parts[0], number(3)))


def _two(node: Tree, names: Names, role: str) -> Iterator[Tree]:
    if role in ("root", "plus") and node.op not in ("plus", "minus", "number"):
        yield Tree("times", (number(2), node))


def _brackets(node: Tree, names: Names, role: str) -> Iterator[Tree]:
    """a (b + c) → a b + c; -(a + b) → -a + b; sum(k, a + b) → sum(k, a) + b."""
    if node.op in ("times", "minus") and node.parts[-1].op == "plus":
        first, *rest = node.parts[-1].parts
        yield Tree("plus", (Tree(node.op, (*node.parts[:-1], first)), *rest))
    if node.op == "total" and node.parts[0].op == "plus" and node.text not in free(node.parts[0].parts[-1]):
        first, *rest = node.parts[0].parts
        yield Tree("plus", (Tree("total", (first,), node.text), *rest))


def _delta(node: Tree, names: Names, role: str) -> Iterator[Tree]:
    if node.op == "call" and node.text == "delta":
        yield number(1)


def _function(node: Tree, names: Names, role: str) -> Iterator[Tree]:
    if node.op == "call" and node.text in ("exp", "ln"):
        yield node.parts[0]


def _sum(node: Tree, names: Names, role: str) -> Iterator[Tree]:
    if node.op in BINDERS:
        yield node.parts[0]


def _complement(node: Tree, names: Names, role: str) -> Iterator[Tree]:
    if node.op == "plus" and len(node.parts) == 2 and node.parts[0] == number(1)._replace(column=node.parts[0].column):
        yield node.parts[1].parts[0] if node.parts[1].op == "minus" else node.parts[1]


def _linear(node: Tree, names: Names, role: str) -> Iterator[Tree]:
    """ln(a + b) → ln a + ln b, (a + b)^2 → a^2 + b^2, c/(a + b) → c/a + c/b."""
    if node.op in ("call", "power") and node.parts[0].op == "plus":
        yield Tree("plus", tuple(node._replace(parts=(part, *node.parts[1:])) for part in node.parts[0].parts))
    if node.op == "over" and node.parts[1].op == "plus":
        yield Tree("plus", tuple(node._replace(parts=(node.parts[0], part)) for part in node.parts[1].parts))


def _times_for_over(node: Tree, names: Names, role: str) -> Iterator[Tree]:
    if node.op == "over":
        yield Tree("times", node.parts)


def _number(node: Tree, names: Names, role: str) -> Iterator[Tree]:
    if node.op == "number" and role not in ("power", "index"):
        yield number(int(node.text) + 1)


KINDS: dict[str, Rule] = {
    "a sign": _sign,
    "a term dropped": _term,
    "a factor dropped": _factor,
    "a denominator dropped": _denominator,
    "upside down": _upside_down,
    "an index": _index,
    "a name": _name,
    "an exponent": _exponent,
    "a factor 2 too many": _two,
    "brackets": _brackets,
    "1 for delta": _delta,
    "a function dropped": _function,
    "a sum dropped": _sum,
    "1 - a": _complement,
    "linearity": _linear,
    "times for over": _times_for_over,
    "a number": _number,
}
