"""The section `variants:` of a problem file: a list of changes, each with a name; it changes nothing itself."""

from __future__ import annotations

from typing import NamedTuple

from backcheck.errors import did_you_mean
from backcheck.problem.changes import with_pairs
from backcheck.problem.reading import Reading
from backcheck.problem.text import Map, Node, Scalar, kind

MOST = 100


class Variant(NamedTuple):
    """What a run is called, and the changes that make it, one after the other."""

    name: str
    changes: tuple[Map, ...]


def variants(node: Node | None, reading: Reading) -> list[Variant]:
    """One for each item; `after: NAME` goes on from another one that stands before it."""
    items = reading.list(node, "variants") if node is not None else None
    found: list[Variant] = []
    for count, item in enumerate(items or (), 1):
        if not isinstance(item, Map):
            reading.fault(
                item, f"variant {count} should be a mapping of what changes, not {kind(item)}", "- {name: faster, rate: 0.1}"
            )
            continue
        if count > MOST:
            reading.fault(item, f"there are more than {MOST} variants")
            break
        found.append(_variant(item, count, found, reading))
    return found


def _variant(item: Map, count: int, before: list[Variant], reading: Reading) -> Variant:
    own = with_pairs(item, [(key, value) for key, value in item.pairs if key.text not in ("name", "after")])
    name = reading.text(item.get("name"), "name") or _called(own) or f"variant {count}"
    if any(name == other.name for other in before):
        reading.fault(item.get("name") or item, f"two variants are called {name!r}", "give each a name of its own")
    return Variant(name, (*_base(item.get("after"), before, reading), own))


def _base(after: Node | None, before: list[Variant], reading: Reading) -> tuple[Map, ...]:
    """The changes that the ones here come after."""
    if after is None:
        return ()
    known = {other.name: other.changes for other in before}
    if not isinstance(after, Scalar) or after.text not in known:
        hint = did_you_mean(after.text, list(known)) if isinstance(after, Scalar) else ""
        reading.fault(after, f"no variant before this one is called {kind(after)}", hint)
        return ()
    return known[after.text]


def _called(change: Map) -> str:
    """`rate=0.1`, where everything that changes is a word or a number."""
    pairs = [f"{key.text}={value.text}" for key, value in change.pairs if isinstance(value, Scalar)]
    return ", ".join(pairs) if len(pairs) == len(change.pairs) else ""
