"""The SPDX 2.3 document in its other forms: tag-value, YAML and RDF; the same document, the same bytes twice."""

from __future__ import annotations

import io
from typing import Any

from auditor.model import Report
from auditor.report.bom import bill
from auditor.report.spdx import as_json, document


def render_tag_value(report: Report) -> str:
    """Lines of `Tag: value`."""
    from spdx_tools.spdx.writer.tagvalue.tagvalue_writer import write_document

    out = io.StringIO()
    write_document(document(bill(report)), out)
    return out.getvalue()


def render_yaml(report: Report) -> str:
    """The JSON document as YAML, in ASCII."""
    import yaml

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text: str = yaml.dump(as_json(document(bill(report))), Dumper=dumper, sort_keys=False, width=120)
    return text


def render_rdf(report: Report) -> str:
    """RDF in XML."""
    from auditor.report.rdfxml import write

    return write(_graph(document(bill(report))))


def _graph(doc: Any) -> Any:
    """The triples of spdx-tools. Its own writer orders them by chance, so the order is not left to it."""
    from rdflib import DOAP, Graph
    from spdx_tools.spdx.rdfschema.namespace import SPDX_NAMESPACE
    from spdx_tools.spdx.writer.rdf.annotation_writer import add_annotation_to_graph
    from spdx_tools.spdx.writer.rdf.creation_info_writer import add_creation_info_to_graph
    from spdx_tools.spdx.writer.rdf.extracted_licensing_info_writer import add_extracted_licensing_info_to_graph
    from spdx_tools.spdx.writer.rdf.package_writer import add_package_to_graph
    from spdx_tools.spdx.writer.rdf.relationship_writer import add_relationship_to_graph

    graph = Graph(bind_namespaces="none")
    graph.bind("spdx", SPDX_NAMESPACE)
    graph.bind("doap", DOAP)
    home = doc.creation_info.document_namespace
    root = add_creation_info_to_graph(doc.creation_info, graph)
    for annotation in doc.annotations:
        add_annotation_to_graph(annotation, graph, home, {})
    for package in doc.packages:
        add_package_to_graph(package, graph, home, {})
    for relationship in doc.relationships:
        add_relationship_to_graph(relationship, graph, home, {})
    for text in doc.extracted_licensing_info:
        add_extracted_licensing_info_to_graph(text, graph, root, home)
    return graph
