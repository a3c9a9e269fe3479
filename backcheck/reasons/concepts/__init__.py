"""Questions of concept that a computation settles, each by its name; what is found is plain records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from backcheck.reasons.concepts import importance, initialisation, perceptron
from backcheck.training.plan import Plan
from backcheck.worksheet import Worksheet

QUESTIONS: dict[str, Callable[[Worksheet, Plan], Any]] = {
    "perceptron": perceptron.compare,
    "initialisation": initialisation.initialisation,
    "importance": importance.importance,
}
