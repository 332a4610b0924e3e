"""What was read from the Hub before, by commit: spares files that have not changed, and serves `--offline`, dated."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from auditor.model import Document, Failure, RepoContent, RepoId
from auditor.resources import cache_dir, write_atomically
from auditor.sources.base import Source
from auditor.sources.hub import HubSource, chosen_endpoint
from auditor.sources.names import disk_name, repo_folder
from auditor.sources.records import from_json, to_json

_Files = tuple[tuple[Document, ...], tuple[Failure, ...]]
_READ = ("resolved", "gated")


def open_hub(offline: bool = False) -> Source:
    """The Hub of the environment with the user's cache; the cache alone where offline (also by HF_HUB_OFFLINE)."""
    endpoint = chosen_endpoint()
    cache = HubCache(endpoint)
    return CachedSource(cache) if offline or _offline_by_environment() else HubSource(endpoint, cache=cache)


def _offline_by_environment() -> bool:
    names = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
    return any(os.environ.get(name, "").upper() in ("1", "ON", "YES", "TRUE") for name in names)


class HubCache:
    """Contents on disk, apart for each endpoint: one file a commit, and one pointer for each name asked for.

    A pointer holds the commit that a name and revision led to and the day on which that was last seen to be so.
    """

    def __init__(self, endpoint: str, folder: Path | None = None) -> None:
        seal = hashlib.sha256(endpoint.encode()).hexdigest()[:8]
        self._base = (folder or cache_dir() / "hub") / disk_name(f"{urlsplit(endpoint).hostname}-{seal}")

    def put(self, asked: RepoId, revision: str | None, content: RepoContent) -> None:
        """Keep a content that was read whole. A disk that cannot be written costs time later, never an answer."""
        if (
            content.status not in _READ
            or not content.revision
            or any(f.status == "unreachable" for f in content.failures)
        ):
            return
        pointer = {
            "kind": content.ref.kind,
            "name": content.ref.name,
            "commit": content.revision,
            "as_of": datetime.now(UTC).date().isoformat(),
        }
        try:
            write_atomically(self._commit_file(content.ref, content.revision), json.dumps(to_json(content)))
            for name in {revision, content.revision}:
                write_atomically(self._pointer_file(asked, name), json.dumps(pointer))
        except (OSError, TypeError, ValueError):
            pass

    def get(self, asked: RepoId, revision: str | None) -> RepoContent | None:
        """The content that `asked` last led to, with its day as `as_of`; None where there is none."""
        pointer = _load(self._pointer_file(asked, revision))
        try:
            ref, commit, as_of = RepoId(pointer["kind"], pointer["name"]), pointer["commit"], pointer["as_of"]
            content = from_json(_load(self._commit_file(ref, commit)))
            return replace(content, pinned=revision == commit, as_of=str(as_of))
        except (KeyError, TypeError, ValueError, AttributeError):
            return None

    def documents(self, content: RepoContent) -> _Files | None:
        """The files of the same commit, if all of them were read before; they cannot have changed since."""
        if content.revision is None:
            return None
        kept = self.get(content.ref, content.revision)
        return (kept.documents, kept.failures) if kept and kept.status == "resolved" else None

    def _commit_file(self, ref: RepoId, commit: str) -> Path:
        return repo_folder(self._base, ref) / "commits" / f"{disk_name(commit)}.json"

    def _pointer_file(self, ref: RepoId, revision: str | None) -> Path:
        name = "default" if revision in (None, "main") else f"revision {disk_name(revision)}"
        return repo_folder(self._base, ref) / "names" / f"{name}.json"


class CachedSource:
    """The cache alone, for work offline: every content says of which day it is, and what is not kept is unreachable.

    `as_of` is the day of the oldest content handed out so far.
    """

    kind = "hub"
    parallel = 1

    def __init__(self, cache: HubCache) -> None:
        self._cache = cache
        self.as_of: str | None = None

    def fetch(self, ref: RepoId, revision: str | None = None) -> RepoContent:
        """The kept content, dated. Never raises."""
        content = self._cache.get(ref, revision) if ref.kind in ("model", "dataset") else None
        if content is None:
            return RepoContent(ref, "unreachable", "offline, and the cache has no copy of it")
        self.as_of = min(filter(None, (self.as_of, content.as_of)), default=None)
        return content


def _load(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
