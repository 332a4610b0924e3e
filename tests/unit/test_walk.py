"""The walk up the ancestry: every node once, limits named, known facts beside what repositories say."""

from __future__ import annotations

from auditor.lineage.walk import Walk, walk
from auditor.model import RepoId, Span, Statement
from auditor.sources.memory import MemorySource

CHAIN = {
    "acme/c": {"license": "mit", "base_model": "acme/b"},
    "acme/b": {"license": "mit", "base_model": ["acme/a", "acme/c"]},
    "acme/a": {"license": "mit"},
}


def walked(repos: dict[str, dict[str, object]], *known: tuple[str, Statement], **limits: int) -> Walk:
    def knowledge(ref: RepoId) -> tuple[Statement, ...]:
        return tuple(statement for name, statement in known if name == ref.id)

    target = RepoId("model", next(iter(repos)))
    return walk([(target, None)], MemorySource(repos), knowledge=knowledge, **limits)


def test_cycles_and_shared_parents_are_fetched_once() -> None:
    told: list[str] = []
    source = MemorySource(CHAIN)
    found = walk([(RepoId("model", "acme/c"), None)], source, on_progress=lambda name, done, known: told.append(name))
    assert told == ["acme/c", "acme/b", "acme/a"]
    assert {(e.child, e.parent) for e in found.edges} == {
        ("acme/c", "acme/b"),
        ("acme/b", "acme/a"),
        ("acme/b", "acme/c"),
    }


def test_what_a_limit_leaves_out_is_named_and_never_clean() -> None:
    by_depth = walked(CHAIN, max_depth=0)
    assert by_depth.cut == (("acme/b", "the limit of 0 generations was reached"),)
    assert by_depth.records["acme/b"].status == "unreachable"
    by_number = walked(CHAIN, max_repos=2)
    assert [name for name, _ in by_number.cut] == ["acme/a"]
    assert "acme/a" not in by_number.contents


def test_an_unknown_name_is_missing_without_asking_anybody() -> None:
    found = walk([(RepoId("unknown", "bloom-2"), None)], MemorySource({}))
    assert found.records["bloom-2"].status == "missing"
    assert "BLOOM" in found.records["bloom-2"].why


def test_a_known_base_stands_instead_of_a_guessed_one() -> None:
    guessed = {"acme/c": {"license": "mit", "files": {"config.json": '{"_name_or_path": "acme/guess"}'}}}
    assert [e.parent for e in walked(guessed).edges] == ["acme/guess"]
    base = Statement("base_model", "acme/a", Span("notes"), "declared", "finetune")
    assert [e.parent for e in walked(guessed, ("acme/c", base)).edges] == ["acme/a"]
    also_guessed = Statement("base_model", "acme/a", Span("notes"), "inferred", "finetune")
    assert {e.parent for e in walked(guessed, ("acme/c", also_guessed)).edges} == {"acme/guess", "acme/a"}
