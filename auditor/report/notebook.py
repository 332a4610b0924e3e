"""The report as notebooks show it: verdict, reasons, duties and findings in a few lines of HTML without script or style
sheet. Text takes the color of the page around it, so that it can be read on light and dark alike.
"""

from __future__ import annotations

from collections.abc import Sequence

from auditor.model import SEVERITIES, Decision, Reason, Report, Use
from auditor.report import address, wording
from auditor.report.folding import fold
from auditor.report.tags import Markup, el, join, shown, spaced

_MOST = 8  # reasons, duties and findings that are spelled out, each; more are counted
_TARGETS = 5
_RIMS = {"allow": "#2e9e57", "conditions": "#c98a10", "undetermined": "#c98a10", "deny": "#d64a40"}
_BOX = "border:1px solid #8888;border-radius:8px;padding:.6em 1em;margin:.4em 0;max-width:60em;overflow-wrap:anywhere"
_LIST = "margin:.2em 0;padding-left:1.4em"
_FAINT = "opacity:.8;font-size:.9em"


def render(report: Report) -> str:
    """A fragment of HTML that loads nothing; its size does not grow with the lineage."""
    names = list(report.decisions)
    cited = wording.Citations(report.lineage)
    parts = [_target(report, name, cited) for name in names[:_TARGETS]]
    parts.append(_more(len(names) - _TARGETS, "targets"))
    dated = f", as of {report.as_of}" if report.as_of else ""
    closing = (
        f"Source of the data: {report.source_kind}{dated}. Triage, not legal advice. The whole report: report.to_html()"
    )
    return el(
        "div", *parts, _findings(report), _not_told(report), el("p", closing, style=_FAINT), style="margin:.4em 0"
    )


def _target(report: Report, name: str, cited: wording.Citations) -> Markup:
    decision, node = report.decisions[name], report.lineage.nodes.get(name)
    use = wording.use_in_words(report.use) if report.use != Use() else "any use (none was declared)"
    said = f"{wording.MARKS[decision.verdict]} {wording.VERDICTS[decision.verdict]}"
    return el(
        "div",
        el("div", el("strong", shown(name)), " ", *(spaced(wording.state_of(node), " · ") if node else ())),
        el("p", el("strong", said), f" for {use}", style="font-size:1.15em;margin:.3em 0"),
        _reasons("What decides it", decision.because, cited),
        *(_reasons(title, duties, cited) for title, duties in wording.duties(decision).items()),
        _questions(decision),
        style=f"{_BOX};border-left:6px solid {_RIMS[decision.verdict]}",
    )


def _reasons(title: str, reasons: Sequence[Reason], cited: wording.Citations) -> Markup:
    if not reasons:
        return Markup()
    rows = [el("li", reason.text, *_source(reason, cited)) for reason in reasons[:_MOST]]
    return join(el("div", el("em", title)), el("ul", *rows, style=_LIST), _more(len(reasons) - _MOST))


def _source(reason: Reason, cited: wording.Citations) -> tuple[str, ...]:
    if not reason.evidence:
        return ()
    span = reason.evidence[0]
    section = cited.section(span, reason.clause)
    quote = (": “", span.quote, "”") if span.quote.strip() else ()
    page, words = address.of_span(span), shown(wording.place(span))
    place = el("a", words, href=page, rel="noopener noreferrer", style="color:inherit") if page else words
    return " ", el("span", "(", place, f", {section}" if section else "", *quote, ")", style=_FAINT)


def _questions(decision: Decision) -> Markup:
    if not decision.open_questions:
        return Markup()
    rows = [el("li", words) for words in decision.open_questions[:_MOST]]
    more = _more(len(decision.open_questions) - _MOST)
    return join(el("div", el("em", "What would settle it")), el("ul", *rows, style=_LIST), more)


def _findings(report: Report) -> Markup:
    groups = [group for theirs in fold(report.findings, report.lineage.targets).values() for group in theirs]
    if not groups:
        return Markup()
    groups.sort(key=lambda group: -group.weight)
    rows = [
        el(
            "li",
            el("strong", SEVERITIES[g.weight]),
            f" {g.causes[0].finding.title or g.name}: ",
            g.causes[0].finding.message,
        )
        for g in groups[:_MOST]
    ]
    title = wording.count(len(report.findings), "finding")
    return el("details", el("summary", title), el("ul", *rows, style=_LIST), _more(len(groups) - _MOST))


def _not_told(report: Report) -> Markup:
    told = [
        wording.count(len(report.undetermined), "rule") + " could not be decided" if report.undetermined else "",
        wording.count(len(report.incomplete), "thing") + " could not be read" if report.incomplete else "",
    ]
    words = ", ".join(filter(None, told))
    return el("p", f"{words}; that is not the same as clean.", style="margin:.3em 0") if words else Markup()


def _more(left: int, noun: str = "") -> Markup:
    """How many are not spelled out."""
    return el("p", f"… and {left} more {noun}".rstrip(), style=_FAINT) if left > 0 else Markup()
