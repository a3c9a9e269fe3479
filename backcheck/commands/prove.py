"""`backcheck prove`: a hand derivation, judged line by line; or the table of rules that inferences are judged by."""

from __future__ import annotations

import sys

from backcheck.commands import Answer
from backcheck.commands.output import colour, shows_signs, width
from backcheck.errors import BadArgument, BadProblem, Fault
from backcheck.proving.reading.kinds import LARGEST, decoded, kind
from backcheck.writing.proofs import Look

PLURALS = ("indices", "vectors", "matrices", "numbers", "functions")
HEADER = ("rule", "inference", "since", "not enough")
NOTHING = Fault(1, 1, "nothing in it can be right or wrong", "write claim A = B; or a chain: A in one line, = B in the next")
FAULT = "this is a fault of backcheck, not of your derivation: the verdict on that line is withheld. Please report it"


def prove(file: str, numbers: tuple[str, ...], rules: bool, seconds: int, exit_zero: bool, format: str) -> Answer:
    """Every line with its verdict; wrong if one is false or does not follow, unreadable if one is not understood."""
    if rules:
        return Answer(_rules(format))
    if not file:
        raise BadArgument("name a file with a derivation, or - for standard input: backcheck prove softmax.txt")
    from backcheck.proving import allowance
    from backcheck.proving.judging.judge import judge
    from backcheck.proving.reading import read
    from backcheck.proving.verdict import NOT_UNDERSTOOD
    from backcheck.writing.proofs import written

    called = "standard input" if file == "-" else file
    source = read(*_text(file, called), called)
    allowance.seconds.set(seconds)
    found = judge(source, _numbers(numbers))
    if not found.lines:
        raise BadProblem(called, [NOTHING])
    wrong = found.first_wrong is not None
    return Answer(
        written(format, found, source, _look()),
        right=exit_zero or not wrong,
        unreadable=not wrong and any(line.verdict == NOT_UNDERSTOOD for line in found.lines),
        fault=f"{FAULT}\n{'; '.join(found.faults)}" if found.faults else "",
    )


def _look() -> Look:
    signs = shows_signs()
    return Look(width(), signs, signs and colour())


def _text(file: str, called: str) -> tuple[str, str]:
    """The text, and of what kind it is."""
    if file == "-":
        if sys.stdin is None:
            raise BadArgument("standard input is closed")
        text = decoded(sys.stdin.buffer.read(LARGEST + 1), called)
        return text, kind("", text)
    from backcheck.opening import opened

    text = decoded(opened(file, LARGEST, "the derivation"), file)
    return text, kind(file, text)


def _numbers(given: tuple[str, ...]) -> dict[str, str] | None:
    """z=1,2,3 → z: 1,2,3; what the numbers mean is known where the name is declared."""
    found: dict[str, str] = {}
    for text in given:
        name, equals, values = text.partition("=")
        if not (name.strip() and equals and values.strip()):
            raise BadArgument(f"--numbers should be like z=1,2,3, not {text[:60]!r}")
        if name.strip() in found:
            raise BadArgument(f"--numbers gives {name.strip()[:60]!r} twice")
        found[name.strip()] = values.strip()
    return found or None


def _words() -> list[str]:
    """What else a line may hold, besides the rules."""
    from backcheck.proving.reading.sentences import READERS
    from backcheck.proving.spelling.spellings import USUAL

    words = ", ".join(word for word in READERS if word not in PLURALS)
    return [f"A line begins with {words}, =, =>, or a formula.", f"The functions are {USUAL}."]


def _rules(format: str) -> str:
    """The table of rules: how an inference is written, why it holds, and the reason that is often given and is not enough."""
    from backcheck.proving.inferences.rules import ADDED, RULES, SLIPS
    from backcheck.writing.proofs import rules
    from backcheck.writing.proofs.columns import Columns

    weak = {name: f"{slip.says}: {slip.example}" if slip.example else slip.says for name, slip in SLIPS.items()}
    rows = ((rule.id, rule.line, rule.says, weak.get(rule.id, "")) for rule in (*RULES, ADDED))
    text = rules(format, (HEADER, *rows), _look())
    if format != "text":
        return text
    return "\n".join([text, "", *(line for said in _words() for line in Columns(_look(), ()).sentence(said))])
