"""`backcheck explain`."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import backcheck.commands.threads  # noqa: F401 - before NumPy is imported
from backcheck.commands import Answer
from backcheck.commands.output import look, width
from backcheck.commands.problems import given_problem
from backcheck.commands.training_reports import check_places, write_reports
from backcheck.errors import BadArgument

if TYPE_CHECKING:
    from backcheck.reasons.explain import Explained
    from backcheck.training.plan import Plan
    from backcheck.worksheet import Worksheet


def explain(
    file: str,
    rate: str | None,
    epochs: str | None,
    expect: list[str],
    proofs: bool,
    question: str | None,
    plot: str | None,
    html: str | None,
    exit_zero: bool,
    format: str,
) -> Answer:
    """What was found, and whether every claim stands."""
    from backcheck.problem.options import with_options

    said = {key: text for key, text in {"rate": rate, "epochs": epochs}.items() if text is not None}
    found = with_options(given_problem(file, to_explain=True), said)
    if not found.blank.names.output:
        raise BadArgument(f"{found.file}: explain is about the training of a network; this is an expression")
    _check_together(question, {"--expect": expect, "--proofs": proofs, "--plot": plot, "--html": html}, "--question")
    _check_together(proofs, {"--plot": plot}, "--proofs")
    check_places(file, plot, {"html": html})
    from backcheck.api import completed
    from backcheck.training.plan import Plan

    sheet, plan = completed(found), found.plan or Plan()
    if question:
        return Answer(_answered(sheet, plan, question, format))
    from backcheck.reasons.explain import explain as explained
    from backcheck.writing.training.live import busy

    with nullcontext() if proofs else busy("training, and trying remedies"):
        result = explained(sheet, plan, found.claims, _frozen(expect), proofs)
    _write(result, plot, html)
    return Answer(_shown(result, format), right=exit_zero or not result.refuted, note=result.note)


def _check_together(one: object, others: dict[str, object], called: str) -> None:
    """Options that would be left out without a word."""
    if one and (other := next((name for name, value in others.items() if value), "")):
        raise BadArgument(f"{called} and {other} cannot stand together: ask for one after the other")


def _frozen(expect: list[str]) -> list[str]:
    """The names in frozen=W1,b1, each once."""
    from backcheck.problem.options import at_commas

    names: list[str] = []
    for text in expect:
        key, equals, after = text.partition("=")
        inside = [name.strip() for name in at_commas(after)]
        if key.strip() != "frozen" or not equals or not all(inside):
            raise BadArgument(f"--expect should be like frozen=W1,b1,W2, not {text[:60]!r}")
        names += inside
    return list(dict.fromkeys(names))


def _answered(sheet: Worksheet, plan: Plan, question: str, format: str) -> str:
    from backcheck.reasons.concepts import QUESTIONS
    from backcheck.writing.training import concepts

    answer = QUESTIONS[question](sheet, plan)
    return concepts.as_json(answer) if format == "json" else concepts.text(answer, width(), look()[0])


def _shown(result: Explained, format: str) -> str:
    from backcheck.spelling import Figures
    from backcheck.writing.training import explained

    title, about = result.sheet.title, _about(result)
    if format == "json":
        return explained.as_json(title, about, result.findings, result.claims, result.runs)
    return explained.text(
        title, about, result.findings, result.claims, result.runs, Figures(digits=6), width(), *look(), result.unexplained
    )


def _about(result: Explained) -> list[str]:
    """The conventions, and how the loss bends where it begins."""
    from backcheck.writing.training.facts import facts

    return [*facts(result.sheet, result.plan), *([result.curvature] if result.curvature else [])]


def _write(result: Explained, plot: str | None, html: str | None) -> None:
    if html:
        from backcheck.classroom.whole import write_whole
        from backcheck.writing.training.page import page

        write_whole(html, [page(result.runs, result.findings, result.claims, result.sheet.title, _about(result)).encode()])
    if plot and result.runs:
        write_reports(result.runs, plot, "png", None, None)
