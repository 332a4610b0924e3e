"""Repositories written as mappings look like the Hub's."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from auditor.model import RepoContent, RepoId
from auditor.sources.memory import MemorySource


def fetch(entry: dict[str, Any] | None, name: str = "acme/chat") -> RepoContent:
    return MemorySource({name: entry}).fetch(RepoId("model", name))


def test_the_card_is_written_with_one_key_a_line() -> None:
    card = {
        "license": "other",
        "license_name": "mine: v2",
        "tags": ["no", "é"],
        "datasets": ["a/b"],
        "extra": {"x": None},
    }
    content = fetch({**card, "files": {"README.md": "# Prose\n"}})
    _, front, prose = content.documents[0].text.split("---\n")
    assert yaml.safe_load(front) == card == content.info["cardData"]
    assert front.count("\n") == len(card)
    assert prose == "# Prose\n"


def test_a_card_given_whole_is_left_alone() -> None:
    text = "---\nlicense: gpl\n---\n"
    assert fetch({"license": "mit", "files": {"README.md": text}}).documents[0].text == text


def test_nothing_written_is_no_card() -> None:
    content = fetch(None)
    assert content.status == "resolved"
    assert "cardData" not in content.info
    assert content.documents == ()


@pytest.mark.parametrize(
    ("entry", "relation"),
    [
        ({"base_model": "a/b"}, "finetune"),
        ({"base_model": ["a/b", "a/b"]}, "merge"),
        ({"base_model": "a/b", "tags": ["merge"]}, "merge"),
        ({"base_model": "a/b", "library_name": "peft"}, "adapter"),
        ({"base_model": "a/b", "files": {"adapter_config.json": "{}"}}, "adapter"),
        ({"base_model": "a/b", "tags": ["GGUF"]}, "quantized"),
        ({"base_model": "a/b", "files": {"q4.gguf": ""}}, "quantized"),
        ({"base_model": "a/b", "tags": ["gguf"], "base_model_relation": "finetune"}, "finetune"),
    ],
)
def test_tags_name_the_relation_as_the_hub_would(entry: dict[str, Any], relation: str) -> None:
    tags = fetch(entry).info["tags"]
    assert "base_model:a/b" in tags
    assert f"base_model:{relation}:a/b" in tags


def test_tags_hold_licenses_and_data() -> None:
    tags = fetch({"license": ["MIT", "cc0-1.0"], "datasets": "a/b", "tags": ["chat", 5], "library_name": "x"}).info[
        "tags"
    ]
    assert tags == ["chat", "x", "license:mit", "license:cc0-1.0", "dataset:a/b"]


@pytest.mark.parametrize("status", ["missing", "unreachable", "malformed"])
def test_a_state_may_be_given(status: str) -> None:
    content = fetch({"status": status, "why": "because", "license": "mit"})
    assert (content.status, content.why, content.info) == (status, "because", {})


def test_gated_files_are_hidden_and_access_by_request_alone_is_not() -> None:
    hidden = fetch({"status": "gated", "license": "mit"})
    shown = fetch({"gated": "auto", "license": "mit"})
    assert (hidden.info["gated"], hidden.documents) == ("auto", ())
    assert (shown.info["gated"], len(shown.documents)) == ("auto", 1)


def test_a_revision_may_be_given() -> None:
    source = MemorySource({"a/b": {"license": "mit", "revision": "c" * 40}})
    assert source.fetch(RepoId("model", "a/b")).revision == "c" * 40
    assert source.fetch(RepoId("model", "a/b"), "c" * 40).pinned
    assert source.fetch(RepoId("model", "a/b"), "v2").status == "missing"
