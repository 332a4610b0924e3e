"""Lineages of any size for tests of pictures: a merge of many parents, and a wide and deep ancestry."""

from __future__ import annotations

from auditor.model import (
    Clause,
    Decision,
    Edge,
    Finding,
    Gap,
    LicenseCall,
    Lineage,
    Node,
    RepoId,
    RepoRecord,
    Report,
    Span,
    Status,
    Term,
    Use,
)

COMMIT = "89abcdef0123456789abcdef0123456789abcdef"
CAP = Clause(
    "user-count-cap",
    {"threshold": 700000000, "unit": "MAU"},
    Span("lab/parent-1", "LICENSE", 14, "more than 700 million people a month", revision=COMMIT),
    "2",
)
_STATES: tuple[Status, ...] = ("resolved", "resolved", "gated", "resolved", "missing", "resolved", "closed")


def report_of(size: int) -> Report:
    """A report on a lineage of `size` members: the first parent, and every fifth member, carries a cap."""
    names = ["merger/target-7b", *(_name(number) for number in range(1, size))]
    above = _parents(size)
    edges = tuple(
        Edge(names[child], names[parent], "merge" if child == 0 else "finetune", "declared", (_card(names[child]),))
        for child, parent in above
    )
    nodes = {name: _node(number, name) for number, name in enumerate(names)}
    path = (names[0], names[1]) if size > 1 else (names[0],)
    finding = Finding(
        "user-count-cap",
        "user-count-cap",
        "high",
        names[0],
        "The grant stops at 700,000,000 monthly users.",
        path,
        ("merge",) if size > 1 else (),
        (CAP.span,) if CAP.span else (),
        "Count your users.",
        "User-count cap",
    )
    small = [
        Finding("unpinned-revision", "unpinned-revision", "info", name, f"{name} was looked at as it is now.", (name,))
        for name in names[: max(size // 2, 1)]
    ]
    lineage = Lineage((names[0],), nodes, edges)
    decisions = {names[0]: Decision("undetermined", (), (), ("What are the terms of the members that are missing?",))}
    return Report(lineage, Use(), "bundled", "2026-01-01", decisions, (finding, *small), ())


def _parents(size: int) -> list[tuple[int, int]]:
    """(child, parent) numbers: up to 60 members are one merge; more are a wide tree with shared ancestors."""
    if size <= 60:
        return [(0, number) for number in range(1, size)]
    tree = [(((number - 1) // 7) if number < 250 else number - 249, number) for number in range(1, size)]
    return tree + [(number, size - 1 - number % 40) for number in range(60, 200, 3)]


def _name(number: int) -> str:
    return (
        f"lab/parent-{number}"
        if number % 3
        else f"another-house/a-rather-long-name-of-a-model-{number}-instruct-v0.{number}"
    )


def _card(name: str) -> Span:
    return Span(name, "README.md", 4, "base_model names it", revision=COMMIT)


def _node(number: int, name: str) -> Node:
    status = _STATES[number % len(_STATES)]
    ref = RepoId("closed" if status == "closed" else "model", name)
    if status == "missing":
        return Node(ref, RepoRecord(ref, status, why="the repository is gone"), LicenseCall())
    capped = number % 5 == 1
    call = LicenseCall(concluded=("MIT",), known=True, stated=True, osi=True, clauses=(CAP,) if capped else ())
    terms = (Term(CAP, name, (name,)),) if capped else ()
    if not number:
        terms = (Term(CAP, "lab/parent-1", (name, "lab/parent-1"), ("merge",)),)
    gaps = (Gap(name, "its parents are not known", (name,)),) if number % 11 == 3 else ()
    return Node(ref, RepoRecord(ref, status, revision=COMMIT), call, terms, gaps)
