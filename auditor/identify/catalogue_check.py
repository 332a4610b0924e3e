"""Checks the files of the license catalogue: every mistake at once, each with its file; and entries against texts."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

from auditor.errors import Mistake
from auditor.identify.catalogue import fold, names_of
from auditor.identify.vocabulary import vocabulary
from auditor.identify.words import is_chinese
from auditor.model import Clause
from auditor.resources import data_dir, load_folder

CATEGORIES = (
    *("public-domain", "permissive", "weak-copyleft", "copyleft", "share-alike", "rail", "community"),
    *("non-commercial", "research", "proprietary", "terms-of-service", "policy", "family"),
)

_REQUIRED = ("id", "name", "category", "osi", "fsf", "hub_tags", "names", "links", "clauses", "references", "reviewed")
_OPTIONAL = ("steward", "version_date", "data_license", "predecessor", "successor", "members", "explained")
_CLAUSE = ("id", "params", "section", "quote")
_WORDS = 20  # a quote has fewer
_CHARACTERS = 25  # the same for Chinese, where each one is a word
# What an entry and a reading of its text must agree on, beside the clauses themselves.
_DECISIVE = {
    "user-count-cap": ("threshold", "unit"),
    "revenue-cap": ("amount", "currency"),
    "funding-cap": ("amount", "currency"),
    "deployment-size-cap": ("threshold", "unit"),
    "territorial-exclusion": ("territories",),
    "naming-requirement": ("prefix", "applies_to"),
    "no-train-other-models": ("scope",),
    "governing-law": ("jurisdiction",),
}
_ELSEWHERE = "Use policy"  # the section of clauses that stand in a policy beside the license's text

_Raw = Mapping[str, Any]


def validate() -> list[Mistake]:
    """The mistakes of data/licenses; none for a catalogue that is in order."""
    entries = load_folder(data_dir() / "licenses")
    ids = {raw.get("id") for raw in entries.values()}
    found = [
        Mistake(f"data/licenses/{file}", None, words) for file, raw in entries.items() for words in _of(file, raw, ids)
    ]
    return [*found, *_shared(entries)]


def differences(raw: Mapping[str, Any], read: Sequence[Clause], readable: Container[str]) -> dict[str, str]:
    """Where an entry and a reading of its text part: the clause and what is different, in words.

    `readable` are the clauses that a reader knows. Nothing is said of those that stand in a policy beside the text.
    """
    found: dict[str, str] = {}
    said = {clause.id for clause in read}
    for clause in raw["clauses"]:
        name = clause["id"]
        if name in said:
            params = [c.params for c in read if c.id == name]
            for key in _DECISIVE.get(name, ()):
                own, values = clause.get("params", {}).get(key), [p[key] for p in params if key in p]
                if own is not None and values and not any(_agree(own, value) for value in values):
                    found[name] = f"{key} is {own!r} in the entry, {values[0]!r} in the text"
        elif name in readable and not str(clause.get("section", "")).startswith(_ELSEWHERE):
            found[name] = "is in the entry, not in the text"
    known = {clause["id"] for clause in raw["clauses"]}
    return found | dict.fromkeys(sorted(said - known), "is in the text, not in the entry")


def _agree(own: Any, value: Any) -> bool:
    """The same, or a word of several: `Ireland / California` and `California`."""
    if isinstance(own, str) and isinstance(value, str):
        return value.casefold() in own.casefold() or own.casefold() in value.casefold()
    return sorted(own) == sorted(value) if isinstance(own, list) and isinstance(value, list) else bool(own == value)


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
    yield from _of_explanations(raw.get("explained", {}))


def _of_explanations(explained: Any) -> Iterator[str]:
    """`explained` says, by clause, why a reading of the text differs from the entry."""
    if not isinstance(explained, Mapping):
        yield "explained is no mapping of clauses to reasons"
        return
    for name, reason in explained.items():
        if name not in vocabulary():
            yield f"explains the unknown clause {name!r}"
        if not isinstance(reason, str) or not reason.strip():
            yield f"explains {name} without a reason"


def _of_clause(clause: _Raw) -> Iterator[str]:
    known = vocabulary().get(clause.get("id", ""))
    if known is None:
        yield f"has the unknown clause {clause.get('id')!r}"
        return
    yield from (f"{known.id} has the unknown key {key!r}" for key in clause if key not in _CLAUSE)
    yield from (
        f"{known.id} has the unknown parameter {p!r}" for p in clause.get("params", {}) if p not in known.params
    )
    quote = str(clause.get("quote", ""))
    if len(quote.split()) >= _WORDS:
        yield f"{known.id} quotes {_WORDS} words or more"
    if sum(map(is_chinese, quote)) >= _CHARACTERS:
        yield f"{known.id} quotes {_CHARACTERS} Chinese characters or more"


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
