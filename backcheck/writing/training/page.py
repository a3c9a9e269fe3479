"""Runs and reasons → one page of HTML that needs nothing else, with no script in it, for light and dark; every text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from backcheck.reasons.finding import Claim, Finding
from backcheck.spelling import SCREEN, Figures
from backcheck.training.run import Run
from backcheck.writing.curves import printable
from backcheck.writing.training import explained, results
from backcheck.writing.training.chart import Chart
from backcheck.writing.training.curves import charts, compared
from backcheck.writing.training.facts import in_common, of_its_own
from backcheck.writing.training.page_style import STYLE
from backcheck.writing.training.ranking import ranking
from backcheck.writing.training.svg import figure, style

MOST_IN_FULL = 12  # runs with pictures of their own
NOTHING_FROM_ELSEWHERE = "default-src 'none'; style-src 'unsafe-inline'"


def figures(value: float) -> str:
    return SCREEN.number(Figures(digits=6)(value))


def page(
    runs: list[Run], findings: Iterable[Finding] = (), claims: Iterable[Claim] = (), title: str = "", about: list[str] | None = None
) -> str:
    """The whole report; `about` takes the place of the facts about the first run."""
    title = printable(title or (runs[0].sheet.title if runs else "") or "Training")
    findings, claims = list(findings), list(claims)
    says = about if about is not None else in_common(runs) if runs else []
    body = [f"<h1>{escape(title)}</h1>", *_list(says), *explained.html(findings, claims)]
    body += ["<h2>What became of it</h2>", *_one(runs[0])] if len(runs) == 1 else _several(runs) if runs else []
    head = [
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta http-equiv="Content-Security-Policy" content="{NOTHING_FROM_ELSEWHERE}">',
        f"<title>{escape(title)}</title>",
        f"<style>\n{STYLE}\n{style()}\n</style>",
    ]
    return "\n".join(["<!DOCTYPE html>", '<html lang="en">', "<head>", *head, "</head>", "<body>", *body, "</body>", "</html>", ""])


def _list(sentences: list[str]) -> list[str]:
    return ['<ul class="facts">', *(f"<li>{_text(sentence)}</li>" for sentence in sentences), "</ul>"] if sentences else []


def _text(text: str) -> str:
    """Escaped, and nothing in it moves the cursor."""
    return escape(printable(text))


def _one(run: Run) -> Iterator[str]:
    """What has become of a run, its pictures and its numbers."""
    yield from (f"<p>{_text(sentence)}</p>" for sentence in results.outcome(run, figures))
    yield from _charts([chart for parts in charts(run).values() for chart in parts])
    if not run.watched:
        yield '<p class="note">There are too many trainable numbers to draw a line for each.</p>'
    yield from table("Some epochs", *results.epochs(run, figures))
    header, rows = results.layers(run, figures)
    yield from table("Layers, at the start and at the end", header, rows)
    if found := results.listed(run, figures):
        yield from table("Parameters at the end", ["", ""], [[row[0], ", ".join(row[1:])] for row in found])


def _several(runs: list[Run]) -> Iterator[str]:
    """Side by side, and each by itself for who wants to see it, in the order of their ranks."""
    says, header, rows = results.ranked(runs, figures)
    yield from table("Runs side by side", header, rows)
    yield f'<p class="note">{_text(says)}.</p>'
    yield from (f"<p>{_text(remark)}</p>" for remark in results.remarks(runs))
    yield from _charts(compared(runs))
    for place in ranking(runs)[:MOST_IN_FULL]:
        yield f"<details><summary>{place.rank}. {_text(place.run.name)}</summary>"
        yield from _list(of_its_own(place.run, runs))
        yield from _one(place.run)
        yield "</details>"
    if len(runs) > MOST_IN_FULL:
        yield f'<p class="note">Only the {MOST_IN_FULL} best of {len(runs)} runs are shown by themselves.</p>'


def _charts(found: list[Chart]) -> list[str]:
    return ['<div class="charts">', *map(figure, found), "</div>"]


def table(title: str, header: list[str], rows: list[list[str]]) -> Iterator[str]:
    """A table under its heading."""
    if not rows:
        return
    yield f"<h2>{_text(title)}</h2>"
    yield '<div class="wide"><table>'
    if any(header):
        yield "<thead><tr>" + "".join(f'<th scope="col">{_text(SCREEN.name(cell))}</th>' for cell in header) + "</tr></thead>"
    cells = ("".join(f"<td>{_text(cell)}</td>" for cell in row) for row in rows)
    yield from ("<tbody>", *(f"<tr>{row}</tr>" for row in cells), "</tbody></table></div>")
