"""Reads rule files into rules, and reports every mistake in them at once, with file, line and a suggestion."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from auditor.engine.conditions import Reader
from auditor.engine.places import line_of
from auditor.engine.rule import Example, ExampleKind, Junction, Rule
from auditor.errors import FileMistakes, Mistake, UsageError
from auditor.model import SEVERITIES
from auditor.resources import load_folder, rules_dir

_REQUIRED = ("id", "severity", "title", "message", "rationale", "remedy", "match", "examples")
_ALLOWED = (*_REQUIRED, "name", "references")
_KINDS: tuple[ExampleKind, ...] = ("fires", "quiet", "undetermined")
_NOT_RULES = ("clauses/", "policy/", "prose/")  # what recognizes clauses and prose, and the words of the gate


def load_rules(dirs: Sequence[Path] = (), named: str | None = None) -> tuple[Rule, ...]:
    """The shipped rules and those of further folders; a later rule replaces an earlier one of the same id.

    With `named` only those of that id or family are read.

    Raises FileMistakes with all faults of all files, UsageError for a folder that is none.
    """
    mistakes: list[Mistake] = []
    rules: dict[str, Rule] = {}
    for folder in (rules_dir(), *dirs):
        if not folder.is_dir():
            raise UsageError(f"{folder} is not a folder of rules", remedy="Name a folder that holds *.yaml rule files.")
        for name, raw in load_folder(folder, skip=_NOT_RULES).items():
            if named and isinstance(raw, Mapping) and named not in (raw.get("id"), raw.get("name")):
                continue
            path = folder / name
            rule = _rule(raw, path, Path(name).parent.as_posix(), mistakes)
            if rule:
                rules[rule.id] = rule
    if mistakes:
        raise FileMistakes(mistakes, remedy="`auditor rules test` checks a folder; CONTRIBUTING.md shows the format.")
    return tuple(rules.values())


def find_rule(name: str, rules: Iterable[Rule]) -> Rule:
    """The rule with this id or name. Raises UsageError with suggestions."""
    rules = tuple(rules)
    for rule in rules:
        if name in (rule.id, rule.name):
            return rule
    near = difflib.get_close_matches(name, [r.id for r in rules], n=3)
    hint = f"Did you mean {' or '.join(near)}?" if near else "`auditor rules list` names them all."
    raise UsageError(f"there is no rule {name!r}", remedy=hint)


def _rule(raw: Any, path: Path, group: str, mistakes: list[Mistake]) -> Rule | None:
    before = len(mistakes)

    def wrong(message: str, *keys: str | int) -> None:
        mistakes.append(Mistake(str(path), line_of(path, keys), message))

    if not isinstance(raw, Mapping):
        wrong("a rule file is a mapping of keys")
        return None
    for key in _REQUIRED:
        if key not in raw:
            wrong(f"the key '{key}' is missing")
    for key in raw:
        if key not in _ALLOWED:
            wrong(f"unknown key '{key}'{_suggest(key, _ALLOWED)}", key)
    if "severity" in raw and raw["severity"] not in SEVERITIES:
        wrong(f"severity is one of {', '.join(SEVERITIES)}, not {raw['severity']!r}", "severity")
    if "id" in raw and raw["id"] != path.stem:
        wrong(f"the id {raw['id']!r} must be the file's name, {path.stem!r}", "id")
    reader = Reader(wrong)
    condition = reader.read(raw.get("match", {}), ("match",)) if "match" in raw else Junction("all", ())
    examples = tuple(_examples(raw.get("examples"), wrong))
    if len(mistakes) > before:
        return None
    return Rule(
        id=raw["id"],
        name=raw.get("name", raw["id"]),
        group=group,
        severity=raw["severity"],
        title=raw["title"],
        message=" ".join(raw["message"].split()),
        rationale=" ".join(raw["rationale"].split()),
        remedy=" ".join(raw["remedy"].split()),
        references=tuple(raw.get("references", ())),
        match=condition,
        examples=examples,
        file=str(path),
    )


def _examples(raw: Any, wrong: Any) -> Iterable[Example]:
    if not isinstance(raw, Mapping):
        wrong("examples is a mapping with fires, quiet and undetermined", "examples")
        return
    for key in raw:
        if key not in _KINDS:
            wrong(f"unknown kind of example '{key}'{_suggest(key, _KINDS)}", "examples", key)
    for kind in _KINDS:
        for index, row in enumerate(raw.get(kind) or ()):
            place = ("examples", kind, index)
            if not isinstance(row, Mapping) or not isinstance(row.get("repos"), Mapping) or not row["repos"]:
                wrong("an example needs 'why' and 'repos', a mapping of ids to cards", *place)
                continue
            for key in row:
                if key not in ("why", "repos", "known"):
                    wrong(f"unknown key '{key}' in an example{_suggest(key, ('why', 'repos', 'known'))}", *place, key)
            known = {k: tuple(v) for k, v in (row.get("known") or {}).items()}
            yield Example(kind=kind, why=str(row.get("why", "")), repos=row["repos"], known=known)
    for kind, least in (("fires", 1), ("quiet", 2)):
        if len(raw.get(kind) or ()) < least:
            wrong(f"at least {least} example(s) under '{kind}'", "examples")


def _suggest(word: Any, among: Iterable[str]) -> str:
    near = difflib.get_close_matches(str(word), list(among), n=1)
    return f" (did you mean '{near[0]}'?)" if near else ""
