"""The policy of a repository: reads `auditor.toml`, or `[tool.auditor]` of pyproject.toml, whichever stands closest."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from auditor.errors import FileMistakes, Mistake
from auditor.model import Severity, Use
from auditor.policy import shape
from auditor.policy.toml_lines import line_of
from auditor.policy.use import make_use

NO_REASON = "say why it may stay"  # stands in a proposed waiver until a person has decided
_MOST_BYTES = 1_000_000
REMEDY = "docs/ci.md shows every key; `auditor schema policy` prints the JSON Schema."


@dataclass(frozen=True, slots=True)
class Lists:
    """What `allow` or `deny` names: catalogue ids of licenses, clauses, and patterns of model ids and organizations."""

    licenses: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiver:
    """A decision to live with a finding. `until` is an ISO date, its last day; `line` is where it is written down.

    `text_sha256` binds it to a legal text. An inline waiver has no subject: it covers what its line in `file` uses.
    """

    rule: str
    reason: str
    file: str
    line: int
    subject: str | None = None
    until: str | None = None
    text_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Clarification:
    """A person's reading of a license: `subject` is under `licenses`, as long as `file` has this hash."""

    subject: str
    licenses: tuple[str, ...]
    file: str
    text_sha256: str
    reason: str
    at: tuple[str, int]


@dataclass(frozen=True, slots=True)
class Policy:
    """What a repository asks of what it uses. `file` is where it is written down, None where nothing is."""

    file: Path | None = None
    use: Use = field(default_factory=Use)
    fail_on: Severity = "high"
    undetermined: Literal["fail", "warn", "ignore"] = "fail"
    require_pins: bool = False
    exclude: tuple[str, ...] = ()
    allow: Lists = field(default_factory=Lists)
    deny: Lists = field(default_factory=Lists)
    severity: Mapping[str, Severity] = field(default_factory=dict)
    paths: tuple[tuple[tuple[str, ...], Use], ...] = ()
    waivers: tuple[Waiver, ...] = ()
    clarifications: tuple[Clarification, ...] = ()
    baseline: str = "auditor.baseline.json"
    lock: str = "auditor.lock"

    def use_at(self, file: str) -> Use:
        """The use that holds for a file: of the first section that matches it, else the general one."""
        return next((use for patterns, use in self.paths if fits(file, patterns)), self.use)


def fits(name: str, patterns: Sequence[str]) -> bool:
    """Does a name fit one of the patterns? `*` stands for anything, slashes too; a folder's name for all below it."""
    from fnmatch import fnmatchcase

    return any(fnmatchcase(name, p) or name.startswith(f"{p.rstrip('/')}/") for p in patterns)


def find_policy(start: Path) -> Path | None:
    """The file that holds for `start`: the closest one upwards, at most as far as the top of its git repository."""
    for folder in (start, *start.parents):
        own, project = folder / "auditor.toml", folder / "pyproject.toml"
        if own.is_file():
            return own
        if project.is_file() and _of_project(_tables(_read(project), project)) is not None:
            return project
        if (folder / ".git").exists():
            return None
    return None


def load_policy(path: Path, rules_dirs: Sequence[Path] = ()) -> Policy:
    """The policy in one file, which may name rules of further folders. Raises FileMistakes with all of its mistakes."""
    text = _read(path)
    raw = _tables(text, path)
    inside: shape.Keys = ()
    if path.name == "pyproject.toml":
        raw, inside = _of_project(raw) or {}, ("tool", "auditor")

    def at(keys: shape.Keys) -> int | None:
        return line_of(text, (*inside, *keys))

    values = shape.folded(raw)
    found = [*_twice(raw), *shape.faults(values)]
    found = found or [*_names(values, rules_dirs)]
    if found:
        raise FileMistakes([Mistake(str(path), at(keys), words) for keys, words in found], remedy=REMEDY)
    return _policy(path, values, at)


def _of_project(raw: Mapping[str, Any]) -> Any:
    """What stands under `[tool.auditor]`, None where nothing does."""
    tools = raw.get("tool")
    return tools.get("auditor") if isinstance(tools, Mapping) else None


def _policy(path: Path, values: Mapping[str, Any], at: Any) -> Policy:
    waivers = tuple(
        Waiver(
            rule=w["rule"],
            reason=w["reason"],
            file=path.name,
            line=at(("waivers", number)) or 1,
            subject=w["subject"],
            until=w.get("until"),
            text_sha256=w.get("text-sha256"),
        )
        for number, w in enumerate(values.get("waivers", ()))
    )
    clarifications = tuple(
        Clarification(
            subject=c["subject"],
            licenses=_license_ids(_listed(c["license"])),
            file=c["file"],
            text_sha256=c["text-sha256"],
            reason=c["reason"],
            at=(path.name, at(("clarifications", number)) or 1),
        )
        for number, c in enumerate(values.get("clarifications", ()))
    )
    plain = {key: values[key] for key in ("undetermined", "baseline", "lock") if key in values}
    return Policy(
        file=path,
        use=_use(values.get("use", {})),
        fail_on=values.get("fail-on", "high"),
        require_pins=values.get("require-pins", False),
        exclude=tuple(values.get("exclude", ())),
        allow=_lists(values.get("allow", {})),
        deny=_lists(values.get("deny", {})),
        severity=values.get("severity", {}),
        paths=tuple((_listed(p["match"]), _use(p["use"])) for p in values.get("paths", ())),
        waivers=waivers,
        clarifications=clarifications,
        **plain,
    )


def _use(raw: Mapping[str, Any]) -> Use:
    answers: dict[str, Any] = {key.replace("-", "_"): tuple(v) if isinstance(v, list) else v for key, v in raw.items()}
    return make_use(answers.pop("preset", None), **answers)


def _lists(raw: Mapping[str, Any]) -> Lists:
    return Lists(
        licenses=_license_ids(raw.get("licenses", ())),
        clauses=tuple(raw.get("clauses", ())),
        models=tuple(raw.get("models", ())),
        organizations=tuple(raw.get("organizations", ())),
    )


def _listed(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list) else (value,)


def _license_ids(names: Any) -> tuple[str, ...]:
    """Catalogue ids of licenses by id, Hub tag or name; a family stands for its members too."""
    from auditor.identify import catalogue

    ids: dict[str, None] = {}
    for name in names:
        for one in _resolved(name):
            entry = catalogue.get(one)
            ids |= dict.fromkeys((one, *(entry.members if entry else ())))
    return tuple(ids)


def _resolved(name: str) -> tuple[str, ...]:
    from auditor.identify import catalogue

    return (name,) if catalogue.get(name) else tuple(catalogue.resolve(name, name).ids)


def _twice(raw: Any, keys: shape.Keys = ()) -> Iterator[shape.Fault]:
    """Keys that are written in both spellings."""
    if isinstance(raw, Mapping):
        for key, value in raw.items():
            if "_" in key and key.replace("_", "-") in raw:
                yield (*keys, key), f"{key} and {key.replace('_', '-')} are one key: keep one of them"
            yield from _twice(value, (*keys, key))
    elif isinstance(raw, list):
        for number, value in enumerate(raw):
            yield from _twice(value, (*keys, number))


def _names(values: Mapping[str, Any], rules_dirs: Sequence[Path]) -> Iterator[shape.Fault]:
    """Names of rules, clauses and licenses that do not exist."""
    from auditor.identify import catalogue
    from auditor.identify.vocabulary import vocabulary

    rules = _rule_names(values, rules_dirs)
    for rule in values.get("severity", {}):
        if rule not in rules:
            yield ("severity", rule), f"there is no rule '{rule}'{shape.near(rule, rules)}"
    for number, waiver in enumerate(values.get("waivers", ())):
        if waiver["rule"] not in rules:
            words = f"there is no rule '{waiver['rule']}'{shape.near(waiver['rule'], rules)}"
            yield ("waivers", number, "rule"), words
        if waiver["reason"] == NO_REASON:
            yield ("waivers", number, "reason"), "the waiver still lacks its reason"
    for table in ("allow", "deny"):
        for number, clause in enumerate(values.get(table, {}).get("clauses", ())):
            if clause not in vocabulary():
                words = f"there is no clause '{clause}'{shape.near(clause, vocabulary())}"
                yield (table, "clauses", number), words
    named: list[tuple[shape.Keys, str]] = []
    for table in ("allow", "deny"):
        licenses = values.get(table, {}).get("licenses", ())
        named += [((table, "licenses", number), name) for number, name in enumerate(licenses)]
    for number, one in enumerate(values.get("clarifications", ())):
        named += [(("clarifications", number, "license"), name) for name in _listed(one["license"])]
    for keys, name in named:
        if not _resolved(name):
            yield keys, f"the catalogue has no license '{name}'{shape.near(name, catalogue.all_ids())}"


def _rule_names(values: Mapping[str, Any], rules_dirs: Sequence[Path]) -> set[str]:
    """Ids and names of all rules; read only where the policy names some."""
    if not (values.get("severity") or values.get("waivers")):
        return set()
    from auditor.policy.findings import rule_names

    return rule_names(rules_dirs)


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES).decode("utf-8")
    except OSError as error:
        raise FileMistakes([Mistake(str(path), None, f"cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        raise FileMistakes([Mistake(str(path), None, "is not UTF-8")]) from error


def _tables(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = getattr(error, "lineno", None) or _line_in(str(error))
        raise FileMistakes([Mistake(str(path), line, f"not valid TOML: {error}")], remedy=REMEDY) from error


def _line_in(words: str) -> int | None:
    """The line that the parser names in `... (at line 3, column 4)`."""
    number = words.rpartition("at line ")[2].partition(",")[0]
    return int(number) if number.isdigit() else None
