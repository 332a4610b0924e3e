"""The verdict in the HTML report: what decides it, the duties under the license that gives them, and what is open."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.model import Decision, Reason, Report, Use
from auditor.report import address, wording
from auditor.report.graphs import ancestry
from auditor.report.html_findings import path_of
from auditor.report.tags import Markup, el, join, linked, shown, spaced

Numbers = dict[str, int]


def section(report: Report, name: str, cited: wording.Citations, numbers: Numbers) -> Markup:
    """One target. Its name is the heading where there are several; of a single one the page has it already."""
    decision, node = report.decisions.get(name), report.lineage.nodes.get(name)
    if decision is None:
        return Markup()
    several = len(report.lineage.targets) > 1
    verdict = join(
        el("span", wording.MARKS[decision.verdict], class_="mark", aria_hidden="true"),
        el("strong", wording.VERDICTS[decision.verdict]),
        _use(report.use, decision),
    )
    return el(
        "section",
        el("h2", shown(name)) if several else "",
        el("p" if several else "h2", verdict, class_="verdict"),
        el("p", *spaced(wording.state_of(node), " · "), class_="about") if node else Markup(),
        _at_a_glance(report, name, decision),
        _reasons("What decides it", decision.because, "✗", cited, numbers),
        *(_reasons(title, them, "☐", cited, numbers) for title, them in wording.duties(decision).items()),
        _release(decision),
        _listed("What would settle it", decision.open_questions),
        class_=f"target {decision.verdict}",
    )


def _use(use: Use, decision: Decision) -> str:
    """What the verdict is about: the use named above, or, where none is declared, every use."""
    every = "some uses" if decision.verdict == "deny" else "every use"
    what = "this use" if use != Use() else every
    return f" whether {what} is allowed" if decision.verdict == "undetermined" else f" for {what}"


def _at_a_glance(report: Report, name: str, decision: Decision) -> Markup:
    """What else the page holds on this target, and that something is missing from it."""
    own = [f for f in report.findings if f.subject == name and f.status == "new"]
    grave = [f"{n} {s}" for s in ("high", "medium") if (n := sum(f.severity == s for f in own))]
    findings = wording.count(len(own), "finding") + (f" ({', '.join(grave)})" if grave else "")
    kin = ancestry(report.lineage, name)
    open_ = sum(row.subject == name for row in report.undetermined)
    unread = len(kin & {node for node, _, _ in report.incomplete})
    doubts = [
        f"{wording.count(open_, 'rule')} undecided" if open_ else "",
        f"{wording.count(unread, 'member')} of the lineage not read whole" if unread else "",
    ]
    told = ", ".join(filter(None, doubts))
    parts = [
        Markup(wording.duties_in_short(decision)) if decision.duties else Markup(),
        el("a", findings, href="#findings") if own else Markup("no finding"),
        el("a", told, href="#not-told") if told else Markup(),
        el("a", f"lineage of {wording.count(len(kin), 'member')}", href="#lineage"),
    ]
    return el("p", *spaced([part for part in parts if part], " · "), class_="glance")


def _reasons(title: str, reasons: Sequence[Reason], mark: str, cited: wording.Citations, numbers: Numbers) -> Markup:
    """Reasons or duties under the license that gives them, each with its quote and section."""
    groups = [
        join(_origin(origin, numbers), el("ul", *(_reason(reason, mark, cited) for reason in theirs), class_="reasons"))
        for origin, theirs in wording.by_origin(reasons).items()
    ]
    return join(el("h3", title), *groups) if groups else Markup()


def _origin(origin: wording.Origin, numbers: Numbers) -> Markup:
    head = el("p", linked(origin.place, address.web(origin.link)), class_="origin") if origin.place else Markup()
    return join(head, path_of(origin.path, (), numbers))


def _reason(reason: Reason, mark: str, cited: wording.Citations) -> Markup:
    quotes = [_quote(reason, cited)] if reason.evidence else []
    return el("li", el("span", mark, class_="mark", aria_hidden="true"), el("div", el("p", reason.text), *quotes))


def _quote(reason: Reason, cited: wording.Citations) -> Markup:
    span = reason.evidence[0]
    section = cited.section(span, reason.clause) or "the text"
    quote = el("q", span.quote) if span.quote.strip() else ""
    return el("p", quote, " ", linked(section, address.of_span(span)), class_="quote")


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
