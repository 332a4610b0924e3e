"""Files of one repository at one commit by `/resolve/`, checked against the hashes that the Hub gives for them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from auditor.model import Document, Failure
from auditor.sources.refusal import refusal
from auditor.sources.text import read_text
from auditor.sources.wire import NOT_THE_HUB, Answer, Wire

if TYPE_CHECKING:
    from auditor.sources.cached import HubCache

_HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Files:
    """The files of `repo` (a node id) at `commit`. `hashes` are git's, by path, where the metadata gives them."""

    wire: Wire
    repo: str
    commit: str
    hashes: Mapping[str, str]
    cache: HubCache | None

    def read(self, path: str, limit: int) -> tuple[Document | Failure, ...]:
        """One file as text, of which the first `limit` bytes count."""
        seal = self.hashes.get(path)
        if not self.cache or not seal:
            blob = self._fetched(path, limit)
        else:  # the same bytes, if any repository's file of that hash was read before or is being read
            with self.cache.turns.of(seal):
                blob = self.cache.blob(seal) or self._fetched(path, limit)
        return (blob,) if isinstance(blob, Failure) else read_text(path, blob, limit)

    def _fetched(self, path: str, limit: int) -> bytes | Failure:
        answer = self.get(path, limit)
        if isinstance(answer, Failure):
            return answer
        if self.cache and not answer.truncated:
            self.cache.put_blob(answer.body)
        return answer.body

    def head(self, path: str, size: int) -> bytes | Failure:
        """The first `size` bytes of a file, by a request for no more than these."""
        answer = self.get(path, size, range=f"bytes=0-{size - 1}")
        return answer if isinstance(answer, Failure) else answer.body[:size]

    def get(self, path: str, limit: int, **asking: str) -> Answer | Failure:
        """The answer to a request for a file, if it is of this commit and, where it is whole, has the right hash.

        `/raw/` would give the pointer of a large file instead of the file.
        """
        url = f"{self.wire.endpoint}/{self.repo}/resolve/{quoted(self.commit)}/{quote(path, errors='replace')}"
        answer = self.wire.get(url, limit, **asking)
        if isinstance(answer, Failure):
            return replace(answer, path=path)
        refused = refusal(answer, self.wire.token() is not None)
        if refused:
            whole = answer.headers.get("x-error-code") in ("RepoNotFound", "RevisionNotFound")
            gone = refused.status == "missing" and (whole or answer.code != 404)
            if gone and path in self.hashes:  # of a repository that was there a moment ago
                refused = replace(refused, status="unreachable")
            return replace(refused, path=path)
        if "x-repo-commit" not in answer.headers:  # some mirrors name commit and hash in the answer to HEAD alone
            head = self.wire.get(url, 0, "HEAD")
            if isinstance(head, Answer) and head.code == 200:
                answer = replace(answer, headers={**head.headers, **answer.headers})
        served = answer.headers.get("x-repo-commit")
        if served is None:
            return Failure("unreachable", NOT_THE_HUB, path)
        if len(self.commit) == 40 and served != self.commit:
            return Failure("unreachable", f"commit {served[:40]} was served instead", path)
        if answer.code == 200 and not answer.truncated and not self._is_right(path, answer):
            return Failure("unreachable", "its bytes do not have the hash that the Hub gives for it", path)
        return answer

    def _is_right(self, path: str, answer: Answer) -> bool:
        """Whether the bytes are those that the metadata and the ETag name: git's SHA-1, or a large file's SHA-256.

        Any other ETag (a weak one, a content network's own) says nothing and is let pass.
        """
        tag = (answer.headers.get("x-linked-etag") or answer.headers.get("etag", "")).removeprefix("W/").strip('"')
        for expected in (tag, self.hashes.get(path, "")):
            if len(expected) == 40 and _HEX.issuperset(expected) and git_hash(answer.body) != expected:
                return False
            if len(expected) == 64 and _HEX.issuperset(expected) and sha256(answer.body) != expected:
                return False
        return True


def listed_files(info: Mapping[str, Any]) -> dict[str, str] | None:
    """Paths that the metadata lists, each with git's hash of its bytes or an empty string; None where it lists none.

    The hash that is given for a large file is that of its pointer, so it counts for nothing here.
    """
    siblings = info.get("siblings")
    if not isinstance(siblings, list):
        return None
    listed: dict[str, str] = {}
    for row in siblings:
        path = row.get("rfilename") if isinstance(row, dict) else None
        if isinstance(path, str) and path and ".." not in path.split("/"):
            seal = row.get("blobId")
            listed[path] = seal if isinstance(seal, str) and _is_seal(seal) and not row.get("lfs") else ""
    return listed


def git_hash(blob: bytes) -> str:
    """The SHA-1 under which git keeps a file."""
    return hashlib.sha1(b"blob %d\0" % len(blob) + blob, usedforsecurity=False).hexdigest()


def sha256(blob: bytes) -> str:
    """The SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(blob).hexdigest()


def quoted(revision: str) -> str:
    """A revision as one segment of a path: `refs/pr/1` too."""
    return quote(revision, safe="", errors="replace")


def _is_seal(text: str) -> bool:
    return len(text) == 40 and _HEX.issuperset(text)
