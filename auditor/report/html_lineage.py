"""The lineage in the HTML report: picture, legend, tools, the data for the script, and every member in a table."""

from __future__ import annotations

from auditor.model import Lineage, Node
from auditor.report import address, svg, wording
from auditor.report.graphs import members, relation_words
from auditor.report.html_data import island
from auditor.report.tags import Markup, el, join, linked, shown, spaced


def section(lineage: Lineage) -> Markup:
    """Every member in a table."""
    up: dict[str, list[Markup]] = {}
    for edge in lineage.edges:
        span = edge.evidence[0] if edge.evidence else None
        proof = (
            join(" (", linked("evidence", address.of_span(span)), ")") if span and address.of_span(span) else Markup()
        )
        up.setdefault(edge.child, []).append(el("li", relation_words(edge), " ", shown(edge.parent), proof))
    rows = [
        _member(number, name, lineage.nodes.get(name), up.get(name, [])) for number, name in enumerate(members(lineage))
    ]
    heads = [el("th", head, scope="col") for head in ("Member", "License and state", "Descends from")]
    table = el("table", el("caption", "Every member of the lineage"), el("thead", el("tr", *heads)), el("tbody", *rows))
    scroll = el("div", table, class_="scroll", tabindex="0", role="region", aria_label="Members")
    return el("section", el("h2", "Lineage"), _stage(lineage), scroll, id="lineage")


def _stage(lineage: Lineage) -> Markup:
    """The picture, its legend and tools, room for the details, and the data that the script reads."""
    tools = [
        el("button", words, type="button", id=name)
        for name, words in (("in", "Zoom in"), ("out", "Zoom out"), ("fit", "Whole picture"))
    ]
    tools.append(el("button", "Clear", type="button", id="clear", disabled=True))
    mouse = "Click a member for its license and clauses; arrow keys move on. Drag moves, Ctrl + wheel zooms."
    touch = "Tap a member for its license and clauses. Two fingers zoom and move."
    hint = join(el("span", mouse, class_="mouse"), el("span", touch, class_="touch"))
    return join(
        el("ul", *map(Markup, svg.legend_rows()), class_="legend", aria_label="Legend"),
        el("div", *tools, el("span", hint, class_="help"), class_="tools", id="tools", hidden=True),
        el(
            "div",
            el("div", Markup(svg.picture(lineage)), class_="canvas", tabindex="0", role="region", aria_label="Picture"),
            el("div", id="details", role="region", aria_label="Details", aria_live="polite", tabindex="0", hidden=True),
            class_="stage",
            id="stage",
        ),
        Markup(f'<script type="application/json" id="data">{island(lineage)}</script>'),
    )


def _member(number: int, name: str, node: Node | None, parents: list[Markup]) -> Markup:
    page = address.of_node(node) if node else ""
    state = wording.state_of(node) if node else ["not read"]
    return el(
        "tr",
        el("th", linked(name, page), scope="row"),
        el("td", *spaced(state, " · ")),
        el("td", el("ul", *parents) if parents else "—"),
        data_node=str(number),
    )
