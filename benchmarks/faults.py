"""Which tool names the fault that was planted in a network: python benchmarks/faults.py [--list]

Every file of benchmarks/faults is trained as it says. backcheck explains it; beside it the published rules of four tools look
at the same training, collected by an observer that is none of backcheck's own. A cause counts as named if any message names it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from timing import table  # first, because it sets the number of threads

# isort: split
from published_rules import autotrainer, deepdiagnosis, thedeepchecker, umlaut
from published_rules.record import Runs, runs
from published_rules.rule import Message

from backcheck import api
from backcheck.reasons.finding import Finding

FOLDER = Path(__file__).with_name("faults")
TWIN = "-healthy"
TOLD = ("proven", "measured")  # verdicts that are messages; what was tried is a remedy
OTHERS: dict[str, Callable[[Runs], list[Message]]] = {
    "UMLAUT": umlaut.messages,
    "DeepDiagnosis": deepdiagnosis.messages,
    "AUTOTRAINER": autotrainer.messages,
    "TheDeepChecker": thedeepchecker.messages,
}
IDS = (
    *("identical_units", "frozen", "dead_units", "softmax_of_one", "may_revive", "saturated", "vanishing", "exploding"),
    *("rate_too_low", "rate_too_high", "wrong_loss", "target_out_of_range", "inputs_unscaled", "overfitting"),
)


class Judged(NamedTuple):
    """What one tool said of one file, and whether that names its fault; `fault` is none for a healthy one."""

    file: str
    fault: str
    says: list[str]
    right: int  # of the messages

    @property
    def named(self) -> bool:
        return self.right > 0


def problems() -> list[Path]:
    """All problem files, the faulty ones and their twins."""
    return sorted(FOLDER.glob("*.yaml"))


def fault(path: Path) -> str:
    """The id in the first line, `# fault: dead_units`; none for a healthy file."""
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    return first.removeprefix("# fault: ")


def found(path: Path) -> list[Finding]:
    """What backcheck says of a file: what is proven and what is measured, remedies aside."""
    return [finding for finding in api.explain(path).findings if finding.verdict in TOLD]


def judged(path: Path, messages: Iterable[tuple[str, tuple[str, ...]]]) -> Judged:
    said = list(messages)
    return Judged(path.stem, fault(path), [says for says, _ in said], sum(fault(path) in names for _, names in said))


def by_backcheck(path: Path) -> Judged:
    return judged(path, [(finding.id, (finding.id,)) for finding in found(path)])


def by_others(path: Path) -> dict[str, Judged]:
    """All four on one and the same training."""
    seen = runs(*api.load_with_training(path))
    return {tool: judged(path, messages(seen)) for tool, messages in OTHERS.items()}


def shares(results: list[Judged]) -> list[str]:
    """Right cause named; messages on faulty files that name it; healthy files with any message."""
    faulty, healthy = [one for one in results if one.fault != "none"], [one for one in results if one.fault == "none"]
    messages = sum(len(one.says) for one in faulty)
    parts = [
        (sum(one.named for one in faulty), len(faulty)),
        (sum(one.right for one in faulty), messages),
        (sum(bool(one.says) for one in healthy), len(healthy)),
    ]
    return [f"{part} of {whole} = {100 * part / whole:.1f} %" if whole else "none" for part, whole in parts]


def main() -> None:
    results: dict[str, list[Judged]] = {tool: [] for tool in ("backcheck", *OTHERS)}
    for path in problems():
        for tool, one in {"backcheck": by_backcheck(path), **by_others(path)}.items():
            results[tool].append(one)
    header = ["tool", "right cause named", "messages that name the cause", "healthy with an alarm"]
    table("Planted faults and their healthy twins", header, [[tool, *shares(every)] for tool, every in results.items()])
    table("Right cause named, by the fault that was planted", ["fault", *results], [_by_id(id_, results) for id_ in IDS])
    _tell("backcheck missed", [one for one in results["backcheck"] if one.fault != "none" and not one.named])
    _tell("backcheck raised a false alarm on", [one for one in results["backcheck"] if one.fault == "none" and one.says])
    if "--list" in sys.argv:
        for tool, every in results.items():
            _tell(f"everything that {tool} said", every)


def _by_id(id_: str, results: dict[str, list[Judged]]) -> list[str]:
    ours = {tool: [one.named for one in every if one.fault == id_] for tool, every in results.items()}
    return [id_, *(f"{sum(named)} of {len(named)}" for named in ours.values())]


def _tell(title: str, some: list[Judged]) -> None:
    print(f"\n{title}: {len(some) or 'none'}")
    for one in some:
        print(f"  {one.file}: {'; '.join(one.says) or 'nothing said'}")


if __name__ == "__main__":
    main()
