"""The findings in the HTML report: under their subject, gravest first, each with path, evidence and remedy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditor.model import SEVERITIES, Finding, Span
from auditor.report import address, wording
from auditor.report.folding import Cause, Group
from auditor.report.safe import plain, short
from auditor.report.tags import NAME, WORDS, Markup, el, linked, shown


def section(groups: dict[str, list[Group]], cited: wording.Citations, numbers: dict[str, int]) -> Markup:
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
        parts.append(el("section", el("h3", shown(subject)), *rows, class_="subject"))
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
    also = ", ".join(short(name, NAME) for name in dict.fromkeys(cause.also))
    return el(
        "div",
        el("p", finding.message, " ", status),
        path_of(finding.path, finding.via, numbers),
        evidence_of(finding.evidence, finding.name, cited),
        el("p", f"In your files: {places}", class_="note") if places else "",
        el("p", f"The same holds for {also}.", class_="note") if also else "",
        class_="cause",
    )


def path_of(path: Sequence[str], via: Sequence[str], numbers: dict[str, int]) -> Markup:
    """The way through the lineage, and a button that lights it up in the picture."""
    if len(path) < 2:
        return Markup()
    steps = " ".join(str(numbers[name]) for name in path if name in numbers)
    relations = ", ".join(dict.fromkeys(map(wording.relation_title, via)))
    button = el("button", "Show path", type="button", data_path=steps, hidden=True) if steps else ""
    words = short(wording.lineage_path([short(name, NAME) for name in path]), WORDS)
    return el("p", words, f" ({relations})" if relations else "", " ", button, class_="path")


def evidence_of(spans: Iterable[Span], clause: str, cited: wording.Citations) -> Markup:
    """Quotes with section and place, linked where there is an address of the web."""
    rows = []
    for span in spans:
        quote = el("q", span.quote) if span.quote.strip() else ""
        section = cited.section(span, clause)
        rows.append(
            el("li", quote, " ", f"{section}, " if section else "", linked(wording.place(span), address.of_span(span)))
        )
    return el("ul", *rows, class_="evidence") if rows else Markup()
