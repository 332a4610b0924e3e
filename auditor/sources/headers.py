"""The head of a weight file, by ranges of bytes: never more than a few megabytes of what may be many gigabytes."""

from __future__ import annotations

from auditor.model import Failure, Statement
from auditor.parse.headers import read_head
from auditor.sources.files import Files

FIRST_BYTES = 1_000_000
MOST_BYTES = 8_000_000


def read_header(files: Files, path: str) -> tuple[Failure | Statement, ...]:
    """What the header of the weight file at `path` says, or why it could not be read."""
    size = FIRST_BYTES
    while True:
        answer = files.get(path, size, range=f"bytes=0-{size - 1}")
        if isinstance(answer, Failure):
            return (answer,)
        blob = answer.body[:size]
        head = read_head(blob, path, files.repo, files.commit)
        ended = len(blob) < size  # the file itself is no longer
        if head.whole or ended or size >= MOST_BYTES:
            return (*head.statements, *((Failure("malformed", head.fault, path),) if head.fault else ()))
        size = min(2 * size, MOST_BYTES)
