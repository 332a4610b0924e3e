"""What an unread part of the ancestry leaves open: the clauses that it could hide, with the facts of each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditor.engine.rule import Condition, Junction, Leaf
from auditor.facts.build import Facts, hidden_term_facts
from auditor.identify.vocabulary import vocabulary
from auditor.lineage.relations import relations
from auditor.model import Gap, Lineage


def hidden_terms(gap: Gap, where: Condition, subject: str, lineage: Lineage) -> Iterator[Facts]:
    """The terms that could reach `subject` out of the gap, of those clauses that `where` can match at all.

    A clause that no relation on the way hands on is none of them: an unread dataset hides no user-count cap.
    """
    steps = [relations()[relation] for relation in gap.via]
    for clause in vocabulary():
        if _excludes(where, clause):
            continue
        handed = [step.may_hand_on(clause) for step in steps]
        if all(carried for carried, _ in handed):
            contested = any(disputed for _, disputed in handed)
            facts = hidden_term_facts(subject, gap, clause, contested, lineage)
            yield facts
            if lost_parents(gap.node, lineage):
                yield facts | {"inherited": True}


def lost_parents(name: str, lineage: Lineage) -> bool:
    """Does the node name a base that cannot be looked up? Then it has ancestors that are not in the graph."""
    return any(s.field == "unfollowed_base" for s in lineage.nodes[name].record.statements)


def _excludes(where: Condition, clause: str) -> bool:
    """Does the condition ask for another clause? Only saves time: most rules ask for one clause by its id."""
    parts: tuple[Any, ...] = where.parts if isinstance(where, Junction) and where.kind == "all" else (where,)
    for part in parts:
        if isinstance(part, Leaf) and part.fact == "clause":
            if part.op == "is" and part.value != clause:
                return True
            if part.op == "in" and clause not in part.value:
                return True
    return False
