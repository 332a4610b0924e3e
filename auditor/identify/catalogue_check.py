"""Checks the files of the license catalogue: every mistake at once, each with its file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.errors import Mistake
from auditor.identify.catalogue import fold, names_of
from auditor.identify.vocabulary import vocabulary
from auditor.resources import data_dir, load_folder

CATEGORIES = (
    *("public-domain", "permissive", "weak-copyleft", "copyleft", "share-alike", "rail", "community"),
    *("non-commercial", "research", "proprietary", "terms-of-service", "policy", "family"),
)

_REQUIRED = ("id", "name", "category", "osi", "fsf", "hub_tags", "names", "links", "clauses", "references", "reviewed")
_OPTIONAL = ("steward", "version_date", "data_license", "predecessor", "successor", "members")
_CLAUSE = ("id", "params", "section", "quote")
_WORDS = 20  # a quote has fewer

_Raw = Mapping[str, Any]


def validate() -> list[Mistake]:
    """The mistakes of data/licenses; none for a catalogue that is in order."""
    entries = load_folder(data_dir() / "licenses")
    ids = {raw.get("id") for raw in entries.values()}
    found = [
        Mistake(f"data/licenses/{file}", None, words) for file, raw in entries.items() for words in _of(file, raw, ids)
    ]
    return [*found, *_shared(entries)]


def _of(file: str, raw: _Raw, ids: set[Any]) -> Iterator[str]:
    """The mistakes within one entry."""
    missing = [key for key in _REQUIRED if key not in raw]
    if missing:
        yield f"lacks {', '.join(missing)}"
        return
    if file != f"{raw['id']}.yaml":
        yield f"is named otherwise than its id {raw['id']!r}"
    yield from (f"has the unknown key {key!r}" for key in raw if key not in (*_REQUIRED, *_OPTIONAL))
    if raw["category"] not in CATEGORIES:
        yield f"has the unknown category {raw['category']!r}"
    for key in ("osi", "fsf"):
        if raw[key] not in (True, False, None):
            yield f"{key} is {raw[key]!r}: write true, false or null"
    linked = [raw.get("predecessor"), raw.get("successor"), *raw.get("members", ())]
    yield from (f"refers to {name!r}, which the catalogue does not have" for name in linked if name and name not in ids)
    for clause in raw["clauses"]:
        yield from _of_clause(clause)


def _of_clause(clause: _Raw) -> Iterator[str]:
    known = vocabulary().get(clause.get("id", ""))
    if known is None:
        yield f"has the unknown clause {clause.get('id')!r}"
        return
    yield from (f"{known.id} has the unknown key {key!r}" for key in clause if key not in _CLAUSE)
    yield from (
        f"{known.id} has the unknown parameter {p!r}" for p in clause.get("params", {}) if p not in known.params
    )
    if len(str(clause.get("quote", "")).split()) >= _WORDS:
        yield f"{known.id} quotes {_WORDS} words or more"


def _shared(entries: Mapping[str, _Raw]) -> Iterator[Mistake]:
    """Tags, names and links by which two entries are known."""
    owners: dict[tuple[str, str], str] = {}
    for file, raw in entries.items():
        spellings = {("tag", tag.casefold()) for tag in raw.get("hub_tags", ())}
        spellings |= {("name", fold(name)) for name in names_of(raw)} if "names" in raw else set()
        spellings |= {("link", link.casefold().rstrip("/")) for link in raw.get("links", ())}
        for spelling in sorted(spellings):
            other = owners.setdefault(spelling, file)
            if other != file:
                yield Mistake(f"data/licenses/{file}", None, f"has the {spelling[0]} {spelling[1]!r}, as {other} has")
