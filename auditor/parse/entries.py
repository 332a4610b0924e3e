"""The one shape in which metadata is read, whether it stood in YAML or in the Hub's JSON answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MAX_ITEMS = 2000  # values of one key; real cards stay below 300
MAX_DEPTH = 32


@dataclass(frozen=True, slots=True)
class Item:
    """One scalar as it is spelled. `start` and `end` are offsets into the file, -1 where there is none.

    `key` is the key of the mapping that it stands in, None for a plain value or a list item; `block` marks a YAML block
    scalar.
    """

    text: str
    start: int = -1
    end: int = -1
    key: str | None = None
    block: bool = False


@dataclass(slots=True)
class Entry:
    """A top-level key and every scalar below it, nested lists and mappings flattened. `faults` are words."""

    key: str
    start: int = -1
    items: list[Item] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def add(self, item: Item) -> None:
        """Append a scalar, or note once that there are too many."""
        if len(self.items) < MAX_ITEMS:
            self.items.append(item)
        else:
            self.fault(f"has more than {MAX_ITEMS} values; the rest is not read")

    def fault(self, words: str) -> None:
        """Note a fault once."""
        if words not in self.faults:
            self.faults.append(words)


def from_json(data: Any, wanted: frozenset[str]) -> list[Entry]:
    """The wanted keys of a decoded JSON object, in its order; anything but an object gives none."""
    if not isinstance(data, dict):
        return []
    entries = []
    for key, value in data.items():
        if isinstance(key, str) and key in wanted:
            entry = Entry(key)
            for text, inner in _scalars(value, None, 0, entry):
                entry.add(Item(text, key=inner))
            entries.append(entry)
    return entries


def _scalars(value: Any, key: str | None, depth: int, entry: Entry) -> Iterator[tuple[str, str | None]]:
    if depth > MAX_DEPTH:
        entry.fault("is nested too deeply; the inner part is not read")
    elif isinstance(value, dict):
        for inner, below in value.items():
            yield from _scalars(below, str(inner), depth + 1, entry)
    elif isinstance(value, (list, tuple)):
        for below in value:
            yield from _scalars(below, key, depth + 1, entry)
    elif isinstance(value, str):
        yield value, key
    elif value is not None:
        yield spelled(value), key


def spelled(value: Any) -> str:
    """A JSON number or boolean as JSON spells it."""
    try:
        return json.dumps(value)
    except (TypeError, ValueError):
        return str(value)
