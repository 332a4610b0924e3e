"""A graph of RDF as XML whose bytes depend on its triples alone: everything is sorted, and blank nodes are nested."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape, quoteattr

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_PREFIXES = {"rdf": _RDF, "rdfs": "http://www.w3.org/2000/01/rdf-schema#"}


def write(graph: Any) -> str:
    """An `rdflib.Graph` in which each blank node is the object of one triple and each subject has one type.

    Raises ValueError for a predicate or type outside the namespaces that are bound in the graph.
    """
    prefixes = _PREFIXES | {prefix: str(home) for prefix, home in graph.namespaces()}
    names = {home: prefix for prefix, home in prefixes.items()}
    subjects = sorted(str(s) for s in set(graph.subjects()) if not _is_blank(s))
    from rdflib import URIRef

    bound = "".join(f"\n    xmlns:{prefix}={quoteattr(home)}" for prefix, home in sorted(prefixes.items()))
    parts = [_element(graph, URIRef(subject), names, "  ") for subject in subjects]
    return f'<?xml version="1.0" encoding="utf-8"?>\n<rdf:RDF{bound}>\n{"".join(parts)}</rdf:RDF>\n'


def _element(graph: Any, subject: Any, names: dict[str, str], indent: str) -> str:
    """One subject with its triples. Those without blank nodes come first as they sort; so do the nested ones."""
    kind = "rdf:Description"
    rows = []
    for predicate, value in graph.predicate_objects(subject):
        if str(predicate) == f"{_RDF}type":
            kind = _name(str(value), names)
        else:
            rows.append(_property(graph, _name(str(predicate), names), value, names, indent + "  "))
    about = "" if _is_blank(subject) else f" rdf:about={quoteattr(str(subject))}"
    return f"{indent}<{kind}{about}>\n{''.join(sorted(rows))}{indent}</{kind}>\n"


def _property(graph: Any, name: str, value: Any, names: dict[str, str], indent: str) -> str:
    if _is_blank(value):
        return f"{indent}<{name}>\n{_element(graph, value, names, indent + '  ')}{indent}</{name}>\n"
    if not hasattr(value, "datatype"):
        return f"{indent}<{name} rdf:resource={quoteattr(str(value))}/>\n"
    kind = f" rdf:datatype={quoteattr(str(value.datatype))}" if value.datatype else ""
    return f"{indent}<{name}{kind}>{escape(str(value))}</{name}>\n"


def _is_blank(node: Any) -> bool:
    from rdflib import BNode

    return isinstance(node, BNode)


def _name(address: str, names: dict[str, str]) -> str:
    """`spdx:name` for an address in a bound namespace."""
    cut = max(address.rfind("#"), address.rfind("/")) + 1
    if address[:cut] not in names:
        raise ValueError(f"no prefix for {address}")
    return f"{names[address[:cut]]}:{address[cut:]}"
