"""What a name in a line stands for, and what to say where it stands for nothing, or for something else; it takes nothing apart."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backcheck.errors import did_you_mean
from backcheck.proving.entries.shapes import in_words
from backcheck.proving.names import NO_LETTER, Names
from backcheck.proving.spelling.spellings import FUNCTIONS
from backcheck.proving.statements import Misread
from backcheck.proving.tree import Tree, walk

OF_ARRAYS = ("softmax", "norm", "diag", "sum", "delta")
OF_NUMBERS = tuple(name for name in FUNCTIONS if name not in OF_ARRAYS)
TYPO = 4  # shorter names are too easily near to another


def letter(tree: Tree, names: Names, range_of: str = "") -> str:
    """An index that is declared; its name. Or the way out."""
    if tree.op != "name":
        raise Misread(tree.column, "an index is one letter, or a numeral", "index k : K, then z[k]")
    if not names.is_letter(tree.text):
        raise Misread(tree.column, *_no_letter(tree.text, names, range_of), len(tree.text))
    return tree.text


def _no_letter(text: str, names: Names, range_of: str) -> tuple[str, str]:
    if text in names.sizes:
        return f"{text} is how many there are, not an index", f"index m : {text}"
    if text in names.shapes:
        return f"{text} is {in_words(names.shapes[text])}, not an index", f"index m : {range_of or 'K'}"
    return f"{text} is not declared as an index", f"index {text} : {range_of or 'K'}"


def index(tree: Tree, size: str, names: Names, of: str) -> Tree:
    """An index that runs over this size, or a numeral within it."""
    if tree.op == "number":
        if not tree.text.isdecimal() or int(tree.text) < 1 or (size.isdigit() and int(tree.text) > int(size)):
            raise Misread(tree.column, f"{of} has no entry {tree.text}", f"its entries are 1 to {size}", len(tree.text))
        return Tree("number", text=str(int(tree.text)), column=tree.column)
    found = letter(tree, names, size)
    if names.size(found) != size:
        ways = ", ".join(one for one, over in names.letters.items() if over == size)
        says = f"{found} runs over {names.size(found)}, and this index of {of} over {size}"
        raise Misread(tree.column, says, f"indices over {size}: {ways}" if ways else f"index m : {size}", len(found))
    return tree


def same_range(one: Tree, other: Tree, names: Names) -> None:
    """Two indices that are compared: i = j, delta(i, j), k != i."""
    if one.op == "number" and other.op == "number":
        return
    if other.op == "number":
        one, other = other, one
    size = names.size(letter(other, names))
    if one.op == "number":
        index(one, size, names, other.text)
    elif names.size(letter(one, names, size)) != size:
        says = f"{one.text} runs over {names.size(one.text)} and {other.text} over {size}: they cannot be compared"
        raise Misread(one.column, says, "compare indices of one range", len(one.text))


def plain_number(tree: Tree, names: Names) -> None:
    """A name that is not declared is a number, unless it looks like something that is."""
    text = tree.text
    if names.is_letter(text):
        says = f"{text} is an index (it runs over {names.size(text)}), and stands where a number is needed"
        raise Misread(tree.column, says, "an index stands in brackets: z[k], delta(i,j), sum(k, …)", len(text))
    if text in names.functions or text in FUNCTIONS:
        raise Misread(tree.column, f"{text} is a function, and stands without what it is applied to", f"{text}(x)", len(text))
    near = run_together(text, names) or (did_you_mean(text, _near(text, names)) if len(text) >= TYPO else "")
    if near:
        raise Misread(tree.column, f"{text} is not declared", f"{near} if it is a number of its own: number {text}", len(text))


def run_together(text: str, names: Names) -> str:
    """zj is z[j], x1 is x[1], W_jk is W[j,k]."""
    for called, shape in names.shapes.items():
        tail = text.removeprefix(called).strip("_,")
        if shape and tail and text.startswith(called):
            parts = re.findall(r"\d+|\D", tail)
            if len(parts) == len(shape) and all(part.isdecimal() or names.is_letter(part) for part in parts):
                return f"did you mean '{called}[{','.join(parts)}]'?"
    return ""


def _near(text: str, names: Names) -> list[str]:
    """Names that differ from it in little more than a letter."""
    from difflib import SequenceMatcher

    known = (*names.shapes, *names.functions, *FUNCTIONS)
    return [one for one in known if len(one) >= TYPO and SequenceMatcher(None, text, one).ratio() > 0.7]


def unknown(tree: Tree, names: Names, what: str, way_out: str) -> Misread:
    """A name that has indices or arguments, and is not declared."""
    known = [*names.shapes] if what == "declared" else [*FUNCTIONS, *names.functions, *names.defined]
    hint = did_you_mean(tree.text, known)
    return Misread(tree.column, f"{tree.text} is not {what}", f"{hint} or {way_out}" if hint else way_out, len(tree.text))


def range_used(tree: Tree, text: str, names: Names) -> str:
    """What an index that is not declared seems to run over, from the entries it is used in."""
    for node in walk(tree):
        if node.op == "entry" and node.parts[0].op == "name":
            for size, part in zip(names.shapes.get(node.parts[0].text, ()), node.parts[1:], strict=False):
                if part.op == "name" and part.text == text:
                    return size
    return ""


def letters_in(tree: Tree, names: Names) -> Iterator[str]:
    """All indices that are typed in it, running or free."""
    for node in walk(tree):
        if node.text and node.op in ("name", "total", "largest") and names.is_letter(node.text):
            yield node.text


def fresh(size: str, names: Names, taken: set[str], declared: bool) -> str:
    """An index that is not in use: a declared one (with ~ where it runs in a sum of ours), else ·K~. It is then taken."""
    over = [one for one, other in names.letters.items() if other == size]
    found = next((one for one in over if one not in taken), "") if declared else (over[0] if over else "")
    found = found or f"{NO_LETTER}{size}~"
    while found in taken or not (declared or found.endswith("~")):
        found += "~"
    taken.add(found)
    return found
