"""The shape of a policy file: one table from which both the check and the JSON Schema come."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from auditor.model import SEVERITIES, Use
from auditor.policy.use import PRESETS

Schema = dict[str, Any]
Keys = tuple[str | int, ...]
Fault = tuple[Keys, str]

_TEXT: Schema = {"type": "string", "minLength": 1}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_FLAG: Schema = {"type": "boolean"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_DATE: Schema = {"type": "string", "format": "date"}
_HASH: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_SEVERITY: Schema = {"enum": list(SEVERITIES)}

_USE: Mapping[str, Schema] = {
    "preset": {"enum": list(PRESETS)},
    "purpose": {"enum": ["commercial", "research", "personal"]},
    "distribute": {"enum": ["none", "product", "weights", "service"]},
    "monthly-active-users": _COUNT,
    "annual-revenue-usd": _COUNT,
    "territories": _TEXTS,
    "train-other-models": _FLAG,
    "modify": _FLAG,
    "release-license": _TEXT,
}


def _table(required: tuple[str, ...] = (), /, **properties: Any) -> Schema:
    named = {name.replace("_", "-"): schema for name, schema in properties.items()}
    return {"type": "object", "additionalProperties": False, "required": list(required), "properties": named}


_LISTS = _table(licenses=_TEXTS, clauses=_TEXTS, models=_TEXTS, organizations=_TEXTS)
POLICY = _table(
    (),
    use=_table((), **_USE),
    fail_on=_SEVERITY,
    undetermined={"enum": ["fail", "warn", "ignore"]},
    require_pins=_FLAG,
    exclude=_TEXTS,
    baseline=_TEXT,
    lock=_TEXT,
    allow=_LISTS,
    deny=_LISTS,
    severity={"type": "object", "additionalProperties": _SEVERITY},
    paths={
        "type": "array",
        "items": _table(("match", "use"), match={"anyOf": [_TEXT, _TEXTS]}, use=_table((), **_USE)),
    },
    waivers={
        "type": "array",
        "items": _table(
            ("rule", "subject", "reason"), rule=_TEXT, subject=_TEXT, reason=_TEXT, until=_DATE, text_sha256=_HASH
        ),
    },
    clarifications={
        "type": "array",
        "items": _table(
            ("subject", "license", "file", "text-sha256", "reason"),
            subject=_TEXT,
            license={"anyOf": [_TEXT, _TEXTS]},
            file=_TEXT,
            text_sha256=_HASH,
            reason=_TEXT,
        ),
    },
)
assert set(_USE) == {f.name.replace("_", "-") for f in dataclasses.fields(Use)}  # every answer can be written down


def schema() -> Schema:
    """The JSON Schema of `auditor.toml`. Keys may be written with `_` in place of `-`."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Policy of a repository (auditor.toml)"}
    return {**head, **_both_spellings(POLICY)}


def _both_spellings(shape: Any) -> Any:
    if isinstance(shape, list):
        return [_both_spellings(part) for part in shape]
    if not isinstance(shape, Mapping):
        return shape
    spelled = {key: _both_spellings(value) for key, value in shape.items()}
    named = shape.get("properties", {})
    other = {f"^{name.replace('-', '_')}$": _both_spellings(named[name]) for name in named if "-" in name}
    return {**spelled, "patternProperties": other} if other else spelled


def folded(value: Any) -> Any:
    """The same with every key spelled with `-`, and dates as ISO strings."""
    if isinstance(value, Mapping):
        return {str(key).replace("_", "-"): folded(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [folded(entry) for entry in value]
    return value.isoformat() if isinstance(value, date) else value


def faults(value: Any, shape: Schema = POLICY, keys: Keys = ()) -> Iterator[Fault]:
    """Every way in which a folded value does not have the shape: where, and what to write instead."""
    if "anyOf" in shape:
        every = [list(faults(value, one, keys)) for one in shape["anyOf"]]
        yield from min(every, key=lambda found: (len(found), -max((len(k) for k, _ in found), default=0)))
    elif "enum" in shape:
        if value not in shape["enum"]:
            hint = near(value, shape["enum"]) or f": one of {', '.join(shape['enum'])}"
            yield keys, f"{_name(keys)} cannot be {value!r}{hint}"
    elif not _KINDS[shape["type"]][0](value):
        yield keys, f"{_name(keys)} must be {_KINDS[shape['type']][1]}, not {value!r}"
    elif shape["type"] == "object":
        yield from _members(value, shape, keys)
    elif shape["type"] == "array":
        for number, entry in enumerate(value):
            yield from faults(entry, shape["items"], (*keys, number))
    else:
        yield from _words(value, shape, keys)


def near(word: Any, among: Any) -> str:
    """` (did you mean 'x'?)`, or nothing where no name is near."""
    found = difflib.get_close_matches(str(word), [str(a) for a in among], n=1)
    return f" (did you mean '{found[0]}'?)" if found else ""


def _members(value: Mapping[str, Any], shape: Schema, keys: Keys) -> Iterator[Fault]:
    named = shape.get("properties", {})
    for key in shape.get("required", ()):
        if key not in value:
            yield keys, f"{_name(keys)} lacks the key '{key}'"
    for key, entry in value.items():
        inner = named.get(key, shape["additionalProperties"])
        if inner is False:
            yield (*keys, key), f"unknown key '{key}'{near(key, named)}"
        else:
            yield from faults(entry, inner, (*keys, key))


def _words(value: Any, shape: Schema, keys: Keys) -> Iterator[Fault]:
    if value == "":
        yield keys, f"{_name(keys)} is empty"
    elif isinstance(value, int) and value < shape.get("minimum", value):
        yield keys, f"{_name(keys)} cannot be negative"
    elif shape.get("format") == "date" and not _is_date(value):
        yield keys, f"{_name(keys)} must be a date such as 2027-01-31, not {value!r}"
    elif "pattern" in shape and (len(value) != 64 or set(value) - set("0123456789abcdef")):
        yield keys, f"{_name(keys)} must be a SHA-256 in 64 small hexadecimal digits; `auditor lock` writes them down"


def _is_date(words: str) -> bool:
    try:
        date.fromisoformat(words)
    except ValueError:
        return False
    return True


def _name(keys: Keys) -> str:
    return ".".join(str(key) for key in keys if isinstance(key, str)) or "the policy"


_KINDS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "object": (lambda v: isinstance(v, Mapping), "a table"),
    "array": (lambda v: isinstance(v, list), "a list"),
    "string": (lambda v: isinstance(v, str), "text in quotes"),
    "boolean": (lambda v: isinstance(v, bool), "true or false"),
    "integer": (lambda v: isinstance(v, int) and not isinstance(v, bool), "a whole number"),
}
