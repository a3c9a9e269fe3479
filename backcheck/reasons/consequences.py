"""What is frozen only because of another finding is told there, not as a second one; it proves nothing."""

from __future__ import annotations

import numpy as np

from backcheck.reasons.dead import dead
from backcheck.reasons.finding import Finding
from backcheck.reasons.network import Flags, Network
from backcheck.reasons.parts import parts
from backcheck.reasons.still import Still

CAUSES = ("softmax_of_one", "dead_units")


def as_consequences(findings: list[Finding], net: Network, settled: Still) -> list[Finding]:
    """The findings, with parameters that never move behind the cause, where there is one cause for all of them."""
    cause = next((finding for name in CAUSES for finding in findings if finding.id == name), None)
    effect = next((finding for finding in findings if finding.id == "frozen"), None)
    if cause is None or effect is None or not _all_explained(net, settled):
        return findings
    told = cause._replace(follows=effect.cells, provided=tuple(dict.fromkeys((*cause.provided, *effect.provided))))
    return [told if finding is cause else finding for finding in findings if finding is not effect]


def _all_explained(net: Network, settled: Still) -> bool:
    """Whether all that never moves leads into a dead unit, comes out of one, or lies before a layer of them or a softmax of one."""
    flags = dead(net, settled)
    ends = [
        units.all() or (len(units) == 1 and layer.kinds[0].op == "softmax") for layer, units in zip(net.layers, flags, strict=True)
    ]
    last = max((l for l, end in enumerate(ends, 1) if end), default=0)
    for part in parts(net, settled):
        l = part.layer.number
        if l > last and (part.never & ~part.unseen & ~_around(part.row, flags, l)).any():
            return False
    return True


def _around(row: str, flags: list[Flags], l: int) -> Flags:
    """Of a row of parameters, those of dead units and those that read one."""
    if row[0] == "b":
        return flags[l - 1]
    before = flags[l - 2] if l > 1 else np.zeros(1, bool)
    return np.asarray(flags[l - 1][:, None] | before[None, :])
