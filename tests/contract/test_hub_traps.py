"""Facts of the Hub's wire that mislead; test_hub_faults.py has those of its errors and of the client library."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from auditor.lineage.walk import walk
from auditor.model import RepoId
from auditor.sources.hub import PUBLIC_HUB, HubSource, chosen_endpoint
from auditor.sources.pace import Patience
from auditor.sources.wire import Wire
from tests.support.hub_server import READER, Fault, LocalHub, Repo

CARD = "---\nlicense: mit\n{}---\n# Model\n"
CHAT = RepoId("model", "acme/chat")


@pytest.fixture
def hub() -> Iterator[LocalHub]:
    with LocalHub({"acme/chat": Repo({"README.md": CARD.format("")})}) as local:
        yield local


def fetched(hub: LocalHub, ref: RepoId = CHAT, revision: str | None = None) -> Any:
    return HubSource(hub.url, token=False, patience=0).fetch(ref, revision)


def test_a_revision_is_one_segment_of_the_path(hub: LocalHub) -> None:
    hub.repos["acme/chat"].revisions["refs/pr/1"] = {"README.md": CARD.format("tags: [x]\n"), "LICENSE": "Terms.\n"}
    content = fetched(hub, revision="refs/pr/1")
    assert (content.status, len(content.documents), content.pinned) == ("resolved", 2, False)
    assert hub.seen[0][0].startswith("/api/models/acme/chat/revision/refs%2Fpr%2F1?")


def test_one_repository_answers_under_two_names_without_a_redirect(hub: LocalHub) -> None:
    """`gpt2` answers as itself, with the `_id` of openai-community/gpt2."""
    weights: dict[str, str | bytes] = {"README.md": CARD.format(""), "model.safetensors": b"\0" * 1_000_001}
    for name in ("gpt2", "openai-community/gpt2"):
        hub.repos[name] = Repo(
            dict(weights), lfs=frozenset(["model.safetensors"]), info={"_id": "621ffdc036468d709f17434d"}
        )
    hub.repos["acme/chat"].files["README.md"] = CARD.format("base_model: [gpt2, openai-community/gpt2]\n")
    found = walk([(CHAT, None)], HubSource(hub.url, token=False, patience=0))
    assert [(e.child, e.parent) for e in found.edges] == [("acme/chat", "gpt2")]
    assert found.names["openai-community/gpt2"] == "gpt2"
    assert found.records["gpt2"].aliases == ("openai-community/gpt2",)


def test_the_card_may_name_a_parent_by_the_name_that_it_had(hub: LocalHub) -> None:
    """Tags carry the present name, the card keeps the old one, which redirects."""
    hub.repos["acme/chat"] = Repo(
        {"README.md": CARD.format("base_model: lab/Meta-Base\n")}, info={"tags": ["base_model:finetune:lab/Base"]}
    )
    hub.repos |= {"lab/Meta-Base": Repo(moved_to="lab/Base"), "lab/Base": Repo({"README.md": CARD.format("")})}
    found = walk([(CHAT, None)], HubSource(hub.url, token=False, patience=0))
    assert [(e.child, e.parent, e.relation) for e in found.edges] == [("acme/chat", "lab/Base", "finetune")]
    assert set(found.contents) == {"acme/chat", "lab/Base"}


@pytest.mark.parametrize("lfs", [{"sha256": "a" * 64, "size": 5}, {"oid": "a" * 64}, {}, 5, {"sha256": 7, "size": "x"}])
def test_hashes_of_large_files_in_any_shape(hub: LocalHub, lfs: Any) -> None:
    rows = [{"rfilename": "README.md"}, {"rfilename": "model.safetensors", "blobId": "b" * 40, "lfs": lfs}]
    hub.repos["acme/chat"].info = {"siblings": rows}
    found = walk([(CHAT, None)], HubSource(hub.url, token=False, patience=0))
    assert found.contents["acme/chat"].status == "resolved"


def test_warnings_beside_an_answer_change_nothing(hub: LocalHub) -> None:
    state = hub.repos["acme/chat"].at(None)
    assert state is not None
    body = b'{"_id": "1", "id": "acme/chat", "sha": "%s", "siblings": []}' % state[0].encode()
    hub.faults["/api/models/"] = [Fault(body=body, headers={"X-HF-Warning": "Storage; pay up"})]
    assert fetched(hub).status == "resolved"


def test_a_card_without_front_matter_has_no_card_data(hub: LocalHub) -> None:
    hub.repos["acme/chat"].files["README.md"] = "# Model\n"
    content = fetched(hub)
    assert (content.status, "cardData" in content.info) == ("resolved", False)


def test_the_endpoint_is_read_when_it_is_needed(hub: LocalHub, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client library reads HF_ENDPOINT once, when it is imported."""
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    assert chosen_endpoint() == PUBLIC_HUB
    monkeypatch.setenv("HF_ENDPOINT", hub.url + "/")
    assert HubSource(token=False).fetch(CHAT).status == "resolved"


@pytest.mark.parametrize(
    ("endpoint", "url", "sent"),
    [
        ("https://hub.example", "https://hub.example/api/models/x", True),
        ("https://hub.example", "https://cdn.hub.example/x", False),
        ("https://hub.example", "https://hub.example:8443/x", False),
        ("https://hub.example", "http://hub.example/x", False),
        ("https://hub.example", "https://hub.example@evil.example/x", False),
        ("http://hub.example", "http://hub.example/x", False),  # in the clear over a network
        ("http://127.0.0.1:8090", "http://127.0.0.1:8090/x", True),
        ("http://127.0.0.1:8090", "http://127.0.0.1:8091/x", False),
    ],
)
def test_where_the_token_goes(endpoint: str, url: str, sent: bool) -> None:
    asked: list[dict[str, str]] = []

    def stream(_: str, __: str, headers: dict[str, str], **___: Any) -> Any:
        asked.append(headers)
        raise ConnectionError

    wire = Wire(endpoint, lambda: READER, lambda: SimpleNamespace(stream=stream), 1, Patience(0, 0))
    wire.get(url, 10)
    assert {headers.get("authorization") == f"Bearer {READER}" for headers in asked} == {sent}
    assert all(headers["accept-encoding"] == "identity" for headers in asked)
