"""What was read from the Hub before: spares requests for what has not changed, and serves `--offline`, dated."""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from auditor.model import RepoContent, RepoId
from auditor.resources import cache_dir, write_atomically
from auditor.sources.base import Source
from auditor.sources.files import git_hash, sha256
from auditor.sources.hub import HubSource, chosen_endpoint
from auditor.sources.names import disk_name, repo_folder
from auditor.sources.records import from_json, to_json
from auditor.sources.turns import Turns

MOST_BYTES = 500_000_000
_FORM = "hub-2"  # changes with what is kept and which files are chosen
_STALE = 3600  # seconds after which a half-written file belongs to a run that was killed
_READ = ("resolved", "gated")


def open_hub(offline: bool = False, refresh: bool = False) -> Source:
    """The Hub of the environment with the user's cache; the cache alone where offline (also by HF_HUB_OFFLINE).

    `refresh` reads everything anew and keeps that.
    """
    endpoint = chosen_endpoint()
    if offline or _offline_by_environment():
        return CachedSource(HubCache(endpoint))
    return HubSource(endpoint, cache=HubCache(endpoint, refresh=refresh))


def _offline_by_environment() -> bool:
    names = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
    return any(os.environ.get(name, "").upper() in ("1", "ON", "YES", "TRUE") for name in names)


class HubCache:
    """Contents on disk, apart for each endpoint. Every file carries the hash of what it holds; damaged ones count as
    absent. Several runs may share a cache: files are replaced whole.

    models/<org>/<name>/commits/<commit>.json    what was read of a commit, and on which day
    models/<org>/<name>/names/<revision>.json    the commit to which a name led, the day on which that was last seen to
                                                 be so, and the ETag by which the Hub can say that it still is
    files/<hash>                                 bytes by git's hash, for all repositories that hold the same file
    """

    def __init__(
        self, endpoint: str, folder: Path | None = None, *, refresh: bool = False, most_bytes: int = MOST_BYTES
    ) -> None:
        self._top = folder or cache_dir() / _FORM
        self._base = self._top / disk_name(f"{urlsplit(endpoint).hostname}-{sha256(endpoint.encode())[:8]}")
        self._refresh = refresh
        self._most_bytes = most_bytes
        self.turns = Turns()  # of the files that are being read
        self._pruning = threading.Lock()  # taken by the first write of a run and never given back

    def get(self, asked: RepoId, revision: str | None) -> RepoContent | None:
        """The content that `asked` last led to, with its day as `as_of`; None where there is none."""
        return self.known(asked, revision)[0]

    def known(self, asked: RepoId, revision: str | None, url: str = "") -> tuple[RepoContent | None, str | None]:
        """The content, and the ETag that its metadata at `url` had."""
        if self._refresh:
            return None, None
        by_commit: dict[str, Any] = {"kind": asked.kind, "name": asked.name, "commit": revision or "", "as_of": None}
        pointer = _load(self._pointer_file(asked, revision)) or by_commit
        try:
            ref, commit = RepoId(pointer["kind"], pointer["name"]), pointer["commit"]
            content = from_json(_load(self._commit_file(ref, commit)))
            content = replace(content, pinned=revision == commit, as_of=str(pointer["as_of"] or content.as_of))
            etag = pointer.get("etag") if pointer.get("url") == url else None
            return content, etag if isinstance(etag, str) else None
        except (KeyError, TypeError, ValueError, AttributeError):
            return None, None

    def files_of(self, content: RepoContent) -> RepoContent | None:
        """The content of the same commit, if it was read whole before: its files cannot have changed since."""
        kept = self.get(content.ref, content.revision) if content.revision else None
        return kept if kept and kept.status == "resolved" else None

    def put(self, asked: RepoId, revision: str | None, content: RepoContent, url: str, etag: str | None) -> None:
        """Keep a content that was read whole. A disk that cannot be written costs time later, never an answer."""
        lost = any(f.status == "unreachable" for f in content.failures)
        if content.status not in _READ or not content.revision or lost:
            return
        dated = to_json(content) | {"as_of": _today()}
        pointer = {**dated["ref"], "commit": content.revision, "as_of": _today(), "url": url, "etag": etag}
        self._write(self._commit_file(content.ref, content.revision), dated)
        self._write(self._pointer_file(asked, revision), pointer)

    def confirm(self, asked: RepoId, revision: str | None, kept: RepoContent) -> None:
        """Note that the Hub has just said that what was kept is still so."""
        path, today = self._pointer_file(asked, revision), _today()
        if kept.as_of != today and (pointer := _load(path)):
            self._write(path, pointer | {"as_of": today})
            with contextlib.suppress(OSError):
                os.utime(self._commit_file(kept.ref, kept.revision or ""))  # what is in use is pruned last

    def blob(self, git: str) -> bytes | None:
        """Bytes that were read before, by git's hash of them."""
        if not git or self._refresh:
            return None
        try:
            blob = self._blob_file(git).read_bytes()
        except OSError:
            return None
        return blob if git_hash(blob) == git else None

    def put_blob(self, blob: bytes) -> None:
        """Keep bytes under git's hash of them."""
        with contextlib.suppress(OSError):
            write_atomically(self._blob_file(git_hash(blob)), blob)

    def _write(self, path: Path, value: dict[str, Any]) -> None:
        with contextlib.suppress(OSError, TypeError, ValueError):
            body = json.dumps(value).encode()
            write_atomically(path, sha256(body).encode() + b"\n" + body)
        if self._pruning.acquire(blocking=False):
            prune(self._top, self._most_bytes)

    def _commit_file(self, ref: RepoId, commit: str) -> Path:
        return repo_folder(self._base, ref) / "commits" / f"{disk_name(commit)}.json"

    def _pointer_file(self, ref: RepoId, revision: str | None) -> Path:
        name = "default" if revision in (None, "main") else f"revision {disk_name(str(revision))}"
        return repo_folder(self._base, ref) / "names" / f"{name}.json"

    def _blob_file(self, git: str) -> Path:
        return self._base / "files" / git[:2] / git


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


def prune(folder: Path, most_bytes: int) -> None:
    """Remove the files that were not written for longest until `folder` holds no more than `most_bytes`.

    Another run may do the same meanwhile. What a killed run left half-written goes too.
    """
    aged = []
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            if path.is_file():
                stat = path.stat()
                aged.append((stat.st_mtime, stat.st_size, path))
    total = sum(size for _, size, _ in aged)
    for time_, size, path in sorted(aged):
        half = path.name.startswith(".") and time_ < time.time() - _STALE
        if total > most_bytes or half:
            with contextlib.suppress(OSError):
                path.unlink()
            total -= size


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _load(path: Path) -> Any:
    """A kept value, if its bytes still have the hash that stands before them."""
    try:
        seal, _, body = path.read_bytes().partition(b"\n")
        return json.loads(body) if sha256(body).encode() == seal else None
    except (OSError, ValueError, RecursionError):
        return None
