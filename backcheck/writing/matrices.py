"""A Jacobian of symbolic sizes → text, JSON, LaTeX, Markdown; it derives nothing and knows no numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from backcheck.matrices.answer import LAYOUT, Answer
from backcheck.matrices.confirm import Trial
from backcheck.matrices.written import tex_name
from backcheck.writing.latex import PREAMBLE, escaped
from backcheck.writing.markdown import escaped as in_markdown
from backcheck.writing.text import wrapped

SIGNS = {  # what is explained where it is met
    "δ_": "δ_ij is 1 where i = j and 0 elsewhere",
    "I": "I is the identity",
    "ones(": "ones(n) is a column of n ones",
    "⊙": "⊙ multiplies element by element",
    "diag(": "diag of a column is the matrix with it on the diagonal, diag of a matrix its diagonal",
    "step(": "step(z) is 1 above 0, otherwise 0",
}
MATHS = str.maketrans({"ᵀ": r"$^{\top}$", "⊙": r"$\odot$", "→": r"$\to$", "λ": r"$\lambda$", "‖": r"$\Vert$"})
LEAST_WIDTH = 20


def text(answer: Answer, width: int) -> str:
    """The answer for a terminal of this width."""
    parts = [*wrapped(_question(answer), width, between_words=True), ""]
    lines = list(_lines(answer, "screen"))
    label = max(len(name) for name, _, _ in lines)
    for name, left, right in lines:
        parts += _beside(name.ljust(label), f"{left} = {right}" if right else left, width)
    parts.append("")
    for note in notes(answer):
        first, *rest = wrapped(note, max(LEAST_WIDTH, width - 2), between_words=True)
        parts += [f"· {first}", *(f"  {line}" for line in rest)]
    return "\n".join(parts)


def markdown(answer: Answer) -> str:
    """The answer as a table, and its remarks as a list."""
    rows = [f"| {name} | {in_markdown(f'{left} = {right}' if right else left)} |" for name, left, right in _lines(answer, "screen")]
    head = [f"# {in_markdown(_question(answer))}\n", "| | |", "|---|---|"]
    return "\n".join([*head, *rows, "", *(f"* {in_markdown(note)}" for note in notes(answer))]) + "\n"


def latex(answer: Answer) -> str:
    """The answer as a document that compiles."""
    shapes = [f"{answer.style('latex').name(name)}: {_in_latex(sizes)}" for name, sizes in answer.shapes.items()]
    whole, result = answer.whole(answer.result, "latex"), answer.style("latex").name(answer.result)
    lines = [f"{result} &= {answer.written(answer.tree, 'latex')}", "&" + r",\quad ".join(shapes)]
    lines.append(f"{whole} &: {_in_latex(answer.jacobian_shape)}")
    lines += [f"{left} &= {right}" for _, left, right in _lines(answer, "latex") if right]
    parts = [PREAMBLE, r"\section*{Derivative of an expression of matrices}", r"\begin{align*}"]
    parts += [(r"\\" + "\n").join(lines), r"\end{align*}", r"\begin{itemize}"]
    parts += [rf"\item {_prose(note)}" for note in notes(answer)]
    return "\n".join([*parts, r"\end{itemize}", r"\end{document}"]) + "\n"


def as_json(answer: Answer) -> str:
    """The document of `backcheck derive EXPRESSION --shape … --wrt …`."""
    document: dict[str, Any] = {
        "format": "backcheck.derive",
        "version": 1,
        "expression": answer.text,
        "read_as": answer.written(answer.tree, "ascii"),
        "by": answer.by,
        "shapes": {name: list(shape) for name, shape in answer.shapes.items()},
        "output_shape": list(answer.output_shape),
        "input_shape": list(answer.input_shape),
        "shape": list(answer.jacobian_shape),
        "formulas": {answer.entry("ascii"): _formula(answer)},
        "matrix": answer.matrix,
        "matrix_latex": answer.written(answer.matrix_tree, "latex"),
        "backward": answer.backward,
        "backward_latex": answer.written(answer.backward_tree, "latex"),
        "arriving": answer.upstream if answer.backward else None,
        "confirmed": [_trial(trial) for trial in answer.confirmed],
        "layout": LAYOUT,
        "notes": list(answer.notes),
    }
    return json.dumps(document, indent=1, allow_nan=False)


def _formula(answer: Answer) -> dict[str, Any]:
    return {
        "expression": answer.slope("ascii"),
        "latex": answer.slope("latex"),
        "value": None,
        "by_hand": None,
        "agrees": True,  # or it would not have been given: every answer is held against differences
    }


def _trial(trial: Trial) -> dict[str, Any]:
    sizes = {name: size for name, size in trial.sizes.items() if name != "1"}
    return {"sizes": sizes, "largest_difference": trial.largest_difference, "error": trial.error}


def _question(answer: Answer) -> str:
    shapes = ", ".join(f"{name} is {_sizes(shape)}" for name, shape in answer.shapes.items())
    return f"{answer.result} = {answer.written(answer.tree, 'screen')} where {shapes}"


def _sizes(shape: tuple[str, ...]) -> str:
    return "a scalar" if shape in ((), ("1", "1")) else "×".join(shape)


def _in_latex(shape: tuple[str, ...]) -> str:
    return r"\text{scalar}" if shape in ((), ("1", "1")) else r" \times ".join(map(_size, shape))


def _size(name: str) -> str:
    return name if name.isdecimal() else tex_name(name)


def _lines(answer: Answer, style: str) -> Iterator[tuple[str, str, str]]:
    """What is called how, and its two sides."""
    whole = answer.whole(answer.result, style)
    yield "shape", f"{whole} is {_sizes(answer.jacobian_shape)}", ""
    yield "entries", answer.entry(style), answer.slope(style)
    if answer.jacobian_shape and (matrix := answer.written(answer.matrix_tree, style)):
        yield "matrix", whole, matrix
    if backward := answer.written(answer.backward_tree, style):
        yield "backward", answer.whole("L", style), backward


def notes(answer: Answer) -> Iterator[str]:
    """Conventions, signs, what was agreed on, and what it was confirmed with."""
    yield LAYOUT
    if any("1" in shape and shape != ("1", "1") for shape in answer.shapes.values()):
        yield "a size of 1 is not counted: a column n×1 has n entries"
    if answer.backward_tree:
        yield f"backward: {answer.upstream} = ∂L/∂{answer.result} is what arrives from a loss L behind {answer.result}"
    shown = " ".join(right for _, _, right in _lines(answer, "screen"))
    yield from (says for sign, says in SIGNS.items() if _met(sign, shown) and not (sign == "I" and "I" in answer.shapes))
    yield from answer.notes
    yield f"confirmed by differences on random numbers: {'; '.join(map(_confirmed, answer.confirmed))}"


def _confirmed(trial: Trial) -> str:
    said = (f"{name} = {size}" if not name.isdecimal() else f"{size} for {name}" for name, size in trial.sizes.items())
    sizes = ", ".join(text for text, (name, size) in zip(said, trial.sizes.items(), strict=True) if name != str(size))
    sizes = sizes or "the sizes given"
    return f"{sizes} (off by at most {trial.largest_difference:.0e}, where differences are good to {trial.error:.0e})"


def _met(sign: str, text: str) -> bool:
    """Whether a sign stands in a text, not merely inside a name."""
    return bool(re.search(rf"(?<!\w){re.escape(sign)}(?!\w)" if sign == "I" else re.escape(sign), text))


def _beside(label: str, sentence: str, width: int) -> Iterator[str]:
    """A label, and what belongs to it beside."""
    for i, line in enumerate(wrapped(sentence, max(LEAST_WIDTH, width - len(label) - 4), between_words=True)):
        yield f"  {label if i == 0 else ' ' * len(label)}  {line}".rstrip()


def _prose(sentence: str) -> str:
    return "".join(str(sign).translate(MATHS) if ord(sign) in MATHS else escaped(sign) for sign in sentence)
