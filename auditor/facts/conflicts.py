"""Facts about terms that do not go together: fields of work that a policy names, exceptions, share-alike and merges."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any

from auditor.facts.values import Unknown
from auditor.identify.vocabulary import vocabulary
from auditor.lineage.compat import binds_derivatives, may_become, share_alike_licenses
from auditor.lineage.relations import relations
from auditor.model import Lineage, Node, Term
from auditor.resources import data_dir, load_file


def fields_of_work(node: Node) -> list[str]:
    """The fields (data/domains.yaml) for which a model was made, by its tags and the words of its name."""
    tags = {str(s.value).casefold() for s in node.record.statements if s.field == "tag"}
    words = set(_words(node.ref.name.rpartition("/")[2]))
    return [name for name, signs in _domains().items() if tags & set(signs["tags"]) or words & set(signs["words"])]


def conflict_facts(name: str, term: Term, lineage: Lineage) -> dict[str, Any]:
    """Facts of a term in the light of what else is in force on the node `name`."""
    inherited = len(term.path) > 1 and _derived(term)
    exception = term.clause.params.get("exception")
    return {
        "spared": _spared(name, term, lineage),
        "spares": f" It makes an exception for: {exception}." if exception else "",
        "keeps_share_alike": _keeps(name, term, lineage) if inherited and term.clause.id == "share-alike" else None,
        "clashes_with": _clashes(name, term, lineage) if inherited else [],
        "fields": _fields(term),
        "fields_when": str(term.clause.params.get("domains_when", "in any case")),
    }


def _fields(term: Term) -> list[str]:
    """The fields of work that the clause limits."""
    if term.clause.id == "military-restriction":
        return ["military"]
    return list(term.clause.params.get("domains", ()))


def _spared(name: str, term: Term, lineage: Lineage) -> Any:
    """Does the clause spare a family of models, and the node or an ancestor is under a license of that family?"""
    family = term.clause.params.get("exception_family")
    if not family:
        return False
    line = [name, *_derivative_ancestors(name, lineage)]
    if any(_of_family(lineage.nodes[member], family) for member in line):
        return True
    hidden = [gap.why for gap in lineage.nodes[name].gaps if all(relations()[r].derivative for r in gap.via)]
    return Unknown(hidden[0]) if hidden else False


def _of_family(node: Node, family: str) -> bool:
    return any(c.params.get("exception_family") == family for c in node.license.clauses)


def _derivative_ancestors(name: str, lineage: Lineage) -> list[str]:
    up: dict[str, list[str]] = {}
    for edge in lineage.edges:
        if relations()[edge.relation].derivative:
            up.setdefault(edge.child, []).append(edge.parent)
    found, todo = dict.fromkeys([name]), [name]
    while todo:
        for parent in up.get(todo.pop(), ()):
            if parent not in found:
                found[parent] = None
                todo.append(parent)
    return list(found)[1:]


def _keeps(name: str, term: Term, lineage: Lineage) -> Any:
    """Is the node under a license that the share-alike license of the term lets derived works take?"""
    own, origin = lineage.nodes[name].license, lineage.nodes[term.origin].license
    if own.stated and not own.known:
        return Unknown(own.why or f"the license of {name} could not be told")
    held = share_alike_licenses(origin.concluded)
    if not held:
        return Unknown(f"which licenses that of {term.origin} lets derived works take is not known")
    return all(may_become(license_id, own.concluded) for license_id in held)


def _clashes(name: str, term: Term, lineage: Lineage) -> list[str]:
    """The share-alike licenses that came by another parent and do not hold this restriction, so neither can be kept."""
    info = vocabulary().get(term.clause.id)
    if info is None or info.kind != "restriction" or info.tier != "core" or term.contract:
        return []
    found: dict[str, None] = {}
    for other in lineage.nodes[name].terms:
        if other.clause.id != "share-alike" or len(other.path) < 2 or not _derived(other) or other.contract:
            continue
        if other.path[1] == term.path[1] or other.origin == term.origin:
            continue
        call = lineage.nodes[other.origin].license
        if not any(_says(c.id, term.clause.id) for c in call.clauses):
            found.update(dict.fromkeys(share_alike_licenses(call.concluded)))
    return [license_id for license_id in found if binds_derivatives(license_id)]


def _says(held: str, clause: str) -> bool:
    info = vocabulary().get(held)
    return held == clause or (info is not None and clause in info.implies)


def _derived(term: Term) -> bool:
    return all(relations()[r].derivative for r in term.via)


def _words(name: str) -> Iterator[str]:
    """The words of a name, split at marks, digits and before a capital that follows a small letter."""
    word = ""
    for before, char in zip(" " + name, name, strict=False):
        if word and (not char.isalpha() or (char.isupper() and before.islower())):
            yield word.casefold()
            word = ""
        if char.isalpha():
            word += char
    if word:
        yield word.casefold()


@functools.cache
def _domains() -> Mapping[str, Mapping[str, list[str]]]:
    raw: dict[str, dict[str, list[str]]] = load_file(data_dir() / "domains.yaml")
    return raw
