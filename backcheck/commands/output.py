"""How a command shows what it has found: the width of the screen, its signs, colours, files; it knows no problem."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

from backcheck.errors import CannotWrite

if TYPE_CHECKING:
    from backcheck.spelling import Spelling
    from backcheck.writing.text import Draw

NARROWEST = 24  # a terminal narrower than this wraps lines itself
PIPED_WIDTH = 100  # columns where there is no terminal and COLUMNS is not set


def width() -> int:
    """Columns of the terminal."""
    return max(NARROWEST, shutil.get_terminal_size((PIPED_WIDTH, 24)).columns)


def look() -> tuple[Draw | None, Spelling]:
    """How tables are drawn here (None: in plain lines), and the signs that formulas are spelled with."""
    from backcheck.spelling import PLAIN, SCREEN

    if not shows_signs():
        return None, PLAIN
    if not colour():
        return None, SCREEN
    from backcheck.writing.colour import drawer

    return drawer(width()), SCREEN


def shows_signs() -> bool:
    """Whether standard output knows the signs of mathematics."""
    try:
        "∂σ−·η′²ΣΦφ½→─╭".encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def colour() -> bool:
    """Colours on a terminal, unless NO_COLOR or TERM=dumb; elsewhere only if FORCE_COLOR asks for them."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout.isatty() or os.environ.get("FORCE_COLOR", "0") not in ("", "0")


def write(path: str, content: bytes) -> None:
    """A picture goes to its file."""
    try:
        with open(path, "wb") as file:
            file.write(content)
    except (OSError, ValueError) as error:
        raise CannotWrite(f"{path}: the file cannot be written: {getattr(error, 'strerror', None) or error}") from None
