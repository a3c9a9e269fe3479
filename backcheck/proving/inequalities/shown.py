"""Whether a form is positive, or not negative: it is prepared, then methods are asked one after the other; no numbers are tried."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from backcheck.proving.algebra.forms import Form, number_of, text
from backcheck.proving.algebra.givens import Contradiction
from backcheck.proving.algebra.page import TooMuch, Undefined
from backcheck.proving.algebra.renaming import renamed
from backcheck.proving.algebra.signs import sign
from backcheck.proving.inequalities import branches, logarithmic
from backcheck.proving.inequalities.combined import Known, adds_up_to
from backcheck.proving.inequalities.denominators import without_common_factors, without_quotients
from backcheck.proving.inequalities.facts import plain_facts, products_of, tangents_of
from backcheck.proving.inequalities.ground import Ground, back, beside, tell
from backcheck.proving.inequalities.one_variable import holds_between
from backcheck.proving.inequalities.spread import Spread, spreads
from backcheck.proving.inequalities.squares import sum_of_squares
from backcheck.proving.inequalities.substituted import all_positive

MOST_WORK = 30_000  # about a sixth of a second
DEPTHS = (0, 1, 3)  # of methods inside each other
Method = Callable[[Ground, Form, bool], bool]
Branches = Callable[[Ground, Form], "list[branches.Branch] | None"]


def shown(ground: Ground, form: Form, strict: bool) -> bool:
    """Whether a form is positive (strict), or not negative."""
    key = text(form), strict
    if ground.failed.get(key, -1) >= ground.depth:
        return False
    found = ground.depth >= 0 and _shown(ground, form, strict)
    if not found:
        ground.failed[key] = ground.depth
    return found


def _shown(ground: Ground, form: Form, strict: bool) -> bool:
    tell(ground, form)
    if by_signs(ground, form, strict):
        return True
    for split_up in (branches.of_switch, branches.of_greatest):
        found = split_up(ground, form)
        if found is not None:
            return _in_all(ground, found, strict)
    form = prepared(ground, form, strict)
    return any(_in_its_share(method, ground, form, strict) for _, method in METHODS)


def shown_soon(ground: Ground, form: Form, strict: bool) -> bool:
    """The same, short ways before long ones."""
    ground, spare = ground._replace(failed={}), max(0, ground.page.left - MOST_WORK)
    ground.page.left -= spare
    try:
        return any(shown(ground._replace(depth=depth), form, strict) for depth in DEPTHS)
    finally:
        ground.page.left += spare


def _in_all(ground: Ground, found: list[branches.Branch], strict: bool) -> bool:
    return all(_in_branch(ground, branch, form, strict) for branch, form in found)


def _in_branch(ground: Ground, branch: Ground, form: Form, strict: bool) -> bool:
    """What holds under what is supposed there; what cannot be supposed is no case at all."""
    try:
        return shown(branch, form, strict)
    except Contradiction:
        return True
    finally:
        back(ground, branch)


def prepared(ground: Ground, form: Form, strict: bool) -> Form:
    """Without quotients and common factors."""

    def positive(divisor: Form) -> bool:
        return sign(ground.page, divisor) == "+" or shown(ground._replace(depth=min(1, ground.depth - 1)), divisor, True)

    form = without_quotients(ground.page, form, positive)
    return without_common_factors(ground, form, strict) if form else form


def _in_its_share(method: Method, ground: Ground, form: Form, strict: bool) -> bool:
    """One method, with a part of the work that is left; what it used counts only where it is the one."""
    page = ground.page
    before, spare = {*page.used}, page.left - page.left * 2 // 3
    page.left -= spare
    try:
        found = method(ground, form, strict)
    except (TooMuch, Undefined):
        found = False
    page.left = max(page.left, 0) + spare
    if not found:
        page.used &= before
    return found


# the methods


def by_signs(ground: Ground, form: Form, strict: bool) -> bool:
    """All its terms have one sign."""
    value = number_of(form)
    if value is not None:
        return value > 0 or (value == 0 and not strict)
    return sign(ground.page, form) in ("+" if strict else "+≥0")


def term_by_term(ground: Ground, form: Form, strict: bool) -> bool:
    """What is added over an index is so for each; an index has at least one value."""
    for spread in spreads(ground, form):
        if spread.outside and not by_signs(ground, spread.outside, False):
            continue
        if shown(_deeper(ground, form), spread.body, strict) or _point_by_point(_deeper(ground, form), spread, strict):
            return True
    return False


def _point_by_point(ground: Ground, spread: Spread, strict: bool) -> bool:
    """At each point there is, and at any other one: where what is given leaves some out."""
    if not any(apart for template in ground.templates for _, apart in template.running):
        return False
    page, size = ground.page, ground.page.sizes[spread.point]
    points = sorted(point for point in {*page.points.values()} if page.sizes.get(point) == size)
    branch = beside(ground)
    others = branch._replace(apart=branch.apart | {(spread.point, point) for point in points})
    if not _in_branch(ground, others, spread.body, strict):
        return False
    return all(shown(ground, renamed(page, spread.body, {spread.point: point}), strict) for point in points)


def adding(known: Callable[[Ground, Form], Iterable[Known]]) -> Method:
    """It is a sum of what is known not to be negative."""
    return lambda ground, form, strict: adds_up_to(ground.page, form, strict, known(ground, form))


def by_rising_functions(ground: Ground, form: Form, strict: bool) -> bool:
    """D > 0 where e^D > 1, a > b where ln a > ln b."""
    for other in (logarithmic.as_powers(ground.page, form), logarithmic.as_logarithms(ground.page, form)):
        if other is not None and text(other) not in ground.above and shown(_deeper(ground, form), other, strict):
            return True
    return False


def between_bounds(ground: Ground, form: Form, strict: bool) -> bool:
    """No term is negative, once y between bounds is u/(1 + u)."""
    return all_positive(ground, form, strict, prepared)


def by_cases_of_sign(ground: Ground, form: Form, strict: bool) -> bool:
    """A factor is above 0, or below."""
    found = branches.of_sign(_deeper(ground, form), form) if ground.depth else None
    return found is not None and _in_all(ground, found, strict)


def _deeper(ground: Ground, form: Form) -> Ground:
    return ground._replace(depth=ground.depth - 1, above=ground.above | {text(form)})


# what is asked first is quick, or decides what it can be asked
METHODS: tuple[tuple[str, Method], ...] = (
    ("the signs of all terms", by_signs),
    ("the roots of a polynomial in one unknown", holds_between),
    ("a sum of squares", sum_of_squares),
    ("a sum of what is given and what is plain", adding(plain_facts)),
    ("functions that only rise", by_rising_functions),
    ("a sum of tangents", adding(tangents_of)),
    ("a sum, term by term", term_by_term),
    ("numbers between their bounds", between_bounds),
    ("a sum of products of what is known", adding(products_of)),
    ("a factor above 0, or below", by_cases_of_sign),
)
