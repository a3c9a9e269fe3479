"""Runs a command: its result goes to stdout, what went wrong becomes one message on stderr and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from backcheck.commands import Answer, Command
from backcheck.errors import BackcheckError, BadArgument, BadProblem, CannotWrite

WRONG, UNUSABLE, UNREADABLE, FAULT_OF_OURS, INTERRUPTED = 1, 2, 3, 4, 130  # 0: all is right


def execute(command: Command, values: dict[str, Any]) -> int:
    """Runs a command: what it returns goes to stdout, one clear message to stderr if it cannot; returns the exit code."""
    try:
        if sys.stdout is None:
            raise CannotWrite("the output cannot be written: standard output is closed")
        found = command.run(**values)
        answer = found if isinstance(found, Answer) else Answer(found)
        _print(answer.text)
    except BackcheckError as error:
        file = values.get("file", "") if not isinstance(error, BadProblem | BadArgument | CannotWrite) else ""
        _complain(f"{'standard input' if file == '-' else file}: {error}" if file else str(error))
        return UNUSABLE
    except MemoryError:
        _complain("this problem needs more memory than there is")
        return UNUSABLE
    except KeyboardInterrupt:
        _complain("interrupted")
        return INTERRUPTED
    except Exception as error:
        if os.environ.get("BACKCHECK_TRACEBACK"):
            raise
        _complain(f"this is a fault of backcheck, not of your file: {type(error).__name__}: {error}")
        _complain("set BACKCHECK_TRACEBACK=1 to see where, and please report it")
        return FAULT_OF_OURS
    if answer.note:
        _complain(answer.note)
    if answer.fault:
        _complain(answer.fault)
        return FAULT_OF_OURS
    if answer.interrupted:
        return INTERRUPTED
    return UNREADABLE if answer.unreadable else 0 if answer.right else WRONG


def _complain(says: str) -> None:
    """One message to stderr, in signs it knows and without control characters; if it is closed, there is nobody to tell."""
    if sys.stderr is None:
        return
    encoding = sys.stderr.encoding or "ascii"
    safe = "".join(c if c.isprintable() or c == "\n" else f"\\x{ord(c):02x}" for c in says)
    with suppress(OSError):
        print(safe.encode(encoding, "replace").decode(encoding), file=sys.stderr, flush=True)


def _print(text: str | Iterable[str]) -> None:
    """To stdout; where it cannot show a sign, in the nearest ASCII."""
    pieces: Iterable[str] = [text.rstrip("\n") + "\n"] if isinstance(text, str) else text
    if not all(map(_can_be_shown, pieces)):
        from backcheck.spelling import to_ascii

        pieces = map(to_ascii, pieces)
    try:
        sys.stdout.writelines(pieces)
        sys.stdout.flush()
    except BrokenPipeError:  # `| head` has seen enough
        _stop_writing()
    except OSError as error:
        _stop_writing()
        raise CannotWrite(f"the output cannot be written: {error.strerror}") from None


def _can_be_shown(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def _stop_writing() -> None:
    """What is still in the buffer goes nowhere, so that the end of the process does not trip over it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def cannot_write(error: OSError) -> int:
    """The exit code, and the message, where a help text could not be written."""
    _complain(f"the output cannot be written: {error.strerror}")
    return UNUSABLE
