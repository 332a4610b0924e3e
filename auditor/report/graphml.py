"""The lineage in GraphML, for yEd, Gephi and networkx: all that the JSON says of nodes and edges, as attributes."""

from __future__ import annotations

from auditor.model import Lineage
from auditor.report import address, wording
from auditor.report.graphs import kind_of, members
from auditor.report.safe import plain


def render(lineage: Lineage) -> str:
    """A directed multigraph; each edge runs from the child to its parent, as in the JSON report."""
    import networkx as nx  # 0.2 s

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for name in members(lineage):
        node = lineage.nodes.get(name)
        graph.add_node(
            plain(name),
            target=str(name in lineage.targets).lower(),  # what networkx writes for a truth value is no xs:boolean
            look=kind_of(name, lineage),
            kind=node.ref.kind if node else "unknown",
            status=node.record.status if node else "unreachable",
            revision=plain(node.record.revision or "") if node else "",
            license=wording.license_in_words(node) if node else "not read",
            concluded=" AND ".join(node.license.concluded) if node else "",
            osi=_osi(node.license.osi) if node else "unknown",
            clauses=" ".join(dict.fromkeys(c.id for c in node.license.clauses)) if node else "",
            terms=" ".join(dict.fromkeys(t.clause.id for t in node.terms)) if node else "",
            page=address.of_node(node) if node else "",
        )
    for number, edge in enumerate(lineage.edges):
        graph.add_edge(
            plain(edge.child),
            plain(edge.parent),
            key=number,
            id=f"e{number}",
            relation=edge.relation,
            how=edge.how,
            evidence=" | ".join(wording.place(span) for span in edge.evidence),
            quote=plain(edge.evidence[0].quote) if edge.evidence else "",
        )
    return "\n".join(nx.generate_graphml(graph, named_key_ids=True, edge_id_from_attribute="id")) + "\n"


def _osi(approved: bool | None) -> str:
    return "unknown" if approved is None else str(approved).lower()
