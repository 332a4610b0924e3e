"""JSON Schemas of the files that people write, and of the lock."""

from __future__ import annotations

from typing import get_args

from auditor.model import SEVERITIES, Kind, Status, Verdict
from auditor.report.schemas.parts import (
    ANYTHING,
    FLAG,
    MAYBE_FLAG,
    MAYBE_TEXT,
    TEXT,
    Schema,
    document,
    list_of,
    map_of,
    one_of,
    record,
)

# Keys that an entry of the lock may lack.
_MAY_LACK = ("asked", "why", "failures", "aliases", "known", "stated", "said", "clauses", "conflicts", "tags", "facts")


def rule() -> Schema:
    """A rule file. `auditor rules test` checks more: fact paths, types of values, and the examples themselves."""
    cards = {"type": "object", "minProperties": 1, "additionalProperties": {"type": "object"}}
    example = record(why=TEXT, repos=cards, known=map_of(ANYTHING), optional=("known",))
    examples = record(
        fires={**list_of(example), "minItems": 1},
        quiet={**list_of(example), "minItems": 2},
        undetermined=list_of(example),
        optional=("undetermined",),
    )
    schema = record(
        id={"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
        name=TEXT,
        severity=one_of(SEVERITIES),
        title=TEXT,
        message=TEXT,
        rationale=TEXT,
        remedy=TEXT,
        references=list_of(TEXT),
        match={"type": "object", "minProperties": 1},
        examples=examples,
        optional=("name", "references"),
    )
    return document("A rule", schema)


def policy() -> Schema:
    """A policy file, `auditor.toml`."""
    from auditor.policy.shape import schema

    return schema()


def lock() -> Schema:
    """`auditor.lock`."""
    entry = record(
        id=TEXT,
        kind=one_of(get_args(Kind)),
        used=FLAG,
        decision={"enum": [*get_args(Verdict), None]},
        revision=MAYBE_TEXT,
        asked=MAYBE_TEXT,
        status=one_of(get_args(Status)),
        license=list_of(TEXT),
        osi=MAYBE_FLAG,
        parents=list_of(TEXT),
        texts=map_of(TEXT),
        why=TEXT,
        failures={"type": "array", "items": {"type": "array"}},
        aliases=list_of(TEXT),
        known=FLAG,
        stated=FLAG,
        said=TEXT,
        clauses={"anyOf": [{"const": "as catalogued"}, {"type": "array", "items": {"type": "array"}}]},
        conflicts={"type": "array", "items": {"type": "array"}},
        tags=list_of(ANYTHING),
        facts={"type": "array", "items": {"type": "array"}},
        optional=_MAY_LACK,
    )
    schema = record({"schema": {"const": "auditor.lock/1"}}, source=TEXT, as_of=MAYBE_TEXT, entries=list_of(entry))
    return document("Lock of what a repository uses", schema)
