"""A Dask cluster as an executor that chunks are handed to; no other module knows of Dask."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import backcheck
from backcheck.errors import BadArgument

WAIT = 30.0  # seconds


@contextmanager
def dask_executor(address: str, wait: float = WAIT) -> Iterator[Executor]:
    """The cluster whose scheduler listens there, as `tcp://host:8786`, once it has a worker of our own version."""
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise BadArgument("a scheduler needs Dask: pip install 'backcheck[dask]'") from None
    try:
        with ThreadPoolExecutor(1) as thread:  # this one may have an event loop that is running
            thread.submit(asyncio.run, _knock(distributed, address, wait)).result()
    except (OSError, ValueError, TypeError) as error:
        raise BadArgument(f"no Dask scheduler answers at {address!r}: {_first_line(error)}") from None
    with distributed.Client(address, timeout=wait, set_as_default=False) as client:
        _check_workers(client, address, wait)
        executor: Executor = client.get_executor(pure=False)
        with executor:
            yield executor


async def _knock(distributed: Any, address: str, wait: float) -> None:
    """Raises if nobody is there; a client that finds nobody would wait and complain once more when it is thrown away."""
    secured = distributed.Security().get_connection_args("client")
    (await distributed.core.connect(address, timeout=wait, **secured)).abort()


def _check_workers(client: Any, address: str, wait: float) -> None:
    try:
        client.wait_for_workers(1, timeout=wait)
    except TimeoutError:
        raise BadArgument(f"the Dask scheduler at {address!r} has no workers") from None
    try:
        versions = client.run(_version)
    except Exception as error:
        raise BadArgument(f"the Dask workers cannot use backcheck, install it there: {_first_line(error)}") from None
    if other := sorted({*versions.values()} - {_version()}):
        raise BadArgument(f"the Dask workers have backcheck {other[0]}, and here is {_version()}: install the same")


def _version() -> str:
    return backcheck.__version__


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
