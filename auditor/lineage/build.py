"""Puts the graph together: licenses concluded, terms carried, gaps named."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.identify.conclude import conclude
from auditor.lineage.dated import terms_of_their_time
from auditor.lineage.terms import gaps_of, terms_of
from auditor.lineage.walk import Walk
from auditor.model import Lineage, Node, RepoId


def build(targets: Sequence[RepoId], found: Walk) -> Lineage:
    """The lineage of the targets. Every node has its license, its terms with their paths, and its gaps."""
    licenses = {name: conclude(record) for name, record in found.records.items()}
    closed = frozenset(name for name, record in found.records.items() if record.ref.kind == "closed")
    edges = tuple(e for e in found.edges if e.child in licenses and e.parent in licenses)
    terms = terms_of_their_time(terms_of(licenses, edges, closed), found.records)
    gaps = gaps_of(found.records, licenses, edges)
    nodes = {
        name: Node(ref=record.ref, record=record, license=licenses[name], terms=terms[name], gaps=gaps[name])
        for name, record in found.records.items()
    }
    wanted = tuple(dict.fromkeys(found.names[t.id] for t in targets if t.id in found.names))
    return Lineage(targets=wanted, nodes=nodes, edges=edges, cut=found.cut)
