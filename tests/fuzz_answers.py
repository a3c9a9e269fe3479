"""Throws generated and damaged files at the readers of answers: python tests/fuzz_answers.py [COUNT] [--seed N] [--coverage].

Nothing may be raised, no file may take longer than a second, what is read must keep its promises, and the readers that are
fast must read what the thorough ones do. With --coverage the inputs that reach new lines are kept and damaged further, by
Atheris if it is installed, otherwise by a loop of our own.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType
from typing import Any

TESTS = Path(__file__).parent
TOO_LONG = 1.0  # seconds
A_ROUND = 20_000  # inputs
ENDINGS = (".yaml", ".json", ".jsonl", ".csv", ".npz", "")

GOOD = {
    ".yaml": (
        'student: "0042"\nanswers:\n  z1[1]: 0.05*0.15 + 0.10*0.25 + 0.35 = 0.3825   # working\n  a1[1]: 0.5945\n',
        "answers:\n  z1[1]: 0.3825\n  dL/dW2[1,1]: -1.2e-3\n  w5': 0.3510\n",
        "W2': [[0.15, 0.20], [0.25, 0.30]]\nb1: [0.35, '0.60']\nL: |\n  0.1 +\n  0.2 = 0.3\n",
    ),
    ".json": (
        '{"student": "0042", "answers": {"z1[1]": "0.3825", "w5\'": 0.3510}}',
        '{\n  "answers": {\n    "W2": [[0.15, 2e-1], [-0.25, 0]],\n    "L": "\\u0030.3"\n  },\n  "student": "Ada L"\n}\n',
    ),
    ".jsonl": ('{"student": "Ada", "answers": {"z1[1]": 0.3825}}\n\n{"answers": {"L": "0.3"}}\n{"student": 3, "answers": {}}\n',),
    ".csv": (
        "name,value\nz1[1],0.3825\nW1[1,2],0.25\nstudent,Ada\n",
        'student,z1[1],"W1[1,2]"\nAda,0.3825,-1.2e-3\n"Bob, B.",−0.35,"a\nb"\nCid,,x\n',
        "z1[1];id;L\r\n0,3825;7;0.3\r\n",
    ),
    ".npz": (),
    "": ('{"student": "Ada", "answers": {"L": 0.3}}\n{"student": "Bob", "answers": {}}\n', "name\tvalue\nL\t0.3\n", "L: 0.3\n"),
}
PIECES = (
    *(
        "\n",
        "\r\n",
        "\r",
        "\t",
        " ",
        "  ",
        ":",
        ": ",
        ",",
        ";",
        '"',
        "'",
        '""',
        "\\",
        "\\u0000",
        "#",
        " #",
        "-",
        "- ",
        "?",
        "? ",
        "|",
        ">",
        "&a ",
        "*a",
    ),
    *(
        "!!str ",
        "%",
        "@",
        "`",
        "~",
        "[",
        "]",
        "{",
        "}",
        "[[",
        "]]",
        "---\n",
        "...",
        "<<: ",
        "=",
        "\0",
        "\x1b[31m",
        "\x07",
        "\x7f",
        "\x85",
        "\xa0",
        "\u2028",
    ),
    *(
        "\u202e",
        "\u200b",
        "\ufeff",
        "−",
        "′",
        "１",
        "0",
        "0.3510",
        "-1.2e-3",
        "1e999",
        "nan",
        "1" * 50,
        "9" * 5000,
        "student",
        "answers",
        "name",
        "value",
    ),
    *(
        "student: ",
        "answers:\n",
        "z1[1]",
        "W1[1,2]",
        "w5'",
        "layers: ",
        '{"answers": {',
        "}}",
        "null",
        "true",
        "PK\x03\x04",
        "\x93NUMPY",
        "::error::",
    ),
)
BYTES = (
    *(piece.encode() for piece in PIECES),
    b"\xff",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\x80",
)


def hold(found: Iterable[Any]) -> None:
    """What is true of every submission, readable or not."""
    from backcheck.answers.digits import decode
    from backcheck.answers.text import LONGEST, LONGEST_NAME, MOST

    for s in found:
        assert s.student is None or (s.student and s.student.isprintable() and len(s.student) <= LONGEST_NAME)
        assert len(s.answers) <= MOST
        assert all(name and name.isprintable() and len(name) <= LONGEST_NAME + 20 for name in s.answers)
        assert all(text.isprintable() and len(text) <= LONGEST + 1 and text == text.strip() for text in s.answers.values())
        assert set(s.lines) <= set(s.answers)
        assert s.source.isprintable()
        if s.fault is not None:
            assert not s.answers
            assert s.fault.line >= 1
            assert s.fault.column >= 1
            assert (s.fault.says + s.fault.way_out).isprintable()
        decode(list(s.answers.values()))


def agree(raw: bytes) -> bool:
    """Whether a text is one of those the fast readers read; then the thorough ones must read the same."""
    from backcheck.answers.flat import flat_yaml
    from backcheck.answers.flat_json import flat_json
    from backcheck.answers.from_json import tree
    from backcheck.answers.from_yaml import any_yaml
    from backcheck.answers.tree import sheet

    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return False
    readers: tuple[tuple[Callable[[str], Any], Callable[[str], Any]], ...] = (
        (flat_yaml, any_yaml),
        (flat_json, lambda t: sheet(tree(t))),
    )
    found = False
    for fast, thorough in readers:
        flat = fast(text)
        if flat is not None:
            whole, found = thorough(text), True
            assert (flat.student, list(flat.answers.items()), dict(flat.lines)) == (
                whole.student,
                list(whole.answers.items()),
                whole.lines,
            )
    return found


def agree_on_rows(raw: bytes) -> bool:
    """Whether a class is read straight from its bytes; then row by row it must read the same, and every number as alone."""
    from unittest.mock import patch

    import numpy as np

    from backcheck.answers.digits import decode
    from backcheck.answers.files import Source
    from backcheck.answers.read import submissions
    from backcheck.answers.tables import Table, tables

    source = Source("f.csv", "f.csv", raw=raw)
    blocks = [item for item in tables(source) if isinstance(item, Table)]
    for table in blocks:
        found = decode([text for i in range(len(table.students)) for text in table.texts(i)])
        for whole, part in zip((table.value, table.half, table.decimals, table.plain), found, strict=True):
            np.testing.assert_array_equal(whole.ravel(), part)
    with patch("backcheck.answers.tables.decode_table", lambda *_: None):
        slowly = list(submissions(source))
    assert list(submissions(source)) == slowly
    return any(isinstance(table.lines, range) for table in blocks)


class Tally:
    """What has been tried, and what came of it."""

    def __init__(self) -> None:
        self.inputs, self.readable, self.unreadable, self.fast = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
        self.crashes, self.slow, self.slowest = Counter[str](), Counter[str](), dict.fromkeys(ENDINGS, 0.0)

    def try_one(self, ending: str, raw: bytes) -> None:
        """Reads one file; a crash is told on stderr and counted."""
        from backcheck.answers.files import Source
        from backcheck.answers.read import submissions

        start = time.perf_counter()
        try:
            found = list(submissions(Source(f"f{ending}", f"f{ending}", raw=raw)))
            took = time.perf_counter() - start
            hold(found)
            self.fast[ending] += agree_on_rows(raw) if ending == ".csv" else agree(raw)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            self.crashes[ending] += 1
            sys.stderr.write(f"{ending} {raw[:2000]!r}\n{traceback.format_exc()}\n")
            return
        finally:
            self.inputs[ending] += 1
        unreadable = sum(s.fault is not None for s in found)
        self.unreadable[ending] += unreadable
        self.readable[ending] += len(found) - unreadable
        self.slow[ending] += took > TOO_LONG
        self.slowest[ending] = max(self.slowest[ending], took)

    def counters(self) -> list[Counter[str]]:
        return [self.inputs, self.readable, self.unreadable, self.fast, self.crashes, self.slow]

    def add(self, path: Path) -> None:
        """What a process has counted; that it has died before it could tell is a crash."""
        if not path.exists():
            self.crashes[""] += 1
            return
        counters, slowest = json.loads(path.read_text())
        for mine, theirs in zip(self.counters(), counters, strict=True):
            mine.update(theirs)
        self.slowest = {ending: max(took, slowest[ending]) for ending, took in self.slowest.items()}
        path.unlink()

    def table(self) -> str:
        """One line for each format, and all together."""
        columns = self.counters()
        lines = [f"{'':8}{'inputs':>10}{'readable':>10}{'unreadable':>12}{'fast':>10}{'crashes':>9}{'over 1 s':>10}{'slowest':>10}"]
        for ending in (*ENDINGS, "all"):
            counts = [column.total() if ending == "all" else column[ending] for column in columns]
            slowest = max(self.slowest.values()) if ending == "all" else self.slowest[ending]
            cells = "".join(f"{count:{width},}" for count, width in zip(counts, (10, 10, 12, 10, 9, 10), strict=True))
            lines.append(f"{ending or 'stdin':8}{cells}{slowest * 1000:7.0f} ms")
        return "\n".join(lines) + "\n"


def seeds() -> dict[str, list[bytes]]:
    """Good files and broken ones, by their ending."""
    import io

    import numpy as np

    found = {ending: [text.encode() for text in texts] for ending, texts in GOOD.items()}
    for save in (np.savez, np.savez_compressed):
        file = io.BytesIO()
        save(file, z1=np.array([0.1, 1 / 3]), W2=np.ones((2, 2), np.float32), student=np.array("Ada"))
        found[".npz"].append(file.getvalue())
    for path in sorted((TESTS / "invalid_answers").iterdir()):
        found.get(path.suffix, []).append(path.read_bytes())
    return found


Damage = Callable[[random.Random, bytes, int, int, list[bytes]], bytes]  # between two places of a file; the others to splice with
DAMAGE: tuple[Damage, ...] = (
    lambda draw, raw, i, j, others: raw[:i] + draw.choice(BYTES) + raw[i:],
    lambda draw, raw, i, j, others: raw[:i] + draw.choice(BYTES) + raw[i + 1 :],
    lambda draw, raw, i, j, others: raw[:i] + bytes([draw.randrange(256)]) + raw[i + 1 :],
    lambda draw, raw, i, j, others: raw[:i] + raw[min(j, i + 8) :],
    lambda draw, raw, i, j, others: raw[:j] + raw[i:],
    lambda draw, raw, i, j, others: raw[:i] + raw[i : min(j, i + 8)] * draw.randrange(2, 40) + raw[i:],
    lambda draw, raw, i, j, others: raw[:i] + draw.choice(others)[i:],
    lambda draw, raw, i, j, others: raw[:i],
)


def damaged(draw: random.Random, raw: bytes, others: list[bytes]) -> bytes:
    """The bytes with a few changes."""
    for _ in range(draw.choice((1, 1, 1, 2, 2, 3, 5, 8))):
        i, j = sorted((draw.randrange(len(raw) + 1), draw.randrange(len(raw) + 1)))
        raw = draw.choice(DAMAGE)(draw, raw, i, j, others)[:20_000]
    return raw


def number(draw: random.Random) -> str:
    """A number as somebody might write it."""
    if draw.random() < 0.03:
        return draw.choice(PIECES)
    text = f"{draw.choice(('', '', '-', '+', '−'))}{draw.random() * 10 ** draw.randrange(-3, 4):.{draw.randrange(9)}f}"
    return draw.choice((text, text, text, f"{text}e{draw.randrange(-9, 9)}", text.replace(".", ","), f"{text} + {text} = {text}"))


def name(draw: random.Random) -> str:
    if draw.random() < 0.03:
        return draw.choice(PIECES)
    j, k = draw.randrange(9), draw.randrange(9)
    return draw.choice((f"z1[{j}]", f"a{k}[{j};{k}]", f"dL/dW2[{j},{k}]", f"W1[{j},{k}]'", f"w{j}'", f"b{k}", "L", "δ2[1]"))


def yaml_file(draw: random.Random) -> str:
    """Half of them as they should be, the others less so."""
    neat = draw.random() < 0.5
    student = draw.choice(("", 'student: "0042"\n', "student: Ada Lovelace\n", "" if neat else f"student: {draw.choice(PIECES)}\n"))
    head = "answers:\n" if neat else draw.choice(("", "", "answers: \n", "answers: [\n"))
    indent = draw.choice(("  ", "    ") if neat else ("", "", " "))
    lines = []
    for _ in range(draw.randrange(1, 7)):
        values: tuple[Callable[[random.Random], str], ...] = (
            number,
            number,
            lambda d: f"'{number(d)}'",
            lambda d: f'"{number(d)}"',
        )
        values += () if neat else (lambda d: json.dumps(json_value(d)),)
        colon, end = (
            (": ", "\n")
            if neat
            else (draw.choice((": ", ": ", ":", ":  ")), draw.choice(("\n", "\n", "\r\n", "\n\n", " # x\n", "")))
        )
        lines.append(f"{indent}{name(draw)}{colon}{draw.choice(values)(draw)}{end}")
    return student + head + "".join(lines)


def json_value(draw: random.Random, depth: int = 0) -> Any:
    choice = draw.randrange(8 if depth < 4 else 5)
    if choice < 3:
        return number(draw)
    if choice < 5:
        return draw.choice((0.351, 1e-9, 3, None, True, "", "x" * 5000, "\udc80"))
    if choice < 7:
        return [json_value(draw, depth + 1) for _ in range(draw.randrange(4))]
    return {name(draw): json_value(draw, depth + 1) for _ in range(draw.randrange(3))}


def json_file(draw: random.Random) -> str:
    answers = {name(draw): draw.choice((number, number, json_value))(draw) for _ in range(draw.randrange(6))}
    whole = draw.choice(
        ({"student": "Ada", "answers": answers}, {"answers": answers}, answers, {"answers": answers, "student": json_value(draw)})
    )
    return json.dumps(whole, indent=draw.choice((None, None, None, 1)), ensure_ascii=draw.choice((True, False)))


def csv_file(draw: random.Random) -> str:
    comma = draw.choice(",,;\t")
    quoted = lambda text: draw.choice((text, text, text, f'"{text}"'))  # noqa: E731
    end = draw.choice(("\n", "\n", "\n", "\r\n", "\r"))
    if draw.random() < 0.4:
        return f"name{comma}value{end}" + "".join(
            f"{quoted(name(draw))}{comma}{quoted(number(draw))}{end}" for _ in range(draw.randrange(6))
        )
    columns = draw.randrange(1, 5)
    rows = [["student", *(name(draw) for _ in range(columns))]]
    rows += [
        [f"s{i}", *(number(draw) for _ in range(columns + draw.choice((0, 0, 0, 0, -1, 1))))] for i in range(draw.randrange(5))
    ]
    return end.join(comma.join(map(quoted, row)) for row in rows) + draw.choice((end, ""))


MADE: dict[str, tuple[Callable[[random.Random], str], ...]] = {
    ".yaml": (yaml_file,),
    ".json": (json_file,),
    ".jsonl": (lambda draw: "\n".join(json_file(draw) for _ in range(draw.randrange(4))),),
    ".csv": (csv_file,),
    "": (yaml_file, json_file, csv_file),
}


def inputs(draw: random.Random, count: int) -> Iterable[tuple[str, bytes]]:
    """Files made by their grammar, and files that were good before they were damaged."""
    kept = seeds()
    everything = [raw for files in kept.values() for raw in files]
    for _ in range(count):
        ending = draw.choice((".yaml", ".yaml", ".json", ".jsonl", ".csv", ".csv", ".npz", ""))
        made = MADE.get(ending)
        raw = (
            draw.choice(made)(draw).encode("utf-8", "surrogatepass") if made and draw.random() < 0.6 else draw.choice(kept[ending])
        )
        yield ending, raw if draw.random() < 0.5 else damaged(draw, raw, everything)


def by_coverage(tally: Tally, draw: random.Random, count: int) -> int:
    """The same, keeping what reaches a line or a branch of the readers that nothing has reached before; how many were kept."""
    folder = str(TESTS.parent / "backcheck" / "answers")
    reached: set[tuple[str, int, int]] = set()
    kept = [(ending, raw) for ending, files in seeds().items() for raw in files]
    everything = [raw for _, raw in kept]
    start = len(kept)
    new = False

    def lines(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal new
        if event == "call":
            return lines if frame.f_code.co_filename.startswith(folder) else None
        step = (frame.f_code.co_filename, last.get(id(frame), 0), frame.f_lineno)
        last[id(frame)] = frame.f_lineno
        if step not in reached:
            reached.add(step)
            new = True
        return lines

    last: dict[int, int] = {}
    for i in range(count):
        ending, raw = kept[i] if i < start else draw.choice(kept)
        raw = raw if i < start else damaged(draw, raw, everything)
        ending = ending if draw.random() < 0.95 else draw.choice(ENDINGS)
        new = False
        last.clear()
        sys.settrace(lines)
        try:
            tally.try_one(ending, raw)
        finally:
            sys.settrace(None)
        if new:
            kept.append((ending, raw))
    return len(kept) - start


def by_atheris(tally: Tally, count: int, seed: int) -> None:
    """The same with Atheris, which watches every branch and comparison.

    What it notes of comparisons is never freed (4 kB for each input), so it works in rounds, each in a process of its own.
    """
    import shutil
    import tempfile

    import atheris

    with atheris.instrument_imports(include=["backcheck.answers", "backcheck.problem.text"]):
        import backcheck.answers.read
        import backcheck.answers.tables  # noqa: F401
    folder = tempfile.mkdtemp()
    corpus = Path(folder, "corpus")
    corpus.mkdir()
    for i, files in enumerate(seeds().values()):
        for k, raw in enumerate(files):
            (corpus / f"{i}-{k}").write_bytes(bytes([i]) + raw)
    for at in range(0, count, A_ROUND):
        child = os.fork()
        if child == 0:
            _round(folder, min(A_ROUND, count - at), seed * count + at + 1)
        os.waitpid(child, 0)
        tally.add(Path(folder, "tally"))
    if not tally.crashes.total():  # else what made a process die is in there
        shutil.rmtree(folder)


def _round(folder: str, count: int, seed: int) -> None:
    """So many inputs, in a process that the fuzzer ends itself."""
    import atheris

    tally = Tally()

    def one(data: bytes) -> None:
        tally.try_one(ENDINGS[data[0] % len(ENDINGS)] if data else "", data[1:])
        if tally.inputs.total() == count:
            Path(folder, "tally").write_text(json.dumps([tally.counters(), tally.slowest]))

    arguments = [
        "fuzz",
        f"-runs={count}",
        f"-seed={seed}",
        "-max_len=1024",
        "-verbosity=0",
        f"-artifact_prefix={folder}/",
        f"{folder}/corpus",
    ]
    atheris.Setup(arguments, one)
    atheris.Fuzz()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--coverage", action="store_true")
    options = parser.parse_args()
    tally, draw, start = Tally(), random.Random(options.seed), time.perf_counter()
    if options.coverage:
        try:
            by_atheris(tally, options.count, options.seed)
        except ImportError:
            kept = by_coverage(tally, draw, options.count)
            sys.stdout.write(f"{kept:,} inputs reached something new\n")
    else:
        for ending, raw in inputs(draw, options.count):
            tally.try_one(ending, raw)
    sys.stdout.write(tally.table() + f"{time.perf_counter() - start:,.0f} s\n")
    return 1 if tally.crashes.total() or tally.slow.total() else 0


if __name__ == "__main__":
    sys.exit(main())
