"""The walk up the ancestry: every node once, limits named, known facts beside what repositories say."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from auditor.errors import UsageError
from auditor.lineage.ahead import Ahead
from auditor.lineage.walk import Walk, walk
from auditor.model import RepoContent, RepoId, Span, Statement
from auditor.sources.memory import MemorySource

CHAIN: dict[str, dict[str, Any]] = {
    "acme/c": {"license": "mit", "base_model": "acme/b"},
    "acme/b": {"license": "mit", "base_model": ["acme/a", "acme/c"]},
    "acme/a": {"license": "mit"},
}


def walked(repos: dict[str, dict[str, Any]], *known: tuple[str, Statement], **limits: Any) -> Walk:
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


@pytest.mark.parametrize("limits", [{"max_repos": 0}, {"max_repos": -1}, {"max_depth": -1}])
def test_a_limit_that_leaves_nothing_is_a_mistake(limits: dict[str, int]) -> None:
    with pytest.raises(UsageError):
        walked(CHAIN, **limits)


def test_an_unknown_name_is_missing_without_asking_anybody() -> None:
    found = walk([(RepoId("unknown", "bloom-2"), None)], MemorySource({}))
    assert found.records["bloom-2"].status == "missing"
    assert "BLOOM" in found.records["bloom-2"].why


def test_a_known_base_stands_instead_of_a_guessed_one() -> None:
    config = {"config.json": '{"_name_or_path": "acme/guess"}'}
    guessed: dict[str, dict[str, Any]] = {"acme/c": {"license": "mit", "files": config}}
    assert [e.parent for e in walked(guessed).edges] == ["acme/guess"]
    base = Statement("base_model", "acme/a", Span("notes"), "declared", "finetune")
    assert [e.parent for e in walked(guessed, ("acme/c", base)).edges] == ["acme/a"]
    also_guessed = Statement("base_model", "acme/a", Span("notes"), "inferred", "finetune")
    assert {e.parent for e in walked(guessed, ("acme/c", also_guessed)).edges} == {"acme/guess", "acme/a"}


class Renamed(MemorySource):
    """Every name under `old/` leads to the same repository, acme/c."""

    parallel = 4

    def fetch(self, ref: RepoId, revision: str | None = None) -> RepoContent:
        old = ref.name.startswith("old/")
        content = super().fetch(RepoId("model", "acme/c") if old else ref, revision)
        return replace(content, redirected_from=(ref.name,)) if old else content


def test_facts_known_under_every_older_name_hold() -> None:
    facts = {
        "old/one": (Statement("base_model", "acme/a", Span("notes"), "declared", "finetune"),),
        "old/two": (
            Statement("outputs_of", "gpt-4", Span("notes")),
            Statement("clause", {"id": "share-alike"}, Span("notes")),
        ),
    }
    repos: dict[str, dict[str, Any]] = {
        "acme/t": {"license": "mit", "base_model": ["old/one", "old/two", "acme/c"]},
        "acme/c": {"license": "mit", "files": {"config.json": '{"_name_or_path": "acme/guess"}'}},
        "acme/a": {"license": "mit"},
    }
    found = walk([(RepoId("model", "acme/t"), None)], Renamed(repos), knowledge=lambda ref: facts.get(ref.id, ()))
    above = {(e.child, e.parent, e.relation) for e in found.edges}
    assert {row for row in above if row[0] == "acme/c"} == {
        ("acme/c", "acme/a", "finetune"),
        ("acme/c", "gpt-4", "trained-on-outputs-of"),
    }
    assert {s.field for s in found.records["acme/c"].statements} >= {"clause", "outputs_of", "base_model"}
    assert [e.parent for e in found.edges if e.child == "acme/t"] == ["acme/c"]


def test_it_reads_ahead_and_finds_the_same() -> None:
    """A parent is fetched while its child's siblings are still under way, unless a limit may leave it out."""
    repos: dict[str, dict[str, Any]] = {
        "acme/t": {"base_model": ["acme/slow", "acme/quick"]},
        "acme/slow": {},
        "acme/quick": {"base_model": "acme/far"},
        "acme/far": {},
    }
    begun = threading.Event()

    class Slow(MemorySource):
        parallel = 2

        def fetch(self, ref: RepoId, revision: str | None = None) -> RepoContent:
            if ref.name == "acme/far":
                begun.set()
            if ref.name == "acme/slow":
                assert begun.wait(10)
            return super().fetch(ref, revision)

    target = (RepoId("model", "acme/t"), None)
    ahead, plain = walk([target], Slow(repos)), walk([target], MemorySource(repos))
    assert list(ahead.contents) == list(plain.contents) == list(repos)
    assert ahead == plain
    begun.clear()
    assert [name for name, _ in walk([target], Slow(repos), max_depth=0).cut] == ["acme/slow", "acme/quick"]
    assert not begun.is_set()


def test_a_bug_in_a_thread_comes_to_light() -> None:
    def read(key: int, begin: Callable[[int], None]) -> int:
        if key == 3:
            raise ValueError("a bug")
        begin(key + 1)
        return key

    for threads in (1, 4):
        ahead = Ahead(read, threads)
        assert ahead.result(1) == 1
        with pytest.raises(ValueError, match="a bug"):
            ahead.result(3)
        ahead.close()
