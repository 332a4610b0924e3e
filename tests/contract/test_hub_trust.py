"""Where tokens go, what the client library gets wrong, and what a copy on disk may stand for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from auditor.errors import UsageError
from auditor.model import Failure, RepoId
from auditor.sources.cached import CachedSource, HubCache
from auditor.sources.hub import HubSource
from auditor.sources.pace import Patience
from auditor.sources.wire import Wire
from tests.support.chat_hub import API, CARD, CHAT, CONFIG, FILES, README, chat_repos, source
from tests.support.hub_server import READER, STRANGER, Fault, LocalHub, Repo, said


@pytest.fixture
def hub() -> Iterator[LocalHub]:
    with LocalHub(chat_repos()) as local:
        yield local


# Tokens


def test_a_token_opens_a_gated_repository(hub: LocalHub) -> None:
    gated = RepoId("model", "lab/gated")
    assert source(hub, token=READER).fetch(gated).status == "resolved"
    assert source(hub, token=STRANGER).fetch(gated).status == "gated"
    assert source(hub, token=False).fetch(gated).status == "gated"


def test_a_bad_token_is_no_absence(hub: LocalHub) -> None:
    content = source(hub, token="hf_bad_secret").fetch(CHAT)
    assert content.status == "unreachable"
    assert "token" in content.why
    assert "hf_bad_secret" not in repr(content)


def test_the_token_stays_with_the_endpoint(hub: LocalHub) -> None:
    source(hub, token=READER).fetch(RepoId("model", "lab/large"))
    sent = {path.split("?")[0]: token for path, token in hub.seen}
    outside = {path: token for path, token in sent.items() if path.startswith("/cdn/")}
    assert list(outside.values()) == [None]
    assert all(token == f"Bearer {READER}" for path, token in sent.items() if path not in outside)


def test_the_environments_token_is_used_and_may_be_refused(hub: LocalHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", READER)
    gated = RepoId("model", "lab/gated")
    assert source(hub, token=None).fetch(gated).status == "resolved"
    assert source(hub, token=False).fetch(gated).status == "gated"


def test_a_redirect_does_not_leave_https() -> None:
    asked: list[str] = []

    @contextmanager
    def stream(_: str, url: str, **__: Any) -> Iterator[Any]:
        asked.append(url)
        headers = {"Location": "http://hub.example/plain"}
        yield SimpleNamespace(status_code=307, headers=headers, iter_bytes=lambda: iter(()))

    wire = Wire("https://hub.example", lambda: READER, lambda: SimpleNamespace(stream=stream), 1, Patience(0, 0))
    answer = wire.get("https://hub.example/x", 10)
    assert isinstance(answer, Failure)
    assert set(asked) == {"https://hub.example/x"}


def test_a_hostile_name_is_not_asked_for(hub: LocalHub) -> None:
    for name in ("../../x", "a/b/c", "a/b?x=1", "a/..", "a b"):
        assert source(hub).fetch(RepoId("model", name)).status == "missing"
    assert hub.seen == []


@pytest.mark.parametrize("endpoint", ["ftp://hub", "hub.example", "https://user:secret@hub.example", "https://"])
def test_an_endpoint_must_be_an_address(endpoint: str) -> None:
    with pytest.raises(UsageError) as caught:
        HubSource(endpoint)
    assert "secret" not in str(caught.value)


# Traps of the client library


def test_an_outage_of_the_card_is_not_no_card(hub: LocalHub, tmp_path: Path) -> None:
    """hf_hub_download turns an outage into an EntryNotFoundError, as if the card did not exist."""
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import EntryNotFoundError

    hub.faults[README] = [Fault(403)]
    with pytest.raises(EntryNotFoundError):
        hf_hub_download("acme/chat", "README.md", endpoint=hub.url, cache_dir=tmp_path, token=False)
    assert source(hub).fetch(CHAT).status == "unreachable"


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (said(404, "RepoNotFound", "x"), "missing"),
        (said(401, "GatedRepo", "x"), "gated"),
        (said(403, message="Access to this resource is disabled."), "missing"),
        (Fault(500), "unreachable"),
    ],
)
def test_a_copy_never_stands_in_for_the_hub_unasked(hub: LocalHub, tmp_path: Path, fault: Fault, status: str) -> None:
    """hf_hub_download hands out its stale copy here without a word."""
    cache = HubCache(hub.url, tmp_path)
    fresh = source(hub, cache=cache).fetch(CHAT)
    assert fresh.status == "resolved"
    hub.faults[API] = [fault]
    content = source(hub, cache=cache).fetch(CHAT)
    assert (content.status, content.documents) == (status, ())
    assert ("--offline" in content.why) == (status == "unreachable")
    kept = CachedSource(cache).fetch(CHAT)
    assert kept.documents == fresh.documents
    assert kept.as_of is not None


ODD_METADATA: dict[str, dict[str, Any]] = {
    "tags of the card are a number": {"cardData": {"license": "mit", "tags": 5}},
    "a key of the card is named self": {"cardData": {"license": "mit", "self": 1, "ignore_metadata_errors": True}},
    "safetensors without a total": {"safetensors": {"parameters": {}}},
    "an unknown key of transformersInfo": {"transformersInfo": {"new_key": 1}},
    "odd dates": {"createdAt": "yesterday", "lastModified": 5},
    "baseModels is a dict": {"baseModels": {"relation": "finetune", "models": [{"_id": "1", "id": "x/y"}]}},
    "childrenModelCount is a dict": {"childrenModelCount": {"adapter": 2}},
    "files that are no files": {"siblings": [5, {"rfilename": 7}, {"rfilename": "../x"}, {"rfilename": "README.md"}]},
    "no commit": {"sha": None},
    "everything is null": {"_id": None, "tags": None, "author": None, "gated": None, "cardData": None},
}


@pytest.mark.parametrize("expand", ["honour", "ignore"])
@pytest.mark.parametrize("case", ODD_METADATA)
def test_metadata_that_breaks_the_client_library(case: str, expand: str) -> None:
    with LocalHub({"acme/chat": Repo(dict(FILES), info=ODD_METADATA[case])}, expand=expand) as local:
        content = source(local).fetch(CHAT)
    assert content.status == "resolved"
    assert "README.md" in [d.path for d in content.documents]


def test_no_request_but_those_that_are_needed(hub: LocalHub) -> None:
    """huggingface_hub's own headers would first ask the endpoint which programs it knows."""
    source(hub).fetch(CHAT)
    assert hub.asked_for("agent-harnesses") == 0
    assert hub.asked_for("/api/models/") == 1
    assert len(hub.seen) == 1 + len(FILES) + 1  # the card takes two hops


def test_ids_that_the_client_library_refuses(hub: LocalHub) -> None:
    hub.repos["acme/a--b"] = Repo({"README.md": CARD})
    assert source(hub).fetch(RepoId("model", "acme/a--b")).status == "resolved"


# The cache


def test_an_unchanged_commit_costs_one_request(hub: LocalHub, tmp_path: Path) -> None:
    cache = HubCache(hub.url, tmp_path)
    first = source(hub, cache=cache).fetch(CHAT)
    hub.seen.clear()
    assert source(hub, cache=cache).fetch(CHAT) == first
    assert len(hub.seen) == 1
    hub.repos["acme/chat"].files["LICENSE"] = "Do not.\n"
    changed = source(hub, cache=cache).fetch(CHAT)
    assert "Do not.\n" in [d.text for d in changed.documents]
    assert source(hub, cache=cache).fetch(CHAT, first.revision).status == "missing"  # the Hub's word, not the copy's


def test_what_was_read_in_part_is_not_kept(hub: LocalHub, tmp_path: Path) -> None:
    cache = HubCache(hub.url, tmp_path)
    hub.faults[CONFIG] = [Fault(500)]
    assert source(hub, cache=cache).fetch(CHAT).status == "unreachable"
    assert cache.get(CHAT, None) is None


def test_no_token_reaches_the_disk(hub: LocalHub, tmp_path: Path) -> None:
    source(hub, token=READER, cache=HubCache(hub.url, tmp_path)).fetch(RepoId("model", "lab/gated"))
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert kept
    assert not any(READER in path.read_text() for path in kept)


def test_endpoints_do_not_share_a_cache(hub: LocalHub, tmp_path: Path) -> None:
    source(hub, cache=HubCache(hub.url, tmp_path)).fetch(CHAT)
    for other in ("https://mirror.example", "http://127.0.0.1:1"):
        assert HubCache(other, tmp_path).get(CHAT, None) is None


def test_a_damaged_cache_is_no_answer_and_no_crash(hub: LocalHub, tmp_path: Path) -> None:
    cache = HubCache(hub.url, tmp_path)
    source(hub, cache=cache).fetch(CHAT)
    for path in tmp_path.rglob("*.json"):
        path.write_text(json.dumps({"kind": "model", "name": 5}))
    assert CachedSource(cache).fetch(CHAT).status == "unreachable"
    assert source(hub, cache=cache).fetch(CHAT).status == "resolved"
