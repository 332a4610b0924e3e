"""Computes the terms in force on every node: its own, and those that descend to it, each with its shortest path."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from auditor.lineage.relations import Relation, relations
from auditor.model import Clause, Edge, Gap, LicenseCall, RepoRecord, Term

ClauseKey = tuple[str, str]
_Cost = tuple[bool, bool, int]  # contested, inferred, steps: the surest way first, then the shortest


class _Step(NamedTuple):
    child: str
    relation: Relation
    inferred: bool


def clause_key(clause: Clause) -> ClauseKey:
    """What makes two clauses the same clause: the id and its parameters."""
    return clause.id, repr(sorted((k, repr(v)) for k, v in clause.params.items()))


def terms_of(
    licenses: Mapping[str, LicenseCall], edges: Iterable[Edge], closed: frozenset[str]
) -> dict[str, tuple[Term, ...]]:
    """The terms in force on each node.

    Per clause (id and parameters) a node has its own, if its license holds it, and the one that reaches it on the
    surest and then shortest path. `closed` are the nodes whose terms are a provider's contract.
    """
    down = _downward(edges)
    found: dict[str, list[Term]] = {name: [] for name in licenses}
    for clause, origins in _by_clause(licenses).values():
        reached = _spread(clause, origins, licenses, down)
        for name, (cost, path, via) in reached.items():
            origin = path[-1]
            found[name].append(
                Term(
                    clause=origins[origin],
                    origin=origin,
                    path=path,
                    via=via,
                    contested=cost[0],
                    contract=origin in closed,
                    inferred=cost[1],
                )
            )
        for name, own in origins.items():
            found[name].append(Term(clause=own, origin=name, path=(name,), contract=name in closed))
    return {name: tuple(sorted(terms, key=_order)) for name, terms in found.items()}


def gaps_of(
    records: Mapping[str, RepoRecord], licenses: Mapping[str, LicenseCall], edges: Iterable[Edge]
) -> dict[str, tuple[Gap, ...]]:
    """What could not be learnt in each node's ancestry, along relations that hand something on."""
    down = _downward(edges)
    found: dict[str, list[Gap]] = {name: [] for name in records}
    for name, record in records.items():
        why = "; ".join(filter(None, (hides(record, licenses[name]), _lost_parents(record))))
        if not why:
            continue
        found[name].append(Gap(node=name, why=why, path=(name,)))
        reached = _search({name: name}, down, lambda step, origin: (True, False))
        for node, (_, path, via) in reached.items():
            found[node].append(Gap(node=name, why=why, path=path, via=via))
    return {name: tuple(gaps) for name, gaps in found.items()}


def hides(record: RepoRecord, call: LicenseCall) -> str:
    """Why the terms of a node itself are not known; empty when they are.

    What an outage hides may contradict the license that the metadata gives.
    """
    if call.known and record.status != "unreachable":
        return ""
    if record.status not in ("resolved", "closed", "gated"):
        return record.why or f"{record.ref.id} is {record.status}"
    if call.stated:
        return call.why or "its license could not be told"
    if record.status == "gated":
        return record.why or "gated, and its metadata names no license"
    unread = [f for f in record.failures if f.status in ("unreachable", "malformed")]
    return unread[0].why if unread else ""


def _lost_parents(record: RepoRecord) -> str:
    lost = [repr(str(s.value)) for s in record.statements if s.field == "unfollowed_base"]
    return f"its base model {' and '.join(lost)} names nothing that can be looked up" if lost else ""


def _downward(edges: Iterable[Edge]) -> dict[str, list[_Step]]:
    known = relations()
    down: dict[str, list[_Step]] = defaultdict(list)
    for edge in edges:
        relation = known[edge.relation]
        if not relation.inert:
            down[edge.parent].append(_Step(edge.child, relation, edge.how == "inferred"))
    return down


def _by_clause(licenses: Mapping[str, LicenseCall]) -> dict[ClauseKey, tuple[Clause, dict[str, Clause]]]:
    grouped: dict[ClauseKey, tuple[Clause, dict[str, Clause]]] = {}
    for name, call in licenses.items():
        for clause in call.clauses:
            grouped.setdefault(clause_key(clause), (clause, {}))[1].setdefault(name, clause)
    return grouped


def _spread(
    clause: Clause,
    origins: Mapping[str, Clause],
    licenses: Mapping[str, LicenseCall],
    down: Mapping[str, list[_Step]],
) -> dict[str, tuple[_Cost, tuple[str, ...], tuple[str, ...]]]:
    neighbours = {name: frozenset(c.id for c in licenses[name].clauses) for name in origins}
    return _search(
        {name: name for name in origins}, down, lambda step, origin: step.relation.hands_on(clause, neighbours[origin])
    )


def _search(
    origins: Mapping[str, str], down: Mapping[str, list[_Step]], hands_on: Any
) -> dict[str, tuple[_Cost, tuple[str, ...], tuple[str, ...]]]:
    """Cheapest way from any origin down to each node; an origin itself counts only when another origin reaches it."""
    best: dict[str, tuple[_Cost, str, str, str]] = {}  # node -> cost, parent, relation, origin
    heap: list[tuple[_Cost, str, str, str, str]] = []

    def push(node: str, cost: _Cost, origin: str) -> None:
        for step in down.get(node, ()):
            carried, contested = hands_on(step, origin)
            if carried and step.child != origin and step.child not in best:
                onward = (cost[0] or contested, cost[1] or step.inferred, cost[2] + 1)
                heapq.heappush(heap, (onward, step.child, node, step.relation.id, origin))

    for origin in origins:
        push(origin, (False, False, 0), origin)
    while heap:
        cost, node, parent, relation, origin = heapq.heappop(heap)
        if node in best:
            continue
        best[node] = (cost, parent, relation, origin)
        if node not in origins:
            push(node, cost, origin)
    return {node: (row[0], *_trace(node, best)) for node, row in best.items()}


def _trace(node: str, best: Mapping[str, tuple[_Cost, str, str, str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Path and relations from a node up to the nearest origin, where the clause itself stands."""
    _, parent, relation, origin = best[node]
    path, via = [node, parent], [relation]
    while parent != origin:
        _, parent, relation, _ = best[parent]
        path.append(parent)
        via.append(relation)
    return tuple(path), tuple(via)


def _order(term: Term) -> tuple[str, str, int]:
    return term.clause.id, clause_key(term.clause)[1], len(term.path)
