"""The report as a CycloneDX ML-BOM in JSON, of version 1.6 or 1.7: model cards, pedigrees, and what was found.

Every step of the lineage stands in the child's properties as `auditor:lineage:RELATION`, with the parent as its value;
pedigrees, data sets of model cards and dependencies say the same in CycloneDX's own words, which have no relations.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterable, Mapping
from typing import Literal

from auditor import __version__
from auditor.lineage.relations import relations
from auditor.model import Edge, Report
from auditor.report.address import purl
from auditor.report.bom import Bill, Member, Text, bill, edge_words, expression
from auditor.report.json_ import Json, dumps
from auditor.report.safe import plain, short

Version = Literal["1.6", "1.7"]
_Parents = list[tuple[Edge, Member]]
_TOOL = {"type": "application", "name": "auditor", "version": __version__}
_DATA = ("trained-on", "evaluated-on")
_LOOSE = ("evaluated-on", "tokenizer-of", "code-of")  # nothing of the parent is in the child


def render(report: Report) -> str:
    """Version 1.6, which most tools read."""
    return _rendered(report, "1.6")


def render_1_7(report: Report) -> str:
    """Version 1.7, in which licenses are SPDX expressions with their texts."""
    return _rendered(report, "1.7")


def _rendered(report: Report, version: Version) -> str:
    return dumps(_document(bill(report), version), indent=1) + "\n"


def _document(audit: Bill, version: Version) -> Json:
    texts = {text.id: text for text in audit.texts}
    up: dict[str, list[Edge]] = {}
    for edge in audit.edges:
        up.setdefault(edge.child, []).append(edge)
    parents = {name: [(edge, audit.members[edge.parent]) for edge in up.get(name, ())] for name in audit.members}
    components = {name: _component(m, parents[name], texts, version) for name, m in audit.members.items()}
    created = audit.created.strftime("%Y-%m-%dT%H:%M:%SZ")
    metadata: Json = {"timestamp": created, "tools": {"components": [_TOOL]}}
    if len(audit.targets) == 1:
        metadata["component"] = components.pop(audit.targets[0])
    metadata["properties"] = [
        *(_property("auditor:target", audit.members[name].key) for name in audit.targets),
        _property("auditor:note", "Triage, not legal advice."),
    ]
    return {
        "$schema": f"http://cyclonedx.org/schema/bom-{version}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": version,
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, audit.seal)}",
        "version": 1,
        "metadata": metadata,
        "components": list(components.values()),
        "dependencies": [_dependencies(member, parents[name]) for name, member in audit.members.items()],
        "annotations": list(_annotations(audit, created)),
    }


def _component(member: Member, parents: _Parents, texts: Mapping[str, Text], version: Version) -> Json:
    about = _about(member)
    about["bom-ref"] = member.key
    if member.declared or member.concluded:
        about["licenses"] = _licenses(member, texts, version)
    known = relations()
    descent = [(e, p) for e, p in parents if e.relation in known and known[e.relation].derivative]
    if descent:
        ancestors = [{**_about(p), "properties": [_property("auditor:relation", e.relation)]} for e, p in descent]
        about["pedigree"] = {"ancestors": ancestors, "notes": "\n".join(edge_words(e) for e, _ in descent)}
    if member.kind == "dataset":
        about["data"] = [_data(member)]
    else:
        about["modelCard"] = _card(member, [p.key for e, p in parents if e.relation in _DATA and p.kind == "dataset"])
    about["properties"] = [
        _property("auditor:kind", member.kind),
        _property("auditor:status", member.node.record.status if member.node else "not read"),
        _property("auditor:license:declared", expression(member.declared, member.read)),
        _property("auditor:license:concluded", expression(member.concluded, member.read)),
        _property("auditor:license:why", member.comment),
        *(_property(f"auditor:lineage:{e.relation}", p.key) for e, p in parents),
        *(_property("auditor:lineage:evidence", f"{p.key}: {edge_words(e)}") for e, p in parents),
    ]
    return about


def _about(member: Member) -> Json:
    """What names a component, wherever it stands."""
    owner, _, tail = plain(member.id.removeprefix("datasets/")).rpartition("/")
    about: Json = {"type": "data" if member.kind == "dataset" else "machine-learning-model"}
    if member.account:
        about["supplier"] = {"name": f"Hugging Face Hub account {member.account}"}
    if owner:
        about["group"] = owner
    about["name"] = tail or plain(member.id)
    if member.revision:
        about["version"] = member.revision
    url = purl(member.node) if member.node else ""
    if url:
        about["purl"] = url
    if member.page:
        about["externalReferences"] = [{"type": "distribution", "url": member.page}]
    return about


def _licenses(member: Member, texts: Mapping[str, Text], version: Version) -> list[Json]:
    """Declared and concluded, told apart. Version 1.6 has no list of expressions: there, ids that apply together."""
    said = [("declared", member.declared), ("concluded", member.concluded)]
    if version == "1.6":
        return [{"license": {**_named(x, texts), "acknowledgement": how}} for how, ids in said for x in ids]
    return [_expressed(how, ids, texts) for how, ids in said if ids]


def _expressed(how: str, ids: tuple[str, ...], texts: Mapping[str, Text]) -> Json:
    told: Json = {"expression": " AND ".join(ids), "acknowledgement": how}
    details = [{"licenseIdentifier": x, **_text(x, texts)} for x in ids if x in texts]
    return {**told, "expressionDetails": details} if details else told


def _named(license_id: str, texts: Mapping[str, Text]) -> Json:
    return {"name": license_id, **_text(license_id, texts)} if license_id in texts else {"id": license_id}


def _text(license_id: str, texts: Mapping[str, Text]) -> Json:
    text = texts[license_id]
    content = base64.b64encode(text.text.encode("utf-8", "backslashreplace")).decode()
    attached: Json = {"text": {"contentType": "text/plain", "encoding": "base64", "content": content}}
    return {**attached, "url": text.links[0]} if text.links else attached


def _data(member: Member) -> Json:
    """A data set and who keeps it: the account that publishes it, which need not own what is in it."""
    about: Json = {"type": "dataset", "name": plain(member.id)}
    if member.page:
        about["contents"] = {"url": member.page}
    if member.account:
        about["governance"] = {"custodians": [{"organization": {"name": f"Hugging Face Hub account {member.account}"}}]}
    return about


def _card(member: Member, datasets: Iterable[str]) -> Json:
    """Architecture and data sets as parameters; the terms in force as properties."""
    parameters: Json = {"datasets": [{"ref": key} for key in dict.fromkeys(datasets)]}
    statements = member.node.record.statements if member.node else ()
    built = next((str(s.value) for s in statements if s.field == "architecture"), "")
    if built:
        parameters["modelArchitecture"] = short(built, 200)
    terms = member.node.terms if member.node else ()
    told = dict.fromkeys((t.clause.id, t.origin) for t in terms)
    properties = [_property(f"auditor:term:{clause}", f"from {plain(origin)}") for clause, origin in told]
    return {"modelParameters": parameters, "properties": properties}


def _dependencies(member: Member, parents: _Parents) -> Json:
    """What went into it: data a model was only tested on did not."""
    keys = dict.fromkeys(parent.key for edge, parent in parents if edge.relation not in _LOOSE)
    return {"ref": member.key, "dependsOn": [key for key in keys if key != member.key]}


def _annotations(audit: Bill, created: str) -> Iterable[Json]:
    for number, (name, words) in enumerate(audit.notes):
        known = audit.members.get(name)
        subjects = [known.key] if known else [audit.members[target].key for target in audit.targets]
        yield {
            "bom-ref": f"note-{number}",
            "subjects": subjects,
            "annotator": {"component": _TOOL},
            "timestamp": created,
            "text": words if known else f"{plain(name)}: {words}",
        }


def _property(name: str, value: str) -> Json:
    return {"name": name, "value": value}
