"""The live Hub, or a mirror of it: one metadata call for each repository, then only the files that may matter."""

from __future__ import annotations

import functools
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote, urlencode, urlsplit

from auditor.errors import UsageError
from auditor.model import Document, Failure, RepoContent, RepoId
from auditor.sources.choice import choose, is_essential
from auditor.sources.names import is_hub_name, is_revision
from auditor.sources.text import read_text
from auditor.sources.wire import NOT_THE_HUB, Answer, Patience, Wire, refusal

if TYPE_CHECKING:
    from auditor.sources.cached import HubCache

PUBLIC_HUB = "https://huggingface.co"
INFO_BYTES = 32_000_000  # a data set may list a hundred thousand files
_FILES_AT_ONCE = 4

_BOTH = ("author", "cardData", "createdAt", "disabled", "gated", "lastModified", "sha", "siblings", "tags")
_EXPAND = {"model": sorted((*_BOTH, "baseModels", "config", "gguf", "library_name")), "dataset": sorted(_BOTH)}
_KEPT = frozenset((*_EXPAND["model"], "_id", "id", "private"))


class HubSource:
    """The Hub at `endpoint` (else HF_ENDPOINT, else the public one), with the token that huggingface_hub finds.

    `token` overrides it, False sends none. `timeout` bounds each wait for bytes, `patience` all waiting for rate limits
    and retries of one run, `backoff` the first pause between tries; all in seconds. With a `cache`, files of a commit
    that was read before are not fetched again. Raises UsageError for an endpoint that is no http(s) address.
    """

    kind = "hub"
    as_of: str | None = None
    parallel = 4

    def __init__(
        self,
        endpoint: str | None = None,
        token: str | Literal[False] | None = None,
        timeout: float = 10,
        cache: HubCache | None = None,
        *,
        patience: float = 60,
        backoff: float = 0.5,
    ) -> None:
        self.endpoint = (endpoint or chosen_endpoint()).rstrip("/")
        if urlsplit(self.endpoint).scheme not in ("http", "https") or not urlsplit(self.endpoint).hostname:
            raise UsageError(
                f"not an address of a Hub: {self.endpoint}", remedy="set HF_ENDPOINT to an https:// address"
            )
        if urlsplit(self.endpoint).username:
            raise UsageError("the address of the Hub holds credentials", remedy="put a token into HF_TOKEN instead")
        self._token = functools.cache(lambda: (token or None) if token is not None else _stored_token())
        self._cache = cache
        self._patience = Patience(patience, backoff)
        self._wire = Wire(self.endpoint, self._token, _session, timeout)

    def fetch(self, ref: RepoId, revision: str | None = None) -> RepoContent:
        """The repository as it is now. Never raises for its state or the network's."""
        if ref.kind not in ("model", "dataset") or not is_hub_name(ref.name):
            return RepoContent(ref, "missing", "not a name that a repository of the Hub can have")
        if revision is not None and not is_revision(revision):
            return RepoContent(ref, "missing", "not a name that a revision can have")
        info = self._info(ref, revision)
        if isinstance(info, Failure):
            return RepoContent(ref, info.status, self._advice(info, ref, revision))
        commit = info["sha"] if isinstance(info.get("sha"), str) else None
        found = RepoId(ref.kind, info["id"])
        content = RepoContent(
            found,
            "resolved",
            hub_id=info["_id"] if isinstance(info.get("_id"), str) else None,
            revision=commit,
            pinned=revision is not None and revision == commit,
            info={key: value for key, value in info.items() if key in _KEPT},
            redirected_from=() if found == ref else (ref.name,),
        )
        content = self._with_files(content, commit or revision or "main")
        if self._cache:
            self._cache.put(ref, revision, content)
        return content

    def _info(self, ref: RepoId, revision: str | None) -> dict[str, Any] | Failure:
        """The Hub's metadata, its id checked; the caller may rely on `id` being a sound name."""
        url = f"{self.endpoint}/api/{ref.kind}s/{ref.name}"
        if revision is not None:
            url += f"/revision/{_quoted(revision)}"
        expand = urlencode([("expand", name) for name in _EXPAND[ref.kind]])
        answer = self._wire.get(f"{url}?{expand}", INFO_BYTES, self._patience)
        if isinstance(answer, Answer) and answer.code == 400:  # a mirror that knows no expand, or not all of its words
            answer = self._wire.get(url, INFO_BYTES, self._patience)
        if isinstance(answer, Failure):
            return answer
        return refusal(answer, self._token() is not None) or _parsed(answer)

    def _with_files(self, content: RepoContent, commit: str) -> RepoContent:
        """`content` with its documents; the status falls where a file that matters could not be read."""
        kept = self._cache.documents(content) if self._cache else None
        if kept is not None:
            return replace(content, documents=kept[0], failures=kept[1])
        listed = _paths(content.info)
        # A mirror may list no files: then the two that most repositories have are tried.
        wanted, left_out = choose(("README.md", "LICENSE") if listed is None else listed, content.info)
        results = self._read(content.ref, commit, wanted)
        if listed is None:
            results = [r for r in results if isinstance(r, Document) or r.status != "missing"]
        documents = tuple(r for r in results if isinstance(r, Document))
        failures = [r for r in results if isinstance(r, Failure)]
        if any(f.status == "gated" for f in failures):
            why = "access to its files must be requested on the Hub; its metadata is public"
            left = (*left_out, *(f for f in failures if f.status != "gated"))
            return replace(content, status="gated", why=why, documents=documents, failures=left)
        content = replace(content, documents=documents, failures=(*left_out, *failures))
        broken = [f for f in failures if f.status == "unreachable" and f.path and is_essential(f.path)]
        if broken:
            return replace(content, status="unreachable", why=f"{broken[0].path} could not be read: {broken[0].why}")
        return content

    def _read(self, ref: RepoId, commit: str, wanted: list[tuple[str, int]]) -> list[Document | Failure]:
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(_FILES_AT_ONCE) as pool:
            results = pool.map(lambda item: self._file(ref, commit, *item), wanted)
            return [part for result in results for part in result]

    def _file(self, ref: RepoId, commit: str, path: str, limit: int) -> tuple[Document | Failure, ...]:
        """One file by `/resolve/`: `/raw/` would give the pointer of a large file instead of the file."""
        url = f"{self.endpoint}/{ref.id}/resolve/{_quoted(commit)}/{quote(path, errors='replace')}"
        answer = self._wire.get(url, limit, self._patience)
        if isinstance(answer, Failure):
            return (replace(answer, path=path),)
        refused = refusal(answer, self._token() is not None)
        if refused:
            return (replace(refused, path=path),)
        if "x-repo-commit" not in answer.headers:  # some mirrors name commit and hash in the answer to HEAD alone
            head = self._wire.get(url, 0, self._patience, "HEAD")
            if isinstance(head, Answer) and head.code == 200:
                answer = replace(answer, headers={**head.headers, **answer.headers})
        served = answer.headers.get("x-repo-commit")
        if served is None:
            return (Failure("unreachable", NOT_THE_HUB, path),)
        if len(commit) == 40 and served != commit:
            return (Failure("unreachable", f"commit {served[:40]} was served instead", path),)
        if not answer.truncated and not _hash_agrees(answer):
            return (Failure("unreachable", "its bytes do not have the hash that the Hub gives for it", path),)
        return read_text(path, answer.body, limit)

    def _advice(self, failure: Failure, ref: RepoId, revision: str | None) -> str:
        """Why, and the date of a copy that could serve instead: it is offered, never used unasked."""
        kept = self._cache.get(ref, revision) if self._cache and failure.status == "unreachable" else None
        return f"{failure.why}; --offline would use the copy of {kept.as_of}" if kept else failure.why


def _quoted(revision: str) -> str:
    return quote(revision, safe="", errors="replace")  # refs/pr/1 is one segment


def chosen_endpoint() -> str:
    """The Hub that the environment names, else the public one."""
    return os.environ.get("HF_ENDPOINT", "").rstrip("/") or PUBLIC_HUB


def _stored_token() -> str | None:
    """The token of HF_TOKEN or of the user's login, unless the environment says not to send it unasked."""
    from huggingface_hub import constants, get_token

    return None if constants.HF_HUB_DISABLE_IMPLICIT_TOKEN else get_token()


def _session() -> Any:
    """The HTTP client that huggingface_hub configures: proxies, certificates, offline mode."""
    from huggingface_hub import get_session

    return get_session()


def _parsed(answer: Answer) -> dict[str, Any] | Failure:
    """The metadata. JSON cut short or over the limit is malformed; an answer about something else is not the Hub's."""
    if answer.truncated:
        return Failure("malformed", f"its metadata is larger than {INFO_BYTES // 1_000_000} MB")
    if answer.body.lstrip()[:1] != b"{":
        return Failure("unreachable", NOT_THE_HUB)
    try:
        info = json.loads(answer.body)
    except (ValueError, RecursionError):
        return Failure("malformed", "the Hub's answer is not valid JSON")
    name = info.get("id", info.get("modelId"))
    if not isinstance(name, str) or not is_hub_name(name):
        return Failure("unreachable", NOT_THE_HUB)
    return {**info, "id": name}


def _paths(info: Mapping[str, Any]) -> list[str] | None:
    siblings = info.get("siblings")
    if not isinstance(siblings, list):
        return None
    names = [s.get("rfilename") for s in siblings if isinstance(s, dict)]
    return [name for name in names if isinstance(name, str) and name and ".." not in name.split("/")]


def _hash_agrees(answer: Answer) -> bool:
    """Whether the bytes are those that the ETag names: a git blob's SHA-1, or the SHA-256 of a large file.

    Any other ETag (a weak one, a content network's own) says nothing and is let pass.
    """
    tag = (answer.headers.get("x-linked-etag") or answer.headers.get("etag", "")).removeprefix("W/").strip('"')
    if not tag or not set(tag) <= set("0123456789abcdef"):
        return True
    if len(tag) == 40:
        blob = b"blob %d\0" % len(answer.body) + answer.body
        return hashlib.sha1(blob, usedforsecurity=False).hexdigest() == tag
    return len(tag) != 64 or hashlib.sha256(answer.body).hexdigest() == tag
