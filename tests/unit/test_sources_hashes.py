"""Equal weights prove a copy: which way round, and what proves nothing."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.lineage.hashes import twins, with_copies
from auditor.lineage.walk import walk
from auditor.model import Edge, RepoContent, RepoId
from auditor.sources.hub import HubSource
from tests.support.hub_server import LocalHub, Repo

BIG = 5_000_000_000


def repo(name: str, created: str | None, weights: dict[str, str], *, size: int = BIG, **info: Any) -> RepoContent:
    siblings: list[Any] = [{"rfilename": "README.md"}, 5]
    siblings += [
        {"rfilename": path, "lfs": {"sha256": seal * 64, "size": size, "pointerSize": 135}}
        for path, seal in weights.items()
    ]
    hub_id = info.pop("hub_id", None)
    return RepoContent(
        RepoId("model", name), "resolved", hub_id=hub_id, info={"siblings": siblings, "createdAt": created, **info}
    )


def contents(*repos: RepoContent) -> dict[str, RepoContent]:
    return {content.ref.id: content for content in repos}


OLD, NEW, NEWER = "2023-01-01T00:00:00.000Z", "2024-01-01T00:00:00.000Z", "2024-06-01T00:00:00.000Z"
A = repo("lab/a", OLD, {"model.safetensors": "a"})
B = repo("acme/b", NEW, {"pytorch_model.bin": "a"})
C = repo("shop/c", NEWER, {"model.safetensors": "a", "extra.gguf": "b"})


def shape(edges: tuple[Edge, ...]) -> list[tuple[str, str, str, str]]:
    return [(e.child, e.parent, e.relation, e.how) for e in edges]


def test_the_younger_is_a_copy_of_the_oldest() -> None:
    edges = with_copies(contents(B, C, A), [])
    assert sorted(shape(edges)) == [
        ("acme/b", "lab/a", "copy", "verified"),
        ("shop/c", "lab/a", "copy", "verified"),
    ]
    evidence = edges[0].evidence[0]
    assert (evidence.repo, evidence.file) == ("acme/b", "pytorch_model.bin")
    assert "model.safetensors in lab/a" in evidence.quote


def test_a_declared_edge_becomes_verified() -> None:
    declared = Edge("acme/b", "lab/a", "finetune", "declared")
    edges = with_copies(contents(A, B), [declared])
    assert shape(edges) == [("acme/b", "lab/a", "finetune", "verified")]
    assert len(edges[0].evidence) == 1


def test_no_circle_is_drawn() -> None:
    declared = (Edge("lab/a", "x/between", "finetune", "declared"), Edge("x/between", "acme/b", "merge", "declared"))
    assert with_copies(contents(A, B), declared) == declared


@pytest.mark.parametrize(
    "other",
    [
        repo("x/other", NEW, {"model.safetensors": "c"}),
        repo("x/component", NEW, {"vae/model.safetensors": "b", "unet/model.safetensors": "d"}),
        repo("x/small", NEW, {"training_args.bin": "a"}, size=5000),
        repo("x/tokenizer", NEW, {"tokenizer.model": "a"}),
        repo("x/none", NEW, {}),
        RepoContent(RepoId("model", "x/odd"), "resolved", info={"siblings": {"a": 1}, "createdAt": 5}),
        RepoContent(
            RepoId("model", "x/odder"), "resolved", info={"siblings": [{"rfilename": 5, "lfs": {"size": "x"}}]}
        ),
        RepoContent(RepoId("model", "x/oddest"), "resolved", info={"siblings": [{"rfilename": "a.bin", "lfs": [1]}]}),
    ],
    ids=lambda content: content.ref.name,
)
def test_what_proves_nothing(other: RepoContent) -> None:
    base = repo("lab/base", OLD, {"model.safetensors": "a", "vae/model.safetensors": "b"})
    assert with_copies(contents(base, other), []) == ()
    assert list(twins(contents(base, other), [])) == []


@pytest.mark.parametrize("date", [None, OLD])
def test_twins_of_one_day_are_told_and_no_edge_guessed(date: str | None) -> None:
    both = contents(repo("lab/a", date, {"m.bin": "a"}), repo("acme/b", date, {"m.bin": "a"}))
    assert with_copies(both, []) == ()
    assert sorted((one, other) for one, other, _ in twins(both, [])) == [("acme/b", "lab/a"), ("lab/a", "acme/b")]
    assert list(twins(both, [Edge("acme/b", "lab/a", "finetune", "declared")])) == []


def test_known_descent_tells_the_copy_where_dates_do_not() -> None:
    both = contents(repo("lab/a", None, {"m.bin": "a"}), repo("acme/b", None, {"m.bin": "a"}))
    steps = (Edge("acme/b", "x/between", "finetune", "declared"), Edge("x/between", "lab/a", "merge", "declared"))
    assert shape(with_copies(both, steps))[2:] == [("acme/b", "lab/a", "copy", "verified")]
    assert shape(with_copies(both, [Edge("acme/b", "lab/a", "quantized", "inferred")])) == [
        ("acme/b", "lab/a", "quantized", "verified")
    ]
    circle = (*steps, Edge("lab/a", "acme/b", "finetune", "declared"))
    assert with_copies(both, circle) == circle


def test_two_names_of_one_repository_are_no_copies() -> None:
    both = contents(
        repo("gpt2", OLD, {"m.bin": "a"}, hub_id="1"), repo("openai-community/gpt2", OLD, {"m.bin": "a"}, hub_id="1")
    )
    assert with_copies(both, []) == ()
    assert list(twins(both, [])) == []


def test_a_copy_on_the_hub_is_found_by_a_walk() -> None:
    weights = b"\0" * 1_000_001
    lfs = frozenset(["model.safetensors"])
    card = "---\nlicense: {}\n---\n"
    repos = {
        "lab/a": Repo({"README.md": card.format("llama2"), "model.safetensors": weights}, lfs=lfs),
        "acme/b": Repo(
            {"README.md": card.format("mit"), "model.safetensors": weights, "config.json": "{}"},
            lfs=lfs,
            info={"createdAt": "2024-09-01T10:00:00.000Z"},
        ),
    }
    with LocalHub(repos) as hub:
        source = HubSource(hub.url, token=False, patience=0)
        found = walk([(RepoId("model", "acme/b"), None), (RepoId("model", "lab/a"), None)], source)
        assert hub.asked_for("/api/models/") == 2  # the hashes cost no request of their own
    assert shape(found.edges) == [("acme/b", "lab/a", "copy", "verified")]
