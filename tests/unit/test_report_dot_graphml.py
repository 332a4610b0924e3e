"""DOT and GraphML: the edges of the JSON report, and quoting that nothing gets out of."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import networkx as nx
import pytest

from auditor.model import Edge, Lineage
from auditor.report import dot, graphml
from auditor.report.safe import plain
from tests.golden.sample import BASE, CHAT, sample
from tests.support.hostile import TEXTS, hostile

NODE = re.compile(r'  n\d+ \[label=("(?:[^"\\]|\\.)*"), tooltip="(?:[^"\\]|\\.)*", [^"\]]*(?:"[^"]*"[^"\]]*)*\];')
EDGE = re.compile(r'  n(\d+) -> n(\d+) \[label="(?:[^"\\]|\\.)*", tooltip="(?:[^"\\]|\\.)*"(?:, style=dashed)?\];')


def _dot_edges(lineage: Lineage) -> list[tuple[str, str]]:
    names = list(lineage.nodes)
    found = (EDGE.fullmatch(line) for line in dot.render(lineage).splitlines())
    return [(names[int(m[2])], names[int(m[1])]) for m in found if m]


def _graph(lineage: Lineage) -> nx.MultiDiGraph[str]:
    blob = graphml.render(lineage).encode("utf-8")
    graph: nx.MultiDiGraph[str] = nx.read_graphml(io.BytesIO(blob), force_multigraph=True)
    return graph


@pytest.mark.parametrize("text", ["", *TEXTS], ids=range(len(TEXTS) + 1))
def test_every_line_of_dot_is_whole(text: str) -> None:
    lineage = hostile(text).lineage
    *_, end, empty = lines = dot.render(lineage).split("\n")
    assert (lines[0], end, empty) == ("digraph lineage {", "}", "")
    nodes, edges = lines[3 : 3 + len(lineage.nodes)], lines[3 + len(lineage.nodes) : -2]
    assert all(NODE.fullmatch(line) for line in nodes)
    assert len(edges) == len(lineage.edges)
    assert _dot_edges(lineage) == [(edge.child, edge.parent) for edge in lineage.edges]


def test_dot_shows_state_and_doubt() -> None:
    shown = dot.render(sample().lineage)
    assert "\\ngated" in shown
    assert 'label="made of outputs of (inferred)"' in shown
    assert "style=dashed];" in shown
    assert shown.count("penwidth=3") == 1


@pytest.mark.parametrize("text", ["", *TEXTS], ids=range(len(TEXTS) + 1))
def test_graphml_has_the_edges_of_the_report(text: str) -> None:
    lineage = hostile(text).lineage
    found = [(child, parent, data["relation"], data["how"]) for child, parent, data in _graph(lineage).edges(data=True)]
    assert found == [(plain(e.child), plain(e.parent), e.relation, e.how) for e in lineage.edges]


def test_graphml_keeps_parallel_edges_and_what_was_never_read() -> None:
    lineage = sample().lineage
    twice = replace(lineage, edges=(*lineage.edges, Edge(CHAT, BASE, "tokenizer-of", "detected")))
    assert _graph(twice).number_of_edges(CHAT, BASE) == 2
    bare = replace(lineage, nodes={n: node for n, node in lineage.nodes.items() if n != BASE})
    assert _graph(bare).nodes[BASE]["status"] == "unreachable"
    assert "not read" in dot.render(bare)
    assert _graph(lineage).nodes[CHAT]["target"] == "true"
