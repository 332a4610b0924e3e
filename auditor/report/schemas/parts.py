"""The pieces that JSON Schemas (draft 2020-12) are put together from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
FLAG: Schema = {"type": "boolean"}
MAYBE_FLAG: Schema = {"type": ["boolean", "null"]}
WHOLE: Schema = {"type": "integer"}
MAYBE_WHOLE: Schema = {"type": ["integer", "null"]}
ANYTHING: Schema = {}


def document(title: str, schema: Schema, shared: Mapping[str, Schema] | None = None) -> Schema:
    """A whole schema with its title, and the definitions that it refers to."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    return {**head, **schema, **({"$defs": dict(shared)} if shared else {})}


def record(first: Mapping[str, Schema] | None = None, *, optional: tuple[str, ...] = (), **more: Schema) -> Schema:
    """An object with exactly these properties, given by name or in a mapping."""
    properties = {**(first or {}), **more}
    return {
        "type": "object",
        "required": [name for name in properties if name not in optional],
        "properties": properties,
        "additionalProperties": False,
    }


def list_of(items: Schema) -> Schema:
    """A list of such items, of any length."""
    return {"type": "array", "items": items}


def map_of(values: Schema) -> Schema:
    """An object with any keys and such values."""
    return {"type": "object", "additionalProperties": values}


def one_of(values: Iterable[Any]) -> Schema:
    """One of these values."""
    return {"enum": list(values)}


def ref(name: str) -> Schema:
    """A definition of the same document."""
    return {"$ref": f"#/$defs/{name}"}
