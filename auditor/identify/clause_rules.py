"""Loads rules/clauses: how each clause of the vocabulary is recognised in a license text.

One file is one clause:

    id: non-commercial
    rationale: why these wordings count and others do not
    patterns:                   # in auditor/identify/patterns.py's language; one suffices
      - solely for .. non-commercial purposes
      - say: ...                # the same with more to say
        unless: [...]           # patterns that, found in the same sentence, take it back
        unless_anywhere: [...]  # the same for the whole text
        params: {scope: model}  # see below
    unless: [...]               # the same for all patterns
    params: {...}
    examples:
      match: [a sentence, {text: a sentence, params: {...}}]
      quiet: [a sentence]

A parameter is a constant, or `{group: name}` (words caught by the pattern), `{number: name}`,
`{first: [{is: value, when: pattern}, {is: value}]}` (the first whose pattern is in the sentence), or
`{each: {value: pattern}}` (all of them).
"""

from __future__ import annotations

import contextlib
import difflib
import functools
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor import resources
from auditor.errors import FileMistakes, Mistake
from auditor.identify import patterns, phrases
from auditor.identify.patterns import PatternError, Words
from auditor.identify.phrases import Row
from auditor.identify.plain import plain

WORDS_FILE = "_words.yaml"
_KEYS = {"id", "rationale", "patterns", "unless", "params", "examples"}
_PATTERN_KEYS = {"say", "unless", "unless_anywhere", "params"}
_PARAM_FORMS = {"group", "number", "first", "each"}
_SHARED = ("unless", "unless_anywhere", "params", "stamps")
_NO_GAP = 1 << 20  # bytes; longer than any match
_Report = Callable[[str, str], None]  # (message, words of the line that it is about)


@dataclass(frozen=True, slots=True)
class Wording:
    """One way of saying a clause, ready to be searched for; `rank` is its place in the file.

    `say`, `unless` and `unless_anywhere` are RE2 sources, as are the patterns in `params`. `needs` are phrases that
    every match of `say` holds, those that `phrases.worth_a_look` picks. A match of at most `gap` bytes has no gap that
    is too long. `stamps` are the fragments that must be stamped in the text before (stamps.py), by letter. `catches`
    says that `say` has groups for parameters, `fixed` that these do not depend on the text.
    """

    say: str
    unless: str
    unless_anywhere: str
    params: Mapping[str, Any]
    rank: int
    needs: tuple[Row, ...]
    stamps: Mapping[str, str]
    han: bool
    fixed: bool
    gap: int
    catches: bool


@dataclass(frozen=True, slots=True)
class ClauseRule:
    """How one clause is recognised."""

    id: str
    wordings: tuple[Wording, ...]


@functools.cache
def clause_rules(folder: Path | None = None) -> tuple[ClauseRule, ...]:
    """The shipped rules, or those of `folder`. Raises FileMistakes with every fault of every file.

    Translating the patterns takes longer than reading a text, so the result is kept in the cache until a file changes.
    """
    folder = folder or resources.rules_dir() / "clauses"
    kept = resources.cache_dir() / "parsed" / f"clause-rules-{_seal(folder)}.json"
    try:
        return _thaw(json.loads(kept.read_bytes()))
    except (OSError, ValueError, TypeError, KeyError):
        pass
    prepared = prepare(folder, resources.load_folder(folder))
    with contextlib.suppress(OSError):  # a read-only home costs time, never an answer
        resources.write_atomically(kept, json.dumps(prepared, ensure_ascii=False))
    return _thaw(prepared)


def _seal(folder: Path) -> str:
    """Another one where a file changed, or the code that prepares what it says."""
    here = Path(__file__).parent
    code = ((here / name).stat().st_mtime_ns for name in ("clause_rules.py", "patterns.py", "phrases.py", "plain.py"))
    return hashlib.sha256(f"{resources.seal(folder)} {list(code)}".encode()).hexdigest()[:32]


def examples(folder: Path | None = None) -> dict[str, dict[str, Any]]:
    """The examples of every clause file, by clause id: `match` and `quiet`."""
    files = resources.load_folder(folder or resources.rules_dir() / "clauses")
    return {raw["id"]: raw.get("examples") or {} for name, raw in files.items() if name != WORDS_FILE}


def prepare(folder: Path, files: Mapping[str, Any]) -> dict[str, Any]:
    """Validates parsed rule files and translates their patterns. Raises FileMistakes with all mistakes at once.

    The answer is made of what JSON can hold. What several wordings share is in it once, under `shared`.
    """
    words = files.get(WORDS_FILE) or {}
    mistakes: list[Mistake] = []
    prepared = []
    shared: dict[str, int] = {}
    sample = _sample(files)
    stamps = _stamps(words, lambda message, near: mistakes.append(_mistake(folder / WORDS_FILE, message, near)))

    def once(value: Any) -> int:
        return shared.setdefault(json.dumps(value), len(shared))

    for name, raw in files.items():
        if name == WORDS_FILE:
            continue
        path = folder / name

        def wrong(message: str, near: str = "", path: Path = path) -> None:
            mistakes.append(_mistake(path, message, near))

        if not isinstance(raw, dict):
            wrong("not a mapping; a clause file has the keys " + ", ".join(sorted(_KEYS)))
            continue
        _check_keys(path.stem, raw, wrong)
        wordings = [_wording(rank, entry, raw, words, wrong) for rank, entry in enumerate(_entries(raw, wrong))]
        for wording in wordings:
            rows = (phrases.worth_a_look(row, sample) for row in phrases.needed(wording["say"]))
            wording["needs"] = [list(map(once, row)) for row in rows]
            wording["stamps"] = {letter: stamps[letter] for letter in wording["stamps"]}
            wording |= {key: once(wording[key]) for key in _SHARED}
        prepared.append({"id": path.stem, "wordings": wordings})
    if mistakes:
        raise FileMistakes(mistakes)
    return {"shared": list(map(json.loads, shared)), "rules": prepared}


def _stamps(words: Words, wrong: _Report) -> dict[str, str]:
    """The RE2 sources of the fragments that are found once for a text, by the letter that stands for them."""
    sources = {}
    for name, letter in patterns.stamps(words).items():
        try:
            sources[letter] = patterns.sentence_source([f"{{{name}}}"], words)
        except PatternError as error:
            wrong(f"{error} in the fragment {name!r}", f"{name}:")
            sources[letter] = ""
    return sources


def _sample(files: Mapping[str, Any]) -> bytes:
    """Some legal language, to tell common phrases from rare ones: the examples of all rules."""
    told = (raw.get("examples") for raw in files.values() if isinstance(raw, dict))
    lists = (given for kinds in told if isinstance(kinds, dict) for given in kinds.values() if isinstance(given, list))
    texts = (one.get("text") if isinstance(one, dict) else one for given in lists for one in given)
    return phrases.bare(plain("\n".join(map(str, texts))).encode())


def _thaw(prepared: dict[str, Any]) -> tuple[ClauseRule, ...]:
    shared = [tuple(value) if isinstance(value, list) else value for value in prepared["shared"]]

    def wording(raw: dict[str, Any]) -> Wording:
        same = {key: shared[raw[key]] for key in _SHARED}
        needs = tuple(tuple(shared[number] for number in row) for row in raw["needs"])
        return Wording(**{**raw, **same, "needs": needs})

    return tuple(ClauseRule(rule["id"], tuple(map(wording, rule["wordings"]))) for rule in prepared["rules"])


def _check_keys(name: str, raw: dict[str, Any], wrong: _Report) -> None:
    for key in raw:
        if key not in _KEYS:
            wrong(f"unknown key {key!r}{_guess(key, _KEYS)}", f"{key}:")
    if raw.get("id") != name:
        wrong(f"id is {raw.get('id')!r}, the file name says {name!r}", "id:")
    if not raw.get("patterns"):
        wrong("no patterns", "patterns:")
    if not isinstance(raw.get("rationale"), str):
        wrong("no rationale: say in a sentence what counts and what does not", "")


def _entries(raw: dict[str, Any], wrong: _Report) -> Iterator[dict[str, Any]]:
    for number, item in enumerate(raw.get("patterns") or (), 1):
        entry = {"say": item} if isinstance(item, str) else item
        if not isinstance(entry, dict) or not isinstance(entry.get("say"), str):
            wrong(f"pattern {number} is neither words nor a mapping with `say`", "patterns:")
            continue
        for key in sorted(set(entry) - _PATTERN_KEYS):
            wrong(f"unknown key {key!r} in a pattern{_guess(key, _PATTERN_KEYS)}", f"{key}:")
        yield entry


def _wording(rank: int, entry: dict[str, Any], raw: dict[str, Any], words: Words, wrong: _Report) -> dict[str, Any]:
    """A wording in the form that is cached: keyword arguments of Wording."""

    def source(pattern: str) -> str:
        try:
            return patterns.sentence_source([pattern], words)
        except PatternError as error:
            wrong(f"{error} in the pattern {pattern!r}", pattern)
            return ""

    say, unless = entry["say"], [*(raw.get("unless") or ()), *(entry.get("unless") or ())]
    try:
        search = patterns.search_source(say, words)
    except PatternError as error:
        wrong(f"{error} in the pattern {say!r}", say)
        search = ""
    params = {**(raw.get("params") or {}), **(entry.get("params") or {})}
    return {
        "say": search,
        "unless": "|".join(map(source, unless)),
        "unless_anywhere": "|".join(map(source, entry.get("unless_anywhere") or ())),
        "params": {name: _param(name, value, source, wrong) for name, value in params.items()},
        "stamps": [letter for letter in patterns.stamps(words).values() if f"{letter}+" in search],
        "rank": rank,
        "han": patterns.is_han(say),
        "fixed": not any(isinstance(value, dict) for value in params.values()),
        "gap": min(patterns.gaps(search), default=_NO_GAP),
        "catches": patterns.catches(search),
    }


def _param(name: str, value: Any, source: Callable[[str], str], wrong: _Report) -> Any:
    """A parameter with its patterns translated."""
    if not isinstance(value, dict):
        return value
    if len(value) != 1 or not set(value) <= _PARAM_FORMS:
        wrong(f"parameter {name!r} must be a value or one of {', '.join(sorted(_PARAM_FORMS))}", f"{name}:")
    if "first" in value:
        return {
            "first": [{**case, "when": source(case["when"])} if "when" in case else case for case in value["first"]]
        }
    if "each" in value:
        return {"each": {key: source(pattern) for key, pattern in value["each"].items()}}
    return value


def _mistake(path: Path, message: str, near: str) -> Mistake:
    return Mistake(str(path), _line(path, near), message)


def _guess(word: str, known: set[str]) -> str:
    close = difflib.get_close_matches(str(word), sorted(known), 1)
    return f" (did you mean {close[0]!r}?)" if close else f"; known are {', '.join(sorted(known))}"


def _line(path: Path, needle: str) -> int | None:
    """The line of the file where `needle` stands, from 1; in quoted YAML a backslash is written twice."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError:
        return None
    spellings = (needle, needle.replace("\\", "\\\\").replace('"', '\\"'))
    return next((n for n, line in enumerate(lines, 1) if needle and any(s in line for s in spellings)), None)
