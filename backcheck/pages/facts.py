"""The page of an activation or a loss by its name."""

from __future__ import annotations

from backcheck import catalogue
from backcheck.errors import BadArgument, did_you_mean
from backcheck.pages.fact import Facts
from backcheck.pages.of_activations import activation
from backcheck.pages.of_losses import loss
from backcheck.pages.of_softmax import softmax


def facts(name: str) -> Facts:
    """Everything about an activation or a loss of the catalogue.

    >>> found = facts("sigmoid")
    >>> all(form.agrees for form in found.forms), found.steepest.value, found.steepest.at
    (True, 1/4, 0)
    """
    if name == "softmax":
        return softmax()
    if name in catalogue.ACTIVATIONS:
        return activation(name)
    if name in catalogue.LOSSES:
        return loss(name)
    known = [*catalogue.ACTIVATIONS, *catalogue.LOSSES]
    raise BadArgument(f"there is no function {name!r}; {did_you_mean(name, known) or 'known: ' + ', '.join(known)}")
