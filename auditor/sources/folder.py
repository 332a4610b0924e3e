"""A model in a local folder: its card, legal files, configuration and headers as one repository."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from auditor.errors import UsageError
from auditor.model import Document, Failure, RepoContent, RepoId, Statement
from auditor.parse.record import parse
from auditor.sources.base import Source
from auditor.sources.choice import DEEPEST, choose, choose_header
from auditor.sources.headers import beside, read_header
from auditor.sources.text import read_text

_MOST_LISTED = 20_000  # a folder of checkpoints may hold more; the legal files of interest stand at its top


class FolderSource:
    """One local folder as the model `ref`; every other repository comes from `parents`.

    Raises UsageError where `path` is no folder.
    """

    kind = "folder"

    def __init__(self, path: Path, parents: Source) -> None:
        if not path.is_dir():
            raise UsageError(f"{path} is not a folder")
        self.path = path.resolve()
        self.ref = RepoId("model", self.path.name)
        self.parents = parents
        self.parallel = parents.parallel
        self.as_of = parents.as_of

    def fetch(self, ref: RepoId, revision: str | None = None) -> RepoContent:
        """The folder's content for its own id, else what `parents` says. Never raises."""
        if ref != self.ref:
            content = self.parents.fetch(ref, revision)
            self.as_of = self.parents.as_of  # the cache learns the age of what it holds as it reads
            return content
        if revision is not None:
            return RepoContent(ref, "missing", "a folder has no revisions")
        try:
            listed = sorted(itertools.islice(self._walk(self.path, 0), _MOST_LISTED))
        except OSError as error:
            return RepoContent(ref, "malformed", f"the folder cannot be read: {error.strerror}")
        wanted, left_out = choose(listed, {})
        results = [part for path, limit in wanted for part in self._read(path, limit)]
        content = RepoContent(
            ref,
            "resolved",
            info={"id": ref.name, "siblings": [{"rfilename": path} for path in listed]},
            documents=tuple(r for r in results if isinstance(r, Document)),
            failures=(*left_out, *(r for r in results if isinstance(r, Failure))),
        )
        return self._with_header(content, choose_header(listed, {}))

    def _with_header(self, content: RepoContent, path: str | None) -> RepoContent:
        if path is None:
            return content
        said = read_header(lambda size: self._bytes(path, size), path, content.ref.id, None)
        told = any(s.field == "base_model" for s in parse(content).statements)
        return replace(
            content,
            statements=beside((s for s in said if isinstance(s, Statement)), told),
            failures=(*content.failures, *(f for f in said if isinstance(f, Failure))),
        )

    def _walk(self, folder: Path, depth: int) -> Iterator[str]:
        with os.scandir(folder) as opened:
            entries = sorted(opened, key=lambda entry: (entry.is_dir(follow_symlinks=False), entry.name))
        for entry in entries:
            if entry.is_file():
                yield (folder / entry.name).relative_to(self.path).as_posix()
            elif entry.is_dir(follow_symlinks=False) and depth < DEEPEST and not entry.name.startswith("."):
                yield from self._walk(folder / entry.name, depth + 1)

    def _read(self, path: str, limit: int) -> tuple[Document | Failure, ...]:
        blob = self._bytes(path, limit + 1)
        return (blob,) if isinstance(blob, Failure) else read_text(path, blob, limit)

    def _bytes(self, path: str, size: int) -> bytes | Failure:
        """The first bytes of a file."""
        target = (self.path / path).resolve()
        if not any(target.is_relative_to(place) for place in self._own_places()):
            return Failure("malformed", "a link that leads out of the folder, not read", path)
        try:
            with target.open("rb") as file:
                return file.read(size)
        except OSError as error:
            return Failure("malformed", f"cannot be read: {error.strerror}", path)

    def _own_places(self) -> Iterator[Path]:
        """Where the folder's files may lie: in it, or among the blobs to which the Hub's own cache links."""
        yield self.path
        if self.path.parent.name == "snapshots":
            yield self.path.parent.parent / "blobs"
