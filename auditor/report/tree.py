"""The lineage as a tree for a terminal: each ancestor once, with its license and what it restricts."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import Edge, Lineage, Node
from auditor.report import wording
from auditor.report.page import Branch, Page, Part
from auditor.report.safe import plain, short

_DEEPEST = 24  # levels drawn; each takes four columns


def render(lineage: Lineage, width: int = 100, color: bool = False) -> str:
    """One tree a target. An ancestor that several share is drawn in full the first time, later by name."""
    page = Page(width, color)
    drawn: set[str] = set()
    for number, target in enumerate(lineage.targets):
        if number:
            page.gap()
        page.draw(_tree(lineage, target, drawn))
    for name, why in lineage.cut:
        page.put(f"left out: {plain(name)}, {short(why, 200)}", style="dim")
    page.gap()
    page.put("✗ restricts use   ? could not be read   ↑ drawn in full above", style="dim")
    return page.text()


def restrictions(node: Node) -> list[str]:
    """Titles of the core restrictions of a node's own license."""
    from auditor.identify.vocabulary import vocabulary

    infos = [vocabulary()[clause.id] for clause in node.license.clauses if clause.id in vocabulary()]
    core = (info.title.lower() for info in infos if info.kind == "restriction" and info.tier == "core")
    return list(dict.fromkeys(core))


def _tree(lineage: Lineage, target: str, drawn: set[str]) -> Branch:
    up: dict[str, list[Edge]] = {}
    for edge in lineage.edges:
        up.setdefault(edge.child, []).append(edge)
    drawn.add(target)
    root = _branch(lineage.nodes, target)
    todo = [(root, target, 1)]
    while todo:  # no recursion: a hostile lineage may be deeper than Python's stack
        branch, child, depth = todo.pop()
        grown = []
        for edge in up.get(child, ()):
            if edge.parent in drawn or depth >= _DEEPEST:
                mark = " ↑" if edge.parent in drawn else " …"
                branch.children.append(Branch((_step(edge), plain(edge.parent), (mark, "dim")), "", []))
                continue
            drawn.add(edge.parent)
            parent = _branch(lineage.nodes, edge.parent, _step(edge))
            branch.children.append(parent)
            grown.append((parent, edge.parent, depth + 1))
        todo.extend(reversed(grown))
    return root


def _step(edge: Edge) -> Part:
    sure = "" if edge.how in ("declared", "verified") else f" ({edge.how})"
    return f"{wording.relation_title(edge.relation)}{sure} ", "dim"


def _branch(nodes: Mapping[str, Node], name: str, step: Part = "") -> Branch:
    """Name, license and state, and a second line for what the license restricts."""
    node = nodes.get(name)
    if node is None:
        return Branch((step, (plain(name), "bold"), ("  ? not read", "magenta")), "", [])
    status = node.record.status
    unread = wording.unread(node)
    label: list[Part] = [step, (plain(name), "bold")]
    if unread:
        label.append((f"  ? {status}", "magenta"))
    if node.license.stated or not unread:
        label.append((f"  {wording.license_in_words(node)}", "cyan"))
    if status in ("gated", "closed"):
        label.append((f"  {status}", "yellow"))
    core = restrictions(node)
    return Branch(tuple(label), (f"✗ {', '.join(core)}", "red") if core else "", [])
