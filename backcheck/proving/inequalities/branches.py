"""Cases of a form: a switch that is on or off, the greatest of many is one of them, a factor of either sign; it decides none."""

from __future__ import annotations

from collections.abc import Iterator

from backcheck.proving.algebra.forms import Form, atoms, minus, single, split
from backcheck.proving.algebra.givens import Contradiction, again
from backcheck.proving.algebra.page import Page
from backcheck.proving.algebra.renaming import renamed, switches, with_switch
from backcheck.proving.algebra.signs import sign
from backcheck.proving.inequalities.ground import Ground, Template, assume, beside, put_in, tell

Branch = tuple[Ground, Form]


def of_switch(ground: Ground, form: Form) -> list[Branch] | None:
    """Both cases of the first switch; None where there is none. At 0, where u·(u > 0) is 0 either way, the first case holds."""
    name = next(iter(switches(ground.page, form)), None)
    if name is None:
        return None
    atom, found = ground.page.atoms[name], list[Branch]()
    for on in (True, False):
        branch = beside(ground)
        if atom.kind == "delta" and not on:
            branch = branch._replace(apart=branch.apart | {(atom.at[0], atom.at[1])})
        try:
            if atom.kind == "half":
                assume(branch.page, atom.forms[0], "≥" if on else "-")
        except Contradiction:
            continue
        found.append((branch, again(branch.page, with_switch(branch.page, form, name, on))))
    return found


def of_greatest(ground: Ground, form: Form) -> list[Branch] | None:
    """The greatest is what is taken the greatest of, at some point, and not less than that at each other one."""
    page = ground.page
    name = min(_within(page, form, "largest"), default=None)
    if name is None:
        return None
    branch = beside(ground)
    index, *apart = page.atoms[name].at
    body, size = page.atoms[name].forms[0], page.sizes[index]
    point = branch.page.fresh(size)
    any_point = f"?0:{size}"
    branch.page.sizes[any_point] = size
    top = renamed(branch.page, body, {index: point})
    below = minus(top, renamed(branch.page, body, {index: any_point}))
    branch = branch._replace(
        templates=(*branch.templates, Template(below, "≥", None, ((any_point, tuple(apart)),))),
        apart=branch.apart | {(point, other) for other in apart},
    )
    found = put_in(branch.page, form, name, top)
    tell(branch, found)
    return [(branch, found)]


def _within(page: Page, form: Form, kind: str) -> Iterator[str]:
    """Atoms of a kind, also those inside of others, if they are the same for all indices that run there."""
    for name in {name for monomial in form for name, _ in monomial}:
        atom = page.atoms[name]
        if atom.kind == kind:
            yield from () if any(point.startswith("#") for point in atom.points) else (name,)
        else:
            for inner in atom.forms:
                yield from _within(page, inner, kind)


def of_sign(ground: Ground, form: Form) -> list[Branch] | None:
    """A factor, or something that is known not to be 0, may be above 0, below, and 0 where that is not excluded."""
    called = next(_of_either_sign(ground, form), None)
    if called is None:
        return None
    found = list[Branch]()
    for known in ("+", "-") if called in ground.nonzero else ("≥", "-"):
        branch = beside(ground)
        try:
            assume(branch.page, called, known)
        except Contradiction:
            continue
        found.append((branch, form))
    return found


def _of_either_sign(ground: Ground, form: Form) -> Iterator[Form]:
    """Factors, and what is known not to be 0."""
    factors = [single(name) for name, power in (split(form)[1] if form else ()) if power % 2]
    different = [other for other in ground.nonzero if {*atoms(other)} <= {*atoms(form)}]
    yield from (called for called in (*factors, *different) if sign(ground.page, called) not in "+-≥≤0")
