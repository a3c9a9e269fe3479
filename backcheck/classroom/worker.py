"""A process of its own that marks chunks: this side asks, the other side marks; a process that dies or hangs is replaced.

Such a process starts from nothing: it neither shares memory with this one nor runs the user's script again, as those of
`multiprocessing` would, and its death takes no other with it.
"""

from __future__ import annotations

import gc
import os
import pickle
import select
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from subprocess import PIPE, Popen
from threading import Event, Lock, Thread, Timer
from typing import BinaryIO

from backcheck.answers.submission import Submission
from backcheck.classroom.faults import BROKEN_OFF, Engine, broken, marked_here
from backcheck.classroom.plain import as_plain, from_plain
from backcheck.errors import BadArgument
from backcheck.grading.result import Result

LONGEST = 60.0  # seconds
TRIES = 3  # to start: a machine may be short of memory for a moment
READY = b"r"
# -P and the path of this process: nothing is ever imported from the folder that answers lie in.
START = "import sys; sys.path[:] = sys.argv[1:]; from backcheck.classroom.worker import main; main()"


class Died(Exception):
    """The process ended, or was ended, before it gave results."""


class Stopped(Exception):
    """Nothing more is wanted of this worker."""


class Worker:
    """This side of one process; one thread at a time asks it."""

    def __init__(self, marker: Engine, pickled: bytes, longest: float = LONGEST) -> None:
        self.marker, self.pickled, self.longest = marker, pickled, longest
        self.process: Popen[bytes] | None = None
        self.lock, self.stopped = Lock(), False

    def mark(self, chunk: Sequence[Submission]) -> list[Result]:
        """One result for each. When the process dies, its chunk is marked one by one, to find whose marking it does not survive."""
        try:
            return self._ask(chunk) if chunk else []
        except Died:
            return [self._alone(submission) for submission in chunk]

    def _alone(self, submission: Submission) -> Result:
        try:
            return self._ask([submission])[0]
        except Died as error:
            return broken(self.marker, submission, f"{BROKEN_OFF}: {error}")

    def _ask(self, chunk: Sequence[Submission]) -> list[Result]:
        process = self.process or self._start()
        late = Event()
        watch = Timer(self.longest, _too_late, (process, late))
        watch.start()
        try:
            _send(process, pickle.dumps(chunk, pickle.HIGHEST_PROTOCOL))
            return [from_plain(plain) for plain in pickle.load(process.stdout)]  # type: ignore[arg-type]  # noqa: S301, what our own process wrote
        except (EOFError, OSError, pickle.UnpicklingError):
            self.end()
            raise Died(f"it took longer than {self.longest:g} seconds" if late.is_set() else "its process died") from None
        finally:
            watch.cancel()

    def _start(self) -> Popen[bytes]:
        for _ in range(TRIES):
            process = self._new_process()
            try:
                _send(process, self.pickled)
                if process.stdout and process.stdout.read(1) == READY:
                    return process
            except OSError:
                pass
            self.end()
        raise BadArgument("the workers cannot be started; mark with one job, -j 1")

    def _new_process(self) -> Popen[bytes]:
        words = [sys.executable, "-P", "-c", START, *filter(lambda path: isinstance(path, str), sys.path)]
        with self.lock:
            if self.stopped:
                raise Stopped
            try:
                self.process = Popen(words, stdin=PIPE, stdout=PIPE)  # noqa: S603, Python itself
            except OSError as error:
                raise BadArgument(f"the workers cannot be started: {error.strerror}; mark with one job, -j 1") from None
            return self.process

    def end(self) -> None:
        """Ends the process and waits until it is gone; the next chunk would get a new one."""
        with self.lock:
            process, self.process = self.process, None
        if process:
            process.kill()
            process.communicate()

    def stop(self) -> None:
        """Ends the process for good, whatever it is at; the thread that waits for it then gives up."""
        with self.lock:
            self.stopped = True
            if self.process:
                self.process.kill()


def _too_late(process: Popen[bytes], late: Event) -> None:
    late.set()
    process.kill()


def _send(process: Popen[bytes], data: bytes) -> None:
    if process.stdin:
        process.stdin.write(data)
        process.stdin.flush()


# the other side


def main() -> None:
    """Reads a marker, then one chunk after the other; standard output is only for the results."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it at once and in silence
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        Thread(target=_end_with_the_other_side, daemon=True).start()
    gc.set_threshold(100_000)
    chunks, results = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with suppress(EOFError, BrokenPipeError, pickle.UnpicklingError):  # the other side is gone
        _mark_all(chunks, results)
    os._exit(0)


def _mark_all(chunks: BinaryIO, results: BinaryIO) -> None:
    marker: Engine = pickle.load(chunks)  # noqa: S301, what the other side wrote
    results.write(READY)
    results.flush()
    while True:
        found = marked_here(marker, pickle.load(chunks))  # noqa: S301, as above
        results.write(pickle.dumps([as_plain(result) for result in found], pickle.HIGHEST_PROTOCOL))
        results.flush()


def _end_with_the_other_side() -> None:
    """Waits until nobody holds the other end of standard input, and ends this process, whatever it is at."""
    waiting = select.poll()
    waiting.register(0, 0)
    waiting.poll()
    os._exit(1)
