"""Chunks → results in the order of the submissions, by this process, by several, or by an engine that is already there."""

from __future__ import annotations

import pickle
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from typing import Protocol

from backcheck.classroom.chunks import Chunk
from backcheck.classroom.faults import Engine, marked_here
from backcheck.classroom.plain import Plain, as_plain, from_plain
from backcheck.classroom.worker import LONGEST, Worker
from backcheck.grading.result import Result

AHEAD = 32  # chunks that an engine has at a time, which does not say how many workers it has


def marked(chunks: Iterable[Chunk], marker: Engine, jobs: int = 1, executor: Executor | None = None) -> Iterator[list[Result]]:
    """The results of each chunk, in order; however many chunks there are, only a few are held at a time."""
    if jobs == 1 and executor is None:
        for chunk in chunks:
            yield marked_here(marker, chunk)
        return
    with Crew(marker, jobs) as crew:
        if executor is None:
            yield from _in_order(chunks, crew.submit, 2 * jobs)
        else:
            yield from _in_order(chunks, Hired(executor, marker, crew).submit, max(AHEAD, 2 * jobs))


class Pending(Protocol):
    """A chunk that is being marked."""

    def done(self) -> bool: ...

    def result(self) -> list[Result]: ...

    def cancel(self) -> object: ...


def _in_order(chunks: Iterable[Chunk], submit: Callable[[Chunk], Pending], ahead: int) -> Iterator[list[Result]]:
    waiting: deque[Pending] = deque()
    try:
        for chunk in chunks:
            waiting.append(submit(chunk))
            while waiting and (len(waiting) > ahead or waiting[0].done()):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for pending in waiting:
            pending.cancel()


class Crew:
    """Processes of our own, each with a thread that waits for it; they start when there is something to mark."""

    def __init__(self, marker: Engine, jobs: int, longest: float = LONGEST) -> None:
        pickled = pickle.dumps(marker, pickle.HIGHEST_PROTOCOL)
        self.workers = [Worker(marker, pickled, longest) for _ in range(jobs)]
        self.idle: SimpleQueue[Worker] = SimpleQueue()
        for worker in self.workers:
            self.idle.put(worker)
        self.threads = ThreadPoolExecutor(jobs, initializer=_leave_interrupts)

    def submit(self, chunk: Chunk) -> Future[list[Result]]:
        """Marks a chunk as soon as a worker is idle."""
        return self.threads.submit(self._mark, chunk)

    def _mark(self, chunk: Chunk) -> list[Result]:
        worker = self.idle.get()
        try:
            return worker.mark(chunk)
        finally:
            self.idle.put(worker)

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self.workers:
            worker.stop()
        self.threads.shutdown(cancel_futures=True)
        for worker in self.workers:
            worker.end()


def _leave_interrupts() -> None:
    """Ctrl-C is for the main thread; a process that this thread starts takes it only when it is ready to."""
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


class Hired:
    """An engine that marks chunks; a chunk that it fails with, for whatever reason, is marked by a worker of our own."""

    def __init__(self, executor: Executor, marker: Engine, crew: Crew) -> None:
        self.executor, self.crew = executor, crew
        self.pickled = pickle.dumps(marker, pickle.HIGHEST_PROTOCOL)

    def submit(self, chunk: Chunk) -> Pending:
        try:
            return Given(self.executor.submit(mark_sent, self.pickled, chunk), chunk, self.crew)
        except Exception:  # it is broken: what it raises then differs from engine to engine
            return self.crew.submit(chunk)


class Given:
    """A chunk that was given to an engine."""

    def __init__(self, future: Future[list[Plain]], chunk: Chunk, crew: Crew) -> None:
        self.future, self.chunk, self.crew = future, chunk, crew
        self.done, self.cancel = future.done, future.cancel

    def result(self) -> list[Result]:
        with suppress(Exception):
            return [from_plain(plain) for plain in self.future.result()]
        return self.crew.submit(self.chunk).result()


HERE = threading.local()


def mark_sent(pickled: bytes, chunk: Chunk) -> list[Plain]:
    """Marks a chunk wherever it was sent to. Each thread there unpickles the marker once, not for every chunk."""
    if getattr(HERE, "pickled", None) != pickled:
        HERE.marker, HERE.pickled = pickle.loads(pickled), pickled  # noqa: S301, what `Hired` pickled
    return [as_plain(result) for result in marked_here(HERE.marker, chunk)]
