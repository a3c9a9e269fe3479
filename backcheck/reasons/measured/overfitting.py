"""A held-out loss that rises while the loss of the examples that are trained on goes on falling; it needs a held-out part."""

from __future__ import annotations

from backcheck.reasons.finding import Finding
from backcheck.reasons.measured.observed import Observed

LOST = 0.05  # Prechelt's GL: the held-out loss above the least there was; 5 % is the largest of his thresholds
OF_IDLE = 0.02  # of what constant outputs cost: less is no loss worth a word, however large against a loss near 0
FELL = 0.1  # of the training loss, since the held-out loss was least: else both stand still, and one drifts
APART = 2.0  # times the training loss: more than half of the held-out loss is what does not carry over to other examples
SOURCE = (
    "Prechelt 1998, Early stopping – but when?: generalisation loss GL = held-out loss / its least − 1, thresholds from 1% to 5%"
)


def look(seen: Observed) -> Finding | None:
    """The held-out loss at the end against its least."""
    run = seen.run
    out = [epoch.held_out_loss for epoch in run.epochs if epoch.held_out_loss is not None]
    stops = seen.plan.early_stopping
    if len(out) < len(run.epochs) or len(out) < 3 or run.overflow or (stops and stops.settings.get("keep_best")):
        return None
    best = min(range(len(out)), key=out.__getitem__)
    tail = sorted(out[-max(1, len(out) // 10) :])
    if best >= len(out) - len(tail):  # it is least where it swings around its end
        return None
    last = min(tail[len(tail) // 2], out[-1])
    risen, trained = last - out[best], run.loss[best] - run.loss[-1]
    falls = trained > FELL * abs(run.loss[best]) and last > APART * run.loss[-1]
    if not (falls and risen > LOST * abs(out[best]) and risen > OF_IDLE * seen.idle):
        return None
    more = f"{risen / abs(out[best]):.0%} more (limit {LOST:.0%})"
    says = (
        f"the held-out loss was least after epoch {best}, {out[best]:.4g}, and is {last:.4g} at the end: {more}, "
        f"while the loss of the examples trained on fell from {run.loss[best]:.4g} to {run.loss[-1]:.4g}"
    )
    because = (
        f"a rise of {risen / seen.idle:.0%} of what the best constant outputs cost (limit {OF_IDLE:.0%})",
        f"the held-out loss is {last / run.loss[-1]:.3g} times that of the examples trained on (limit {APART:g})",
    )
    return Finding("overfitting", "measured", ("L",), says, because, (), SOURCE)
