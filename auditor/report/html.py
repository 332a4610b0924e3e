"""The report as one HTML page that loads nothing: verdict and duties first, then findings, lineage and members.

Everything is readable without scripts; the script adds filters and the moving parts of the picture.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from auditor import __version__
from auditor.model import SEVERITIES, Decision, Finding, Lineage, Node, Reason, Report, Span, Use
from auditor.report import address, svg, wording
from auditor.report.folding import Cause, Group, fold
from auditor.report.graphs import members, relation_words
from auditor.report.html_data import island
from auditor.report.safe import html, plain, short

_ASSETS = Path(__file__).parent / "assets"
_NAME, _WORDS = 160, 600  # the most characters shown of a name, and of a sentence or quote
_MARKS = {"allow": "✓", "conditions": "☐", "deny": "✗", "undetermined": "?"}


class Markup(str):
    """Text that is HTML already; every other string is escaped when it becomes part of an element."""

    __slots__ = ()


def el(tag: str, *inside: str, **attributes: str | bool) -> Markup:
    """An element. Attributes: `class_` for class, `data_x` for data-x; False and empty ones are left out."""
    said = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + (f'="{html(value)}"' if isinstance(value, str) else "")
        for key, value in attributes.items()
        if value
    )
    return Markup(f"<{tag}{said}>{join(*inside)}</{tag}>")


def join(*parts: str) -> Markup:
    """Parts one after the other, escaped where they are not HTML."""
    return Markup("".join(part if isinstance(part, Markup) else html(_cut(part)) for part in parts))


def _cut(text: str) -> str:
    return text if len(text) <= _WORDS else short(text, _WORDS)


def render(report: Report) -> str:
    """The whole report."""
    cited = wording.Citations(report.lineage)
    numbers = {name: number for number, name in enumerate(members(report.lineage))}
    groups = fold(report.findings, report.lineage.targets)
    title = ", ".join(short(name, 60) for name in report.lineage.targets[:3]) or "no target"
    return _page(
        f"License audit of {title}",
        el(
            "header",
            el("p", "License and provenance audit", class_="kicker"),
            el("h1", *_spaced([_name(name) for name in report.lineage.targets[:20]], ", ")),
            _about(report),
        ),
        el(
            "main",
            *(_target(report, name, cited, numbers) for name in report.lineage.targets),
            _findings(groups, cited, numbers),
            _not_told(report),
            _lineage(report.lineage),
        ),
        _foot(report),
    )


def render_lineage(lineage: Lineage) -> str:
    """The lineage alone: its picture and its members."""
    title = ", ".join(short(name, 60) for name in lineage.targets[:3])
    head = el("header", el("p", "Lineage", class_="kicker"), el("h1", *map(_name, lineage.targets[:1])))
    foot = el("footer", el("p", f"Made by auditor {__version__}. Triage, not legal advice."))
    return _page(f"Lineage of {title}", head, el("main", _lineage(lineage)), foot)


def _page(title: str, *body: Markup) -> str:
    """A document whose policy allows its own style and script, by their hashes, and nothing else."""
    style = "".join((_ASSETS / name).read_text("utf-8") for name in ("picture.css", "report.css"))
    script = (_ASSETS / "report.js").read_text("utf-8")
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    head = (
        '<meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{html(policy)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark">'
        f'<link rel="icon" href="data:,"><title>{html(title)}</title><style>{style}</style>'
    )
    inside = join(*body)
    return (
        f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>{inside}<script>{script}</script></body></html>\n'
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _about(report: Report) -> Markup:
    """What was asked, and from when the facts are."""
    use = wording.use_in_words(report.use) if report.use != Use() else "none declared, so every use counts"
    dated = f", as of {report.as_of}" if report.as_of else ""
    rows = [("Use", use), ("Source of the data", f"{report.source_kind}{dated}")]
    facts = [join(el("dt", key), el("dd", value)) for key, value in rows]
    notes = [el("p", note, class_="note") for note in report.notes]
    return join(el("dl", *facts, class_="facts"), *notes)


def _target(report: Report, name: str, cited: wording.Citations, numbers: dict[str, int]) -> Markup:
    """The verdict on one target, what decides it, the duties and the open questions."""
    decision, node = report.decisions.get(name), report.lineage.nodes.get(name)
    if decision is None:
        return Markup()
    verdict = el(
        "p",
        el("span", _MARKS[decision.verdict], class_="mark", aria_hidden="true"),
        el("strong", wording.VERDICTS[decision.verdict]),
        f" for {wording.use_in_short(report.use) if report.use != Use() else 'use in general'}",
        class_="verdict",
    )
    return el(
        "section",
        el("h2", _name(name)),
        el("p", *_spaced(_state(node), " · "), class_="about") if node else Markup(),
        verdict,
        _reasons("What decides it", decision.because, "✗", cited, numbers),
        _reasons(_duties_title(decision), decision.duties, "☐", cited, numbers),
        _release(decision),
        _listed("What would settle it", decision.open_questions),
        class_=f"target {decision.verdict}",
    )


def _duties_title(decision: Decision) -> str:
    return "What you must do" if decision.verdict in ("allow", "conditions") else "What you would have to do"


def _state(node: Node) -> list[str]:
    """Kind, license, state, revision and date of a member."""
    record = node.record
    return [
        node.ref.kind,
        wording.license_in_words(node),
        *([record.status] if record.status not in ("resolved", "closed") else []),
        *([f"revision {record.revision[:12]}"] if record.revision else []),
        *([f"facts of {record.as_of}"] if record.as_of else []),
    ]


def _release(decision: Decision) -> Markup:
    release = decision.release
    if release is None:
        return Markup()
    said = f"{wording.license_name(release.license)} {wording.GRANTS[release.verdict]}"
    others = ", ".join(map(wording.license_name, release.suggestions))
    return join(
        el("h3", "License of your release"), el("p", said), el("p", f"Could be granted: {others}.") if others else ""
    )


def _listed(title: str, rows: Sequence[str]) -> Markup:
    return join(el("h3", title), el("ul", *(el("li", row) for row in rows))) if rows else Markup()


def _reasons(
    title: str, reasons: Sequence[Reason], mark: str, cited: wording.Citations, numbers: dict[str, int]
) -> Markup:
    """Reasons or duties, each with its quote and place."""
    if not reasons:
        return Markup()
    rows = [
        el(
            "li",
            el("span", mark, class_="mark", aria_hidden="true"),
            el(
                "div",
                el("p", reason.text),
                _path(reason.path, (), numbers),
                _evidence(reason.evidence[:1], reason.clause, cited),
            ),
        )
        for reason in reasons
    ]
    return join(el("h3", title), el("ul", *rows, class_="reasons"))


def _findings(groups: dict[str, list[Group]], cited: wording.Citations, numbers: dict[str, int]) -> Markup:
    """All findings under their subject, with the controls that the script brings to life."""
    if not groups:
        return el("section", el("h2", "Findings"), el("p", "No rule fired. See below for what could not be told."))
    boxes = [
        el("label", Markup(f'<input type="checkbox" name="severity" value="{severity}" checked>'), severity)
        for severity in reversed(SEVERITIES)
    ]
    controls = el(
        "form",
        el("fieldset", el("legend", "Severity"), *boxes),
        el("label", "Text ", Markup('<input type="search" id="words" autocomplete="off">')),
        el("output", id="shown", aria_live="polite"),
        id="filter",
        hidden=True,
    )
    parts = []
    for subject, theirs in groups.items():
        rows = [_group(group, cited, numbers) for group in theirs]
        parts.append(el("section", el("h3", _name(subject)), *rows, class_="subject"))
    return el("section", el("h2", "Findings"), controls, *parts, id="findings")


def _group(group: Group, cited: wording.Citations, numbers: dict[str, int]) -> Markup:
    """One rule on one subject, with its causes and remedies."""
    severity = SEVERITIES[group.weight]
    title = plain(group.causes[0].finding.title or group.name)
    remedies = dict.fromkeys(cause.finding.remedy for cause in group.causes if cause.finding.remedy)
    return el(
        "article",
        el(
            "h4",
            el("span", severity, class_=f"severity {severity}"),
            " ",
            title,
            " ",
            el("code", short(group.name, 80)),
        ),
        *(_cause(cause, cited, numbers) for cause in group.causes),
        *(el("p", el("span", "→ ", aria_hidden="true"), remedy, class_="remedy") for remedy in remedies),
        class_="finding",
        data_severity=severity,
    )


def _cause(cause: Cause, cited: wording.Citations, numbers: dict[str, int]) -> Markup:
    finding: Finding = cause.finding
    status = el("span", finding.status, class_="status") if finding.status != "new" else ""
    places = ", ".join(f"{place.file}:{place.line}" for place in finding.places)
    also = ", ".join(short(name, _NAME) for name in dict.fromkeys(cause.also))
    return el(
        "div",
        el("p", finding.message, " ", status),
        _path(finding.path, finding.via, numbers),
        _evidence(finding.evidence, finding.name, cited),
        el("p", f"In your files: {places}", class_="note") if places else "",
        el("p", f"The same holds for {also}.", class_="note") if also else "",
        class_="cause",
    )


def _path(path: Sequence[str], via: Sequence[str], numbers: dict[str, int]) -> Markup:
    """The way through the lineage, and a button that lights it up in the picture."""
    if len(path) < 2:
        return Markup()
    steps = " ".join(str(numbers[name]) for name in path if name in numbers)
    relations = ", ".join(dict.fromkeys(map(wording.relation_title, via)))
    button = el("button", "Show path", type="button", data_path=steps, hidden=True) if steps else ""
    words = short(wording.lineage_path([short(name, _NAME) for name in path]), _WORDS)
    return el("p", words, f" ({relations})" if relations else "", " ", button, class_="path")


def _evidence(spans: Iterable[Span], clause: str, cited: wording.Citations) -> Markup:
    """Quotes with section and place, linked where there is an address of the web."""
    rows = []
    for span in spans:
        quote = el("q", span.quote) if span.quote.strip() else ""
        section = cited.section(span, clause)
        rows.append(
            el("li", quote, " ", f"{section}, " if section else "", linked(wording.place(span), address.of_span(span)))
        )
    return el("ul", *rows, class_="evidence") if rows else Markup()


def linked(words: str, target: str) -> Markup:
    """Words as a link; the words alone where there is no address, which must come from `address`."""
    words = short(words, _NAME)
    return el("a", words, href=target, rel="noopener noreferrer") if target else el("span", words)


def _not_told(report: Report) -> Markup:
    """What could not be read or decided: never mixed with the clean."""
    unread: dict[tuple[str, str], list[str]] = {}
    for name, state, why in (*report.incomplete, *((name, "left out", why) for name, why in report.lineage.cut)):
        unread.setdefault((state, why), []).append(name)
    open_: dict[tuple[str, str], list[str]] = {}
    for row in report.undetermined:
        open_.setdefault((row.subject, row.why), []).append(row.name)
    if not (unread or open_):
        return Markup()
    rows = [
        el(
            "li",
            el("strong", *_spaced(map(_name, names), ", ")),
            f" {'is' if len(names) == 1 else 'are'} {state}: {why}",
        )
        for (state, why), names in unread.items()
    ]
    rows += [
        el(
            "li",
            el("strong", _name(subject)),
            ", undecided: ",
            *_spaced(dict.fromkeys(names), ", "),
            ". For want of: ",
            why,
        )
        for (subject, why), names in open_.items()
    ]
    return el("section", el("h2", "Could not tell"), el("ul", *rows), id="not-told")


def _lineage(lineage: Lineage) -> Markup:
    """Every member in a table."""
    up: dict[str, list[Markup]] = {}
    for edge in lineage.edges:
        span = edge.evidence[0] if edge.evidence else None
        proof = (
            join(" (", linked("evidence", address.of_span(span)), ")") if span and address.of_span(span) else Markup()
        )
        up.setdefault(edge.child, []).append(el("li", relation_words(edge), " ", _name(edge.parent), proof))
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
    hint = "Click a member for its license and clauses; arrow keys move on. Drag moves, Ctrl + wheel zooms."
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
    state = _state(node) if node else ["not read"]
    return el(
        "tr",
        el("th", linked(name, page), scope="row"),
        el("td", *_spaced(state, " · ")),
        el("td", el("ul", *parents) if parents else "—"),
        data_node=str(number),
    )


def _foot(report: Report) -> Markup:
    counts = [
        wording.count(sum(f.status == "new" for f in report.findings), "finding"),
        f"{len(report.undetermined) + len(report.incomplete)} could not be told",
        wording.count(len(report.lineage.nodes), "member"),
        f"exit code {report.exit_code}",
    ]
    made = f"Made by auditor {__version__}. Triage, not legal advice."
    return el("footer", el("p", *_spaced(counts, " · ")), el("p", made))


def _name(name: str) -> str:
    return short(name, _NAME)


def _spaced(parts: Iterable[str], between: str) -> list[str]:
    """The parts with `between` between them."""
    return [piece for part in parts for piece in (between, part)][1:]
