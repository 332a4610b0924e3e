"""What the declared license of a repository means: tags, names and links resolved, and compared with one another."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from auditor.identify import catalogue
from auditor.identify.compare import conflict, is_family, name_of, same
from auditor.model import Statement

FIELDS = ("license", "license_name", "license_link", "license_details")

_Said = dict[str, Statement]


@dataclass(frozen=True, slots=True)
class Claim:
    """Catalogue ids in the order in which they are declared, each with the statement that says so; how they were told
    (or why not), in words; and where tag and name disagree."""

    said: dict[str, Statement]
    why: str
    conflicts: tuple[Statement, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The licenses that are declared and known."""
        return tuple(self.said)


def read_claim(declared: Sequence[Statement], home: Container[str] = ()) -> Claim:
    """Resolves the declared values. A name or link tells what a tag such as `other` or `gpl` leaves open.

    `home` holds the repository's own names, where it has any: what is known of it from elsewhere counts beside what it
    says itself, and is a conflict where it says otherwise.
    """
    own = [s for s in declared if s.span.repo in home and s.how == "declared"] if home else declared
    claim = _claim_of(own)
    elsewhere = _claim_of([s for s in declared if s not in own])
    told = _refine(claim.said, elsewhere.said)
    conflicts = tuple(_contradictions(claim.said, elsewhere.said))
    why = claim.why if claim.said or not elsewhere.said else elsewhere.why
    return Claim(told, why or elsewhere.why, (*claim.conflicts, *elsewhere.conflicts, *conflicts))


def _contradictions(own: _Said, elsewhere: _Said) -> Iterator[Statement]:
    for other, statement in elsewhere.items():
        if own and not any(same(mine, other) or same(other, mine) for mine in own):
            mine = name_of(next(iter(own)))
            place = " ".join(filter(None, (statement.span.repo, statement.span.file)))
            yield conflict(f"its metadata says {mine}, but {place} says {name_of(other)}", statement.span)


def _claim_of(declared: Sequence[Statement]) -> Claim:
    by_tag: _Said = {}
    by_name: _Said = {}
    reasons: list[tuple[bool, str]] = []
    for tag in _strings(declared, "license"):
        resolution = catalogue.resolve(tag.value)
        reasons.append((bool(resolution.ids), resolution.why))
        _note(by_tag, resolution.ids, tag)
    for name, link in _names_and_links(declared):
        resolution = catalogue.resolve(None, name and name.value, link and link.value)
        reasons.append((bool(resolution.ids), resolution.why))
        place = link if resolution.how == "link" else name
        if place:
            _note(by_name, resolution.ids, place)
    why = next((words for known, words in reasons if known), reasons[0][1] if reasons else "")
    return Claim(_refine(by_tag, by_name), why, tuple(_disagreements(by_tag, by_name)))


def _note(said: _Said, ids: Iterable[str], statement: Statement) -> None:
    for license_id in ids:
        said.setdefault(license_id, statement)


def _refine(by_tag: _Said, by_name: _Said) -> _Said:
    """Tags and names together; a family gives way to the member that is named."""
    kept = {t: s for t, s in by_tag.items() if not (is_family(t) and any(same(t, n) for n in by_name))}
    return kept | {n: s for n, s in by_name.items() if not any(same(t, n) for t in kept)}


def _disagreements(by_tag: _Said, by_name: _Said) -> Iterator[Statement]:
    for name, statement in by_name.items():
        if by_tag and not any(same(tag, name) for tag in by_tag):
            tag = name_of(next(iter(by_tag)))
            yield conflict(f"the tag says {tag}, but its name or link {name_of(name)}", statement.span)


def _names_and_links(declared: Sequence[Statement]) -> Iterator[tuple[Statement | None, Statement | None]]:
    """Every name with the first link; links alone where no name is given."""
    names = _strings(declared, "license_name") + _strings(declared, "license_details")
    links = _strings(declared, "license_link")
    if names:
        yield from ((name, links[0] if links else None) for name in names)
    else:
        yield from ((None, link) for link in links)


def _strings(declared: Iterable[Statement], field: str) -> list[Statement]:
    """Statements of one field, one for each value of a list; values that are no text are left out."""
    found: list[Statement] = []
    for statement in declared:
        if statement.field == field:
            values: Any = statement.value
            values = values if isinstance(values, (list, tuple)) else (values,)
            found += [replace(statement, value=v.strip()) for v in values if isinstance(v, str) and v.strip()]
    return found
