"""Which licenses a derived work may take under a share-alike license (data/compatibility.yaml)."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from auditor.identify import catalogue
from auditor.resources import data_dir, load_file


def may_become(held: str, chosen: Iterable[str]) -> bool:
    """May a work derived from one under the license `held` be released under one of `chosen` (catalogue ids)?"""
    allowed = _table().get(held, [])
    if allowed == "any":
        return True
    return not _spelled_out([held, *allowed]).isdisjoint(_spelled_out(chosen))


def binds_derivatives(held: str) -> bool:
    """False for a license whose share-alike holds for unchanged parts alone."""
    return _table().get(held) != "any"


def share_alike_licenses(ids: Iterable[str]) -> list[str]:
    """Those of the licenses that ask for share-alike."""
    entries = (catalogue.get(name) for name in ids)
    return [e.id for e in entries if e is not None and any(c.id == "share-alike" for c in e.clauses)]


def _spelled_out(ids: Iterable[str]) -> set[str]:
    """The licenses with the members of those that are families: `gpl` may be any of them."""
    every = set(ids)
    for name in tuple(every):
        entry = catalogue.get(name)
        every.update(entry.members if entry else ())
    return every


@functools.cache
def _table() -> dict[str, list[str] | str]:
    raw: dict[str, list[str] | str] = load_file(data_dir() / "compatibility.yaml")
    return raw
