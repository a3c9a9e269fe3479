"""The command line → a command and its arguments.

A plain, complete line is read here, because importing Typer takes half as long as importing NumPy. Help, completion, and
every line with something wrong in it are Typer's; a test holds the two readers against each other.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from itertools import pairwise
from typing import Any, NoReturn

from backcheck.commands import COMMANDS, Command, Parameter
from backcheck.outcome import INTERRUPTED, cannot_write, execute


def main() -> NoReturn:
    """The command `backcheck`."""
    signal.signal(signal.SIGINT, _interrupted)
    gc.set_threshold(100_000)  # a short command need not look for cycles of objects
    sys.argv[1:] = completed(sys.argv[1:])
    found = plain(sys.argv[1:]) if "_BACKCHECK_COMPLETE" not in os.environ else None
    if found:
        os._exit(execute(*found))  # everything is written; taking NumPy's modules apart would cost a fifth of the whole time
    from backcheck.typer_app import app

    try:
        app(prog_name="backcheck")
    except OSError as error:
        os._exit(cannot_write(error))
    sys.exit(0)


def _interrupted(*_: object) -> None:
    """Ctrl-C ends a command at once, wherever it is, even half-way through an import."""
    os.write(2, b"interrupted\n")
    os._exit(INTERRUPTED)


def plain(words: list[str]) -> tuple[Command, dict[str, Any]] | None:
    """The command and its arguments, if every word is exactly as it should be."""
    command = COMMANDS.get(words[0]) if words else None
    if command is None:
        return None
    options = {name: p for p in command.parameters if not p.argument for name in (p.option, p.short) if name}
    values: dict[str, Any] = {p.name: () if p.many else p.default for p in options.values()}
    arguments = [p for p in command.parameters if p.argument]
    values |= {p.name: p.default for p in arguments if p.default is not None}
    rest = iter(words[1:])
    for word in rest:
        name, equals, text = word.partition("=")
        if name in options:
            parameter = options[name]
            text = text if equals else "" if parameter.type is bool else next(rest, "--")
        elif arguments and (word == "-" or not word.startswith("-")):
            parameter, text = arguments[0], word
            if not parameter.many:
                arguments.pop(0)
        else:
            return None
        if parameter.type is bool and not equals:
            values[parameter.name] = True
        elif (value := _value(parameter, text)) is None:
            return None
        else:
            values[parameter.name] = (*values.get(parameter.name, ()), value) if parameter.many else value
    return (command, values) if all(p.name in values for p in arguments) else None


def completed(words: list[str]) -> list[str]:
    """The words of a command line, with what an option means that nothing follows: `--plot` is `--plot=terminal`."""
    command = COMMANDS.get(words[0]) if words else None
    bare = {p.option: p.bare for p in command.parameters if p.bare} if command else {}
    return [f"{word}={bare[word]}" if word in bare and after.startswith("-") else word for word, after in pairwise([*words, "--"])]


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
