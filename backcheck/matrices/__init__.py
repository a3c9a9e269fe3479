"""The room of matrix calculus: an expression in arrays of symbolic sizes → its Jacobian; it opens no files and prints nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

import numpy as np

from backcheck.errors import BadArgument, BadProblem, Undefined
from backcheck.matrices.algebra import allow, factored, single, summed, times
from backcheck.matrices.answer import LAYOUT, Answer
from backcheck.matrices.confirm import TRIES, Draw, Trial, draws, held
from backcheck.matrices.derivative import differentiated
from backcheck.matrices.entries import Place, entries, known, places
from backcheck.matrices.forms import form
from backcheck.matrices.indices import Entries, Factor
from backcheck.matrices.language import parse
from backcheck.matrices.meanings import Notes
from backcheck.matrices.remarks import remarks
from backcheck.matrices.shapes import shape_of, shaped
from backcheck.matrices.signs import CALLED, NAME, Mistake
from backcheck.matrices.tree import Shape, Tree, bare
from backcheck.matrices.values import Array, of_entries, of_tree

MOST_NAMES = 20
RESULTS, UPSTREAM = "fghFHpqu", "GHUVPQRS"  # the first that is free


class Disagreement(Exception):
    """A fault of the program: its own answer did not agree with differences, and is not shown."""


def derive(text: str, shapes: Mapping[str, str], by: str) -> Answer:
    """The Jacobian of an expression by one of its arrays, for shapes as typed.

    >>> answer = derive("X*W'", {"X": "n,d", "W": "k,d"}, "W")
    >>> answer.jacobian_shape, answer.entries
    (('n', 'k', 'k', 'd'), 'df[i,j]/dW[k,l] = X[i,l]*delta(j,k)')
    >>> derive("x'A x", {"x": "n", "A": "n,n"}, "x").matrix
    "(A + A')*x"
    """
    found = {name: shape_of(name, typed) for name, typed in shapes.items()}
    _checked(found, by)
    allow()
    notes: Notes = {}
    try:
        tree = bare(shaped(parse(text, list(found)), found, notes))
    except Mistake as mistake:
        raise BadProblem("expression", [mistake.fault], text) from None
    answer = _answer(text, tree, found, by, notes)
    return answer._replace(confirmed=tuple(_confirmed(answer)))


def _checked(shapes: dict[str, Shape], by: str) -> None:
    """Names that can stand in an expression, each for one thing."""
    sizes = {size for shape in shapes.values() for size in shape}
    for name in shapes:
        if not NAME.fullmatch(name) or name in CALLED:
            says = "is a function" if name in CALLED else "is no name: a letter, then letters, digits or _"
            raise BadArgument(f"{name!r} {says}")
        if name in sizes:
            raise BadArgument(f"{name} is a name and a size: give one of them another letter")
    if len(shapes) > MOST_NAMES:
        raise BadArgument(f"{len(shapes)} names; at most {MOST_NAMES} are read")
    if by not in shapes:
        ways = f"--shape {by}=n,d for a matrix, {by}=d for a column, {by}=1 for a scalar"
        raise BadArgument(f"{by} is to be differentiated by, but has no shape: {ways}")


def _answer(text: str, tree: Tree, shapes: dict[str, Shape], by: str, notes: Notes) -> Answer:
    """The answer, not yet confirmed."""
    outputs, inputs = places(tree.shape), places(shapes[by])
    jacobian = factored(differentiated(entries(tree, *outputs), by, known(*inputs)))
    taken = {*shapes, *(size for shape in shapes.values() for size in shape)}
    result, upstream = (next(name for name in names if name not in taken) for names in (RESULTS, UPSTREAM))
    return Answer(
        text,
        by,
        tree,
        shapes,
        output_shape=_counted(tree.shape),
        input_shape=_counted(shapes[by]),
        jacobian=jacobian,
        at=known(*outputs, *inputs),
        result=result,
        upstream=upstream,
        matrix_tree=_matrix(jacobian, outputs, inputs, shapes),
        backward_tree=_backward(jacobian, outputs, inputs, {**shapes, upstream: tree.shape}, upstream),
        notes=(*notes, *remarks(tree, by, jacobian)),
    )


def _counted(shape: Shape) -> tuple[str, ...]:
    """The sizes of an array as its indices count them: a column or a row of d has one, a scalar none."""
    return tuple(size for size in shape if size != "1")


Places = tuple[Place, Place]


def _matrix(jacobian: Entries, outputs: Places, inputs: Places, shapes: Mapping[str, Shape]) -> Tree | None:
    """The gradient of a scalar, an array's slope by a scalar, or a vector's by a vector."""
    if not known(*outputs):
        return form(jacobian, *inputs, shapes)
    if not known(*inputs):
        return form(jacobian, *outputs, shapes)
    if len(known(*outputs)) == len(known(*inputs)) == 1:
        return form(jacobian, known(*outputs)[0], known(*inputs)[0], shapes)
    return None


def _backward(jacobian: Entries, outputs: Places, inputs: Places, shapes: Mapping[str, Shape], upstream: str) -> Tree | None:
    """Σ G[i,j]·∂f[i,j]/∂by[k,l]: the backward pass through this expression."""
    if not known(*outputs):
        return None
    arriving = single(Factor("entry", upstream, known(*outputs)))
    return form(summed(times(arriving, jacobian), known(*outputs)), *inputs, shapes)


def _confirmed(answer: Answer) -> Iterator[Trial]:
    """What was found when the answer was held against differences."""
    for tries in draws(answer.tree, answer.by, answer.shapes):
        with np.errstate(all="ignore"):
            claims = next((found for found in map(partial(_claims, answer), tries) if _finite(found)), None)
        if claims is None:
            raise Undefined(f"there is no value or no slope at any of {TRIES} random places, so nothing can be confirmed")
        results = [held(draw, claim) for draw, claim in claims]
        if not all(holds for holds, _ in results):
            raise Disagreement(f"the derivative of {answer.text!r} by {answer.by} does not agree with differences; it is not shown")
        yield max((trial for _, trial in results), key=lambda trial: trial.largest_difference)


def _finite(claims: list[tuple[Draw, Array]]) -> bool:
    """A formula may have no value where the function has a slope: relu(z)^0.5 below 0."""
    return all(bool(np.isfinite(claim).all()) for _, claim in claims)


def _claims(answer: Answer, draw: Draw) -> list[tuple[Draw, Array]]:
    """The entries, the matrix and the backward pass in numbers, each with what the differences say to it."""
    found = [(draw, of_entries(answer.jacobian, answer.at, draw.given, draw.sizes))]
    if answer.matrix_tree is not None:
        found.append((draw, of_tree(answer.matrix_tree, draw.given, draw.sizes)))
    if answer.backward_tree is not None:
        arriving = np.random.default_rng(len(draw.sizes)).uniform(-1, 1, draw.slope.shape[:2])
        slope, error = np.tensordot(arriving, draw.slope, 2), np.tensordot(abs(arriving), draw.error, 2)
        passed_back = of_tree(answer.backward_tree, {**draw.given, answer.upstream: arriving}, draw.sizes)
        found.append((draw._replace(slope=slope, error=error), passed_back))
    return found


__all__ = ["LAYOUT", "Answer", "Disagreement", "derive"]
