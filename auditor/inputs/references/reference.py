"""What a scan gives: a reference with its place, and a file that was not read, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["model", "dataset", "closed", "unresolved"]
Confidence = Literal["sure", "likely"]


@dataclass(frozen=True, slots=True)
class Reference:
    """One place where a repository uses a model, a dataset or a closed API.

    `id` is `org/name` or a legacy bare name, the id of a closed system, or for `unresolved` the expression as written.
    `file` is relative with slashes; `line` and `column` count from 1 and point at where the id is written. `revision`
    is None where none is given. `how` says in which form it was found, `text` is what stands there.
    """

    id: str
    kind: Kind
    file: str
    line: int
    column: int
    revision: str | None
    how: str
    confidence: Confidence
    text: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that could hold references and was not read."""

    file: str
    why: str


@dataclass(frozen=True, slots=True)
class Scan:
    """Everything found in a tree, sorted by place, and what was left out."""

    references: tuple[Reference, ...]
    skipped: tuple[Skipped, ...]
