"""The lineage as a tree for a terminal: each ancestor once, with its license and what it restricts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from auditor.model import Edge, Lineage, Node
from auditor.report import wording
from auditor.report.page import Branch, Page, Part
from auditor.report.safe import plain, short

_DEEPEST = 24  # levels drawn
_MANY = 8  # parents of one member; from there on those alike share a line
_NAMED = 12  # of them by name
_Up = Mapping[str, Sequence[Edge]]


def render(lineage: Lineage, width: int = 100, color: bool = False) -> str:
    """One tree a target. An ancestor that several share is drawn in full the first time, later by name."""
    page = Page(width, color)
    drawn: set[str] = set()
    again = False
    for number, target in enumerate(lineage.targets):
        if number:
            page.gap()
        root, depth, shared = _tree(lineage, target, drawn)
        again |= shared
        page.draw(root, next((step for step in (4, 3) if depth * step <= width // 2), 2))
    page.gap()
    for why in dict.fromkeys(why for _, why in lineage.cut):
        names = ", ".join(plain(name) for name, said in lineage.cut if said == why)
        page.put(f"left out: {names}; {short(why, 200)}", style="magenta")
    page.put("   ".join((*_counts(lineage), *(["↑ drawn in full above"] if again else []))), style="dim")
    return page.text()


def restrictions(node: Node) -> list[str]:
    """Titles of the core restrictions of a node's own license."""
    from auditor.identify.vocabulary import vocabulary

    infos = [vocabulary()[clause.id] for clause in node.license.clauses if clause.id in vocabulary()]
    core = (info.title.lower() for info in infos if info.kind == "restriction" and info.tier == "core")
    return list(dict.fromkeys(core))


def _counts(lineage: Lineage) -> list[str]:
    """How many members there are, and of how many something is to be known."""
    left_out = {name for name, _ in lineage.cut}
    nodes = [node for name, node in lineage.nodes.items() if name not in left_out]
    status = [node.record.status for node in nodes]
    rows = (
        ("✗ {} with limits on use", sum(bool(restrictions(node)) for node in nodes)),
        ("? {} not read", sum(map(wording.unread, nodes))),
        ("{} gated", status.count("gated")),
        ("{} closed", status.count("closed")),
        ("{} left out", len(left_out)),
    )
    return [
        f"{len(nodes)} member{'s' if len(nodes) != 1 else ''}",
        *(words.format(number) for words, number in rows if number),
    ]


def _tree(lineage: Lineage, target: str, drawn: set[str]) -> tuple[Branch, int, bool]:
    """The tree, its depth, and whether some ancestor stands in it by name alone."""
    left_out = frozenset(name for name, _ in lineage.cut)
    up: dict[str, list[Edge]] = {}
    for edge in lineage.edges:
        up.setdefault(edge.child, []).append(edge)
    drawn.add(target)
    root = _branch(lineage.nodes, target, left_out)
    todo = [(root, target, 1)]
    deepest, again = 0, False
    while todo:  # no recursion: a hostile lineage may be deeper than Python's stack
        branch, child, depth = todo.pop()
        grown = []
        alike = _alike(lineage.nodes, up, child, drawn)
        folded = {edge.parent for edges in alike.values() for edge in edges}
        for edge in up.get(child, ()):
            if edge.parent in folded:
                continue
            deepest = max(deepest, depth)
            if edge.parent in drawn or depth >= _DEEPEST:
                again |= edge.parent in drawn
                mark = " ↑" if edge.parent in drawn else " …"
                branch.children.append(Branch((_step(edge), plain(edge.parent), (mark, "dim")), "", []))
                continue
            drawn.add(edge.parent)
            parent = _branch(lineage.nodes, edge.parent, left_out, _step(edge))
            branch.children.append(parent)
            if edge.parent in alike:
                branch.children.append(_fold(alike[edge.parent]))
            grown.append((parent, edge.parent, depth + 1))
        drawn |= folded
        todo.extend(reversed(grown))
    return root, deepest, again


def _alike(nodes: Mapping[str, Node], up: _Up, child: str, drawn: set[str]) -> dict[str, list[Edge]]:
    """Of many parents those that say nothing new, under the first one like them: the same relation, license and state,
    and no ancestor that is not drawn with another."""
    edges = up.get(child, ())
    if len(edges) < _MANY:
        return {}
    first: dict[tuple[object, ...], str] = {}
    found: dict[str, list[Edge]] = {}
    above = set(drawn)
    for edge in edges:
        node, parents = nodes.get(edge.parent), {e.parent for e in up.get(edge.parent, ())}
        if node is None or edge.parent in drawn:
            continue
        kind = (_step(edge), _license(node), node.record.status, *restrictions(node))
        if kind in first and parents <= above:
            found.setdefault(first[kind], []).append(edge)
        else:
            first.setdefault(kind, edge.parent)
            above |= parents
    return {parent: those for parent, those in found.items() if len(those) > 1}


def _fold(edges: Sequence[Edge]) -> Branch:
    names = ", ".join(plain(edge.parent) for edge in edges[:_NAMED])
    rest = f" and {len(edges) - _NAMED} others" if len(edges) > _NAMED else ""
    return Branch((_step(edges[0]), (f"{len(edges)} more like it: ", "dim"), f"{names}{rest}"), "", [])


def _step(edge: Edge) -> Part:
    sure = "" if edge.how in ("declared", "verified") else f" ({edge.how})"
    return f"{wording.relation_title(edge.relation)}{sure} ", "dim"


def _branch(nodes: Mapping[str, Node], name: str, left_out: Iterable[str], step: Part = "") -> Branch:
    """Name, license and state, and a second line for what the license restricts or why nothing is known."""
    node = nodes.get(name)
    if node is None or name in left_out:
        mark = "  … left out" if name in left_out else "  ? not read"
        return Branch((step, (plain(name), "bold"), (mark, "magenta")), "", [])
    status = node.record.status
    unread = wording.unread(node)
    label: list[Part] = [step, (plain(name), "bold")]
    if unread:
        label.append((f"  ? {status}", "magenta"))
    if node.license.stated or not unread:
        label.append((f"  {_license(node)}", "cyan"))
    if status in ("gated", "closed"):
        label.append((f"  {status}", "yellow"))
    core = restrictions(node)
    why: Part = (short(node.record.why, 160), "dim") if unread and step else ""
    return Branch(tuple(label), (f"✗ {', '.join(core)}", "red") if core else why, [])


def _license(node: Node) -> str:
    """The license at a glance: by its SPDX id where it has one, which people know better than its full name."""
    ids = node.license.concluded
    if not ids:
        return wording.license_in_words(node)
    names = [wording.license_name(name) if name.startswith("LicenseRef-") else plain(name) for name in ids]
    return " and ".join(names) if len(names) < 3 else f"{names[0]} and {len(names) - 1} more"
