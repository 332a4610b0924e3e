"""`schemas/*.json`, and the page that shows them as tables."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from auditor.report.schemas import SCHEMAS
from docs.generate.markdown import code, escape, link, page, table

_INTRO = """
What the auditor writes for programs, and the files that people write for it, have JSON Schemas (draft 2020-12).
`auditor schema NAME` prints one; they also stand in `schemas/`. The number after the slash in `auditor.report/1` goes
up when a field changes its meaning or goes away; a new field comes without that, and the schema with it. Members in
*italics* may be absent.
"""
_OF = {
    "report": "`auditor check --format json` and `auditor gate --format json`; the gate adds `references`.",
    "lineage": "`auditor lineage --format json`.",
    "lines": "Each line of `auditor check --format jsonl`: a header, then what was found, then a trailer. Without a "
    "trailer, the stream was cut short.",
    "license": "Each line of `auditor license --format jsonl`.",
    "diff": "`auditor diff --format json`.",
    "rule": "A rule file, `rules/<group>/<id>.yaml`.",
    "policy": "`auditor.toml`, or `[tool.auditor]` in `pyproject.toml`.",
    "lock": "`auditor.lock`.",
}


def files() -> dict[str, str]:
    """`schemas/<name>.json` for each schema, and `docs/reference/schemas.md`."""
    made = {name: make() for name, make in SCHEMAS.items()}
    parts = [_INTRO]
    for name, schema in made.items():
        parts += _page(name, schema)
    files = {f"schemas/{name}.json": json.dumps(schema, indent=2) + "\n" for name, schema in made.items()}
    return files | {"docs/reference/schemas.md": page("Schemas", *parts)}


def _page(name: str, schema: Mapping[str, Any]) -> Iterator[str]:
    yield f"## {name}"
    yield f"{_OF[name]} Schema: {link(f'{name}.json', f'../../schemas/{name}.json')}."
    yield _table(schema, name)
    for part, inner in schema.get("$defs", {}).items():
        if inner.get("properties"):
            yield f"### {name}: {part}"
            yield _table(inner, name)


def _table(schema: Mapping[str, Any], name: str) -> str:
    rows = list(_rows(schema, name))
    columns = 3 if any(meaning for _, _, meaning in rows) else 2
    return table(("Member", "Type", "Meaning")[:columns], (row[:columns] for row in rows))


def _rows(schema: Mapping[str, Any], name: str, above: str = "") -> Iterator[tuple[str, str, str]]:
    """A row for each member, those of objects inside included."""
    for key, inner in schema.get("properties", {}).items():
        shown = code(above + key)
        always = key in schema.get("required", ())
        yield shown if always else f"*{shown}*", _type(inner, name), escape(inner.get("description", ""))
        yield from _rows(inner, name, f"{above}{key}.")
        if isinstance(inner.get("items"), Mapping):
            yield from _rows(inner["items"], name, f"{above}{key}[].")


def _type(schema: Mapping[str, Any], name: str) -> str:
    """The type of a member in a few words."""
    if "$ref" in schema:
        part = schema["$ref"].rsplit("/", 1)[-1]
        return link(part, f"#{name}-{part}")
    if "const" in schema:
        return code(json.dumps(schema["const"]))
    if "enum" in schema:
        return ", ".join(code(json.dumps(value)) for value in schema["enum"])
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return " or ".join(dict.fromkeys(_type(inner, name) for inner in schema[choice]))
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"list of {_type(schema.get('items', {}), name)}"
    if kind == "object" and isinstance(schema.get("additionalProperties"), Mapping):
        return f"map to {_type(schema['additionalProperties'], name)}"
    return " or ".join(kind) if isinstance(kind, list) else str(kind)
