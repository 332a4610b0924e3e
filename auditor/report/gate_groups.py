"""What the gate tells people, sorted: subjects that fail alike, what could not be read or decided, and counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from auditor.model import SEVERITIES, Finding, Place, Report, Severity, Undetermined, Use
from auditor.report import wording
from auditor.report.safe import plain, short

_NAMES = 20  # subjects with the same fault that are spelled out
_NOWHERE = Place("", 0)
_UNRESOLVED = "unresolved-reference"


class Group(NamedTuple):
    """Subjects that fail for the same reasons, in the order of the code: the findings on the first, then the others."""

    subject: str
    findings: list[Finding]
    others: list[str]
    places: Mapping[str, Sequence[Place]]


def weighs(severity: Severity, report: Report) -> bool:
    """Is it at or over the threshold?"""
    return SEVERITIES.index(severity) >= SEVERITIES.index(report.fail_on)


def failing(report: Report) -> list[Finding]:
    """The new findings at or over the threshold."""
    return [f for f in report.findings if f.status == "new" and weighs(f.severity, report)]


def groups(report: Report) -> list[Group]:
    """What fails, told once for all subjects with the same findings for the same reasons."""
    found = failing(report)
    alike: dict[tuple[object, ...], list[str]] = {}
    for subject in _in_order(found):
        alike.setdefault(_cause(report, subject, _of(found, subject)), []).append(subject)
    made = []
    for first, *others in alike.values():
        places = {name: _sorted(p for f in _of(found, name) for p in f.places) for name in (first, *others)}
        made.append(Group(first, _of(found, first), others, places))
    return made


def header(report: Report, subject: str) -> str:
    """The verdict on a subject for the use, and its license; empty for what is no target."""
    decision = report.decisions.get(subject)
    if decision is None:
        return ""
    use = "the declared use" if report.use != Use() else "some uses" if decision.verdict == "deny" else "every use"
    license_ = wording.license_in_words(report.lineage.nodes[subject])
    return f"{wording.VERDICTS[decision.verdict].lower()} for {use} · {license_}"


def unread(report: Report) -> dict[str, list[str]]:
    """What keeps the gate from passing because it could not be read: status and reason, with the names."""
    by_said: dict[str, list[str]] = {}
    for name, status, why in report.incomplete:
        if status == "unreachable" or (name in report.lineage.targets and status != "gated"):
            by_said.setdefault(f"{status}: {short(why, 300)}", []).append(name)
    return by_said


def undecided(report: Report) -> dict[str, list[Undetermined]]:
    """Rules that stayed open and weigh, by subject; of what could not be read nothing more is told."""
    lost = {name for names in unread(report).values() for name in names}
    found: dict[str, list[Undetermined]] = {}
    for row in report.undetermined:
        if row.status == "new" and weighs(row.severity, report) and row.subject not in lost:
            found.setdefault(row.subject, []).append(row)
    return found


def by_reason(rows: Iterable[Undetermined]) -> dict[str, list[str]]:
    """Names of rules by what they lack."""
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(short(row.why, 300), []).append(row.name)
    return {why: list(dict.fromkeys(names)) for why, names in found.items()}


def users(report: Report) -> dict[str, list[Place]]:
    """Where each subject of a finding or an open rule is used."""
    found: dict[str, list[Place]] = {}
    for subject, places in (
        *((f.subject, f.places) for f in report.findings),
        *((u.subject, u.places) for u in report.undetermined),
    ):
        found.setdefault(subject, []).extend(places)
    return found


def listed(names: Sequence[str], places: Mapping[str, Sequence[Place]], show: Callable[[str], str] = plain) -> str:
    """`train.py:3 lab/a, 9 lab/b; test.py:1 lab/c and 7 more`"""
    by_file: dict[str, list[str]] = {}
    for name in names[:_NAMES]:
        first = min(places.get(name) or (_NOWHERE,), key=lambda p: (p.file, p.line))
        by_file.setdefault(first.file, []).append(f"{first.line} {show(name)}".removeprefix("0 "))
    told = "; ".join(show(f"{file}:") * bool(file) + ", ".join(theirs) for file, theirs in by_file.items())
    return told + (f" and {len(names) - _NAMES} more" if len(names) > _NAMES else "")


def result(report: Report) -> tuple[str, str]:
    """What was looked at, and how it came out."""
    uses = wording.count(len(report.references or ()), "use")
    number = wording.count(len(report.lineage.targets), "model or dataset", "models, datasets and closed models")
    found = failing(report)
    if found:
        return f"{uses} of {number}", f"{wording.count(len(found), 'finding')} at or over {report.fail_on}"
    undecided_ = "could not decide" if report.exit_code == 3 else f"nothing at or over {report.fail_on}"
    return f"{uses} of {number}", undecided_


def counts(report: Report) -> list[str]:
    """What is not spelled out, the source of the facts, and the exit code."""
    below = Counter(f.severity for f in report.findings if f.status == "new" and not weighs(f.severity, report))
    states = Counter([f.status for f in report.findings] + [u.status for u in report.undetermined])
    open_rules = [u for u in report.undetermined if u.status == "new"]
    unresolved = sum(len(u.places) for u in open_rules if u.rule == _UNRESOLVED)
    unsettled = len({u.subject for u in open_rules if u.rule != _UNRESOLVED})
    parts = [
        ", ".join(f"{below[s]} {s}" for s in reversed(SEVERITIES) if below[s]),
        f"{states['waived']} waived" if states["waived"] else "",
        f"{states['baseline']} in the baseline" if states["baseline"] else "",
        f"of {unsettled} something could not be told" if unsettled else "",
        f"{wording.count(unresolved, 'name')} known only at run time" if unresolved else "",
        report.source_kind + (f", {report.as_of}" if report.as_of else ""),
        f"exit {report.exit_code}",
        "triage, not legal advice",
    ]
    return [part for part in parts if part]


def _in_order(rows: Iterable[Finding]) -> list[str]:
    """Subjects in the order of their first places."""
    ordered = sorted(rows, key=lambda f: min(((p.file, p.line) for p in f.places), default=("", 0)))
    return list(dict.fromkeys(f.subject for f in ordered))


def _of(findings: Iterable[Finding], subject: str) -> list[Finding]:
    ordered = sorted(findings, key=lambda f: (-SEVERITIES.index(f.severity), f.rule))
    return [f for f in ordered if f.subject == subject]


def _sorted(places: Iterable[Place]) -> list[Place]:
    return sorted(set(places), key=lambda p: (p.file, p.line, p.column))


def _cause(report: Report, subject: str, findings: Sequence[Finding]) -> tuple[object, ...]:
    """What subjects have in common that are told once for all."""
    told = tuple((f.rule, f.severity, f.remedy, f.path[1:], [s.quote for s in f.evidence[:1]]) for f in findings)
    decision, node = report.decisions.get(subject), report.lineage.nodes.get(subject)
    return decision and decision.verdict, node and wording.license_in_words(node), repr(told)
