"""Many submissions at once: whatever happens to a worker, to a run or to a file, every submission has its one result."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from fractions import Fraction
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backcheck import api
from backcheck.answers.submission import Submission
from backcheck.classroom import progress
from backcheck.classroom.chunks import chunks, length
from backcheck.classroom.faults import BROKEN_OFF, FAULT_OF_OURS, Engine
from backcheck.classroom.plain import as_plain, from_plain
from backcheck.classroom.resume import Journal
from backcheck.classroom.run import grade_class
from backcheck.classroom.whole import write_whole
from backcheck.classroom.workers import Crew, marked
from backcheck.errors import BadArgument, CannotWrite, Fault
from backcheck.grading.result import CellMark, Equality, Mistake, Result

DIES, HANGS, FAILS = "dies", "hangs", "fails"


class StandIn:
    """Marks every answer right, unless its student has other plans."""

    def mark(self, submissions: Sequence[Submission]) -> list[Result]:
        return [self.one(submission) for submission in submissions]

    def one(self, submission: Submission) -> Result:
        if submission.student == DIES:
            os._exit(7)
        if submission.student == HANGS:
            time.sleep(30)
        if submission.student == FAILS:
            raise ZeroDivisionError("the true value is 0.1634")
        cells = tuple(CellMark(name, "z1", "right", text, points=Fraction(1, 3)) for name, text in submission.answers.items())
        return Result(submission.file, submission.student, cells, Fraction(len(cells), 3), Fraction(1))

    def unreadable(self, submission: Submission) -> Result:
        return Result(submission.file, submission.student, (), Fraction(0), Fraction(1), None, submission.fault, submission.source)


def sheets(count: int, **unlike: str) -> Iterator[Submission]:
    """So many submissions; those of the places named are of other students: `_3="dies"`."""
    for n in range(count):
        yield Submission(f"{n}.yaml", unlike.get(f"_{n}", str(n)), {"z1[1]": f"0.{n}"}, {"z1[1]": 1})


def plain(results: Iterator[Result] | Sequence[Result]) -> list[object]:
    return [as_plain(result) for result in results]


@cache
def real() -> tuple[Engine, tuple[Submission, ...]]:
    """The marker of a problem, and forty sheets of which most have a mistake."""
    from backcheck.grading.marker import Marker
    from backcheck.grading.points import default

    sheet = api.load("problems/two-two-two.yaml")
    done = api.step(sheet)
    names = [sheet.names.cell(*place) for place in default(sheet).asked]

    def answers(n: int) -> dict[str, str]:
        return {name: f"{done[name] * (1.1 if i == n else 1):.4f}" for i, name in enumerate(names)}

    some = [Submission(f"{n}.yaml", str(n), answers(n)) for n in range(40)]
    some[7] = Submission("7.yaml", None, {}, {}, Fault(1, 3, "not to be read", "write it again"), "  z")
    some[9] = Submission("9.yaml", "9", {"z1[1]": "\ud800\x1b[1m", "nothing": "1/3 = 0.4"})
    return Marker(sheet, default(sheet)), tuple(some)


# chunks


def test_chunks_hold_everything_in_order_and_are_bounded() -> None:
    some = list(sheets(1000))
    found = list(chunks(iter(some)))
    assert [one for chunk in found for one in chunk] == some
    assert [len(chunk) for chunk in found] == [8, 16, 32, 64, 128, 256, 256, 240]
    large = [one._replace(answers={"z1[1]": "0" * 95}) for one in some]
    assert {len(chunk) for chunk in chunks(large, characters=300)} <= {3, 1}
    assert max(sum(map(length, chunk)) for chunk in chunks(large, characters=300)) == 300
    assert [len(chunk) for chunk in chunks(large[:3], characters=10)] == [1, 1, 1]
    assert list(chunks([])) == []


def test_chunks_are_read_when_they_are_asked_for() -> None:
    endless = (Submission(str(n), None, {}) for n in iter(int, 1))
    assert len(next(chunks(endless))) == 8


# results between processes


def test_a_result_is_the_same_on_the_other_side_of_a_pipe() -> None:
    mistake, working = Mistake(None, "says", ("sign", "factor")), (Equality("1", "2", False, "no"), Equality("a", "b", True))
    full = CellMark("n", "r", "wrong", "w", 0.1, 0.3, 4, mistake, "reason", "rule", "numbers", working, Fraction(1, 3), Fraction(5))
    one = Result("f", "s", (full, CellMark("m", "r", "right")), Fraction(1, 7), Fraction(2), True, Fault(1, 2, "x", "y", 3), "line")
    again = from_plain(as_plain(one))
    assert again.cells == one.cells
    assert all(getattr(again, name) == getattr(one, name) for name in Result.__slots__)
    assert isinstance(again.cells[0].mistake, Mistake)
    assert isinstance(again.cells[0].working[0], Equality)
    assert len(CellMark._fields) == 14, "a new field that is no text or number needs a line in plain.py"


# workers


def test_a_worker_that_dies_takes_nobody_with_it() -> None:
    unlike = {"_3": DIES, "_70": DIES, "_71": FAILS, "_72": DIES}
    found = [result for some in marked(chunks(sheets(100, **unlike)), StandIn(), jobs=2) for result in some]
    assert [result.file for result in found] == [f"{n}.yaml" for n in range(100)]
    says = {result.file: result.fault.says for result in found if result.fault}
    assert says["71.yaml"].startswith(FAULT_OF_OURS)
    assert {file for file, text in says.items() if text == f"{BROKEN_OFF}: its process died"} == {"3.yaml", "70.yaml", "72.yaml"}
    assert len(says) == 4
    assert all(result.score == Fraction(1, 3) for result in found if not result.fault)


def test_a_submission_that_takes_too_long_is_given_up() -> None:
    with Crew(StandIn(), 1, longest=0.5) as crew:
        found = crew.submit(list(sheets(4, _2=HANGS))).result()
    assert [result.fault.says if result.fault else "" for result in found] == [
        "",
        "",
        f"{BROKEN_OFF}: it took longer than 0.5 seconds",
        "",
    ]


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_exception_in_the_marker_costs_one_submission_and_tells_no_value(jobs: int) -> None:
    found = list(grade_class(sheets(20, _5=FAILS), StandIn(), jobs))
    faults = [result.fault for result in found if result.fault]
    assert len(faults) == 1
    assert found[5].fault == faults[0]
    assert faults[0].says.startswith(f"{FAULT_OF_OURS}: ZeroDivisionError at tests/test_classroom.py:")
    assert "0.1634" not in str(faults)


class Lazy(Result):
    """A result that fails when somebody looks at its marks."""

    def __init__(self, file: str) -> None:
        self.file, self.student, self.fault, self.source = file, None, None, ""

    @property
    def cells(self) -> tuple[CellMark, ...]:  # type: ignore[override]
        raise IndexError


class Late(StandIn):
    def one(self, submission: Submission) -> Result:
        return Lazy(submission.file) if submission.student == FAILS else super().one(submission)


class Short(StandIn):
    def mark(self, submissions: Sequence[Submission]) -> list[Result]:
        return super().mark([one for one in submissions if one.student != FAILS])


@pytest.mark.parametrize("marker", [Late(), Short()])
def test_marks_that_fail_later_or_not_at_all_cost_one_submission_too(marker: StandIn) -> None:
    found = list(grade_class(sheets(20, _5=FAILS), marker))
    assert [n for n, result in enumerate(found) if result.fault] == [5]
    assert found[5].out_of == 1


def test_results_are_the_same_for_any_number_of_workers_and_any_order_of_files() -> None:
    marker, some = real()
    alone = plain(marker.mark([one])[0] for one in some)
    for jobs in (1, 2, 3):
        assert plain(list(grade_class(some, marker, jobs))) == alone
    shuffled = sorted(range(len(some)), key=lambda n: 17 * n % 41)
    found = plain(list(grade_class([some[n] for n in shuffled], marker)))
    assert [found[shuffled.index(n)] for n in range(len(some))] == alone


def test_any_executor_will_do() -> None:
    unlike = {"_30": FAILS}
    expected = plain(list(grade_class(sheets(100, **unlike), StandIn())))
    with ThreadPoolExecutor(3) as threads:
        assert plain(list(grade_class(sheets(100, **unlike), StandIn(), executor=threads))) == expected
    with ProcessPoolExecutor(2, get_context("spawn")) as processes:
        assert plain(list(grade_class(sheets(100, **unlike), StandIn(), executor=processes))) == expected
        found = list(grade_class(sheets(100, _3=DIES), StandIn(), executor=processes))  # breaks the pool for good
    assert [n for n, result in enumerate(found) if result.fault] == [3]
    threads.shutdown()
    assert len(list(grade_class(sheets(9), StandIn(), executor=threads))) == 9


def test_memory_does_not_grow_with_the_class() -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        total = sum(1 for _ in grade_class(sheets(count), StandIn()))
        assert total == count
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    peak(100)
    assert peak(20_000) < 1.5 * peak(2_000)


def test_not_more_chunks_are_read_ahead_than_workers_need() -> None:
    read = 0

    def counted() -> Iterator[Submission]:
        nonlocal read
        for submission in sheets(4000):
            read += 1
            yield submission

    for n, _ in enumerate(grade_class(counted(), StandIn(), jobs=2)):
        assert read - n <= 6 * 256


@pytest.mark.parametrize(("jobs", "says"), [(0, "from 1 to 256, not 0"), (True, "not True"), (1000, "not 1000")])
def test_a_senseless_number_of_jobs(jobs: int, says: str) -> None:
    with pytest.raises(BadArgument, match=says):
        grade_class([], StandIn(), jobs)


SCRIPT = """
import sys, time
sys.path.insert(0, "tests")
from test_classroom import HANGS, StandIn, sheets
from backcheck.classroom.run import grade_class
for result in grade_class(sheets(200, _100=HANGS, _30=HANGS), StandIn(), jobs=2):
    print(result.file, flush=True)
"""


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="looks for processes")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupt_ends_all_workers_at_once(how: signal.Signals, tmp_path: Path) -> None:
    script = tmp_path / "script.py"  # has no `if __name__ == "__main__"`, and need not have one
    script.write_text(SCRIPT)
    process = subprocess.Popen(
        [sys.executable, str(script)], env={**os.environ, "PYTHONPATH": os.getcwd()}, stdout=-1, stderr=-1, start_new_session=True
    )
    assert process.stdout
    assert process.stdout.readline() == b"0.yaml\n"
    workers = _children(process.pid)
    assert len(workers) == 2
    os.killpg(process.pid, how) if how == signal.SIGINT else process.kill()
    start = time.monotonic()
    _, errors = process.communicate()
    while any(map(_alive, workers)):
        time.sleep(0.01)
        assert time.monotonic() - start < 5
    assert process.returncode
    assert errors.count(b"Traceback") == (how == signal.SIGINT)  # that of the script, and none of a worker


def _children(pid: int) -> list[int]:
    return [int(word) for task in Path(f"/proc/{pid}/task").iterdir() for word in (task / "children").read_text().split()]


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


# the journal


@cache
def journal_of_forty(tmp: Path) -> tuple[bytes, list[object]]:
    marker, some = real()
    found = plain(list(grade_class(some, marker, resume=str(tmp / "whole"), about="p")))
    return (tmp / "whole").read_bytes(), found


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_run_goes_on_wherever_it_was_interrupted(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    whole, found = journal_of_forty(tmp_path_factory.getbasetemp())
    cut = data.draw(st.integers(0, len(whole)) | st.integers(0, 80) | st.integers(len(whole) - 5, len(whole)))
    path = tmp_path_factory.getbasetemp() / "cut"
    path.write_bytes(whole[:cut])
    marker, some = real()
    asked: list[str] = []

    class Counting(StandIn):
        def mark(self, submissions: Sequence[Submission]) -> list[Result]:
            asked.extend(one.file for one in submissions)
            return list(marker.mark(submissions))

    assert plain(list(grade_class(some, Counting(), resume=str(path), about="p"))) == found
    kept = max(0, whole[:cut].count(b"\n") - 1)
    assert asked == [one.file for one in some][kept:]
    assert path.read_bytes() == whole


def test_what_has_changed_is_marked_again(tmp_path: Path) -> None:
    path = str(tmp_path / "journal")

    def run(some: Sequence[Submission], about: str = "p") -> list[str]:
        asked: list[str] = []

        class Counting(StandIn):
            def one(self, submission: Submission) -> Result:
                asked.append(submission.file)
                return super().one(submission)

        list(grade_class(some, Counting(), resume=path, about=about))
        return asked

    some = list(sheets(4))
    assert len(run(some)) == 4
    assert run(some) == run(some[::-1]) == []
    changed = [some[0]._replace(answers={"z1[1]": "0.00"}), some[1]._replace(student="x"), some[2]._replace(lines={}), some[3]]
    assert run(changed) == ["0.yaml", "1.yaml", "2.yaml"]
    assert len(run(some, "another problem")) == 4
    assert run([]) == []


def test_what_was_broken_off_is_tried_again(tmp_path: Path) -> None:
    path = str(tmp_path / "journal")
    assert [bool(result.fault) for result in grade_class(sheets(3, _1=FAILS), StandIn(), resume=path)] == [False, True, False]
    with Journal(path, "") as journal:
        assert [journal.get(journal.key(one)) is None for one in sheets(3, _1=FAILS)] == [False, True, False]


def test_a_run_with_a_journal_and_workers(tmp_path: Path) -> None:
    marker, some = real()
    path = tmp_path / "journal"
    expected = plain(marker.mark(some))
    for result in grade_class(some, marker, jobs=2, resume=str(path)):
        if result.file == "20.yaml":
            break
    assert path.read_bytes().count(b"\n") > 8
    assert plain(list(grade_class(some, marker, jobs=2, resume=str(path)))) == expected


def test_another_file_is_not_taken_for_a_journal(tmp_path: Path) -> None:
    other = tmp_path / "answers.yaml"
    other.write_text("student: 7\n")
    with pytest.raises(BadArgument, match="no journal of backcheck"):
        list(grade_class([], StandIn(), resume=str(other)))
    assert other.read_text() == "student: 7\n"
    with pytest.raises(CannotWrite, match="cannot be written"):
        list(grade_class([], StandIn(), resume=str(tmp_path)))


def test_a_line_that_somebody_edited_is_marked_again(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    expected = plain(list(grade_class(sheets(3), StandIn(), resume=str(path))))
    path.write_bytes(path.read_bytes().replace(b'"right"', b"right", 1))
    assert plain(list(grade_class(sheets(3), StandIn(), resume=str(path)))) == expected


# files


def test_a_file_appears_whole_with_the_rights_of_a_new_file(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    before = os.umask(0o027)
    try:
        write_whole(str(path), [b"one"])
    finally:
        os.umask(before)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"one", 0o640)
    path.chmod(0o604)
    write_whole(str(path), [b"two"])
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"two", 0o604)
    assert os.listdir(tmp_path) == ["out.csv"]


def test_a_file_that_cannot_be_finished_is_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out.csv"
    path.write_bytes(b"before")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CannotWrite, match=r"out\.csv: the file cannot be written: No space left"):
        write_whole(str(path), [b"after"])
    assert path.read_bytes() == b"before"
    assert os.listdir(tmp_path) == ["out.csv"]
    with pytest.raises(CannotWrite, match="No such file or directory"):
        write_whole(str(tmp_path / "nowhere" / "out.csv"), [b""])
    with pytest.raises(CannotWrite, match=r"NUL|null"):
        write_whole("a\0b", [b""])


def test_links_and_pipes_are_written_through(tmp_path: Path) -> None:
    path, link = tmp_path / "there.csv", tmp_path / "link.csv"
    link.symlink_to(path)
    write_whole(str(link), [b"one"])
    assert link.is_symlink()
    assert path.read_bytes() == b"one"
    script = "from backcheck.classroom.whole import write_whole; write_whole('/dev/stdout', [b'two'])"
    assert subprocess.run([sys.executable, "-c", script], stdout=-1, check=True).stdout == b"two"


# the bar


def test_the_bar_is_only_for_terminals(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(progress.watched(range(3), 3)) == [0, 1, 2]
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    monkeypatch.setattr(progress, "EVERY", 0.0)
    assert list(progress.watched(iter(range(3)), 3)) == [0, 1, 2]
    shown = capsys.readouterr()
    assert "3/3" in shown.err
    assert shown.out == ""
    assert "3/?" in (list(progress.watched(range(3))), capsys.readouterr().err)[1]
    monkeypatch.setattr(progress, "PATIENCE", 60.0)
    assert list(progress.watched(range(3), 3)) == [0, 1, 2]
    assert capsys.readouterr().err == ""


# a cluster


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_a_cluster_marks_the_same_chunks_with_the_same_result() -> None:
    distributed = pytest.importorskip("distributed")
    marker, some = real()
    expected = plain(marker.mark(some))
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": False, "dashboard_address": None, "protocol": "tcp://"}
    with distributed.LocalCluster(**options) as cluster:
        assert plain(list(grade_class(some, marker, scheduler=cluster.scheduler_address))) == expected
        tasks = {key for key, *_ in cluster.scheduler.transition_log if "mark_sent" in str(key)}
    assert len(tasks) == len(list(chunks(some))) == 3
    with pytest.raises(BadArgument, match="no Dask scheduler answers at 'nowhere'"):
        list(grade_class(some, marker, scheduler="nowhere"))
    with pytest.raises(BadArgument, match="choose one of"), ThreadPoolExecutor(1) as threads:
        grade_class(some, marker, scheduler="nowhere", executor=threads)


def test_without_dask_a_scheduler_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(BadArgument, match=r"pip install 'backcheck\[dask\]'"):
        list(grade_class([], StandIn(), scheduler="tcp://127.0.0.1:8786"))
