"""The live source against what the real Hub was once recorded to send, and against thousands of real cards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from auditor.model import RepoId
from auditor.sources.files import listed_files
from auditor.sources.hub import HubSource
from tests.support.hub_server import Fault, LocalHub, repos_from_cards

CORPUS = Path(__file__).parents[2] / "../shared/corpus"
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real cards and recordings is not beside the project"),
]


def recordings() -> list[dict[str, Any]]:
    """The recorded exchanges, each with request and response."""
    read = [json.loads(path.read_text("utf-8")) for path in sorted((CORPUS / "hub_api").glob("GET_*.json"))]
    return [row for row in read if "response" in row]


def answer(row: dict[str, Any]) -> tuple[RepoId, Fault]:
    """Who was asked about, and the recorded answer without the headers of its transport."""
    response = row["response"]
    body = response["body"]
    text = body if isinstance(body, str) else body.get("string", body.get("json", body))
    blob = text.encode() if isinstance(text, str) else json.dumps(text).encode()
    kept = {k: v[0] for k, v in response["headers"].items() if k.lower() in ("location", "etag", "x-error-code")}
    kind = response["headers"].get("Content-Type", ["application/json"])[0]
    name = urlsplit(row["request"]["url"]).path.removeprefix("/api/models/")
    return RepoId("model", name), Fault(response["status"]["code"], blob, kept, kind)


def test_recorded_metadata_is_understood() -> None:
    rows = [answer(row) for row in recordings()]
    whole = [(ref, fault) for ref, fault in rows if fault.code == 200]
    assert len(whole) > 50
    for ref, fault in whole:
        with LocalHub({}) as local:
            local.faults = {"/api/models/": [fault], "/resolve/": [Fault(404, b'{"error": "Entry not found"}')]}
            content = HubSource(local.url, token=False).fetch(ref)
        sent = json.loads(fault.body)
        assert (content.status, content.ref.name, content.hub_id) == ("resolved", sent["id"], sent["_id"])
        assert content.info.get("cardData") == sent.get("cardData")
        assert content.revision == sent.get("sha")


def test_recorded_hashes_of_files_are_understood() -> None:
    row = json.loads((CORPUS / "hub_api" / "GET_200_api_models_mcpotato_42-eicar-street_blobs.json").read_text("utf-8"))
    listed = listed_files(row["body"])
    assert listed is not None
    assert listed["danger.dat"] == "8acd02161fff53f9df9597e377e22b04bc34feff"
    assert listed["pytorch_model.bin"] == ""  # the hash of its pointer says nothing of its bytes
    assert len(listed) == 7


def test_recorded_renames_are_followed() -> None:
    moved = [(ref, fault) for ref, fault in map(answer, recordings()) if fault.code == 307]
    assert len(moved) == 4
    for ref, fault in moved:
        target = urlsplit(fault.headers["Location"]).path.removeprefix("/api/models/")
        there = Fault(body=json.dumps({"_id": "1", "id": target, "sha": "c" * 40, "siblings": []}).encode())
        with LocalHub({}) as local:
            local.faults = {f"/api/models/{target}": [there], f"/api/models/{ref.name}": [fault]}
            content = HubSource(local.url, token=False).fetch(ref)
        assert (content.ref.name, content.redirected_from) == (target, (ref.name,))


def test_every_real_card_comes_through_as_it_is() -> None:
    cards = repos_from_cards(CORPUS / "model_cards") | repos_from_cards(CORPUS / "dataset_cards", "dataset")
    some = dict(sorted(cards.items())[::40])
    assert len(some) > 70
    with LocalHub(some) as local:
        source = HubSource(local.url, token=False)
        for name, repo in some.items():
            ref = RepoId("dataset" if name.startswith("datasets/") else "model", name.removeprefix("datasets/"))
            content = source.fetch(ref)
            assert (content.status, content.failures) == ("resolved", ())
            text = repo.files["README.md"]
            assert isinstance(text, bytes)
            assert content.documents[0].text.encode() == text
