"""What `train` and `explain` write of runs: on the screen, as pictures, a page, numbers; they make no runs."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from backcheck.classroom.whole import write_whole
from backcheck.commands.output import look, width
from backcheck.errors import BadArgument, CannotWrite

if TYPE_CHECKING:
    from backcheck.training.run import Run


def shown(runs: list[Run], format: str) -> str:
    if format == "json":
        from backcheck.writing.training.json import as_json

        return as_json(runs)
    if format == "csv":
        from backcheck.writing.training.csv import as_csv

        return as_csv(runs)
    from backcheck.spelling import Figures
    from backcheck.writing.training.text import text

    return text(runs, Figures(digits=6), width(), *look())


def write_reports(runs: list[Run], plot: str | None, picture: str, html: str | None, csv: str | None) -> None:
    """Pictures, the page and the numbers, each into its file."""
    if plot:
        from backcheck.writing.training.pictures import pictures

        _make_folder(plot)
        for name, content in pictures(runs, picture).items():  # type: ignore[arg-type]  # the choices of the option are the kinds
            write_whole(os.path.join(plot, name), [content])
    if html:
        from backcheck.writing.training.page import page

        write_whole(html, [page(runs).encode()])
    if csv:
        from backcheck.writing.training.csv import as_csv

        write_whole(csv, [as_csv(runs).encode()])


def check_places(problem: str, plot: str | None, written: dict[str, str | None]) -> None:
    """Before anything is trained: a folder that can hold the pictures, and files that are not the problem, nor each other."""
    taken = {_real(problem): "the problem file itself"}
    for option, path in written.items():
        if path and _real(path) in taken:
            raise BadArgument(f"--{option} {path} would write over {taken[_real(path)]}")
        if path:
            taken[_real(path)] = f"what --{option} writes"
    if plot and os.path.exists(plot) and not os.path.isdir(plot):
        raise CannotWrite(f"{plot}: this is no folder; --plot takes the folder that the pictures are drawn into")
    above = os.path.dirname(os.path.abspath(plot)) if plot else ""
    if plot and not os.path.isdir(above):
        raise CannotWrite(f"{plot}: there is no folder {above}")


def _real(path: str) -> str:
    try:
        return os.path.realpath(path)
    except ValueError:  # a NUL in the name: told when it is opened
        return path


def _make_folder(path: str) -> None:
    try:
        with suppress(FileExistsError):
            os.mkdir(path)
    except OSError as error:
        raise CannotWrite(f"{path}: the folder cannot be made: {error.strerror}") from None
