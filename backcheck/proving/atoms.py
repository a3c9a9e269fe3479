"""What the atoms of a form mean: entries, exp, ln, quotients, roots, switches, unknown functions; it knows no sums over an index."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import isqrt

from backcheck.proving.forms import (
    ONE,
    ZERO,
    Coefficient,
    Form,
    Monomial,
    minus,
    number_of,
    plus,
    raised,
    scaled,
    single,
    split,
    text,
    whole,
)
from backcheck.proving.page import REDUCED, Atom, Page, Undefined, raised_to, reduced, times
from backcheck.proving.renaming import MADE_ANEW, POWERS, Points, renamed, switched
from backcheck.proving.signs_known import sign

RUNNING = "?#@"  # how points begin that stand for any value
SPECIAL = ("delta", "half", "root", "inverse")


def atom(page: Page, name: str, made: Atom) -> Form:
    """An atom by its name, or what is given for it."""
    if name not in page.atoms:
        page.atoms[name] = made
        if made.kind in SPECIAL:
            page.special.add(name)
        _look_up(page, name, made)
    rule = page.rules.get(name)
    if rule is None or rule.power != 1:
        return single(name)
    page.used.add(rule.given)
    return rule.form


def _look_up(page: Page, name: str, made: Atom) -> None:
    """What is given for each z[k] holds for z[i] too."""
    if made.kind not in ("entry", "total") or not (page.patterns or page.sign_patterns):
        return
    places = in_order(made)
    called = pattern(page, name, made, places)
    rule, known = page.patterns.get(called), page.sign_patterns.get(called)
    if rule is not None and name not in page.rules:
        page.rules[name] = rule._replace(form=renamed(page, rule.form, dict(zip(rule.points, places, strict=True))))
        if rule.power != 1:
            page.special.add(name)
    if known is not None:
        page.signs[text(single(name))] = known


def in_order(made: Atom) -> tuple[str, ...]:
    """The points of an atom, in the order they are written."""
    return tuple(dict.fromkeys(made.at)) if made.kind == "entry" else tuple(sorted(made.points))


def pattern(page: Page, name: str, made: Atom, places: tuple[str, ...]) -> str:
    """The same for z[i] and z[j]."""
    if made.kind == "entry":
        return f"{made.name}[{','.join(str(places.index(point)) for point in made.at)}]"
    return text(renamed(page, single(name), {point: f"?{at}" for at, point in enumerate(places)})) if places else text(single(name))


# numbers and entries


def scalar(page: Page, name: str) -> Form:
    return atom(page, name, Atom("scalar", name))


def size(page: Page, name: str) -> Form:
    """How many an index runs over."""
    return {(): int(name)} if name.isdigit() else atom(page, f"|{name}|", Atom("size", name))


def entry(page: Page, name: str, at: tuple[str, ...]) -> Form:
    return atom(page, f"{name}[{','.join(at)}]", Atom("entry", name, at, points=frozenset(at)))


def delta(page: Page, one: str, other: str) -> Form:
    """1 where two points are one. Letters of this case are known to be apart; of @1, ?0 and #0 it is not known yet."""
    if one == other:
        return ONE
    if one[0] not in RUNNING and other[0] not in RUNNING:
        return ZERO
    first, second = sorted((one, other), key=lambda point: (RUNNING.find(point[0]), len(point), point))
    return atom(page, f"[{first}={second}]", Atom("delta", at=(first, second), points=frozenset((first, second))))


def half(page: Page, form: Form) -> Form:
    """1 where a form is positive, 0 where it is negative; at 0 it means nothing."""
    return switched(page, _half, form)


def _half(page: Page, form: Form) -> Form:
    if not form:
        raise Undefined("the slope at a kink")
    known = sign(page, form)
    if known in "+-":
        return ONE if known == "+" else ZERO
    content, common, rest = split(form)
    canonical = times(page, {tuple(item for item in common if not _positive(page, item[0])): 1}, rest)
    made = atom(page, f"({text(canonical)}>0)", Atom("half", forms=(canonical,), points=page.free(canonical)))
    return made if content > 0 else minus(ONE, made)


def relu(page: Page, form: Form) -> Form:
    """Its form where that is positive, else 0; at 0, too, where `half` means nothing."""
    return switched(page, lambda page, form: times(page, form, _half(page, form)) if form else ZERO, form)


def call(page: Page, name: str, *forms: Form) -> Form:
    """A function that nothing is known of."""

    def made(page: Page, *forms: Form) -> Form:
        free = frozenset[str]().union(*(page.free(form) for form in forms))
        return atom(page, f"{name}({', '.join(map(text, forms))})", Atom("call", name, forms=forms, points=free))

    return switched(page, made, *forms)


# exp and ln


def exp(page: Page, form: Form) -> Form:
    """A product with one factor for each term of the exponent."""
    return switched(page, _exp, form)


def _exp(page: Page, form: Form) -> Form:
    found = ONE
    for monomial, value in form.items():
        found = times(page, found, _exp_of_term(page, monomial, value))
    return found


def _exp_of_term(page: Page, monomial: Monomial, value: Coefficient) -> Form:
    if len(monomial) == 1 and monomial[0][1] == 1 and page.atoms[monomial[0][0]].kind == "ln":
        return any_power(page, page.atoms[monomial[0][0]].forms[0], value)
    inner: Form = {monomial: 1}
    made = atom(page, f"exp({text(inner)})", Atom("exp", forms=(inner,), points=page.free(inner)))
    return any_power(page, made, value)


def ln(page: Page, form: Form) -> Form:
    """A sum with one term for each factor that is known to be positive."""
    return switched(page, _ln, form)


def _ln(page: Page, form: Form) -> Form:
    """ln(c·m·R) is ln c + ln m + ln R where c and m are positive: then R is, too, or the whole means nothing."""
    if not form:
        raise Undefined("ln 0")
    content, monomial, rest = split(form)
    alone = rest == ONE and content > 0 and len(monomial) == 1 and monomial[0][1] % 2 == 1
    out = [(name, power) for name, power in monomial if alone or _positive(page, name)]
    stay = tuple(item for item in monomial if item not in out)
    found = [scaled(_ln_of_atom(page, name), power) for name, power in out]
    found.append(_ln_of_number(page, abs(Fraction(content))))
    left = times(page, {stay: 1 if content > 0 else -1}, rest)
    if left == {(): -1}:
        raise Undefined("the logarithm of a negative number")
    return plus(*found, *([_ln_of_rest(page, left)] if left != ONE else []))


def _positive(page: Page, name: str) -> bool:
    return sign(page, single(name)) == "+"


def _ln_of_atom(page: Page, name: str) -> Form:
    found = page.atoms[name]
    if found.kind == "exp":
        return found.forms[0]
    if found.kind == "inverse":
        return scaled(ln(page, found.forms[0]), -1)
    return _ln_of_rest(page, single(name))


def _ln_of_rest(page: Page, form: Form) -> Form:
    return atom(page, f"ln({text(form)})", Atom("ln", forms=(form,), points=page.free(form)))


def _ln_of_number(page: Page, value: Fraction) -> Form:
    """ln 12 = 2 ln 2 + ln 3; what has no small factors is left as it is."""
    return minus(_ln_of_whole(page, value.numerator), _ln_of_whole(page, value.denominator))


def _ln_of_whole(page: Page, value: int) -> Form:
    found: list[Form] = []
    factor = 2
    while factor * factor <= value and factor < 1000:
        while value % factor == 0:
            found.append(_ln_of_rest(page, {(): factor}))
            value //= factor
        factor += 1
    return plus(*found, *([_ln_of_rest(page, {(): value})] if value > 1 else []))


# quotients and roots


def inverse(page: Page, form: Form) -> Form:
    """1/form; the numbers and products in it are taken out."""
    return switched(page, _inverse, form)


def _inverse(page: Page, form: Form) -> Form:
    if not form:
        raise Undefined("a division by zero")
    content, common, rest = split(form)
    front = reduced(page, {raised(common, -1): 1 / Fraction(content)})
    if rest == ONE:
        return front
    made = atom(page, f"1/({text(rest)})", Atom("inverse", forms=(rest,), points=page.free(rest)))
    return times(page, front, made)


def any_power(page: Page, form: Form, exponent: Coefficient) -> Form:
    """A power with an exponent that is a number."""
    if exponent.denominator == 1:
        return raised_to(page, form if exponent >= 0 else inverse(page, form), abs(int(exponent)))
    return switched(page, lambda page, form: _broken(page, form, Fraction(exponent)), form)


def _broken(page: Page, form: Form, exponent: Fraction) -> Form:
    """x^(1/2), where x is positive; what is not known to be, stays under the root."""
    if not form:
        if exponent < 0:
            raise Undefined("a division by zero")
        return ZERO
    content, common, rest = split(form)
    out = [(name, power) for name, power in common if sign(page, single(name)) in ("+", "≥")]
    stay = [(name, power) for name, power in common if (name, power) not in out]
    found: Form = {raised(tuple(out), exponent): 1}
    if exponent.denominator == 2:
        squares = [(name, power) for name, power in stay if power % 2 == 0]
        stay = [item for item in stay if item not in squares]
        for name, power in squares:  # √(x²) is |x|
            found = times(page, found, any_power(page, magnitude(page, single(name)), whole(power * exponent)))
    numeral = _root_of_number(content, exponent) if content > 0 else None
    if numeral is not None:
        found, content = scaled(found, numeral), 1
    left = times(page, {tuple(stay): content}, rest)
    return found if left == ONE else times(page, found, _root(page, left, exponent))


def magnitude(page: Page, form: Form) -> Form:
    """|form|"""
    return plus(relu(page, form), relu(page, scaled(form, -1)))


def _root(page: Page, form: Form, exponent: Fraction) -> Form:
    """form^(p/n) as the p-th power of a root."""
    n = exponent.denominator
    made = atom(page, f"({text(form)})^(1/{n})", Atom("root", str(n), forms=(form,), points=page.free(form)))
    ((monomial, _),) = made.items()
    (name, _) = monomial[0]
    return _root_power(page, name, exponent.numerator) or single(name, exponent.numerator)


def _root_power(page: Page, name: str, power: Coefficient) -> Form | None:
    """√u² is u."""
    found = page.atoms[name]
    n = int(found.name)
    if 0 <= power < n:
        return None
    wholes, rest = divmod(int(power), n)
    return times(page, single(name, rest) if rest else ONE, any_power(page, found.forms[0], wholes))


def _root_of_number(value: Coefficient, exponent: Fraction) -> Fraction | None:
    """√(4/9) = 2/3; None where it is no fraction."""
    n = exponent.denominator
    above, below = _whole_root(value.numerator, n), _whole_root(value.denominator, n)
    return Fraction(above, below) ** exponent.numerator if above and below else None


def _whole_root(value: int, n: int) -> int | None:
    root = isqrt(value) if n == 2 else round(value ** (1 / n)) if value < 2**50 else 0
    return root if root**n == value else None


def _switch_power(page: Page, name: str, power: Coefficient) -> Form | None:
    """0 and 1 are their own squares."""
    if power < 0:
        raise Undefined("a division by zero")
    return single(name) if power != 1 else None


def _inverse_power(page: Page, name: str, power: Coefficient) -> Form | None:
    return raised_to(page, page.atoms[name].forms[0], -int(power)) if power < 0 else None


REDUCED |= {"delta": _switch_power, "half": _switch_power, "root": _root_power, "inverse": _inverse_power}
POWERS["any"] = any_power


def _inner(made: Callable[..., Form]) -> Callable[[Page, Atom, Callable[[Form], Form], Points], Form]:
    """An atom that is a function of one form."""
    return lambda page, atom, inner, points: made(page, *map(inner, atom.forms))


MADE_ANEW |= {
    "scalar": lambda page, atom, inner, points: scalar(page, atom.name),
    "size": lambda page, atom, inner, points: size(page, atom.name),
    "entry": lambda page, atom, inner, points: entry(page, atom.name, tuple(points.get(point, point) for point in atom.at)),
    "delta": lambda page, atom, inner, points: delta(page, *(points.get(point, point) for point in atom.at)),
    "exp": _inner(exp),
    "ln": _inner(ln),
    "inverse": _inner(inverse),
    "half": _inner(half),
    "root": lambda page, atom, inner, points: any_power(page, inner(atom.forms[0]), Fraction(1, int(atom.name))),
    "call": lambda page, atom, inner, points: call(page, atom.name, *map(inner, atom.forms)),
}
