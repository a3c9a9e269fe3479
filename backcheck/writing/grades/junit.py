"""Graded submissions → JUnit XML as GitHub, GitLab and Jenkins read it: a suite for each submission, a test for each number."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from backcheck.grading.result import MISSING, NOT_JUDGED, UNREADABLE, WRONG, CellMark, Result
from backcheck.writing.grades import words
from backcheck.writing.grades.about import About

OUTCOMES = {WRONG: "failure", UNREADABLE: "error", MISSING: "skipped", NOT_JUDGED: "skipped"}
COUNTED = {"failure": "failures", "error": "errors", "skipped": "skipped"}


def text(results: Sequence[Result], about: About) -> str:
    """The document; names are unique, as GitLab drops a test whose name comes again."""
    names = words.unique(words.called(result) for result in results)
    suites = [_suite(result, name) for result, name in zip(results, names, strict=True)]
    root = ET.Element("testsuites", {"name": words.visible(about.title or about.problem or "backcheck"), **_totals(suites)})
    root.extend(suites)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _totals(suites: Sequence[ET.Element]) -> dict[str, str]:
    counts = {key: str(sum(int(suite.attrib[key]) for suite in suites)) for key in ("tests", *COUNTED.values())}
    return {**counts, "time": "0"}


def _suite(result: Result, name: str) -> ET.Element:
    """A submission, with its score where programs and where people look for it."""
    suite = ET.Element("testsuite", name=name)
    scores = {"score": result.score, "max_score": result.out_of, "share": result.share}
    properties = ET.SubElement(suite, "properties")
    for key, value in scores.items():
        ET.SubElement(properties, "property", name=key, value=str(words.number(value)))
    tests = _tests(result, name)
    suite.extend(tests)
    outcomes = [outcome.tag for test in tests for outcome in test]
    suite.attrib |= {"tests": str(len(tests)), **{key: str(outcomes.count(tag)) for tag, key in COUNTED.items()}, "time": "0"}
    ET.SubElement(suite, "system-out").text = words.unreadable(result) or f"{words.score(result)}: {words.tally(result)}"
    return suite


def _tests(result: Result, suite: str) -> list[ET.Element]:
    if result.fault:
        test = ET.Element("testcase", classname=suite, name="the file", file=words.visible(result.file), time="0")
        test.attrib["line"] = str(result.fault.line)
        _outcome(test, "error", words.visible(result.fault.says), UNREADABLE, words.unreadable(result))
        return [test]
    names = words.unique(words.visible(mark.name) for mark in result.cells)
    return [_test(mark, name, suite, result) for mark, name in zip(result.cells, names, strict=True)]


def _test(mark: CellMark, name: str, suite: str, result: Result) -> ET.Element:
    """A number; what is said of a right one is its output."""
    test = ET.Element("testcase", classname=suite, name=name, file=words.visible(result.file), time="0")
    if mark.line is not None:
        test.attrib["line"] = str(mark.line)
    if mark.verdict in OUTCOMES:
        because = words.because(mark) or words.SAID[mark.verdict]
        _outcome(test, OUTCOMES[mark.verdict], because, mark.verdict, words.body(mark) or because)
    elif words.because(mark):
        ET.SubElement(test, "system-out").text = words.body(mark)
    return test


def _outcome(test: ET.Element, tag: str, message: str, kind: str, text: str) -> None:
    """GitLab shows the text, others the message."""
    ET.SubElement(test, tag, message=message, type=kind).text = text
