"""The commands as a Typer app: help, shell completion, and a clear word on every command line that is not plain."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from enum import Enum
from typing import Annotated, Any

import typer

from backcheck import __version__
from backcheck.commands import COMMANDS, Command, Parameter
from backcheck.outcome import execute

EXIT_CODES = (
    "Exit codes: 0 all is right; 1 something checked is wrong; 2 the command line or the problem file is unusable; "
    "3 an answers file is unreadable (the others are graded) or a line of a derivation is not understood; "
    "4 a fault of backcheck itself; 130 interrupted."
)

app = typer.Typer(
    help="Verify backpropagation worked by hand.",
    epilog=EXIT_CODES,
    rich_markup_mode=None,  # importing rich for --help would take as long again
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"backcheck {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    pass


def _function(command: Command) -> Callable[..., None]:
    """A function with the signature that Typer reads a command from."""

    def run(**values: Any) -> None:
        plain = {name: value.value if isinstance(value, Enum) else value for name, value in values.items()}
        plain |= {p.name: tuple(plain[p.name] or ()) for p in command.parameters if p.many}
        raise typer.Exit(execute(command, plain))

    parameters = [_parameter(parameter) for parameter in command.parameters]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run


def _parameter(parameter: Parameter) -> inspect.Parameter:
    kind: Any = Enum("Choice", {c: c for c in parameter.choices}, type=str) if parameter.choices else parameter.type
    default: Any = parameter.default
    if parameter.many:
        kind = list[kind]
    if parameter.argument:
        told = typer.Argument(metavar=parameter.metavar, help=parameter.help)
        default = inspect.Parameter.empty if default is None else default
    else:
        names = filter(None, (parameter.option, parameter.short))
        told = typer.Option(*names, metavar=parameter.metavar, help=parameter.help, min=parameter.least, max=parameter.most)
        kind = kind if default is not None else kind | None
        default = kind(default) if parameter.choices and default is not None else default
    annotation = Annotated[kind, told]
    return inspect.Parameter(parameter.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


for _command in COMMANDS.values():
    app.command(_command.name, help=_command.help)(_function(_command))
