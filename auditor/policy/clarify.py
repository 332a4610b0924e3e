"""Clarifications: a person's reading of a license, bound to the hash of the file that was read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from auditor.identify import catalogue
from auditor.model import Finding, LicenseCall, RepoContent, RepoId, Span, Statement
from auditor.policy.config import Clarification
from auditor.policy.hashes import of_content
from auditor.policy.waivers import in_file
from auditor.sources.base import Source
from auditor.sources.revisions import without_revision


class Clarifying:
    """A source whose licenses are clarified where the hashes agree; it remembers which clarifications did not."""

    def __init__(self, source: Source, clarifications: Sequence[Clarification]) -> None:
        self._source, self._all = source, clarifications
        self._used: set[Clarification] = set()
        self._wrong: dict[Clarification, str] = {}
        self.kind, self.parallel, self.as_of = source.kind, source.parallel, source.as_of

    def fetch(self, ref: RepoId, revision: str | None = None) -> RepoContent:
        """What the source gives, with the license that a clarification names. Never raises."""
        content = self._source.fetch(ref, revision)
        self.as_of = self._source.as_of  # a cache learns the age of what it holds as it reads
        for one in self._all:
            names = (content.ref.id, ref.id, without_revision(ref.id))
            if one.subject in names and content.status in ("resolved", "gated"):
                content = self._clarified(content, one)
        return content

    def _clarified(self, content: RepoContent, one: Clarification) -> RepoContent:
        hashes = of_content(content)
        if content.call is not None and one.file not in hashes:  # a lock has the conclusion, and not every text
            self._used.add(one)
        elif hashes.get(one.file) != one.text_sha256:
            there = "it is another one" if one.file in hashes else "it is not there, or the source hands over no files"
            self._wrong[one] = there
        else:
            self._used.add(one)
            return replace(content, call=_call(content, one))
        return content

    def faults(self) -> Iterator[Finding]:
        """Clarifications that do not count, and those of repositories that were not met."""
        for one in self._all:
            if one in self._wrong:
                words = {"clarified": one.subject, "path": one.file, "why": self._wrong[one]}
                yield in_file("clarification-outdated", one.at[0], one.at[1], one.subject, **words)
            elif one not in self._used:
                words = {"rule": "the license (a clarification)", "waived": one.subject}
                yield in_file("waiver-unused", one.at[0], one.at[1], f"clarification {one.subject}", **words)


def _call(content: RepoContent, one: Clarification) -> LicenseCall:
    entries = [entry for entry in map(catalogue.get, one.licenses) if entry is not None]
    verdicts = {entry.osi for entry in entries}
    span = Span(content.ref.id, one.file, revision=content.revision)
    return LicenseCall(
        declared=tuple(Statement("license", name, span) for name in one.licenses),
        concluded=one.licenses,
        known=True,
        stated=True,
        osi=False if False in verdicts else None if None in verdicts else True,
        clauses=tuple(clause for entry in entries for clause in entry.clauses),
        why=f"clarified in {one.at[0]}: {one.reason}",
    )
