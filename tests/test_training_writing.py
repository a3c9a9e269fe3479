"""Runs and reasons in text, JSON, CSV and HTML: conventions in words, ranks, what is escaped, and what fits the screen."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import sys
import time
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_training_pictures import BLOWING, FALLING, FIVE, SHEET, XOR, run

from backcheck import api
from backcheck.reasons.finding import Claim, Finding
from backcheck.spelling import PLAIN, SCREEN, Figures
from backcheck.training.plan import Choice, HeldOut, Penalty, Plan
from backcheck.training.run import Epoch
from backcheck.writing.colour import drawer
from backcheck.writing.training import explained, live
from backcheck.writing.training.csv import as_csv
from backcheck.writing.training.facts import facts, in_common, of_its_own
from backcheck.writing.training.json import as_json
from backcheck.writing.training.page import page
from backcheck.writing.training.ranking import level, ranking
from backcheck.writing.training.results import some_epochs
from backcheck.writing.training.text import text

FINDINGS = [
    Finding("frozen", "proven", ("W1[1,1]",), "W1 <never> changes", ("1. a1 = 0", "2. so ∂L/∂W1 = 0"), ("no momentum",)),
    Finding("rate_too_high", "measured", ("eta",), "η is above 2/λmax", ("2/λmax = 0.1",), (), "a paper & more"),
]
CLAIMS = [Claim("W1 never changes", "proven"), Claim("the output stays 0", "refuted", 3, 0.25, ("a2[1] = 0.25",))]
FULL = Plan(
    epochs=30,
    batch_size=3,
    seed=1,
    optimiser=Choice("adam", {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}),
    schedule=Choice("step", {"every": 10, "factor": 0.5}),
    l1=Penalty(0.001, biases=True),
    l2=Penalty(0.01, half=True),
    dropout=(0.2,),
    clip=Choice("norm", {"limit": 1.0}),
    early_stopping=Choice("", {"patience": 5, "least": 0.01, "keep_best": 1}),
    held_out=HeldOut(np.zeros((2, 2)), np.zeros((2, 1))),
    precision="float32",
    order="output_first",
)


# the conventions


def test_the_head_says_every_convention_in_force() -> None:
    assert facts(XOR, FULL)[-12:] == [
        "trained for 30 epochs on 4 examples in mini-batches of 3, shuffled anew in every epoch with seed 1: "
        "2 updates in each epoch",
        "Adam: m = 0.9·m + 0.1·g, v = 0.999·v + 0.001·g², in update n w − η·m/(1 − 0.9ⁿ)/(√(v/(1 − 0.999ⁿ)) + 1e-8); "
        "m and v begin with 0; g is the slope ∂L/∂w of the mini-batch, with the penalties, clipped",
        "learning rate: η = 0.1·0.5^⌊e/10⌋ after e epochs: times 0.5 after every 10",
        "L1: 0.001·Σ|w| is added to the loss, without ½, of weights and biases; it adds 0.001·sign(w) to the slope of w",
        "L2: ½·0.01·Σw² is added to the loss, with ½, of the weights only, not of the biases; it adds 0.01·w to the slope of w",
        "dropout: each output of hidden layer 1 is kept with probability 0.8 and dropped with 0.2, drawn with seed 1; "
        "it is inverted: what is kept is divided by 0.8 in training, and nothing is dropped or divided at evaluation",
        "clipping: where all slopes together, as one vector, are longer than 1, they are scaled down to that length",
        "early stopping after 5 epochs without a held-out loss that is lower than any before by more than 0.01; "
        "the values of the best epoch are kept",
        "held out: 2 examples of their own; nothing is learnt from them",
        "the output layer is updated first: each layer before the slopes of the layer below are worked",
        "numbers with 32 bits (float32), about 7 digits",
        "the loss shown is that of all examples that are trained on, without penalties and without dropout; "
        "epoch 0 is before the first update",
    ]


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        (Plan(), "trained for 100 epochs on all 4 examples at once (full batch): one update in each epoch"),
        (Plan(epochs=1, batch_size=1, shuffle=False), "trained for 1 epoch on 4 examples in mini-batches of one example, "
         "in the order of the file, never shuffled: 4 updates in each epoch"),
        (Plan(held_out=0.25, seed=7), "held out: 1 of 4 examples, drawn with seed 7; nothing is learnt from them"),
        (Plan(l2=Penalty(0.01)), "L2: 0.01·Σw² is added to the loss, without ½, of the weights only, not of the biases; "
         "it adds 2·0.01·w to the slope of w"),
        (Plan(clip=Choice("value", {"limit": 0.5})), "clipping: each slope is cut off at ±0.5"),
        (Plan(optimiser=Choice("nesterov", {"beta": 0.8})),
         "Nesterov: m = 0.8·m + g, then w − η·(g + 0.8·m); m begins with 0; g is the slope ∂L/∂w"),
        (Plan(schedule=Choice("cosine", {"to": 0.01})),
         "learning rate: η = 0.01 + (0.1 − 0.01)·(1 + cos(π·e/100))/2 after e epochs"),
        (Plan(start="run.npz"), "it begins with the parameters in run.npz (a warm start)"),
    ],
)  # fmt: skip
def test_a_convention_in_words(plan: Plan, says: str) -> None:
    assert says in facts(XOR, plan)


@pytest.mark.parametrize("name", ["sgd", "momentum", "nesterov", "adam", "adamw", "rmsprop"])
def test_every_optimiser_is_written_with_its_numbers(name: str) -> None:
    (says,) = [fact for fact in facts(XOR, Plan(optimiser=Choice(name))) if "w − η·" in fact or "w·(1 − η·" in fact]
    assert "{" not in says


def test_of_several_runs_only_what_holds_of_all_is_said() -> None:
    slow = api.with_rate(XOR, 0.01, "0.01")
    runs = [run([1, 0.5], "rate=0.5", sheet=XOR), run([1, 0.9], "rate=0.01", sheet=slow)]
    assert not any("η =" in fact for fact in in_common(runs))
    assert of_its_own(runs[1], runs) == ["learning rate: η = 0.01 in every epoch"]


# the ranks


def test_the_lowest_loss_is_first_what_diverged_last_and_the_same_loss_shares_a_rank() -> None:
    runs = [run(BLOWING, "blows"), run([1, 0.5], "b"), run([1, 0.2], "c"), run([1, 0.5], "a"), run([1, math.nan], "none")]
    places = [(place.rank, place.run.name) for place in ranking(runs)]
    assert places == [(1, "c"), (2, "b"), (2, "a"), (4, "blows"), (4, "none")]


def test_the_level_is_that_of_the_plan_or_half_of_the_first_loss() -> None:
    assert level(FIVE) == 0.3
    assert [place.to_level for place in ranking(FIVE)] == [7, 7, None, None]
    assert level([run([1, 0.5], plan=Plan(level=0.1))]) == 0.1


def test_where_early_stopping_keeps_the_best_epoch_its_loss_was_reached() -> None:
    early = Plan(early_stopping=Choice("", {"patience": 1, "keep_best": 1}))
    runs = [run([1, 0.4, 0.8], "kept", plan=early), run([1, 0.4, 0.8], "last"), run([1, 0.9, 0.5], "middle")]
    assert [place.run.name for place in ranking(runs)] == ["kept", "middle", "last"]


# the terminal


def test_some_epochs_are_shown_with_the_first_the_best_and_the_last() -> None:
    shown = [epoch.number for epoch in some_epochs(run([1.0] * 33 + [0.5] + [0.9] * 20))]
    assert shown == [0, 1, 2, 5, 10, 20, 33, 50, 53]


def test_the_report_of_one_run() -> None:
    lines = text([run([0.6, 0.3, 0.1], held_out=True)], Figures(digits=4), 100).splitlines()
    assert lines[0] == "One SGD step, squared error"
    assert "  epoch  L    accuracy  held-out L  held-out accuracy" in lines
    assert "  2      0.1  83.33 %   0.2         50.00 %" in lines
    assert "L was 0.6 before the first update and is 0.1 after epoch 2." in lines
    assert "The held-out loss is least in epoch 2: 0.2." in lines
    assert "  W2  w5 = 0.4   w7 = 0.5   w6 = 0.45   w8 = 0.55" in lines


def test_the_report_of_several_runs() -> None:
    lines = text(FIVE, Figures(digits=3), 100).splitlines()
    assert "  1. rate=0.1   1.77e−5   7" in lines
    assert "  4. rate=3     diverged  never" in lines
    assert "rate=3: diverged in epoch 8, update 2: ∂L/∂w5 overflows first." in lines


@settings(max_examples=40, deadline=None)
@given(st.integers(24, 200), st.booleans(), st.booleans(), st.booleans())
def test_everything_fits_the_screen(width: int, several: bool, ascii: bool, colour: bool) -> None:
    spelling, draw = (PLAIN if ascii else SCREEN), (drawer(width) if colour and not ascii else None)
    runs = FIVE if several else [run(FALLING, held_out=True, plan=FULL, sheet=XOR, watched=())]
    said = [text(runs, width=width, draw=draw, spelling=spelling)]
    said.append(explained.text("Why", facts(XOR, FULL), FINDINGS, CLAIMS, FIVE, width=width, draw=draw, spelling=spelling))
    for line in re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(said)).splitlines():
        assert len(line) <= width
        assert not ascii or (line.isascii() and "?" not in line), line


def test_a_name_cannot_command_the_terminal() -> None:
    assert "\x1b" not in text([run([1, 0.5], "\x1b[31mred"), run([1, 0.6], "b\x07")])


# for programs


def test_the_json_of_one_run_keeps_the_contract() -> None:
    document = json.loads(as_json([run(BLOWING, held_out=True)]))
    assert (document["format"], document["version"], document["diverged"]) == ("backcheck.train", 1, True)
    assert document["loss"][:2] == [0.6, 24.0]
    assert document["loss"][-1] is None
    assert document["values"]["w5"] == 0.4
    assert document["overflow"] == {"epoch": 8, "update": 2, "quantity": "dL/dw5"}
    assert document["held_out"]["loss"][0] == 1.2
    assert document["plan"]["optimiser"] == {"name": "sgd", "settings": {}}
    assert json.loads(as_json([run([1, 0.5], plan=FULL)]))["plan"]["held_out"] == {"examples": 2}


def test_the_json_of_several_runs_has_each_and_the_ranks() -> None:
    document = json.loads(as_json(FIVE))
    assert [one["to_level"] for one in document["runs"]] == [7, None, None, 7]
    assert [one["name"] for one in document["ranking"]] == ["rate=0.1", "rate=0.05", "rate=0", "rate=3"]
    assert all({"loss", "values", "diverged", "name"} <= one.keys() for one in document["runs"])


def test_the_csv_has_every_digit_and_no_formula() -> None:
    one = list(csv.DictReader(io.StringIO(as_csv([run([0.1 + 0.2, 0.3])]))))
    assert (one[0]["loss"], one[1]["epoch"], one[1]["w8"]) == ("0.30000000000000004", "1", repr(0.7 + 0.07))
    assert one[0]["held_out_loss"] == ""
    several = list(csv.DictReader(io.StringIO(as_csv([run([1, 0.5], "=1+1"), run(BLOWING, "b, c")]))))
    assert [several[0]["run"], several[-1]["run"], several[-1]["loss"]] == ["'=1+1", "b, c", "inf"]
    assert len(several) == 2 + len(BLOWING)


def test_the_json_of_explain_keeps_the_contract() -> None:
    document = json.loads(explained.as_json("Why", [], FINDINGS, [Claim("x", "refuted", 1, math.inf)], FIVE))
    assert (document["format"], document["version"]) == ("backcheck.explain", 1)
    assert document["findings"][0].pop("follows") == []
    assert document["findings"][0] == {
        "id": "frozen",
        "verdict": "proven",
        "cells": ["W1[1,1]"],
        "says": "W1 <never> changes",
        "because": ["1. a1 = 0", "2. so ∂L/∂W1 = 0"],
        "provided": ["no momentum"],
        "source": "",
    }
    assert document["claims"] == [{"says": "x", "verdict": "refuted", "epoch": 1, "value": None, "because": []}]
    assert len(document["runs"]) == 4


def test_a_proof_is_written_with_its_lines_and_its_conditions() -> None:
    lines = explained.text("Why", [], FINDINGS, CLAIMS, [], width=80).splitlines()
    assert lines[2:9] == [
        "Proven",
        "",
        "  [frozen] W1 <never> changes",
        "    Proof:",
        "      1. a1 = 0",
        "      2. so ∂L/∂W1 = 0",
        "    Provided that: no momentum.",
    ]
    assert "    Source: a paper & more" in lines
    assert "  the output stays 0  refuted at epoch 3: 0.25  a2[1] = 0.25" in lines
    assert explained.NOTHING in explained.text("Why", [], [], [], [])


# the page


class Tags(HTMLParser):
    """Keeps a stack, and what opens and closes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("runs", [FIVE, FIVE[:1], [run(FALLING, held_out=True)], [run(BLOWING, watched=())]])
def test_a_page_is_well_formed_and_needs_nothing_from_elsewhere(runs: list[object]) -> None:
    written = page(runs, FINDINGS, CLAIMS)  # type: ignore[arg-type]
    tags = Tags()
    tags.feed(written)
    assert not tags.open
    names = {tag for tag, _ in tags.seen}
    assert not names & {"script", "link", "img", "iframe", "object", "base", "a"}
    assert not any(name.startswith("on") or name in ("href", "src") for _, attributes in tags.seen for name in attributes)
    assert not re.search(r"url\(|@import|https?:", written)
    assert "prefers-color-scheme: dark" in written


def test_every_text_of_a_page_is_escaped() -> None:
    nasty = '<script>alert("x")</script>&'
    found = Finding(nasty, "tried", (nasty,), nasty, (nasty,), (nasty,), nasty)
    written = page([run([1, 0.5], nasty), run([1, 0.6], "b")], [found], [Claim(nasty, nasty, 1, 1.0, (nasty,))], nasty, [nasty])
    assert "<script" not in written
    assert written.count("&lt;script&gt;") > 8
    assert 'alert("' not in written


def test_a_page_is_the_same_every_time() -> None:
    assert page(FIVE, FINDINGS) == page(FIVE, FINDINGS)


# while it runs


class Terminal(io.StringIO):
    encoding = "utf-8"  # type: ignore[assignment]

    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, epochs: int = 40, wait: float = 0.0) -> str:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "30")
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(live, "PATIENCE", 0.0)
    with live.live(epochs, "rate=0.1") as see:
        for i in range(epochs + 1):
            see(Epoch(i, 0.6 * 0.8**i, 0.3, 0.5))
            time.sleep(wait)
    return stream.getvalue()


def test_a_terminal_sees_the_curve_and_the_bar_at_most_ten_times_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    start = time.monotonic()
    written = shown(monkeypatch, Terminal(), wait=0.01)
    frames = written.count("rate=0.1  epoch")
    assert 2 <= frames <= (time.monotonic() - start) / live.EVERY + 3
    assert "log10 of the loss" in written
    assert "━" in written


def interrupted() -> None:
    with live.live(9) as see:
        see(Epoch(0, 1.0, 0.1))
        raise KeyboardInterrupt


def test_the_terminal_is_left_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    written = shown(monkeypatch, Terminal())
    assert written.rstrip().endswith("\x1b[2K")
    assert written.rindex("\x1b[?25h") > written.rindex("\x1b[?25l")
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert stream.getvalue().rstrip().endswith("\x1b[2K")


def test_nothing_is_shown_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, io.StringIO()) == ""
    dumb = Terminal()
    monkeypatch.setattr(sys, "stderr", dumb)
    monkeypatch.setenv("TERM", "dumb")
    with live.live(3) as see:
        see(Epoch(0, 1.0, 0.1))
    assert dumb.getvalue() == ""


def test_no_colours_where_they_are_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert re.search(r"\x1b\[[0-9;]*m", shown(monkeypatch, Terminal()))
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("NO_COLOR", "1")
    with live.live(3) as see:
        see(Epoch(0, 1.0, 0.1))
    assert stream.getvalue()
    assert not re.search(r"\x1b\[[0-9;]*m", stream.getvalue())


def test_a_long_run_keeps_few_points(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "PATIENCE", 1e9)
    screen = live.Screen(10**6, "")
    for i in range(5000):
        screen.see(Epoch(i, 1.0, 0.1))
    assert len(screen.kept) <= live.MOST_KEPT
    assert screen.kept[0][0] == 0
    assert SHEET.title
