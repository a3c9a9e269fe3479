"""A judged derivation → the JSON of `backcheck prove`; numbers stay texts, exact and as decimals."""

from __future__ import annotations

import json
from typing import Any

from backcheck.proving.reading.source import Source
from backcheck.proving.verdict import Counterexample, Derivation, Judged
from backcheck.writing.proofs import Look, Table


def written(derivation: Derivation, source: Source | None, look: Look) -> str:  # noqa: ARG001 - all formats take the same
    """The document."""
    first = derivation.first_wrong
    document = {
        "format": "backcheck.prove",
        "version": 1,
        "title": derivation.title,
        "first_wrong": first.line if first else None,
        "lines": [_line(line) for line in derivation.lines],
        "remarks": derivation.remarks,
        "faults": derivation.faults,
    }
    return json.dumps(document, indent=1, allow_nan=False)


def _line(line: Judged) -> dict[str, Any]:
    return {
        "line": line.line,
        "text": line.text,
        "verdict": line.verdict,
        "counterexample": line.counterexample and _counterexample(line.counterexample),
        "suggestions": [suggestion._asdict() for suggestion in line.suggestions],
        "understood": line.echo or None,
        "says": line.says or None,
        "slip": line.slip or None,
        "needs": line.needs,
        "remarks": line.remarks,
        "rule": line.rule or None,
        "reason": line.reason or None,
        "column": line.column or None,
        "way_out": line.way_out or None,
        "values": [{"side": side, "value": value} for side, value in line.values],
    }


def _counterexample(found: Counterexample) -> dict[str, Any]:
    return {
        "sizes": dict(found.sizes),
        "indices": dict(found.indices),
        "values": {name: number._asdict() for name, number in found.values},
        "sign": found.sign,
        "left": found.left._asdict(),
        "right": found.right._asdict(),
    }


def rules(table: Table, look: Look) -> str:  # noqa: ARG001 - all formats take the same
    """The table of rules: its first row names the columns."""
    header, *rows = table
    document = {"format": "backcheck.rules", "version": 1, "rules": [dict(zip(header, row, strict=True)) for row in rows]}
    return json.dumps(document, indent=1)
