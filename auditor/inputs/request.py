"""What is asked about: words that name targets become ids with revisions, and the source that knows them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from auditor.inputs.targets import parse_target
from auditor.model import RepoId
from auditor.sources.base import Source


class Request(NamedTuple):
    """The source to read from, ids with revisions, and remarks for the reader."""

    source: Source
    targets: list[tuple[RepoId, str | None]]
    notes: list[str]


def request(words: Iterable[str | Path | RepoId], source: Source, revision: str | None = None) -> Request:
    """Turn target words into ids; a path is a model's folder, which then stands before `source`.

    Answers about software, methods and the like go into the notes. Raises UsageError for a word that means nothing,
    with suggestions.
    """
    asked = Request(source, [], [])
    for word in words:
        if isinstance(word, RepoId):
            asked.targets.append((word, revision))
            continue
        target = parse_target(word if isinstance(word, str) else str(word.absolute()))
        if target.folder is not None:
            from auditor.sources.folder import FolderSource

            local = FolderSource(target.folder, asked.source)
            asked = asked._replace(source=local)
            asked.targets.append((local.ref, None))
        elif target.ref is not None:
            asked.targets.append((target.ref, target.revision or revision))
        asked.notes.extend(filter(None, (target.note, target.answer)))
    return asked
