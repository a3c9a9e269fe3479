"""The marks of one submission, with the sentences that a student reads; it judges nothing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from backcheck.errors import Undefined
from backcheck.grading.explain import Fit, ids
from backcheck.grading.explained import DESCENT
from backcheck.grading.group import Group
from backcheck.grading.handed import Entry, Sheet
from backcheck.grading.judged_working import Working, judged, same
from backcheck.grading.marked import FOLLOWS, NOT_JUDGED, RIGHT, WRONG
from backcheck.grading.other_rate import RATE, other_rate
from backcheck.grading.own_numbers import OwnNumbers
from backcheck.grading.result import MISSING, UNREADABLE, CellMark, Mistake
from backcheck.grading.steps import TooFar
from backcheck.spelling import SCREEN, Figures, spell
from backcheck.worksheet import Phase

WORDS = {RIGHT: "right", FOLLOWS: "follows", WRONG: "wrong", NOT_JUDGED: "not_judged"}
MOST_NAMED = 4  # names in a sentence


class Marks:
    """Writes the marks of one submission."""

    def __init__(self, sheet: Sheet, group: Group, r: int) -> None:
        self.sheet, self.r = sheet, r
        self.group, self.marked, self.steps = group, group.marked, group.steps
        self.explained, self.scores, self.settings = group.explained, group.scores, group.settings
        self.own = OwnNumbers(sheet, group, r)

    def all(self) -> Iterator[CellMark]:
        """In the order of the worksheet; what belongs to no quantity comes last."""
        unreadable = self.sheet.unreadable
        for name in self.steps.judged({*self.group.order, *unreadable}) if unreadable else self.group.order:
            if name in self.sheet.numbers:
                yield self.mark(self.marked.column[name], name)
            elif name in unreadable:
                entry = unreadable[name]
                yield CellMark(
                    name,
                    self.row(name),
                    UNREADABLE,
                    entry.text,
                    line=entry.line,
                    reason=entry.says,
                    expected=self.true(name),
                    of=self.scores.weight(name),
                )
            else:
                yield CellMark(name, self.row(name), MISSING, expected=self.true(name), of=self.scores.weight(name))
        for entry, says in self.sheet.unknown:
            yield CellMark(entry.key, "", UNREADABLE, entry.text, line=entry.line, reason=says)

    def row(self, name: str) -> str:
        return self.steps.place(name)[0]

    def true(self, name: str) -> float | None:
        """The key, where it may be shown."""
        if not self.settings.key:
            return None
        try:
            return self.steps.true(name)
        except Undefined:
            return None

    def mark(self, i: int, name: str) -> CellMark:
        """The mark of a number."""
        entry, verdict = self.sheet.numbers[name], int(self.marked.verdict[self.r, i])
        if verdict == RIGHT and entry.chain is None and not self.settings.key and not self.marked.vague[self.r, i]:
            return self.group.right[i]._replace(written=entry.text, line=entry.line)
        working = self.working(entry)
        mistake = self.mistake(i, name, entry, working) if verdict == WRONG and self.settings.hints else None
        rule, numbers = self.step(name) if verdict in (WRONG, FOLLOWS) and not self.steps.given(name) else ("", "")
        return CellMark(
            name,
            self.row(name),
            WORDS[verdict],
            entry.text,
            self.true(name),
            self.from_own(name, verdict),
            entry.line,
            mistake,
            self.reason(i, name, verdict, working),
            rule if self.settings.hints else "",
            numbers if self.settings.hints > 1 else "",
            working.equalities if working else (),
            self.scores.of(self.r, i),
            self.scores.weight(name),
        )

    # what the step is

    def step(self, name: str) -> tuple[str, str]:
        """The formula, and the same with the student's own numbers; what is not on the sheet stays a name."""
        return self.group.rule(name), self.group.with_numbers(name, self.own.text)

    def from_own(self, name: str, verdict: int) -> float | None:
        """What the step gives from the student's own numbers; without the key only where these are wrong, and to their digits."""
        carried = verdict == FOLLOWS and self.marked.tainted[self.r, self.marked.column[name]]
        if self.steps.given(name) or not (self.settings.key or carried):
            return None
        try:
            lines = self.steps.lines(name, self.marked.stated)
            if not (self.settings.key or all(read in self.marked.stated or self.steps.given(read) for read in lines.reads)):
                return None  # from what they wrote and the answer to it, a true number could be worked back
            value = self.own.worked(lines)
        except (TooFar, Undefined):
            return None
        if value is None or self.settings.key:
            return value
        try:
            return round(value, _decimals(str(self.sheet.numbers[name].number)))
        except OverflowError:
            return None

    # why it is wrong

    def reason(self, i: int, name: str, verdict: int, working: Working | None) -> str:
        """A remark beside the verdict."""
        if self.steps.given(name):
            return "This was given, and was copied wrongly." if verdict == WRONG else ""
        if verdict == NOT_JUDGED:
            return "Too much lies between this and the numbers on the sheet: state more of them."
        parts = [self._carried(i, name), self._nearest(name)] if verdict in (FOLLOWS, WRONG) else []
        if verdict != WRONG and self.marked.vague[self.r, i]:
            parts.append(self._vague(i))
        if working and working.first_false is not None and verdict != WRONG:
            equality = working.equalities[working.first_false]
            why = f": {equality.says}" if equality.says else ""
            parts.append(f"in your working, {_short(equality.left)} = {_short(equality.right)} does not hold{why}")
        return " ".join(f"{sentence(part)}." for part in parts if part)

    def _vague(self, i: int) -> str:
        lo, hi = (Figures(digits=4)(float(end[self.r, i])) for end in (self.marked.lo, self.marked.hi))
        return f"it is anything from {SCREEN.number(lo)} to {SCREEN.number(hi)}, which earns nothing: write more decimals"

    def _carried(self, i: int, name: str) -> str:
        """Which wrong number it comes from."""
        if not self.marked.tainted[self.r, i] or self.marked.verdict[self.r, i] != FOLLOWS:
            return ""
        reads = self.steps.lines(name, self.marked.stated).reads
        wrong = [read for read in reads if read in self.marked.column and self.marked.tainted[self.r, self.marked.column[read]]]
        says = f"it follows from your own {_listed(wrong)}"
        return says + (
            "; from a zero that should be none everything follows, so it earns nothing" if self.marked.trivial[self.r, i] else ""
        )

    def _nearest(self, name: str) -> str:
        """What of the step is not on the sheet."""
        direct = self.group.hidden(name)
        return (
            f"judged from the numbers before {_listed(direct)}, which {'is' if len(direct) == 1 else 'are'} not on the sheet"
            if direct
            else ""
        )

    def mistake(self, i: int, name: str, entry: Entry, working: Working | None) -> Mistake | None:
        """The mistake behind a wrong number."""
        if self.steps.given(name):
            return None
        if self.rate and self.steps.row(name).phase is Phase.UPDATE and not (working and working.first_false is not None):
            says = f"The updates are worked with a rate of {self.rate:g}, not of {self.steps.true(RATE):g}."
            others = [one for one in ids(self.explained.fits(self.r, i)) if "+" not in one]
            return Mistake("other_rate", says, ("other_rate", *others))
        if working and (found := self._of_working(name, entry, working)):
            return found
        id, fits = self.explained.named(self.r, i)
        if all("+" in fit.id for fit in fits) and self.explained.exchanged(self.r, i, str(entry.number)):
            return Mistake("digits_exchanged", "Two digits beside each other are exchanged.", ("digits_exchanged",))
        if fits and "+" in fits[0].id:
            says = "; or ".join(fit.says for fit in fits[:MOST_NAMED])
            return Mistake(None, f"A slip in the arithmetic, or two mistakes at once: {says}.", ("arithmetic", *ids(fits)))
        if not fits:
            return Mistake("arithmetic", "No usual mistake gives this number: look for a slip in the arithmetic.", ("arithmetic",))
        if id == DESCENT:
            return Mistake(id, "All your slopes have the opposite sign: this is −∂L/∂w, the direction of descent.", (id,))
        return self._said(id, fits, entry)

    @cached_property
    def rate(self) -> float | None:
        """The rate behind the wrong updates, if one explains them all, and nothing else does."""
        wrong = [i for i in self.explained.wrong(self.r) if self.steps.row(self.marked.cells[i]).phase is Phase.UPDATE]
        fits = [self.explained.fits(self.r, i) for i in wrong]
        unexplained = any(all("+" in fit.id for fit in some) for some in fits)
        return other_rate(self.marked, self.r, wrong) if unexplained else None

    def _said(self, id: str | None, fits: list[Fit], entry: Entry) -> Mistake:
        every = ids(fits)
        if id is not None:
            return Mistake(id, self.sentence(next(fit for fit in fits if fit.id == id), entry), every)
        first = [next(fit for fit in fits if fit.id == one) for one in every]
        return Mistake(
            None, "Several mistakes give this number: " + "; or ".join(fit.says for fit in first[:MOST_NAMED]) + ".", every
        )

    def sentence(self, fit: Fit, entry: Entry) -> str:
        """What happened, with their numbers put in."""
        says = sentence(fit.says)
        if fit.of not in self.sheet.numbers:
            says = f"In {SCREEN.name(fit.of)}, which is not on the sheet: {fit.says}"
        if self.settings.hints < 2 or fit.id in ("truncated", "decimal_point") or "+" in fit.id or fit.of not in self.sheet.numbers:
            return says + "."
        return f"{says}: {spell(fit.lines.tree, self.own.text)} = {SCREEN.number(str(entry.number))}."

    # the working

    def working(self, entry: Entry) -> Working | None:
        return judged(entry.chain, self.own.working) if entry.chain else None

    def _of_working(self, name: str, entry: Entry, working: Working) -> Mistake | None:
        """What the working says of a wrong number: a false `=`, or a formula that is another one."""
        at = working.first_false
        if at is not None:
            equality = working.equalities[at]
            says = f"{_short(equality.left)} = {_short(equality.right)} does not hold"
            last = at == len(working.equalities) - 1
            if last and working.cut:
                return Mistake("truncated", f"The digits are cut off, not rounded: {says}.", ("truncated",))
            if last and working.shifted:
                return Mistake("decimal_point", f"The decimal point stands in the wrong place: {says}.", ("decimal_point",))
            return Mistake("arithmetic", f"A slip in the arithmetic: {says}.", ("arithmetic",))
        if working.value is None:
            return None
        edited = self.explained.explainer.edited(name, self.marked.stated)
        found = [fit for fit in edited if same(self.own.worked(fit.lines), working.value)]
        if found:
            every = ids(found)
            return self._said(every[0] if len(every) == 1 else None, found, entry)
        other = next((cell for cell in self.marked.cells if cell != name and self.is_working_of(cell, name, working.value)), None)
        if other:
            says = f"The working is right for {SCREEN.name(other)}, not for {SCREEN.name(name)}."
            return Mistake("swapped_unit", says, ("swapped_unit",))
        fits = self.explained.fits(self.r, self.marked.column[name])
        if fits and "+" not in fits[0].id:
            return None
        return Mistake(
            "other_working", "The working holds by itself, but it is not this step with your own numbers.", ("other_working",)
        )

    def is_working_of(self, cell: str, name: str, value: float) -> bool:
        """Whether the working of a number is that of another one, which does not come from it."""
        if self.steps.given(cell):
            return False
        try:
            lines = self.steps.lines(cell, self.marked.stated)
            return name not in lines.reads and same(self.own.worked(lines), value)
        except (TooFar, Undefined):
            return False


def _decimals(text: str) -> int:
    mantissa, _, exponent = text.lower().partition("e")
    return len(mantissa.partition(".")[2]) - int(exponent or 0)


def sentence(says: str) -> str:
    """With a capital letter, unless it begins with a quantity."""
    first = says.partition(" ")[0]
    return says[:1].upper() + says[1:] if len(first) > 1 and first.isalpha() else says


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"


def _listed(names: list[str]) -> str:
    shown = [SCREEN.name(name) for name in names[:MOST_NAMED]]
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return (" and ".join(shown) if len(shown) < 3 else ", ".join(shown)) + more
