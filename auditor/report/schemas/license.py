"""The JSON Schema of what a license text is and says."""

from __future__ import annotations

from typing import get_args

from auditor.model import MatchKind
from auditor.report.schemas.parts import (
    ANYTHING,
    MAYBE_TEXT,
    MAYBE_WHOLE,
    TEXT,
    WHOLE,
    Schema,
    document,
    list_of,
    map_of,
    one_of,
    record,
    ref,
)


def license_lines() -> Schema:
    """One line of `auditor license --format jsonl`; `start` and `end` count characters of the file."""
    score: Schema = {"type": "number", "minimum": 0, "maximum": 1}
    shared = {
        "match": record(
            id=MAYBE_TEXT,
            match=one_of(get_args(MatchKind)),
            score=score,
            candidates=list_of(record(id=TEXT, score=score)),
            differences=list_of(record(start=WHOLE, end=WHOLE, quote=TEXT)),
            missing=WHOLE,
        ),
        "clause": record(
            id=TEXT, params=map_of(ANYTHING), quote=TEXT, start=MAYBE_WHOLE, end=MAYBE_WHOLE, section=MAYBE_TEXT
        ),
    }
    line = record(
        file=TEXT,
        license=ref("match"),
        clauses=list_of(ref("clause")),
        others=list_of(ref("match")),
        problem=TEXT,
        optional=("others", "problem"),
    )
    return document("What a license text is and says", line, shared)
