"""The report in Markdown: a comment for a pull request or a step summary, and a section for a model card."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from auditor.model import SEVERITIES, Decision, Edge, Lineage, Place, Reason, Report, Span, Use
from auditor.report import address, mermaid, wording
from auditor.report.folding import Group, fold
from auditor.report.graphs import members
from auditor.report.markup import escape, link
from auditor.report.rows import folded
from auditor.report.safe import short

_MARKS = {"allow": "✅", "conditions": "🟡", "deny": "❌", "undetermined": "❔"}
_CAUSES = 4  # causes of one rule that are spelled out; more are counted
_DRAWN = 60  # nodes; larger pictures are refused by the viewers
_PLACES = 5  # of the user's files, each; more are counted


def render(report: Report) -> str:
    """A comment: verdicts first, then duties, findings, what could not be told, and the lineage to unfold."""
    lines = ["## License audit", ""]
    lines += [f"> {escape(short(note, 400))}\n" for note in report.notes]
    groups = fold(report.findings, report.lineage.targets)
    for name in report.lineage.targets:
        lines += _target(report, name, groups.pop(name, []))
    for name, theirs in groups.items():
        lines += [f"### In the ancestry: {escape(name)}", "", *_table(theirs), ""]
    lines += _not_told(report)
    lines += _picture(report.lineage)
    return "\n".join((*lines, _closing(report))) + "\n"


def render_section(report: Report) -> str:
    """A section "License and lineage" for a model card: what it comes from, under which licenses, and the duties."""
    lines = ["## License and lineage", ""]
    for name in report.lineage.targets:
        node = report.lineage.nodes[name]
        lines += [f"**{escape(name)}**: {escape(wording.license_in_words(node))}.", ""]
        if node.license.why:
            lines += [f"How the license was told: {escape(short(node.license.why, 400))}.", ""]
    lines += _ancestors(report.lineage)
    cited = wording.Citations(report.lineage)
    for name, decision in report.decisions.items():
        if decision.duties:
            lines += [f"### Duties that come with {escape(name)}", "", *_reasons(decision.duties, "- [ ] ", cited)]
    lines += _not_told(report)
    return "\n".join((*lines, _closing(report))) + "\n"


def _target(report: Report, name: str, groups: Sequence[Group]) -> list[str]:
    node = report.lineage.nodes[name]
    lines = [f"### {link(name, address.of_node(node))}", ""]
    decision = report.decisions.get(name)
    if decision:
        declared = report.use != Use()
        use = wording.use_in_words(report.use) if declared else "any use (none was declared)"
        asked = "whether it is allowed for" if decision.verdict == "undetermined" else "for"
        verdict = f"{_MARKS[decision.verdict]} **{wording.VERDICTS[decision.verdict]}** {asked}"
        lines += [f"{verdict} {escape(use)}. License: {escape(wording.license_in_words(node))}.", ""]
        lines += _decision(decision, wording.Citations(report.lineage))
    if groups:
        lines += ["#### Findings", "", *_table(groups), ""]
    return lines


def _decision(decision: Decision, cited: wording.Citations) -> list[str]:
    lines: list[str] = []
    if decision.because:
        lines += ["#### What decides it", "", *_reasons(decision.because, "- ", cited)]
    for title, duties in wording.duties(decision).items():
        lines += [f"#### {title}", "", *_reasons(duties, "- [ ] ", cited)]
    if decision.release:
        license_ = escape(wording.license_name(decision.release.license))
        lines += [f"**License of your release:** {license_} {wording.GRANTS[decision.release.verdict]}", ""]
        others = ", ".join(escape(wording.license_name(name)) for name in decision.release.suggestions)
        lines += [f"Could be granted: {others}.", ""] if others else []
    if decision.open_questions:
        lines += ["#### What would settle it", "", *(f"- {escape(short(q, 400))}" for q in decision.open_questions), ""]
    return lines


def _reasons(reasons: Iterable[Reason], mark: str, cited: wording.Citations) -> list[str]:
    """Reasons under the license that gives them, so that each license and its link stand there once."""
    lines: list[str] = []
    for origin, theirs in wording.by_origin(reasons).items():
        trail = f" ({escape(wording.lineage_path(origin.path))})" if len(origin.path) > 1 else ""
        lines += [f"{link(short(origin.place, 200), address.web(origin.link))}{trail}:", ""] if origin.place else [""]
        lines += [f"{mark}{escape(short(reason.text, 400))}{_quote(reason, cited)}" for reason in theirs]
        lines.append("")
    return lines


def _quote(reason: Reason, cited: wording.Citations) -> str:
    """` “its words” (section 2)`, as far as there are any."""
    if not reason.evidence:
        return ""
    span = reason.evidence[0]
    section = cited.section(span, reason.clause)
    quote = f" “{escape(short(span.quote, 280))}”" if span.quote else ""
    return quote + (f" ({escape(section)})" if section and section not in reason.text else "")


def _place(span: Span) -> str:
    return link(short(wording.place(span), 200), address.of_span(span))


def _table(groups: Sequence[Group]) -> list[str]:
    lines = ["| Severity | Rule | What was found | What to do |", "|---|---|---|---|"]
    for group in groups:
        title = f"**{escape(group.causes[0].finding.title or group.name)}**<br>{escape(group.rule)}"
        causes = "<br><br>".join(_causes(group))
        remedies = dict.fromkeys(c.finding.remedy for c in group.causes[:_CAUSES] if c.finding.remedy)
        todo = "<br>".join(escape(short(remedy, 400)) for remedy in remedies)
        lines.append(f"| {SEVERITIES[group.weight]} | {title} | {causes} | {todo} |")
    return lines


def _causes(group: Group) -> Iterator[str]:
    for cause in group.causes[:_CAUSES]:
        finding = cause.finding
        parts = [f"*{finding.status}*"] if finding.status != "new" else []
        parts.append(escape(short(finding.message, 600)))
        parts += [_cited(span) for span in finding.evidence[:1]]
        parts += [f"Used at {_places(finding.places)}."] if finding.places else []
        if cause.also:
            parts.append(f"The same holds for {escape(', '.join(dict.fromkeys(cause.also)))}.")
        yield " ".join(parts)
    if len(group.causes) > _CAUSES:
        yield f"and {wording.count(len(group.causes) - _CAUSES, 'more cause')}"


def _places(places: Sequence[Place]) -> str:
    shown = ", ".join(escape(f"{p.file}:{p.line}") for p in places[:_PLACES])
    return shown + (f" and {len(places) - _PLACES} more" if len(places) > _PLACES else "")


def _cited(span: Span) -> str:
    quote = f"“{escape(short(span.quote, 280))}” " if span.quote else ""
    return f"{quote}({_place(span)})"


def _ancestors(lineage: Lineage) -> list[str]:
    """A table of all descent, one line a step, with the parent's license."""
    if not lineage.edges:
        return ["No ancestors are known.", ""]
    lines = ["| What | Relation | From | License of that | Said in |", "|---|---|---|---|---|"]
    return [*lines, *(_step(edge, lineage) for edge in lineage.edges), ""]


def _step(edge: Edge, lineage: Lineage) -> str:
    parent = lineage.nodes.get(edge.parent)
    license_ = escape(wording.license_in_words(parent)) if parent else "not read"
    relation = escape(wording.relation_title(edge.relation)) + (" (inferred)" if edge.how == "inferred" else "")
    said = "; ".join(link(short(wording.place(s), 120), address.of_span(s)) for s in edge.evidence[:1])
    origin = link(edge.parent, address.of_node(parent) if parent else "")
    return f"| {escape(edge.child)} | {relation} | {origin} | {license_} | {said} |"


def _not_told(report: Report) -> list[str]:
    """What could not be read or decided: never mixed with the clean."""
    lost = [f"- {escape(short(row.message, 1000))}" for row in folded(report) if row.kind != "finding"]
    lost += [f"- {escape(name)} was left out: {escape(short(why, 300))}" for name, why in report.lineage.cut]
    return ["### Could not tell", "", *lost, ""] if lost else []


def _picture(lineage: Lineage) -> list[str]:
    if not lineage.edges:
        return []
    if len(members(lineage)) > _DRAWN:
        return [f"The lineage has {len(lineage.nodes)} nodes, too many to draw here: `auditor lineage` shows it.", ""]
    picture = mermaid.render(lineage).rstrip("\n")
    return ["<details><summary>Lineage</summary>", "", "```mermaid", picture, "```", "", "</details>", ""]


def _closing(report: Report) -> str:
    dated = f" of {report.as_of}" if report.as_of else ""
    found = wording.count(len(report.findings), "finding")
    doubts = f"{len(report.undetermined) + len(report.incomplete)} could not be told"
    size = wording.count(len(report.lineage.nodes), "node")
    return (
        f"<sub>{found}, {doubts}, {size}; facts: {escape(report.source_kind)}{dated}. Triage, not legal advice.</sub>"
    )
