"""`backcheck prove` beside other checkers, on every equality step of problems/derivations and of `derive --steps`, in one run.

python benchmarks/proving.py [--every N] [--size K] [--limit S] [NAME ...]     NAME: backcheck, "sympy simplify", z3, …; none is all

The others are whatever of these is installed: sympy, diofant, symengine, mathics3, python-flint, z3-solver, cvc5, egglog, alkahest,
mathhook, ocas, passagemath-giac (with passagemath-repl and passagemath-modules), passagemath-maxima. Each answers in a process of
its own, one at a time, and each step goes to all of them before the next. A table has what one run measured: only ratios within it
mean something. Only the judging is timed: not the start, nor the writing of a step in the checker's language (Giac, Maxima, Mathics
and the last three also read a text in the time that is counted, which is little). What takes too long counts with the limit.

Asked is of a true derivation every equality, of a twin with a slip the equality that is the slip. Before anything is measured, each
is held against random numbers with 40 digits, written out as the others get it: what is labelled true has to agree there, and what
is labelled wrong must not, so that no checker is blamed for a translation.

What favours the others:
 * They know no sums over a K that is not known: they get every step written out for one K (3 unless asked otherwise; of several
   sizes K and K - 1 by turns), and what they prove is proven for that K alone. backcheck is asked for every K.
 * Of free letters one choice of each pattern is asked (i = j, i != j), since the others only rename.
 * Derivatives are taken, definitions, sums and deltas put in, and given equations solved and put in, beforehand and untimed;
   tanh is written by exp where exp stands beside it.
 * Those that can only be told the sign of a name (SymPy, Diofant, Giac) get r > c as r = c + u with u > 0. Where something is given
   that they cannot be told (0 < c < 1 told as c > 0), their no counts as open, and their proof as a proof.
 * That a denominator is not 0 counts as given. backcheck looks for conditions like that, and names them.
What does not:
 * The derivations were written beside backcheck, which was mended until it decided them; the others never saw them.
 * simplify, expand and the like answer with an expression: 0 is taken as proven, another number as a no, and all else as open: it
   is no proof that two expressions differ (whoever reads it as a no adds `open` to what is called wrong, and to what is refuted).
   SymPy's `equals` and Maxima's `equal` do answer yes, no or do not know.
 * Z3 and cvc5 know no exp and no ln here: each is a variable, with exp(a + b) = exp(a) exp(b) worked in. What they find is worked
   out again, and counts as numbers if the sides do differ there. A lemma for a step would prove more; nobody wrote one.
 * egglog has no mathematics of its own: it gets two dozen laws. Somebody who tunes them, or adds a normal form, would get further.
 * python-flint has fractions of polynomials, not expressions: that each e^z is a variable is a hundred lines of this folder.
 * Mathhook, Ocas and Alkahest are told nothing that is given.
 * "not taken" are steps that a checker has no words for (max, abs, a function that is left open), or on which it fails.
"""

from __future__ import annotations

import argparse
from collections import Counter
from statistics import median

from timing import table  # first, because it sets the number of threads

# isort: split
from steps_elsewhere.by_numbers import verdict
from steps_elsewhere.collected import Asked, Walked, equalities, walked
from steps_elsewhere.race import CHECKERS, LATE, NO, NOT_TAKEN, NUMBERS, OURS, PROVEN, Answer, Checker

HEADER = ["checker", "for", "proven", "called wrong (!)", "open", "refuted", "with numbers", "called true (!)", "open"]
HEADER += ["late", "not taken", "median", "95th percentile", "total"]


def percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]


def labelled(every: int, size: int) -> list[Asked]:
    """The steps; one whose label or translation is not right would be unfair to somebody."""
    steps = [step for at, step in enumerate(equalities()) if at % every == 0]
    for step in steps:
        if isinstance(step.written, str):
            print(f"{step.place} cannot be written out: {step.written}")
        elif verdict(step.written[size]) != ("agrees" if step.true else "refuted"):
            print(f"{step.place} is labelled {step.true}, and numbers say otherwise: {step.text}")
    return [step for step in steps if not isinstance(step.written, str)]


def race(steps: list[Asked], names: list[str], size: int, limit: float) -> dict[str, list[Answer]]:
    """All answers; a checker that is not there is named."""
    checkers = [Checker(name, limit) for name in names]
    for one in checkers:
        if one.missing:
            print(f"{one.name} is not here: {one.missing}")
            one.end()
    checkers = [one for one in checkers if not one.missing]
    found: dict[str, list[Answer]] = {one.name: [] for one in checkers}
    for at, step in enumerate(steps):
        turn = at % len(checkers)
        for one in checkers[turn:] + checkers[:turn]:
            question = (step.relation, step.scene) if one.name == OURS else step.written[size]
            found[one.name].append(one.judge(question))
    for one in checkers:
        one.end()
    return found


def row(name: str, steps: list[Asked], answers: list[Answer], size: int) -> list[str]:
    right = Counter(answer.verdict for step, answer in zip(steps, answers, strict=True) if step.true)
    wrong = Counter(answer.verdict for step, answer in zip(steps, answers, strict=True) if not step.true)
    said = [right[PROVEN], right[NUMBERS] + right[NO], right.total() - right[PROVEN] - right[NUMBERS] - right[NO]]
    said += [wrong[NUMBERS] + wrong[NO], wrong[NUMBERS], wrong[PROVEN], wrong.total() - wrong[NUMBERS] - wrong[NO] - wrong[PROVEN]]
    said += [right[LATE] + wrong[LATE], right[NOT_TAKEN] + wrong[NOT_TAKEN]]
    times = [answer.seconds for answer in answers if answer.verdict != NOT_TAKEN] or [0.0]
    clock = [f"{median(times) * 1e3:,.1f} ms", f"{percentile(times, 0.95) * 1e3:,.0f} ms", f"{sum(times):,.0f} s"]
    return [name, "every K" if name == OURS else f"K = {size}", *map(str, said), *clock]


def side_by_side(every: int, size: int, limit: float, names: list[str]) -> None:
    steps = labelled(every, size)
    answers = race(steps, names or [OURS, *CHECKERS], size, limit)
    rows = [row(name, steps, found, size) for name, found in answers.items()]
    true = sum(step.true for step in steps)
    table(
        f"{true} true steps (proven to open) and {len(steps) - true} wrong ones (refuted to open), {limit:g} s each", HEADER, rows
    )
    for step, answer in zip(steps, answers.get(OURS, []), strict=False):
        if answer.verdict != (PROVEN if step.true else NUMBERS):
            print(f"  backcheck: {step.place}, which is {'true' if step.true else 'wrong'}: {answer.verdict}, {answer.says}")


def alone() -> None:
    """Every line that backcheck judges, as it judges it: the chain, the claim, and for a wrong one the search for repairs."""
    lines = [*walked()]
    rows = [_own(kind, [line for line in lines if line.kind == kind]) for kind in dict.fromkeys(line.kind for line in lines)]
    rows.append(_own("all", lines))
    rows.append(_own("true ones", [line for line in lines if line.true]))
    rows.append(_own("wrong ones, with repairs", [line for line in lines if not line.true]))
    rows.append(_own("wrong ones, without", [line for line in walked(mending=False) if not line.true]))
    header = ["lines", "judged", "decided", "share", "decided wrongly (!)", "median", "95th percentile", "longest", "where"]
    table("backcheck alone, whole lines, for every K", header, rows)


def _own(kind: str, lines: list[Walked]) -> list[str]:
    decided = [line for line in lines if line.judged.verdict in ("proven", "false", "does not follow")]
    wrongly = sum((line.judged.verdict == "proven") != line.true for line in decided)
    times, longest = [line.seconds for line in lines], max(lines, key=lambda line: line.seconds)
    clock = [f"{1e3 * time:,.1f} ms" for time in (median(times), percentile(times, 0.95), longest.seconds)]
    return [kind, str(len(lines)), str(len(decided)), f"{len(decided) / len(lines):.1%}", str(wrongly), *clock, longest.place]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--every", type=int, default=1, help="only every N-th step")
    parser.add_argument("--size", type=int, default=3, choices=(3, 4), help="K, for the others")
    parser.add_argument("--limit", type=float, default=5.0, help="seconds for a step")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{OURS}, {', '.join(CHECKERS)}")
    given = parser.parse_args()
    side_by_side(given.every, given.size, given.limit, given.names)
    if not given.names or OURS in given.names:
        alone()


if __name__ == "__main__":
    main()
