"""The graph that programs get is the lineage, edge for edge."""

from __future__ import annotations

from auditor.lineage.graph import to_networkx
from tests.golden.sample import sample


def test_the_graph_is_the_lineage() -> None:
    lineage = sample().lineage
    graph = to_networkx(lineage)
    assert set(graph.nodes) == set(lineage.nodes)
    assert {(child, parent, relation) for child, parent, relation in graph.edges(keys=True)} == {
        (e.child, e.parent, e.relation) for e in lineage.edges
    }
    for name, node in lineage.nodes.items():
        assert graph.nodes[name]["kind"] == node.ref.kind
        assert graph.nodes[name]["status"] == node.record.status
        assert graph.nodes[name]["license"] == list(node.license.concluded)
    assert all(data["edge"].how == data["how"] for _, _, data in graph.edges(data=True))
