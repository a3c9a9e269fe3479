"""The formats of grades: each read back by what reads it elsewhere, whatever students put into their files."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from backcheck.commands import step
from backcheck.errors import BadArgument, Fault
from backcheck.grading.result import (
    FOLLOWS,
    MISSING,
    NOT_JUDGED,
    RIGHT,
    UNREADABLE,
    WRONG,
    CellMark,
    Equality,
    Mistake,
    Result,
)
from backcheck.spelling import PLAIN
from backcheck.writing.colour import drawer
from backcheck.writing.grades import FORMATS, summary, words, written
from backcheck.writing.grades.about import About
from backcheck.writing.grades.classroom50 import apportioned
from backcheck.writing.grades.csv import GUARDED, HEADER, guarded
from backcheck.writing.grades.github import job_summary
from backcheck.writing.grades.stream import writer
from backcheck.writing.grades.summary import class_summary
from backcheck.writing.grades.summary_plot import picture

SCHEMAS = {path.name.split(".")[0]: json.loads(path.read_text()) for path in Path("tests/schemas").glob("*.json")}
SCHEMAS["grade"] = json.loads(step.schema("marks"))
ONE = Fraction(1)
RUN = {
    "CLASSROOM": "cs",
    "ASSIGNMENT": "hw3",
    "USERNAME": "anna",
    "SUBMISSION_TAG": "submit/2026-06-01T14-32-05Z-a1b2c3d",
    "COMMIT_URL": "https://example.org/c",
    "RELEASE_URL": "https://example.org/r",
}
ABOUT = About("Two inputs, two hidden units", "two.yaml", width=90, environment=RUN, datetime="2026-06-01T14:32:01Z")
FOR_ONE = ("gradescope", "prairielearn", "classroom50")
FOR_PEOPLE = [format for format in FORMATS if format not in ("json", "jsonl")]


def right(name: str, wrote: str, verdict: str = RIGHT) -> CellMark:
    return CellMark(name, name, verdict, wrote, line=3, points=ONE, of=ONE)


WRONG_ONE = CellMark(
    "dL/dw5",
    "dL/dW2",
    WRONG,
    "0.2749*0.5945 = 0.1639",
    from_own=0.16342805,
    line=12,
    mistake=Mistake("swapped_unit", "a1[2] was taken for a1[1]: 0.2749·0.5963 = 0.1639", ("swapped_unit",)),
    rule="∂L/∂z2[1]·a1[1]",
    numbers="0.2749·0.5945",
    working=(Equality("0.2749*0.5945", "0.1639", False, "the left side is 0.1634"),),
    of=ONE,
)
SEVERAL = CellMark(
    "w5'",
    "W2'",
    WRONG,
    "0.4492",
    line=13,
    mistake=Mistake(None, "Either the sign or the learning rate is not as it should be", ("ascent", "rate_missing")),
    rule="w5 − η·∂L/∂w5",
    numbers="0.40 − 0.3·0.1639",
    of=ONE,
)
ANNA = Result(
    "anna.yaml",
    "0042",
    (
        right("z1[1]", "0.3825"),
        right("a1[1]", "0.5945"),
        right("dL/dz2[1]", "0.2749", FOLLOWS),
        WRONG_ONE,
        SEVERAL,
        CellMark("dL/dw6", "dL/dW2", UNREADABLE, "abc", line=14, reason="This is no number.", of=ONE),
        CellMark("dL/dw7", "dL/dW2", MISSING, of=ONE),
        CellMark("dL/dw8", "dL/dW2", NOT_JUDGED, "0.1", line=15, reason="At a kink", of=Fraction(0)),
    ),
    Fraction(3),
    Fraction(7),
    False,
)
BEN = Result("ben.yaml", None, ANNA.cells[:3], Fraction(3), Fraction(3), True)
SOURCE = "answers: {z1: [0.5, 0.7"
CARA = Result("cara.yaml", "c", (), Fraction(0), Fraction(7), None, Fault(3, 14, "a list never ends", "Close it with ]."), SOURCE)
ALL = [ANNA, BEN, CARA]


def each(format: str) -> Iterator[tuple[Result, Any]]:
    """The documents of single submissions."""
    for result in ALL:
        yield result, json.loads(written(format, [result], ABOUT))


def test_one_submission_in_full() -> None:
    assert (
        written("text", [ANNA], ABOUT)
        == """\
Two inputs, two hidden units
· anna.yaml (0042): 3 of 7 points (43 %, not passed)
· 2 right, 1 right from your own numbers, 2 wrong, 1 missing, 1 unreadable, 1 not judged

First wrong: ∂L/∂w5 in line 12
  you wrote     0.2749*0.5945 = 0.1639
  because       a1[2] was taken for a1[1]: 0.2749·0.5963 = 0.1639. In your working,
                0.2749*0.5945 = 0.1639 does not hold: the left side is 0.1634.
  the step      ∂L/∂z2[1]·a1[1]
  your numbers  0.2749·0.5945

What else there is to say
          line  you wrote  verdict     because
  ──────  ────  ─────────  ──────────  ───────────────────────────────────────────
  w5′     13    0.4492     wrong       Either the sign or the learning rate is not
                                       as it should be.
                                       w5 − η·∂L/∂w5 = 0.40 − 0.3·0.1639
  ∂L/∂w6  14    abc        unreadable  This is no number.
  ∂L/∂w8  15    0.1        not judged  At a kink.

Missing: ∂L/∂w7.
"""
    )


def test_several_submissions_in_short_and_in_ascii() -> None:
    assert (
        written("text", ALL, ABOUT._replace(spelling=PLAIN, width=70))
        == """\
Two inputs, two hidden units

anna.yaml (0042): 3 of 7 points (43 %, not passed)
  first wrong: dL/dw5 in line 12, 0.2749*0.5945 = 0.1639. a1[2] was
    taken for a1[1]: 0.2749*0.5963 = 0.1639. In your working,
    0.2749*0.5945 = 0.1639 does not hold: the left side is 0.1634.
  also wrong: w5'
  unreadable: dL/dw6
  missing: dL/dw7
ben.yaml: 3 of 3 points (100 %, passed)
cara.yaml:3:14: a list never ends

3 submissions, 1 unreadable; on average 71 % of the points
"""
    )


def test_an_unreadable_one_shows_where() -> None:
    assert (
        written("text", [CARA], ABOUT)
        == """\
Two inputs, two hidden units
cara.yaml:3:14: a list never ends
    3 | answers: {z1: [0.5, 0.7
      |              ^
    Close it with ].
"""
    )


@pytest.mark.parametrize("width", [24, 40, 70, 132])
@pytest.mark.parametrize("results", [[ANNA], ALL])
def test_text_is_as_wide_as_the_screen(results: list[Result], width: int) -> None:
    plain = written("text", results, ABOUT._replace(width=width, spelling=PLAIN))
    assert plain.isascii()
    assert max(map(len, plain.splitlines())) <= max(width, 24)
    framed = written("text", results, ABOUT._replace(width=width, draw=drawer(width)))
    assert max(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in framed.splitlines()) <= width


def test_json_as_the_contract_has_it() -> None:
    document = json.loads(written("json", ALL, ABOUT))
    jsonschema.validate(document, SCHEMAS["grade"])
    anna, ben, cara = document["submissions"]
    assert (anna["score"], anna["out_of"], anna["passed"], anna["first_wrong"]) == (3, 7, False, "dL/dw5")
    assert anna["cells"][3] == {
        "name": "dL/dw5",
        "written": "0.2749*0.5945 = 0.1639",
        "verdict": "wrong",
        "line": 12,
        "points": 0,
        "of": 1,
        "expected": None,
        "from_own": 0.16342805,
        "mistake": {
            "id": "swapped_unit",
            "says": "a1[2] was taken for a1[1]: 0.2749·0.5963 = 0.1639",
            "fits": ["swapped_unit"],
        },
        "rule": "∂L/∂z2[1]·a1[1]",
        "numbers": "0.2749·0.5945",
        "working": [{"left": "0.2749*0.5945", "right": "0.1639", "holds": False, "says": "the left side is 0.1634"}],
    }
    assert anna["cells"][4]["mistake"]["id"] is None
    assert anna["cells"][0] == {
        "name": "z1[1]",
        "written": "0.3825",
        "verdict": "right",
        "line": 3,
        "points": 1,
        "of": 1,
        "expected": None,
        "from_own": None,
        "mistake": None,
    }
    assert ben["share"] == 1
    assert cara["error"] == {"line": 3, "column": 14, "says": "a list never ends"}
    assert (cara["score"], cara["cells"]) == (0, [])
    assert [json.loads(line) for line in written("jsonl", ALL, ABOUT).splitlines()] == document["submissions"]


def test_numbers_that_json_does_not_know() -> None:
    odd = ANNA.cells[0]._replace(from_own=float("inf"), expected=float("nan"))
    cell = json.loads(written("jsonl", [Result("a", None, (odd,), ONE, ONE)], ABOUT))["cells"][0]
    assert cell["from_own"] is cell["expected"] is None


def test_csv() -> None:
    text = written("csv", ALL, ABOUT)
    header, *rows = csv.reader(StringIO(text, newline=""))
    assert header == list(HEADER)
    assert rows == [
        ["anna.yaml", "0042", "3", "7", repr(3 / 7), "false", "dL/dw5", "2", "1", "1", "graded"],
        ["ben.yaml", "", "3", "3", "1", "true", "", "0", "0", "0", "graded"],
        ["cara.yaml", "c", "0", "7", "0", "", "", "0", "0", "0", "unreadable: a list never ends (line 3, column 14)"],
    ]


def rendered(text: str) -> ET.Element:
    """Markdown as HTML, with nothing turned off that could do harm."""
    page = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    return ET.fromstring(f"<html>{page.replace('<br>', '<br/>')}</html>")  # noqa: S314


def test_markdown() -> None:
    page = rendered(written("markdown", ALL, ABOUT))
    overview, table = page.findall(".//table")
    assert [["".join(cell.itertext()) for cell in row] for row in overview.iter("tr")] == [
        ["submission", "score", "first wrong"],
        ["anna.yaml (0042)", "3 of 7 points (43 %, not passed)", "dL/dw5"],
        ["ben.yaml", "3 of 3 points (100 %, passed)", ""],
        ["cara.yaml (c)", "0", "unreadable: a list never ends"],
    ]
    first = [["".join(cell.itertext()) for cell in row] for row in table.iter("tr")][1]
    assert first[:4] == ["dL/dw5", "12", "0.2749*0.5945 = 0.1639", "first wrong"]
    assert first[4] == (
        "a1[2] was taken for a1[1]: 0.2749·0.5963 = 0.1639. In your working, 0.2749*0.5945 = 0.1639 does not hold: "
        "the left side is 0.1634.∂L/∂z2[1]·a1[1] = 0.2749·0.5945"
    )
    assert [title.findtext("code") for title in page.iter("h3")] == ["anna.yaml (0042)", "ben.yaml", "cara.yaml (c)"]
    assert "Missing: dL/dw7." in ["".join(part.itertext()) for part in page.iter("p")]


def test_junit_is_read_by_others() -> None:
    junitparser = pytest.importorskip("junitparser")
    xml = junitparser.JUnitXml.fromstring(written("junit", [*ALL, BEN], ABOUT).encode())
    assert (xml.tests, xml.failures, xml.errors, xml.skipped) == (15, 2, 2, 2)
    suites = {suite.name: suite for suite in xml}
    assert list(suites) == ["anna.yaml (0042)", "ben.yaml", "cara.yaml (c)", "ben.yaml (2)"]
    assert {p.name: p.value for p in suites["anna.yaml (0042)"].properties()} == {
        "score": "3",
        "max_score": "7",
        "share": repr(3 / 7),
    }
    kinds = {case.name: [type(result).__name__ for result in case.result] for case in suites["anna.yaml (0042)"]}
    assert kinds["dL/dw5"] == ["Failure"]
    assert kinds["dL/dw6"] == ["Error"]
    assert kinds["dL/dw7"] == kinds["dL/dw8"] == ["Skipped"]
    assert kinds["z1[1]"] == []
    [failure] = next(case for case in suites["anna.yaml (0042)"] if case.name == "dL/dw5").result
    assert "you wrote: 0.2749*0.5945 = 0.1639\nbecause: a1[2] was taken" in failure.text
    [case] = suites["cara.yaml (c)"]
    assert case.result[0].text == "cara.yaml:3:14: a list never ends"


def test_junit_counts_and_unique_names() -> None:
    twice = Result("t", None, (*ANNA.cells, *ANNA.cells), Fraction(6), Fraction(14))
    root = ET.fromstring(written("junit", [twice, ANNA, ANNA], ABOUT))  # noqa: S314
    cases = [(case.attrib["classname"], case.attrib["name"]) for case in root.iter("testcase")]
    assert len(set(cases)) == len(cases) == int(root.attrib["tests"]) == 32
    assert int(root.attrib["failures"]) == len(list(root.iter("failure"))) == 8
    assert all(outcome.text for tag in ("failure", "error", "skipped") for outcome in root.iter(tag))


COMMAND = re.compile(r"::(error|warning|notice) ((?:file|line|title)=[^:,\r\n]*(?:,(?:line|title)=[^:,\r\n]*)*)::([^\r\n]*)")


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Annotations as the runner reads them (actions/runner, ActionCommand.cs)."""
    found = []
    for line in text.splitlines():
        match = COMMAND.fullmatch(line)
        assert match, line
        properties = dict(part.split("=", 1) for part in match[2].split(","))
        for escape, sign in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
            properties = {key: value.replace(escape, sign) for key, value in properties.items()}
        found.append((match[1], properties, match[3].replace("%0A", "\n").replace("%25", "%")))
    return found


def test_annotations() -> None:
    one = commands(written("github", [ANNA], ABOUT))
    assert [(kind, properties.get("line"), properties["title"]) for kind, properties, _ in one] == [
        ("error", "12", "dL/dw5 is wrong"),
        ("error", "13", "w5' is wrong"),
        ("error", "14", "dL/dw6 is unreadable"),
        ("warning", None, "1 missing"),
        ("notice", None, "anna.yaml (0042)"),
    ]
    assert one[-1][2] == "3 of 7 points (43 %, not passed)"
    several = commands(written("github", ALL, ABOUT))
    assert [properties["file"] for kind, properties, _ in several if kind == "error"] == ["anna.yaml", "cara.yaml"]
    assert several[0][2].endswith("\nand 2 more")


def test_no_more_annotations_than_are_shown() -> None:
    found = commands(written("github", [ANNA] * 25, ABOUT))
    assert Counter(kind for kind, _, _ in found) == {"error": 10, "warning": 10, "notice": 10}
    assert [says for kind, _, says in found if kind == "error"][-1] == "and 16 more, which are not shown here"
    assert len(commands(written("github", [BEN] * 10, ABOUT))) == 10


def test_a_job_summary_has_room() -> None:
    assert job_summary(ALL, ABOUT) == written("markdown", ALL, ABOUT)
    long = job_summary([ANNA] * 3000, ABOUT)
    assert 900_000 < len(long.encode()) <= 1_000_100
    assert long.endswith("There is no room here for the rest.\n")


def test_gradescope() -> None:
    for result, document in each("gradescope"):
        jsonschema.validate(document, SCHEMAS["gradescope"])
        assert document["score"] == result.score
    anna = json.loads(written("gradescope", [ANNA], ABOUT))
    assert [test.get("status") for test in anna["tests"]] == ["passed"] * 3 + ["failed"] * 4 + [None]
    assert "score" not in anna["tests"][-1]
    assert json.loads(written("gradescope", [CARA], ABOUT))["output"].endswith("cara.yaml:3:14: a list never ends")


def test_prairielearn() -> None:
    for _, document in each("prairielearn"):
        jsonschema.validate(document, SCHEMAS["prairielearn"])
    anna, ben, cara = (document for _, document in each("prairielearn"))
    assert anna["score"] == 3 / 7
    assert ben["score"] == 1
    assert cara == {"gradable": False, "score": 0, "format_errors": ["cara.yaml:3:14: a list never ends"]}
    assert sum(test["points"] for test in anna["tests"]) == 3


def test_prairielearn_takes_less_than_a_megabyte() -> None:
    marks = [WRONG_ONE._replace(name=f"dL/dW2[1,{i}]", row=f"dL/dW{i % 7}") for i in range(5000)]
    text = written("prairielearn", [Result("a", None, tuple(marks), Fraction(0), Fraction(5000))], ABOUT)
    assert len(text) < 1_000_000
    assert [test["name"] for test in json.loads(text)["tests"]] == [f"dL/dW{i}" for i in range(7)]


def test_classroom50() -> None:
    for result, document in each("classroom50"):
        jsonschema.validate(document, SCHEMAS["classroom50"])
        assert (document["score"], document["max-score"]) == (result.score, result.out_of)
        assert sum(test["score"] for test in document["tests"]) == document["score"]
        assert sum(test["max-score"] for test in document["tests"]) == document["max-score"]
    assert (document["owner"], document["review"]) == ("anna", RUN["COMMIT_URL"])


@given(st.lists(st.tuples(st.fractions(0, 3, max_denominator=12), st.fractions(0, 1, max_denominator=5)), min_size=1, max_size=40))
def test_classroom50_counts_in_whole_numbers(worth: list[tuple[Fraction, Fraction]]) -> None:
    cells = tuple(
        CellMark(f"z{i}", "z", RIGHT if share else WRONG, "1", points=of * share, of=of) for i, (of, share) in enumerate(worth)
    )
    result = Result("a", None, cells, sum((c.points for c in cells), Fraction(0)), sum((c.of for c in cells), Fraction(0)))
    document = json.loads(written("classroom50", [result], ABOUT))
    jsonschema.validate(document, SCHEMAS["classroom50"])
    score, most = document["score"], document["max-score"]
    assert score <= most
    assert (score == most) == (result.share == 1 or most == 0)
    assert abs(Fraction(score) - result.share * most) <= 1
    assert all(test["score"] <= test["max-score"] for test in document["tests"])
    assert sum(test["score"] for test in document["tests"]) == score
    assert sum(test["max-score"] for test in document["tests"]) == most


@given(st.integers(0, 1000), st.lists(st.fractions(0, 5, max_denominator=20), min_size=1, max_size=30))
def test_what_is_apportioned_sums_to_the_whole(total: int, parts: list[Fraction]) -> None:
    found = apportioned(total, parts)
    assert sum(found) == (total if any(parts) else 0)
    assert all(abs(got - total * part / sum(parts)) < 1 for got, part in zip(found, parts, strict=True) if any(parts))


def test_classroom50_knows_when_it_was_handed_in() -> None:
    document = json.loads(written("classroom50", [BEN], ABOUT._replace(datetime="")))
    jsonschema.validate(document, SCHEMAS["classroom50"])
    assert document["datetime"] == "2026-06-01T14:32:05Z"


def test_classroom50_outside_of_a_run() -> None:
    with pytest.raises(BadArgument, match="sets SUBMISSION_TAG; it is not set here"):
        written("classroom50", [BEN], ABOUT._replace(environment={**RUN, "SUBMISSION_TAG": ""}))


@pytest.mark.parametrize("format", FOR_ONE)
def test_formats_of_one_submission(format: str) -> None:
    with pytest.raises(BadArgument, match=f"--format {format} is the file of one submission, and there are 3"):
        written(format, ALL, ABOUT)


def test_full_marks_are_exactly_one() -> None:
    sixth = Fraction(1, 6)
    cells = tuple(CellMark(f"z{i}", "z", RIGHT, "1", points=sixth, of=sixth) for i in range(6))
    full = Result("a", None, cells, sum((c.points for c in cells), Fraction(0)), ONE)
    almost = Result("a", None, cells, Fraction(99999, 100000), ONE)
    for result, share, shown in ((full, 1, "1 of 1 points (100 %)"), (almost, 0.99999, "0.99 of 1 points (99 %)")):
        assert json.loads(written("jsonl", [result], ABOUT))["share"] == share
        assert json.loads(written("prairielearn", [result], ABOUT))["score"] == share
        assert json.loads(written("gradescope", [result], ABOUT))["score"] == share
        assert next(csv.DictReader(StringIO(written("csv", [result], ABOUT))))["share"] == str(share)
        assert f'name="share" value="{share}"' in written("junit", [result], ABOUT)
        assert shown in written("text", [result], ABOUT)
    assert json.loads(written("classroom50", [full], ABOUT))["score"] == 1000
    assert json.loads(written("classroom50", [almost], ABOUT))["score"] == 999


@given(st.fractions(0, 100))
def test_points_are_whole_only_where_they_are(value: Fraction) -> None:
    assert words.points(value).isdecimal() == (value.denominator == 1)
    assert abs(Fraction(words.points(value)) - value) <= Fraction(1, 100)


@pytest.mark.parametrize("format", FORMATS)
def test_true_values_are_shown_only_with_the_key(format: str) -> None:
    def sheet(expected: float | None) -> str:
        mark = WRONG_ONE._replace(expected=expected, from_own=None)
        return written(format, [Result("a", None, (mark,), Fraction(0), ONE)], ABOUT)

    assert ("0.1634280512" in sheet(0.1634280512)) == (format != "csv")
    assert "0.16342" not in sheet(None)


@pytest.mark.parametrize("format", FOR_PEOPLE)
def test_what_a_step_gives_is_told_to_programs_only(format: str) -> None:
    assert "0.16342" not in written(format, [ANNA], ABOUT)


MARKDOWN = {"html", "h2", "h3", "p", "strong", "code", "table", "thead", "tbody", "tr", "th", "td", "br"}
JUNIT = {"testsuites", "testsuite", "testcase", "properties", "property", "failure", "error", "skipped", "system-out"}
HOSTILE = [
    "\x1b[31mred\x1b[0m\x07\x00\x7f\x9b2J",
    "]]>&lt;<script>alert(1)</script>",
    "::error::owned",
    "\n::add-mask::owned\r\n::error::owned",
    "%0A::error file=x::owned",
    "##[error]owned",
    "a|b`c``d\\|e\\`",
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    '","=1+1',
    "<img src=x onerror=alert(1)> ![x](https://evil.example) [a](javascript:1) www.evil.example @everyone #1",
    "\u202egpj.exe\u2028\u2029\ufeff\ufffe\ud800",
    "line\nwith\nfurther: lines\n# heading\n---\n",
    "x" * 4000,
    "名前 Ωμέγα می\u200cروم",
]


def hostile(text: str) -> list[Result]:
    """Submissions that hold a text wherever a student can write one."""
    marks = [
        CellMark(
            text,
            text,
            WRONG,
            text,
            None,
            None,
            3,
            Mistake(None, text, (text, text)),
            text,
            text,
            text,
            (Equality(text, text, False, text),),
        ),
        CellMark(text, "z", UNREADABLE, text, reason=text, line=4, of=ONE),
        CellMark("z1", "z", RIGHT, text, reason=text, points=ONE, of=ONE),
        CellMark("z2", "z", MISSING, of=ONE),
    ]
    unreadable = Result(text, text, (), Fraction(0), ONE, None, Fault(1, 3, text, text), text)
    return [Result(text, text, tuple(marks), ONE, Fraction(3)), unreadable]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_breaks_out_of_text(text: str) -> None:
    for results in (hostile(text), hostile(text)[:1], hostile(text)[1:]):
        for spelling, width in ((PLAIN, 60), (ABOUT.spelling, 100)):
            shown = written("text", results, ABOUT._replace(width=width, spelling=spelling))
            assert all(line.isprintable() or "\u200c" in line for line in shown.split("\n"))
            assert not any(line.lstrip().startswith("::") or "##[" in line for line in shown.split("\n"))
            assert max(map(len, shown.split("\n"))) <= max(width, 100)
            assert len(shown) < 20_000


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_breaks_out_of_json(text: str) -> None:
    shown = written("json", hostile(text), ABOUT)
    assert shown.isascii()
    assert shown.count("\n") == 4
    assert "##[" not in shown
    document = json.loads(shown)
    jsonschema.validate(document, SCHEMAS["grade"])
    submission = document["submissions"][0]
    assert submission["student"] == submission["cells"][0]["written"] == submission["cells"][0]["reason"] == text
    for format, schema in zip(FOR_ONE, ("gradescope", "prairielearn", "classroom50"), strict=True):
        for result in hostile(text):
            single = written(format, [result], ABOUT)
            jsonschema.validate(json.loads(single), SCHEMAS[schema])
            assert "\\u001b" not in single
            assert json.dumps(json.loads(single), ensure_ascii=False).encode()  # no half of a pair is left


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_breaks_out_of_csv(text: str) -> None:
    shown = written("csv", hostile(text), ABOUT)
    assert shown.count("\n") == 3
    assert not any(line.startswith("::") for line in shown.split("\n"))
    for row in csv.DictReader(StringIO(shown, newline=""), strict=True):
        assert list(row) == list(HEADER)
        assert not any(row[key][:1] in GUARDED for key in ("file", "student", "first_wrong", "status") if row[key])
    assert guarded(text).lstrip('"').startswith("'") == (text[0] in GUARDED)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_breaks_out_of_markdown(text: str) -> None:
    page = rendered(written("markdown", hostile(text), ABOUT))
    assert {tag.tag for tag in page.iter()} <= MARKDOWN
    assert [len(row) for row in page.iter("tr")] == [3, 3, 3, 5, 5, 5, 5]
    assert [len(page.findall(f".//{tag}")) for tag in ("h2", "h3", "table")] == [1, 2, 2]
    outside_code = "".join(text for tag in page.iter() for text in (tag.text if tag.tag != "code" else "", tag.tail) if text)
    assert not re.search(r"@\w|www\.|://", outside_code)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_breaks_out_of_junit(text: str) -> None:
    root = ET.fromstring(written("junit", hostile(text), ABOUT).encode())  # noqa: S314
    assert [suite.attrib["tests"] for suite in root] == ["4", "1"]
    assert {tag.tag for tag in root.iter()} <= JUNIT
    assert len({(case.attrib["classname"], case.attrib["name"]) for case in root.iter("testcase")}) == 5


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_breaks_out_of_annotations(text: str) -> None:
    for results in (hostile(text), hostile(text)[:1]):
        for _, properties, _ in commands(written("github", results, ABOUT)):
            assert properties["file"] == words.visible(text)


@given(st.text())
def test_any_text_is_one_line(text: str) -> None:
    shown = words.visible(text)
    assert shown.replace("\u200c", "").replace("\u200d", "").isprintable()
    ET.fromstring(f"<a b={json.dumps('x')}>{shown.replace('&', '').replace('<', '').replace(']]>', '')}</a>")  # noqa: S314


def test_how_a_class_did() -> None:
    found = class_summary(iter([ANNA, BEN, ANNA, CARA]))
    assert (found.submissions, found.unreadable) == (4, 1)
    assert (found.mean, found.median) == (Fraction(13, 21), Fraction(3, 7))
    assert found.shares == (0, 0, 0, 0, 2, 0, 0, 0, 0, 1)
    assert found.steps[0] == ("dL/dw5", 2, Fraction(2))
    assert {name: lost for name, _, lost in found.steps} == dict.fromkeys(("dL/dw5", "w5'", "dL/dw6", "dL/dw7"), Fraction(2))
    assert found.mistakes == (("swapped_unit", 2),)
    assert (
        summary.text(found, ABOUT._replace(spelling=PLAIN, width=60))
        == """\
4 submissions, 1 unreadable; mean 62 %, median 43 %

Share of the points
    0-10 % 0
   10-20 % 0
   20-30 % 0
   30-40 % 0
   40-50 % ######################################## 2
   50-60 % 0
   60-70 % 0
   70-80 % 0
   80-90 % 0
  90-100 % #################### 1

Steps: how many are first wrong there, and the points that
all lose there
  dL/dw5 ####################################### 2, 2 points
  dL/dw6 0, 2 points
  dL/dw7 0, 2 points
     w5' 0, 2 points

Mistakes: in how many submissions
  swapped_unit ######################################## 2
"""
    )


def test_a_class_of_nobody() -> None:
    assert summary.text(class_summary([]), ABOUT) == "0 submissions\n"
    assert picture(class_summary([CARA]), "png")[:4] == b"\x89PNG"


def test_pictures_of_a_class_are_the_same_every_time() -> None:
    found = class_summary(ALL)
    svg = picture(found, "svg", "A $x$ & <b>")
    assert svg == picture(found, "svg", "A $x$ & <b>")
    assert ET.fromstring(svg).tag.endswith("svg")  # noqa: S314
    assert b"date" not in svg
    assert picture(found, "png") == picture(found, "png")


def test_nothing_is_imported_before_it_is_needed() -> None:
    code = (
        "import sys\n"
        "from fractions import Fraction as F\n"
        "from backcheck.grading.result import Result\n"
        "from backcheck.writing.grades import written\n"
        "from backcheck.writing.grades.about import About\n"
        "one = [Result('a', None, (), F(0), F(1))]\n"
        "for format in ('json', 'jsonl', 'csv', 'text'): written(format, one, About())\n"
        "print({'matplotlib', 'sympy', 'rich', 'xml.etree.ElementTree', 'statistics'} & set(sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


@pytest.mark.parametrize("format", ["text", "json", "jsonl", "csv", "junit", "markdown"])
@pytest.mark.parametrize("pieces", [[ALL], [[ANNA], [BEN, CARA]], [[ANNA, BEN], [CARA]], [[], [ANNA], [], [BEN, CARA]], [[ANNA]]])
def test_piece_by_piece_is_the_same_as_at_once(format: str, pieces: list[list[Result]]) -> None:
    one = writer(format, ABOUT)
    text = "".join([*(one.add(results) for results in pieces), one.end()])
    assert text == written(format, [result for results in pieces for result in results], ABOUT)
