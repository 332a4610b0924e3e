"""Everything that can go wrong between here and the Hub, and what it is called: an outage is never an absence."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from auditor.errors import UsageError
from auditor.model import Failure, RepoContent, RepoId
from auditor.sources.cached import CachedSource, HubCache
from auditor.sources.choice import CARD_BYTES
from auditor.sources.hub import HubSource
from auditor.sources.pace import Patience
from auditor.sources.wire import TRIES, Wire
from tests.support.hub_server import READER, STRANGER, Fault, LocalHub, Repo, said

CHAT = RepoId("model", "acme/chat")
CARD = "---\nlicense: mit\n---\n# Chat\n"
FILES: dict[str, str | bytes] = {"README.md": CARD, "LICENSE": "Do as you like.\n", "config.json": "{}"}
API, README, LICENSE, CONFIG = "/api/models/acme/chat", "README.md", "/LICENSE", "/config.json"
HTML = Fault(body=b"<!DOCTYPE html><title>Sign in</title>", kind="text/html")


@pytest.fixture
def hub() -> Iterator[LocalHub]:
    repos = {
        "acme/chat": Repo(dict(FILES), revisions={"v1": {"README.md": "---\nlicense: apache-2.0\n---\n"}}),
        "lab/gated": Repo({"README.md": CARD, "LICENSE": "Ask.\n"}, gated="auto"),
        "lab/large": Repo({"README.md": CARD, "LICENSE": "Kept elsewhere.\n"}, lfs=frozenset(["LICENSE"])),
    }
    with LocalHub(repos) as local:
        yield local


def source(hub: LocalHub, **options: Any) -> HubSource:
    """A source with no patience to speak of, so that tests are quick."""
    return HubSource(hub.url, **{"token": False, "timeout": 1.0, "patience": 1.0, "backoff": 0.001, **options})


def with_fault(hub: LocalHub, part: str, *answers: Fault | None, **options: Any) -> RepoContent:
    hub.faults[part] = list(answers)
    return source(hub, **options).fetch(CHAT)


NESTED = b'{"id":"acme/chat","cardData":' + b"[" * 100_000
METADATA_FAULTS = {
    "gated, anonymous": (said(401, "GatedRepo", "Access to model acme/chat is restricted."), "gated", "token"),
    "gated, not granted": (said(403, "GatedRepo", "Access to model acme/chat is restricted."), "gated", "owner"),
    "anonymous and absent or private": (said(401, message="Invalid username or password."), "missing", "private"),
    "a token that is not accepted": (
        said(401, message="Invalid credentials in Authorization header"),
        "unreachable",
        "token",
    ),
    "no such repository": (said(404, "RepoNotFound", "Repository not found"), "missing", "no such repository"),
    "a mirror that flattens": (said(401, "RepoNotFound", "Repository not found"), "missing", "private"),
    "no such revision": (said(404, "RevisionNotFound", "Invalid rev id: x"), "missing", "revision"),
    "disabled": (said(403, message="Access to this resource is disabled."), "missing", "disabled"),
    "legal reasons": (said(451, message="Unavailable For Legal Reasons"), "missing", "legal"),
    "a bare refusal": (Fault(403), "unreachable", "403"),
    "a proxy's refusal": (Fault(401, b"<html>", kind="text/html"), "unreachable", "401"),
    "a page that somebody else lacks": (Fault(404, b"<html>", kind="text/html"), "unreachable", "not the Hub"),
    "server error": (Fault(500), "unreachable", "500"),
    "bad gateway": (Fault(502), "unreachable", "502"),
    "unavailable": (Fault(503), "unreachable", "503"),
    "rate limit, silent": (Fault(429), "unreachable", "rate-limited"),
    "rate limit, long": (Fault(429, headers={"RateLimit": '"api";r=0;t=290'}), "unreachable", "291 s"),
    "rate limit, retry after": (Fault(429, headers={"Retry-After": "120"}), "unreachable", "120 s"),
    "login page": (HTML, "unreachable", "not the Hub"),
    "a list": (Fault(body=b"[]"), "unreachable", "not the Hub"),
    "another service": (Fault(body=b'{"status": "ok"}'), "unreachable", "not the Hub"),
    "a hostile id": (Fault(body=b'{"id": "../../etc"}'), "unreachable", "not the Hub"),
    "broken JSON": (Fault(body=b'{"id": "acme/chat", '), "malformed", "JSON"),
    "nested JSON": (Fault(body=NESTED), "malformed", "JSON"),
    "cut short": (Fault(body=b'{"id": "acme/chat"}', after=7), "unreachable", "no answer"),
    "reset": (Fault(reset=True), "unreachable", "no answer"),
    "a circle of redirects": (Fault(307, headers={"Location": API}), "unreachable", "redirects"),
}


@pytest.mark.parametrize("case", METADATA_FAULTS)
def test_what_a_refusal_of_metadata_is_called(hub: LocalHub, case: str) -> None:
    fault, status, why = METADATA_FAULTS[case]
    content = with_fault(hub, API, fault)
    assert (content.status, content.info, content.documents) == (status, {}, ())
    assert why in content.why


def test_a_redirect_to_a_login_page_is_an_outage(hub: LocalHub) -> None:
    hub.faults["/login"] = [HTML]
    content = with_fault(hub, API, Fault(302, headers={"Location": "/login"}))
    assert content.status == "unreachable"
    assert "not the Hub" in content.why


def test_slow_answers_time_out(hub: LocalHub) -> None:
    content = with_fault(hub, API, Fault(delay=30), timeout=0.1, patience=0)
    assert content.status == "unreachable"


def test_an_answer_that_drips_is_given_up(hub: LocalHub, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = itertools.count()  # a second passes with every look at the clock
    monkeypatch.setattr("auditor.sources.wire.time", SimpleNamespace(monotonic=lambda: float(next(ticks))))
    content = with_fault(hub, API, Fault(body=b" " * 100_000, drip=0.001), timeout=5, patience=0)
    assert content.status == "unreachable"
    assert "too slowly" in content.why


def test_nobody_listens() -> None:
    with LocalHub({}) as local:
        url = local.url
    content = HubSource(url, token=False, backoff=0.001).fetch(CHAT)
    assert content.status == "unreachable"
    assert "no answer from 127.0.0.1" in content.why


def test_offline_by_environment(hub: LocalHub, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    content = source(hub).fetch(CHAT)
    assert content.status == "unreachable"
    assert "HF_HUB_OFFLINE" in content.why
    assert hub.seen == []


PASSING = [
    Fault(429),
    Fault(429, headers={"Retry-After": "0"}),
    Fault(500),
    Fault(503),
    Fault(reset=True),
    Fault(body=b"{", after=0),
]


@pytest.mark.parametrize("fault", PASSING, ids=lambda fault: f"{fault.code}-{fault.reset}")
@pytest.mark.parametrize("part", [API, README, LICENSE])
def test_a_passing_fault_is_outlasted(hub: LocalHub, part: str, fault: Fault) -> None:
    content = with_fault(hub, part, fault, None)
    assert content.status == "resolved"
    assert len(content.documents) == 3
    assert content.failures == ()


def test_retries_are_counted(hub: LocalHub) -> None:
    with_fault(hub, API, Fault(500))
    assert hub.asked_for(API) == TRIES


@pytest.mark.parametrize("fault", [said(404, "RepoNotFound", "x"), Fault(403), HTML])
def test_a_plain_answer_is_not_asked_for_twice(hub: LocalHub, fault: Fault) -> None:
    with_fault(hub, API, fault)
    assert hub.asked_for(API) == 1


def test_a_wait_over_the_budget_is_not_begun(hub: LocalHub) -> None:
    with_fault(hub, API, Fault(429, headers={"RateLimit": '"api";r=0;t=55'}), patience=5)
    assert hub.asked_for(API) == 1


FILE_FAULTS = {
    "server error": (Fault(500), "unreachable", "500"),
    "rate limit": (Fault(429), "unreachable", "rate-limited"),
    "a bare refusal": (Fault(403), "unreachable", "refused"),
    "login page": (HTML, "unreachable", "not the Hub"),
    "reset": (Fault(reset=True), "unreachable", "no answer"),
    "other bytes": (
        Fault(body=b"other", headers={"ETag": f'"{"0" * 40}"', "X-Repo-Commit": "%"}),
        "unreachable",
        "hash",
    ),
    "another commit": (Fault(body=b"other", headers={"X-Repo-Commit": "e" * 40}), "unreachable", "instead"),
}


@pytest.mark.parametrize("case", FILE_FAULTS)
@pytest.mark.parametrize("file", [README, LICENSE])
def test_an_unread_card_or_license_shows_in_the_status(hub: LocalHub, file: str, case: str) -> None:
    fault, status, why = FILE_FAULTS[case]
    state = hub.repos["acme/chat"].at(None)
    assert state is not None
    headers = {k: v.replace("%", state[0]) for k, v in fault.headers.items()}
    content = with_fault(hub, file, Fault(**{**vars(fault), "headers": headers}))
    path = file.removeprefix("/")
    assert content.status == status
    assert path in content.why
    assert why in content.why
    assert content.info["cardData"]["license"] == "mit"  # what was learnt before the fault is kept
    assert [f.path for f in content.failures] == [path]
    assert path not in [d.path for d in content.documents]


def test_a_configuration_that_alone_could_name_the_base_shows_too(hub: LocalHub) -> None:
    content = with_fault(hub, CONFIG, Fault(500))
    assert content.status == "unreachable"
    assert [(f.path, f.status) for f in content.failures] == [("config.json", "unreachable")]


def test_a_configuration_is_not_asked_for_what_the_metadata_tells(hub: LocalHub) -> None:
    hub.repos["acme/chat"].files["README.md"] = "---\nlicense: mit\nbase_model: lab/base\n---\n"
    hub.repos["acme/chat"].info = {"config": {"architectures": ["A"], "auto_map": {"x": "y"}}}
    content = with_fault(hub, CONFIG, Fault(500))
    assert (content.status, content.failures) == ("resolved", ())
    assert hub.asked_for(CONFIG) == 0


def test_a_file_that_is_listed_and_absent(hub: LocalHub) -> None:
    content = with_fault(hub, LICENSE, said(404, "EntryNotFound", "Entry not found"))
    assert content.status == "resolved"
    assert [(f.path, f.status) for f in content.failures] == [("LICENSE", "missing")]


def test_a_disabled_repository_is_missing_and_keeps_its_metadata(hub: LocalHub) -> None:
    hub.repos["acme/chat"].disabled = True
    content = source(hub).fetch(CHAT)
    assert (content.status, content.documents, hub.asked_for("/resolve/")) == ("missing", (), 0)
    assert "disabled" in content.why
    assert content.info["cardData"]["license"] == "mit"


@pytest.mark.parametrize("fault", ["missing or private", "no such repository", "disabled", "legal reasons"])
@pytest.mark.parametrize("file", [README, LICENSE])
def test_a_repository_that_goes_away_while_being_read(hub: LocalHub, file: str, fault: str) -> None:
    name = {"missing or private": "anonymous and absent or private"}.get(fault, fault)
    content = with_fault(hub, file, METADATA_FAULTS[name][0])
    assert content.status == "unreachable"
    assert file.removeprefix("/") in content.why


def test_long_files_are_cut_and_say_so(hub: LocalHub) -> None:
    hub.repos["acme/chat"].files["README.md"] = CARD + "é" * CARD_BYTES
    content = source(hub).fetch(CHAT)
    card = next(d for d in content.documents if d.path == "README.md")
    assert (content.status, card.truncated) == ("resolved", True)
    assert [f.why for f in content.failures] == ["longer than 2 MB: only its beginning was read"]
    assert card.text.endswith("é")  # the limit falls inside a character
    assert len(card.text.encode()) in (CARD_BYTES, CARD_BYTES - 1)


def test_another_encoding_is_said(hub: LocalHub) -> None:
    hub.repos["acme/chat"].files["LICENSE"] = b"caf\xe9"
    content = source(hub).fetch(CHAT)
    assert content.status == "resolved"
    assert [d.text for d in content.documents if d.path == "LICENSE"] == ["café"]
    assert ["not UTF-8" in f.why for f in content.failures if f.path == "LICENSE"] == [True]


def test_a_license_that_is_no_text_is_said(hub: LocalHub) -> None:
    hub.repos["acme/chat"].files["LICENSE"] = b"%PDF-1.7 ..."
    content = source(hub).fetch(CHAT)
    assert content.status == "resolved"
    assert [(f.path, f.status) for f in content.failures] == [("LICENSE", "malformed")]
    assert "LICENSE" not in [d.path for d in content.documents]


def test_a_replacement_character_that_its_author_wrote_is_text(hub: LocalHub) -> None:
    hub.repos["acme/chat"].files["LICENSE"] = "a \ufffd b"
    assert source(hub).fetch(CHAT).failures == ()


@pytest.mark.parametrize("expand", ["honour", "ignore", "refuse"])
def test_mirrors_that_do_not_know_expand(expand: str) -> None:
    with LocalHub({"acme/chat": Repo(dict(FILES))}, expand=expand) as local:
        content = source(local).fetch(CHAT)
        calls = local.asked_for(API)
    assert content.status == "resolved"
    assert len(content.documents) == 3
    assert calls == (2 if expand == "refuse" else 1)


def test_metadata_over_the_limit_is_asked_for_without_its_files(hub: LocalHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.sources.hub.INFO_BYTES", 5000)
    hub.repos["acme/chat"].info = {"siblings": [{"rfilename": f"data/{n:06}.bin"} for n in range(500)]}
    content = source(hub).fetch(CHAT)
    assert content.status == "resolved"
    assert content.info["cardData"]["license"] == "mit"
    assert [d.path for d in content.documents] == ["README.md", "LICENSE"]
    assert ["not listed" in f.why for f in content.failures] == [True]
    assert hub.asked_for(API) == 2


def test_a_mirror_that_sends_too_much_however_asked_is_malformed(
    hub: LocalHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("auditor.sources.hub.INFO_BYTES", 50)
    content = source(hub).fetch(CHAT)
    assert (content.status, content.documents) == ("malformed", ())
    assert "larger than" in content.why


def test_a_mirror_that_lists_no_files(hub: LocalHub) -> None:
    hub.repos["acme/chat"].info = {"siblings": None}
    del hub.repos["acme/chat"].files["LICENSE"]
    content = source(hub).fetch(CHAT)
    assert content.status == "resolved"
    assert [f.why for f in content.failures] == ["its files are not listed: only README.md and LICENSE were tried"]
    assert [d.path for d in content.documents] == ["README.md"]


def test_a_mirror_that_names_the_commit_to_head_alone(hub: LocalHub) -> None:
    hub.faults[LICENSE] = [Fault(body=b"Do as you like.\n", kind="text/plain"), None]
    assert source(hub).fetch(CHAT).status == "resolved"
    hub.faults[LICENSE] = [Fault(body=b"Do as they like.\n", kind="text/plain"), None]
    content = source(hub).fetch(CHAT)
    assert (content.status, [f.path for f in content.failures]) == ("unreachable", ["LICENSE"])


def test_a_tag_is_read_at_its_commit(hub: LocalHub) -> None:
    content = source(hub).fetch(CHAT, "v1")
    assert content.info["cardData"]["license"] == "apache-2.0"
    assert not content.pinned


def test_large_files_are_checked_by_their_sha256(hub: LocalHub) -> None:
    content = source(hub).fetch(RepoId("model", "lab/large"))
    assert [d.text for d in content.documents if d.path == "LICENSE"] == ["Kept elsewhere.\n"]
    hub.faults["/cdn/"] = [Fault(body=b"Swapped on the way.\n")]
    content = source(hub).fetch(RepoId("model", "lab/large"))
    assert (content.status, [f.path for f in content.failures]) == ("unreachable", ["LICENSE"])


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
