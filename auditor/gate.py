"""The gate, top to bottom: what a repository uses, audited and held against its policy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from auditor.model import (
    SEVERITIES,
    Decision,
    Finding,
    Lineage,
    Node,
    Reference,
    Report,
    Severity,
    Undetermined,
    Use,
)
from auditor.policy import waivers
from auditor.policy.admission import admit
from auditor.policy.clarify import Clarifying
from auditor.policy.config import Policy
from auditor.policy.findings import finding, kinds
from auditor.policy.lock import Lock, LockSource, Remembering
from auditor.policy.scene import Scene, Users, paths_from, place, targets, users_of, uses_of
from auditor.policy.verdict import decide
from auditor.policy.weight import behind, weigh
from auditor.report.wording import count, unread
from auditor.sources.base import Source
from auditor.sources.revisions import Revisions

Progress = Callable[[str, int, int], None]
Row = TypeVar("Row", Finding, Undetermined)
_STRICTEST = ("deny", "undetermined", "conditions", "allow")
_UNPINNED, _UNRESOLVED = "unpinned-revision", "unresolved-reference"
_COMMIT = 40  # hexadecimal digits of a full commit


def gate(
    scene: Scene,
    policy: Policy,
    source: Source,
    *,
    today: str,
    lock: Lock | None = None,
    locked: bool = False,
    fail_on: Severity | None = None,
    rules_dirs: Sequence[Path] = (),
    on_progress: Progress | None = None,
) -> Report:
    """Audit what the scene uses and hold it against the policy.

    With a lock, what has changed since it was written is told; `locked` takes everything from the lock, and `source`
    is not asked. `today` is an ISO date, which decides about the end of waivers.
    """
    from auditor.pipeline import audit

    known: Source = Revisions(source)
    if lock is not None:
        known = LockSource(lock) if locked else Remembering(known, lock)
    clarifying = Clarifying(known, policy.clarifications)
    report = audit(
        targets(scene.references),
        clarifying,
        policy.use,
        rules_dirs=rules_dirs,
        fail_on=fail_on or policy.fail_on,
        on_progress=on_progress,
        notes=scene.notes,
    )
    policy = replace(policy, paths=paths_from(scene.prefix, policy))
    users = users_of(scene.references, report.lineage)
    found = [_weighed(f, report.lineage, users, policy) for f in report.findings if f.rule != _UNPINNED]
    whole = not scene.prefix and not any(unread(report.lineage.nodes[name]) for name in report.lineage.targets)
    own = [*_own(report, users, policy, found), *(_lock_findings(lock, users, locked, whole) if lock else ())]
    doubts = (*report.undetermined, *_unresolved(scene.references), *(o for o in own if isinstance(o, Undetermined)))
    open_rules = [_overridden(_placed(u, users), policy) for u in doubts]
    findings = [_overridden(f, policy) for f in (*found, *(o for o in own if isinstance(o, Finding)))]
    decided = waivers.Decisions((*policy.waivers, *scene.waivers), report.lineage, today)
    findings = [decided.on(f) for f in findings]
    open_rules = [decided.on(u) for u in open_rules]
    faults = [f for f in (*decided.faults(), *clarifying.faults()) if whole or f.rule != "waiver-unused"]
    findings += [_overridden(f, policy) for f in (*faults, *scene.faults)]
    return replace(
        report,
        decisions={name: _strictest(name, report.lineage, uses_of(users[name], policy)) for name in users},
        findings=tuple(_with_baseline(findings, scene.home / policy.baseline, whole)),
        undetermined=tuple(open_rules),
        references=scene.references,
        doubts=policy.undetermined,
    )


def _weighed(one: Finding, lineage: Lineage, users: Users, policy: Policy) -> Finding:
    """The finding as the gravest of the uses makes it, with the places of that use."""
    node = lineage.nodes[one.subject]
    by_use = {use: weigh(one, node, use) for use in uses_of(users[one.subject], policy)}
    gravest = max(by_use.values(), key=SEVERITIES.index)
    places = [place(r) for r in users[one.subject] if by_use[policy.use_at(r.file)] == gravest]
    return replace(one, severity=gravest, places=tuple(places))


def _placed(row: Row, users: Users) -> Row:
    return row if row.places else replace(row, places=tuple(place(r) for r in users.get(row.subject, ())))


def _overridden(row: Row, policy: Policy) -> Row:
    """The severity that the policy sets for the rule, or for its family."""
    wanted = policy.severity.get(row.rule) or policy.severity.get(row.name)
    return replace(row, severity=wanted) if wanted else row


def _strictest(name: str, lineage: Lineage, uses: Iterable[Use]) -> Decision:
    return min((decide(name, lineage, use) for use in uses), key=lambda d: _STRICTEST.index(d.verdict))


def _own(report: Report, users: Users, policy: Policy, told: Sequence[Finding]) -> Iterator[Finding | Undetermined]:
    """What the policy itself says of each target."""
    for name, references in users.items():
        for row in admit(name, report.lineage, policy):
            yield replace(row, places=tuple(map(place, references)))
        for use in uses_of(references, policy):
            yield from _use_denied(name, use, report.lineage, policy, references, told)
        yield from _unpinned(report.lineage.nodes[name], references, policy)


def _use_denied(
    name: str, use: Use, lineage: Lineage, policy: Policy, references: Iterable[Reference], told: Sequence[Finding]
) -> Iterator[Finding]:
    """What forbids the use and is told by no other finding."""
    if use == Use():
        return
    node = lineage.nodes[name]
    told_of = {t.clause.id for f in told if f.subject == name for t in behind(f, node)}
    places = [place(r) for r in references if policy.use_at(r.file) == use]
    decision = decide(name, lineage, use)
    release = decision.release.because if decision.release else ()
    for reason in decision.because:
        if reason.clause not in told_of or reason in release:
            words = {"use": use.preset or "the declared use", "reason": reason.text}
            yield finding(
                "policy-use",
                name,
                f"{reason.clause} {reason.path[-1] if reason.path else ''}",
                path=reason.path,
                evidence=reason.evidence,
                places=places,
                values=words,
            )


def _unpinned(node: Node, references: Iterable[Reference], policy: Policy) -> Iterator[Finding]:
    """The uses of a repository that name no full commit, in one finding of the rule that speaks of pins."""
    loose = [place(r) for r in references if r.revision is None or not _is_commit(r.revision)]
    if node.ref.kind == "closed" or not loose or node.record.status == "missing":
        return
    words = {"revision": node.record.revision or "<commit>"}
    severity: Severity = "high" if policy.require_pins else "info"
    yield finding(_UNPINNED, node.ref.id, severity=severity, places=loose, values=words)


def _is_commit(revision: str) -> bool:
    return len(revision) == _COMMIT and not set(revision.lower()) - set("0123456789abcdef")


def _lock_findings(lock: Lock, users: Users, locked: bool, whole: bool) -> Iterator[Finding]:
    """What is used and not in the lock, and, where the whole repository was seen, what is in the lock and not used."""
    for name in users:
        if name not in lock.used:
            places = [place(r) for r in users[name]]
            severity: Severity = "high" if locked else "low"
            yield finding("lock-missing", name, severity=severity, places=places, values={"missing": name})
    unused = sorted(lock.used - set(users))
    if unused and whole:
        yield waivers.in_file("lock-unused", lock.file, 1, "unused", unused=", ".join(unused))


def _unresolved(references: Iterable[Reference]) -> Iterator[Undetermined]:
    """Names known only at run time, one row for each file: code that hands names on has many of them."""
    severity: Severity = kinds()[_UNRESOLVED]["severity"]
    by_file: dict[str, list[Reference]] = {}
    for r in references:
        if r.kind == "unresolved":
            by_file.setdefault(r.file, []).append(r)
    for file, theirs in by_file.items():
        first, others = theirs[0], len(theirs) - 1
        more = f", and so do {count(others, 'other call')}" if others > 1 else ", and so does another call" * others
        why = f"{first.how} takes a name that is known only at run time: {first.text}{more}"
        yield Undetermined(_UNRESOLVED, _UNRESOLVED, severity, file, why, places=tuple(map(place, theirs)))


def _with_baseline(findings: Sequence[Finding], path: Path, whole: bool) -> Iterator[Finding]:
    known = waivers.read_baseline(path)
    yield from (waivers.in_baseline(f, known) for f in findings)
    if whole:  # else an entry that matches nothing may be needed by what was not seen
        yield from waivers.left_over(known, findings, path.name)
