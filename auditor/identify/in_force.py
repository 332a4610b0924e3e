"""Which clauses bind: those that the catalogue knows of a license, read against the text that is actually there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from auditor.identify import catalogue
from auditor.model import Clause, DetectedText, RepoRecord, TextMatch


def clauses_in_force(
    ids: Sequence[str], texts: Sequence[DetectedText], others: Sequence[DetectedText], record: RepoRecord
) -> tuple[Clause, ...]:
    """The clauses of all licenses that apply, each at its place in the repository where its text is there.

    `texts` govern the weights; `others` are texts whose clauses count as they are read: unknown licenses and use
    policies.
    """
    cut = {f.path for f in record.failures}
    found: list[Clause] = []
    for license_id in ids:
        read = [(t, m) for t in texts for m in t.matches if m.match != "none" and catalogue_id(m.id) == license_id]
        found += _of_license(license_id, read, cut)
    for text in others:
        found += text.clauses
    found += _stated(record)
    return tuple(_unrepeated(found))


def _stated(record: RepoRecord) -> Iterator[Clause]:
    """Clauses that are known to be stated outside any license text, such as a form to fill in first."""
    for statement in record.statements:
        if statement.field == "clause" and isinstance(statement.value, Mapping):
            yield Clause(str(statement.value["id"]), dict(statement.value.get("params", {})), statement.span)


def catalogue_id(name: str | None) -> str | None:
    """The catalogue's id for a license that a text was recognised as; the name itself where it has none."""
    if not name or catalogue.get(name):
        return name
    return catalogue.by_name(name) or name


def _of_license(license_id: str, read: list[tuple[DetectedText, TextMatch]], cut: set[str | None]) -> Iterator[Clause]:
    entry = catalogue.get(license_id)
    if not read:
        yield from entry.clauses if entry else ()
        return
    for text, match in read:
        if entry is None:
            yield from text.clauses
        elif match.match == "exact":
            yield from _exact(entry.clauses, text, match)
        else:
            yield from _modified(entry.clauses, text, match, whole=text.legal.path not in cut)


def _exact(known: Iterable[Clause], text: DetectedText, match: TextMatch) -> Iterator[Clause]:
    """The catalogue's clauses, quoted from the text; what stands outside the license's own words is added."""
    for clause in known:
        here = _counterpart(clause, text)
        yield replace(clause, span=here.span, section=clause.section or here.section) if here else clause
    low, high = text.legal.offset + match.start, text.legal.offset + match.end
    for clause in text.clauses:
        start = clause.span.start if clause.span else None
        if match.end and start is not None and not low <= start < high:
            yield clause


def _modified(known: Iterable[Clause], text: DetectedText, match: TextMatch, *, whole: bool) -> Iterator[Clause]:
    """The clauses of the text, and those of the standard text that it was not shown to lack."""
    yield from text.clauses
    read = {c.id for c in text.clauses}
    shortened = whole and match.missing > 0
    words = _folded(text.legal.text) if shortened else ""
    for clause in known:
        quote = clause.span.quote if clause.span else ""
        struck = shortened and quote and _folded(quote) not in words
        if clause.id not in read and not struck:
            yield clause


def _counterpart(clause: Clause, text: DetectedText) -> Clause | None:
    """The same clause as the text has it: of several the one that shares most words with the catalogue's quote."""
    same = [c for c in text.clauses if c.id == clause.id and c.span]
    wanted = set(_folded(clause.span.quote).split()) if clause.span else set()
    return max(same, key=lambda c: len(wanted & set(_folded(c.span.quote if c.span else "").split())), default=None)


def _folded(text: str) -> str:
    return " ".join(text.translate(_QUOTES).casefold().split())


_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})


def _unrepeated(clauses: Iterable[Clause]) -> Iterator[Clause]:
    """One clause for each set of parameters; one without any says nothing beside one that has some."""
    every = list(clauses)
    detailed = {c.id for c in every if c.params}
    seen: set[tuple[str, str]] = set()
    for clause in every:
        key = (clause.id, json.dumps(clause.params, sort_keys=True, default=str))
        if key not in seen and (clause.params or clause.id not in detailed):
            seen.add(key)
            yield clause
