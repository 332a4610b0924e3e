"""Loads rules/clauses: how each clause of the vocabulary is recognised in a license text.

One file is one clause:

    id: non-commercial
    rationale: why these wordings count and others do not
    patterns:                   # in auditor/identify/patterns.py's language; one suffices
      - solely for .. non-commercial purposes
      - say: ...                # the same with more to say
        unless: [...]           # patterns that, found in the same sentence, take it back
        params: {scope: model}  # see below
    unless: [...]               # the same for all patterns
    params: {...}
    examples:
      match: [a sentence, {text: a sentence, params: {...}}]
      quiet: [a sentence]

A parameter is a constant, or `{group: name}` (words caught by the pattern), `{number: name}`, `{first: [{is: value, when:
pattern}, {is: value}]}` (the first whose pattern is in the sentence), or `{each: {value: pattern}}` (all of them).
"""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from auditor import resources
from auditor.errors import FileMistakes, Mistake
from auditor.identify.patterns import PatternError, anchor, compile_pattern

WORDS_FILE = "_words.yaml"
_KEYS = {"id", "rationale", "patterns", "unless", "params", "examples"}
_PATTERN_KEYS = {"say", "unless", "params"}
_PARAM_FORMS = {"group", "number", "first", "each"}


@dataclass(slots=True)
class Wording:
    """One way of saying a clause. `anchor` is a literal that it cannot do without; `rank` is its place in the file."""

    say: str
    unless: tuple[str, ...]
    params: Mapping[str, Any]
    rank: int
    anchor: str
    han: bool


@dataclass(slots=True)
class ClauseRule:
    """How one clause is recognised, with the examples that prove it."""

    id: str
    rationale: str
    wordings: tuple[Wording, ...]
    examples: Mapping[str, Any] = field(default_factory=dict)


class RuleBook:
    """All clause rules and the fragments that they share; patterns are compiled when first needed."""

    def __init__(self, folder: Path, rules: tuple[ClauseRule, ...], words: Mapping[str, str]) -> None:
        self.folder, self.rules, self.words = folder, rules, words
        self._compiled: dict[str, Any] = {}

    def regex(self, pattern: str) -> Any:
        """The compiled pattern. Raises FileMistakes that names the file."""
        found = self._compiled.get(pattern)
        if found is None:
            try:
                found = compile_pattern(pattern, self.words)
            except PatternError as error:
                raise FileMistakes([self._mistake(pattern, error)]) from error
            self._compiled[pattern] = found
        return found

    def check(self) -> list[Mistake]:
        """Compiles everything; all patterns that cannot be used."""
        mistakes = []
        for pattern in dict.fromkeys(p for rule in self.rules for w in rule.wordings for p in _patterns_of(w)):
            try:
                compile_pattern(pattern, self.words)
            except PatternError as error:
                mistakes.append(self._mistake(pattern, error))
        return mistakes

    def _mistake(self, pattern: str, error: PatternError) -> Mistake:
        owner = next((r.id for r in self.rules for w in r.wordings if pattern in _patterns_of(w)), WORDS_FILE[:-5])
        path = self.folder / f"{owner}.yaml"
        return Mistake(str(path), _line(path, pattern), f"{error} in the pattern {pattern!r}")


@functools.cache
def rule_book(folder: Path | None = None) -> RuleBook:
    """The shipped rules, or those of `folder`. Raises FileMistakes with every fault of every file."""
    folder = folder or resources.rules_dir() / "clauses"
    files = dict(resources.load_folder(folder))
    words = files.pop(WORDS_FILE, None) or {}
    mistakes: list[Mistake] = []
    rules = [_rule(folder / name, raw, mistakes) for name, raw in files.items()]
    if mistakes:
        raise FileMistakes(mistakes)
    return RuleBook(folder, tuple(rules), words)


def _rule(path: Path, raw: Any, mistakes: list[Mistake]) -> ClauseRule:
    def wrong(message: str, near: str = "") -> None:
        mistakes.append(Mistake(str(path), _line(path, near), message))

    if not isinstance(raw, dict):
        wrong("not a mapping; a clause file has the keys " + ", ".join(sorted(_KEYS)))
        return ClauseRule(path.stem, "", ())
    for key in raw:
        if key not in _KEYS:
            wrong(f"unknown key {key!r}{_guess(key, _KEYS)}", f"{key}:")
    if raw.get("id") != path.stem:
        wrong(f"id is {raw.get('id')!r}, the file name says {path.stem!r}", "id:")
    if not raw.get("patterns"):
        wrong("no patterns", "patterns:")
    if not isinstance(raw.get("rationale"), str):
        wrong("no rationale: say in a sentence what counts and what does not")
    shared = tuple(raw.get("unless") or ())
    wordings = []
    for rank, item in enumerate(raw.get("patterns") or ()):
        entry = {"say": item} if isinstance(item, str) else item
        if not isinstance(entry, dict) or not isinstance(entry.get("say"), str):
            wrong(f"pattern {rank + 1} is neither words nor a mapping with `say`", "patterns:")
            continue
        for key in set(entry) - _PATTERN_KEYS:
            wrong(f"unknown key {key!r} in a pattern{_guess(key, _PATTERN_KEYS)}", f"{key}:")
        params = {**(raw.get("params") or {}), **(entry.get("params") or {})}
        for name, value in params.items():
            if isinstance(value, dict) and (len(value) != 1 or not set(value) <= _PARAM_FORMS):
                wrong(f"parameter {name!r} must be a value or one of {', '.join(sorted(_PARAM_FORMS))}", f"{name}:")
        say = entry["say"]
        han = any("\u2e80" <= c <= "\u9fff" for c in say)
        unless = (*shared, *(entry.get("unless") or ()))
        wordings.append(Wording(say, unless, params, rank, anchor(say), han))
    return ClauseRule(path.stem, str(raw.get("rationale", "")), tuple(wordings), raw.get("examples") or {})


def _patterns_of(wording: Wording) -> Iterator[str]:
    yield wording.say
    yield from wording.unless
    for value in wording.params.values():
        if isinstance(value, dict):
            yield from (case["when"] for case in value.get("first", ()) if "when" in case)
            yield from value.get("each", {}).values()


def _guess(word: str, known: set[str]) -> str:
    close = difflib.get_close_matches(str(word), sorted(known), 1)
    return f" (did you mean {close[0]!r}?)" if close else f"; known are {', '.join(sorted(known))}"


def _line(path: Path, needle: str) -> int | None:
    """The line of the file where `needle` stands, from 1."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError:
        return None
    return next((n for n, line in enumerate(lines, 1) if needle and needle in line), None)
