"""Applies rules to the targets of a lineage and words what they find."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from auditor.engine.evidence import evidence
from auditor.engine.match import Context, Witness, evaluate
from auditor.engine.rule import Rule
from auditor.engine.words import fill
from auditor.facts.build import descent, in_words, license_words
from auditor.identify import catalogue
from auditor.lineage.dated import versions
from auditor.lineage.relations import relations
from auditor.lineage.terms import clause_key
from auditor.model import Finding, Gap, Lineage, Severity, Undetermined


def apply_rules(
    rules: Iterable[Rule], lineage: Lineage, subjects: Sequence[str]
) -> tuple[tuple[Finding, ...], tuple[Undetermined, ...]]:
    """Every rule on every subject. A rule that fires gives one finding for each term or ancestor that made it."""
    context = Context(lineage)
    findings: list[Finding] = []
    open_rules: list[Undetermined] = []
    for subject in subjects:
        for rule in rules:
            trace = evaluate(rule.match, subject, context)
            if trace.outcome == "fires":
                found = [_finding(rule, subject, w, context) for w in _told_apart(trace.witnesses)]
                findings.extend(_united(found))
            elif trace.outcome == "undetermined":
                why = "; ".join(trace.unknown)
                severity = _doubt(rule, subject, context)
                open_rules.append(Undetermined(rule.id, rule.name, severity, subject, why))
    return tuple(findings), tuple(open_rules)


def _told_apart(witnesses: tuple[Witness, ...]) -> list[Witness | None]:
    """One witness for each cause. Of a clause that is both the node's own and inherited, the ancestor tells more."""
    best: dict[Any, Witness] = {}
    for witness in witnesses:
        key = clause_key(witness.term.clause) if witness.term else witness.path[-1]
        kept = best.get(key)
        if kept is None or (len(kept.path) == 1 and len(witness.path) > 1 and not witness.facts.get("contested")):
            best[key] = witness
    return list(best.values()) or [None]


def _united(findings: list[Finding]) -> list[Finding]:
    """Findings of one rule that say the same become one: a rule about a license speaks once, not once a clause."""
    by_message: dict[str, Finding] = {}
    for one in findings:
        kept = by_message.setdefault(one.message, one)
        if kept is not one:
            both = tuple(dict.fromkeys((*kept.evidence, *one.evidence)))
            by_message[one.message] = replace(kept, evidence=both)
    return list(by_message.values())


def _finding(rule: Rule, subject: str, witness: Witness | None, context: Context) -> Finding:
    facts = context.facts(subject)
    node = context.lineage.nodes[subject]
    values: dict[str, Any] = {"subject": subject, "license": license_words(node), **facts}
    if witness:
        values |= {f"{witness.name}.{k}": v for k, v in witness.facts.items()}
        values[witness.name] = witness.path[-1]
        values |= {f"origin.{k}": v for k, v in context.facts(witness.path[-1]).items()}
        values["origin.says"] = _says(witness.path, context.lineage)
        values["descent"] = descent(witness.path, witness.via)
    path = witness.path if witness else (subject,)
    return Finding(
        rule=rule.id,
        name=rule.name,
        severity=_severity(rule, witness, context.lineage),
        subject=subject,
        message=fill(rule.message, values),
        path=path,
        via=witness.via if witness else (),
        evidence=evidence(rule.match, subject, witness, context.lineage),
        remedy=fill(rule.remedy, values),
        title=rule.title,
        fingerprint=_fingerprint(rule, subject, witness),
    )


def _says(path: Sequence[str], lineage: Lineage) -> str:
    """The licenses of the origin in words; of a provider's terms those of the time."""
    origin = lineage.nodes[path[-1]]
    bound = versions(path[-1], lineage.nodes[path[-2]].record) if len(path) > 1 else None
    names = [entry.name for entry in map(catalogue.get, bound or ()) if entry]
    return in_words(names) if names else license_words(origin)


def _severity(rule: Rule, witness: Witness | None, lineage: Lineage) -> Severity:
    """Inference alone never carries a high finding."""
    if rule.severity != "high" or witness is None:
        return rule.severity
    steps = zip(witness.path, witness.path[1:], witness.via, strict=False)
    how = {(e.child, e.parent, e.relation): e.how for e in lineage.edges}
    return "medium" if any(how.get(step) == "inferred" for step in steps) else "high"


def _doubt(rule: Rule, subject: str, context: Context) -> Severity:
    """How much an open rule weighs: what training data that can be read leaves open is never high.

    Its license might hold anything, but whether that reaches the model is itself disputed; the verdict, too, makes it a
    condition and not a bar.
    """
    known = relations()
    gaps = context.lineage.nodes[subject].gaps

    def minor(gap: Gap) -> bool:
        return bool(context.facts(gap.node)["readable"]) and not all(known[r].derivative for r in gap.via)

    return "medium" if rule.severity == "high" and gaps and all(map(minor, gaps)) else rule.severity


def _fingerprint(rule: Rule, subject: str, witness: Witness | None) -> str:
    """Stable across runs and wording: the rule, the subject and the cause."""
    cause = ""
    if witness:
        cause = "|".join(clause_key(witness.term.clause)) if witness.term else witness.path[-1]
    return hashlib.sha256(f"{rule.id}\0{subject}\0{cause}".encode()).hexdigest()[:16]
