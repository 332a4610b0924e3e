"""The gate's report for people: what fails, at the lines that cause it, and two closing lines; quiet where all is well.

Everything below the threshold is counted here and told in full by the other formats.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from auditor.model import SEVERITIES, Finding, Place, Report, Severity, Undetermined, Use
from auditor.report import wording
from auditor.report.page import SEVERITY_STYLE, Page
from auditor.report.safe import plain, short

_PLACES = 3  # places of one subject that are spelled out; more are counted


def render(report: Report, width: int = 100, color: bool = False) -> str:
    """What fails the gate and what could not be told, `width` columns wide; else two lines."""
    page = Page(width, color)
    failing = [f for f in report.findings if f.status == "new" and _weighs(f.severity, report)]
    for subject in _in_order(failing):
        _subject(page, report, subject, [f for f in failing if f.subject == subject])
    if report.doubts == "fail":
        _doubts(page, report)
    _closing(page, report, failing)
    return page.text()


def _weighs(severity: Severity, report: Report) -> bool:
    return SEVERITIES.index(severity) >= SEVERITIES.index(report.fail_on)


def _in_order(rows: Iterable[Finding]) -> list[str]:
    """Subjects in the order of their first places."""
    ordered = sorted(rows, key=lambda f: min(((p.file, p.line) for p in f.places), default=("", 0)))
    return list(dict.fromkeys(f.subject for f in ordered))


def _subject(page: Page, report: Report, subject: str, findings: Sequence[Finding]) -> None:
    """The places of one subject, its verdict, and what fails."""
    places = sorted({p for f in findings for p in f.places}, key=lambda p: (p.file, p.line, p.column))
    _places(page, subject, places)
    decision = report.decisions.get(subject)
    if decision:
        use = "the declared use" if report.use != Use() else "some uses" if decision.verdict == "deny" else "every use"
        license_ = wording.license_in_words(report.lineage.nodes[subject])
        page.put(f"{wording.VERDICTS[decision.verdict].lower()} for {use} · {license_}", first="  ", style="dim")
    ordered = sorted(findings, key=lambda f: (-SEVERITIES.index(f.severity), f.rule))
    for finding, after in zip(ordered, [*ordered[1:], None], strict=True):
        _finding(page, finding, told_next=after is not None and after.remedy == finding.remedy)
    page.gap()


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
    """What could not be told and keeps the gate from passing: what was not read, and rules that stayed open."""
    users = _users(report)
    unread = {
        name: f"{status}: {short(why, 300)}" for name, status, why in report.incomplete if _stops(name, status, report)
    }
    for name, said in unread.items():
        page.put((_at(users.get(name, ()), name), "bold"), f" {said}")
    rows = [u for u in report.undetermined if u.status == "new" and _weighs(u.severity, report)]
    for subject, theirs in _grouped(u for u in rows if u.subject not in unread).items():
        page.put((_at(theirs[0].places, subject), "bold"), " could not be decided")
        by_why: dict[str, list[str]] = {}
        for row in theirs:
            by_why.setdefault(row.why, []).append(row.name)
        for why, names in by_why.items():
            page.put(f"{', '.join(dict.fromkeys(map(plain, names)))}, for want of: {short(why, 300)}", first="  ? ")
    if unread or rows:
        page.gap()


def _stops(name: str, status: str, report: Report) -> bool:
    return status == "unreachable" or (name in report.lineage.targets and status != "gated")


def _at(places: Sequence[Place], name: str) -> str:
    first = f"{places[0].file}:{places[0].line}:{places[0].column}  " if places else ""
    return plain(first + name)


def _grouped(rows: Iterable[Undetermined]) -> dict[str, list[Undetermined]]:
    grouped: dict[str, list[Undetermined]] = {}
    for row in rows:
        grouped.setdefault(row.subject, []).append(row)
    return grouped


def _users(report: Report) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {}
    for subject, places in (
        *((f.subject, f.places) for f in report.findings),
        *((u.subject, u.places) for u in report.undetermined),
    ):
        found.setdefault(subject, []).extend(places)
    return found


def _closing(page: Page, report: Report, failing: Sequence[Finding]) -> None:
    uses = wording.count(len(report.references or ()), "use")
    number = len(report.lineage.targets)
    what = f"{uses} of {wording.count(number, 'model or dataset', 'models, datasets and closed models')}"
    if failing:
        fault = f"{wording.count(len(failing), 'finding')} at or over {report.fail_on}"
    elif report.exit_code == 3:
        fault = "could not decide"
    else:
        fault = "nothing at or over " + report.fail_on
    style = {0: "bold green", 1: "bold red"}.get(report.exit_code, "bold magenta")
    page.whole(what, ": ", (fault, style))
    dated = f", {report.as_of}" if report.as_of else ""
    parts = [*_counts(report), f"{report.source_kind}{dated}", f"exit {report.exit_code}", "triage, not legal advice"]
    page.whole(" · ".join(parts), style="dim")


def _counts(report: Report) -> list[str]:
    """What is not spelled out above."""
    below = Counter(f.severity for f in report.findings if f.status == "new" and not _weighs(f.severity, report))
    states = Counter([f.status for f in report.findings] + [u.status for u in report.undetermined])
    open_rules = [u for u in report.undetermined if u.status == "new"]
    unresolved = sum(u.rule == "unresolved-reference" for u in open_rules)
    parts = [", ".join(f"{below[s]} {s}" for s in reversed(SEVERITIES) if below[s])]
    parts += [f"{states['waived']} waived" if states["waived"] else ""]
    parts += [f"{states['baseline']} in the baseline" if states["baseline"] else ""]
    parts += [f"{len(open_rules) - unresolved} could not be told" if len(open_rules) > unresolved else ""]
    parts += [f"{wording.count(unresolved, 'name')} known only at run time" if unresolved else ""]
    return [part for part in parts if part]
