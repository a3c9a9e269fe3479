"""The page on which one case of one step is worked: its atoms, what is known of them, how much work is left; it knows no rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from time import process_time
from typing import NamedTuple

from backcheck.proving.algebra.forms import ONE, ZERO, Coefficient, Form, atoms, joined, plus, raised, scaled, single, whole
from backcheck.proving.allowance import seconds, until
from backcheck.proving.names import Names

MOST_WORK = 150_000  # products of two terms, about; less than a second
MOST_TERMS = 4_000
BETWEEN_LOOKS = 300  # at the clock


class TooMuch(Exception):
    """A step that asks for more work than is allowed."""


class Undefined(Exception):
    """A division by zero, the logarithm of zero: this side of the equation means nothing here."""


class Atom(NamedTuple):
    """What a name in a form stands for.

    scalar y · size K · entry z[i] · delta (k is i) · exp(form) · ln(form) · inverse 1/form · root form^(1/n) ·
    call f(forms) · half (1 where a form is positive, else 0) · total Σ form · largest max form
    """

    kind: str
    name: str = ""
    at: tuple[str, ...] = ()  # the points of an entry or a delta; the indices that run in a total
    forms: tuple[Form, ...] = ()
    points: frozenset[str] = frozenset()  # all that it depends on
    height: int = 0  # how many sums stand inside each other in it


class Rule(NamedTuple):
    """An atom, at least to some power, is equal to a form: from something given."""

    form: Form
    power: Coefficient
    given: int


class Page:
    """One case of one step."""

    def __init__(self, names: Names, points: Mapping[str, str]) -> None:
        self.names = names
        self.points = dict(points)  # letter → the point it stands for in this case: j → i
        self.sizes = {point: names.size(letter) for letter, point in points.items() if names.is_letter(letter)}
        self.atoms: dict[str, Atom] = {}
        self.special: set[str] = set()  # atoms whose powers are not free: see `products`
        self.rules: dict[str, Rule] = {}
        self.patterns: dict[str, Rule] = {}  # rules for each z[?0]
        self.signs: dict[str, tuple[str, int | None]] = {}  # form → its sign, and which given says so
        self.nonzero: dict[str, int] = {}  # form → which given says that it is not 0
        self.facts: list[Form] = []  # those forms
        self.sign_patterns: dict[str, tuple[str, int | None]] = {}  # each z[?0] → its sign
        self.used: set[int] = set()
        self.known: dict[object, Form] = {}  # forms that were worked before: of trees, of atoms with other points
        self.left = MOST_WORK * seconds.get()
        self._next_look = self.left - BETWEEN_LOOKS
        self._fresh = 0

    def spend(self, work: int) -> None:
        self.left -= work
        if self.left < max(self._next_look, 0):
            self._next_look = self.left - BETWEEN_LOOKS
            if self.left < 0 or process_time() > until.get():
                raise TooMuch

    def fresh(self, size: str, running: Iterable[str] | None = None) -> str:
        """A point that nothing depends on yet. Inside the same running points it has the same name: equal sums are worked once."""
        if running is None:
            self._fresh += 1
            point = f"@{self._fresh}"
        else:
            levels = (int(other[1:].partition(":")[0]) for other in running if other[0] == "@" and ":" in other)
            level = max(levels, default=-1)
            point = f"@{level + 1}:{size}"
        self.sizes[point] = size
        return point

    def for_each(self, letters: Iterable[str]) -> dict[str, str]:
        """A point ?0:K, ?1:N, … for each letter that is meant for all its values."""
        points = {letter: f"?{at}:{self.names.size(letter)}" for at, letter in enumerate(letters)}
        self.sizes |= {point: self.names.size(letter) for letter, point in points.items()}
        return points

    def height(self, form: Form) -> int:
        """How many sums stand inside each other in a form."""
        return max((self.atoms[atom].height for atom in set(atoms(form))), default=0)

    def free(self, form: Form) -> frozenset[str]:
        """The points a form depends on."""
        return frozenset().union(*(self.atoms[atom].points for atom in set(atoms(form))))


# products, with the powers of some atoms reduced

Reduce = Callable[[Page, str, Coefficient], Form | None]
REDUCED: dict[str, Reduce] = {}  # kind of an atom → what its power is, None where nothing is to be done


def times(page: Page, *factors: Form) -> Form:
    """The product."""
    found = ONE
    for factor in factors:
        if not factor or not found:
            return ZERO
        found = _times(page, found, factor) if found is not ONE else factor
    return found


def _times(page: Page, one: Form, other: Form) -> Form:
    page.spend(len(one) * len(other))
    found: Form = {}
    strange: list[Form] = []
    for left, a in one.items():
        for right, b in other.items():
            monomial = joined(left, right)
            if page.special and any(atom in page.special for atom, _ in monomial):
                reduced = reduce(page, monomial)
                if reduced is not None:
                    strange.append(scaled(reduced, a * b))
                    continue
            total = found.get(monomial, 0) + a * b
            if total:
                found[monomial] = whole(total)
            else:
                del found[monomial]
    if len(found) > MOST_TERMS:
        raise TooMuch
    return plus(found, *strange) if strange else found


def reduce(page: Page, monomial: tuple[tuple[str, Coefficient], ...]) -> Form | None:
    """A monomial with a power that can be written more simply; None where there is none."""
    for at, (name, power) in enumerate(monomial):
        if name not in page.special:
            continue
        rule = page.rules.get(name)
        simpler = REDUCED[page.atoms[name].kind](page, name, power) if rule is None else _by_rule(page, rule, name, power)
        if simpler is not None:
            page.spend(1)
            return times(page, {monomial[:at] + monomial[at + 1 :]: 1}, simpler)
    return None


def _by_rule(page: Page, rule: Rule, name: str, power: Coefficient) -> Form | None:
    """x^5 where x^2 is known."""
    if power < rule.power:
        return None
    page.used.add(rule.given)
    rest = whole(power - rule.power)
    return times(page, single(name, rest) if rest else ONE, rule.form)


def reduced(page: Page, form: Form) -> Form:
    """The form with all its powers reduced."""
    found = []
    for monomial, value in form.items():
        simpler = reduce(page, monomial) if page.special else None
        found.append({monomial: value} if simpler is None else scaled(simpler, value))
    return found[0] if len(found) == 1 else plus(*found)


def raised_to(page: Page, form: Form, exponent: int) -> Form:
    """A power with a whole exponent that is not negative."""
    if len(form) == 1:
        ((monomial, value),) = form.items()
        power = raised(monomial, exponent)
        return scaled(reduced(page, {power: 1}), value**exponent)
    found, square = ONE, form
    while exponent:
        if exponent & 1:
            found = times(page, found, square)
        exponent >>= 1
        if exponent:
            square = times(page, square, square)
    return found
