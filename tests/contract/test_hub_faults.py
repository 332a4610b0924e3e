"""Everything that can go wrong between here and the Hub, and what it is called: an outage is never an absence."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from auditor.model import RepoId
from auditor.sources.choice import CARD_BYTES
from auditor.sources.hub import HubSource
from auditor.sources.wire import TRIES
from tests.support.chat_hub import API, CARD, CHAT, CONFIG, FILES, HTML, LICENSE, README, chat_repos, source, with_fault
from tests.support.hub_server import Fault, LocalHub, Repo, said


@pytest.fixture
def hub() -> Iterator[LocalHub]:
    with LocalHub(chat_repos()) as local:
        yield local


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
