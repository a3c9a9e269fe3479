"""Sentences about a training → proven, refuted at an epoch with a value, or undecided; it reads no files.

What holds for ever is proven by what never moves and what stays equal. What does not is refuted by the training itself: by the
first epoch after which it fails by more than rounding can explain. What neither proves nor refutes is undecided, however long it
held.
"""

from __future__ import annotations

from collections.abc import Iterable

from backcheck.cells import PARAMETER
from backcheck.errors import BadArgument, did_you_mean
from backcheck.problem.claims import Sentence, known, named
from backcheck.reasons.finding import Claim
from backcheck.training.plan import Plan
from backcheck.worksheet import Worksheet

ONLY_PROOFS = "it is not proven, and nothing was trained that could refute it"
NO_RATE = "without a learning rate nothing is trained that could refute it"


def judge(sheet: Worksheet, plan: Plan, sentences: Iterable[Sentence], proofs: bool = False) -> list[Claim]:
    """Every sentence judged, in order; with `proofs` alone nothing is trained.

    >>> from backcheck.api import load
    >>> from backcheck.problem.claims import sentence
    >>> sheet = load("problems/xor-all-zeros.yaml")
    >>> for claim in judge(sheet, Plan(), [sentence("W1 never changes", sheet), sentence("the output stays 0", sheet)]):
    ...     print(claim.verdict, claim.epoch, claim.value)
    proven None None
    refuted 1 0.1
    """
    from backcheck.reasons.claims_by_proof import Settled, proof

    told, settled = list(sentences), Settled(sheet, plan)
    found = [proof(one, settled) for one in told]
    left = [one for one, claim in zip(told, found, strict=True) if claim is None]
    others = iter(_by_training(sheet, plan, left, proofs) if left else ())
    return [claim or next(others) for claim in found]


def _by_training(sheet: Worksheet, plan: Plan, left: list[Sentence], proofs: bool) -> list[Claim]:
    if proofs:
        return [Claim(one.says, "undecided", because=(ONLY_PROOFS,)) for one in left]
    if "eta" not in sheet.given:
        return [Claim(one.says, "undecided", because=(NO_RATE,)) for one in left]
    from backcheck.reasons.claims_by_training import by_training

    return by_training(sheet, plan, left)


def expect_frozen(sheet: Worksheet, plan: Plan, names: Iterable[str]) -> list[Claim]:
    """For each name, a whole array or one number, whether it never changes.

    >>> from backcheck.api import load
    >>> [claim.verdict for claim in expect_frozen(load("problems/xor-all-zeros.yaml"), Plan(), ["W1", "W2[1,1]", "b2"])]
    ['proven', 'proven', 'refuted']
    """
    return judge(sheet, plan, [frozen(name, sheet) for name in names])


def frozen(name: str, sheet: Worksheet) -> Sentence:
    """The sentence that a parameter, or a whole array of them, never changes."""
    part = named(name, sheet)
    if part is None or not PARAMETER.fullmatch(part.row):
        rows = [row for row in known(sheet) if PARAMETER.match(row) or row in sheet.names.places]
        hint = did_you_mean(name, rows) or f"parameters here are {', '.join(rows[:8])}"
        raise BadArgument(f"--expect frozen: there is no parameter {name[:40]!r}; {hint}")
    return Sentence(f"{part.called} never changes", "constant", (part,))
