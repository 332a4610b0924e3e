"""The lineage as a picture in SVG, drawn once from the layout: for a page of its own, and inside the HTML report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from auditor.model import Edge, Lineage, Report, Term
from auditor.report import wording
from auditor.report.graphs import kind_of, members, relation_words
from auditor.report.layout import COLUMN, HEIGHT, WIDTH, Drawing, Point, layout
from auditor.report.page import cells
from auditor.report.safe import html, plain, short

Look = Literal["restricted", "closed", "unread", "unknown", "open"]
SIGNS: dict[Look, tuple[str, str, str, str]] = {
    "restricted": ("✗", "terms in force restrict its use", "#fdecea", "#b3261e"),
    "closed": ("◆", "closed model", "#efe7fb", "#6442a6"),
    "unknown": ("?", "license, ancestry or reach not certain", "#fff5dc", "#8a5a00"),
    "unread": ("!", "missing or could not be read", "#eceef1", "#565d68"),
    "open": ("✓", "no restriction found", "#e9f6ec", "#1f7a3d"),
}
"""Of each look: its sign, its meaning, and the colors of box and rim where style sheets are not read."""
_DASHES = {"unread": "7 4", "unknown": "2 3", "closed": "12 3"}
_MORE = (
    "second rim: gated, access must be asked for",
    "thick rim: target",
    "square corners: dataset",
    "dashed arrow: inferred",
)
_LABELLED = 60  # with more members than this, relations are told on hover alone
_LEGEND = 92.0  # height of the legend
_ARROW = (
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
    'markerUnits="userSpaceOnUse" orient="auto-start-reverse">'
    '<path class="arrow" fill="#8a929e" d="M0 0L8 4L0 8z"/></marker></defs>'
)


def render(lineage: Lineage) -> str:
    """A picture with its own style and a legend; it loads nothing and runs nothing."""
    return picture(lineage, f"<style>{style()}</style>", legend_in_picture=True) + "\n"


def render_report(report: Report) -> str:
    """The lineage of a report."""
    return render(report.lineage)


def style() -> str:
    """The style sheet of pictures, light and dark."""
    return (Path(__file__).parent / "assets" / "picture.css").read_text("utf-8")


def picture(lineage: Lineage, head: str = "", *, legend_in_picture: bool = False) -> str:
    """The `svg` element. Nodes carry `data-node`, edges `data-child` and `data-parent`: numbers by `graphs.members`."""
    names = members(lineage)
    numbers = {name: number for number, name in enumerate(names)}
    drawing = layout(len(names), [(numbers[e.child], numbers[e.parent]) for e in lineage.edges])
    width = max(drawing.width, 840.0) if legend_in_picture else drawing.width
    height = drawing.height + (_LEGEND if legend_in_picture else 0)
    title = f"Lineage of {', '.join(short(name, 60) for name in lineage.targets[:3])}"
    size = f'viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="lineage" {size} role="group" aria-label="{html(title)}">',
        f"<title>{html(title)}</title>" if legend_in_picture else "",
        head,
        _ARROW,
        f'<rect class="ground" fill="#ffffff" width="{width:.0f}" height="{height:.0f}"/>' if legend_in_picture else "",
        *(_edge(edge, route, numbers) for edge, route in zip(lineage.edges, drawing.routes, strict=True)),
        *(_relations(lineage, drawing, numbers) if len(names) <= _LABELLED else ()),
        *(_node(number, name, lineage, drawing.boxes[number]) for number, name in enumerate(names)),
        _legend(drawing.height) if legend_in_picture else "",
        "</svg>",
    ]
    return "\n".join(part for part in parts if part)


def look(name: str, lineage: Lineage) -> Look:
    """How a member looks. Only what is known whole, and free of restrictions of any origin, looks open."""
    node, kind = lineage.nodes.get(name), kind_of(name, lineage)
    if node is None or kind != "open":
        return kind
    reach = [term for term in node.terms if _restricts(term)]
    if any(not (term.contested or term.contract or term.inferred) for term in reach):
        return "restricted"
    known = node.license.known and node.license.concluded
    return "open" if known and not (reach or node.gaps or node.record.failures) else "unknown"


def _restricts(term: Term) -> bool:
    from auditor.identify.vocabulary import vocabulary

    info = vocabulary().get(term.clause.id)
    return info is None or (info.kind == "restriction" and info.tier == "core")


def words_of(name: str, lineage: Lineage) -> str:
    """A member in one sentence, for a tooltip and for those who hear the picture."""
    node = lineage.nodes.get(name)
    if node is None:
        return f"{short(name, 160)}: not read"
    state = "" if node.record.status in ("resolved", "closed") else f", {node.record.status}"
    meaning = SIGNS[look(name, lineage)][1]
    return f"{short(name, 160)}: {node.ref.kind}, {short(wording.license_in_words(node), 160)}{state}; {meaning}"


def _node(number: int, name: str, lineage: Lineage, corner: Point) -> str:
    node, kind = lineage.nodes.get(name), look(name, lineage)
    x, y = corner
    sign, _, fill, rim = SIGNS[kind]
    status = node.record.status if node else "not read"
    badge = (
        status if status not in ("resolved", "closed") else (node.ref.kind if node and node.ref.kind != "model" else "")
    )
    owner, _, tail = name.removeprefix("datasets/").rpartition("/")
    dashes = f' stroke-dasharray="{_DASHES[kind]}"' if kind in _DASHES else ""
    corners = 3 if node and node.ref.kind == "dataset" else 12
    inner = _inner(4, 4, WIDTH - 8, HEIGHT - 8, rim) if status == "gated" else ""
    target = " target" if name in lineage.targets else ""
    said = html(words_of(name, lineage))
    license_ = wording.license_in_words(node) if node else "nothing is known of it"
    badge_text = f'<text class="sign" font-size="11" x="{WIDTH - 10:.0f}" y="17" text-anchor="end">{html(badge)}</text>'
    return (
        f'<g class="node {kind}{target}" data-node="{number}" transform="translate({x:.1f} {y:.1f})" role="img" '
        f'aria-label="{said}"><title>{said}</title>'
        f'<rect class="box" fill="{fill}" stroke="{rim}" width="{WIDTH:.0f}" height="{HEIGHT:.0f}" '
        f'rx="{corners}"{dashes}/>{inner}'
        f'<text class="sign" fill="{rim}" font-size="14" font-weight="bold" x="9" y="36">{sign}</text>'
        f'<text class="small" font-size="11" x="28" y="17">{_fit(owner or " ", 20 if badge else 30)}</text>'
        f'<text font-size="13" font-weight="600" x="28" y="35">{_fit(tail, 23)}</text>'
        f'<text class="small" font-size="11" x="28" y="52">{_fit(license_, 29)}</text>'
        f"{badge_text if badge else ''}</g>"
    )


def _edge(edge: Edge, route: Sequence[Point], numbers: dict[str, int]) -> str:
    """A smooth line with its arrow at the child: what the parent demands flows there."""
    said = html(f"{short(edge.child, 100)}: {relation_words(edge)} {short(edge.parent, 100)}")
    dashes = ' stroke-dasharray="5 4"' if edge.how == "inferred" else ""
    return (
        f'<path class="edge" data-child="{numbers[edge.child]}" data-parent="{numbers[edge.parent]}" fill="none" '
        f'stroke="#8a929e" stroke-width="1.4"{dashes} marker-start="url(#arrow)" d="{_curve(route)}">'
        f"<title>{said}</title></path>"
    )


def _curve(route: Sequence[Point]) -> str:
    x, y = route[0]
    path = [f"M{x:.1f} {y:.1f}"]
    for to_x, to_y in route[1:]:
        bend = (to_x - x) / 2
        level = abs(to_y - y) < 0.05
        path.append(
            f"H{to_x:.1f}" if level else f"C{x + bend:.1f} {y:.1f} {to_x - bend:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}"
        )
        x, y = to_x, to_y
    return "".join(path)


def _relations(lineage: Lineage, drawing: Drawing, numbers: dict[str, int]) -> list[str]:
    """What each parent is to its children, written once before its box."""
    said: dict[int, dict[str, None]] = {}
    for edge in lineage.edges:
        said.setdefault(numbers[edge.parent], {})[wording.relation_title(edge.relation)] = None
    corners = set(drawing.boxes)
    rows = []
    for number, words in said.items():
        x, y = drawing.boxes[number]
        inner = (x - WIDTH - COLUMN, y) in corners  # another column stands before it: only the gap above has room
        for line, word in enumerate(list(words)[: 1 if inner else 3]):
            at = y - 8 if inner else y + HEIGHT / 2 - 6 + (line * 19 if line < 2 else -13)
            where = f'x="{x + 8:.1f}" y="{at:.1f}"' if inner else f'x="{x - 8:.1f}" y="{at:.1f}" text-anchor="end"'
            rows.append(f'<text class="relation" font-size="11" {where}>{_fit(word, 22)}</text>')
    return rows


def _inner(x: float, y: float, width: float, height: float, rim: str) -> str:
    """A second rim: access must be asked for."""
    return (
        f'<rect class="inner" x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="{height:.0f}" rx="4" '
        f'fill="none" stroke="{rim}"/>'
    )


def legend_rows() -> list[str]:
    """What the looks mean, as items of an HTML list."""
    small = '<svg class="lineage" width="28" height="22" aria-hidden="true">'
    rows = [f"<li>{small}{_sample(kind)}</svg>{SIGNS[kind][1]}</li>" for kind in SIGNS]
    return [*rows, *(f"<li>{words}</li>" for words in _MORE)]


def _legend(top: float) -> str:
    """What the looks mean, below the picture."""
    parts = []
    for number, kind in enumerate(SIGNS):
        x, y = 16 + number % 3 * 270, top + 8 + number // 3 * 28
        words = f'<text x="34" y="15" font-size="12">{SIGNS[kind][1]}</text>'
        parts.append(f'<g transform="translate({x} {y:.0f})">{_sample(kind)}{words}</g>')
    parts.append(f'<text class="small" x="16" y="{top + 78:.0f}" font-size="12">{" · ".join(_MORE)}</text>')
    return f"<g>{''.join(parts)}</g>"


def _sample(kind: Look) -> str:
    """A small box of one look."""
    sign, _, fill, rim = SIGNS[kind]
    dashes = f' stroke-dasharray="{_DASHES[kind]}"' if kind in _DASHES else ""
    font = 'font-size="13" font-weight="bold" text-anchor="middle"'
    return (
        f'<g class="{kind}">'
        f'<rect class="box" x="1" y="1" width="26" height="20" rx="5" fill="{fill}" stroke="{rim}"{dashes}/>'
        f'<text class="sign" fill="{rim}" {font} x="14" y="16">{sign}</text>'
        "</g>"
    )


def _fit(text: str, columns: int) -> str:
    """As much of a text as fits, its middle left out: the ends of names tell most. Escaped."""
    words = " ".join(plain(text[:400]).split())
    if cells(words) > columns:
        head, tail = columns * 3 // 5, columns * 2 // 5 - 1
        if cells(words) > len(words):  # wide characters take two columns
            head, tail = head // 2, tail // 2
        words = f"{words[:head].rstrip()}…{words[-tail:].lstrip()}"
    return html(words)
