"""How much a finding weighs for a declared use: a clause that does not touch the use is told, and fails nothing."""

from __future__ import annotations

from auditor.identify.vocabulary import vocabulary
from auditor.model import SEVERITIES, Finding, Node, Severity, Term, Use
from auditor.policy.use import binding, is_declared

_WHOLE_LICENSE = "non-osi-license"  # the one family that speaks of all restrictions of a license at once


def weigh(finding: Finding, node: Node, use: Use) -> Severity:
    """The severity of a rule's finding for a use; never more than the rule's own.

    A finding that rests on clauses weighs as much as they bind: one that forbids the use keeps its severity, one that
    may touch it or asks for something is medium at most, one that does not touch it is info. Without a declared use,
    and for findings that rest on no clause, the rule's severity stands.
    """
    if not is_declared(use):
        return finding.severity
    terms = behind(finding, node)
    if finding.name == _WHOLE_LICENSE and not terms:
        terms = [t for t in node.terms if not t.contract and _kind(t) == "restriction"]
    if not terms:
        return finding.severity
    heaviest = max(_weight(term, use) for term in terms)
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
    return SEVERITIES.index("high" if info.effect == "deny" and binds == "yes" else "medium")


def _kind(term: Term) -> str:
    info = vocabulary().get(term.clause.id)
    return info.kind if info else "restriction"
