"""Evaluates a condition on a node in three-valued (Kleene) logic, keeping the trace that says why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from auditor.engine.conditions import OPERATORS
from auditor.engine.gaps import hidden_terms, lost_parents
from auditor.engine.predicates import PREDICATES
from auditor.engine.rule import Condition, Junction, Leaf, Not, Predicate, Quantifier
from auditor.facts.build import node_facts, term_facts
from auditor.facts.values import Unknown
from auditor.lineage.relations import relations
from auditor.model import Gap, Lineage, Term

Outcome = Literal["fires", "quiet", "undetermined"]


@dataclass(frozen=True, slots=True)
class Witness:
    """What made a quantifier fire: a term, or an ancestor reached along `path` by the relations `via`."""

    name: str
    facts: Mapping[str, Any]
    path: tuple[str, ...]
    via: tuple[str, ...]
    term: Term | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """The outcome of one condition and of its parts. `unknown` lists why it could not be decided."""

    label: str
    outcome: Outcome
    detail: str = ""
    children: tuple[Trace, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass
class Context:
    """The lineage under audit, with the facts worked out so far (each node's only once)."""

    lineage: Lineage
    _facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    _terms: dict[str, list[tuple[Term, Mapping[str, Any]]]] = field(default_factory=dict)
    _matters: dict[tuple[Any, ...], bool] = field(default_factory=dict)

    def facts(self, name: str) -> Mapping[str, Any]:
        """The facts of one node."""
        if name not in self._facts:
            self._facts[name] = node_facts(name, self.lineage)
        return self._facts[name]

    def terms(self, name: str) -> list[tuple[Term, Mapping[str, Any]]]:
        """The terms in force on one node, each with its facts."""
        if name not in self._terms:
            terms = self.lineage.nodes[name].terms
            self._terms[name] = [(term, term_facts(name, term, self.lineage)) for term in terms]
        return self._terms[name]

    def matters(self, gap: Gap, where: Condition, subject: str) -> bool:
        """Could a term out of the gap meet the condition? Gaps reached in the same way are worked out once."""
        key = (subject, id(where), gap.via, self.lineage.nodes[gap.node].ref.kind)
        if key not in self._matters:
            hidden = hidden_terms(gap, where, subject, self.lineage)
            self._matters[key] = any(_evaluate(where, f, subject, self).outcome != "quiet" for f in hidden)
        return self._matters[key]


def evaluate(condition: Condition, subject: str, context: Context) -> Trace:
    """Does the condition hold on the node `subject`?"""
    return _evaluate(condition, context.facts(subject), subject, context)


def _evaluate(condition: Condition, facts: Mapping[str, Any], subject: str, context: Context) -> Trace:
    if isinstance(condition, Leaf):
        return _leaf(condition, facts)
    if isinstance(condition, Predicate):
        found = PREDICATES[condition.name](facts, context.facts(subject))
        return _answer(condition.name, found, "")
    if isinstance(condition, Not):
        inner = _evaluate(condition.part, facts, subject, context)
        turned: dict[Outcome, Outcome] = {"fires": "quiet", "quiet": "fires", "undetermined": "undetermined"}
        return Trace("not", turned[inner.outcome], children=(inner,), unknown=inner.unknown)
    if isinstance(condition, Junction):
        parts = tuple(_evaluate(p, facts, subject, context) for p in condition.parts)
        return _join(condition.kind, condition.kind, parts)
    if condition.kind == "any_term":
        return _any_term(condition, subject, context)
    return _relatives(condition, subject, context)


def _join(kind: Literal["all", "any"], label: str, parts: tuple[Trace, ...]) -> Trace:
    outcomes = [p.outcome for p in parts]
    decisive: Outcome = "quiet" if kind == "all" else "fires"
    other: Outcome = "fires" if kind == "all" else "quiet"
    outcome: Outcome = decisive if decisive in outcomes else "undetermined" if "undetermined" in outcomes else other
    unknown = _unique(u for p in parts for u in p.unknown) if outcome == "undetermined" else ()
    witnesses = tuple(w for p in parts if p.outcome == "fires" for w in p.witnesses) if outcome == "fires" else ()
    return Trace(label, outcome, children=parts, witnesses=witnesses, unknown=unknown)


def _any_term(quantifier: Quantifier, subject: str, context: Context) -> Trace:
    node = context.lineage.nodes[subject]
    parts: list[Trace] = []
    for term, facts in context.terms(subject):
        if not _allowed(quantifier, term.via):
            continue
        inner = _evaluate(quantifier.where, facts, subject, context)
        witness = Witness(quantifier.name, facts, term.path, term.via, term)
        parts.append(_part(f"{term.clause.id} of {term.origin}", inner, witness))
    for gap in node.gaps:
        if _allowed(quantifier, gap.via) and context.matters(gap, quantifier.where, subject):
            parts.append(
                Trace(f"the terms of {gap.node}", "undetermined", gap.why, unknown=(_named(gap.node, gap.why),))
            )
    return _join("any", f"any term ({quantifier.name})", tuple(parts))


def _relatives(quantifier: Quantifier, subject: str, context: Context) -> Trace:
    depth = 1 if quantifier.kind == "every_parent" else quantifier.depth
    parts: list[Trace] = []
    parts.extend(_unread(subject, context))
    for name, path, via in ancestors(subject, context.lineage, quantifier.via, depth):
        facts = context.facts(name)
        inner = _evaluate(quantifier.where, facts, subject, context)
        parts.append(_part(name, inner, Witness(quantifier.name, facts, path, via)))
        if quantifier.kind == "any_ancestor":
            parts.extend(_unread(name, context))
    if quantifier.kind == "any_ancestor":
        return _join("any", f"any ancestor ({quantifier.name})", tuple(parts))
    if not parts:
        return Trace("every parent", "quiet", "it has no parents")
    return _join("all", "every parent", tuple(parts))


def _unread(name: str, context: Context) -> Iterator[Trace]:
    """An open outcome for a node whose parents cannot be known, or not all of them."""
    record = context.lineage.nodes[name].record
    if not context.facts(name)["readable"]:
        why = _named(name, record.why or record.status)
        yield Trace(f"the ancestors of {name}", "undetermined", why, unknown=(why,))
    elif lost_parents(name, context.lineage):
        why = f"{name} names a base model that cannot be looked up"
        yield Trace(f"the ancestors of {name}", "undetermined", why, unknown=(why,))


def ancestors(
    subject: str, lineage: Lineage, via: Iterable[str] | None = None, depth: int | None = None
) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """(ancestor, path, relations) along the allowed relations, nearest first, each once. Cycle-safe."""
    allowed = expand(via)
    up: dict[str, list[tuple[str, str]]] = {}
    for edge in lineage.edges:
        if edge.relation in allowed:
            up.setdefault(edge.child, []).append((edge.parent, edge.relation))
    seen = {subject}
    found: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = []
    level: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [(subject, (subject,), ())]
    while level and (depth is None or len(level[0][2]) < depth):
        onward = []
        for name, path, relation in level:
            for parent, kind in up.get(name, ()):
                if parent not in seen:
                    seen.add(parent)
                    onward.append((parent, (*path, parent), (*relation, kind)))
        found.extend(onward)
        level = onward
    return found


def expand(via: Iterable[str] | None) -> frozenset[str]:
    """The relations that a rule's `via` means: `derivative` stands for all of that kind, None for all that carry."""
    known = relations().values()
    if via is None:
        return frozenset(r.id for r in known if not r.inert)
    derivative = frozenset(r.id for r in known if r.derivative) if "derivative" in via else frozenset()
    return derivative | frozenset(via)


def _allowed(quantifier: Quantifier, via: tuple[str, ...]) -> bool:
    if quantifier.depth is not None and len(via) > quantifier.depth:
        return False
    return expand(quantifier.via).issuperset(via)


def _part(label: str, inner: Trace, witness: Witness) -> Trace:
    witnesses = (witness,) if inner.outcome == "fires" else ()
    return Trace(label, inner.outcome, children=(inner,), witnesses=witnesses, unknown=inner.unknown)


def _leaf(leaf: Leaf, facts: Mapping[str, Any]) -> Trace:
    value = facts.get(leaf.fact)
    label = f"{leaf.fact}: {OPERATORS[leaf.op]} {leaf.value!r}"
    if isinstance(value, Unknown):
        return Trace(label, "undetermined", f"not known: {value.why}", unknown=(value.why,))
    return _answer(label, _compare(leaf.op, value, leaf.value), f"it is {value!r}")


def _answer(label: str, found: Any, detail: str) -> Trace:
    if isinstance(found, Unknown):
        return Trace(label, "undetermined", found.why, unknown=(found.why,))
    return Trace(label, "fires" if found else "quiet", detail)


def _compare(op: str, value: Any, wanted: Any) -> bool:
    many = value if isinstance(value, (list, tuple)) else [] if value is None else [value]
    if op == "exists":
        return bool(many) is bool(wanted)
    if op == "is":
        return bool(value == wanted)
    if op == "is_not":
        return bool(value != wanted)
    if op == "in":
        return value in wanted
    if op == "has":
        return wanted in many
    if op == "lacks":
        return wanted not in many
    if op == "has_any":
        return any(w in many for w in wanted)
    if op == "has_all":
        return all(w in many for w in wanted)
    if op == "matches":
        import re2

        return any(re2.search(wanted, str(v)) for v in many)
    if not isinstance(value, (int, float)):
        return False
    return bool(value > wanted) if op == "gt" else bool(value < wanted)


def _named(name: str, why: str) -> str:
    return why if name in why else f"{name}: {why}"


def _unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
