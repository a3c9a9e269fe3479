"""An expression and its values as they are typed on a command line → the worksheet they describe."""

from __future__ import annotations

from backcheck.arithmetic import NotArithmetic, number, parse_typed
from backcheck.catalogue import ACTIVATIONS, LOSSES
from backcheck.cells import IDENTIFIER
from backcheck.errors import BadArgument, did_you_mean
from backcheck.formula import cells
from backcheck.functions import TYPED


def problem_text(expression: str, at: str | None) -> str:
    """The problem file that says the same.

    >>> print(problem_text("ln(x) + y", "x=1, y=1/2"))
    expression: ln(x) + y
    at:
      x: 1
      y: 1/2
    """
    values = _values(at or "")
    if IDENTIFIER.fullmatch(expression) and expression not in values:
        raise BadArgument(f"{expression!r} is no file, and no activation or loss; {_known(expression)}")
    read = variables(expression)
    missing = [name for name in read if name not in values]
    if missing:
        wanted = ",".join(f"{name}=1" for name in missing)
        raise BadArgument(f"{', '.join(missing)} {'has' if len(missing) == 1 else 'have'} no value: give --at {wanted}")
    unread = [name for name in values if name not in read]
    if unread:
        raise BadArgument(
            f"--at gives {unread[0]!r} a value, which the expression does not read; {did_you_mean(unread[0], read)}".rstrip("; ")
        )
    return "\n".join([f"expression: {expression.strip()}", "at:", *(f"  {name}: {text}" for name, text in values.items())])


def variables(expression: str) -> list[str]:
    """The names in an expression, in the order they are read."""
    try:
        return list(dict.fromkeys(cells(parse_typed(expression, None, TYPED))))
    except NotArithmetic as error:
        shown = expression if len(expression) <= SHOWN else expression[:SHOWN] + "…"
        raise BadArgument(f"{shown!r} is no expression: column {error.column + 1}: {error}; {OTHERS}") from None


def _values(at: str) -> dict[str, str]:
    """`x=1,y=3` as names and numbers."""
    values: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in at.split(","))):
        name, equals, text = (piece.strip() for piece in part.partition("="))
        if not equals or not IDENTIFIER.fullmatch(name) or number(text) is None:
            raise BadArgument(f"--at should be like x=1,y=0.5, not {part!r}")
        if name in values:
            raise BadArgument(f"--at gives {name} two values")
        values[name] = text
    return values


SHOWN = 60  # signs of an expression that is quoted
OTHERS = "give a file, an expression like 'ln(x) + exp(y)*z', or the name of an activation or a loss"


def _known(source: str) -> str:
    """What else could have been meant."""
    return did_you_mean(source, [*ACTIVATIONS, *LOSSES]) or OTHERS
