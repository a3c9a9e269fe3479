"""How long one step of a derivation may take, for all that work on it; it counts nothing itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import process_time

seconds: ContextVar[int] = ContextVar("seconds", default=1)  # all limits of work are for one second, and grow with it
until: ContextVar[float] = ContextVar("until", default=float("inf"))  # the clock of this process, behind the count of work


@contextmanager
def one_step() -> Iterator[None]:
    """The clock of a step, unless it runs already as a part of another one."""
    token = until.set(min(until.get(), process_time() + seconds.get()))
    try:
        yield
    finally:
        until.reset(token)
