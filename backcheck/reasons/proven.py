"""All that can be proven about the training of a network, with conditions and proofs; it trains nothing."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from backcheck.errors import Undefined
from backcheck.reasons.consequences import as_consequences
from backcheck.reasons.dead import dead_units
from backcheck.reasons.finding import Finding
from backcheck.reasons.frozen import frozen
from backcheck.reasons.identical import identical_units
from backcheck.reasons.network import Network, network
from backcheck.reasons.one_output import softmax_of_one, without_a_loss
from backcheck.reasons.rules import Rules, rules
from backcheck.reasons.still import Still, still
from backcheck.reasons.twins import Twins, twins
from backcheck.reasons.unmoved import unmoved
from backcheck.roads.work import outputs_outside, work
from backcheck.training.plan import Plan
from backcheck.worksheet import Worksheet


class Held(NamedTuple):
    """What the findings are written from; claims can be judged by it as well."""

    net: Network
    rules: Rules
    still: Still
    twins: Twins


def held(sheet: Worksheet, plan: Plan) -> Held:
    """What never moves, what stays zero and what stays equal."""
    net = network(sheet, plan)
    rule = rules(plan, float(sheet.given["eta"]) if "eta" in sheet.given else None)
    settled = still(net, rule)
    return Held(net, rule, settled, twins(net, settled.stays))


def proven(sheet: Worksheet, plan: Plan) -> list[Finding]:
    """The findings, what explains most first.

    >>> from backcheck.api import load
    >>> for finding in proven(load("problems/xor-uniform.yaml"), Plan()):
    ...     print(finding.id, finding.cells)
    ...     print(finding.because[-1])
    identical_units ('a1[1]', 'a1[2]')
    5. They are equal at the start; by induction over the updates, they stay equal for ever.
    """
    if not sheet.names.output:
        return []
    net, rule, settled, equal = held(sheet, plan)
    if rule.divides_by_zero:
        return []
    if still_at_all := unmoved(net):
        return still_at_all
    if not has_numbers(sheet):
        return without_a_loss(net)
    found = softmax_of_one(net, rule)
    found += dead_units(net, rule, settled) + frozen(net, rule, settled) + identical_units(net, rule, settled, equal)
    return as_consequences(found, net, settled)


def has_numbers(sheet: Worksheet) -> bool:
    """Whether the slopes at the start are all numbers; of formulas that is not sure, and 0 times what is none is none."""
    if not any(":" in row.op for row in sheet.rows):
        return not outputs_outside(sheet)
    try:
        done = work(sheet)
        return all(np.isfinite(done.array(row.name)).all() for row in sheet.rows if row.claims)
    except Undefined:
        return False
