"""Builds the facts of a node and of a term, as rules see them: flat dictionaries by dotted path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from auditor.facts.conflicts import conflict_facts, fields_of_work
from auditor.facts.lock import lock_facts
from auditor.facts.united import incompatible
from auditor.facts.values import Unknown
from auditor.facts.vocabulary import NODE_FACTS, TERM_FACTS
from auditor.identify import catalogue
from auditor.identify.declared import read_claim
from auditor.identify.vocabulary import vocabulary
from auditor.lineage.relations import relations
from auditor.lineage.terms import hides
from auditor.model import Clause, Gap, LicenseCall, Lineage, Node, Span, Statement, Term

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
    facts.update(_license_facts(node))
    facts.update(_lineage_facts(name, lineage, readable))
    facts["license.incompatible"] = incompatible(name, lineage)
    facts.update(lock_facts(name, lineage))
    unread = Unknown(node.record.why or f"{name} is {node.record.status}")
    for fact, field in (("access.gated", "gated"), ("access.custom_code", "custom_code"), ("withdrawn", "withdrawn")):
        stated = [s.value for s in node.record.statements if s.field == field]
        facts[fact] = any(stated) if stated or readable else unread
    facts["tags"] = [s.value for s in node.record.statements if s.field == "tag"] if readable else unread
    facts["fields"] = fields_of_work(node)
    facts["problems"] = [str(p.value) for p in node.record.problems] if readable else unread
    return facts


def _license_facts(node: Node) -> dict[str, Any]:
    call = node.license
    now = [s for s in node.record.statements if s.field == "present_license"]
    unread = [s.span.quote for s in now if s.value is None]
    present: Any = Unknown(f"the present license of {node.ref.id}: {unread[0]}") if unread else [s.value for s in now]
    former = [str(s.value) for s in node.record.statements if s.field == "former_license"]
    hidden = hides(node.record, call)
    if hidden and not call.stated:
        facts: dict[str, Any] = {f: Unknown(hidden) for f in NODE_FACTS if f.startswith("license.")}
        return facts | {"license.former": former, "license.present": present}
    entries = [e for e in map(catalogue.get, call.concluded) if e is not None]
    unclear = Unknown(call.why or f"the license of {node.ref.id} could not be told")
    clauses = sorted({c.id for c in call.clauses})
    core = [c for c in clauses if c in vocabulary() and _fails_definition(c)]
    osi: Any = call.osi
    if osi is None:
        osi = unclear if call.stated else False
    return {
        "license.stated": call.stated,
        "license.known": call.known,
        "license.count": len({_meant(str(s.value)) for s in _in_metadata(node)} - {("other",)}),
        "license.ids": list(call.concluded) if call.known or not call.stated else unclear,
        "license.names": [e.name for e in entries],
        "license.declared": [str(s.value) for s in _in_metadata(node)],
        "license.detected": [m.id for d in call.detected for m in d.matches if m.id],
        "license.categories": [e.category for e in entries] if call.known or not call.stated else unclear,
        "license.osi": osi,
        "license.data": _is_data_license(call),
        "license.clauses": clauses if call.known or clauses or not call.stated else unclear,
        "license.restrictions": core if call.known or core or not call.stated else unclear,
        "license.limits": [vocabulary()[c].title.lower() for c in core],
        "license.conflicts": [str(c.value) for c in call.conflicts],
        "license.former": former,
        "license.present": present,
        "license.code": _code_licenses(node),
        "license.code_differs": any(i not in call.concluded for i in _code_licenses(node)),
    }


def _in_metadata(node: Node) -> list[Statement]:
    return [s for s in _of_the_card(node) if s.field == "license"]


def _of_the_card(node: Node) -> list[Statement]:
    """What the repository's own metadata says of its license; what others know of it, or a file says, is not in it."""

    def own(span: Span) -> bool:
        file = (span.file or "").lower()
        return span.repo == node.ref.id and (file.startswith("api:") or (file == "readme.md" and span.line is not None))

    return [s for s in node.license.declared if s.how == "declared" and own(s.span)]


def _code_licenses(node: Node) -> list[str]:
    """Catalogue ids of the licenses that cover the code beside the weights."""
    stated = [i for s in node.record.statements if s.field == "code_license" for i in catalogue.resolve(s.value).ids]
    read = [m.id for d in node.license.detected if d.legal.role == "code-license" for m in d.matches if m.id]
    return list(dict.fromkeys((*stated, *read)))


def _meant(declared: str) -> tuple[str, ...]:
    """What a license value means, so that two spellings of one license count once."""
    return catalogue.resolve(declared).ids or (declared.strip().casefold(),)


def _fails_definition(clause: str) -> bool:
    info = vocabulary()[clause]
    return info.tier == "core" and bool(info.osd)


def _lineage_facts(name: str, lineage: Lineage, readable: bool) -> dict[str, Any]:
    node = lineage.nodes[name]
    known = relations()
    up = [e for e in lineage.edges if e.child == name]
    bases = [e for e in up if known[e.relation].derivative]
    declared = [e for e in bases if e.how != "inferred"]
    data = [e for e in up if e.relation in ("trained-on", "derived-from", "generated-by")]
    unread = Unknown(node.record.why or f"{name} is {node.record.status}")
    closed = {t.origin for t in node.terms if t.contract and t.origin != name}
    closed |= {e.parent for e in up if e.parent in lineage.nodes and lineage.nodes[e.parent].ref.kind == "closed"}
    return {
        "base.known": bool(bases) if bases or readable else unread,
        "base.declared": any(s.repo == name for e in declared for s in e.evidence) if readable else unread,
        "base.count": len({e.parent for e in bases}),
        "base.ids": [e.parent for e in bases] if bases or readable else unread,
        "data.stated": bool(data) if data or readable else unread,
        "data.added": not bases or any(e.relation in ("finetune", "adapter", "derived-from") for e in bases),
        "data.ids": [e.parent for e in data],
        "closed.upstream": sorted(closed),
        "terms.complete": not node.gaps,
    }


def term_facts(name: str, term: Term, lineage: Lineage) -> dict[str, Any]:
    """Facts of one term in force on the node `name`; the keys are those of `vocabulary.TERM_FACTS`."""
    origin = lineage.nodes[term.origin]
    license = clause_license(term.clause, origin)
    section = term.clause.section
    facts = _clause_facts(name, term.clause.id, term.path, term.via, lineage)
    facts |= {
        "license": license,
        "section": section,
        "cited": f"{license}, {section if ' ' in section else f'section {section}'}" if section else license,
        "quote": term.clause.span.quote if term.clause.span else None,
        "contested": term.contested,
        "contract": term.contract,
        "inferred": term.inferred,
        "reach": _reach(name, term),
    }
    facts |= conflict_facts(name, term, lineage)
    return facts | {f"params.{k}": v for k, v in term.clause.params.items()}


def hidden_term_facts(name: str, gap: Gap, clause: str, contested: bool, lineage: Lineage) -> HiddenFacts:
    """Facts of a term that an unread ancestor could hold: what only its license would say is Unknown."""
    facts = {fact: Unknown(gap.why) for fact in TERM_FACTS}
    facts |= _clause_facts(name, clause, gap.path, gap.via, lineage)
    closed = lineage.nodes[gap.node].ref.kind == "closed"
    return HiddenFacts(facts | {"contested": contested, "contract": closed, "reach": ""}, why=gap.why)


class HiddenFacts(dict[str, Any]):
    """Facts in which every parameter is Unknown, whatever its name."""

    def __init__(self, facts: Facts, why: str) -> None:
        super().__init__(facts)
        self.why = why

    def __or__(self, more: Facts) -> HiddenFacts:  # type: ignore[override]
        return HiddenFacts({**self, **more}, self.why)

    def get(self, key: str, default: Any = None) -> Any:
        """The fact; Unknown for a parameter."""
        return Unknown(self.why) if key.startswith("params.") else super().get(key, default)


def _clause_facts(
    name: str, clause: str, path: tuple[str, ...], via: tuple[str, ...], lineage: Lineage
) -> dict[str, Any]:
    """What holds of a clause by its id and its way down, whatever the license at the end says in detail."""
    info = vocabulary().get(clause)
    known = relations()
    origin = lineage.nodes[path[-1]]
    call = origin.license
    return {
        "clause": clause,
        "title": info.title if info else clause,
        "meaning": info.meaning if info else None,
        "kind": info.kind if info else None,
        "tier": info.tier if info else None,
        "osd": list(info.osd) if info else [],
        "origin": path[-1],
        "origin_kind": origin.ref.kind,
        "license": license_words(origin),
        "license_osi": Unknown(call.why) if call.osi is None else call.osi,
        "license_data": _is_data_license(call),
        "inherited": len(path) > 1,
        "derivative": all(known[r].derivative for r in via),
        "own_license_says": _own_says(lineage.nodes[name], clause),
        "own_license_names": _own_names(lineage.nodes[name], origin),
        "depth": len(via),
    }


def _reach(name: str, term: Term) -> str:
    """How a term came to the node, as a sentence for messages."""
    if len(term.path) == 1:
        return (
            f"This is the license of {name} itself." if not term.contract else f"These are the terms of {name} itself."
        )
    way = descent(term.path, term.via)
    if term.contract:
        return f"It binds whoever made the outputs under an account ({name}: {way})."
    if term.contested:
        return f"People disagree whether it reaches {name} ({way})."
    return f"It reaches {name} ({way}{'; the lineage is inferred' if term.inferred else ''})."


def descent(path: tuple[str, ...], via: tuple[str, ...]) -> str:
    """`fine-tuned from lab/base, trained on datasets/lab/talk`: the steps from a node up to the end of its path."""
    known = relations()
    return ", ".join(f"{known[r].title} {parent}" for r, parent in zip(via, path[1:], strict=True))


def _is_data_license(call: LicenseCall) -> Any:
    entries = [e for e in map(catalogue.get, call.concluded) if e is not None]
    if not call.known and call.stated:
        return Unknown(call.why)
    return bool(entries) and all(e.data_license for e in entries)


def _own_says(node: Node, clause: str) -> Any:
    """Does the node's own label hold the clause, or one that says more? Its texts count where it has no clear label."""
    own, known = node.license, vocabulary()
    labels = [e for i in read_claim(_of_the_card(node)).ids if (e := catalogue.get(i)) is not None]
    says = [c for e in labels for c in e.clauses] if labels else own.clauses
    if any(c.id == clause or (c.id in known and clause in known[c.id].implies) for c in says):
        return True
    if labels or own.known or not own.stated:
        return False
    return Unknown(own.why or f"the license of {node.ref.id} could not be told")


def _own_names(node: Node, origin: Node) -> Any:
    """Is one of the origin's licenses, by its id, its family or its very spelling, among those of the node?"""
    if _spellings(node) & _spellings(origin) or _with_families(node) & _with_families(origin):
        return True
    unclear = next((call for call in (node.license, origin.license) if call.stated and not call.known), None)
    return Unknown(unclear.why or "one of the licenses could not be told") if unclear else False


def _spellings(node: Node) -> set[str]:
    return {str(s.value).strip().casefold() for s in _in_metadata(node)} - {"other"}


def _with_families(node: Node) -> set[str]:
    """The node's licenses; for a family that stands for its members, those."""
    entries = [e for e in map(catalogue.get, node.license.concluded) if e is not None]
    return {i for e in entries for i in (e.id, *e.members)}


def clause_license(clause: Clause, node: Node) -> str:
    """The license that holds a clause, in words: where several apply to the node, the one that the clause is from."""
    if clause.span and (entry := catalogue.get(clause.span.repo)):
        return entry.name
    file = clause.span.file if clause.span else None
    read = {m.id for d in node.license.detected if d.legal.path == file for m in d.matches if m.id}
    entry = catalogue.get(read.pop()) if len(read) == 1 else None
    return entry.name if entry else license_words(node)


def in_words(names: Iterable[str]) -> str:
    """`A, B and C`, each name once; there is at least one."""
    *others, last = dict.fromkeys(names)
    return f"{', '.join(others)} and {last}" if others else last


def license_words(node: Node) -> str:
    """The license of a node in words: catalogue names, else what is declared, else that there is none."""
    entries = [e.name for e in map(catalogue.get, node.license.concluded) if e is not None]
    if entries:
        return in_words(entries)
    call = node.license
    said = [str(s.value) for field in ("license_name", "license") for s in call.declared if s.field == field]
    return said[0] if said else "a license that could not be told" if call.stated else "no license stated"
