"""How well simulated students are marked: no honest sheet is blamed, and a planted mistake is found where it was made."""

from __future__ import annotations

import pytest
from students import by_usual_rules, false_alarms, figures

COUNT = 400


@pytest.mark.parametrize("seed", [11, 12])
def test_nothing_is_held_against_honest_sheets(seed: int) -> None:
    total = false_alarms(COUNT // 2, seed)
    assert total["sheets"] == COUNT // 2
    assert total["numbers"] > 10 * total["sheets"]
    assert (total["alarms"], total["wrong"]) == (0, 0)


def test_planted_mistakes_are_found_and_named() -> None:
    found, lost, unnamed = figures(COUNT, 21)
    assert found.count == COUNT
    assert found.found >= 0.97 * COUNT, lost
    assert found.blamed <= 0.01 * COUNT, lost
    assert found.among >= 0.95 * found.found, unnamed
    assert found.named >= 0.85 * found.found, unnamed


def test_the_rules_of_other_systems_are_worse() -> None:
    for honest_wrong, alone, blamed in by_usual_rules(100, 11, 21).values():
        assert honest_wrong > 0.1
        assert alone < 0.75
        assert blamed > 0.2
