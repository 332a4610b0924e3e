"""Reads bills of materials with the outside's own tools: what they object to, and the lineage that they hold."""

from __future__ import annotations

import io
import json
from typing import Any
from unittest.mock import patch

import yaml
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from spdx_python_model import v3_0_1
from spdx_tools.common.spdx_licensing import spdx_licensing
from spdx_tools.spdx.model import Document, RelationshipType
from spdx_tools.spdx.parser.jsonlikedict.json_like_dict_parser import JsonLikeDictParser
from spdx_tools.spdx.parser.rdf.rdf_parser import translate_graph_to_document
from spdx_tools.spdx.parser.tagvalue import parser as tagvalue
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

Edges = list[tuple[str, str, str]]
SPDX = ("spdx", "spdx-tv", "spdx-yaml", "spdx-rdf")


def faults(form: str, text: str) -> list[str]:
    """What the outside validators say."""
    if form in SPDX:
        return [fault.validation_message for fault in validate_full_spdx_document(spdx_document(form, text))]
    if form == "spdx3":
        found = v3_0_1.SHACLObjectSet()
        v3_0_1.JSONLDDeserializer().read(io.BytesIO(text.encode()), found)
        again = io.BytesIO()
        v3_0_1.JSONLDSerializer().write(found, again)
        return [] if json.loads(again.getvalue()) == json.loads(text) else ["the bindings' round trip changes it"]
    version = SchemaVersion.V1_7 if form == "cyclonedx-1.7" else SchemaVersion.V1_6
    fault = JsonStrictValidator(version).validate_str(text)
    return [str(fault)[:500]] if fault else []


def spdx_document(form: str, text: str) -> Document:
    """An SPDX 2.3 document as spdx-tools reads it."""
    if form == "spdx-tv":
        with patch.object(tagvalue, "get_spdx_licensing", lambda: spdx_licensing):  # else read anew for each license
            return tagvalue.Parser().parse(text)
    if form == "spdx-rdf":
        from rdflib import Graph

        return translate_graph_to_document(Graph().parse(data=text, format="xml"))
    raw = yaml.load(text, Loader=yaml.CSafeLoader) if form == "spdx-yaml" else json.loads(text)
    return JsonLikeDictParser().parse(raw)  # type: ignore[no-untyped-call]


def edges(form: str, text: str) -> Edges:
    """(child, parent, relation) as the format itself says them."""
    if form in SPDX:
        return _spdx_edges(spdx_document(form, text))
    return (_spdx3_edges if form == "spdx3" else _cyclonedx_edges)(json.loads(text))


def _spdx_edges(document: Document) -> Edges:
    names = {package.spdx_id: package.name for package in document.packages}
    return [
        (names[found.spdx_element_id], names[str(found.related_spdx_element_id)], _relation(found.comment or ""))
        for found in document.relationships
        if found.relationship_type != RelationshipType.DESCRIBES
    ]


def _spdx3_edges(document: Any) -> Edges:
    elements = {e.get("spdxId"): e for e in document["@graph"]}
    found: Edges = []
    for edge in elements.values():
        if edge["type"] == "Relationship" and "License" not in edge["relationshipType"]:
            ends = elements[edge["from"]]["name"], elements[edge["to"][0]]["name"]
            child, parent = reversed(ends) if edge["relationshipType"] == "generates" else ends
            found.append((child, parent, _relation(edge["comment"])))
    return found


def _cyclonedx_edges(document: Any) -> Edges:
    prefix = "auditor:lineage:"
    known = [document["metadata"].get("component"), *document["components"]]
    components = {c["bom-ref"]: c for c in known if c}
    return [
        (_full_name(component), _full_name(components[p["value"]]), p["name"].removeprefix(prefix))
        for component in components.values()
        for p in component["properties"]
        if p["name"].startswith(prefix) and p["name"] != f"{prefix}evidence"
    ]


def _full_name(component: Any) -> str:
    name = "/".join(filter(None, (component.get("group"), component["name"])))
    return f"datasets/{name}" if component["type"] == "data" else name


def _relation(comment: str) -> str:
    return comment.removeprefix("relation: ").partition(";")[0]
