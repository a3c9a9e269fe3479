"""backcheck verifies backpropagation worked by hand.

>>> import backcheck
>>> sheet = backcheck.load("problems/one-step-squared-error.yaml")
>>> done = backcheck.step(sheet)
>>> f"{done['dL/dw5']:.4f}"
'0.1634'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from backcheck.api import check_gradients, explain, grade, load, load_with_training, loads, prove, step, steps, train
    from backcheck.errors import BackcheckError, BadProblem, NoSuchQuantity, Undefined
    from backcheck.roads.work import WorkedSheet
    from backcheck.worksheet import Phase, Row, Worksheet

__version__ = "0.1.0"
__all__ = [
    "BackcheckError",
    "BadProblem",
    "NoSuchQuantity",
    "Phase",
    "Row",
    "Undefined",
    "WorkedSheet",
    "Worksheet",
    "check_gradients",
    "explain",
    "grade",
    "load",
    "load_with_training",
    "loads",
    "prove",
    "step",
    "steps",
    "train",
]

_HOMES = {
    "api": ("check_gradients", "explain", "grade", "load", "load_with_training", "loads", "prove", "step", "steps", "train"),
    "errors": ("BackcheckError", "BadProblem", "NoSuchQuantity", "Undefined"),
    "roads.work": ("WorkedSheet",),
    "worksheet": ("Phase", "Row", "Worksheet"),
}


def __getattr__(name: str) -> Any:
    """Imports a public name when it is first used, so that `backcheck --help` needs no NumPy."""
    from importlib import import_module

    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"backcheck.{home}"), name)
    raise AttributeError(f"module 'backcheck' has no attribute {name!r}")
