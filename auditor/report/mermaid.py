"""The lineage as a Mermaid flowchart: ancestors above, descendants below."""

from __future__ import annotations

from auditor.model import Lineage, Node
from auditor.report import safe, wording
from auditor.report.tree import restrictions

_CLASSES = (
    "classDef target stroke-width:3px",
    "classDef restricted fill:#fde0dc,stroke:#b3261e,color:#000",
    "classDef closed fill:#e8def8,stroke:#4a4458,color:#000",
    "classDef unread fill:#eeeeee,stroke:#777777,stroke-dasharray:4,color:#000",
)


def render(lineage: Lineage) -> str:
    """A `flowchart` that GitHub and other Markdown viewers draw."""
    keys = {name: f"n{number}" for number, name in enumerate(lineage.nodes)}
    lines = ["flowchart TD"]
    lines += [f'  {keys[name]}["{_label(name, node)}"]' for name, node in lineage.nodes.items()]
    lines += [
        f'  {keys[edge.parent]} -->|"{safe.mermaid(edge.relation)}"| {keys[edge.child]}'
        for edge in lineage.edges
        if edge.parent in keys and edge.child in keys
    ]
    lines += [f"  {line}" for line in _CLASSES]
    for name, node in lineage.nodes.items():
        lines += [f"  class {keys[name]} {kind}" for kind in _classes(name, node, lineage)]
    return "\n".join(lines) + "\n"


def _label(name: str, node: Node) -> str:
    said = [name, wording.license_in_words(node)]
    if node.record.status != "resolved":
        said.append(node.record.status)
    return "<br>".join(safe.mermaid(part) for part in said)


def _classes(name: str, node: Node, lineage: Lineage) -> list[str]:
    found = ["target"] if name in lineage.targets else []
    if wording.unread(node):
        found.append("unread")
    elif node.ref.kind == "closed":
        found.append("closed")
    elif restrictions(node):
        found.append("restricted")
    return found
