"""The lineage in DOT, for Graphviz: ancestors above, descendants below."""

from __future__ import annotations

from auditor.model import Lineage
from auditor.report import address, wording
from auditor.report.graphs import kind_of, lines_of, members, relation_words
from auditor.report.safe import plain

_LOOKS = {
    "restricted": 'fillcolor="#fde0dc", color="#b3261e"',
    "closed": 'fillcolor="#e8def8", color="#4a4458"',
    "unread": 'fillcolor="#eeeeee", color="#777777", style="rounded,filled,dashed"',
    "open": 'fillcolor="#ffffff"',
}


def render(lineage: Lineage) -> str:
    """A digraph whose arrows run from parent to child."""
    keys = {name: f"n{number}" for number, name in enumerate(members(lineage))}
    lines = [
        "digraph lineage {",
        '  node [shape=box, style="rounded,filled", fontname="sans-serif"];',
        '  edge [fontname="sans-serif", fontsize=10];',
    ]
    for name, key in keys.items():
        node = lineage.nodes.get(name)
        looks = _LOOKS[kind_of(name, lineage)] + (", penwidth=3" if name in lineage.targets else "")
        page = address.of_node(node) if node else ""
        url = f", URL={_quoted(page)}" if page else ""
        lines.append(f"  {key} [label={_quoted(*lines_of(name, lineage))}, tooltip={_quoted(name)}, {looks}{url}];")
    for edge in lineage.edges:
        dashed = ", style=dashed" if edge.how == "inferred" else ""
        where = "; ".join(wording.place(span) for span in edge.evidence[:1])
        label = f"label={_quoted(relation_words(edge))}, tooltip={_quoted(where or edge.how)}"
        lines.append(f"  {keys[edge.parent]} -> {keys[edge.child]} [{label}{dashed}];")
    return "\n".join((*lines, "}")) + "\n"


def _quoted(*lines: str) -> str:
    """A quoted DOT string. Graphviz reads HTML entities in labels, so `&` is written as one."""
    shown = (plain(line).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;") for line in lines)
    return '"' + "\\n".join(shown) + '"'
