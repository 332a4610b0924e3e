"""Holds a provider's terms against the time at which outputs were made: later terms did not bind whoever made them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from auditor.identify import catalogue
from auditor.lineage.knowledge import closed_system
from auditor.lineage.terms import clause_key
from auditor.model import RepoRecord, Term


def terms_of_their_time(
    terms: Mapping[str, tuple[Term, ...]], records: Mapping[str, RepoRecord]
) -> dict[str, tuple[Term, ...]]:
    """The terms of each node; of a provider's contract only what began before the outputs in question were there.

    Where every version that is known began later, the earliest stands for the one that is not known.
    """
    return {name: _timely(held, records) if any(map(_bound, held)) else held for name, held in terms.items()}


def versions(closed: str, maker: RepoRecord) -> tuple[str, ...] | None:
    """The licenses of a closed model that can have bound whoever made what `maker` holds; None where all can."""
    system, day = closed_system(closed), made_before(maker)
    if system is None or day is None or not system.terms:
        return None
    return tuple(t.license for t in system.terms if (t.start or "") <= day) or (system.terms[-1].license,)


def made_before(record: RepoRecord) -> str | None:
    """The ISO date by which what the repository holds had been made, None where nothing tells.

    That is the day of its last change, else that of the facts that name it.
    """
    changed = [str(s.value) for s in record.statements if s.field == "last_modified"]
    return changed[0] if changed else record.as_of


def _bound(term: Term) -> bool:
    return term.contract and len(term.path) > 1


def _timely(held: tuple[Term, ...], records: Mapping[str, RepoRecord]) -> tuple[Term, ...]:
    kept: dict[object, Term] = {}
    for term in held:
        fitting = _fitting(term, records[term.path[-2]]) if _bound(term) else term
        if fitting:
            license_id = fitting.clause.span.repo if fitting.clause.span else ""
            kept.setdefault((clause_key(fitting.clause), license_id, fitting.path), fitting)
    return tuple(kept.values())


def _fitting(term: Term, maker: RepoRecord) -> Term | None:
    """The term as a version of its time says it; None where none of those says anything of the kind."""
    began = versions(term.origin, maker)
    if began is None or term.clause.span is None or term.clause.span.repo in began:
        return term
    for license_id in began:
        entry = catalogue.get(license_id)
        for clause in entry.clauses if entry else ():
            if clause.id == term.clause.id:
                return replace(term, clause=clause)
    return None
