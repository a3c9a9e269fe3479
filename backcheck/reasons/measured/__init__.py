"""What is measured on a network and its run, cause by cause, each beside its threshold; it proves nothing.

Causes stand in the order in which one brings about another: targets or inputs out of scale saturate units, saturated units let
slopes vanish, slopes that vanish look like a low rate. The first one that is found is told, and its consequences are not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from backcheck.reasons.finding import HARMLESS, Finding
from backcheck.reasons.measured import dead, held, loss_for_output, overfitting, rate, saturation, scale, slopes, targets
from backcheck.reasons.measured.observed import Observed
from backcheck.training.plan import Plan
from backcheck.training.run import Run
from backcheck.worksheet import Worksheet

CAUSES: tuple[tuple[str, Callable[[Observed], Finding | None]], ...] = (
    ("target_out_of_range", targets.look),
    ("wrong_loss", loss_for_output.look),
    ("inputs_unscaled", scale.look),
    ("saturated", saturation.look),
    ("exploding", slopes.exploding),
    ("wrong_loss", loss_for_output.flat),
    ("may_revive", dead.look),
    ("rate_too_high", rate.too_high),
    ("vanishing", slopes.vanishing),
    ("frozen", held.look),
    ("rate_too_low", rate.too_low),
    ("wrong_loss", loss_for_output.slow),
)


def measured(sheet: Worksheet, plan: Plan, run: Run, proven: Iterable[Finding] = ()) -> list[Finding]:
    """The first cause on the list that this run shows, and overfitting, which has causes of its own.

    Of units that are proven dead for ever it is not said that they may revive.
    """
    proven = list(proven)
    dead_for_ever = frozenset(cell for finding in proven if finding.id == "dead_units" for cell in finding.cells)
    seen = Observed(sheet, plan, run, dead_for_ever)
    told = {finding.id for finding in proven if HARMLESS not in finding.says} & {"frozen"}
    first = next((found for id, look in CAUSES if id not in told and (found := look(seen))), None)
    return [found for found in (first, overfitting.look(seen)) if found]
