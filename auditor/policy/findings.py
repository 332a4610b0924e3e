"""Findings of the gate itself: its words stand in `rules/policy`, one file for each kind."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from auditor.engine.rule import Junction, Rule
from auditor.engine.words import fill
from auditor.model import Finding, Place, Severity, Span
from auditor.resources import load_folder, rules_dir


@functools.cache
def kinds() -> dict[str, dict[str, Any]]:
    """Every kind of finding that a policy gives, by id."""
    folder = rules_dir() / "policy"
    return {raw["id"]: raw for raw in load_folder(folder).values()}


def rules() -> tuple[Rule, ...]:
    """The same as rules, for those who describe them: without a condition, and without examples."""
    return tuple(
        Rule(
            id=raw["id"],
            name=raw["id"],
            group="policy",
            severity=raw["severity"],
            title=raw["title"],
            message=" ".join(raw["message"].split()),
            rationale=" ".join(raw["rationale"].split()),
            remedy=" ".join(raw["remedy"].split()),
            references=(),
            match=Junction("all", ()),
            examples=(),
            file=str(rules_dir() / "policy" / f"{raw['id']}.yaml"),
        )
        for raw in kinds().values()
    )


def rule_names(dirs: Sequence[Path] = ()) -> set[str]:
    """The ids and family names of all rules, those of the gate included."""
    from auditor.engine.load import load_rules

    return {name for rule in load_rules(dirs) for name in (rule.id, rule.name)} | set(kinds())


def finding(
    kind: str,
    subject: str,
    cause: str = "",
    *,
    severity: Severity | None = None,
    path: Sequence[str] = (),
    via: Sequence[str] = (),
    evidence: Sequence[Span] = (),
    places: Sequence[Place] = (),
    values: Mapping[str, Any] = MappingProxyType({}),
) -> Finding:
    """One finding. `cause` tells findings of one kind on one subject apart; `values` fill the words."""
    raw = kinds()[kind]
    words = {"subject": subject, **values}
    return Finding(
        rule=kind,
        name=kind,
        severity=severity or raw["severity"],
        subject=subject,
        message=fill(raw["message"], words),
        path=tuple(path) or (subject,),
        via=tuple(via),
        evidence=tuple(evidence),
        remedy=fill(raw["remedy"], words),
        title=raw["title"],
        fingerprint=hashlib.sha256(f"{kind}\0{subject}\0{cause}".encode()).hexdigest()[:16],
        places=tuple(places),
    )
