"""What a policy admits: lists of licenses, clauses, models and organizations, held against what is used."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.identify.vocabulary import vocabulary
from auditor.lineage.knowledge import closed_system
from auditor.lineage.relations import relations
from auditor.model import Finding, Lineage, Node, Severity, Term, Undetermined
from auditor.policy.config import Lists, Policy, fits
from auditor.policy.findings import finding, kinds
from auditor.sources.revisions import without_revision

DENIES, LACKS = "denies", "does not list among what it allows"


def admit(name: str, lineage: Lineage, policy: Policy) -> Iterator[Finding | Undetermined]:
    """What the lists of the policy say of one target and of what it comes from.

    An `allow` list that is given admits what it names and nothing else; `deny` wins over it.
    """
    yield from _names(name, lineage, policy)
    yield from _licenses(name, lineage, policy)
    yield from _clauses(name, lineage, policy)


def _names(name: str, lineage: Lineage, policy: Policy) -> Iterator[Finding]:
    for ancestor, path, via in _ancestry(name, lineage, inert=False):
        if _listed(lineage.nodes[ancestor], policy.deny):
            owner = _owner(name, ancestor)
            words = {"owner": owner, "how": DENIES}
            yield finding("policy-model", name, f"deny {ancestor}", path=path, via=via, values=words)
    allow = policy.allow
    if (allow.models or allow.organizations) and not _listed(lineage.nodes[name], allow):
        yield finding("policy-model", name, "allow", values={"owner": name, "how": LACKS})


def _licenses(name: str, lineage: Lineage, policy: Policy) -> Iterator[Finding | Undetermined]:
    """Licenses of the target and of all that it derives from: a child may state less than what binds it."""
    if not (policy.allow.licenses or policy.deny.licenses):
        return
    for ancestor, path, via in _ancestry(name, lineage, inert=True):
        call = lineage.nodes[ancestor].license
        for one in call.concluded:
            how = DENIES if one in policy.deny.licenses else LACKS
            if how == DENIES or (policy.allow.licenses and one not in policy.allow.licenses):
                evidence = [s.span for s in call.declared[:2]]
                yield finding(
                    "policy-license",
                    name,
                    f"{ancestor} {one}",
                    path=path,
                    via=via,
                    evidence=evidence,
                    values={"owner": _owner(name, ancestor), "license": one, "how": how},
                )
        if not call.known:
            why = f"the license of {ancestor} could not be told: {call.why}"
            yield Undetermined("policy-license", "policy-license", kinds()["policy-license"]["severity"], name, why)


def _clauses(name: str, lineage: Lineage, policy: Policy) -> Iterator[Finding]:
    told: set[tuple[str, str]] = set()
    for term in lineage.nodes[name].terms:
        how = _clause_fault(term, policy)
        if how and (term.clause.id, term.origin) not in told:
            told.add((term.clause.id, term.origin))
            sure: Severity = "medium" if term.contested or term.contract or term.inferred else "high"
            yield finding(
                "policy-clause",
                name,
                f"{term.clause.id} {term.origin}",
                severity=sure,
                path=term.path,
                via=term.via,
                evidence=(term.clause.span,) if term.clause.span else (),
                values={
                    "owner": _owner(name, term.origin),
                    "clause": term.clause.id,
                    "title": vocabulary()[term.clause.id].title.lower(),
                    "how": how,
                },
            )


def _clause_fault(term: Term, policy: Policy) -> str:
    info = vocabulary().get(term.clause.id)
    if info is None:
        return ""
    if info.id in policy.deny.clauses:
        return DENIES
    asks = info.kind in ("restriction", "duty")
    return LACKS if asks and policy.allow.clauses and info.id not in policy.allow.clauses else ""


def _ancestry(name: str, lineage: Lineage, *, inert: bool) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """The target and its ancestors with their paths; with `inert`, only those from which its weights derive."""
    known = relations()
    waiting: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [(name, (name,), ())]
    seen = {name}
    for node, path, via in waiting:  # grows while it is walked: breadth first, each node once
        yield node, path, via
        for edge in lineage.edges:
            follows = known[edge.relation].derivative if inert else not known[edge.relation].inert
            if edge.child == node and follows and edge.parent not in seen:
                seen.add(edge.parent)
                waiting.append((edge.parent, (*path, edge.parent), (*via, edge.relation)))


def _listed(node: Node, lists: Lists) -> bool:
    """Is the node named, by its id or its organization? Closed models belong to their provider."""
    if node.ref.kind == "closed":
        system = closed_system(node.ref.name)
        organization = system.provider if system else ""
    else:
        organization = node.ref.name.rpartition("/")[0]
    named = fits(without_revision(node.ref.id), lists.models)
    return named or (bool(organization) and fits(organization, lists.organizations))


def _owner(name: str, ancestor: str) -> str:
    return name if name == ancestor else f"{ancestor}, from which {name} comes,"
