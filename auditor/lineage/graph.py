"""The lineage as a networkx graph, for people who want to compute on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditor.model import Lineage

if TYPE_CHECKING:
    import networkx as nx


def to_networkx(lineage: Lineage) -> nx.MultiDiGraph[Any]:
    """A directed multigraph whose edges point from child to parent.

    Nodes carry `node` (model.Node), `kind`, `status` and `license` (catalogue ids); edges are keyed by their relation
    and carry `edge` (model.Edge) and `how`. networkx is imported here, for it takes as long as a whole audit.
    """
    import networkx as nx

    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph(targets=lineage.targets)
    for name, node in lineage.nodes.items():
        graph.add_node(
            name, node=node, kind=node.ref.kind, status=node.record.status, license=list(node.license.concluded)
        )
    for edge in lineage.edges:
        graph.add_edge(edge.child, edge.parent, key=edge.relation, edge=edge, how=edge.how)
    return graph
