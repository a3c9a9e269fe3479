"""Parameters that `trainable: false` holds, where the network would learn with them free; it knows no proofs."""

from __future__ import annotations

import numpy as np

from backcheck.reasons.finding import Finding
from backcheck.reasons.measured import changes
from backcheck.reasons.measured.observed import BETTER, Observed

SOURCE = "the masks of the file, held against the same training without them"


def look(seen: Observed) -> Finding | None:
    """What is masked, and what becomes of the loss without the masks."""
    held = {row: np.argwhere(mask == 0).tolist() for row, mask in seen.trainable.items() if not mask.all()}
    if not held or seen.last <= BETTER * seen.idle:  # with what is free it learns half of what there is to learn
        return None
    helps = seen.confirmed(changes.all_trainable())
    if not helps:
        return None
    names = [seen.sheet.names.cell(row, tuple(place)) for row, places in held.items() for place in places]
    whole = [row if len(places) == seen.trainable[row].size else f"{len(places)} numbers of {row}" for row, places in held.items()]
    says = f"trainable: false holds {', '.join(whole)}, and the network needs them: {helps}"
    return Finding(
        "frozen",
        "measured",
        tuple(dict.fromkeys(names)),
        says,
        (f"the loss went from {seen.first:.4g} to {seen.last:.4g}",),
        (),
        SOURCE,
    )
