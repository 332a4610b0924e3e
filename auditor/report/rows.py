"""What an audit says, one row each, for formats that are lists: findings, open rules, and repositories not read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from auditor.model import SEVERITIES, FindingStatus, Place, Report, Severity, Span, Undetermined
from auditor.report.wording import count, unread

NOT_READ, UNDETERMINED = "not-read", "undetermined"  # names that no rule has
_OPEN = "Could not tell: "
_UNRESOLVED = "unresolved-reference"


@dataclass(frozen=True, slots=True)
class Row:
    """One result. `weighs` says whether it alone would make the audit fail; `kind` tells how.

    An `undetermined` row is a rule that could not be decided, an `incomplete` one a repository that could not be read
    whole, under the name `not-read`. `fingerprint` is stable across runs.
    """

    kind: Literal["finding", "undetermined", "incomplete"]
    rule: str
    title: str
    severity: Severity
    subject: str
    message: str
    remedy: str = ""
    status: FindingStatus = "new"
    weighs: bool = False
    path: tuple[str, ...] = ()
    via: tuple[str, ...] = ()
    evidence: tuple[Span, ...] = ()
    places: tuple[Place, ...] = ()
    fingerprint: str = ""
    why: str = ""


def rows(report: Report) -> list[Row]:
    """All of them, in the order of the report; the first that `weighs` is of the kind that made the exit code."""
    return [*_findings(report), *_undetermined(report), *_incomplete(report)]


def folded(report: Report) -> list[Row]:
    """The same with less noise: rules that one and the same gap leaves open are one row, which names them all."""
    lost = {name for name, node in report.lineage.nodes.items() if unread(node)}
    groups: dict[tuple[str, str, str], list[Row]] = {}
    kept: list[Row] = []
    for row in rows(report):
        if row.kind == "undetermined":
            why = "" if row.subject in lost else row.why
            groups.setdefault((row.subject, why, row.status), []).append(row)
        else:
            kept.append(row)
    open_rows = [_together(group, subject in lost) for (subject, _, _), group in groups.items()]
    merged = {(row.subject, row.status): row for row in open_rows if row.subject in lost}
    kept = [_told_by(merged.pop((row.subject, row.status), None), row) for row in kept]
    return [*kept, *(row for row in open_rows if row.subject not in lost), *merged.values()]


def _together(group: list[Row], lost: bool) -> Row:
    """One row for several open rules of one subject, as grave as the gravest."""
    first = max(group, key=lambda row: SEVERITIES.index(row.severity))
    if len(group) == 1 and not lost:
        return first
    names = list(dict.fromkeys(row.title.removeprefix(_OPEN) for row in group))
    number = count(len(names), "rule")
    return replace(
        first,
        rule=UNDETERMINED,
        title=f"{_OPEN}{number}",
        message=f"{number} could not be decided for {first.subject} ({', '.join(names)}): {first.why}",
        weighs=any(row.weighs for row in group),
        fingerprint=_print("undetermined", first.subject, "" if lost else first.why),
    )


def _told_by(open_rules: Row | None, row: Row) -> Row:
    """A repository that could not be read, with the rules that this leaves open."""
    if row.kind != "incomplete" or open_rules is None:
        return row
    told, _, _ = open_rules.message.rpartition(f": {open_rules.why}")
    return replace(
        row,
        severity=max(row.severity, open_rules.severity, key=SEVERITIES.index),
        message=f"{row.message}. So {told}.",
        weighs=row.weighs or open_rules.weighs,
        places=row.places or open_rules.places,
    )


def _findings(report: Report) -> Iterator[Row]:
    for finding in report.findings:
        yield Row(
            kind="finding",
            rule=finding.rule,
            title=finding.title or finding.name,
            severity=finding.severity,
            subject=finding.subject,
            message=finding.message,
            remedy=finding.remedy,
            status=finding.status,
            weighs=finding.status == "new" and _grave(finding.severity, report),
            path=finding.path,
            via=finding.via,
            evidence=finding.evidence,
            places=finding.places,
            fingerprint=finding.fingerprint or _print(finding.rule, finding.subject, finding.message),
        )


def _undetermined(report: Report) -> Iterator[Row]:
    for row in report.undetermined:
        yield Row(
            kind="undetermined",
            rule=row.rule,
            title=f"{_OPEN}{row.name}",
            severity=row.severity,
            subject=row.subject,
            message=_open(row),
            why=row.why,
            status=row.status,
            weighs=report.doubts == "fail" and row.status == "new" and _grave(row.severity, report),
            path=(row.subject,),
            places=row.places,
            fingerprint=_print("undetermined", row.rule, row.subject),
        )


def _open(row: Undetermined) -> str:
    if row.rule == _UNRESOLVED:  # speaks of a file, and of no rule that could hold for it
        return f"What {row.subject} loads is not known: {row.why}"
    return f"Could not tell whether {row.name} holds for {row.subject}: {row.why}"


def _incomplete(report: Report) -> Iterator[Row]:
    used = _used_at(report)
    for name, node in report.lineage.nodes.items():
        record = node.record
        unread = record.status not in ("resolved", "closed")
        lost = record.status == "unreachable" or (name in report.lineage.targets and record.status != "gated")
        rows = [(record.status, record.why, unread and lost)] if unread else []
        rows += [(f.status, f"{f.path}: {f.why}" if f.path else f.why, False) for f in record.failures]
        for status, why, weighs in rows:
            yield Row(
                kind="incomplete",
                rule=NOT_READ,
                title=f"Could not be read whole: {status}",
                severity="medium" if weighs else "low",
                subject=name,
                message=f"{name} is {status}: {why}",
                weighs=weighs and report.doubts == "fail",
                path=(name,),
                places=used.get(name, ()),
                fingerprint=_print("incomplete", name, status, why),
            )


def _grave(severity: Severity, report: Report) -> bool:
    return SEVERITIES.index(severity) >= SEVERITIES.index(report.fail_on)


def _used_at(report: Report) -> dict[str, tuple[Place, ...]]:
    """Where the user's own files name each repository."""
    found: dict[str, list[Place]] = {}
    for one in report.references or ():
        name = f"datasets/{one.id}" if one.kind == "dataset" and not one.id.startswith("datasets/") else one.id
        for node in (name, f"{name}@{one.revision}"):
            found.setdefault(node, []).append(Place(one.file, one.line, one.column))
    return {name: tuple(places) for name, places in found.items()}


def _print(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:16]
