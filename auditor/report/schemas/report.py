"""The JSON Schemas of a report, and of a lineage alone."""

from __future__ import annotations

from typing import get_args

from auditor.model import SEVERITIES, How, Kind, MatchKind, Status, Verdict
from auditor.report.schemas.parts import (
    ANYTHING,
    FLAG,
    MAYBE_FLAG,
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

_TOOL = record(name=TEXT, version=TEXT)


def report() -> Schema:
    """`auditor check --format json`."""
    parts: dict[str, Schema] = {
        **head(),
        "verdicts": map_of(ref("decision")),
        **_graph(),
        "findings": list_of(ref("finding")),
        "undetermined": list_of(ref("open_rule")),
        "incomplete": list_of(record(id=TEXT, status=one_of(get_args(Status)), why=TEXT)),
        "notes": list_of(TEXT),
        "references": list_of(ref("reference")),
        "exit_code": one_of((0, 1, 3)),
    }
    schema = record({"schema": {"const": "auditor.report/1"}, **parts}, optional=("references",))
    return document("Report of an audit", schema, shared())


def lineage() -> Schema:
    """`auditor lineage --format json`."""
    first = {"schema": {"const": "auditor.lineage/1"}, "tool": _TOOL, "targets": list_of(TEXT)}
    parts = {name: part for name, part in shared().items() if name in ("evidence", "node", "edge")}
    return document("A lineage", record({**first, **_graph()}), parts)


def _graph() -> dict[str, Schema]:
    return {
        "nodes": list_of(ref("node")),
        "edges": list_of(ref("edge")),
        "cut": list_of(record(id=TEXT, why=TEXT)),
    }


def head() -> dict[str, Schema]:
    """What was asked, and of which source."""
    use = record(
        preset=MAYBE_TEXT,
        purpose=MAYBE_TEXT,
        distribute=MAYBE_TEXT,
        monthly_active_users=MAYBE_WHOLE,
        annual_revenue_usd=MAYBE_WHOLE,
        territories=list_of(TEXT),
        train_other_models=MAYBE_FLAG,
        modify=MAYBE_FLAG,
        release_license=MAYBE_TEXT,
    )
    return {
        "tool": _TOOL,
        "use": use,
        "source": record(kind=TEXT, as_of=MAYBE_TEXT),
        "fail_on": one_of(SEVERITIES),
        "targets": list_of(TEXT),
    }


def shared() -> dict[str, Schema]:
    """The definitions that a report refers to."""
    evidence = record(repo=TEXT, revision=MAYBE_TEXT, file=MAYBE_TEXT, line=MAYBE_WHOLE, quote=TEXT, url=MAYBE_TEXT)
    statement = record(field=TEXT, value=ANYTHING, evidence=ref("evidence"))
    reason = record(clause=TEXT, text=TEXT, path=list_of(TEXT), evidence=list_of(ref("evidence")))
    detected = record(id=MAYBE_TEXT, match=one_of(get_args(MatchKind)), score={"type": "number"}, file=TEXT)
    license_ = record(
        declared=MAYBE_TEXT,
        detected=MAYBE_TEXT,
        concluded=MAYBE_TEXT,
        osi=MAYBE_FLAG,
        why=TEXT,
        statements=list_of(statement),
        texts=list_of(detected),
        conflicts=list_of(statement),
    )
    clause = record(id=TEXT, params=map_of(ANYTHING), section=MAYBE_TEXT, evidence=list_of(ref("evidence")))
    term = record(
        {"from": TEXT},
        clause=TEXT,
        params=map_of(ANYTHING),
        path=list_of(TEXT),
        via=list_of(TEXT),
        contested=FLAG,
        contract=FLAG,
        inferred=FLAG,
    )
    return {
        "evidence": evidence,
        "decision": record(
            verdict=one_of(get_args(Verdict)),
            because=list_of(reason),
            duties=list_of(reason),
            open_questions=list_of(TEXT),
            release={"anyOf": [{"type": "null"}, ref("release")]},
        ),
        "release": record(
            license=TEXT,
            verdict=one_of(get_args(Verdict)),
            because=list_of(ref("reason")),
            duties=list_of(ref("reason")),
            suggestions=list_of(TEXT),
        ),
        "reason": reason,
        "node": record(
            id=TEXT,
            kind=one_of(get_args(Kind)),
            status=one_of(get_args(Status)),
            why=TEXT,
            revision=MAYBE_TEXT,
            license=license_,
            clauses=list_of(clause),
            terms=list_of(term),
            gaps=list_of(record(node=TEXT, why=TEXT, path=list_of(TEXT))),
        ),
        "edge": record(
            child=TEXT, parent=TEXT, relation=TEXT, how=one_of(get_args(How)), evidence=list_of(ref("evidence"))
        ),
        "finding": record(
            rule=TEXT,
            name=TEXT,
            severity=one_of(SEVERITIES),
            subject=TEXT,
            message=TEXT,
            path=list_of(TEXT),
            via=list_of(TEXT),
            evidence=list_of(ref("evidence")),
            remedy=TEXT,
            status=one_of(("new", "waived", "baseline")),
            fingerprint=TEXT,
            places=list_of(ref("place")),
            optional=("places",),
        ),
        "open_rule": record(
            rule=TEXT,
            name=TEXT,
            severity=one_of(SEVERITIES),
            subject=TEXT,
            why=TEXT,
            status=one_of(("waived", "baseline")),
            places=list_of(ref("place")),
            optional=("status", "places"),
        ),
        "place": record(file=TEXT, line=WHOLE, column=WHOLE),
        "reference": record(
            id=TEXT,
            kind=one_of(("model", "dataset", "closed", "unresolved")),
            file=TEXT,
            line=WHOLE,
            column=WHOLE,
            revision=MAYBE_TEXT,
            how=TEXT,
            confidence=one_of(("sure", "likely")),
            text=TEXT,
        ),
    }
