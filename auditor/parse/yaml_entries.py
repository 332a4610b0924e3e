"""Reads one YAML mapping as entries with offsets.

YAML is taken as a stream of events and never composed into objects: nesting, aliases and size are then limits that a
hostile file cannot get around (libyaml's own composer overflows the stack on deep nesting), and scalars keep their raw
spelling (`no`, `0.10`, `2020-01-01`).
"""

from __future__ import annotations

from typing import Any

from auditor.parse.entries import MAX_DEPTH, Entry, Item

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


def read_yaml(text: str, wanted: frozenset[str] | None, base: int = 0) -> tuple[list[Entry], tuple[int, str] | None]:
    """The top-level keys of one YAML mapping, and the fault (offset, words) that stopped the reading, if any.

    `wanted` of None means every key. `base` is added to offsets. What stood before a fault is kept. Never raises.
    """
    import yaml

    reader = _Reader(wanted, base)
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            reader.take(type(event).__name__, event)
    except _Refused as refusal:
        return reader.entries, (base + refusal.at, str(refusal))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        words = getattr(error, "problem", None) or str(error).partition("\n")[0]
        return reader.entries, (base + (mark.index if mark else 0), f"not valid YAML: {words}")
    except (ValueError, RecursionError) as error:  # lone surrogates cannot be encoded
        return reader.entries, (base, f"not readable as YAML: {type(error).__name__}")
    return reader.entries, None


class _Refused(Exception):
    def __init__(self, at: int, words: str) -> None:
        super().__init__(words)
        self.at = at


class _Open:
    """A collection that has begun. `key` is the key whose value comes next, None while a mapping awaits one."""

    __slots__ = ("is_mapping", "key")

    def __init__(self, is_mapping: bool) -> None:
        self.is_mapping = is_mapping
        self.key: str | None = None

    @property
    def awaits_key(self) -> bool:
        return self.is_mapping and self.key is None


class _Reader:
    def __init__(self, wanted: frozenset[str] | None, base: int) -> None:
        self.wanted, self.base = wanted, base
        self.entries: list[Entry] = []
        self._open: list[_Open] = []
        self._entry: Entry | None = None

    def take(self, kind: str, event: Any) -> None:
        """The next event of the stream."""
        if kind == "ScalarEvent":
            self._scalar(event)
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            self._begin(kind == "MappingStartEvent", event.start_mark.index)
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self._open.pop()
            self._value_done()
        elif kind == "AliasEvent":
            if not self._open or self._open[-1].awaits_key:
                raise _Refused(event.start_mark.index, "an alias stands where a key should")
            if self._entry is not None:
                self._entry.fault("uses a YAML alias, which is not followed")
            self._value_done()

    def _begin(self, is_mapping: bool, at: int) -> None:
        if not self._open and not is_mapping:
            raise _Refused(at, "is a list, not a mapping of keys to values")
        if self._open and self._open[-1].awaits_key:
            raise _Refused(at, "a key is itself a list or a mapping")
        if len(self._open) >= MAX_DEPTH:
            raise _Refused(at, f"is nested more than {MAX_DEPTH} deep")
        self._open.append(_Open(is_mapping))

    def _scalar(self, event: Any) -> None:
        at = event.start_mark.index
        if not self._open:
            if event.value not in _NULLS:
                raise _Refused(at, "is no mapping of keys to values")
        elif self._open[-1].awaits_key:
            self._open[-1].key = event.value
            if len(self._open) == 1:
                self._begin_entry(event.value, at)
        else:
            is_null = not event.style and event.value in _NULLS
            if self._entry is not None and not is_null:
                inner = next((o.key for o in reversed(self._open[1:]) if o.is_mapping), None)
                span = (self.base + at, self.base + event.end_mark.index)
                self._entry.add(Item(event.value, *span, inner, event.style in ("|", ">")))
            self._value_done()

    def _begin_entry(self, key: str, at: int) -> None:
        self._entry = Entry(key, self.base + at) if self.wanted is None or key in self.wanted else None
        if self._entry is not None:
            self.entries.append(self._entry)

    def _value_done(self) -> None:
        if self._open and self._open[-1].is_mapping:
            self._open[-1].key = None
