"""Turns a record's statements into edges to its parents, each with everything that speaks for it."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.lineage.knowledge import closed_system, dataset_alias
from auditor.model import Edge, How, RepoId, RepoRecord, Statement

_STRENGTH: dict[How, int] = {"verified": 3, "declared": 2, "detected": 1, "inferred": 0}


def edges_of(record: RepoRecord) -> tuple[tuple[Edge, RepoId], ...]:
    """The edges from `record` to its parents, with the parents' ids, in the order in which they are first stated.

    Statements of the same parent become one edge that keeps all their places. Where they disagree about the relation,
    the one stated outright wins over the one that was worked out, and the stronger evidence over the weaker.
    """
    stated: dict[str, list[tuple[str, Statement, RepoId]]] = {}
    for statement in record.statements:
        for relation, parent in _parents(record.ref, statement):
            if parent.id != record.ref.id:
                stated.setdefault(parent.id, []).append((relation, statement, parent))
    return tuple(_edge(record.ref.id, rows) for rows in stated.values())


def _parents(child: RepoId, statement: Statement) -> Iterator[tuple[str, RepoId]]:
    name = statement.value
    if not isinstance(name, str) or not name:
        return
    if statement.field == "base_model":
        yield statement.relation or "finetune", model_or_closed(name)
    elif statement.field == "dataset":
        yield "trained-on", dataset_ref(name)
    elif statement.field == "source_dataset":
        yield "derived-from", dataset_ref(name)
    elif statement.field == "outputs_of":
        yield "generated-by" if child.kind == "dataset" else "trained-on-outputs-of", model_or_closed(name)
    elif statement.field == "evaluated_on":
        yield "evaluated-on", dataset_ref(name)


def model_or_closed(name: str) -> RepoId:
    """The node that a model's name means: a closed system where the name is one's, else a repository."""
    system = closed_system(name)
    return RepoId("closed", system.id) if system else RepoId("model", name)


def dataset_ref(name: str) -> RepoId:
    """The dataset that a name means, through the known other spellings."""
    bare = name.removeprefix("datasets/")
    return RepoId("dataset", dataset_alias(bare) or bare)


def _edge(child: str, rows: list[tuple[str, Statement, RepoId]]) -> tuple[Edge, RepoId]:
    relation, best, parent = max(rows, key=lambda row: (_STRENGTH[row[1].how], row[1].relation is not None))
    spans = tuple(dict.fromkeys(statement.span for _, statement, _ in rows))
    return Edge(child=child, parent=parent.id, relation=relation, how=best.how, evidence=spans), parent
