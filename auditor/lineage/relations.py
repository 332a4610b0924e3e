"""What descends along each relation, as data/relations.yaml says."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from auditor.model import Clause
from auditor.resources import data_dir, load_file


@dataclass(frozen=True, slots=True)
class Carry:
    """One kind of clause that a relation hands on; `where` lists the parameter values that it must have."""

    clause: str
    where: Mapping[str, tuple[Any, ...]]
    contested: bool


@dataclass(frozen=True, slots=True)
class Relation:
    """A kind of descent. `all` hands everything on; `through` names clauses that make it do so."""

    id: str
    title: str
    all: bool
    derivative: bool
    contested: bool
    carries: tuple[Carry, ...]
    through: tuple[str, ...]

    @property
    def inert(self) -> bool:
        """True when nothing descends along it."""
        return not self.all and not self.carries

    def hands_on(self, clause: Clause, origin_clauses: frozenset[str]) -> tuple[bool, bool]:
        """(does the clause descend, is that contested), where `origin_clauses` are all of its license."""
        if self.all:
            return True, False
        if any(c in origin_clauses for c in self.through):
            return True, self.contested
        for carry in self.carries:
            if carry.clause == clause.id and all(clause.params.get(k) in v for k, v in carry.where.items()):
                return True, carry.contested
        return False, False

    def may_hand_on(self, clause: str) -> tuple[bool, bool]:
        """(could the clause descend from a parent that nobody has read, would that be contested)."""
        if self.all or (self.through and not self.contested):
            return True, False
        reach = [carry.contested for carry in self.carries if carry.clause == clause]
        if reach:
            return True, all(reach)
        return bool(self.through), self.contested


@functools.cache
def relations() -> dict[str, Relation]:
    """Every relation by id."""
    return {name: _relation(name, raw) for name, raw in load_file(data_dir() / "relations.yaml").items()}


def _relation(name: str, raw: Mapping[str, Any]) -> Relation:
    carries = raw.get("carries", [])
    contested = bool(raw.get("contested", False))
    listed = [] if carries == "all" else carries
    return Relation(
        id=name,
        title=raw["title"],
        all=carries == "all",
        derivative=bool(raw.get("derivative", False)),
        contested=contested,
        carries=tuple(
            Carry(
                clause=c["clause"],
                where={k: tuple(v) for k, v in c.get("where", {}).items()},
                contested=bool(c.get("contested", contested)),
            )
            for c in listed
        ),
        through=tuple(raw.get("through", [])),
    )
