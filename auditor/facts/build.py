"""Builds the facts of a node and of a term, as rules see them: flat dictionaries by dotted path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.facts.values import Unknown
from auditor.identify import catalogue
from auditor.identify.vocabulary import vocabulary
from auditor.lineage.relations import relations
from auditor.model import Lineage, Node, Term

Facts = Mapping[str, Any]


def node_facts(name: str, lineage: Lineage) -> dict[str, Any]:
    """Facts of one node, by the keys of `vocabulary.NODE_FACTS`. None means absent, Unknown that nobody knows."""
    node = lineage.nodes[name]
    org, _, bare = node.ref.name.rpartition("/")
    readable = node.record.status in ("resolved", "closed", "gated")
    facts: dict[str, Any] = {
        "id": name,
        "org": org or None,
        "name": bare,
        "kind": node.ref.kind,
        "status": node.record.status,
        "readable": readable,
        "revision.pinned": node.record.pinned,
    }
    facts.update(_license_facts(node, readable))
    facts.update(_lineage_facts(name, lineage, readable))
    unread = Unknown(node.record.why or f"{name} is {node.record.status}")
    for fact, field in (("access.gated", "gated"), ("access.custom_code", "custom_code"), ("withdrawn", "withdrawn")):
        stated = [s.value for s in node.record.statements if s.field == field]
        facts[fact] = any(stated) if stated or readable else unread
    facts["tags"] = [s.value for s in node.record.statements if s.field == "tag"] if readable else unread
    facts["problems"] = [str(p.value) for p in node.record.problems] if readable else unread
    return facts


def _license_facts(node: Node, readable: bool) -> dict[str, Any]:
    call = node.license
    former = [str(s.value) for s in node.record.statements if s.field == "former_license"]
    if not call.stated and not readable:
        hidden = Unknown(node.record.why or f"{node.ref.id} is {node.record.status}")
        paths = ("stated", "known", "ids", "names", "declared", "detected", "categories", "osi", "data", "clauses")
        facts: dict[str, Any] = {f"license.{p}": hidden for p in (*paths, "restrictions", "conflicts")}
        return facts | {"license.former": former}
    entries = [e for e in map(catalogue.get, call.concluded) if e is not None]
    unclear = Unknown(call.why or f"the license of {node.ref.id} could not be told")
    clauses = sorted({c.id for c in call.clauses})
    core = [c for c in clauses if c in vocabulary() and _is_core_restriction(c)]
    osi: Any = call.osi
    if osi is None:
        osi = unclear if call.stated else False
    return {
        "license.stated": call.stated,
        "license.known": call.known,
        "license.ids": list(call.concluded) if call.known or not call.stated else unclear,
        "license.names": [e.name for e in entries],
        "license.declared": [str(s.value) for s in call.declared if s.field == "license"],
        "license.detected": [m.id for d in call.detected for m in d.matches if m.id],
        "license.categories": [e.category for e in entries] if call.known or not call.stated else unclear,
        "license.osi": osi,
        "license.data": (bool(entries) and all(e.data_license for e in entries)) if call.known else unclear,
        "license.clauses": clauses if call.known or clauses or not call.stated else unclear,
        "license.restrictions": core if call.known or core or not call.stated else unclear,
        "license.conflicts": [str(c.value) for c in call.conflicts],
        "license.former": former,
    }


def _is_core_restriction(clause: str) -> bool:
    info = vocabulary()[clause]
    return info.kind == "restriction" and info.tier == "core"


def _lineage_facts(name: str, lineage: Lineage, readable: bool) -> dict[str, Any]:
    node = lineage.nodes[name]
    known = relations()
    up = [e for e in lineage.edges if e.child == name]
    bases = [e for e in up if known[e.relation].derivative]
    data = [e for e in up if e.relation in ("trained-on", "derived-from", "trained-on-outputs-of", "generated-by")]
    unread = Unknown(node.record.why or f"{name} is {node.record.status}")
    closed = {t.origin for t in node.terms if t.contract and t.origin != name}
    closed |= {e.parent for e in up if e.parent in lineage.nodes and lineage.nodes[e.parent].ref.kind == "closed"}
    return {
        "base.known": bool(bases) if bases or readable else unread,
        "base.declared": any(s.repo == name for e in bases for s in e.evidence) if readable else unread,
        "base.ids": [e.parent for e in bases] if bases or readable else unread,
        "data.stated": bool(data) if data or readable else unread,
        "data.ids": [e.parent for e in data],
        "closed.upstream": sorted(closed),
        "terms.complete": not node.gaps,
    }


def term_facts(name: str, term: Term, lineage: Lineage) -> dict[str, Any]:
    """Facts of one term in force on the node `name`; the keys are those of `vocabulary.TERM_FACTS`."""
    info = vocabulary().get(term.clause.id)
    known = relations()
    origin = lineage.nodes[term.origin]
    own = lineage.nodes[name].license
    facts: dict[str, Any] = {
        "clause": term.clause.id,
        "title": info.title if info else term.clause.id,
        "kind": info.kind if info else None,
        "tier": info.tier if info else None,
        "osd": list(info.osd) if info else [],
        "section": term.clause.section,
        "quote": term.clause.span.quote if term.clause.span else None,
        "origin": term.origin,
        "origin_kind": origin.ref.kind,
        "license": license_words(origin),
        "inherited": len(term.path) > 1,
        "derivative": all(known[r].derivative for r in term.via),
        "contested": term.contested,
        "contract": term.contract,
        "inferred": term.inferred,
        "own_license_says": _own_says(own, term, name),
        "depth": len(term.via),
    }
    facts.update({f"params.{k}": v for k, v in term.clause.params.items()})
    return facts


def _own_says(own: Any, term: Term, name: str) -> Any:
    if any(c.id == term.clause.id for c in own.clauses):
        return True
    return False if own.known or not own.stated else Unknown(own.why or f"the license of {name} could not be told")


def license_words(node: Node) -> str:
    """The license of a node in words: catalogue names, else what is declared, else that there is none."""
    entries = [e.name for e in map(catalogue.get, node.license.concluded) if e is not None]
    if entries:
        return " and ".join(dict.fromkeys(entries))
    declared = [str(s.value) for s in node.license.declared if s.field in ("license_name", "license")]
    return declared[0] if declared else "no license stated"
