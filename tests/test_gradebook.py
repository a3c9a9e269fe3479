"""The exports of Canvas and Moodle with scores filled in: what should change does, and no other byte."""

from __future__ import annotations

import codecs
import csv
import io
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backcheck.classroom.cells_of_csv import decoded, table
from backcheck.classroom.gradebook import filled, scores_of, written
from backcheck.errors import BadArgument, Fault
from backcheck.grading.result import Result

# As Canvas writes it: rows of its own below the header, names in quotation marks, ids that begin with zeros.
CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,HW3 (123),HW4 (124),Homework Current Score
,,,,,Manual Posting,,
    Points Possible,,,,,10.00,5.00,(read only)
"Lovelace, Ada",101,0042,ada,"The ""A"" group",,1.00,88.5
"Noether, Emmy",102,0043,emmy,"The ""A"" group",EX,,
"Turing, Alan",103,0044,alan,,3.00,,
"Student, Test",999,,,,,,
"""
MOODLE = (
    '"First name";"Last name";"ID number";"Assignment: Übung 3 (Real)";"Course total"\r\n'
    '"Ada";"Lovelace";"0042";"-";"7,50"\r\n"Emmy";"Noether";"0043";"-";"8,25"\r\n'
)
ADA, EMMY, ALAN = "0042", "0043", "0044"


def canvas(
    scores: dict[str, Fraction | None],
    id_column: str = "SIS User ID",
    column: str = "HW3 (123)",
    out_of: Fraction | None = None,
    text: str = CANVAS,
) -> str:
    return filled(text.encode(), scores, id_column, column, out_of).decode()


def test_canvas_is_filled_and_nothing_else_changes() -> None:
    found = canvas({ADA: Fraction(29, 2), ALAN: Fraction(0)}, out_of=Fraction(29))
    assert found == CANVAS.replace('group",,1.00', 'group",5,1.00').replace(",,3.00,", ",,0,")


def test_scores_are_scaled_exactly_once() -> None:
    third = canvas({ADA: Fraction(1)}, out_of=Fraction(3))
    assert third == CANVAS.replace('group",,1.00', 'group",3.3333,1.00')
    assert canvas({ADA: Fraction(1, 10) * 3 * 10 / 3}, out_of=Fraction(1)) == CANVAS.replace('group",,1.00', 'group",10,1.00')
    assert canvas({ADA: Fraction(7, 2)}) == CANVAS.replace('group",,1.00', 'group",3.5,1.00'), "nothing to scale from"
    nothing_possible = CANVAS.replace("10.00", "")
    assert 'group",7,1.00' in canvas({ADA: Fraction(7)}, out_of=Fraction(29), text=nothing_possible)


def test_who_is_excused_stays_so_and_who_has_no_score_keeps_the_old_one() -> None:
    assert canvas({EMMY: Fraction(1), ALAN: None}) == CANVAS


def test_students_who_are_not_in_the_export_are_listed_before_anything_is_written() -> None:
    with pytest.raises(BadArgument) as error:
        canvas({ADA: Fraction(1), "0045": Fraction(1), "zoë": Fraction(1)})
    assert str(error.value) == (
        "not in the column 'SIS User ID' of the grade book, so nothing is written: '0045' (did you mean '0044'?), 'zoë'"
    )
    with pytest.raises(BadArgument, match="they stand in the column 'SIS Login ID'"):
        canvas({"ada": Fraction(1), "emmy": Fraction(1)})
    with pytest.raises(BadArgument, match="'s19' and 5 more"):
        canvas({f"s{n}": Fraction(1) for n in range(25)})


def test_the_worksheet_of_moodle_says_what_full_marks_are() -> None:
    sheet = (
        "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed\n"
        "Participant 7,Ada Lovelace,ada@x.org,Submitted,,100.00,Yes\n"
        "Participant 8,Emmy Noether,emmy@x.org,Submitted,,,Yes\n"
    )
    scores = {"ada@x.org": Fraction(29, 2), "emmy@x.org": Fraction(29, 2)}
    found = filled(sheet.encode(), scores, "Email address", "Grade", Fraction(29)).decode()
    assert found == sheet.replace("Submitted,,100.00", "Submitted,50,100.00").replace("Submitted,,,", "Submitted,14.5,,")


@pytest.mark.parametrize(
    ("id_column", "column", "says"),
    [
        ("SIS User ID", "HW3", r"no column 'HW3'; did you mean 'HW3 \(123\)'\?"),
        ("SIS User ID", "HW3 (132)", "did you mean"),
        ("SIS user id", "HW3 (123)", "did you mean 'SIS User ID'"),
        ("email", "HW3 (123)", "its columns are 'Student', 'ID'"),
        ("SIS User ID", "SIS User ID", "holds the students"),
        ("SIS User ID", "Homework Current Score", "read only in Canvas"),
    ],
)
def test_columns_that_will_not_do(id_column: str, column: str, says: str) -> None:
    with pytest.raises(BadArgument, match=says):
        canvas({ADA: Fraction(1)}, id_column, column)


def test_one_row_for_one_student() -> None:
    with pytest.raises(BadArgument, match="two rows of the grade book have the same 'SIS User ID': '0042'"):
        canvas({ALAN: Fraction(1)}, text=CANVAS.replace("0043", "0042"))
    with pytest.raises(BadArgument, match="stands twice"):
        canvas({ALAN: Fraction(1)}, text=CANVAS.replace("HW4 (124)", "HW3 (123)"))
    with pytest.raises(BadArgument, match="the grade book is empty"):
        filled(b"", {}, "a", "b")


@pytest.mark.parametrize(
    "encoded",
    [
        MOODLE.encode(),
        codecs.BOM_UTF8 + MOODLE.encode(),
        MOODLE.encode("utf-16"),
        codecs.BOM_UTF16_BE + MOODLE.encode("utf-16-be"),
        MOODLE.encode("latin-1"),
        MOODLE.replace(";", "\t").encode("utf-16"),
        MOODLE.replace(";", ",").encode(),
        MOODLE.replace("\r\n", "\n").removesuffix("\n").encode(),
    ],
    ids=["utf-8", "mark", "utf-16", "utf-16-be", "latin-1", "tab", "comma", "no last line end"],
)
def test_moodle_in_every_encoding_keeps_it_and_its_decimal_comma(encoded: bytes) -> None:
    found = filled(encoded, {EMMY: Fraction(19, 2)}, "ID number", "Assignment: Übung 3 (Real)")
    text, before = decoded(found), decoded(encoded)
    assert text[1:] == before[1:]
    at = before.text.rindex('"-"')
    assert text.text == before.text[:at] + '"9,5"' + before.text[at + 3 :]
    assert found.startswith(encoded[:8])


def test_a_field_is_put_into_quotation_marks_only_where_it_needs_them() -> None:
    assert filled(b'id,a,b\n1,,"2,5"\n', {"1": Fraction(5, 2)}, "id", "a") == b'id,a,b\n1,"2,5","2,5"\n'
    assert filled(b"id;a;b\n1;;2,5\n", {"1": Fraction(5, 2)}, "id", "a") == b"id;a;b\n1;2,5;2,5\n"
    assert filled(b"id,b,a\n1\n2,\n", {"1": Fraction(4), "2": Fraction(5)}, "id", "a") == b"id,b,a\n1,,4\n2,,5\n"


def test_a_file_cut_off_within_a_character() -> None:
    with pytest.raises(BadArgument, match="cut off"):
        filled("a,b".encode("utf-16")[:-1], {}, "a", "b")


TEXTS = st.text(st.sampled_from('ab1"\n,;\té='), max_size=6)


ROWS = st.lists(st.lists(TEXTS, min_size=3, max_size=3), max_size=5)


@given(ROWS, st.sampled_from(",;\t"), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_fields_are_those_that_the_csv_module_sees(rows: list[list[str]], delimiter: str, end: str, all_quoted: bool) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL if all_quoted else csv.QUOTE_MINIMAL).writerows(
        [["one", "two", "three"], *rows]
    )
    found = table(out.getvalue())
    seen = [[text.strip() for text in row] for row in csv.reader(io.StringIO(out.getvalue(), newline=""), delimiter=delimiter)]
    assert [[field.text for field in row] for row in found.rows] == seen
    assert found.with_fields({}) == out.getvalue()
    for r in range(1, len(rows) + 1):
        changed = table(found.with_fields({(r, 1): "7"}))
        assert [[field.text for field in row] for row in changed.rows] == [*seen[:r], [seen[r][0], "7", seen[r][2]], *seen[r + 1 :]]


@given(st.binary(max_size=60) | TEXTS.map(lambda text: ("id,a\n" + text).encode()))
def test_any_bytes_at_all(raw: bytes) -> None:
    try:
        text = decoded(raw)
    except BadArgument:
        return
    assert text.raw(table(text.text).with_fields({})) == raw


def test_scores_are_written_without_noise() -> None:
    assert [written(Fraction(n, 3)) for n in (1, 2, 3, 30)] == ["0.3333", "0.6667", "1", "10"]
    assert written(Fraction("4.000000001")) == "4"
    assert written(Fraction(0)) == "0"
    assert written(Fraction(1000)) == "1000"


def test_a_submission_belongs_to_its_student_or_else_to_the_name_of_its_file() -> None:
    def result(file: str, student: str | None, fault: Fault | None = None) -> Result:
        return Result(file, student, (), Fraction(3), Fraction(4), None, fault)

    found = [result("a/0042.yaml", None), result("class.csv", "0043"), result("0044.yaml", None, Fault(1, 1, "unreadable"))]
    assert scores_of(found) == {"0042": 3, "0043": 3, "0044": None}
    with pytest.raises(BadArgument, match=r"two submissions are of '0042': a/0042\.yaml and b\.yaml"):
        scores_of([*found, result("b.yaml", "0042")])
