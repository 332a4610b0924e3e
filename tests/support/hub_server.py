"""A Hub on the loopback: serves repositories from memory as the real one does, with any fault injected on demand."""

from __future__ import annotations

import functools
import hashlib
import json
import math
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import yaml

READER = "hf_reader"  # a token with access to every gated repository
STRANGER = "hf_stranger"  # a token that is valid, and has access to none
_BARE = ("_id", "id")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class Repo:
    """One repository: its files at `main`, and at further revisions by name."""

    files: dict[str, str | bytes] = field(default_factory=dict)
    revisions: dict[str, dict[str, str | bytes]] = field(default_factory=dict)
    gated: str | bool = False
    disabled: bool = False
    moved_to: str | None = None
    lfs: frozenset[str] = frozenset()  # files that come from another host
    info: dict[str, Any] = field(default_factory=dict)  # what the metadata says beside the card

    def at(self, revision: str | None) -> tuple[str, dict[str, bytes]] | None:
        """The commit and the files of a revision: a branch, a tag or a commit."""
        states = {"main": self.files, **self.revisions}
        for name, files in states.items():
            blobs = {path: t.encode() if isinstance(t, str) else t for path, t in files.items()}
            commit = hashlib.sha1(repr(sorted(blobs.items())).encode()).hexdigest()
            if revision in (name, commit) or (revision is None and name == "main"):
                return commit, blobs
        return None


@functools.lru_cache(maxsize=5000)
def card_data(text: str) -> dict[str, Any] | None:
    """The front matter of a card as JSON; None where there is none or it is broken."""
    lines = text.lstrip().splitlines()
    if not lines or lines[0] != "---" or "---" not in lines[1:]:
        return None
    try:
        data = yaml.load("\n".join(lines[1 : lines.index("---", 1)]), Loader=_LOADER)
    except yaml.YAMLError:
        return None
    return json.loads(json.dumps(data, default=str)) if isinstance(data, dict) else None


def repos_from_cards(folder: Path, kind: str = "model") -> dict[str, Repo]:
    """Every card of a folder with manifest.jsonl (`hub_id`, `path` or `file` a line) as a repository of one file."""
    repos: dict[str, Repo] = {}
    for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        name = row.get("hub_id")
        card = folder / Path(str(row.get("file") or row.get("path"))).name
        if name and card.is_file():
            repos.setdefault(name if kind == "model" else f"datasets/{name}", Repo({"README.md": card.read_bytes()}))
    return repos


@dataclass(frozen=True)
class Fault:
    """What to answer instead. `after` breaks the connection once so many bytes of the body are out."""

    code: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: str = "application/json"
    after: int | None = None
    delay: float = 0
    drip: float = 0  # seconds between single bytes
    reset: bool = False


def said(code: int, error_code: str = "", message: str = "", **headers: str) -> Fault:
    """A refusal as the Hub words it."""
    named = {"X-Error-Code": error_code, "X-Error-Message": message}
    extra = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fault(code, json.dumps({"error": message}).encode(), {k: v for k, v in named.items() if v} | extra)


class Quota:
    """So many requests in each window of whole seconds, told in the headers of every answer."""

    def __init__(self, requests: int, seconds: int) -> None:
        self.requests, self.seconds = requests, seconds
        self.refused = 0
        self._left, self._ends = requests, 0.0
        self._lock = threading.Lock()

    def count(self, answer: Fault) -> Fault:
        """The answer with the headers of the quota; a refusal where it is gone."""
        with self._lock:
            now = time.monotonic()
            if now >= self._ends:
                self._left, self._ends = self.requests, now + self.seconds
            allowed = self._left > 0
            self._left -= allowed
            self.refused += not allowed
            told = {"RateLimit": f'"api";r={self._left};t={math.ceil(self._ends - now)}'}
        return replace(answer if allowed else Fault(429), headers={**answer.headers, **told} if allowed else told)


class LocalHub:
    """The server. Use as a context manager; `url` is its endpoint, `seen` the requests as (path, authorization).

    `faults` maps a part of a path (with query) to the answers to give, one a request; the last is repeated, None
    answers properly. `expand` says how metadata calls treat the parameters `expand` and `blobs`: honour, ignore or
    refuse. `latency` is in seconds, for each request. `statuses` are the codes of the answers.
    """

    def __init__(
        self, repos: Mapping[str, Repo], *, expand: str = "honour", latency: float = 0, quota: Quota | None = None
    ) -> None:
        self.repos = dict(repos)
        self.expand = expand
        self.latency = latency
        self.quota = quota
        self.faults: dict[str, list[Fault | None]] = {}
        self.seen: list[tuple[str, str | None]] = []
        self.statuses: list[int] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # a client that hangs up is no news
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> LocalHub:
        # A short poll, since shutting down waits for the next one.
        threading.Thread(target=lambda: self._server.serve_forever(0.01), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def asked_for(self, part: str) -> int:
        """How many requests had `part` in their path."""
        return sum(part in path for path, _ in self.seen)

    def fault_for(self, path: str) -> Fault | None:
        for part, answers in self.faults.items():
            if part in path:
                return answers.pop(0) if len(answers) > 1 else answers[0]
        return None


def _handler(hub: LocalHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 65536  # one packet an answer: two would wait for each other for 40 ms

        def do_GET(self) -> None:
            """Answer, and remember what was asked."""
            token = self.headers.get("authorization")
            hub.seen.append((self.path, token))
            if hub.latency:
                time.sleep(hub.latency)
            answer = hub.fault_for(self.path) or _asked(self, hub, (token or "").removeprefix("Bearer ") or None)
            if hub.quota and self.path.startswith(("/api/models/", "/api/datasets/")):
                answer = hub.quota.count(answer)
            hub.statuses.append(answer.code)
            _send(self, answer)

        do_HEAD = do_GET

        def log_message(self, *_: object) -> None:
            """Quiet."""

    return Handler


def _asked(handler: BaseHTTPRequestHandler, hub: LocalHub, token: str | None) -> Fault:
    """The proper answer, as the request's headers want it: nothing new, or a range of bytes."""
    answer = _route(hub, handler.path, token)
    if answer.code != 200:
        return answer
    if answer.headers.get("ETag") and handler.headers.get("if-none-match") == answer.headers["ETag"]:
        return Fault(304, headers=answer.headers)
    unit, _, wanted = handler.headers.get("range", "").partition("=")
    if unit != "bytes":
        return answer
    first, _, last = wanted.partition("-")
    total = len(answer.body)
    if int(first) >= total:
        return Fault(416, headers={**answer.headers, "Content-Range": f"bytes */{total}"})
    part = answer.body[int(first) : int(last) + 1]
    place = f"bytes {first}-{int(first) + len(part) - 1}/{total}"
    return replace(answer, code=206, body=part, headers={**answer.headers, "Content-Range": place})


def _send(handler: BaseHTTPRequestHandler, answer: Fault) -> None:
    if answer.delay:
        threading.Event().wait(answer.delay)
    if answer.reset:
        handler.close_connection = True
        handler.connection.close()
        return
    try:
        handler.send_response(answer.code)
        headers = {"Content-Type": answer.kind, "Content-Length": str(len(answer.body)), **answer.headers}
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        if handler.command == "GET":
            _pour(handler, answer)
    except OSError:
        handler.close_connection = True  # the client went away: its right
    if answer.after is not None:
        handler.close_connection = True


def _pour(handler: BaseHTTPRequestHandler, answer: Fault) -> None:
    if not answer.drip:
        handler.wfile.write(answer.body[: answer.after])
        return
    for byte in answer.body:
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        threading.Event().wait(answer.drip)


def _route(hub: LocalHub, path: str, token: str | None) -> Fault:
    parts = urlsplit(path)
    if token not in (None, READER, STRANGER):
        return said(401, message="Invalid credentials in Authorization header")
    if parts.path.startswith(("/api/resolve-cache/", "/cdn/")):
        return _blob(hub, parts.path)
    for prefix, kind in (("/api/models/", ""), ("/api/datasets/", "datasets/")):
        if parts.path.startswith(prefix):
            name, _, revision = parts.path.removeprefix(prefix).partition("/revision/")
            return _info(hub, kind, name, unquote(revision) or None, parts.query, token)
    name, found, rest = parts.path.removeprefix("/").partition("/resolve/")
    if found:
        revision, _, file = rest.partition("/")
        return _resolve(hub, name, unquote(revision), unquote(file), token)
    return said(404, message="Sorry, we can't find the page you are looking for.")


def _absent(token: str | None) -> Fault:
    if token:
        return said(404, "RepoNotFound", "Repository not found")
    return said(401, message="Invalid username or password.", WWW_Authenticate='Bearer realm="Authentication required"')


def _info(hub: LocalHub, kind: str, name: str, revision: str | None, query: str, token: str | None) -> Fault:
    repo = hub.repos.get(kind + name)
    if repo is None:
        return _absent(token)
    if repo.moved_to:
        rest = (f"/revision/{quote(revision, safe='')}" if revision else "") + (f"?{query}" if query else "")
        place = f"/api/{'datasets' if kind else 'models'}/{repo.moved_to}{rest}"
        return Fault(307, f"Temporary Redirect. Redirecting to {place}".encode(), {"Location": place}, "text/plain")
    state = repo.at(revision)
    if state is None:
        return said(404, "RevisionNotFound", f"Invalid rev id: {revision}")
    info = _metadata(kind, name, repo, *state)
    asked = parse_qs(query)
    expand = asked.get("expand")
    if asked and hub.expand == "refuse":
        return said(400, message=f"{query.partition('=')[0]!r} is not allowed")
    if expand and hub.expand == "honour":
        info = {key: value for key, value in info.items() if key in (*_BARE, *expand)}
    if "blobs" in asked and hub.expand == "honour" and isinstance(info.get("siblings"), list):
        info["siblings"] = [_with_hashes(row, repo, state[1]) for row in info["siblings"]]
    body = json.dumps(info).encode()
    tag = f'W/"{len(body):x}-{hashlib.sha1(body).hexdigest()[:20]}"'
    return Fault(body=body, kind="application/json; charset=utf-8", headers={"ETag": tag})


def _with_hashes(row: Any, repo: Repo, files: Mapping[str, bytes]) -> Any:
    """A listed file with the hashes that `blobs=true` adds."""
    path = row.get("rfilename") if isinstance(row, dict) else None
    if not isinstance(path, str) or path not in files:
        return row
    blob = files[path]
    if path not in repo.lfs:
        return {**row, "blobId": git_hash(blob), "size": len(blob)}
    seal = hashlib.sha256(blob).hexdigest()
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{seal}\nsize {len(blob)}\n".encode()
    large = {"sha256": seal, "size": len(blob), "pointerSize": len(pointer)}
    return {**row, "blobId": git_hash(pointer), "size": len(blob), "lfs": large}


def _metadata(kind: str, name: str, repo: Repo, commit: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    card = card_data(files["README.md"].decode("utf-8", "replace")) if "README.md" in files else None
    info: dict[str, Any] = {
        "_id": hashlib.sha1((kind + name).encode()).hexdigest()[:24],
        "id": name,
        "private": False,
        "tags": [f"license:{card['license']}"] if card and isinstance(card.get("license"), str) else [],
        "author": name.partition("/")[0],
        "sha": commit,
        "lastModified": "2024-05-01T10:00:00.000Z",
        "createdAt": "2024-04-01T10:00:00.000Z",
        "gated": repo.gated,
        "disabled": repo.disabled,
        "siblings": [{"rfilename": path} for path in sorted(files)],
        "downloads": 7,
    }
    if not kind:
        info["modelId"] = name
    if card is not None:
        info["cardData"] = card
    return info | repo.info


def _resolve(hub: LocalHub, name: str, revision: str, file: str, token: str | None) -> Fault:
    repo = hub.repos.get(name)
    if repo is None:
        return _absent(token)
    if repo.moved_to:  # downloads by an old name are served without a redirect
        prefix = "datasets/" if name.startswith("datasets/") else ""
        return _resolve(hub, prefix + repo.moved_to, revision, file, token)
    if repo.disabled:
        return said(403, message="Access to this resource is disabled.")
    if repo.gated and token != READER:
        return said(403 if token else 401, "GatedRepo", f"Access to {name} is restricted.")
    state = repo.at(revision)
    if state is None:
        return said(404, "RevisionNotFound", f"Invalid rev id: {revision}")
    commit, files = state
    if file not in files:
        return said(404, "EntryNotFound", "Entry not found", X_Repo_Commit=commit)
    headers = {"X-Repo-Commit": commit, "ETag": f'"{git_hash(files[file])}"'}
    if file in repo.lfs:
        there = f"http://localhost:{urlsplit(hub.url).port}/cdn/{name}@{commit}/{quote(file)}"
        large = {"X-Linked-Etag": f'"{hashlib.sha256(files[file]).hexdigest()}"', "Location": there}
        return Fault(302, b"Found", {"X-Repo-Commit": commit, **large}, "text/plain")
    if file == "README.md":
        linked = {"X-Linked-Etag": headers["ETag"], "Location": f"/api/resolve-cache/{name}@{commit}/{quote(file)}"}
        return Fault(307, b"Temporary Redirect.", headers | linked, "text/plain")
    return Fault(body=files[file], headers=headers, kind="text/plain; charset=utf-8")


def _blob(hub: LocalHub, path: str) -> Fault:
    """The second hop of a download, which no longer names the commit."""
    place = path.removeprefix("/api/resolve-cache/").removeprefix("/cdn/")
    name, _, rest = place.partition("@")
    commit, _, file = rest.partition("/")
    state = hub.repos[name].at(commit)
    assert state is not None
    blob = state[1][unquote(file)]
    tag = git_hash(blob) if path.startswith("/api/") else hashlib.md5(blob).hexdigest() * 2
    return Fault(body=blob, headers={"ETag": f'"{tag}"'}, kind="text/plain; charset=utf-8")


def git_hash(blob: bytes) -> str:
    """The SHA-1 under which git keeps a file."""
    return hashlib.sha1(b"blob %d\0" % len(blob) + blob).hexdigest()
