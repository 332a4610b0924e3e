"""Decisions of people: waivers in the policy and in code, and the baseline. They mark findings and drop none."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from auditor.errors import UsageError
from auditor.inputs.references.reference import MARK
from auditor.model import Finding, Lineage, Place, Span, Undetermined
from auditor.policy.config import Waiver, fits
from auditor.policy.findings import finding
from auditor.policy.hashes import of_record
from auditor.sources.revisions import without_revision

BASELINE = "auditor.baseline/1"
_MOST_BYTES = 32_000_000
_Row = TypeVar("_Row", Finding, Undetermined)


@dataclass(slots=True)
class Decisions:
    """The waivers of a repository with those that were used, against which findings are held on a given day."""

    waivers: tuple[Waiver, ...]
    lineage: Lineage
    today: str
    used: set[Waiver] = field(default_factory=set)
    outdated: set[Waiver] = field(default_factory=set)

    def on(self, row: _Row) -> _Row:
        """The row, marked as waived where a waiver covers it whole, else with the places that none covers."""
        covering = [w for w in self.waivers if w.rule in (row.rule, row.name) and self._holds(w, row)]
        general = [w for w in covering if w.subject is not None]
        if general:
            self.used.update(general)
            return replace(row, status="waived")
        covered = [p for p in row.places if any(_beside(w, p) for w in covering)]
        self.used.update(w for w in covering if any(_beside(w, p) for p in row.places))
        if covered and len(covered) == len(row.places):
            return replace(row, status="waived")
        return replace(row, places=tuple(p for p in row.places if p not in covered))

    def _holds(self, waiver: Waiver, row: Finding | Undetermined) -> bool:
        names = (row.subject, without_revision(row.subject))
        if waiver.subject is not None and not any(fits(name, (waiver.subject,)) for name in names):
            return False
        if waiver.until and waiver.until < self.today:
            return False
        if waiver.text_sha256 and waiver.text_sha256 not in self._hashes(row):
            self.outdated.add(waiver)
            return False
        return True

    def _hashes(self, row: Finding | Undetermined) -> set[str]:
        """Hashes of the legal texts along the finding's path."""
        names = {row.subject, *(row.path if isinstance(row, Finding) else ())}
        nodes = [self.lineage.nodes[name] for name in names if name in self.lineage.nodes]
        return {digest for node in nodes for digest in of_record(node.record).values()}

    def faults(self) -> Iterator[Finding]:
        """Waivers that have expired, that were given for another text, and that nothing needs."""
        for waiver in self.waivers:
            words = {"rule": waiver.rule, "waived": waiver.subject or f"{waiver.file}:{waiver.line}"}
            kind = "waiver-unused"
            if waiver.until and waiver.until < self.today:
                kind, words["until"] = "waiver-expired", waiver.until
            elif waiver in self.outdated - self.used:
                kind = "waiver-outdated"
            elif waiver in self.used:
                continue
            yield in_file(kind, waiver.file, waiver.line, f"{waiver.rule} {waiver.subject}", **words)


def in_file(kind: str, file: str, line: int, cause: str, **words: str) -> Finding:
    """A finding about a line of the user's own file."""
    return finding(kind, file, cause, evidence=(Span(file, file, line),), places=(Place(file, line),), values=words)


def _beside(waiver: Waiver, place: Place) -> bool:
    """Does an inline waiver stand on the line of the place?"""
    return waiver.subject is None and (waiver.file, waiver.line) == (place.file, place.line)


def inline(file: str, text: str) -> Iterator[Waiver | Finding]:
    """The waivers in one of the user's files: `auditor: ignore[rule, rule] until=YYYY-MM-DD reason` in a comment.

    One on a line of its own counts for the next line. What is meant as a waiver and lacks a part is a finding.
    """
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        before, mark, rest = line.partition(MARK)
        if not mark or not before.rstrip().endswith(("#", "//", "--", "<!--", "%", ";", "/*")):
            continue
        alone = not before.strip(" \t#/-<!%;*")
        try:
            rules, until, reason = _parts(rest)
        except ValueError as error:
            yield in_file("waiver-malformed", file, number, str(error), why=f"{file}:{number}: {error}")
            continue
        for rule in rules:
            yield Waiver(rule, reason, file, number + alone, until=until)


def _parts(rest: str) -> tuple[list[str], str | None, str]:
    names, closed, words = rest[1:].partition("]") if rest.startswith("[") else ("", "", rest)
    rules = [name.strip() for name in names.split(",") if name.strip()]
    if not closed or not rules:
        raise ValueError("the waiver names no rule in square brackets")
    until, reason = None, words.strip().removesuffix("-->").removesuffix("*/").strip()
    if reason.startswith("until="):
        until, _, reason = reason[6:].partition(" ")
        try:
            date.fromisoformat(until)
        except ValueError:
            raise ValueError(f"{until!r} is no date such as 2027-01-31") from None
    if not reason.strip():
        raise ValueError("the waiver gives no reason")
    return rules, until, reason.strip()


def read_baseline(path: Path) -> dict[str, str]:
    """Fingerprints with what they stand for; none where there is no file. Raises UsageError for a damaged one."""
    if not path.is_file():
        return {}
    try:
        with path.open("rb") as file:
            raw = json.loads(file.read(_MOST_BYTES))
        if raw["schema"] != BASELINE:
            raise ValueError(f"schema {raw['schema']}, expected {BASELINE}")
        return {str(k): str(v) for k, v in raw["findings"].items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        remedy = "Write it anew with `auditor gate --write-baseline`."
        raise UsageError(f"{path} is not a baseline: {error}", remedy=remedy) from error


def write_baseline(findings: Iterable[Finding]) -> str:
    """A baseline of all findings that no waiver covers, as text in a stable order."""
    rows = {f.fingerprint: f"{f.rule} {f.subject}" for f in findings if f.status != "waived"}
    ordered = dict(sorted(rows.items(), key=lambda item: (item[1], item[0])))
    return json.dumps({"schema": BASELINE, "findings": ordered}, indent=1) + "\n"


def in_baseline(row: Finding, known: Mapping[str, str]) -> Finding:
    """The finding, marked where the baseline has it."""
    return replace(row, status="baseline") if row.status == "new" and row.fingerprint in known else row


def left_over(known: Mapping[str, str], findings: Iterable[Finding], file: str) -> Iterator[Finding]:
    """One finding for all entries of the baseline that match nothing any more."""
    gone = set(known) - {f.fingerprint for f in findings}
    if gone:
        yield in_file("baseline-unused", file, 1, "baseline", number=str(len(gone)))
