"""The command line → a command, and its errors → one message and an exit code.

A plain, complete line is read here, because importing Typer takes half as long as importing NumPy. Help, completion, and
every line with something wrong in it are Typer's; a test holds the two readers against each other.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import Any, NoReturn

from backcheck.commands import COMMANDS, Command, Parameter
from backcheck.errors import BackcheckError, BadArgument, BadProblem

UNUSABLE, FAULT_OF_OURS, INTERRUPTED = 2, 4, 130  # 0: all is right; 1: something checked is wrong


def main() -> NoReturn:
    """The command `backcheck`."""
    gc.disable()  # no cycle of objects is made here that would be worth looking for
    found = plain(sys.argv[1:]) if "_BACKCHECK_COMPLETE" not in os.environ else None
    if found:
        code = execute(*found)
        sys.stderr.flush()
        os._exit(code)  # everything is written; taking NumPy's modules apart would cost a fifth of the whole time
    from backcheck.typed import app

    app(prog_name="backcheck")
    sys.exit(0)


def plain(words: list[str]) -> tuple[Command, dict[str, Any]] | None:
    """The command and its arguments, if every word is exactly as it should be."""
    command = COMMANDS.get(words[0]) if words else None
    if command is None:
        return None
    options = {"--" + p.name.replace("_", "-"): p for p in command.parameters if not p.required}
    values: dict[str, Any] = {p.name: p.default for p in options.values()}
    arguments = [p for p in command.parameters if p.required]
    rest = iter(words[1:])
    for word in rest:
        name, equals, text = word.partition("=")
        if name in options:
            parameter = options[name]
            text = text if equals else next(rest, "--")
        elif arguments and (word == "-" or not word.startswith("-")):
            parameter, text = arguments.pop(0), word
        else:
            return None
        if (value := _value(parameter, text)) is None:
            return None
        values[parameter.name] = value
    return None if arguments else (command, values)


def _value(parameter: Parameter, text: str) -> Any:
    """The text as the parameter wants it, or None."""
    if text.startswith("--") or not text or (parameter.choices and text not in parameter.choices):
        return None
    if parameter.type is str:
        return text
    if not (text.isascii() and text.isdecimal()) or len(text) > 18:
        return None
    least, most = parameter.least or 0, parameter.most or 10**18
    return int(text) if least <= int(text) <= most else None


def execute(command: Command, values: dict[str, Any]) -> int:
    """Runs a command: what it returns goes to stdout, one clear message to stderr if it cannot; returns the exit code."""
    try:
        _print(command.run(**values))
    except BackcheckError as error:
        file = values.get("file", "") if not isinstance(error, BadProblem | BadArgument) else ""
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
    return 0


def _complain(says: str) -> None:
    encoding = sys.stderr.encoding or "ascii"
    print(says.encode(encoding, "replace").decode(encoding), file=sys.stderr)


def _print(text: str) -> None:
    """To stdout; where it cannot show a sign, in the nearest ASCII."""
    text = text.rstrip("\n") + "\n"
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        from backcheck.spelling import to_ascii

        text = to_ascii(text)
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
