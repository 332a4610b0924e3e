"""What every source promises, whatever lies behind it: one suite over all of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from auditor.model import RepoContent, RepoId
from auditor.sources.base import Source
from auditor.sources.bundled import BundledSource
from auditor.sources.cached import CachedSource, HubCache
from auditor.sources.folder import FolderSource
from auditor.sources.hub import HubSource
from auditor.sources.memory import MemorySource
from auditor.sources.snapshot import SnapshotSource, write_snapshot
from tests.support.hub_server import LocalHub, Repo, card_data

CHAT = RepoId("model", "acme/chat")
OLD = RepoId("model", "old-acme/chat")
GATED = RepoId("model", "lab/gated")
TALK = RepoId("dataset", "acme/chat")  # a data set of the same name as a model
GONE = RepoId("model", "acme/deleted")

CARD = "---\nlicense: mit\nbase_model: lab/gated\ntags: [chat]\n---\n# Chat\nTuned by hand.\n"
REPOS = {
    "acme/chat": Repo({"README.md": CARD, "LICENSE": "Do as you like.\n", "NOTICE": "By Acme.\n"}),
    "old-acme/chat": Repo(moved_to="acme/chat"),
    "lab/gated": Repo({"README.md": "---\nlicense: llama3\n---\n# Gated\n", "LICENSE": "Ask first.\n"}, gated="manual"),
    "datasets/acme/chat": Repo({"README.md": "---\nlicense: [cc-by-4.0]\n---\n# Talk\n"}),
}
DOORS = ("hub", "cached", "snapshot", "memory", "folder", "bundled")


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Source]]:
    """A source of each kind that holds the same four repositories."""
    base = tmp_path_factory.mktemp("doors")
    with LocalHub(REPOS) as local:
        hub = HubSource(local.url, token=False, timeout=20, backoff=0.01)
        cache = HubCache(local.url, base / "cache")
        warm = HubSource(local.url, token=False, timeout=20, backoff=0.01, cache=cache)
        seen = [warm.fetch(ref) for ref in (CHAT, OLD, GATED, TALK, GONE)]
        write_snapshot(seen[1:], base / "snapshot", origin=local.url)
        model = base / "local-model"
        model.mkdir()
        (model / "README.md").write_text(CARD)
        memory = MemorySource(_mappings())
        yield {
            "hub": hub,
            "cached": CachedSource(cache),
            "snapshot": SnapshotSource(base / "snapshot"),
            "memory": memory,
            "folder": FolderSource(model, memory),
            "bundled": _bundled(base / "bundled"),
        }


@pytest.fixture(params=DOORS)
def source(request: pytest.FixtureRequest, doors: dict[str, Source]) -> Source:
    return doors[request.param]


def _mappings() -> dict[str, dict[str, Any]]:
    mappings = {}
    for name, repo in REPOS.items():
        if not repo.moved_to:
            files = {path: str(text) for path, text in repo.files.items()}
            mappings[name] = {**(card_data(files["README.md"]) or {}), "files": files}
            mappings[name] |= {"gated": repo.gated, "status": "gated"} if repo.gated else {}
    return mappings


def _bundled(folder: Path) -> BundledSource:
    rows: dict[str, list[dict[str, Any]]] = {"models": [], "datasets": []}
    for name, repo in REPOS.items():
        kind, bare = ("datasets", name.removeprefix("datasets/")) if name.startswith("datasets/") else ("models", name)
        info: dict[str, Any] = {"tags": [], "gated": repo.gated, "sha": "b" * 40}
        if repo.moved_to:
            rows[kind].append({"id": bare, "as_of": "2024-12-01", "moved_to": repo.moved_to})
        else:
            info["cardData"] = card_data(str(repo.files["README.md"]))
            rows[kind].append({"id": bare, "as_of": "2024-12-01", "info": info})
    folder.mkdir()
    for kind, lines in rows.items():
        ordered = sorted(lines, key=lambda row: row["id"])
        text = "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in ordered)
        (folder / f"{kind}.jsonl").write_text(text)
    (folder / "about.json").write_text(json.dumps({"as_of": "2024-12-01", "repositories": 4}))
    return BundledSource(folder)


def is_sound(content: RepoContent) -> bool:
    """Every content can be kept as JSON, says why it is not whole, and names its files as text."""
    json.dumps(asdict(content))
    return bool(content.status == "resolved" or content.why) and all(isinstance(d.text, str) for d in content.documents)


def test_it_is_a_source(source: Source) -> None:
    assert isinstance(source, Source)
    assert source.kind
    assert source.parallel >= 1


def test_a_repository_has_its_metadata_and_a_commit(source: Source) -> None:
    content = source.fetch(CHAT)
    assert (content.ref, content.status) == (CHAT, "resolved")
    assert content.info["cardData"]["license"] == "mit"
    assert content.info["cardData"]["base_model"] == "lab/gated"
    assert isinstance(content.info["tags"], list)
    assert content.revision
    assert not content.pinned
    assert is_sound(content)


def test_its_files_are_read(source: Source) -> None:
    if source.kind == "bundled":
        pytest.skip("bundled facts are metadata alone")
    documents = {d.path: d for d in source.fetch(CHAT).documents}
    assert set(documents) == {"README.md", "LICENSE", "NOTICE"}
    assert documents["README.md"].text == CARD
    assert documents["LICENSE"].text == "Do as you like.\n"
    assert not documents["LICENSE"].truncated


def test_a_gated_repository_keeps_its_public_metadata(source: Source) -> None:
    content = source.fetch(GATED)
    assert content.status == "gated"
    assert content.info["cardData"]["license"] == "llama3"
    assert content.info["gated"] == "manual"
    assert content.documents == ()
    assert is_sound(content)


def test_a_dataset_is_not_the_model_of_the_same_name(source: Source) -> None:
    content = source.fetch(TALK)
    assert (content.ref, content.status) == (TALK, "resolved")
    assert content.info["cardData"]["license"] == ["cc-by-4.0"]


def test_what_is_absent_is_never_resolved(source: Source) -> None:
    content = source.fetch(GONE)
    # The cache cannot know that it is gone; all it may say is that it could not look.
    assert content.status == ("unreachable" if isinstance(source, CachedSource) else "missing")
    assert content.info == {}
    assert is_sound(content)


def test_a_renamed_repository_says_both_names(source: Source) -> None:
    if source.kind in ("memory", "folder"):
        pytest.skip("written by hand: there are no renames")
    content = source.fetch(OLD)
    assert (content.ref, content.status) == (CHAT, "resolved")
    assert "old-acme/chat" in content.redirected_from


def test_a_commit_pins_and_a_branch_does_not(source: Source) -> None:
    commit = source.fetch(CHAT).revision
    by_commit, by_branch = source.fetch(CHAT, commit), source.fetch(CHAT, "main")
    assert (by_commit.status, by_commit.revision, by_commit.pinned) == ("resolved", commit, True)
    assert (by_branch.status, by_branch.revision, by_branch.pinned) == ("resolved", commit, False)


def test_an_unknown_revision_is_not_answered_with_another(source: Source) -> None:
    content = source.fetch(CHAT, "v9.9")
    assert content.status in ("missing", "unreachable")
    assert content.documents == ()
    assert is_sound(content)


def test_the_same_question_gets_the_same_answer(source: Source) -> None:
    assert source.fetch(CHAT) == source.fetch(CHAT)


HOSTILE = (
    "",
    ".",
    "..",
    "a/..",
    "../../etc/passwd",
    "/etc/passwd",
    "a/b/c",
    "C:\\x",
    "con",
    "a/nul.txt",
    "a\0b",
    "a b",
    "ü/ß",
)


@pytest.mark.parametrize("name", [*HOSTILE, "x" * 9000, "a/" * 4000, "\ud800", "a/b?expand=x", "a/b#c", "a/%2e%2e"])
@pytest.mark.parametrize("kind", ["model", "dataset", "unknown"])
def test_no_name_raises_or_resolves(source: Source, kind: Any, name: str) -> None:
    content = source.fetch(RepoId(kind, name))
    assert content.status in ("missing", "unreachable")
    assert content.why


@pytest.mark.parametrize("revision", ["", "..", "refs/pr/1", "a\0b", "\ud800", "x" * 9000])
def test_no_revision_raises_or_resolves(source: Source, revision: str) -> None:
    content = source.fetch(CHAT, revision)
    assert content.status in ("missing", "unreachable")


def test_facts_that_are_not_of_now_are_dated(doors: dict[str, Source]) -> None:
    dated = {name: doors[name].fetch(CHAT).as_of is not None for name in DOORS}
    live = {"hub", "memory", "folder"}
    assert dated == {name: name not in live for name in DOORS}
