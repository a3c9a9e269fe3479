"""Submissions one after the other → chunks that a worker marks at once; it knows no marker."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from backcheck.answers.submission import Submission

Chunk = list[Submission]

FIRST = 8  # the first chunks are small, so that all workers have something to do with a class of thirty, too
MOST = 256
ALONE = 1024  # where nobody waits for a share of the work: what is judged and explained together costs less
MOST_CHARACTERS = 4_000_000  # of one chunk, which is sent to another process and kept until its results are written


def chunks(submissions: Iterable[Submission], most: int = MOST, characters: int = MOST_CHARACTERS) -> Iterator[Chunk]:
    """All submissions in order, never more in a chunk than allowed, read when they are asked for.

    >>> [len(chunk) for chunk in chunks(Submission(f"{n}.yaml", None, {}) for n in range(100))]
    [8, 16, 32, 44]
    """
    chunk: Chunk = []
    held, room = 0, min(FIRST, most)
    for submission in submissions:
        size = length(submission)
        if chunk and (len(chunk) == room or held + size > characters):
            yield chunk
            chunk, held, room = [], 0, min(2 * room, most)
        chunk.append(submission)
        held += size
    if chunk:
        yield chunk


def length(submission: Submission) -> int:
    """How many characters a submission holds."""
    answers = submission.answers
    return len(submission.source) + sum(map(len, answers)) + sum(map(len, answers.values()))
