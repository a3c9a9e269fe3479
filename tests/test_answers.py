"""What people hand in: it is read digit for digit, or gets its exact message, and nothing breaks."""

from __future__ import annotations

import io
import json
import math
import os
import random
import re
import subprocess
import sys
import time
import tracemalloc
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import fuzz_answers
import numpy as np
import pytest
from fuzz_answers import hold
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backcheck.answers.block import decode_table
from backcheck.answers.digits import LONGEST_NUMBER, Decoded, decode
from backcheck.answers.files import Source, found
from backcheck.answers.flat import flat_yaml
from backcheck.answers.flat_json import flat_json
from backcheck.answers.from_json import tree
from backcheck.answers.from_yaml import any_yaml
from backcheck.answers.names import numbered
from backcheck.answers.read import submissions
from backcheck.answers.submission import Submission
from backcheck.answers.tables import Table, read_tables, tables
from backcheck.answers.text import LARGEST, LONGEST, LONGEST_NAME, MOST, Unreadable, printable
from backcheck.answers.tree import Sheet, sheet
from backcheck.errors import BadArgument
from backcheck.problem.text import List, Map, Node, Scalar

INVALID = sorted(path for path in (Path(__file__).parent / "invalid_answers").iterdir() if path.suffix != ".says")
LONGEST_WAIT = 20.0  # seconds: what hangs takes minutes, and a busy machine a second for what is done in a tenth
FAST = settings(max_examples=300, deadline=None)


def read(raw: bytes | str, name: str = "s.yaml") -> list[Submission]:
    """The submissions of a file that is never written."""
    return list(submissions(Source(name, name, raw=raw.encode() if isinstance(raw, str) else raw)))


def one(raw: bytes | str, name: str = "s.yaml") -> Submission:
    (only,) = read(raw, name)
    return only


def answers(raw: bytes | str, name: str = "s.yaml") -> dict[str, str]:
    only = one(raw, name)
    assert only.fault is None, only.fault
    return dict(only.answers)


def says(raw: bytes | str, name: str = "s.yaml") -> str:
    only = one(raw, name)
    assert only.fault is not None
    assert not only.answers
    return only.fault.says


def said(path: Path) -> str:
    """What is said about a file, in one text."""
    lines = []
    for s in submissions(Source(str(path), path.name)):
        if s.fault is None:
            lines.append(f"{s.file}: {s.student} has {len(s.answers)} answer{'s' * (len(s.answers) != 1)}")
            continue
        lines.append(f"{s.file}:{s.fault.line}:{s.fault.column}: {f'{s.student}: ' if s.student else ''}{s.fault.says}")
        lines += [f"  | {s.source}"] * bool(s.source) + [f"    {s.fault.way_out}"] * bool(s.fault.way_out)
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.name)
def test_invalid(path: Path) -> None:
    start = time.perf_counter()
    assert said(path) == path.with_name(path.name + ".says").read_text(encoding="utf-8")
    assert time.perf_counter() - start < LONGEST_WAIT


def test_there_are_many() -> None:
    assert len(INVALID) >= 100


# YAML

SHEET = """student: "0042"
answers:
  z1[1]: 0.05*0.15 + 0.10*0.25 + 0.35 = 0.3825     # working is welcome
  a1[1]: 0.5945
  dL/dw5: 0.2749 * 0.5945 = 0.1634
  w5': 0.3510
"""


def test_the_sheet_of_the_readme() -> None:
    found = one(SHEET)
    assert found.student == "0042"
    assert found.answers == {
        "z1[1]": "0.05*0.15 + 0.10*0.25 + 0.35 = 0.3825",
        "a1[1]": "0.5945",
        "dL/dw5": "0.2749 * 0.5945 = 0.1634",
        "w5'": "0.3510",
    }
    assert found.lines == {"z1[1]": 3, "a1[1]": 4, "dL/dw5": 5, "w5'": 6}
    assert (found.fault, found.source) == (None, "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("z1[1]: 0.3510\n", {"z1[1]": "0.3510"}),
        ("z1[1]: 0.3510", {"z1[1]": "0.3510"}),
        ("answers: {L: 0.30}", {"L": "0.30"}),
        ("answers:\n", {}),
        ("loss: 0.2983\nlearning_rate: 0.50\n", {"loss": "0.2983", "learning_rate": "0.50"}),
        ("a: \nb: ''\nc: ~\nd: null\n", {"a": "", "b": "", "c": "~", "d": "null"}),
        ("a: 017\nb: 1e3\nc: 190:20:30\nd: 1_0\ne: 0x1F\n", {"a": "017", "b": "1e3", "c": "190:20:30", "d": "1_0", "e": "0x1F"}),
        ("a: yes\nb: .nan\nc: 1e999\nd: 2026-11-21\n", {"a": "yes", "b": ".nan", "c": "1e999", "d": "2026-11-21"}),
        ("a: '0.3510'\nb: \"0.3510\"\n", {"a": "0.3510", "b": "0.3510"}),
        ("a: |\n  0.1*0.2 +\n  0.3 = 0.32\n", {"a": "0.1*0.2 + 0.3 = 0.32"}),
        ("a: 0,3510\nb: −0.35\nc: ０.３\n", {"a": "0,3510", "b": "−0.35", "c": "０.３"}),
        ("b1: [0.35, 0.350]\n", {"b1[1]": "0.35", "b1[2]": "0.350"}),
        (
            "dL/dW2: [[0.1, 0.20],\n  [0.3, 0.4]]\n",
            {f"dL/dW2[{j},{k}]": t for j, k, t in [(1, 1, "0.1"), (1, 2, "0.20"), (2, 1, "0.3"), (2, 2, "0.4")]},
        ),
        ("W2': [[0.1]]\nb1_new: [2]\nb2+: [3]\n", {"W2[1,1]'": "0.1", "b1[1]_new": "2", "b2[1]+": "3"}),
        (
            "z1: [[0.1], [0.2]]\ndL/dz2: [[3]]\ndelta1: [[4]]\n",
            {"z1[1;1]": "0.1", "z1[2;1]": "0.2", "dL/dz2[1;1]": "3", "delta1[1;1]": "4"},
        ),
        ("\ufeffa: 1\n", {"a": "1"}),
        ("a: 1\r\nb: 2\r\n", {"a": "1", "b": "2"}),
        ('a: "\\e[31m1\\e[0m"\nb: "1\\u202e2"\n', {"a": "\ufffd[31m1\ufffd[0m", "b": "1\ufffd2"}),
        ('{"answers": {"a": 0.10}}', {"a": "0.10"}),
        ("{answers: {a: 0.10,},}", {"a": "0.10"}),
    ],
)
def test_yaml(text: str, expected: dict[str, str]) -> None:
    assert answers(text) == expected
    assert answers(text, "s.txt") == expected
    assert answers(text, "submission") == expected


def test_notes_beside_the_answers_are_passed_over() -> None:
    assert answers("title: Sheet 3\ndate: today\nanswers:\n  a: 1\n") == {"a": "1"}


@pytest.mark.parametrize("key", ["layers", "inputs", "targets", "expression", "let", "at"])
def test_a_problem_file_smuggled_in(key: str) -> None:
    assert says(f"z1[1]: 0.3825\n{key}: 3\n") == f"{key!r} stands in a problem file: these are no answers"


def test_the_longest_answer_and_what_is_longer() -> None:
    digits = "1" * LONGEST
    assert answers(f"a: {digits}\nb: {digits}2\n") == {"a": digits, "b": digits + "…"}
    assert not decode([digits + "…"]).plain[0]


def test_names_of_students_are_one_short_line() -> None:
    assert one('student: "A\\e[0m\\nB"\nanswers:\n').student == "A\ufffd[0m B"
    assert one(f"student: {'x' * 500}\nanswers:\n").student == "x" * LONGEST_NAME
    assert one("student:\nanswers:\n").student is None


def test_most_answers() -> None:
    lines = [f"W1[{i},1]: 0.1\n" for i in range(1, MOST + 2)]
    assert len(answers("".join(lines[:-1]))) == MOST
    assert says("".join(lines)) == "this is more than 10,000 answers"
    assert says(f"b1: [{', '.join(['1'] * (MOST + 1))}]") == "this is more than 10,000 answers"


# The pattern for flat files and the reader of the whole format

YAML_NAMES = [
    "z1[1]",
    "dL/dW2[1,1]",
    "w5'",
    "W1[1,1]'",
    "L",
    "loss",
    "student",
    "answers",
    "layers",
    "at",
    "∂L/∂w5",
    "δ1[1]",
    "a b",
    "z1[1;2]",
    "b+",
    "0",
    "-a",
    "?",
    '"a"',
    "'b'",
    "&a",
    "!a",
    "~",
    "x'y",
]
YAML_TEXTS = [
    "0.3510",
    "-1.2e-3",
    "−0.35",
    "0.1*0.2 + 0.3 = 0.32",
    "'0.35'",
    '"0.35"',
    '" 1 "',
    "''",
    "'it''s'",
    '"\\t"',
    "",
    "~",
    "- 1",
    "-",
    "[1, 2]",
    "{a: 1}",
    "a: b",
    "a #b",
    "a#b",
    "*a",
    "&a 1",
    "!!str 1",
    "|",
    "> 1",
    "%1",
    "@1",
    "`1",
    "1 ",
    " 1",
    "1\t",
    "0x1F",
    "1'",
    '1"',
    "'1' 2",
    "(1)",
    "=1",
    "...",
    "---",
    "1,5",
    "?1",
    ": 1",
]
YAML_LINE = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["", "  ", "  ", "    ", "\t", " "]),
    st.sampled_from(YAML_NAMES),
    st.sampled_from([": ", ": ", ": ", ":", ":  ", " : ", " "]),
    st.sampled_from(YAML_TEXTS) | st.text("0123456789.+-*/()=[]'\" ae_:#,−\u00a0\u2028\ufeff\t", max_size=12),
    st.sampled_from(["\n", "\n", "\n", " \n", "\r\n", "\n\n", " # c\n", ""]),
)
YAML_FILE = st.builds(
    "{}{}{}".format,
    st.sampled_from(
        [
            "",
            'student: "0042"\n',
            "student: Ada Lovelace\n",
            "student: 'x'\n",
            "student: \n",
            "student: a: b\n",
            "---\n",
            "%YAML 1.1\n---\n",
        ]
    ),
    st.sampled_from(["", "answers:\n", "answers: \n", "answers:\n\n"]),
    st.lists(YAML_LINE, max_size=4).map("".join),
)
PLAIN_FILE = st.builds(
    lambda indent, lines: "answers:\n" + "".join(f"{indent}{name}: {text}\n" for name, text in lines),
    st.sampled_from([" ", "  ", "    "]),
    st.lists(
        st.tuples(st.sampled_from([*YAML_NAMES[:7], "z1[1;2]"]), st.sampled_from(YAML_TEXTS[:8])),
        min_size=1,
        max_size=5,
        unique_by=lambda pair: pair[0],
    ),
)


ONE_ODD_LINE = st.builds(
    lambda lines, at, name, text, end: "answers:\n" + "".join([*lines[:at], f"  {name}: {text}{end}", *lines[at:]]),
    st.just(["  z1[1]: 0.3825\n", "  a1[1]: 0.5945\n", "  w5': '0.3510'\n"]),
    st.integers(0, 3),
    st.sampled_from(YAML_NAMES),
    st.sampled_from(YAML_TEXTS),
    st.sampled_from(["\n", " \n", "\r\n", " # c\n", " #\n", "#c\n", "\n\n", "\n#\n", "\t\n", ""]),
)


def slowly(text: str) -> Sheet | None:
    try:
        return any_yaml(text)
    except Unreadable:
        return None


def same(flat: Sheet, whole: Sheet | None) -> None:
    assert whole is not None
    assert flat == whole
    assert list(flat.answers) == list(whole.answers)
    assert dict(flat.lines) == whole.lines


@settings(FAST, max_examples=1500)
@given(YAML_FILE | PLAIN_FILE | ONE_ODD_LINE | ONE_ODD_LINE)
def test_flat_yaml_is_read_as_all_yaml_is(text: str) -> None:
    flat = flat_yaml(text)
    if flat is not None:
        same(flat, slowly(text))


@FAST
@given(PLAIN_FILE)
def test_plain_files_are_flat(text: str) -> None:
    assert flat_yaml(text) is not None


@FAST
@given(PLAIN_FILE, st.integers(0, 200), st.characters())
def test_one_odd_character_in_a_flat_file(text: str, place: int, odd: str) -> None:
    text = text[: place % len(text)] + odd + text[place % len(text) :]
    flat = flat_yaml(text)
    if flat is not None:
        same(flat, slowly(text))


def test_what_only_looks_flat() -> None:
    for text in ("a: 0.1 #2\n", "a: 0.1\na: 0.1\n", "a: 0.1\nlayers: 2\n", "answers:\n  a: b: 1\n", "student: a\nstudent: b\n"):
        assert flat_yaml(text) is None, text
    for text in (
        '{"student": "a", "answers": {"a": 1}, "student": "b"}',
        '{"answers": {"a": 1, "a": 1}}',
        '{"answers": {"a": 01}}',
    ):
        assert flat_json(text) is None, text


JSON_TEXT = st.sampled_from(
    ["0.3510", "-1.2e-3", "−0.35", "0.1 + 0.2", " 1", "", "é", "\u202e", "\x7f", "a\nb", 'a"b', "a\\b"]
) | st.text(max_size=5)
JSON_NAME = st.sampled_from(["z1[1]", "w5'", "dL/dW2[1,1]", "L", "student", "answers", "layers", "a b", ""])
NUMBER_TEXTS = [
    "0.3510",
    "-1.2e-3",
    "0",
    "-0",
    "1E5",
    "12345678901234567890",
    "007",
    ".5",
    "1.",
    "+1",
    "NaN",
    "-Infinity",
    "nan",
    "true",
    "null",
    "1_0",
]
JSON_VALUE = (
    JSON_TEXT.map(json.dumps)
    | st.sampled_from(NUMBER_TEXTS)
    | st.sampled_from(["[1, 2]", "[[1], [2]]", "{}", '{"a": 1}', "[", "'a'", '"\\ud800"'])
)
JSON_PAIR = st.builds(
    "{}{}{}".format,
    JSON_NAME.map(lambda name: json.dumps(name, ensure_ascii=False)),
    st.sampled_from([": ", ":", " : ", ":\n", ""]),
    JSON_VALUE,
)
JSON_FILE = st.builds(
    "{{{}{}{}{}{}}}{}".format,
    st.sampled_from(["", "\n  ", " "]),
    st.sampled_from(['"student": "0042", ', '"student":"Ada L",\n', '"student": 42, ', "", ""]),
    st.sampled_from(['"answers": {', '"answers":{', '"answers": {\n']),
    st.lists(JSON_PAIR, max_size=4).flatmap(
        lambda pairs: st.sampled_from([", ".join(pairs), ",\n".join(pairs), ",".join(pairs) + ","])
    ),
    st.sampled_from(["}", "\n}", '}, "student": "Bob"', "", "} ,"]),
    st.sampled_from(["", "\n", " \n", "x"]),
)


@settings(FAST, max_examples=1500)
@given(JSON_FILE)
def test_flat_json_is_read_as_all_json_is(text: str) -> None:
    flat = flat_json(text)
    if flat is not None:
        same(flat, sheet(tree(text)))


def plainly(node: Node) -> Any:
    match node:
        case Scalar(text=text):
            return text
        case List(items=items):
            return [plainly(item) for item in items]
        case Map(pairs=pairs):
            return [(key.text, plainly(value)) for key, value in pairs]
    raise TypeError(node)


@settings(FAST, max_examples=1500)
@given(
    JSON_FILE
    | st.recursive(JSON_VALUE, lambda inner: st.lists(inner).map(lambda items: f"[{','.join(items)}]"), max_leaves=5).map(
        '{{"a": {}}}'.format
    )
)
def test_json_is_what_the_library_takes_for_json(text: str) -> None:
    try:
        expected = json.loads(text, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=Pairs)
    except ValueError:
        expected = None
    if expected is None or twice(expected):
        with pytest.raises(Unreadable):
            tree(text)
    else:
        assert plainly(tree(text)) == spelt(expected)


class Pairs(list[tuple[str, Any]]):
    """The pairs of an object, in their order."""


def twice(value: Any) -> bool:
    """Whether a name stands twice in some object."""
    if isinstance(value, Pairs):
        return len({name for name, _ in value}) < len(value) or any(twice(inner) for _, inner in value)
    return isinstance(value, list) and any(map(twice, value))


def spelt(value: Any) -> Any:
    """What the library has read, with every value as it was written."""
    if isinstance(value, Pairs):
        return [(name, spelt(inner)) for name, inner in value]
    return (
        [spelt(item) for item in value] if isinstance(value, list) else {None: "", True: "true", False: "false"}.get(value, value)
    )


def test_lines_of_json() -> None:
    text = json.dumps({"student": "0042", "answers": {"z1[1]": "0.3825", "W": [[1, 2]], "L": 1}}, indent=1)
    found = one(text, "s.json")
    assert found.lines == {"z1[1]": 4, "W[1,1]": 7, "W[1,2]": 8, "L": 11}
    assert one(json.dumps({"answers": {"a": "1", "b": "2"}}, indent=1), "s.json").lines == {"a": 3, "b": 4}


# JSON lines

GOOD_LINE = b'{"student": "Ada", "answers": {"z1[1]": 0.3825}}\n'


def test_json_lines() -> None:
    found = read(
        GOOD_LINE + b"\n{\n" + GOOD_LINE.replace(b"Ada", b"Bob").replace(b"0.3825", b"[0.1, 0.20]") + GOOD_LINE.rstrip(),
        "class.jsonl",
    )
    assert [(s.student, dict(s.answers), dict(s.lines)) for s in found] == [
        ("Ada", {"z1[1]": "0.3825"}, {"z1[1]": 1}),
        (None, {}, {}),
        ("Bob", {"z1[1][1]": "0.1", "z1[1][2]": "0.20"}, {"z1[1][1]": 4, "z1[1][2]": 4}),
        ("Ada", {"z1[1]": "0.3825"}, {"z1[1]": 5}),
    ]
    assert found[1].fault is not None
    assert found[1].fault.line == 3


def test_a_very_long_line_is_passed_over() -> None:
    found = read(GOOD_LINE + b'{"answers": {"a": "' + b"1" * 3 * LARGEST + b'"}}\n' + GOOD_LINE, "class.jsonl")
    assert [s.student for s in found] == ["Ada", None, "Ada"]
    assert found[1].fault is not None
    assert (found[1].fault.line, found[1].fault.says) == (2, "this is too large: a submission has at most 1,048,576 bytes")
    assert found[2].lines == {"z1[1]": 3}


# CSV


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name,value\nz1[1],0.3510\n", {"z1[1]": "0.3510"}),
        ("\ufeffName;Value\r\nz1[1];0,3510\r\n", {"z1[1]": "0,3510"}),
        ("name\tvalue\nz1[1]\t0.3510", {"z1[1]": "0.3510"}),
        ("value,name\n0.1,a\n", {"a": "0.1"}),
        ('name,value\n"W1[1,2]",0.25\nW1[2,1],0.20\nW1[2,2]\',0.3\n', {"W1[1,2]": "0.25", "W1[2,1]": "0.20", "W1[2,2]'": "0.3"}),
        ('name,value\na,"max(1, 2)\n = 2"\n\n b , 3 \nc\nd,4,,\n', {"a": "max(1, 2)  = 2", "b": "3", "c": "", "d": "4"}),
    ],
)
def test_csv_of_one(text: str, expected: dict[str, str]) -> None:
    assert answers(text, "s.csv") == expected


def test_csv_of_one_knows_its_student_and_lines() -> None:
    found = one('name,value\nstudent,0042\na,"1\n"\nb,2\n', "s.csv")
    assert (found.student, dict(found.lines)) == ("0042", {"a": 3, "b": 5})


CLASS = b"""\xef\xbb\xbfstudent,z1[1],W1[1,2],"dL/dW2[1,1]"
Ada,0.3510,-1.2e-3,
"Bob, B.",0.35,\xe2\x88\x920.5, 7\x20

C\xc3\xa4cilie,0.1 + 0.2 = 0.3,"a ""b""
c",x
Dan,1
,2,3,4
E\xff,1,2,3
Finn,1,2,3,4
"Gus,1,2,3
Hal,9,8,7"""


def test_csv_of_a_class() -> None:
    found = read(CLASS, "class.csv")
    assert [(s.student, dict(s.answers), *set(s.lines.values())) for s in found if s.fault is None] == [
        ("Ada", {"z1[1]": "0.3510", "W1[1,2]": "-1.2e-3"}, 2),
        ("Bob, B.", {"z1[1]": "0.35", "W1[1,2]": "−0.5", "dL/dW2[1,1]": "7"}, 3),
        ("Cäcilie", {"z1[1]": "0.1 + 0.2 = 0.3", "W1[1,2]": 'a "b" c', "dL/dW2[1,1]": "x"}, 5),
        ("Dan", {"z1[1]": "1"}, 7),
        (None, {"z1[1]": "2", "W1[1,2]": "3", "dL/dW2[1,1]": "4"}, 8),
        ("Hal", {"z1[1]": "9", "W1[1,2]": "8", "dL/dW2[1,1]": "7"}, 12),
    ]
    assert [(s.student, s.fault.line, s.fault.says) for s in found if s.fault] == [
        ("E\ufffd", 9, "this is no text: byte 0xff is not UTF-8"),
        ("Finn", 10, "this row has 5 fields, and the first line names 4"),
        ("Gus", 11, "the quotation marks of this row do not fit"),
    ]


@pytest.mark.parametrize("word", ["student", "ID", "Name of student", "Email", "login", "Matriculation", "Number", "name"])
def test_columns_of_students(word: str) -> None:
    (found,) = read(f"z1[1];{word};\n0.5;Ada;\n", "class.csv")
    assert (found.student, found.answers) == ("Ada", {"z1[1]": "0.5"})


def test_only_the_surest_column_of_students_is_one() -> None:
    (found,) = read("email,student,z1[1]\nada@x.org,Ada,0.5\n", "class.csv")
    assert (found.student, found.answers) == ("Ada", {"z1[1]": "0.5"})


def class_csv(rows: int, columns: int = 20, seed: int = 0, quote: str = "") -> bytes:
    draw = np.random.default_rng(seed)
    head = ",".join(["student", *(f"q{j}" for j in range(columns))])
    lines = [
        ",".join([f"{quote}s{i}{quote}", *(f"{draw.normal():.{draw.integers(8)}f}" for _ in range(columns))]) for i in range(rows)
    ]
    return "\n".join([head, *lines, ""]).encode()


def test_tables_come_in_blocks_and_know_their_lines() -> None:
    raw = class_csv(40_000, 2)
    found = list(read_tables("class.csv", io.BytesIO(raw)))
    assert all(isinstance(table, Table) for table in found)
    blocks = [table for table in found if isinstance(table, Table)]
    assert max(len(table.students) for table in blocks) == 16_384
    assert [name for table in blocks for name in table.students] == [f"s{i}" for i in range(40_000)]
    assert [table.line(i) for table in blocks for i in range(len(table.students))] == list(range(2, 40_002))
    fields = [line.split(",")[1:] for line in raw.decode().splitlines()[1:]]
    assert [[table.text(i, j) for j in range(2)] for table in blocks for i in range(len(table.students))] == fields


@FAST
@given(
    st.lists(
        st.lists(
            st.sampled_from(
                [
                    "0.3510",
                    "-1",
                    "",
                    " 2 ",
                    " 4",
                    "5 ",
                    "\u00a06",
                    "7\u00a0",
                    "−3",
                    "x",
                    "1e5",
                    "1e−5",
                    "0.1234567890123",
                    "=1+1",
                    "nan",
                ]
            ),
            min_size=3,
            max_size=3,
        ),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from([",", ";", "\t"]),
)
def test_quotation_marks_and_column_order_change_nothing(rows: list[list[str]], d: str) -> None:
    plain = f"student{d}a{d}b{d}c\n" + "".join(f"s{i}{d}{d.join(row)}\n" for i, row in enumerate(rows))
    quoted = f"student{d}a{d}b{d}c\r\n" + "".join(
        f'"s{i}"{d}"{f"{chr(34)}{d}{chr(34)}".join(row)}"\r\n' for i, row in enumerate(rows)
    )
    turned = f"c{d}a{d}student{d}b\n" + "".join(f"{row[2]}{d}{row[0]}{d}s{i}{d}{row[1]}\n" for i, row in enumerate(rows))
    (first,), (second,), (third,) = (list(read_tables("f", io.BytesIO(text.encode()))) for text in (plain, quoted, turned))
    assert isinstance(first, Table)
    assert isinstance(second, Table)
    assert isinstance(third, Table)
    assert first.students == second.students == third.students
    for name in ("value", "half", "decimals", "plain"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
        np.testing.assert_array_equal(getattr(first, name), getattr(third, name)[:, [1, 2, 0]])
    whole = decode([text.strip() for row in rows for text in row])
    np.testing.assert_array_equal(first.value.ravel(), whole.value)
    np.testing.assert_array_equal(first.plain.ravel(), whole.plain)
    for i, row in enumerate(rows):
        assert first.texts(i) == second.texts(i) == [text.strip() for text in row]
        assert first.submission(i).answers == third.submission(i).answers


@pytest.mark.parametrize(
    "raw",
    [
        b'"a",1\n',
        b"a,1",
        b"a,1,2\n",
        b"a\n",
        b"a,1\n\nb,2\n",
        b"a,1\0\n",
        b"a,1\rb,2\n",
        b"\xff,1\n",
        b"a,\x1b\n",
        b"a,1,b\n2\n",
        b"a,\t1\n",
    ],
)
def test_blocks_that_are_left_to_the_slow_reader(raw: bytes) -> None:
    assert decode_table(raw, 2) is None


@pytest.mark.parametrize("d", [",", ";", "\t"])
@pytest.mark.parametrize("blank", ["{0}{0}", " {0} {0}", "{0}\u00a0{0}", "", "  "])
@pytest.mark.parametrize("quote", ["", '"'])
def test_lines_of_nothing_but_commas_are_nobodys(d: str, blank: str, quote: str) -> None:
    text = f"student{d}a{d}b\n{quote}Ada{quote}{d}1{d}\n{blank.format(d)}\n{d}2{d}\n"
    assert [(s.student, dict(s.answers)) for s in read(text, "class.csv")] == [("Ada", {"a": "1"}), (None, {"a": "2"})]


def test_a_byte_order_mark_is_one_at_the_beginning_only() -> None:
    for quote in ("", '"'):
        found = read(f"\ufeffstudent,a\n\ufeff{quote}Ada{quote},1\n", "class.csv")
        assert [(s.student, dict(s.answers)) for s in found] == [(f"\ufffd{quote}Ada{quote}", {"a": "1"})]


def test_names_of_students_are_printable_in_the_fast_reader_too() -> None:
    assert decode_table(" A\x7f,1\nB\u202e ,1\n,1\n".encode(), 2)[0] == ["A\ufffd", "B\ufffd", None]  # type: ignore[index]


def test_a_class_can_be_sent_to_another_process() -> None:
    import pickle

    (table,) = read_tables("f", io.BytesIO(class_csv(3)))
    assert isinstance(table, Table)
    again = pickle.loads(pickle.dumps(table))  # noqa: S301
    assert again.submission(2) == table.submission(2)


class Endless(io.RawIOBase):
    """A file that is made while it is read."""

    def __init__(self, head: bytes, line: bytes, count: int) -> None:
        self.left = [line * 1000] * (count // 1000) + [head] * bool(head)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self.left.pop() if self.left else b""
        if len(piece) > len(buffer):
            self.left.append(piece[len(buffer) :])
            piece = piece[: len(buffer)]
        buffer[: len(piece)] = piece
        return len(piece)


def peak(name: str, head: bytes, line: bytes, count: int) -> int:
    class Made(Source):
        def open(self) -> BinaryIO:
            return io.BufferedReader(Endless(head, line, count))

    tracemalloc.start()
    number = sum(1 for _ in submissions(Made(name, name)))
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert number == count
    return used


@pytest.mark.parametrize(
    ("name", "head", "line"),
    [
        ("c.csv", b"student," + b",".join(b"q%d" % i for i in range(30)) + b"\n", b"Ada" + b",0.3510" * 30 + b"\n"),
        ("c.csv", b"student,a,b\n", b'"Ada, L.",0.3510,"1 + 1 = 2' + b" " * 500 + b'"\n'),
        ("c.csv", b"student,a,b\n", b'x"Ada, L.,0.3510,2,3' + b" " * 500 + b"\n"),
        ("c.jsonl", b"", b'{"answers": {' + b",".join(b'"q%d": 0.3510' % i for i in range(30)) + b"}}\n"),
    ],
    ids=["numbers", "quoted", "broken", "json"],
)
def test_memory_does_not_grow_with_the_class(monkeypatch: pytest.MonkeyPatch, name: str, head: bytes, line: bytes) -> None:
    monkeypatch.setattr("backcheck.answers.lines.PIECE", 2**17)
    small, large = peak(name, head, line, 3000), peak(name, head, line, 9000)
    assert large < 1.1 * small
    assert large < 6 * 2**20


def test_very_many_columns_take_no_more_memory() -> None:
    head = b"student," + b",".join(b"q%d" % i for i in range(MOST)) + b"\n"
    for row in (b"a\n", b"a" + b"," * MOST + b"\n"):
        tracemalloc.start()
        sizes = [len(table.students) for table in read_tables("f", io.BytesIO(head + row * 200)) if isinstance(table, Table)]
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert sum(sizes) == 200
        assert used < 120 * 2**20


# .npz


def npz(**arrays: Any) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def test_npz() -> None:
    raw = npz(
        L=0.2983,
        z1=np.array([0.1, 1 / 3]),
        W2=np.array([[1, 2], [3, 4]], order="F"),
        **{"W2'": np.float32([[0.1]])},
        student=np.array("0042"),
    )
    found = one(raw, "s.npz")
    assert found.student == "0042"
    assert found.answers == {
        "L": "0.2983",
        "z1[1]": "0.1",
        "z1[2]": "0.3333333333333333",
        "W2[1,1]": "1",
        "W2[1,2]": "2",
        "W2[2,1]": "3",
        "W2[2,2]": "4",
        "W2[1,1]'": "0.1",
    }


def test_npz_of_many_kinds() -> None:
    found = answers(
        npz(a=np.array([1.5, np.nan, -np.inf]), b=np.array([2], ">f8"), c=np.array([3], np.uint8), d=np.zeros((0, 2))), "s.npz"
    )
    assert found == {"a[1]": "1.5", "a[2]": "nan", "a[3]": "-inf", "b[1]": "2.0", "c[1]": "3"}
    compressed = io.BytesIO()
    np.savez_compressed(compressed, z1=np.arange(MOST))
    assert len(answers(compressed.getvalue(), "s.npz")) == MOST


# Written decimals

DIGITS = st.text("0123456789", min_size=1, max_size=22)
WRITTEN = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "-", "+", "−"]),
    DIGITS,
    st.just("") | DIGITS.map(".{}".format),
    st.just("")
    | st.builds(
        "{}{}{}".format, st.sampled_from("eE"), st.sampled_from(["", "+", "-", "−"]), st.text("0123456789", min_size=1, max_size=3)
    ),
)
MUDDLED = st.text("0123456789..--++eE−x ,\n", max_size=45)
GRAMMAR = re.compile(r"[-+−]?[0-9]+(?:\.[0-9]+)?(?:[eE][-+−]?[0-9]{1,3})?")


def expected_of(text: str) -> tuple[float, float, int] | None:
    """Value, half a unit and decimals by Python's own float and Decimal."""
    bare = text.replace("−", "-")
    if not GRAMMAR.fullmatch(text) or len(bare) > LONGEST_NUMBER or "\n" in text:
        return None
    decimals = -int(Decimal(bare).as_tuple().exponent)
    value = float(bare)
    if math.isinf(value) or (value == 0 and Decimal(bare) == 0 and decimals < 0):
        return None
    return value, max(float(f"5e{-decimals - 1}"), 5e-324), decimals


@settings(FAST, max_examples=500)
@given(st.lists(WRITTEN | MUDDLED, max_size=30))
def test_decode_is_float_and_decimal(texts: list[str]) -> None:
    found = decode(texts)
    for i, text in enumerate(texts):
        expected = expected_of(text)
        assert found.plain[i] == (expected is not None), text
        if expected is None:
            assert math.isnan(found.value[i])
            assert math.isnan(found.half[i])
        else:
            assert (found.value[i], found.half[i], found.decimals[i]) == expected
            assert math.copysign(1, found.value[i]) == math.copysign(1, expected[0])


def test_decode_of_very_many() -> None:
    """Every number of places, and more numbers than are read at once."""
    draw = np.random.default_rng(5)
    texts = [
        f"{draw.choice(['', '-', '+', '−'])}{draw.uniform(0, 10 ** draw.integers(4)):.{draw.integers(19)}f}" for _ in range(50_000)
    ]
    found = decode(texts)
    assert found.plain.all()
    assert found.value.tolist() == [float(text.replace("−", "-")) for text in texts]
    assert found.decimals.tolist() == [len(text.partition(".")[2]) for text in texts]


@pytest.mark.parametrize(
    ("text", "value", "half", "decimals"),
    [
        ("0.3510", 0.351, 0.00005, 4),
        ("1.2e-3", 0.0012, 0.00005, 4),
        ("20", 20.0, 0.5, 0),
        ("12e3", 12000.0, 500.0, -3),
        ("-0", -0.0, 0.5, 0),
        ("1e-400", 0.0, 5e-324, 400),
    ],
)
def test_half_a_unit(text: str, value: float, half: float, decimals: int) -> None:
    assert decode([text]).value[0] == value
    assert decode([text]).half[0] == half
    assert decode([text]).decimals[0] == decimals


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "-",
        "+",
        "e",
        ".5",
        "5.",
        "1.2.3",
        "--1",
        "1e",
        "1e+",
        "1e1000",
        "1e999",
        "e5",
        "1e5e5",
        "1e.5",
        "0x1F",
        "1_0",
        "nan",
        "inf",
        "0,35",
        "１",
        "٣",
        "1 ",
        " 1",
        "1\n2",
        "0.1 + 0.2",
        "0e5",
        "0.0e9",
        "1/3",
        "9" * 41,
    ],
)
def test_no_plain_decimal(text: str) -> None:
    assert decode([text, "1"]).plain.tolist() == [False, True]


@pytest.mark.parametrize(
    "text",
    [
        "915.4042229070667",
        "96273249.26723653",
        "9764144862243563e-14",
        "9075691860556519e-1",
        "9007199254740993",
        "3e23",
        "12e23",
        "1e-23",
        "8e-23",
        "5e-324",
        "2.4703282292062328e-324",
        "1.7976931348623157e308",
        "0.1234567890123456789012345678901234567",
        "8.5e-9",
        "123456789.5e-17",
    ],
)
def test_decimals_that_one_division_would_round_wrongly(text: str) -> None:
    assert decode([text, f"-{text}"]).value.tolist() == [float(text), -float(text)]


def test_one_number_knows_nothing_of_the_one_before() -> None:
    for before in ("e", "1e", "e5", "-", "1.", "+", ".", "x"):
        for text in ("6E0", "1e5", "123", "0.25", "12345678.5"):
            assert decode([before, text, before, text]).value[1] == float(text), (before, text)


def test_decode_of_nothing() -> None:
    assert [len(part) for part in decode([])] == [0, 0, 0, 0]
    assert isinstance(decode([]), Decoded)


# Files and folders


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (
        "b.yaml",
        "a/z.json",
        "a/B.CSV",
        "a.txt",
        "Z.yml",
        ".hidden.yaml",
        ".git/x.yaml",
        "notes.md",
        "c.npz",
        "d.jsonl",
        "a/picture.png",
    ):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_text("a: 1\n")
    return tmp_path / "in"


def names(paths: list[str], top: Path) -> list[str]:
    return [source.file.removeprefix(f"{top.as_posix()}/") for source in found(paths)]


def test_a_folder_is_read_in_one_order(folder: Path) -> None:
    assert names([str(folder)], folder) == ["Z.yml", "a/B.CSV", "a/z.json", "a.txt", "b.yaml", "c.npz", "d.jsonl"]


def test_what_is_named_twice_counts_once(folder: Path) -> None:
    paths = [str(folder / "c.npz"), f"{folder}/a/../b.yaml", str(folder), f"{folder}/", str(folder / "b.yaml")]
    assert names(paths, folder) == ["c.npz", "a/../b.yaml", "Z.yml", "a/B.CSV", "a/z.json", "a.txt", "d.jsonl"]


def test_any_file_may_be_named(folder: Path) -> None:
    assert names([str(folder / ".hidden.yaml"), str(folder / "notes.md")], folder) == [".hidden.yaml", "notes.md"]


def test_links_in_a_folder_are_not_followed(folder: Path) -> None:
    (folder.parent / "secret.yaml").write_text("a: 2\n")
    (folder / "link.yaml").symlink_to("../secret.yaml")
    (folder / "dangling.yaml").symlink_to("nowhere")
    (folder / "up").symlink_to("..")
    (folder / "loop").symlink_to(".")
    (folder / "link.md").symlink_to("notes.md")
    faults = {
        s.file.rpartition("/")[2]: s.fault.says
        for source in found([str(folder)])
        for s in submissions(source)
        if s.fault and "link" in s.fault.says
    }
    assert faults == dict.fromkeys(["link.yaml", "dangling.yaml", "up", "loop"], "this is a link, and links are not followed")
    (named,) = found([str(folder / "link.yaml")])
    assert next(submissions(named)).answers == {"a": "2"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_pipes_in_a_folder_are_not_opened(folder: Path) -> None:
    os.mkfifo(folder / "pipe.yaml")
    (pipe,) = (source for source in found([str(folder)]) if source.file.endswith("pipe.yaml"))
    assert [s.fault and s.fault.says for s in submissions(pipe)] == ["this is no plain file"]


def test_a_file_that_has_become_something_else(folder: Path) -> None:
    sources = {source.file.rpartition("/")[2]: source for source in found([str(folder)])}
    for name in ("b.yaml", "a.txt", "Z.yml"):
        (folder / name).unlink()
    (folder / "b.yaml").symlink_to("c.npz")
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "a.txt")
    for name in ("b.yaml", "a.txt", "Z.yml"):
        (only,) = submissions(sources[name])
        assert only.fault is not None
        assert only.fault.says.startswith("the file cannot be read: ")


def test_nothing_there(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "answers.yaml").touch()
    with pytest.raises(BadArgument, match=r"there is no file or folder '.*/answer.yaml'; did you mean 'answers.yaml'\?$"):
        found([str(tmp_path / "answer.yaml")])
    with pytest.raises(BadArgument, match=r"the folder '.*/sub' holds no answers: files that end with \.yaml, "):
        found([str(tmp_path / "sub")])
    with pytest.raises(BadArgument, match="there is no file or folder"):
        found(["a\0b"])


@pytest.mark.parametrize(
    ("raw", "students"),
    [
        (SHEET.encode(), ["0042"]),
        (GOOD_LINE, ["Ada"]),
        (GOOD_LINE * 2, ["Ada", "Ada"]),
        (b"name,value\nstudent,Ada\n", ["Ada"]),
        (class_csv(2), ["s0", "s1"]),
        (npz(student=np.array("Ada")), ["Ada"]),
    ],
    ids=["yaml", "json", "jsonl", "csv", "class", "npz"],
)
def test_standard_input(raw: bytes, students: list[str]) -> None:
    (source,) = found(["-", "-"], raw)
    assert [(s.file, s.student) for s in submissions(source)] == [("standard input", name) for name in students]


def test_a_comment_with_commas_makes_no_table() -> None:
    [found] = submissions(Source("-", "standard input", raw=b"# a, b; c\nstudent: Ada\nanswers: {L: 0.3}\n"))
    assert (found.student, found.answers) == ("Ada", {"L": "0.3"})


def test_names_of_files_are_printable(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[31m\nb.yaml").write_text("a: 1\n")
    os.fsencode(tmp_path)
    (source,) = found([str(tmp_path)])
    assert source.file.endswith("/a\ufffd[31m b.yaml")
    assert next(submissions(source)).answers == {"a": "1"}


def test_reading_needs_no_algebra_and_no_pictures() -> None:
    heavy = "[name for name in ('sympy', 'matplotlib', 'rich') if name in sys.modules]"
    code = f"import sys, backcheck.answers.read, backcheck.answers.tables; print({heavy})"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


# Whatever is handed in

ENDINGS = ["s.yaml", "s.json", "s.jsonl", "s.csv", "s.npz", "s.txt"]


@settings(max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from(ENDINGS),
)
def test_no_bytes_break_the_reader(raw: bytes, name: str) -> None:
    hold(read(raw, name))


@settings(FAST, max_examples=1000)
@given(
    st.data(),
    st.sampled_from([SHEET.encode(), GOOD_LINE * 3, CLASS, b"name,value\nz1[1],0.3825\n", npz(z1=np.zeros(2))]),
    st.sampled_from(ENDINGS),
)
def test_no_damage_breaks_the_reader(data: st.DataObject, raw: bytes, name: str) -> None:
    for _ in range(data.draw(st.integers(1, 4))):
        at, until = sorted((data.draw(st.integers(0, len(raw))), data.draw(st.integers(0, len(raw)))))
        raw = (
            raw[:at]
            + data.draw(st.binary(max_size=4) | st.sampled_from([b'"', b"\n", b",", b":", b"[", b"{", b"\0", b"\r"]))
            + raw[until:]
        )
    hold(read(raw, name))


@pytest.mark.parametrize("seed", range(3))
def test_the_fuzzer_finds_nothing(seed: int) -> None:
    tally = fuzz_answers.Tally()
    for ending, raw in fuzz_answers.inputs(random.Random(seed), 1000):
        tally.try_one(ending, raw)
    assert tally.inputs.total() == 1000
    assert tally.crashes.total() == tally.slow.total() == 0
    assert all(tally.readable[ending] and tally.unreadable[ending] for ending in fuzz_answers.ENDINGS)
    assert all(tally.fast[ending] for ending in (".yaml", ".json", ".csv"))


HOSTILE = {
    "brackets": b"[" * LARGEST,
    "names of brackets": b'{"a":' * (LARGEST // 5),
    "numbers in a list": b"a: [" + b"1," * (LARGEST // 2 - 4) + b"1]",
    "lines": b"a\n" * (LARGEST // 2),
    "dashes": b"- " * (LARGEST // 2),
    "questions": b"? " * (LARGEST // 2),
    "colons": b"a: " * (LARGEST // 3),
    "one long word": b"a: " + b"1" * (LARGEST - 3),
    "blanks": b" " * LARGEST,
    "tabs": b"\t" * LARGEST,
    "ends of lines": b"\r" * LARGEST,
    "quotation marks": b'"' * LARGEST,
    "open quotation marks in lines": b'"a\n' * (LARGEST // 3),
    "backslashes": b'{"a": "' + b"\\" * (LARGEST - 8),
    "comments": b"#\n" * (LARGEST // 2),
    "commas": b"name,value\n" + b"," * (LARGEST - 20),
    "columns": b"student" + b",a" * (LARGEST // 2 - 10),
    "rows of a class": b"student,a\n" + b'"\n' * (LARGEST // 2 - 10),
    "NULs": bytes(LARGEST),
    "plain words": b"a: " + b"1 + " * (LARGEST // 4 - 3),
    "words in quotation marks": b"a: '" + b"1 " * (LARGEST // 2 - 9) + b"\n",
    "flat, and then not": b"".join(b"a%d: 0.1\n" % i for i in range(9_000)) + b"x",
    "flat JSON, and then not": b'{"answers": {' + b",".join(b'"a%d": 0.1' % i for i in range(9_000)) + b"x",
    "anchors": b"a: &a [&b [&c " * 5000,
    "one byte too many": b"a: 1\n" + b" " * LARGEST,
    "a zip of very many": b"PK\x05\x06\0\0\0\0\xff\xff\xff\xff" + b"\xff\xff\0\0" * 2 + b"\0\0",
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("name", ENDINGS)
def test_hostile_files_are_refused_soon(raw: bytes, name: str) -> None:
    if raw.count(b"\n") > 1000 and name in ("s.jsonl", "s.csv"):  # so many submissions
        raw = raw[: 2**17]
    start = time.perf_counter()
    found = read(raw, name)
    took = time.perf_counter() - start
    assert took < LONGEST_WAIT
    hold(found[:100])


def test_a_zip_that_unpacks_to_very_much() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(100):
            archive.writestr(f"W{i}.npy", bytes(2**20))
    assert says(file.getvalue(), "s.npz") == "its arrays are too large: a submission has at most 10,000 numbers"


def test_numbered_names_are_as_the_worksheet_has_them() -> None:
    assert [numbered(name, 2) for name in ("z1", "b2'", "delta2", "dL/db1")] == ["z1[2]", "b2[2]'", "delta2[2]", "dL/db1[2]"]
    assert [numbered(name, 2, 1) for name in ("W2", "x", "dL/da1", "W1_new")] == ["W2[2,1]", "x[2;1]", "dL/da1[2;1]", "W1[2,1]_new"]


@FAST
@given(st.text(max_size=20))
def test_what_is_shown_is_printable(text: str) -> None:
    assert printable(text).isprintable()
    assert len(printable(text)) == len(text)


def everything() -> Iterator[Source]:
    for path in INVALID:
        yield Source(str(path), path.name)


def test_tables_and_submissions_tell_the_same() -> None:
    for source in everything():
        if source.ending == ".csv":
            whole: list[Submission] = []
            for item in tables(source):
                whole += map(item.submission, range(len(item.students))) if isinstance(item, Table) else [item]
            assert whole == list(submissions(source))


def test_a_line_that_is_too_long_behind_others_ends(tmp_path: Path) -> None:
    path = tmp_path / "class.csv"
    path.write_bytes(b'student,a\nada,1\nbob,"0.38\n' + b"x" * (5 * 2**20) + b"\nzoe,2\n")
    [source] = found([str(path)])
    names = [(one.student, one.fault is None) for one in submissions(source)]
    assert (names[0], names[-1], len(names)) == (("ada", True), ("zoe", True), 4)


def test_arrays_have_no_written_digits() -> None:
    raw = npz(a=np.zeros(2), b=np.array([0.59447616], np.float32), c=np.array([0.351], np.float32), d=np.float64(0.35))
    [read] = submissions(Source("x.npz", "x.npz", raw=raw))
    assert read.answers == {"a[1]": "0", "a[2]": "0", "b[1]": "0.594476", "c[1]": "0.351", "d": "0.35"}
