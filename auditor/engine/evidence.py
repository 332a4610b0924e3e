"""What a finding rests on: the clause, the steps of the path, the statements behind the facts that were asked."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.engine.match import Witness
from auditor.engine.rule import Condition, Junction, Leaf, Not
from auditor.lineage.dated import versions
from auditor.lineage.relations import relations
from auditor.model import LicenseCall, Lineage, Span, Statement

_EACH = 2  # places of one kind are enough; the report names the rest
_STATED_AS = {"access.gated": "gated", "access.custom_code": "custom_code", "withdrawn": "withdrawn"}


def evidence(condition: Condition, subject: str, witness: Witness | None, lineage: Lineage) -> tuple[Span, ...]:
    """The places behind a rule that fired on `subject`, the most telling first."""
    spans = [*_of_witness(witness, lineage)] if witness else []
    asked = set(_facts(condition))
    of_license = witness or any(fact.startswith("license.") for fact in asked)
    call = lineage.nodes[witness.path[-1] if witness else subject].license
    spans += (c.span for c in call.conflicts if of_license)
    spans += _of_facts(asked, subject, lineage)
    spans += [s.span for s in _declared(call, witness, lineage) if of_license][:_EACH]
    return tuple(dict.fromkeys(spans))


def _declared(call: LicenseCall, witness: Witness | None, lineage: Lineage) -> Iterator[Statement]:
    """What is declared of the license; of a provider's terms the versions of the time."""
    path = witness.path if witness else ()
    bound = versions(path[-1], lineage.nodes[path[-2]].record) if len(path) > 1 else None
    return (s for s in call.declared if bound is None or s.value in bound)


def _of_witness(witness: Witness, lineage: Lineage) -> Iterator[Span]:
    if witness.term and witness.term.clause.span:
        yield witness.term.clause.span
    edges = {(e.child, e.parent, e.relation): e for e in lineage.edges}
    for step in zip(witness.path, witness.path[1:], witness.via, strict=False):
        if step in edges:
            yield from edges[step].evidence[:_EACH]


def _of_facts(asked: set[str], subject: str, lineage: Lineage) -> Iterator[Span]:
    record = lineage.nodes[subject].record
    if any(fact.startswith("base.") for fact in asked):
        known = relations()
        for edge in lineage.edges:
            if edge.child == subject and known[edge.relation].derivative:
                yield from edge.evidence[:_EACH]
    if "problems" in asked:
        yield from (p.span for p in record.problems)
    if asked & {"license.former", "license.code", "license.code_differs"}:
        yield from (s.span for s in record.statements if s.field in ("former_license", "code_license"))
    for fact in asked & set(_STATED_AS):
        yield from [s.span for s in record.statements if s.field == _STATED_AS[fact]][:_EACH]


def _facts(condition: Condition) -> Iterator[str]:
    """The facts of the subject that the condition asks about; those of terms and ancestors are not the subject's."""
    if isinstance(condition, Leaf):
        yield condition.fact
    elif isinstance(condition, Junction):
        for part in condition.parts:
            yield from _facts(part)
    elif isinstance(condition, Not):
        yield from _facts(condition.part)
