"""What every kind of problem file needs: numbers, names, settings and one list of faults; it knows no networks."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable
from typing import Any

from backcheck.arithmetic import SPELLINGS, number
from backcheck.cells import IDENTIFIER, LOSS_NAMES, RATE_NAMES
from backcheck.errors import Fault, did_you_mean
from backcheck.problem.text import MOST_FAULTS, List, Map, Node, Scalar, kind

PLAIN_DECIMAL = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,12}|/[0-9]{1,12})?")
RESERVED = re.compile(rf"[xty]\d+|{'|'.join((*LOSS_NAMES, *RATE_NAMES))}")
LONGEST_NAME, LONGEST_NUMBER = 40, 400


class TooMany(Exception):
    """So many faults that the rest of the file is not read."""


class Reading:
    """Reads nodes as what they should be; what is wrong is noted as a fault, and the answer is None."""

    def __init__(self, faults: list[Fault], kept: dict[int, tuple[Node, Any]] | None = None) -> None:
        self.faults = faults
        self.kept = {} if kept is None else kept  # what files gave, by the node that names them: a variant need not read them again

    def once(self, node: Node, read: Callable[[], Any]) -> Any:
        """What a node of the file stands for, read when it is first asked for; nothing is kept of what was at fault."""
        if id(node) not in self.kept:
            found = read()
            if found is None:
                return None
            self.kept[id(node)] = node, found  # the node stays, so that no other one gets its id
        return self.kept[id(node)][1]

    def fault(self, node: Node, says: str, way_out: str = "") -> None:
        self.faults.append(node.fault(says, way_out))
        if len(self.faults) >= MOST_FAULTS:
            self.faults.append(node.fault(f"this is fault number {MOST_FAULTS}: reading stops here"))
            raise TooMany

    def keys(self, node: Map, known: Iterable[str], of: str) -> None:
        """Every key must be a known one."""
        known = list(known)
        for key, _ in node.pairs:
            if key.text not in known:
                self.fault(
                    key,
                    f"unknown key {kind(key)} in {of}",
                    did_you_mean(key.text, known) or "known: " + (", ".join(known) or "none"),
                )

    def number(self, node: Node | None, what: str) -> float | None:
        """A number as people write it: 0.40, .5, 1e-3, 1/3."""
        if node is None:
            return None
        if not isinstance(node, Scalar) or node.quoted or not node.text:
            self.fault(
                node,
                f"{what} should be a number, not {kind(node)}" + (" in quotation marks" if getattr(node, "quoted", False) else ""),
                "remove the quotation marks" if isinstance(node, Scalar) and number(node.text) is not None else "",
            )
            return None
        value = number(node.text)
        if value is None:
            self.fault(node, f"{what} should be a number, not {kind(node)}", _number_hint(node.text))
        elif not math.isfinite(value):
            self.fault(node, f"{kind(node)} is too large for a number", "the largest is about 1.8e308")
            return None
        return value

    def whole(self, node: Node | None, what: str, least: int = 0, most: int = 2**63 - 1) -> int | None:
        """A whole number in a range."""
        digits = node.text if isinstance(node, Scalar) and re.fullmatch(r"[0-9]{1,19}", node.text) else ""
        if digits and least <= int(digits) <= most:
            return int(digits)
        if node is not None:
            limit = f"from {least} to {most:,}" if most < 2**63 - 1 else f"of {least} or more"
            self.fault(node, f"{what} should be a whole number {limit}, not {kind(node)}")
        return None

    def truth(self, node: Node, what: str) -> bool | None:
        """true or false."""
        if isinstance(node, Scalar) and node.text.lower() in ("true", "false"):
            return node.text.lower() == "true"
        self.fault(node, f"{what} should be true or false, not {kind(node)}")
        return None

    def word(self, node: Node | None, what: str, known: Collection[str]) -> str | None:
        """One of a few words."""
        if node is None:
            return None
        if isinstance(node, Scalar) and node.text in known:
            return node.text
        hint = did_you_mean(node.text, list(known)) if isinstance(node, Scalar) else ""
        *others, last = known
        self.fault(node, f"{what} should be {', '.join(others)} or {last}, not {kind(node)}", hint)
        return None

    def text(self, node: Node | None, what: str) -> str:
        """Free text on one line."""
        if node is None:
            return ""
        if not isinstance(node, Scalar):
            self.fault(node, f"{what} should be text, not {kind(node)}")
            return ""
        return " ".join("".join(c if c.isprintable() else " " for c in node.text).split())

    def name(self, key: Scalar, reserved: bool = True) -> str | None:
        """A name somebody gives to a quantity."""
        if not IDENTIFIER.fullmatch(key.text) or len(key.text) > LONGEST_NAME:
            self.fault(
                key,
                f"{kind(key)} cannot be a name",
                f"a name is a letter, then letters, digits and _; at most {LONGEST_NAME} of them",
            )
        elif reserved and RESERVED.fullmatch(key.text):
            self.fault(
                key,
                f"{key.text!r} already means something here",
                "x1, t1 and y1 are input, target and output; L, C, E the loss; eta, lr the rate",
            )
        elif key.text in RATE_NAMES:
            self.fault(key, f"{key.text!r} already means something here", f"{', '.join(RATE_NAMES)} all mean the learning rate")
        else:
            return key.text
        return None

    def mapping(self, node: Node | None, what: str) -> Map | None:
        if node is None or isinstance(node, Map):
            return node
        self.fault(node, f"{what} should be a mapping, name: value, not {kind(node)}")
        return None

    def list(self, node: Node, what: str) -> list[Node] | None:
        if isinstance(node, List) and node.items:
            return node.items
        self.fault(node, f"{what} should be a list, not {'an empty one' if isinstance(node, List) else kind(node)}")
        return None


def written(text: str) -> str | None:
    """The digits to show for a given number: those of the file, unless it is written as 1e-3.

    >>> written("0.40"), written("1/3"), written(".5"), written("1e-3")
    ('0.40', '1/3', '0.5', None)
    """
    text = text.translate(SPELLINGS).removeprefix("+")
    text = f"0{text}" if text.startswith(".") else text
    return text if PLAIN_DECIMAL.fullmatch(text) else None


def _number_hint(text: str) -> str:
    if text.lower().lstrip("+-.") in ("nan", "inf", "infinity"):
        return "every number of a problem is finite"
    if len(text) > LONGEST_NUMBER:
        return f"a number has at most {LONGEST_NUMBER} characters"
    if re.fullmatch(r"[-+]?[0-9]*,[0-9]+", text):
        return f"write a decimal point: {text.replace(',', '.')}"
    if "_" in text and number(text.replace("_", "")) is not None:
        return f"write it without _: {text.replace('_', '')}"
    if re.fullmatch(r"0x[0-9a-fA-F]{1,13}", text):
        return f"write it in decimal digits: {int(text, 16)}"
    if "/" in text and number(text.partition("/")[2]) == 0:
        return "it divides by 0"
    if re.search(r"[eE][-+]?[0-9]{4}", text):
        return "an exponent has at most three digits"
    if re.search(r"[0-9]", text):
        return "a number may be written 0.25, .25, 1/4 or 2.5e-1; nothing else is worked out here"
    return ""
