"""JSON Schemas (draft 2020-12) of what the auditor writes, and of the files that people write for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from auditor.model import SEVERITIES, How, Kind, MatchKind, Status, Verdict

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_MAYBE_TEXT: Schema = {"type": ["string", "null"]}
_FLAG: Schema = {"type": "boolean"}
_MAYBE_FLAG: Schema = {"type": ["boolean", "null"]}
_WHOLE: Schema = {"type": "integer"}
_MAYBE_WHOLE: Schema = {"type": ["integer", "null"]}
_ANYTHING: Schema = {}


def report() -> Schema:
    """`auditor check --format json`."""
    parts: dict[str, Schema] = {
        **_head(),
        "verdicts": _map(_ref("decision")),
        "nodes": _list(_ref("node")),
        "edges": _list(_ref("edge")),
        "cut": _list(_object(id=_TEXT, why=_TEXT)),
        "findings": _list(_ref("finding")),
        "undetermined": _list(_ref("open_rule")),
        "incomplete": _list(_object(id=_TEXT, status=_enum(get_args(Status)), why=_TEXT)),
        "notes": _list(_TEXT),
        "references": _list(_ref("reference")),
        "exit_code": _enum((0, 1, 3)),
    }
    schema = _object({"schema": {"const": "auditor.report/1"}, **parts}, optional=("references",))
    return _document("Report of an audit", schema, _shared())


def license_lines() -> Schema:
    """One line of `auditor license --format jsonl`; `start` and `end` count characters of the file."""
    score: Schema = {"type": "number", "minimum": 0, "maximum": 1}
    shared = {
        "match": _object(
            id=_MAYBE_TEXT,
            match=_enum(get_args(MatchKind)),
            score=score,
            candidates=_list(_object(id=_TEXT, score=score)),
            differences=_list(_object(start=_WHOLE, end=_WHOLE, quote=_TEXT)),
            missing=_WHOLE,
        ),
        "clause": _object(
            id=_TEXT, params=_map(_ANYTHING), quote=_TEXT, start=_MAYBE_WHOLE, end=_MAYBE_WHOLE, section=_MAYBE_TEXT
        ),
    }
    line = _object(
        file=_TEXT,
        license=_ref("match"),
        clauses=_list(_ref("clause")),
        others=_list(_ref("match")),
        problem=_TEXT,
        optional=("others", "problem"),
    )
    return _document("What a license text is and says", line, shared)


def rule() -> Schema:
    """A rule file. `auditor rules test` checks more: fact paths, types of values, and the examples themselves."""
    cards = {"type": "object", "minProperties": 1, "additionalProperties": {"type": "object"}}
    example = _object(why=_TEXT, repos=cards, known=_map(_ANYTHING), optional=("known",))
    examples = _object(
        fires={**_list(example), "minItems": 1},
        quiet={**_list(example), "minItems": 2},
        undetermined=_list(example),
        optional=("undetermined",),
    )
    schema = _object(
        id={"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
        name=_TEXT,
        severity=_enum(SEVERITIES),
        title=_TEXT,
        message=_TEXT,
        rationale=_TEXT,
        remedy=_TEXT,
        references=_list(_TEXT),
        match={"type": "object", "minProperties": 1},
        examples=examples,
        optional=("name", "references"),
    )
    return _document("A rule", schema)


def policy() -> Schema:
    """A policy file, `auditor.toml`."""
    from auditor.policy.shape import schema

    return schema()


def lock() -> Schema:
    """`auditor.lock`."""
    entry = _object(
        id=_TEXT,
        kind=_enum(get_args(Kind)),
        used=_FLAG,
        decision={"enum": [*get_args(Verdict), None]},
        revision=_MAYBE_TEXT,
        asked=_MAYBE_TEXT,
        status=_enum(get_args(Status)),
        license=_list(_TEXT),
        osi=_MAYBE_FLAG,
        parents=_list(_TEXT),
        texts=_map(_TEXT),
        why=_TEXT,
        failures={"type": "array", "items": {"type": "array"}},
        aliases=_list(_TEXT),
        known=_FLAG,
        stated=_FLAG,
        said=_TEXT,
        clauses={"anyOf": [{"const": "as catalogued"}, {"type": "array", "items": {"type": "array"}}]},
        conflicts={"type": "array", "items": {"type": "array"}},
        tags=_list(_ANYTHING),
        facts={"type": "array", "items": {"type": "array"}},
        optional=(
            *(
                "asked",
                "why",
                "failures",
                "aliases",
                "known",
                "stated",
                "said",
                "clauses",
                "conflicts",
                "tags",
                "facts",
            ),
        ),
    )
    schema = _object({"schema": {"const": "auditor.lock/1"}}, source=_TEXT, as_of=_MAYBE_TEXT, entries=_list(entry))
    return _document("Lock of what a repository uses", schema)


def diff() -> Schema:
    """`auditor diff --format json`; `binding` marks license and terms."""
    side = _object(
        id=_TEXT,
        status=_enum(get_args(Status)),
        revision=_MAYBE_TEXT,
        license=_object(concluded=_list(_TEXT), osi=_MAYBE_FLAG, why=_TEXT),
    )
    place = _object(repo=_TEXT, file=_MAYBE_TEXT, line=_MAYBE_WHOLE, quote=_TEXT, revision=_MAYBE_TEXT)
    term = _object(
        {"from": _TEXT}, params=_map(_ANYTHING), path=_list(_TEXT), evidence={"anyOf": [place, {"type": "null"}]}
    )
    either = {"anyOf": [_ref("term"), {"type": "null"}]}
    changed = _object(clause=_TEXT, change=_enum(("added", "removed", "changed")), before=either, after=either)
    step = _object(commit=_TEXT, date=_TEXT, title=_TEXT, licenses=_list(_TEXT))
    schema = _object(
        {"schema": {"const": "auditor.diff/1"}},
        tool=_object(name=_TEXT, version=_TEXT),
        before=_ref("side"),
        after=_ref("side"),
        changes=_list(_object(aspect=_TEXT, binding=_FLAG, before=_list(_TEXT), after=_list(_TEXT))),
        terms=_list(changed),
        doubts=_list(_TEXT),
        history=_object(steps=_list(step), doubts=_list(_TEXT)),
        exit_code=_enum((0, 1, 3)),
        optional=("history",),
    )
    return _document("What differs between two revisions or repositories", schema, {"side": side, "term": term})


SCHEMAS = {"report": report, "license": license_lines, "diff": diff, "rule": rule, "policy": policy, "lock": lock}
"""Name of a schema to the function that makes it."""


def _head() -> dict[str, Schema]:
    use = _object(
        preset=_MAYBE_TEXT,
        purpose=_MAYBE_TEXT,
        distribute=_MAYBE_TEXT,
        monthly_active_users=_MAYBE_WHOLE,
        annual_revenue_usd=_MAYBE_WHOLE,
        territories=_list(_TEXT),
        train_other_models=_MAYBE_FLAG,
        modify=_MAYBE_FLAG,
        release_license=_MAYBE_TEXT,
    )
    return {
        "tool": _object(name=_TEXT, version=_TEXT),
        "use": use,
        "source": _object(kind=_TEXT, as_of=_MAYBE_TEXT),
        "fail_on": _enum(SEVERITIES),
        "targets": _list(_TEXT),
    }


def _shared() -> dict[str, Schema]:
    evidence = _object(
        repo=_TEXT, revision=_MAYBE_TEXT, file=_MAYBE_TEXT, line=_MAYBE_WHOLE, quote=_TEXT, url=_MAYBE_TEXT
    )
    statement = _object(field=_TEXT, value=_ANYTHING, evidence=_ref("evidence"))
    reason = _object(clause=_TEXT, text=_TEXT, path=_list(_TEXT), evidence=_list(_ref("evidence")))
    detected = _object(id=_MAYBE_TEXT, match=_enum(get_args(MatchKind)), score={"type": "number"}, file=_TEXT)
    license_ = _object(
        declared=_MAYBE_TEXT,
        detected=_MAYBE_TEXT,
        concluded=_MAYBE_TEXT,
        osi=_MAYBE_FLAG,
        why=_TEXT,
        statements=_list(statement),
        texts=_list(detected),
        conflicts=_list(statement),
    )
    clause = _object(id=_TEXT, params=_map(_ANYTHING), section=_MAYBE_TEXT, evidence=_list(_ref("evidence")))
    term = _object(
        {"from": _TEXT},
        clause=_TEXT,
        params=_map(_ANYTHING),
        path=_list(_TEXT),
        via=_list(_TEXT),
        contested=_FLAG,
        contract=_FLAG,
        inferred=_FLAG,
    )
    return {
        "evidence": evidence,
        "decision": _object(
            verdict=_enum(get_args(Verdict)),
            because=_list(reason),
            duties=_list(reason),
            open_questions=_list(_TEXT),
            release={"anyOf": [{"type": "null"}, _ref("release")]},
        ),
        "release": _object(
            license=_TEXT,
            verdict=_enum(get_args(Verdict)),
            because=_list(_ref("reason")),
            duties=_list(_ref("reason")),
            suggestions=_list(_TEXT),
        ),
        "reason": reason,
        "node": _object(
            id=_TEXT,
            kind=_enum(get_args(Kind)),
            status=_enum(get_args(Status)),
            why=_TEXT,
            revision=_MAYBE_TEXT,
            license=license_,
            clauses=_list(clause),
            terms=_list(term),
            gaps=_list(_object(node=_TEXT, why=_TEXT, path=_list(_TEXT))),
        ),
        "edge": _object(
            child=_TEXT, parent=_TEXT, relation=_TEXT, how=_enum(get_args(How)), evidence=_list(_ref("evidence"))
        ),
        "finding": _object(
            rule=_TEXT,
            name=_TEXT,
            severity=_enum(SEVERITIES),
            subject=_TEXT,
            message=_TEXT,
            path=_list(_TEXT),
            via=_list(_TEXT),
            evidence=_list(_ref("evidence")),
            remedy=_TEXT,
            status=_enum(("new", "waived", "baseline")),
            fingerprint=_TEXT,
            places=_list(_ref("place")),
            optional=("places",),
        ),
        "open_rule": _object(
            rule=_TEXT,
            name=_TEXT,
            severity=_enum(SEVERITIES),
            subject=_TEXT,
            why=_TEXT,
            status=_enum(("waived", "baseline")),
            places=_list(_ref("place")),
            optional=("status", "places"),
        ),
        "place": _object(file=_TEXT, line=_WHOLE, column=_WHOLE),
        "reference": _object(
            id=_TEXT,
            kind=_enum(("model", "dataset", "closed", "unresolved")),
            file=_TEXT,
            line=_WHOLE,
            column=_WHOLE,
            revision=_MAYBE_TEXT,
            how=_TEXT,
            confidence=_enum(("sure", "likely")),
            text=_TEXT,
        ),
    }


def _document(title: str, schema: Schema, shared: Mapping[str, Schema] | None = None) -> Schema:
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    return {**head, **schema, **({"$defs": dict(shared)} if shared else {})}


def _object(first: Mapping[str, Schema] | None = None, *, optional: tuple[str, ...] = (), **more: Schema) -> Schema:
    """An object with exactly these properties, given by name or in a mapping."""
    properties = {**(first or {}), **more}
    return {
        "type": "object",
        "required": [name for name in properties if name not in optional],
        "properties": properties,
        "additionalProperties": False,
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _map(values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values}


def _enum(values: Any) -> Schema:
    return {"enum": list(values)}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}
