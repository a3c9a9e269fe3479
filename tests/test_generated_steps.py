"""A few of the steps that `python tests/generated_steps.py 2000` makes: no false `proven`, no false `false`, and few left open."""

from __future__ import annotations

from generated_steps import differ, run


def test_no_verdict_is_wrong() -> None:
    found = run(150, seed=5)
    assert found.faults == []
    equal = sum(count for (truth, _), count in found.verdicts.items() if truth == "equal")
    assert found.verdicts["equal", "proven"] >= 0.98 * equal > 50
    assert found.verdicts["different", "false"] > 30
    assert found.verdicts["different", "proven"] == 0


def test_the_second_computation_sees_a_difference() -> None:
    softmax = ("d", ("s", "i"), ("z", "j"))
    right = ("*", ("s", "i"), ("+", ("delta", "i", "j"), ("-", ("s", "j"))))
    wrong = ("*", ("s", "i"), ("+", ("delta", "i", "j"), ("s", "j")))
    assert differ(softmax, right, 1) == (20, 0)
    compared, different = differ(softmax, wrong, 1)
    assert compared == different == 20
