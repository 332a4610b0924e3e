"""What a rule is once loaded: its words, its condition as a tree, its examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from auditor.model import Severity


@dataclass(frozen=True, slots=True)
class Leaf:
    """One question about one fact."""

    fact: str
    op: str
    value: Any


@dataclass(frozen=True, slots=True)
class Predicate:
    """A question that must be computed, by a function that ships in engine/predicates/."""

    name: str


@dataclass(frozen=True, slots=True)
class Junction:
    """`all` or `any` of the parts."""

    kind: Literal["all", "any"]
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of the part."""

    part: Condition


@dataclass(frozen=True, slots=True)
class Quantifier:
    """A question about ancestors, parents or terms. `via` None allows every relation; `depth` bounds the steps."""

    kind: Literal["any_ancestor", "every_parent", "any_term"]
    name: str
    via: tuple[str, ...] | None
    depth: int | None
    where: Condition


Condition = Leaf | Predicate | Junction | Not | Quantifier

ExampleKind = Literal["fires", "quiet", "undetermined"]


@dataclass(frozen=True, slots=True)
class Example:
    """A few repositories on which the rule must fire, stay quiet or be undetermined. The first one is the target.

    `known` holds facts kept about repositories, in the form of data/systems (field, value, relation, how).
    """

    kind: ExampleKind
    why: str
    repos: Mapping[str, Mapping[str, Any]]
    known: Mapping[str, tuple[Mapping[str, Any], ...]]
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule file."""

    id: str
    name: str
    group: str
    severity: Severity
    title: str
    message: str
    rationale: str
    remedy: str
    references: tuple[str, ...]
    match: Condition
    examples: tuple[Example, ...]
    file: str
