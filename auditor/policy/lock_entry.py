"""One entry of a lock, read back: every value is checked, for a lock may come with anybody's pull request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from auditor.identify import catalogue
from auditor.lineage.relations import relations
from auditor.model import Clause, Failure, How, Kind, LicenseCall, RepoContent, RepoId, Span, Statement, Status

Entry = dict[str, Any]


def content_of(entry: Entry, as_of: str | None) -> RepoContent:
    """An entry as a source hands it over. Raises ValueError, TypeError or KeyError where it is damaged."""
    name, kind = _text(entry["id"]).removeprefix("datasets/"), _one_of(entry["kind"], get_args(Kind))
    ref = RepoId(kind, name)
    _one_of(entry["used"], (True, False))
    status = _one_of(entry["status"], get_args(Status))
    recalled = memory(entry, "the lock")
    if ref.kind == "closed":
        return RepoContent(ref, "closed", as_of=as_of)
    revision = _maybe(entry["revision"])
    _maybe(entry.get("asked"))
    facts = [_fact(row, ref.id, revision) for row in _rows(entry, "facts")]
    tags = [Statement("tag", _text(tag), Span(ref.id, "api:tags")) for tag in _rows(entry, "tags")]
    return RepoContent(
        ref,
        status,
        why=_text(entry.get("why", "")),
        revision=revision,
        statements=(*facts, *tags, recalled),
        failures=tuple(_failure(row) for row in _rows(entry, "failures")),
        redirected_from=tuple(_text(alias) for alias in _rows(entry, "aliases")),
        as_of=as_of,
        call=_call(entry, facts, ref.id, revision),
    )


def memory(entry: Entry, file: str) -> Statement:
    """What the entry remembers, for rules that look for changes."""
    kept = {
        "license": [_text(name) for name in _rows(entry, "license")],
        "texts": {_text(path): _text(digest) for path, digest in entry["texts"].items()},
        "parents": [_text(row).partition(" ")[2] for row in _rows(entry, "parents")],
        "status": entry["status"],
    }
    return Statement("locked", kept, Span(entry["id"], file))


def _call(entry: Entry, facts: Sequence[Statement], repo: str, revision: str | None) -> LicenseCall:
    licenses = tuple(_text(name) for name in _rows(entry, "license"))
    if isinstance(entry["clauses"], str):
        clauses = [c for name in licenses if (e := catalogue.get(name)) for c in e.clauses]
    else:
        clauses = [_clause(row, repo, revision) for row in _rows(entry, "clauses")]
    conflicts = [
        Statement("conflict", _text(words), _span(repo, revision, place), "detected")
        for words, *place in _rows(entry, "conflicts")
    ]
    return LicenseCall(
        declared=tuple(s for s in facts if s.field in ("license", "license_name", "license_link")),
        concluded=licenses,
        known=_one_of(entry["known"], (True, False)),
        stated=_one_of(entry["stated"], (True, False)),
        osi=_one_of(entry["osi"], (True, False, None)),
        clauses=tuple(clauses),
        conflicts=tuple(conflicts),
        why=_text(entry.get("said", "")),
    )


def _fact(row: Any, repo: str, revision: str | None) -> Statement:
    field, value, relation, how, *place = row
    plain = isinstance(value, (str, int, float, bool, dict, type(None)))
    if not plain and not all(isinstance(one, str) for one in value):
        raise ValueError(f"{repo}: a value that no card can have")
    if relation is not None:
        _one_of(relation, relations())
    return Statement(_text(field), value, _span(repo, revision, place), _one_of(how, get_args(How)), relation)


def _clause(row: Any, repo: str, revision: str | None) -> Clause:
    name, params, section, *place = row
    if not isinstance(params, Mapping):
        raise ValueError(f"{repo}: parameters of a clause that are no mapping")
    return Clause(_text(name), params, _span(repo, revision, place), _maybe(section))


def _failure(row: Any) -> Failure:
    status, why, path = row
    return Failure(_one_of(status, get_args(Status)), _text(why), _maybe(path))


def _span(repo: str, revision: str | None, place: Sequence[Any]) -> Span:
    file, line, quote = place
    if line is not None and type(line) is not int:
        raise ValueError(f"{repo}: a line that is no number")
    return Span(repo, _maybe(file), line, _text(quote), revision=revision)


def _rows(entry: Entry, key: str) -> list[Any]:
    rows = entry.get(key, [])
    if not isinstance(rows, list):
        raise ValueError(f"{key} is no list")
    return rows


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"text expected, not {value!r}")
    return value


def _maybe(value: Any) -> str | None:
    return None if value is None else _text(value)


def _one_of(value: Any, among: Any) -> Any:
    if not isinstance(value, (str, bool, type(None))) or value not in among:
        raise ValueError(f"{value!r} is none of what may stand there")
    return value
