"""The report for people: verdict first, then why, what to do, what was found, and what could not be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from auditor.model import SEVERITIES, Decision, Finding, Reason, Release, Report, Use
from auditor.report import wording
from auditor.report.folding import Cause, Group, fold
from auditor.report.page import SEVERITY_STYLE, VERDICT_STYLE, Page
from auditor.report.safe import plain, short
from auditor.report.wording import Citations

_QUOTE = 280  # characters of a quote; its place says where the rest is
_NO_USE = "no use was declared, so every use counts; --for product and the like narrow it down"
_CAUSES = 4  # causes of one rule that are spelled out; more are counted
_DOTS = {"high": "●", "medium": "●", "low": "○", "info": "○"}


def render(report: Report, width: int = 100, color: bool = False) -> str:
    """The whole report, `width` columns wide."""
    page = Page(width, color)
    groups = fold(report.findings, report.lineage.targets)
    cited = Citations(report.lineage)
    for note in report.notes:
        page.put(short(note, 400), style="dim")
    for number, target in enumerate(report.lineage.targets):
        if number:
            page.gap()
            page.whole("─" * min(width, 100), style="dim")
            page.gap()
        _target(page, report, target, groups.pop(target, []), cited)
    if groups:
        page.heading("In the ancestry")
        for subject, theirs in groups.items():
            page.gap()
            page.put((plain(subject), "bold"), first="  ")
            for group in theirs:
                _group(page, group, cited, report.lineage.targets)
    _not_told(page, report)
    _closing(page, report)
    return page.text()


def _target(page: Page, report: Report, name: str, groups: list[Group], cited: Citations) -> None:
    cited.afresh()
    node = report.lineage.nodes.get(name)
    page.put((plain(name), "bold"))
    if node:
        page.put(_about(report, name), style="dim")
    decision = report.decisions.get(name)
    if decision:
        _decision(page, decision, report, cited)
    if groups:
        cited.afresh()
        page.heading("Findings")
        for group in groups:
            _group(page, group, cited, (name,))


def _about(report: Report, name: str) -> str:
    """One line about a target: kind, license, state, revision."""
    record = report.lineage.nodes[name].record
    facts = [
        report.lineage.nodes[name].ref.kind,
        wording.license_in_words(report.lineage.nodes[name]),
        record.status if record.status not in ("resolved", "closed") else "",
        f"revision {record.revision[:12]}" if record.revision else "",
        f"facts of {record.as_of}" if record.as_of and record.as_of != report.as_of else "",
        f"asked for as {', '.join(map(plain, record.aliases))}" if record.aliases else "",
    ]
    return " · ".join(fact for fact in facts if fact)


def _decision(page: Page, decision: Decision, report: Report, cited: Citations) -> None:
    """The verdict in one line with its reason, then what decides it, then the duties as a checklist."""
    verdict = (wording.VERDICTS[decision.verdict], VERDICT_STYLE[decision.verdict])
    page.gap()
    declared = report.use != Use()
    every = "some uses" if decision.verdict == "deny" else "every use"
    use = wording.use_in_short(report.use) if declared else every
    page.put(verdict, f" for {use}: {_in_short(decision)}", first="  ")
    page.put(wording.use_in_words(report.use) if declared else _NO_USE, first="  ", style="dim")
    if decision.because:
        page.heading("What decides it")
        _reasons(page, decision.because, "✗", cited)
    for title, duties in wording.duties(decision).items():
        page.heading(title)
        _reasons(page, duties, "☐", cited)
    if decision.release:
        _release(page, decision.release)
    if decision.open_questions and not _one_question(decision):
        page.heading("What would settle it")
        for question in decision.open_questions:
            page.put(short(question, 400), first="  ? ")


def _release(page: Page, release: Release) -> None:
    """The license for a release of one's own: whether it can be granted, and which could be."""
    page.heading("License of your release")
    verdict = (wording.GRANTS[release.verdict], VERDICT_STYLE[release.verdict])
    page.put((wording.license_name(release.license), "bold"), " ", verdict, first="  ")
    if release.suggestions:
        page.put(f"Could be granted: {', '.join(map(wording.license_name, release.suggestions))}.", first="  ")
    elif release.verdict == "deny":
        page.put("No license of the catalogue could be granted for what is derived from it.", first="  ")


def _in_short(decision: Decision) -> str:
    if decision.verdict == "conditions":
        return f"{wording.duties_in_short(decision, ' to meet')}."
    if decision.because:
        return f"{'; '.join(dict.fromkeys(map(_cause_in_short, decision.because)))}."
    if _one_question(decision):
        return short(decision.open_questions[0], 400)
    if decision.verdict == "undetermined":
        return f"{wording.count(len(decision.open_questions), 'question')} open, see below."
    return "nothing in its license or its ancestry stands in the way."


def _one_question(decision: Decision) -> bool:
    """Is one open question the whole reason? Then the line of the verdict says it."""
    return decision.verdict == "undetermined" and not decision.because and len(decision.open_questions) == 1


def _cause_in_short(reason: Reason) -> str:
    """`user-count cap of lab/base-7b`."""
    if reason.clause == "release-license":
        return "the license of your release cannot be granted"
    owner = f" of {plain(reason.path[-1])}" if len(reason.path) > 1 else ""
    return f"{wording.clause_title(reason.clause)}{owner}"


def _reasons(page: Page, reasons: Sequence[Reason], mark: str, cited: Citations) -> None:
    """Reasons under the license that gives them, so that each license and its address stand there once."""
    for number, (origin, theirs) in enumerate(wording.by_origin(reasons).items()):
        if number:
            page.gap()
        _trail(page, origin.path, (), 2)
        if origin.place:
            page.put(origin.place, first="  ", style="cyan" if len(origin.path) < 2 else "")
        if origin.link:
            page.whole(origin.link, indent=2, style="dim underline")
        for reason in theirs:
            _reason(page, reason, mark, cited)


def _reason(page: Page, reason: Reason, mark: str, cited: Citations) -> None:
    span = reason.evidence[0] if reason.evidence else None
    section = cited.section(span, reason.clause) if span else ""
    if section in reason.text:
        section = ""
    page.put(short(reason.text, 400), (f"  {section}" if section else "", "dim"), first=f"    {mark} ")
    if span and span.quote:
        page.put(f"“{short(span.quote, _QUOTE)}”", first="      ", style="italic")


def _group(page: Page, group: Group, cited: Citations, home: Sequence[str]) -> None:
    """One rule: severity and title, then each cause with its path, quote and remedy."""
    severity = SEVERITIES[group.weight]
    title, name = plain(group.causes[0].finding.title or group.name), plain(group.name)
    page.gap()
    head = ((f"{_DOTS[severity]} {severity:<7}", SEVERITY_STYLE[severity]), (title, "bold"), (f"  {name}", "dim"))
    page.put(*head, first="  ", rest=" " * 11)
    for cause in group.causes[:_CAUSES]:
        _cause(page, cause, cited, home)
    if len(group.causes) > _CAUSES:
        hidden = wording.count(len(group.causes) - _CAUSES, "more cause")
        origins = dict.fromkeys(c.finding.path[-1] for c in group.causes[_CAUSES:] if c.finding.path)
        page.put(f"and {hidden}: {', '.join(plain(o) for o in origins)}", first=" " * 11, style="dim")
    for remedy in dict.fromkeys(c.finding.remedy for c in group.causes[:_CAUSES] if c.finding.remedy):
        page.put(short(remedy, 400), first=" " * 11 + "→ ", style="green")


def _cause(page: Page, cause: Cause, cited: Citations, home: Sequence[str]) -> None:
    finding = cause.finding
    status = f" [{finding.status}]" if finding.status != "new" else ""
    page.put(short(finding.message, 600) + status, first=" " * 11)
    _trail(page, finding.path, finding.via, 11)
    _quotes(page, finding, 11, cited)
    others = [plain(name) for name in dict.fromkeys(cause.also) if name not in home]
    if others:
        page.put(f"The same holds for {', '.join(others)}.", first=" " * 11, style="dim")


def _trail(page: Page, path: Sequence[str], via: Sequence[str], indent: int) -> None:
    """The way through the lineage, where there is one."""
    if len(path) > 1:
        relations = f"  ({', '.join(dict.fromkeys(map(wording.relation_title, via)))})" if via else ""
        page.put((wording.lineage_path(path), "cyan"), (relations, "dim"), first=" " * indent)


def _quotes(page: Page, finding: Finding, indent: int, cited: Citations) -> None:
    """The quoted words, and under them section, place and address."""
    for span in finding.evidence[:1]:  # the JSON has all places
        if span.quote:
            page.put(f"“{short(span.quote, _QUOTE)}”", first=" " * indent, style="italic")
        where = [cited.section(span, finding.name), wording.place(span)]
        page.put(", ".join(filter(None, where)), first=" " * indent, style="dim")
        address = cited.address(span)
        if address:
            page.whole(address, indent=indent, style="dim underline")


def _not_told(page: Page, report: Report) -> None:
    """Rules that could not be decided and repositories that could not be read: never mixed with the clean."""
    if not (report.undetermined or report.incomplete or report.lineage.cut):
        return
    page.heading("Could not tell")
    unread: dict[tuple[str, str], list[str]] = {}
    left_out = [(name, "left out", why) for name, why in report.lineage.cut]
    for name, state, why in (*report.incomplete, *left_out):
        unread.setdefault((state, why), []).append(name)
    for (state, why), names in unread.items():
        said = f" {'is' if len(names) == 1 else 'are'} {state}" + (f": {short(why, 300)}" if why else "")
        page.put((", ".join(map(plain, names)), "bold"), said, first="  ! ")
    lost = {name for name in report.lineage.targets if wording.unread(report.lineage.nodes[name])}
    for name, number in Counter(row.subject for row in report.undetermined if row.subject in lost).items():
        said = f": nothing of it could be read, so {wording.count(number, 'rule')} could not be decided"
        page.put((plain(name), "bold"), said, first="  ? ")
    undecided: dict[tuple[str, str], list[str]] = {}
    for row in report.undetermined:
        if row.subject not in lost:
            undecided.setdefault((row.subject, _without_known(row.why, report)), []).append(row.name)
    for (subject, why), names in undecided.items():
        rules = ", ".join(dict.fromkeys(map(plain, names)))
        page.put((plain(subject), "bold"), f", undecided: {rules}", first="  ? ")
        page.put(f"for want of: {short(why, 300)}", first="    ", style="dim")


def _without_known(why: str, report: Report) -> str:
    """A reason without what the lines on unread repositories say already."""
    for name, _, said in report.incomplete:
        why = why.replace(f"{name}: {said}", name)
    return why


def _closing(page: Page, report: Report) -> None:
    page.gap()
    dated = f", {report.as_of}" if report.as_of else ""
    parts = (
        _tally(report.findings),
        f"{len(report.undetermined) + len(report.incomplete)} could not be told",
        wording.count(len(report.lineage.nodes), "node"),
        f"{report.source_kind}{dated}",
        f"exit {report.exit_code}",
    )
    page.put(" · ".join(parts))
    page.put("Triage, not legal advice.", style="dim")


def _tally(findings: Sequence[Finding]) -> str:
    live = Counter(finding.severity for finding in findings if finding.status == "new")
    quiet = sum(finding.status != "new" for finding in findings)
    parts = [f"{live[severity]} {severity}" for severity in reversed(SEVERITIES) if live[severity]]
    parts += [f"{quiet} waived or in the baseline"] if quiet else []
    return ", ".join(parts) or "no findings"
