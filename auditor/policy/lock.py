"""The lock: what was audited and agreed to, in a file made for review, which is also a source without a network."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from auditor.errors import UsageError
from auditor.identify import catalogue
from auditor.lineage.knowledge import statements_for
from auditor.lineage.relations import relations
from auditor.model import (
    Clause,
    LicenseCall,
    Lineage,
    Node,
    RepoContent,
    RepoId,
    Report,
    Span,
    Statement,
)
from auditor.policy.hashes import of_record
from auditor.policy.lock_entry import Entry, content_of, memory
from auditor.policy.scene import targets
from auditor.sources.base import Source

SCHEMA = "auditor.lock/1"
_MOST_BYTES = 64_000_000
_LEFT_OUT = ("problem", "locked", "gated_prompt", "license_details")  # long, or of no weight for terms
_QUOTE = 120  # characters of a quote in the lock; the place says where the rest is
REMEDY = "Write it anew with `auditor lock`."


class Lock(NamedTuple):
    """A lock that was read: its entries by id (datasets with their prefix), where its facts come from, and of when."""

    entries: dict[str, Entry]
    source: str
    as_of: str | None
    file: str

    @property
    def used(self) -> set[str]:
        """The ids that the repository uses itself."""
        return {name for name, entry in self.entries.items() if entry["used"]}


def write_lock(report: Report, as_of: str) -> str:
    """The lock of an audit, as text: entries sorted by id, one fact a line, nothing that changes without cause."""
    nodes = report.lineage.nodes
    used = {name: report.decisions[name].verdict for name in report.lineage.targets}
    asked: dict[tuple[str, str], str] = {
        (ref.kind, ref.name): revision for ref, revision in targets(report.references or ()) if revision
    }
    entries = [_entry(node, used.get(name), report.lineage, asked) for name, node in sorted(nodes.items())]
    head = {"schema": SCHEMA, "source": report.source_kind, "as_of": report.as_of or as_of}
    lines = [f"{_json(key)}: {_json(value)}" for key, value in head.items()]
    return "{\n " + ",\n ".join([*lines, f'"entries": [{",".join(map(_block, entries))}\n ]']) + "\n}\n"


def read_lock(path: Path) -> Lock:
    """Raises UsageError where the file is none, or is not a lock."""
    try:
        with path.open("rb") as file:
            raw = json.loads(file.read(_MOST_BYTES))
        if raw["schema"] != SCHEMA:
            raise ValueError(f"schema {raw['schema']}, expected {SCHEMA}")
        entries = {str(entry["id"]): entry for entry in raw["entries"]}
        for entry in entries.values():
            content_of(entry, None)  # whatever is wrong with it is said now, not in the middle of an audit
        return Lock(entries, str(raw["source"]), raw["as_of"] and str(raw["as_of"]), path.name)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}", remedy=REMEDY) from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise UsageError(f"{path} is not a lock: {type(error).__name__}: {error}", remedy=REMEDY) from error


class LockSource:
    """The repositories of a lock, with the licenses that were concluded then. Needs no network."""

    kind = "lock"
    parallel = 1

    def __init__(self, lock: Lock) -> None:
        self.as_of = lock.as_of
        self._lock = lock
        self._names = {
            RepoId(entry["kind"], str(alias)).id: name
            for name, entry in lock.entries.items()
            for alias in entry.get("aliases", ())
        }

    def fetch(self, ref: RepoId, revision: str | None = None) -> RepoContent:
        """The repository as the lock has it, found by older names too. Never raises."""
        entry = self._lock.entries.get(ref.id) or self._lock.entries.get(self._names.get(ref.id, ""))
        if entry is None:
            return RepoContent(ref, "missing", f"{self._lock.file} does not have it", as_of=self.as_of)
        if revision not in (None, "main", entry["revision"], entry.get("asked")):
            why = f"{self._lock.file} has revision {entry['revision']}, not {revision}"
            return RepoContent(ref, "missing", why, as_of=self.as_of)
        content = content_of(entry, self.as_of)
        return replace(content, pinned=revision is not None and revision == content.revision)


class Remembering:
    """A source that recalls, with each repository, what the lock says of it: rules then see what has changed."""

    def __init__(self, source: Source, lock: Lock) -> None:
        self._source, self._lock = source, lock
        self.kind, self.parallel, self.as_of = source.kind, source.parallel, source.as_of

    def fetch(self, ref: RepoId, revision: str | None = None) -> RepoContent:
        """What the source gives, and the lock's memory. Never raises."""
        content = self._source.fetch(ref, revision)
        self.as_of = self._source.as_of  # a cache learns the age of what it holds as it reads
        entry = self._lock.entries.get(content.ref.id) or self._lock.entries.get(ref.id)
        if entry is None:
            return content
        return replace(content, statements=(*content.statements, memory(entry, self._lock.file)))


def _entry(node: Node, verdict: str | None, lineage: Lineage, asked: Mapping[tuple[str, str], str]) -> Entry:
    record, known = node.record, statements_for(node.ref)
    facts = [s for s in record.statements if s.field not in _LEFT_OUT and s not in known]
    parents = {
        f"{e.relation} {e.parent}"
        for e in lineage.edges
        if e.child == node.ref.id and not relations()[e.relation].inert
    }
    entry: Entry = {
        "id": node.ref.id,
        "kind": node.ref.kind,
        "used": verdict is not None,
        "decision": verdict,
        "revision": record.revision,
        "status": record.status,
        "license": list(node.license.concluded),
        "osi": node.license.osi,
        "parents": sorted(parents),
        "texts": dict(sorted(of_record(record).items())),
    }
    if node.ref.kind == "closed":
        return entry
    revisions = [asked.get((node.ref.kind, name)) for name in (node.ref.name, node.ref.id, *record.aliases)]
    named = next((r for r in revisions if r and r != record.revision), None)
    more = {
        "asked": named,
        "why": record.why,
        "aliases": list(record.aliases),
        **_call_json(node.license),
        **_facts(facts),
    }
    return entry | {key: value for key, value in more.items() if value not in ("", [], None) or key == "clauses"}


def _facts(statements: Iterable[Statement]) -> Entry:
    """Facts as rows of field, value, relation, how, file, line and quote; the tags, which have no places, as one."""
    rows, tags = [], []
    for s in statements:
        if s.field == "tag":
            tags.append(s.value)
        else:
            rows.append([s.field, s.value, s.relation, s.how, s.span.file, s.span.line, s.span.quote[:_QUOTE]])
    return {"tags": tags, "facts": rows}


def _call_json(call: LicenseCall) -> Entry:
    """What cannot be worked out again without the texts: clauses that differ from the catalogue's, and conflicts."""
    return {
        "known": call.known,
        "stated": call.stated,
        "said": call.why,
        "clauses": "as catalogued" if _as_catalogued(call) else [_clause_json(c) for c in call.clauses],
        "conflicts": [[s.value, s.span.file, s.span.line, s.span.quote[:_QUOTE]] for s in call.conflicts],
    }


def _as_catalogued(call: LicenseCall) -> bool:
    known = [(c.id, dict(c.params)) for i in call.concluded if (e := catalogue.get(i)) for c in e.clauses]
    here = [(c.id, dict(c.params)) for c in call.clauses]
    return len(call.concluded) == 1 and known == here


def _clause_json(clause: Clause) -> list[Any]:
    span = clause.span or Span("")
    return [clause.id, dict(clause.params), clause.section, span.file, span.line, span.quote[:_QUOTE]]


def _block(entry: Mapping[str, Any]) -> str:
    """An entry with a key a line, and a line for each row of its longer lists."""
    lines = []
    for key, value in entry.items():
        rows = (
            value
            if key in ("facts", "parents", "clauses", "conflicts", "failures") and isinstance(value, list)
            else None
        )
        lines.append(f"   {_json(key)}: " + (_rows(rows) if rows else _json(value)))
    return "\n  {\n" + ",\n".join(lines) + "\n  }"


def _rows(rows: Iterable[Any]) -> str:
    return "[\n" + ",\n".join(f"    {_json(row)}" for row in rows) + "\n   ]"


def _json(value: Any) -> str:
    return json.dumps(value, allow_nan=False, default=str)
