"""The license catalogue (data/licenses): what is known of each license, and which one a tag, name or link means."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from auditor.model import Clause, Span
from auditor.resources import data_dir, load_folder

How = Literal["tag", "name", "link", "expression", "none"]

_LONGEST = 500  # characters of a tag, name or link; whatever is longer names no license
_OPERATORS = frozenset(("and", "or"))
_SUFFIXES = ("license", "agreement", "terms")
_SAME_PLACE = ("/resolve/", "/raw/", "/tree/", "/edit/")  # views of one file in a repository


@dataclass(frozen=True, slots=True)
class License:
    """One entry of the catalogue. `osi` and `fsf` are None where it cannot be said.

    `data_license` marks licenses made for data or content: the OSI does not judge those. `members` are the ids that a
    family stands for. The span of each clause leads to the license's own text.
    """

    id: str
    name: str
    category: str
    osi: bool | None
    fsf: bool | None
    steward: str | None = None
    version_date: str | None = None
    data_license: bool = False
    hub_tags: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    predecessor: str | None = None
    successor: str | None = None
    members: tuple[str, ...] = ()
    clauses: tuple[Clause, ...] = ()
    references: tuple[str, ...] = ()
    reviewed: str | None = None

    @property
    def is_family(self) -> bool:
        """True for a name that several licenses share, such as `gpl`."""
        return self.category == "family"


@dataclass(frozen=True, slots=True)
class Resolution:
    """Which catalogue ids some declared words mean; no ids when they name no known license. `why` says so in words."""

    ids: tuple[str, ...]
    how: How
    why: str


def all_ids() -> tuple[str, ...]:
    """Every id of the catalogue, sorted."""
    return tuple(sorted(raw_entries()))


@functools.cache
def get(license_id: str) -> License | None:
    """The entry with this id (exact spelling), or None."""
    raw = raw_entries().get(license_id)
    return _license(raw) if raw else None


def by_tag(tag: str) -> str | None:
    """The id behind a Hub license tag in any case, or None."""
    return _tags().get(tag.strip().casefold())


def by_name(name: str) -> str | None:
    """The id that a name, spelling or SPDX id means, or None.

    Case, spaces and punctuation do not count, nor do the words license and agreement at the end where what is left
    still means one license only.
    """
    if len(name) > _LONGEST:
        return None
    full, short = _names()
    folded = fold(name)
    return full.get(folded) or short.get(_shorten(folded))


def by_link(link: str) -> str | None:
    """The id of the license that a link leads to, or None. The longest known beginning of the address decides."""
    if len(link) > _LONGEST:
        return None
    address = _address(link)
    return next((license_id for known, license_id in _links() if address.startswith(known)), None)


def resolve(tag: Any = None, name: Any = None, link: Any = None) -> Resolution:
    """What a card's `license`, `license_name` and `license_link` mean together; any of them may be of any type.

    A tag that names a license decides. Where it names none (`other`, `unknown`, or nothing at all), the link decides
    over the name, since it says which version.
    """
    words, label, address = (_words(value) for value in (tag, name, link))
    if words:
        found = _by_words(words)
        if found and found.ids:
            return found
    by_address = by_link(address) if address else None
    if by_address and names_a_license(by_address):
        return Resolution((by_address,), "link", f"the link {address!r} leads to it")
    if label:
        found = _by_words(label)
        if found and found.ids:
            return Resolution(found.ids, "name", f"it is called {label!r}")
    given = " / ".join(repr(text) for text in (words, label, address) if text)
    return Resolution((), "none", f"{given} names no license of the catalogue" if given else "nothing is declared")


def names_a_license(license_id: str) -> bool:
    """False for entries such as `other` and `cc`: families whose members differ too much to say anything of them."""
    entry = get(license_id)
    return entry is not None and not (entry.is_family and entry.osi is None)


def raw_entries() -> Mapping[str, Mapping[str, Any]]:
    """The files of the catalogue by id, unbuilt."""
    return _raw()


@functools.cache
def _raw() -> dict[str, dict[str, Any]]:
    return {entry["id"]: entry for entry in load_folder(data_dir() / "licenses").values()}


def fold(name: str) -> str:
    """A name without case, spaces and punctuation; a plus sign counts (`openrail++`), the spelling licence does not."""
    plain = unicodedata.normalize("NFKC", name).casefold().replace("+", "plus").replace("licence", "license")
    return "".join(char for char in plain if char.isalnum()).removeprefix("the")


def names_of(raw: Mapping[str, Any]) -> Iterator[str]:
    """Every spelling by which one entry is known."""
    yield raw["id"]
    yield raw["name"]
    yield from raw["hub_tags"]
    yield from raw["names"]


def _by_words(words: str) -> Resolution | None:
    tagged = by_tag(words)
    if tagged:
        return Resolution((tagged,) if names_a_license(tagged) else (), "tag", f"the tag {words!r} means it")
    named = by_name(words)
    if named:
        return Resolution((named,) if names_a_license(named) else (), "name", f"it is called {words!r}")
    if "://" in words and (linked := by_link(words)):
        return Resolution((linked,), "link", f"the link {words!r} leads to it")
    return _expression(words)


def _expression(words: str) -> Resolution | None:
    """`A AND B`, `A OR B`, `A WITH exception`: all the licenses in it, or None where any part is unknown."""
    tokens = words.replace("(", " ").replace(")", " ").split()
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token.casefold() in _OPERATORS:
            parts.append([])
        else:
            parts[-1].append(token)
    texts = [" ".join(part).split(" WITH ")[0] for part in parts]
    ids = [by_tag(text) or by_name(text) for text in texts]
    known = [found for found in ids if found and names_a_license(found)]
    if tokens == words.split() and len(parts) == 1 and texts[0] == words:
        return None  # no expression at all
    if not known or len(known) < len(texts):
        return None
    return Resolution(tuple(dict.fromkeys(known)), "expression", f"the expression {words!r} names it")


def _words(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST:
        return ""
    return value.strip()


def _shorten(folded: str) -> str:
    while True:
        shorter = folded
        for suffix in _SUFFIXES:
            shorter = shorter.removesuffix(suffix) or shorter
        if shorter == folded:
            return folded
        folded = shorter


def _address(link: str) -> str:
    from urllib.parse import unquote

    address = unquote(link.strip()).casefold()
    address = address.removeprefix("https://").removeprefix("http://").removeprefix("www.")
    for view in _SAME_PLACE:
        address = address.replace(view, "/blob/", 1)
    return address.removeprefix("hf.co/").rstrip("/") + "/" if address else ""


@functools.cache
def _tags() -> dict[str, str]:
    return {tag.casefold(): raw["id"] for raw in raw_entries().values() for tag in raw["hub_tags"]}


@functools.cache
def _names() -> tuple[dict[str, str], dict[str, str]]:
    full = {fold(name): raw["id"] for raw in raw_entries().values() for name in names_of(raw)}
    return full, _unambiguous((_shorten(name), license_id) for name, license_id in full.items())


def _unambiguous(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    owners: dict[str, set[str]] = {}
    for name, license_id in pairs:
        owners.setdefault(name, set()).add(license_id)
    return {name: next(iter(ids)) for name, ids in owners.items() if len(ids) == 1}


@functools.cache
def _links() -> tuple[tuple[str, str], ...]:
    pairs = ((_address(link).rstrip("/"), raw["id"]) for raw in raw_entries().values() for link in raw["links"])
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def _license(raw: Mapping[str, Any]) -> License:
    references = tuple(raw.get("references", ()))
    place = references[0] if references else None
    return License(
        id=raw["id"],
        name=raw["name"],
        category=raw["category"],
        osi=raw["osi"],
        fsf=raw["fsf"],
        steward=raw.get("steward"),
        version_date=raw.get("version_date"),
        data_license=raw.get("data_license", False),
        hub_tags=tuple(raw["hub_tags"]),
        names=tuple(raw["names"]),
        links=tuple(raw["links"]),
        predecessor=raw.get("predecessor"),
        successor=raw.get("successor"),
        members=tuple(raw.get("members", ())),
        clauses=tuple(_clause(raw["id"], place, clause) for clause in raw["clauses"]),
        references=references,
        reviewed=raw.get("reviewed"),
    )


def _clause(license_id: str, place: str | None, raw: Mapping[str, Any]) -> Clause:
    span = Span(repo=license_id, file="LICENSE", quote=raw.get("quote", ""), url=place)
    return Clause(raw["id"], raw.get("params", {}), span, raw.get("section"))
