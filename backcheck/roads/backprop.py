"""A blank worksheet → the same with its backward pass and its update as rows; it computes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backcheck.cells import PARAMETER, VIA
from backcheck.slopes import SLOPE_BY
from backcheck.worksheet import Phase, Row, Worksheet

if TYPE_CHECKING:
    from backcheck.training.plan import Plan

BACKWARD, UPDATE = Phase.BACKWARD, Phase.UPDATE


def with_backward(blank: Worksheet, plan: Plan | None = None) -> Worksheet:
    """The worksheet of a network or an expression, complete; the update is that of a plan, or else w − η·∂L/∂w."""
    sheet = blank.extended(_layers(blank) if blank.names.output else _paths(blank))
    if "eta" not in sheet:
        return sheet
    if plan is None or not (plan.optimiser.name != "sgd" or plan.l1 or plan.l2 or plan.clip):
        return sheet.extended(_update(sheet))
    from backcheck.roads.updates import with_update

    return with_update(sheet, parameters(sheet), plan)


def _slope(of: str, op: str, parents: tuple[str, ...]) -> Row:
    return Row(f"dL/d{of}", op, parents, BACKWARD, ("L", of))


def _layers(blank: Worksheet) -> list[Row]:
    """∂L/∂y from the loss; then, from the last layer to the first: ∂L/∂z, ∂L/∂W, ∂L/∂b, and ∂L/∂a of the layer before."""
    rows = _from_loss(blank)
    fused = rows[-1].claims
    for a in reversed([row for row in blank.rows if row.name.startswith("a") and row.phase is Phase.FORWARD]):
        z = blank[a.parents[0]]
        x, W = z.parents[:2]
        dz = f"dL/d{z.name}"
        if fused != ("L", z.name):
            rows.append(_slope(z.name, slope_of(a.op, ".dz"), (f"dL/d{a.name}", z.name, a.name, *a.parents[1:])))
        rows.append(_slope(W, "affine.dW", (dz, x)))
        rows += [_slope(b, "affine.db", (dz,)) for b in z.parents[2:]]
        rows.append(_slope(x, "affine.dx", (dz, W)))
    return _with_ties(blank, rows)


def _from_loss(blank: Worksheet) -> list[Row]:
    loss = next(row for row in blank.rows if row.phase is Phase.LOSS)
    y, examples = blank.names.output, _examples(blank)
    if "+" not in loss.op or ":" in loss.op:
        t_y, parameters = loss.parents[:2], loss.parents[2:]
        return [_slope(y, slope_of(loss.op, ".dy"), (*t_y, examples, *parameters))]
    t_z_y, parameters = loss.parents[:3], loss.parents[3:]
    parents = (*t_z_y, examples, *parameters)
    return [_slope(y, f"{loss.op}.dy", parents), _slope(loss.parents[1], f"{loss.op}.dz", parents)]


def _examples(blank: Worksheet) -> str:
    """The numeral that ∂L/∂y is divided by: the examples of a mean, else 1."""
    return str(blank.names.examples) if blank["L"].op == "mean" else "1"


def slope_of(op: str, part: str) -> str:
    """The slope of an operation, of each unit's own, or of a formula.

    >>> slope_of("sigmoid|z: z**3", ".dz")
    'sigmoid.dz|g z a: z**3 ∂/∂z times g'
    """
    if "|" in op:
        return "|".join(slope_of(one, part) for one in op.split("|"))
    if ":" not in op:
        return op + part
    text = op.partition(":")[2]
    return f"g z a:{text}{SLOPE_BY}z times g" if part == ".dz" else f"t y N:{text}{SLOPE_BY}y over N"


def _with_ties(blank: Worksheet, rows: list[Row]) -> list[Row]:
    """Where a parameter stands in several places, ∂L/∂W holds a part for each place, and one more row sums them."""
    tied = {row.name.removeprefix("places ") for row in blank.rows if row.op == "places"}
    if not tied:
        return rows
    parts = [Row(f"{r.name} via", r.op, r.parents, BACKWARD) if r.claims and r.claims[1] in tied else r for r in rows]
    every = [name for p in sorted(tied) for name in (f"dL/d{p} via", f"places {p}")]  # in one order, so that all sums are equal
    parts += [_slope(W, "tied", (f"dL/d{W} via", f"places {W}", *every)) for W in sorted(tied)]
    return parts


def _paths(blank: Worksheet) -> list[Row]:
    """The local partials of every operation; then, from the result back, each path multiplied out, and their sum."""
    f = blank.result
    nodes = blank.in_phase(Phase.FORWARD)
    local = [_partial(node, v) for node in nodes if node.name != f for v in node.parents]
    quantities = [*parameters(blank), *(node.name for node in nodes if node.name != f)]
    return local + [row for v in reversed(quantities) for row in _slope_by_paths(f, v, nodes)]


def _partial(node: Row, v: str) -> Row:
    """∂node/∂v with everything else that the operation reads held still."""
    return Row(f"d{node.name}/d{v}", f"{node.op}{SLOPE_BY}{v}", node.parents, BACKWARD, (node.name, v))


def _slope_by_paths(f: str, v: str, nodes: list[Row]) -> list[Row]:
    """∂f/∂v: one row for each operation that reads v, and their sum if they are several."""
    readers = [node for node in nodes if v in node.parents]
    whole = f"d{f}/d{v}"
    if not readers:  # the result does not depend on it
        return [Row(whole, f"{v}: 0", (v,), BACKWARD, (f, v))]
    if len(readers) == 1:
        return [_path(f, v, readers[0], whole)._replace(claims=(f, v))]
    paths = [_path(f, v, node, f"{whole}{VIA}{node.name}") for node in readers]
    letters = [f"p{i}" for i in range(len(paths))]
    total = f"{' '.join(letters)}: {' + '.join(letters)}"
    return [*paths, Row(whole, total, tuple(path.name for path in paths), BACKWARD, (f, v))]


def _path(f: str, v: str, node: Row, name: str) -> Row:
    """The part of ∂f/∂v that runs through one operation."""
    if node.name == f:
        return Row(name, f"{node.op}{SLOPE_BY}{v}", node.parents, BACKWARD)
    return Row(name, "g d: g*d", (f"d{f}/d{node.name}", f"d{node.name}/d{v}"), BACKWARD)


def _update(sheet: Worksheet) -> list[Row]:
    """One step of gradient descent for every parameter that is not frozen."""
    rows, result = [], sheet.result
    for p in parameters(sheet):
        slope, mask = f"d{result}/d{p}", f"trainable {p}"
        if mask not in sheet:
            rows.append(Row(f"{p}'", "sgd", (p, "eta", slope), UPDATE))
        elif sheet.given[mask].any():
            rows.append(Row(f"{p}'", "sgd masked", (p, "eta", slope, mask), UPDATE))
        else:
            rows.append(Row(f"{p}'", "frozen", (p,), UPDATE))
    return rows


def parameters(sheet: Worksheet) -> list[str]:
    """The rows that an update changes: weights and biases, or every variable of an expression."""
    given = [row.name for row in sheet.in_phase(Phase.GIVEN) if row.op == "given"]
    return [name for name in given if (PARAMETER.fullmatch(name) if sheet.names.output else name != "eta")]
