"""The page of the relations between members of a lineage, and what descends along each."""

from __future__ import annotations

from auditor.lineage.relations import Carry, Relation, relations
from docs.generate.markdown import code, escape, link, page, table

_INTRO = """
A member of a lineage is tied to its parents by relations, and each relation hands on some of the parent's terms.
Contested terms are those whose reach people disagree about: they never forbid anything by themselves, and weigh
medium at most. To change what flows: `data/relations.yaml`.
"""


def files() -> dict[str, str]:
    """`docs/reference/relations.md`."""
    rows = [(code(r.id), escape(r.title), "yes" if r.derivative else "no", _carries(r)) for r in relations().values()]
    return {
        "docs/reference/relations.md": page(
            "Relations", _INTRO, table(("Relation", "In words", "Derivation", "What descends"), rows)
        )
    }


def _carries(relation: Relation) -> str:
    if relation.inert:
        return "nothing"
    if relation.all:
        return "everything in force on the parent, inherited terms included"
    said = [_carry(carry) for carry in relation.carries]
    said += [f"everything, where the parent has {_clause(clause)}" for clause in relation.through]
    return "; ".join(said)


def _carry(carry: Carry) -> str:
    where = ", ".join(f"{key} is {' or '.join(map(str, values))}" for key, values in carry.where.items())
    return (
        _clause(carry.clause)
        + (f" where {escape(where)}" if where else "")
        + (" (contested)" if carry.contested else "")
    )


def _clause(clause: str) -> str:
    return link(clause, f"clauses.md#{clause}")
