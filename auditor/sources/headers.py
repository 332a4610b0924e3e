"""The head of a weight file: never more than a few megabytes of what may be many gigabytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from auditor.model import Failure, Statement
from auditor.parse.headers import read_head

FIRST_BYTES = 1_000_000
MOST_BYTES = 8_000_000


def read_header(
    read: Callable[[int], bytes | Failure], path: str, repo: str, revision: str | None
) -> tuple[Failure | Statement, ...]:
    """What the header of the weight file at `path` says, or why it could not be read.

    `read` gives as many of the file's first bytes as are asked for, fewer where the file ends before.
    """
    size = FIRST_BYTES
    while True:
        blob = read(size)
        if isinstance(blob, Failure):
            return (blob,)
        head = read_head(blob[:size], path, repo, revision)
        ended = len(blob) < size
        if head.whole or ended or size >= MOST_BYTES:
            return (*head.statements, *((Failure("malformed", head.fault, path),) if head.fault else ()))
        size = min(2 * size, MOST_BYTES)


def beside(found: Iterable[Statement], base_told: bool) -> tuple[Statement, ...]:
    """What a header says beside the rest of the repository: of the base only where that is silent, since a file may
    name its base's base instead."""
    settled = ("base_model", "unfollowed_base") if base_told else ()
    return tuple(s for s in found if s.field not in settled)
