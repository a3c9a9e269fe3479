"""What `explain` has found → text, JSON, and the first part of a page; it proves nothing itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from typing import Any

from backcheck.reasons.finding import Claim, Finding
from backcheck.spelling import SCREEN, Figures, Spelling
from backcheck.training.run import Run
from backcheck.writing.curves import printable
from backcheck.writing.text import Draw
from backcheck.writing.training.json import finite, side_by_side
from backcheck.writing.training.text import Writer, several

HEADINGS = {
    "proven": "Proven",
    "measured": "Measured",
    "tried": "Tried, one change at a time",
}
BECAUSE = {"proven": "Proof", "measured": "Measured", "tried": "Seen"}
MOST_NAMES = 12
NOTHING = "Nothing was found that would keep this network from learning."


def text(
    title: str,
    about: list[str],
    findings: list[Finding],
    claims: list[Claim],
    tried: list[Run],
    figures: Figures = Figures(digits=6),  # noqa: B008 - never changed
    width: int = 100,
    draw: Draw | None = None,
    spelling: Spelling = SCREEN,
    unexplained: str = "",
) -> str:
    """What is proven before what is measured, then what was tried, with its runs ranked and drawn; the claims last."""
    writer = Writer(figures, width, draw, spelling)
    parts = ["\n".join([*writer.lines(title or "Explain"), *(line for says in about for line in writer.lines(says, "· ", "  "))])]
    for verdict, heading in HEADINGS.items():
        of = [finding for finding in findings if finding.verdict == verdict]
        parts += ["\n\n".join([writer.sentence(heading), *(_finding(finding, writer) for finding in of)])] if of else []
    parts += several(tried, writer) if tried else []
    nothing = f"No cause was found, but {unexplained}." if unexplained else NOTHING
    parts += [writer.sentence(nothing)] if not any(finding.verdict != "tried" for finding in findings) else []
    parts += [_claims(claims, writer)] if claims else []
    return writer.screen.say("\n\n".join(parts))


def _finding(finding: Finding, writer: Writer) -> str:
    """The sentence, its reasons one to a line, its conditions and its source."""
    lines = writer.lines(f"[{finding.id}] {finding.says}", "  ", "    ")
    if finding.because:
        lines += writer.lines(f"{BECAUSE[finding.verdict]}:", "    ", "    ")
    after = "         " if finding.verdict == "proven" else "        "  # the lines of a proof are numbered
    for reason in finding.because:
        lines += writer.lines(reason, "      ", after)
    if finding.follows:
        lines += writer.lines(f"So these never move: {_some(finding.follows)}.", "    ", "      ")
    lines += writer.lines(f"Provided that: {'; '.join(finding.provided)}.", "    ", "      ") if finding.provided else []
    lines += writer.lines(f"Source: {finding.source}", "    ", "      ") if finding.source else []
    return "\n".join(lines)


def _some(names: tuple[str, ...]) -> str:
    more = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def _claims(claims: list[Claim], writer: Writer) -> str:
    rows = [[claim.says, verdict_says(claim, writer.number), "\n".join(claim.because)] for claim in claims]
    return writer.table("Claims of the file", ["claim", "verdict", "because"], rows)


def verdict_says(claim: Claim, number: Any) -> str:
    """
    >>> verdict_says(Claim("W1 never changes", "refuted", 3, 0.25), str)
    'refuted at epoch 3: 0.25'
    """
    where = f" at epoch {claim.epoch:,}" if claim.epoch is not None else ""
    return claim.verdict + where + (f": {number(claim.value)}" if claim.value is not None else "")


def as_json(title: str, about: list[str], findings: list[Finding], claims: list[Claim], tried: list[Run]) -> str:
    """The document, with the runs that were tried as `train` writes several."""
    document = {
        "format": "backcheck.explain",
        "version": 1,
        "title": title,
        "conventions": about,
        "findings": [finding._asdict() for finding in findings],
        "claims": [claim._asdict() | {"value": finite(claim.value)} for claim in claims],
        **(side_by_side(tried) if tried else {}),
    }
    return json.dumps(document, indent=1, allow_nan=False)


def html(findings: list[Finding], claims: list[Claim]) -> Iterator[str]:
    """Findings and claims as a part of a page."""
    for verdict, heading in HEADINGS.items():
        of = [finding for finding in findings if finding.verdict == verdict]
        if of:
            yield f"<h2>{heading}</h2>"
            yield from map(_block, of)
    if claims:
        yield "<h2>Claims of the file</h2>"
        yield "<ul>"
        yield from (f"<li>{_claim(claim)}</li>" for claim in claims)
        yield "</ul>"


def _block(finding: Finding) -> str:
    items = "".join(f"<li>{_text(reason)}</li>" for reason in finding.because)
    lines = [
        f'<p><strong>{_text(finding.says)}</strong> <span class="verdict">{_text(finding.id.replace("_", " "))}</span></p>',
        f'<ul class="{finding.verdict}">{items}</ul>' if items else "",
        f"<p>So these never move: {_text(_some(finding.follows))}.</p>" if finding.follows else "",
        f'<p class="note">Provided that: {_text("; ".join(finding.provided))}.</p>' if finding.provided else "",
        f'<p class="note">Source: {_text(finding.source)}</p>' if finding.source else "",
    ]
    return f'<div class="finding">{"".join(lines)}</div>'


def _claim(claim: Claim) -> str:
    says = verdict_says(claim, Figures(digits=6))
    because = f'<p class="note">{_text(" ".join(claim.because))}</p>' if claim.because else ""
    return f'“{_text(claim.says)}”: <span class="verdict">{_text(says)}</span>{because}'


def _text(text: str) -> str:
    return escape(printable(text))
