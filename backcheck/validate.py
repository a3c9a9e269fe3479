"""Problem files, and answers that name their problem, read before they are committed; nothing is worked and nothing marked.

`python -m backcheck.validate FILES...` prints every fault, as all commands do. Exit codes: 0 all files can be used, 1 one of them
cannot, 2 the command line is unusable.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from backcheck.answers.files import Source
from backcheck.answers.of_problem import problem_of
from backcheck.answers.read import submissions
from backcheck.api import load, loads, read_file
from backcheck.commands import Answer, Command
from backcheck.errors import BadArgument, BadProblem
from backcheck.outcome import execute


def validate(files: tuple[str, ...]) -> Answer:
    """What is wrong with some files, each fault once."""
    if not files:
        raise BadArgument("name the files to read: python -m backcheck.validate sheet.backcheck.yaml")
    found = dict.fromkeys(fault for file in files for fault in faults(file))
    count = "1 file" if len(files) == 1 else f"{len(files)} files"
    return Answer("\n".join(map(_visible, found)) or f"{count} read, nothing to complain of", not found)


def faults(file: str) -> Iterator[str]:
    """The faults of one file, and of the problem that it names."""
    try:
        raw, name, folder = read_file(file)
        problem = problem_of(name, raw)
        if problem is None:
            loads(raw, name, folder)
            return
        for one in submissions(Source(file, name)):
            if one.fault:
                yield one.fault.report(name, raw.decode(errors="replace").splitlines())
        load(problem)
    except BadProblem as error:
        yield str(error)


def _visible(text: str) -> str:
    """Nothing in a file commands the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else f"\\x{ord(c):02x}" for c in text)


VALIDATE = Command("validate", "Read problem files, and answers that name their problem.", (), validate)

if __name__ == "__main__":
    sys.exit(execute(VALIDATE, {"files": tuple(sys.argv[1:])}))
