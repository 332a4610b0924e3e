"""The JSON Schema of a comparison."""

from __future__ import annotations

from typing import get_args

from auditor.model import Status
from auditor.report.schemas.parts import (
    ANYTHING,
    FLAG,
    MAYBE_FLAG,
    MAYBE_TEXT,
    MAYBE_WHOLE,
    TEXT,
    Schema,
    document,
    list_of,
    map_of,
    one_of,
    record,
    ref,
)


def diff() -> Schema:
    """`auditor diff --format json`; `binding` marks license and terms."""
    side = record(
        id=TEXT,
        status=one_of(get_args(Status)),
        revision=MAYBE_TEXT,
        license=record(concluded=list_of(TEXT), osi=MAYBE_FLAG, why=TEXT),
    )
    place = record(repo=TEXT, file=MAYBE_TEXT, line=MAYBE_WHOLE, quote=TEXT, revision=MAYBE_TEXT)
    term = record(
        {"from": TEXT}, params=map_of(ANYTHING), path=list_of(TEXT), evidence={"anyOf": [place, {"type": "null"}]}
    )
    either = {"anyOf": [ref("term"), {"type": "null"}]}
    changed = record(clause=TEXT, change=one_of(("added", "removed", "changed")), before=either, after=either)
    step = record(commit=TEXT, date=TEXT, title=TEXT, licenses=list_of(TEXT))
    schema = record(
        {"schema": {"const": "auditor.diff/1"}},
        tool=record(name=TEXT, version=TEXT),
        before=ref("side"),
        after=ref("side"),
        changes=list_of(record(aspect=TEXT, binding=FLAG, before=list_of(TEXT), after=list_of(TEXT))),
        terms=list_of(changed),
        doubts=list_of(TEXT),
        history=record(steps=list_of(step), doubts=list_of(TEXT)),
        exit_code=one_of((0, 1, 3)),
        optional=("history",),
    )
    return document("What differs between two revisions or repositories", schema, {"side": side, "term": term})
