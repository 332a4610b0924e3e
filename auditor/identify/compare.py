"""Whether a declared license and a text agree: one license, a member of its family, another edition, or another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from auditor.identify import catalogue
from auditor.identify.vocabulary import vocabulary
from auditor.model import DetectedText, Span, Statement


def same(declared: str, found: str) -> bool:
    """True where declaring the one does not contradict the other: one license, a family and its member, or an older
    edition that has no name of its own."""
    if declared == found:
        return True
    first, second = catalogue.get(declared), catalogue.get(found)
    if first is None or second is None:
        return False
    nameless = not (second.hub_tags or second.names)
    return found in first.members or declared in second.members or (nameless and related(declared, found))


def related(one: str, other: str) -> bool:
    """True for two editions of one license: a chain of predecessors leads from one to the other."""
    return other in _line(one) or one in _line(other)


def _line(license_id: str) -> set[str]:
    """An edition and all those before it."""
    seen: set[str] = set()
    at: str | None = license_id
    while at and at not in seen:
        seen.add(at)
        entry = catalogue.get(at)
        at = entry.predecessor if entry else None
    return seen


def disagreements(declared: Sequence[str], found: Mapping[str, DetectedText], repo: str) -> Iterator[Statement]:
    """Where known texts are not what is declared. Another free license beside the declared one is no disagreement."""
    untold = [d for d in declared if not any(same(d, x) for x in found)]
    for x, text in found.items():
        if not declared or any(same(d, x) for d in declared):
            continue
        path, entry = text.legal.path, catalogue.get(x)
        if untold:
            kind = "another version" if related(untold[0], x) else "another license"
            is_it = "names" if all(m.match == "none" for m in text.matches) else "is the text of"
            words = f"declares {name_of(untold[0])}, but {path} {is_it} {kind}: {name_of(x)}"
            yield conflict(words, _beginning(text, repo))
        elif entry is None or not entry.osi:
            yield conflict(f"declares {name_of(declared[0])}; {path} holds {name_of(x)}", _beginning(text, repo))


def besides(known: Sequence[str], named: Mapping[str, DetectedText]) -> dict[str, DetectedText]:
    """Of the licenses that a card's words name those that are neither known already nor free ones beside a known one.

    An edition that shares its name with a known one is that one: words seldom say the date.
    """
    return {
        x: text
        for x, text in named.items()
        if not known or not (_is_free(x) or any(same(k, x) or same(x, k) or _namesake(k, x) for k in known))
    }


def _is_free(license_id: str) -> bool:
    entry = catalogue.get(license_id)
    return entry is not None and (bool(entry.osi) or entry.category in ("permissive", "public-domain"))


def _namesake(one: str, other: str) -> bool:
    """Editions of one license that are not told apart by a tag of the Hub."""
    entries = catalogue.get(one), catalogue.get(other)
    return related(one, other) and not all(entry and entry.hub_tags for entry in entries)


def additions(ids: Sequence[str], text: DetectedText) -> list[str]:
    """Clauses of a text that none of the licenses has, and that no open source license may have."""
    have = {c.id for i in ids if (entry := catalogue.get(i)) for c in entry.clauses}
    return list(dict.fromkeys(c.id for c in text.clauses if c.id not in have and fails_definition(c.id)))


def strangers(ids: Sequence[str], texts: Sequence[DetectedText]) -> Iterator[Statement]:
    """Unknown texts beside a declared license that add restrictions to it."""
    for text in texts if ids else ():
        added = additions(ids, text)
        if added:
            titles = ", ".join(vocabulary()[c].title.lower() for c in added)
            place = next(c.span for c in text.clauses if c.id in added and c.span)
            words = f"declares {name_of(ids[0])}, but {text.legal.path} is not its text and adds: {titles}"
            yield conflict(words, place)


def fails_definition(clause: str) -> bool:
    """True for clauses that the Open Source Definition does not allow."""
    info = vocabulary().get(clause)
    return info is not None and bool(info.osd)


def conflict(words: str, span: Span) -> Statement:
    """A disagreement in words, at the place of one of its sides."""
    return Statement("conflict", words, span, "detected")


def is_family(license_id: str) -> bool:
    """True for a name that several licenses share."""
    entry = catalogue.get(license_id)
    return entry is not None and entry.is_family


def name_of(license_id: str) -> str:
    """The catalogue's name of a license, else the id itself."""
    entry = catalogue.get(license_id)
    return entry.name if entry else license_id


def _beginning(text: DetectedText, repo: str) -> Span:
    first = text.legal.text.strip().partition("\n")[0].strip()
    return Span(repo, text.legal.path, None if text.legal.offset else 1, first[:100])
