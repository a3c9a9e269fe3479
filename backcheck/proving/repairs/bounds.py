"""Repairs of inequalities: the other sign, or a small edit of the bound; it knows no values."""

from __future__ import annotations

from backcheck.proving.repairs.edits import Edit
from backcheck.proving.tree import number

STRICT = ("strict", "the two sides can be equal")
TURNED = ("direction", "the inequality is the other way round")
OTHER_SIGNS: dict[str, tuple[tuple[str, str, str], ...]] = {  # the first that holds
    ">": ((">=", *STRICT), ("<", *TURNED), ("<=", *TURNED)),
    "<": (("<=", *STRICT), (">", *TURNED), (">=", *TURNED)),
    ">=": (("<=", *TURNED),),
    "<=": ((">=", *TURNED),),
    "!=": (),
}
SMALL = frozenset({"sign", "index", "name", "number", "exponent", "factor", "term", "complement", "bracket"})


def is_about_bounds(edit: Edit) -> bool:
    """What makes a bound looser is true too easily: nothing is put in, and neither the whole nor a number changes its sign."""
    if edit.kind.slip not in SMALL or edit.is_put_in:
        return False
    if edit.kind.slip == "sign":
        return edit.place.role == "term" and edit.place.node.op not in ("number", "minus")
    return edit.tree != number(0) or edit.place.node.op == "number"
