"""The gate's report for people: what fails, at the lines that cause it, and two closing lines; quiet where all is well.

Everything below the threshold is counted here and told in full by the other formats.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from auditor.model import SEVERITIES, Finding, Place, Report, Severity, Undetermined, Use
from auditor.report import wording
from auditor.report.page import SEVERITY_STYLE, Page
from auditor.report.safe import plain, short

_PLACES = 3  # places of one subject that are spelled out; more are counted
_NAMES = 20  # subjects with the same fault that are spelled out
_NOWHERE = Place("", 0)
_UNRESOLVED = "unresolved-reference"


def render(report: Report, width: int = 100, color: bool = False) -> str:
    """What fails the gate and what could not be told, `width` columns wide; else two lines."""
    page = Page(width, color)
    failing = [f for f in report.findings if f.status == "new" and _weighs(f.severity, report)]
    alike: dict[tuple[object, ...], list[str]] = {}
    for subject in _in_order(failing):
        alike.setdefault(_cause(report, subject, _of(failing, subject)), []).append(subject)
    for first, *others in alike.values():
        _subject(page, report, first, _of(failing, first))
        if others:
            places = {name: [p for f in _of(failing, name) for p in f.places] for name in others}
            page.put(f"The same holds for {_listed(others, places)}.", first="  ", style="dim")
        page.gap()
    if report.doubts != "ignore":
        _doubts(page, report)
    _closing(page, report, failing)
    return page.text()


def _weighs(severity: Severity, report: Report) -> bool:
    return SEVERITIES.index(severity) >= SEVERITIES.index(report.fail_on)


def _in_order(rows: Iterable[Finding]) -> list[str]:
    """Subjects in the order of their first places."""
    ordered = sorted(rows, key=lambda f: min(((p.file, p.line) for p in f.places), default=("", 0)))
    return list(dict.fromkeys(f.subject for f in ordered))


def _of(findings: Iterable[Finding], subject: str) -> list[Finding]:
    ordered = sorted(findings, key=lambda f: (-SEVERITIES.index(f.severity), f.rule))
    return [f for f in ordered if f.subject == subject]


def _cause(report: Report, subject: str, findings: Sequence[Finding]) -> tuple[object, ...]:
    """What subjects have in common that are told once for all: the same findings for the same reasons."""
    told = tuple((f.rule, f.severity, f.remedy, f.path[1:], [s.quote for s in f.evidence[:1]]) for f in findings)
    decision, node = report.decisions.get(subject), report.lineage.nodes.get(subject)
    return decision and decision.verdict, node and wording.license_in_words(node), repr(told)


def _listed(names: Sequence[str], places: Mapping[str, Sequence[Place]]) -> str:
    """`train.py:3 lab/a, 9 lab/b; test.py:1 lab/c and 7 more`"""
    by_file: dict[str, list[str]] = {}
    for name in names[:_NAMES]:
        first = min(places.get(name) or (_NOWHERE,), key=lambda p: (p.file, p.line))
        by_file.setdefault(first.file, []).append(f"{first.line} {plain(name)}".removeprefix("0 "))
    told = "; ".join(plain(f"{file}:") * bool(file) + ", ".join(theirs) for file, theirs in by_file.items())
    return told + (f" and {len(names) - _NAMES} more" if len(names) > _NAMES else "")


def _subject(page: Page, report: Report, subject: str, findings: Sequence[Finding]) -> None:
    """The places of one subject, its verdict, and what fails."""
    places = sorted({p for f in findings for p in f.places}, key=lambda p: (p.file, p.line, p.column))
    _places(page, subject, places)
    decision = report.decisions.get(subject)
    if decision:
        use = "the declared use" if report.use != Use() else "some uses" if decision.verdict == "deny" else "every use"
        license_ = wording.license_in_words(report.lineage.nodes[subject])
        page.put(f"{wording.VERDICTS[decision.verdict].lower()} for {use} · {license_}", first="  ", style="dim")
    for finding, after in zip(findings, [*findings[1:], None], strict=True):
        _finding(page, finding, told_next=after is not None and after.remedy == finding.remedy)


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
    users = _users(report)
    stopping = [row for row in report.incomplete if _stops(row[0], row[1], report)]
    unread = {name for name, *_ in stopping}
    by_said: dict[str, list[str]] = {}
    for name, status, why in stopping:
        by_said.setdefault(f"{status}: {short(why, 300)}", []).append(name)
    for said, names in by_said.items():
        if len(names) == 1:
            page.put((_at(users.get(names[0], ()), names[0]), "bold"), f" {said}")
        else:
            page.put((f"{len(names)} models and datasets", "bold"), f" {said}")
            page.put(f"{_listed(names, users)}", first="  ")
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
    unresolved = sum(len(u.places) for u in open_rules if u.rule == _UNRESOLVED)
    unsettled = len({u.subject for u in open_rules if u.rule != _UNRESOLVED})
    parts = [", ".join(f"{below[s]} {s}" for s in reversed(SEVERITIES) if below[s])]
    parts += [f"{states['waived']} waived" if states["waived"] else ""]
    parts += [f"{states['baseline']} in the baseline" if states["baseline"] else ""]
    parts += [f"of {unsettled} something could not be told" if unsettled else ""]
    parts += [f"{wording.count(unresolved, 'name')} known only at run time" if unresolved else ""]
    return [part for part in parts if part]
