"""What an audit says, one row each, for formats that are lists: findings, open rules, and repositories not read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from auditor.model import SEVERITIES, FindingStatus, Place, Report, Severity, Span


@dataclass(frozen=True, slots=True)
class Row:
    """One result. `weighs` says whether it alone would make the audit fail; `kind` tells how.

    An `undetermined` row is a rule that could not be decided, an `incomplete` one a repository that could not be read
    whole: `rule` is then its status. `fingerprint` is stable across runs.
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


def rows(report: Report) -> list[Row]:
    """All of them, in the order of the report; the first that `weighs` is of the kind that made the exit code."""
    return [*_findings(report), *_undetermined(report), *_incomplete(report)]


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
            title=f"Could not tell: {row.name}",
            severity=row.severity,
            subject=row.subject,
            message=f"Could not tell whether {row.name} holds for {row.subject}, for want of: {row.why}",
            status=row.status,
            weighs=report.doubts == "fail" and row.status == "new" and _grave(row.severity, report),
            path=(row.subject,),
            places=row.places,
            fingerprint=_print("undetermined", row.rule, row.subject),
        )


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
                rule=status,
                title=f"Not read whole: {status}",
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
        found.setdefault(name, []).append(Place(one.file, one.line, one.column))
    return {name: tuple(places) for name, places in found.items()}


def _print(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:16]
