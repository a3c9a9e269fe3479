"""What an exercise cannot show, as text or JSON; it finds nothing itself."""

from __future__ import annotations

import json

from backcheck.marking.lint import Finding
from backcheck.writing.text import wrapped

SHOWN = 8  # cells named in a line


def text(findings: list[Finding], decimals: int, width: int = 100) -> str:
    """The findings, under what would mend them."""
    if not findings:
        return f"With {_decimals(decimals)}, every mistake that is known here shows, and each one differently."
    lines = [f"What this exercise cannot show with {_decimals(decimals)}:"]
    for suggests in dict.fromkeys(finding.suggests for finding in findings):
        lines += ["", f"Brought out by {suggests}" if suggests else "Brought out by no change of a single number that was tried"]
        for finding in findings:
            if finding.suggests == suggests:
                first, *rest = wrapped(_sentence(finding), width - 4, between_words=True)
                lines += [f"  · {first}", *(f"    {line.strip()}" for line in rest)]
    return "\n".join(lines)


def _sentence(finding: Finding) -> str:
    match finding.id:
        case "same_digits":
            return f"these, which leave the same digits: {finding.says}"
        case "rounds_to_zero":
            return f"{finding.says}: {_listed(finding.cells)}"
    return finding.says + (f" ({finding.because})" if finding.because else "")


def _listed(cells: tuple[str, ...]) -> str:
    more = f" and {len(cells) - SHOWN} more" if len(cells) > SHOWN else ""
    return ", ".join(cells[:SHOWN]).replace("dL/d", "∂L/∂") + more


def _decimals(decimals: int) -> str:
    return f"{decimals} decimal{'' if decimals == 1 else 's'}"


def as_json(findings: list[Finding], decimals: int) -> str:
    """The document of `backcheck check --lint`."""
    found = [finding._asdict() for finding in findings]
    return json.dumps({"format": "backcheck.lint", "version": 1, "decimals": decimals, "findings": found}, indent=1)
