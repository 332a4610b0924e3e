"""Notes, on a repository audited at a revision, the license that its default branch has now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from auditor.identify.conclude import conclude
from auditor.lineage.knowledge import statements_for
from auditor.lineage.walk import Walk
from auditor.model import RepoId, Span, Statement
from auditor.parse.record import parse
from auditor.sources.base import Source

_READ = ("resolved", "gated")


def with_present_licenses(found: Walk, targets: Sequence[tuple[RepoId, str | None]], source: Source) -> Walk:
    """The walk with a statement `present_license` on each target that was read at a revision of its own.

    Only the Hub knows a present state; its value is None where that could not be read, which is no answer.
    """
    if source.kind != "hub":
        return found
    records = dict(found.records)
    for ref, revision in targets:
        record = records.get(found.names.get(ref.id, ref.id))
        if revision in (None, "main") or record is None or record.status not in _READ or record.ref.kind == "closed":
            continue
        said = _present(record.ref, record.revision, source)
        records[record.ref.id] = replace(record, statements=record.statements + said)
    return found._replace(records=records)


def _present(ref: RepoId, audited: str | None, source: Source) -> tuple[Statement, ...]:
    """The license of the default branch, one statement for each catalogue id; none where it is the audited commit."""
    content = source.fetch(ref, None)
    place = Span(ref.id, "api:main", quote=content.why[:160], revision=content.revision)
    if content.status not in _READ:
        return (Statement("present_license", None, place, "detected"),)
    if content.revision is not None and content.revision == audited:
        return ()
    record = parse(content)
    call = conclude(replace(record, statements=record.statements + statements_for(ref)))
    if call.stated and not call.known:
        return (Statement("present_license", None, replace(place, quote=call.why[:160]), "detected"),)
    return tuple(Statement("present_license", i, place, "detected") for i in call.concluded or ("none",))
