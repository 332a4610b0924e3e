"""The live Hub, or a mirror of it: one metadata call for each repository, then only the files that may matter."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode, urlsplit

from auditor.errors import UsageError
from auditor.lineage.origins import parents_known
from auditor.model import Document, Failure, RepoContent, RepoId, Statement
from auditor.sources.choice import choose, choose_header, told
from auditor.sources.files import Files, listed_files, quoted
from auditor.sources.headers import beside, read_header
from auditor.sources.names import is_hub_name, is_revision
from auditor.sources.pace import Patience
from auditor.sources.refusal import refusal
from auditor.sources.wire import NOT_THE_HUB, Answer, Wire

if TYPE_CHECKING:
    from auditor.sources.cached import HubCache

PUBLIC_HUB = "https://huggingface.co"
INFO_BYTES = 32_000_000  # a repository may list a hundred thousand files
_USUAL = ("README.md", "LICENSE")  # what most repositories have

_DATASET = ("author", "cardData", "createdAt", "disabled", "gated", "lastModified", "sha", "siblings", "tags")
_MODEL = (*_DATASET, "baseModels", "config", "gguf", "library_name")
_KEPT = frozenset((*_MODEL, "_id", "id", "private"))

Part = Document | Failure | Statement


class HubSource:
    """The Hub at `endpoint` (else HF_ENDPOINT, else the public one), with the token that huggingface_hub finds.

    `token` overrides it, False sends none. `timeout` bounds each wait for bytes, `patience` all waiting for rate limits
    and retries of one run, `backoff` the first pause between tries; all in seconds. With a `cache`, nothing that was
    read before and has not changed is fetched again. Raises UsageError for an endpoint that is no http(s) address.
    """

    kind = "hub"
    as_of: str | None = None
    parallel = 16

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
        self._shut = self.endpoint == PUBLIC_HUB  # no gated file without a token; of a mirror the first refusal tells
        self.wire = Wire(self.endpoint, self._token, _session, timeout, Patience(patience, backoff))

    def fetch(self, ref: RepoId, revision: str | None = None) -> RepoContent:
        """The repository as it is now. Never raises for its state or the network's."""
        return self.fetch_telling(ref, revision, lambda _: None)

    def fetch_telling(self, ref: RepoId, revision: str | None, tell: Callable[[RepoContent], None]) -> RepoContent:
        """The same; `tell` gets what the metadata alone says, while the files are still to be read."""
        if ref.kind not in ("model", "dataset") or not is_hub_name(ref.name):
            return RepoContent(ref, "missing", "not a name that a repository of the Hub can have")
        if revision is not None and not is_revision(revision):
            return RepoContent(ref, "missing", "not a name that a revision can have")
        url = f"{self.endpoint}/api/{ref.kind}s/{ref.name}"
        if revision is not None:
            url += f"/revision/{quoted(revision)}"
        kept, etag = self._cache.known(ref, revision, url) if self._cache else (None, None)
        if kept and kept.status != "resolved" and self._token():
            etag = None  # access to a gated repository may have been granted since; without a token it cannot
        answer = self.wire.at_once([lambda: self._ask(url, ref.kind, etag)])[0]
        if self._cache and kept and etag and isinstance(answer, Answer) and answer.code == 304:
            self._cache.confirm(ref, revision, kept)
            return replace(kept, as_of=None)
        info = answer if isinstance(answer, Failure) else self._understood(answer)
        if isinstance(info, Failure):
            return RepoContent(ref, info.status, self._advice(info, ref, revision))
        content = _content(ref, revision, info)
        tell(content)
        content = self._with_files(content, revision)
        if self._cache and isinstance(answer, Answer):
            self._cache.put(ref, revision, content, url, answer.headers.get("etag"))
        return content

    def _ask(self, url: str, kind: str, etag: str | None) -> Answer | Failure:
        """The Hub's metadata, of models with the hashes of their files.

        Asked for in other ways where that is refused (a mirror) or too much (a hundred thousand files).
        """
        unlisted = [name for name in (_DATASET if kind == "dataset" else _MODEL) if name != "siblings"]
        whole = urlencode([("expand", name) for name in _DATASET]) if kind == "dataset" else "blobs=true"
        asking = {"if_none_match": etag} if etag else {}
        answer = self.wire.get(f"{url}?{whole}", INFO_BYTES, **asking)
        if isinstance(answer, Answer) and answer.truncated:
            answer = self.wire.get(f"{url}?{urlencode([('expand', name) for name in unlisted])}", INFO_BYTES)
        if isinstance(answer, Answer) and answer.code == 400:
            answer = self.wire.get(url, INFO_BYTES)
        return answer

    def _understood(self, answer: Answer) -> dict[str, Any] | Failure:
        return refusal(answer, self._token() is not None) or _parsed(answer)

    def _with_files(self, content: RepoContent, revision: str | None) -> RepoContent:
        """`content` with its documents; the status falls where something that matters could not be read."""
        if content.info.get("disabled") is True:
            return replace(content, status="missing", why="disabled by the Hub, which still shows its metadata")
        kept = self._cache.files_of(content) if self._cache else None
        if kept:
            return replace(content, documents=kept.documents, failures=kept.failures, statements=kept.statements)
        listed = listed_files(content.info)
        names = {content.ref.name, *content.redirected_from}
        settled = any(parents_known(replace(content.ref, name=name)) for name in names)
        wanted, left_out = choose(_USUAL if listed is None else listed, content.info, settled)
        if listed is None:
            left_out.append(Failure("malformed", f"its files are not listed: only {' and '.join(_USUAL)} were tried"))
        if content.info.get("gated") and self._shut and not self._token():
            return _gated(replace(content, failures=tuple(left_out)))
        header = choose_header(listed or (), content.info) if content.ref.kind == "model" else None
        commit = content.revision or revision or "main"
        files = Files(self.wire, content.ref.id, commit, listed or {}, self._cache)
        parts = _read_all(files, wanted, header, bool(content.info.get("gated")))
        failures = [p for p in parts if isinstance(p, Failure) and (listed is not None or p.status != "missing")]
        content = replace(
            content,
            documents=tuple(p for p in parts if isinstance(p, Document)),
            statements=beside((p for p in parts if isinstance(p, Statement)), "base_model" in told(content.info)),
            failures=(*left_out, *failures),
        )
        if any(f.status == "gated" for f in failures):
            self._shut |= not self._token()
            return _gated(content)
        lost = next((f for f in failures if f.status == "unreachable"), None)
        if lost:  # only what may matter was asked for, so that what it says cannot be left out
            return replace(content, status="unreachable", why=f"{lost.path} could not be read: {lost.why}")
        return content

    def _advice(self, failure: Failure, ref: RepoId, revision: str | None) -> str:
        """Why, and the date of a copy that could serve instead: it is offered, never used unasked."""
        kept = self._cache.get(ref, revision) if self._cache and failure.status == "unreachable" else None
        return f"{failure.why}; --offline would use the copy of {kept.as_of}" if kept else failure.why


def _content(ref: RepoId, revision: str | None, info: dict[str, Any]) -> RepoContent:
    """What the metadata tells of the repository; its `id` must have been checked."""
    commit = info["sha"] if isinstance(info.get("sha"), str) else None
    found = RepoId(ref.kind, info["id"])
    kept = {key: value for key, value in info.items() if key in _KEPT}
    for key in ("config", "gguf"):  # templates of chats are long and tell nothing
        if isinstance(kept.get(key), dict):
            kept[key] = {k: v for k, v in kept[key].items() if k not in ("tokenizer_config", "chat_template")}
    return RepoContent(
        found,
        "resolved",
        hub_id=info["_id"] if isinstance(info.get("_id"), str) else None,
        revision=commit,
        pinned=revision is not None and revision == commit,
        info=kept,
        redirected_from=() if found == ref else (ref.name,),
    )


def _gated(content: RepoContent) -> RepoContent:
    """The content of a repository that keeps its files from whoever asks."""
    why = "access to its files must be requested on the Hub; its metadata is public"
    return replace(content, status="gated", why=why, failures=tuple(f for f in content.failures if f.status != "gated"))


def _read_all(files: Files, wanted: list[tuple[str, int]], header: str | None, gated: bool) -> list[Part]:
    """Everything that was chosen, at once; of a gated repository one file first, as the others will be refused too."""
    calls: list[tuple[str, Callable[[], Sequence[Part]]]]
    calls = [(path, functools.partial(files.read, path, limit)) for path, limit in wanted]
    if header:
        head = functools.partial(files.head, header)
        calls.append((header, lambda: read_header(head, header, files.repo, files.commit)))
    parts: list[Part] = []
    for batch in (calls[:1], calls[1:]) if gated else (calls,):
        results = files.wire.at_once([call for _, call in batch])
        for (path, _), result in zip(batch, results, strict=True):
            parts += [replace(result, path=path)] if isinstance(result, Failure) else result
        if any(isinstance(p, Failure) and p.status == "gated" for p in parts):
            break
    return parts


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
