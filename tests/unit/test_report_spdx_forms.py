"""The forms of the SPDX document hold one and the same document, whatever the names in it and the seed of hashes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from typing import Any

import pytest
import yaml
from license_expression import LicenseExpression
from rdflib import Graph

from auditor.report import render
from auditor.report.rdfxml import write
from tests.golden.sample import sample
from tests.support.boms import SPDX, spdx_document
from tests.support.hostile import TEXTS, hostile

TAGS = "<text>one</text>\nRelationship: SPDXRef-a DESCRIBES SPDXRef-b\nPackageName: <text>two"


def _said(form: str, report: Any) -> dict[str, Any]:
    """Everything that a document says, in an order of its own."""
    document = spdx_document(form, render(report, form))
    return {
        "info": document.creation_info,
        "packages": sorted(map(_fields, document.packages)),
        "relationships": sorted(map(repr, document.relationships)),
        "annotations": sorted(map(repr, document.annotations)),
        "texts": sorted(map(repr, document.extracted_licensing_info)),
    }


def _fields(package: Any) -> list[tuple[str, str]]:
    """RDF keeps no order in a set of licenses."""
    return sorted((key, _plain(value)) for key, value in vars(package).items())


def _plain(value: Any) -> str:
    return " AND ".join(sorted(value.objects)) if isinstance(value, LicenseExpression) else repr(value)


@pytest.mark.parametrize("text", ["", *TEXTS, TAGS], ids=range(len(TEXTS) + 2))
def test_every_form_says_the_same(text: str) -> None:
    report = hostile(text)
    said = _said("spdx", report)
    assert len(said["relationships"]) == 1 + len(report.lineage.edges)
    for form in SPDX[1:]:
        assert _said(form, report) == said, form


@pytest.mark.parametrize("text", ["", TEXTS[0]], ids=["plain", "hostile"])
def test_yaml_is_the_json_to_the_letter(text: str) -> None:
    report = hostile(text)
    assert yaml.safe_load(render(report, "spdx-yaml")) == json.loads(render(report, "spdx"))
    assert render(report, "spdx-yaml").isascii()


def test_hashes_of_python_have_no_say() -> None:
    code = (
        "from auditor.report import render; from tests.golden.sample import sample\n"
        f"print([render(sample(), form) for form in {SPDX}])"
    )
    seed = {**os.environ, "PYTHONHASHSEED": "7"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=seed, text=True)
    assert done.stdout == f"{[render(sample(), form) for form in SPDX]}\n"


def test_the_graph_comes_back_whole() -> None:
    from rdflib import RDF, RDFS, BNode, Literal, URIRef

    home = "https://example.com/terms#"
    graph = Graph()
    graph.bind("x", home)
    one, name, holds = URIRef("https://example.com/one"), URIRef(f"{home}name"), URIRef(f"{home}holds")
    for words in ("first & <second>", 'in "quotes"\nand lines', " spaced "):
        inner, leaf = BNode(), BNode()
        graph.add((one, holds, inner))
        graph.add((inner, RDF.type, URIRef(f"{home}Thing")))
        graph.add((inner, name, Literal(words)))
        graph.add((inner, holds, leaf))
        graph.add((leaf, RDFS.comment, Literal(True)))
        graph.add((leaf, holds, URIRef("https://example.com/other?a=1&b=2")))
    from rdflib.compare import isomorphic

    assert isomorphic(Graph().parse(data=write(graph), format="xml"), graph)
    graph.add((one, URIRef("https://elsewhere.example/name"), Literal("x")))
    with pytest.raises(ValueError, match="no prefix"):
        write(graph)


def test_relationships_in_the_words_of_rdf() -> None:
    page = render(sample(), "spdx-rdf")
    kinds: Iterable[str] = ("describes", "descendantOf", "generatedFrom")
    assert all(f"#relationshipType_{kind}" in page for kind in kinds)
    assert "nodeID" not in page
