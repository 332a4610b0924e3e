"""Computes the terms in force on every node: its own, and those that descend to it, each with its shortest path."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence

from auditor.lineage.relations import Relation
from auditor.lineage.spread import CONTESTED, INFERRED, NOT, SURELY, Descent, collector_paused
from auditor.model import Clause, Edge, Gap, LicenseCall, RepoRecord, Term

ClauseKey = tuple[str, str]


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
    with collector_paused():
        descent = Descent(licenses, tuple(edges))
        names, numbers = descent.names, descent.numbers
        beside = {name: frozenset(clause.id for clause in call.clauses) for name, call in licenses.items()}
        found: list[list[Term]] = [[] for _ in names]
        for _, holders in sorted(_by_clause(licenses).items()):
            for name, own in holders.items():
                found[numbers[name]].append(Term(own, name, (name,), contract=name in closed))
            clauses = {numbers[name]: clause for name, clause in holders.items()}
            bound = {number: names[number] in closed for number in clauses}
            reach = {numbers[name]: does for name, does in _handed_on(holders, beside, descent.relations)}
            for node, origin, kind, path, via in descent.ways(reach):
                term = Term(
                    clauses[origin], names[origin], path, via, kind & CONTESTED > 0, bound[origin], kind & INFERRED > 0
                )
                found[node].append(term)
        return {name: tuple(found[numbers[name]]) for name in licenses}


def gaps_of(
    records: Mapping[str, RepoRecord], licenses: Mapping[str, LicenseCall], edges: Iterable[Edge]
) -> dict[str, tuple[Gap, ...]]:
    """What could not be learnt in each node's ancestry, along relations that hand something on."""
    with collector_paused():
        descent = Descent(records, tuple(edges))
        everything = [SURELY] * len(descent.relations)
        found: dict[str, list[Gap]] = {name: [] for name in records}
        for name, record in records.items():
            why = "; ".join(filter(None, (hides(record, licenses[name]), _lost_parents(record))))
            if why:
                found[name].append(Gap(node=name, why=why, path=(name,)))
                for _, _, _, path, via in descent.ways({descent.numbers[name]: everything}):
                    found[path[0]].append(Gap(node=name, why=why, path=path, via=via))
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


def _by_clause(licenses: Mapping[str, LicenseCall]) -> dict[ClauseKey, dict[str, Clause]]:
    """By clause the nodes whose own licenses hold it."""
    grouped: dict[ClauseKey, dict[str, Clause]] = {}
    for name, call in licenses.items():
        for clause in call.clauses:
            grouped.setdefault(clause_key(clause), {}).setdefault(name, clause)
    return grouped


def _handed_on(
    holders: Mapping[str, Clause], beside: Mapping[str, frozenset[str]], known: Sequence[Relation]
) -> Iterator[tuple[str, tuple[int, ...]]]:
    """What each relation does with the clause of each holder, which depends on what else its license holds."""
    clause = next(iter(holders.values()))

    @functools.cache
    def does(others: frozenset[str]) -> tuple[int, ...]:
        reach = (relation.hands_on(clause, others) for relation in known)
        return tuple(NOT if not carried else CONTESTED if contested else SURELY for carried, contested in reach)

    return ((name, does(beside[name])) for name in holders)
