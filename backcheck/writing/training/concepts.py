"""Answers to questions of concept → text that fits a width, and JSON; it works nothing out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from math import isfinite
from typing import Any

from backcheck.reasons.concepts.importance import CRITERIA, TRUTH, Importance
from backcheck.reasons.concepts.initialisation import OWN, Initialisation
from backcheck.reasons.concepts.perceptron import Comparison
from backcheck.writing.text import Draw, Table, plain, wrapped
from backcheck.writing.training.concept_words import CALLED, figure, of_importance, of_initialisation
from backcheck.writing.training.perceptron_words import of_perceptron

SHOWN = 20  # points, weights and epochs in a table
Answer = Comparison | Initialisation | Importance


def text(answer: Answer, width: int, draw: Draw | None = None) -> str:
    """The whole answer: tables, then what they mean; `draw` makes a table with colours."""
    parts = [*([answer.title] if answer.title else [])]
    for title, header, rows in _tables(answer):
        parts += ["", *(draw_one for draw_one in _fitted(title, header, rows, width, draw or plain))]
    parts.append("")
    for sentence in _sentences(answer):
        first, *rest = wrapped(sentence, max(20, width - 2), between_words=True)
        parts += [f"· {first}", *(f"  {more}" for more in rest)]
    return "\n".join(parts).strip("\n")


def as_json(answer: Answer) -> str:
    """The document of `backcheck explain --question`."""
    question, document = _document(answer)
    says = list(_sentences(answer))
    whole = {"format": "backcheck.explain", "version": 1, "question": question, "title": answer.title, **document, "says": says}
    return json.dumps(_finite(whole), indent=1, allow_nan=False)


def _sentences(answer: Answer) -> Iterator[str]:
    if isinstance(answer, Comparison):
        return of_perceptron(answer)
    return of_initialisation(answer) if isinstance(answer, Initialisation) else of_importance(answer)


def _tables(answer: Answer) -> Iterator[tuple[str, list[str], Table]]:
    if isinstance(answer, Comparison):
        return _of_perceptron(answer)
    return _of_initialisation(answer) if isinstance(answer, Initialisation) else _of_importance(answer)


def _fitted(title: str, header: list[str], rows: Table, width: int, draw: Draw) -> Iterator[str]:
    """A table if it fits, else several that begin with the same column."""
    sizes = [max(len(row[i]) for row in [header, *rows]) + 3 for i in range(len(header))]  # 3: the frame of a column
    parts, room = [[0]], width - 1 - sizes[0]
    for i in range(1, len(header)):
        if len(parts[-1]) > 1 and sum(sizes[j] for j in parts[-1][1:]) + sizes[i] > room:
            parts.append([0])
        parts[-1].append(i)
    for n, part in enumerate(parts):
        above = "\n".join(wrapped(title, width, between_words=True)) if n == 0 else ""
        yield draw(above, [header[i] for i in part], [[row[i] for i in part] for row in rows])


def _of_perceptron(found: Comparison) -> Iterator[tuple[str, list[str], Table]]:
    rule, fit, count = found.perceptron, found.logistic, len(found.points)
    names = [f"w{j}" for j in range(1, len(rule.weights))] + ["b"]
    both = [[name, figure(w), figure(v)] for name, w, v in zip(names, rule.weights, fit.weights.tolist(), strict=True)]
    both = both if len(both) <= SHOWN else both[:SHOWN]
    both += [["right", f"{found.right('by_perceptron')} of {count}", f"{found.right('by_logistic')} of {count}"]]
    both += [["mean −ln p", "", figure(fit.loss / count)]]
    yield "A perceptron and logistic regression on the same examples", ["", "perceptron", "logistic"], both
    epochs = [[str(n), str(m)] for n, m in enumerate(rule.mistakes[:SHOWN], 1)]
    more = f", the first {SHOWN} epochs of {len(rule.mistakes):,}" if len(rule.mistakes) > SHOWN else ""
    yield f"Mistakes of the perceptron{more}", ["epoch", "mistakes"], epochs
    if found.path:
        rows = [[figure(p.penalty), figure(p.size), figure(p.loss), figure(p.angle)] for p in found.path]
        yield "Logistic regression with less and less penalty", ["λ", "‖(w, b)‖", "L", "degrees to the largest margin"], rows
    wrong = [p for p in found.points if p.disagree or not p.by_perceptron == p.by_logistic == p.target]
    points = found.points if count <= SHOWN else tuple(wrong[:SHOWN])
    which = "" if count <= SHOWN else f", those that either gets wrong, {len(points)} of {len(wrong)}"
    sides = {0: found.labels[0], 1: found.labels[1], None: "on the line"}
    rows = [[str(p.number), sides[p.target], sides[p.by_perceptron], sides[p.by_logistic], figure(p.probability)] for p in points]
    if rows:
        yield f"The examples{which}", ["", "target", "perceptron", "logistic", f"p of {found.labels[1]}"], rows


OF_LAYERS = (("Variance of the weighted sums z", "sums"), ("Variance of the activations a", "activations"))


def _of_initialisation(found: Initialisation) -> Iterator[tuple[str, list[str], Table]]:
    head = ["layer", "units"]
    for scheme in found.schemes:
        head += [CALLED[scheme.name], *(["in theory"] if scheme.name != OWN else [])]
    for title, kind in (*OF_LAYERS, ("Mean square of δ = ∂L/∂z, on its way back", "deltas")):
        rows = []
        for l, units in enumerate(found.widths[1:]):
            rows.append([str(l + 1), str(units)])
            for scheme in found.schemes:
                pair = getattr(scheme.layers[l], kind)
                rows[-1] += [figure(pair.found), *([figure(pair.theory)] if scheme.name != OWN else [])]
        yield title, head, rows


def _of_importance(found: Importance) -> Iterator[tuple[str, list[str], Table]]:
    ranked = sorted(found.weights, key=lambda w: abs(w.change))
    half = SHOWN // 2
    shown = ranked if len(ranked) <= SHOWN else [*ranked[:half], *ranked[-half:]]
    which = "" if len(ranked) <= SHOWN else f"; the first and last {half} of {len(ranked):,}"
    columns = [*(written for written, _ in CRITERIA.values()), "ΔL"]
    rows = [
        [w.name + (" (frozen)" if w.frozen else ""), *(figure(f(w)) for _, f in CRITERIA.values()), figure(w.change)] for w in shown
    ]
    yield f"Weights, least |ΔL| first: what L really changes by when one is removed alone{which}", ["", *columns], rows
    heads = ["removed", *(CRITERIA[name][0] if name in CRITERIA else "ΔL" for name in found.removals)]
    curves = [removal.losses for removal in found.removals.values()]
    rows = [[str(n), *(figure(losses[i]) for losses in curves)] for i, n in enumerate(found.counts)]
    yield "L after so many are removed together, the least first by …", heads, rows


def _document(answer: Answer) -> tuple[str, dict[str, Any]]:
    if isinstance(answer, Comparison):
        return "perceptron", _perceptron(answer)
    if isinstance(answer, Initialisation):
        return "initialisation", {**_plain(answer), "schemes": {s.name: _plain(s) for s in answer.schemes}}
    weights = {w.name: {**_plain(w), **{name: f(w) for name, (_, f) in CRITERIA.items()}} for w in answer.weights}
    return "importance", {**_plain(answer), "weights": weights, "least_first": list(answer.removals[TRUTH].order)}


def _perceptron(found: Comparison) -> dict[str, Any]:
    right = {"right": {name: found.right(f"by_{name}") for name in ("perceptron", "logistic")}, "of": len(found.points)}
    return {**_plain(found), **right, "disagree": found.disagreements}


def _plain(value: Any) -> Any:
    """Records as mappings, fractions and arrays as numbers."""
    if hasattr(value, "_asdict"):
        return {name: _plain(part) for name, part in value._asdict().items() if name not in ("places", "title")}
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return float(value) if isinstance(value, Fraction) else value.tolist() if hasattr(value, "tolist") else value


def _finite(value: Any) -> Any:
    """JSON has no infinity: null takes its place."""
    if isinstance(value, dict):
        return {name: _finite(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_finite(part) for part in value]
    return None if isinstance(value, float) and not isfinite(value) else value
