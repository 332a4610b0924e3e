"""The bundled source: what it finds, what it says it does not have, and the tool that builds it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.model import RepoId
from auditor.resources import data_dir
from auditor.sources import build_bundle
from auditor.sources.base import Source
from auditor.sources.bundled import BundledSource, ids

DAY, LATER = "2024-12-01", "2025-01-01"
CARD = """---
license: other
license_name: acme-house-terms
base_model:
- lab/base
- null
datasets: [lab/talk]
tags: [merge, poetry, lab/left, "license:other"]
extra_gated_prompt: Who are you?
language: no
description: {long}
---
# Prose that stays out
"""


@pytest.fixture
def bundle(tmp_path: Path) -> BundledSource:
    """A bundle of a few invented repositories."""
    lines = {
        "models.jsonl": [
            {
                "id": "acme/Chat",
                "as_of": "2024-12-01",
                "info": {"cardData": {"license": "mit", "base_model": "lab/base"}},
            },
            {"id": "lab/base", "as_of": "2024-12-01", "info": {"_id": "42", "sha": "c0ffee", "gated": False}},
            {"id": "lab/been", "as_of": "2024-12-01", "info": {"library_name": "acme"}},
            {"id": "lab/silent", "as_of": "2024-12-01", "info": {}},
        ],
        "datasets.jsonl": [{"id": "lab/talk", "as_of": "2022-09-01", "info": {"cardData": {"license": ["cc0-1.0"]}}}],
        "curated.jsonl": [
            {
                "id": "acme/chat",
                "as_of": "2025-01-01",
                "info": {"cardData": {"license": "apache-2.0"}, "gated": "auto"},
            },
            {"id": "acme/old", "moved_to": "acme/older"},
            {"id": "acme/older", "moved_to": "lab/base"},
            {"id": "datasets/lab/speech", "moved_to": "datasets/lab/talk"},
            {"id": "lab/been", "moved_to": "lab/new"},
            {"id": "lab/circle", "moved_to": "lab/circle"},
            {"id": "lab/nowhere", "moved_to": "lab/nobody"},
            {"id": "lab/gone", "as_of": "2024-12-01", "gone": "removed by its author"},
        ],
    }
    for file, rows in lines.items():
        (tmp_path / file).write_text("".join(build_bundle.write_line(row) for row in rows), "utf-8")
    (tmp_path / "about.json").write_text(json.dumps({"as_of": "2024-12-01"}), "utf-8")
    return BundledSource(tmp_path)


def test_it_is_a_source(bundle: BundledSource) -> None:
    assert isinstance(bundle, Source)
    assert (bundle.kind, bundle.as_of, bundle.parallel) == ("bundled", "2024-12-01", 1)


def test_a_curated_line_wins_field_by_field(bundle: BundledSource) -> None:
    content = bundle.fetch(RepoId("model", "acme/chat"))
    assert content.info["cardData"] == {"license": "apache-2.0", "base_model": "lab/base"}
    assert (content.status, content.as_of) == ("gated", LATER)
    assert content.why


def test_case_does_not_matter_and_is_told(bundle: BundledSource) -> None:
    content = bundle.fetch(RepoId("model", "LAB/Base"))
    assert (content.ref.name, content.redirected_from) == ("lab/base", ("LAB/Base",))
    assert (content.hub_id, content.revision, content.pinned) == ("42", "c0ffee", False)


def test_older_names_lead_on(bundle: BundledSource) -> None:
    content = bundle.fetch(RepoId("model", "acme/old"))
    assert (content.ref.name, content.redirected_from) == ("lab/base", ("acme/old", "acme/older"))
    data = bundle.fetch(RepoId("dataset", "lab/speech"))
    assert (data.ref.id, data.redirected_from) == ("datasets/lab/talk", ("lab/speech",))


def test_a_record_under_the_older_name_serves_the_newer_one(bundle: BundledSource) -> None:
    content = bundle.fetch(RepoId("model", "lab/been"))
    assert (content.ref.name, content.redirected_from) == ("lab/new", ("lab/been",))
    assert content.info["library_name"] == "acme"
    assert bundle.fetch(RepoId("model", "lab/nowhere")).status == "missing"


def test_a_circle_of_renames_ends(bundle: BundledSource) -> None:
    assert bundle.fetch(RepoId("model", "lab/circle")).status == "missing"


@pytest.mark.parametrize("name", ["lab/nobody", "lab/talk", "", "lab/ba", 'lab/base","as_of', "lab/base\n", "\\", "é"])
def test_what_is_not_there_is_missing_with_a_way_out(bundle: BundledSource, name: str) -> None:
    content = bundle.fetch(RepoId("model", name))
    assert content.status == "missing"
    assert "not among the 11 repositories" in content.why
    assert "--source hub" in content.why


def test_what_is_known_to_be_gone_says_why(bundle: BundledSource) -> None:
    content = bundle.fetch(RepoId("model", "lab/gone"))
    assert (content.status, content.why) == ("missing", "removed by its author")


def test_models_and_datasets_are_two_spaces(bundle: BundledSource) -> None:
    assert bundle.fetch(RepoId("dataset", "lab/base")).status == "missing"
    assert bundle.fetch(RepoId("dataset", "lab/talk")).status == "resolved"


def test_only_its_own_state_is_known(bundle: BundledSource) -> None:
    assert bundle.fetch(RepoId("model", "lab/base"), "main").status == "resolved"
    assert bundle.fetch(RepoId("model", "lab/base"), "c0ffee").pinned
    other = bundle.fetch(RepoId("model", "lab/base"), "v1.0")
    assert other.status == "missing"
    assert "v1.0" in other.why


def test_a_repository_that_says_nothing_is_resolved(bundle: BundledSource) -> None:
    assert bundle.fetch(RepoId("model", "lab/silent")).status == "resolved"


def test_ids(bundle: BundledSource) -> None:
    assert set(bundle.ids()) >= {"acme/Chat", "datasets/lab/talk", "datasets/lab/speech", "lab/gone"}


def test_the_shipped_bundle_is_large_enough_and_small_enough() -> None:
    folder = data_dir() / "hub"
    found = list(ids())
    datasets = [name for name in found if name.startswith("datasets/")]
    assert len(found) - len(datasets) >= 2500
    assert len(datasets) >= 400
    assert sum(path.stat().st_size for path in folder.iterdir()) < 1_500_000


def test_the_shipped_lines_are_sorted_unique_and_hold_no_prose() -> None:
    for path in (data_dir() / "hub").glob("*.jsonl"):
        lines = path.read_text("utf-8").splitlines()
        names = [json.loads(line)["id"].casefold() for line in lines]
        assert names == sorted(set(names)), path.name
        assert all(line.startswith('{"id":"') for line in lines)
        assert max(map(len, lines)) < 12_000, "a long line holds prose"


def test_the_shipped_curated_lines_say_where_they_are_from() -> None:
    lines = [json.loads(line) for line in (data_dir() / "hub/curated.jsonl").read_text("utf-8").splitlines()]
    assert all(line["source"] for line in lines)
    assert all(("info" in line) + ("moved_to" in line) + ("gone" in line) == 1 for line in lines)


def test_the_shipped_renames_lead_somewhere() -> None:
    source = BundledSource()
    for line in (data_dir() / "hub/curated.jsonl").read_text("utf-8").splitlines():
        entry = json.loads(line)
        if to := entry.get("moved_to"):
            name = entry["id"].removeprefix("datasets/")
            content = source.fetch(RepoId("dataset" if name != entry["id"] else "model", name))
            assert content.ref.id == to, entry["id"]


def test_a_card_is_reduced_to_its_facts() -> None:
    info = build_bundle.from_card(CARD.format(long="x" * 400))
    assert info["cardData"] == {
        "license": "other",
        "license_name": "acme-house-terms",
        "base_model": ["lab/base"],
        "datasets": ["lab/talk"],
    }
    assert info["tags"] == ["merge", "lab/left", "license:other"]
    assert info["gated"] is True
    assert "Who are you" not in json.dumps(info)


@pytest.mark.parametrize(
    "card",
    ["", "# no block", "---\nlicense: mit\n# never closed", "---\n{: broken\n---", "---\n- a list\n---", "---\n---"],
)
def test_a_card_without_a_readable_block_has_no_facts(card: str) -> None:
    assert build_bundle.from_card(card) == {}


def test_the_newer_record_of_a_repository_wins(tmp_path: Path) -> None:
    for name, era, license_tag in (("old", "2020-12 cards", "gpl-3.0"), ("new", "2024-12 cards", "mit")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "card.md").write_text(f"---\nlicense: {license_tag}\n---\n", "utf-8")
        entry = {"file": "card.md", "kind": "model", "hub_id": "Lab/Base" if name == "old" else "lab/base", "era": era}
        (folder / "manifest.jsonl").write_text(json.dumps(entry) + "\n", "utf-8")
    out = tmp_path / "hub"
    assert build_bundle.main([str(tmp_path / "new"), str(tmp_path / "old"), "-o", str(out)]) == 0
    (line,) = (out / "models.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line) == {"id": "lab/base", "as_of": "2024-12-01", "info": {"cardData": {"license": "mit"}}}
    assert json.loads((out / "about.json").read_text("utf-8")) == {"as_of": "2024-12-01"}


def test_a_recording_is_reduced_to_its_facts() -> None:
    body = {
        "_id": "1",
        "id": "lab/base",
        "sha": "c0ffee",
        "gated": "auto",
        "tags": ["pytorch", "license:mit", "base_model:finetune:lab/root"],
        "cardData": {"license": "mit", "widget": "prose"},
        "siblings": [{"rfilename": "README.md"}],
    }
    recorded = {"response": {"headers": {"Date": ["Fri, 21 Mar 2025 13:22:51 GMT"]}, "body": body}}
    assert build_bundle.from_recording(recorded) == {
        "id": "lab/base",
        "as_of": "2025-03-21",
        "info": {
            "_id": "1",
            "cardData": {"license": "mit"},
            "tags": ["license:mit", "base_model:finetune:lab/root"],
            "sha": "c0ffee",
            "gated": "auto",
        },
    }
    assert build_bundle.from_recording({"response": {"body": "moved"}}) is None
