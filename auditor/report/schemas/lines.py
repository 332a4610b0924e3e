"""The JSON Schema of a report as JSON lines."""

from __future__ import annotations

from auditor.report.schemas.parts import WHOLE, Schema, document, record, ref
from auditor.report.schemas.report import head, report, shared

_COUNTED = ("nodes", "findings", "undetermined", "incomplete")


def lines() -> Schema:
    """One line of `auditor check --format jsonl`."""
    parts, whole = shared(), report()["properties"]
    kinds = {
        "header": record({"type": {"const": "header"}, "schema": {"const": "auditor.report.lines/1"}, **head()}),
        "finding": _typed("finding", parts["finding"]),
        "undetermined": _typed("undetermined", parts["open_rule"]),
        "incomplete": _typed("incomplete", whole["incomplete"]["items"]),
        "trailer": record(
            {
                "type": {"const": "trailer"},
                "verdicts": whole["verdicts"],
                "counts": record(dict.fromkeys(_COUNTED, WHOLE)),
            },
            references=whole["references"],
            exit_code=whole["exit_code"],
            optional=("references",),
        ),
    }
    used = {name: parts[name] for name in ("evidence", "decision", "release", "reason", "place", "reference")}
    return document("A line of a report", {"oneOf": [ref(kind) for kind in kinds]}, kinds | used)


def _typed(kind: str, schema: Schema) -> Schema:
    """A record of the report with its type in front."""
    properties = schema["properties"]
    optional = tuple(name for name in properties if name not in schema["required"])
    return record({"type": {"const": kind}, **properties}, optional=optional)
