"""Findings grouped for a reader: one entry a rule, its causes under it, and every other place that shares the cause."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from auditor.model import SEVERITIES, Finding


@dataclass(slots=True)
class Cause:
    """One finding, and the other subjects on which the same rule fired for the same reason."""

    finding: Finding
    also: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Group:
    """All causes of one rule on one subject."""

    rule: str
    name: str
    subject: str
    causes: list[Cause] = field(default_factory=list)

    @property
    def weight(self) -> int:
        """The gravest severity among the causes, as an index into SEVERITIES."""
        return max(SEVERITIES.index(cause.finding.severity) for cause in self.causes)


def fold(findings: Iterable[Finding], targets: Iterable[str]) -> dict[str, list[Group]]:
    """Groups by subject, gravest first: those of the targets come first, in order, then those of their ancestors.

    A finding on an ancestor that a target already shows (the same rule, for the same reason) is not repeated: its
    subject is noted under the target's. No finding is lost.
    """
    ranks = {name: rank for rank, name in enumerate(targets)}
    last = len(ranks)
    known: dict[tuple[str, str, str], Cause] = {}
    groups: dict[tuple[str, str], Group] = {}
    for finding in sorted(findings, key=lambda f: ranks.get(f.subject, last)):
        shown = known.get(_cause_key(finding))
        if shown and finding.subject not in ranks and finding.subject != shown.finding.subject:
            shown.also.append(finding.subject)
            continue
        cause = Cause(finding)
        known.setdefault(_cause_key(finding), cause)
        key = (finding.subject, finding.rule)
        groups.setdefault(key, Group(finding.rule, finding.name, finding.subject)).causes.append(cause)
    by_subject: dict[str, list[Group]] = {}
    for group in sorted(groups.values(), key=lambda g: -g.weight):
        by_subject.setdefault(group.subject, []).append(group)
    return dict(sorted(by_subject.items(), key=lambda item: ranks.get(item[0], last)))


def _cause_key(finding: Finding) -> tuple[str, str, str]:
    """A rule, the node where its cause lies, and the words it rests on."""
    origin = finding.path[-1] if finding.path else finding.subject
    return finding.rule, origin, (finding.evidence[0].quote if finding.evidence else "") or finding.message
