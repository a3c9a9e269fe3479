"""Why a network does not learn: what is proven, measured and tried, in one record; it prints nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from backcheck.errors import BadArgument, Undefined
from backcheck.reasons.finding import Claim, Finding
from backcheck.reasons.proven import proven
from backcheck.training.plan import Plan
from backcheck.training.run import Run
from backcheck.worksheet import Worksheet

if TYPE_CHECKING:
    from backcheck.problem.claims import Sentence

FALLEN = 0.95  # of the first loss: what ends above it has hardly fallen
WITHOUT_A_RATE = "the file has no learning rate: nothing could be measured over a training, or tried"


class Explained(NamedTuple):
    """All that was found."""

    sheet: Worksheet
    plan: Plan
    findings: list[Finding]
    claims: list[Claim]
    runs: list[Run]  # the training as it is, then those of the remedies
    note: str = ""  # why something was left out
    unexplained: str = ""  # what the loss did, where no cause was found for it
    curvature: str = ""  # at the start, beside a line search

    @property
    def refuted(self) -> bool:
        return any(claim.verdict == "refuted" for claim in self.claims)


def explain(
    sheet: Worksheet, plan: Plan, sentences: Sequence[Sentence] = (), frozen: Sequence[str] = (), proofs: bool = False
) -> Explained:
    """The findings, what is certain first; the claims of the file, and of --expect. With `proofs` alone nothing is trained."""
    found = proven(sheet, plan)
    if proofs or "eta" not in sheet.given:
        claims = _claims(sheet, plan, sentences, frozen, proofs)
        return Explained(sheet, plan, found, claims, [], "" if proofs else WITHOUT_A_RATE)
    try:
        return _measured_and_tried(sheet, plan, found, _claims(sheet, plan, sentences, frozen, proofs=False))
    except (BadArgument, Undefined) as error:
        if not found:
            raise
        return Explained(sheet, plan, found, _claims(sheet, plan, sentences, frozen, proofs=True), [], str(error))


def _measured_and_tried(sheet: Worksheet, plan: Plan, found: list[Finding], claims: list[Claim]) -> Explained:
    """What is found beside the proofs, by training."""
    from backcheck.reasons.measured import measured
    from backcheck.reasons.measured.curvature import curvature
    from backcheck.reasons.measured.observed import Observed
    from backcheck.reasons.tried import tried
    from backcheck.training.train import train

    run = train(sheet, plan, "as it is")
    found = [*found, *measured(sheet, plan, run, found)]
    remedies = tried(sheet, plan, found, train, run)
    runs = [run, *(remedy.run for remedy in remedies if remedy.run)] if remedies else []
    unexplained = "" if found else _unexplained(run)
    bend = curvature(Observed(sheet, plan, run).looked_at)
    found += [remedy.finding for remedy in remedies]
    return Explained(sheet, plan, found, claims, runs, unexplained=unexplained, curvature=bend.says() if bend else "")


def _unexplained(run: Run) -> str:
    """What a loss did that has not fallen."""
    if run.overflow:
        return f"{run.overflow.quantity} overflowed in epoch {run.overflow.epoch}"
    first, last = run.loss[0], run.loss[-1]
    return f"the loss went from {first:.4g} to {last:.4g}" if last > FALLEN * first else ""


def _claims(sheet: Worksheet, plan: Plan, sentences: Sequence[Sentence], frozen: Sequence[str], proofs: bool) -> list[Claim]:
    if not (sentences or frozen):
        return []
    from backcheck.reasons import claims

    return claims.judge(sheet, plan, [*sentences, *(claims.frozen(name, sheet) for name in frozen)], proofs)
