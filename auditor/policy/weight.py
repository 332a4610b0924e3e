"""How much a finding weighs for a declared use: a clause that does not touch the use is told, and fails nothing."""

from __future__ import annotations

from auditor.identify.vocabulary import vocabulary
from auditor.model import SEVERITIES, Finding, Node, Severity, Term, Use
from auditor.policy.use import binding, is_declared

_WHOLE_LICENSE = "non-osi-license"  # the one family that speaks of all restrictions of a license at once


def weigh(finding: Finding, node: Node, use: Use) -> Severity:
    """The severity of a rule's finding for a use; never more than the rule's own.

    A finding that rests on clauses weighs as much as they bind: one that forbids the use keeps its severity, one that
    may touch it or asks for something is medium at most, one that does not touch it is info. What a closed model is by
    nature (no weights, no data to examine) forbids no use, and is medium at most. Without a declared use, and for
    other findings that rest on no clause, the rule's severity stands.
    """
    if not is_declared(use):
        return finding.severity
    terms = behind(finding, node)
    if finding.name == _WHOLE_LICENSE and not terms:
        terms = [t for t in node.terms if not t.contract and _kind(t) == "restriction"]
    if not terms and not _is_of_service(finding, node):
        return finding.severity
    heaviest = max((_weight(term, use) for term in terms), default=SEVERITIES.index("medium"))
    return SEVERITIES[min(heaviest, SEVERITIES.index(finding.severity))]


def behind(finding: Finding, node: Node) -> list[Term]:
    """The terms on which a finding rests: those on its path that it quotes."""
    return [t for t in node.terms if t.path == finding.path and t.clause.span and t.clause.span in finding.evidence]


def _weight(term: Term, use: Use) -> int:
    """The most that a finding about the term can weigh, as an index into SEVERITIES."""
    info = vocabulary().get(term.clause.id)
    if info is None:
        return SEVERITIES.index("high")
    binds = binding(term.clause, info.binds, use)
    if binds == "no":
        return SEVERITIES.index("info")
    effect, _ = info.in_effect(term.clause.params)
    return SEVERITIES.index("high" if effect == "deny" and binds == "yes" else "medium")


def _is_of_service(finding: Finding, node: Node) -> bool:
    """Does the finding speak of a closed model that is called itself, and of what it is rather than of its terms?"""
    return node.ref.kind == "closed" and not finding.evidence and len(finding.path) < 2


def _kind(term: Term) -> str:
    info = vocabulary().get(term.clause.id)
    return info.kind if info else "restriction"
