"""What drawings of a lineage share: their nodes, how each looks, and the words on nodes and edges."""

from __future__ import annotations

from typing import Literal

from auditor.model import Edge, Lineage
from auditor.report import wording
from auditor.report.safe import short

Look = Literal["restricted", "closed", "unread", "open"]


def members(lineage: Lineage) -> list[str]:
    """Every id that is drawn: the nodes, and the ends of edges that lead to something nobody read."""
    ends = (name for edge in lineage.edges for name in (edge.child, edge.parent))
    return list(dict.fromkeys((*lineage.nodes, *ends)))


def ancestry(lineage: Lineage, name: str) -> set[str]:
    """A member and everything that it was made from, read or not."""
    up: dict[str, list[str]] = {}
    for edge in lineage.edges:
        up.setdefault(edge.child, []).append(edge.parent)
    found, todo = {name}, [name]
    while todo:
        fresh = set(up.get(todo.pop(), ())) - found
        found |= fresh
        todo += fresh
    return found


def kind_of(name: str, lineage: Lineage) -> Look:
    """How a node looks: what is unread is never shown as open."""
    from auditor.report.tree import restrictions

    node = lineage.nodes.get(name)
    if node is None or wording.unread(node):
        return "unread"
    if node.ref.kind == "closed":
        return "closed"
    return "restricted" if restrictions(node) else "open"


def lines_of(name: str, lineage: Lineage) -> list[str]:
    """The lines of a node's label: its id, its license, and its state where that is not plain."""
    node = lineage.nodes.get(name)
    if node is None:
        return [short(name, 100), "not read"]
    state = [] if node.record.status in ("resolved", "closed") else [node.record.status]
    return [short(name, 100), short(wording.license_in_words(node), 100), *state]


def relation_words(edge: Edge) -> str:
    """`fine-tuned from (inferred)`."""
    return wording.relation_title(edge.relation) + (" (inferred)" if edge.how == "inferred" else "")
