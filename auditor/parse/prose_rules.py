"""The words of rules/prose, compiled: what points at a base model, a dataset or a teacher, and what revokes it."""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

from auditor.resources import load_folder, rules_dir


class Cue(NamedTuple):
    """How a group of patterns is to be read.

    At most `gap` words stand between it and the name; `lists`: more names may follow; `made`: the name wrote the data,
    `closed` or `any`; `linked`: an id that could as well be a dataset's does not count; `opens`: a list may follow;
    `copies`: whether it holds for a quantized copy, too (`also`), or for nothing else (`only`); `then`: what must come.
    """

    relation: str | None
    gap: int
    lists: bool
    made: str
    linked: bool
    opens: bool
    copies: str
    then: Any


class Cues(NamedTuple):
    """The cues of one field: what `after` matches precedes a name, what `before` matches is right behind one.

    `any_after` is `after` without its groups: RE2 is far quicker to say no when it need not say which.
    """

    field: str
    cues: tuple[Cue, ...]
    after: Any
    any_after: Any
    before: Any

    def cue(self, found: Any) -> Cue:
        """The cue whose pattern matched."""
        return self.cues[int(found.lastgroup[1:])]


@functools.cache
def all_cues() -> tuple[Cues, ...]:
    """The cues of every field."""
    return tuple(_read(raw) for raw in _folder().values() if "cues" in raw)


@functools.cache
def word(name: str) -> Any:
    """A compiled pattern of `_words.yaml`."""
    return _compiled(_folder()["_words.yaml"][name])


@functools.cache
def listed_words(name: str) -> frozenset[str]:
    """A list of words of `_words.yaml`."""
    return frozenset(_folder()["_words.yaml"][name])


@functools.cache
def sections() -> dict[str, tuple[str, ...]]:
    """The words of headings by what they say of the text below: `other`, `never`, `skip`, `data` and `base`."""
    listed = _folder()["sections.yaml"]
    flat = {
        name: rows if isinstance(rows[0], str) else [w for row in rows for w in row] for name, rows in listed.items()
    }
    return {name: tuple(words) for name, words in flat.items()}


@functools.cache
def _folder() -> dict[str, Any]:
    return load_folder(rules_dir() / "prose")


def _read(raw: dict[str, Any]) -> Cues:
    cues = tuple(
        Cue(
            relation=cue.get("relation"),
            gap=cue.get("gap", 4),
            lists=cue.get("lists", False),
            made=cue.get("made", ""),
            linked=cue.get("linked", False),
            opens=cue.get("opens", False),
            copies=cue.get("copies", ""),
            then=_compiled(cue["then"]) if "then" in cue else None,
        )
        for cue in raw["cues"]
    )
    either = _compiled("|".join(pattern for cue in raw["cues"] for pattern in cue.get("after", ())))
    return Cues(raw["field"], cues, _grouped(raw["cues"], "after"), either, _grouped(raw["cues"], "before"))


def _grouped(cues: list[dict[str, Any]], side: str) -> Any:
    """One pattern for all cues of a side, a group named after its number for each."""
    groups = [f"(?P<c{n}>{'|'.join(cue[side])})" for n, cue in enumerate(cues) if side in cue]
    return _compiled("|".join(groups)) if groups else None


def _compiled(source: str) -> Any:
    import re2

    options = re2.Options()
    options.case_sensitive = False
    return re2.compile(source, options)
