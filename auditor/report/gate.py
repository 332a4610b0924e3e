"""The gate's report for people: what fails, at the lines that cause it, and two closing lines; quiet where all is well.

Everything below the threshold is counted here and told in full by the formats for programs.
"""

from __future__ import annotations

from collections.abc import Sequence

from auditor.model import Finding, Place, Report
from auditor.report import gate_groups as grouped
from auditor.report import wording
from auditor.report.page import SEVERITY_STYLE, Page
from auditor.report.safe import plain, short

_PLACES = 3  # places of one subject that are spelled out; more are counted


def render(report: Report, width: int = 100, color: bool = False) -> str:
    """What fails the gate and what could not be told, `width` columns wide; else two lines."""
    page = Page(width, color)
    for group in grouped.groups(report):
        _subject(page, report, group)
        page.gap()
    if report.doubts != "ignore":
        _doubts(page, report)
    what, fault = grouped.result(report)
    style = {0: "bold green", 1: "bold red"}.get(report.exit_code, "bold magenta")
    page.whole(what, ": ", (fault, style))
    page.whole(" · ".join(grouped.counts(report)), style="dim")
    return page.text()


def _subject(page: Page, report: Report, group: grouped.Group) -> None:
    """The places of one subject, its verdict, what fails, and of what else that is true."""
    _places(page, group.subject, group.places[group.subject])
    said = grouped.header(report, group.subject)
    if said:
        page.put(said, first="  ", style="dim")
    for finding, after in zip(group.findings, [*group.findings[1:], None], strict=True):
        _finding(page, finding, told_next=after is not None and after.remedy == finding.remedy)
    if group.others:
        page.put(f"The same holds for {grouped.listed(group.others, group.places)}.", first="  ", style="dim")


def _places(page: Page, subject: str, places: Sequence[Place]) -> None:
    named = [f"{plain(p.file)}:{p.line}:{p.column}" for p in places[:_PLACES]]
    more = f" and {wording.count(len(places) - _PLACES, 'more place')}" if len(places) > _PLACES else ""
    where = f"{named[0]}  " if named else ""
    page.whole((where + ("" if places and subject == places[0].file else plain(subject)), "bold"))
    if named[1:]:
        page.put(f"also {', '.join(named[1:])}{more}", first="  ", style="dim")


def _finding(page: Page, finding: Finding, told_next: bool) -> None:
    """One finding; a remedy that the next one has too is left to that."""
    head = ((f"{finding.severity:<7}", SEVERITY_STYLE[finding.severity]), short(finding.message, 600))
    page.put(*head, (f"  [{plain(finding.rule)}]", "dim"), first="  ", rest=" " * 9)
    quoted = next((s for s in finding.evidence if s.quote), None)
    if quoted and quoted.file is not None and len(finding.path) > 1:
        page.put((wording.lineage_path(finding.path), "cyan"), first=" " * 9)
    if finding.remedy and not told_next:
        page.put(short(finding.remedy, 400), first=" " * 9 + "→ ", style="green")


def _doubts(page: Page, report: Report) -> None:
    """What could not be told and would keep the gate from passing: what was not read, and rules that stayed open."""
    users, unread, undecided = grouped.users(report), grouped.unread(report), grouped.undecided(report)
    for said, names in unread.items():
        if len(names) == 1:
            page.put((_at(users.get(names[0], ()), names[0]), "bold"), f" {said}")
        else:
            page.put((f"{len(names)} models and datasets", "bold"), f" {said}")
            page.put(grouped.listed(names, users), first="  ")
    for subject, theirs in undecided.items():
        page.put((_at(theirs[0].places, subject), "bold"), " could not be decided")
        for why, rules in grouped.by_reason(theirs).items():
            page.put(f"{', '.join(map(plain, rules))}, for want of: {why}", first="  ? ")
    if unread or undecided:
        page.gap()


def _at(places: Sequence[Place], name: str) -> str:
    first = f"{places[0].file}:{places[0].line}:{places[0].column}  " if places else ""
    return plain(first + name)
