"""The report as JSON, `auditor.report/1`: the contract that scripts rely on."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from auditor import __version__
from auditor.model import (
    Clause,
    Decision,
    Edge,
    Finding,
    LicenseCall,
    Lineage,
    Node,
    Place,
    Reason,
    Release,
    Report,
    Span,
    Statement,
    Term,
    Undetermined,
)

SCHEMA = "auditor.report/1"
Json = dict[str, Any]


def render(report: Report) -> str:
    """One JSON document. All of it is ASCII, so nothing that a repository says can act on a terminal."""
    return dumps(document(report), indent=1) + "\n"


def dumps(value: Any, indent: int | None = None) -> str:
    """JSON text in ASCII."""
    return json.dumps(value, indent=indent, allow_nan=False)


def document(report: Report) -> Json:
    """The report as plain dictionaries, in the order in which the schema lists its keys."""
    return {
        "schema": SCHEMA,
        **head(report),
        "verdicts": verdicts(report),
        **_graph(report.lineage),
        "findings": [finding_json(finding) for finding in report.findings],
        "undetermined": [undetermined_json(row) for row in report.undetermined],
        "incomplete": incomplete_json(report),
        "notes": list(report.notes),
        **references(report),
        "exit_code": report.exit_code,
    }


def render_lineage(lineage: Lineage) -> str:
    """The lineage alone, `auditor.lineage/1`: nodes and edges as in the report."""
    graph = {
        "schema": "auditor.lineage/1",
        "tool": {"name": "auditor", "version": __version__},
        "targets": list(lineage.targets),
        **_graph(lineage),
    }
    return dumps(graph, indent=1) + "\n"


def _graph(lineage: Lineage) -> Json:
    return {
        "nodes": [node_json(name, node) for name, node in lineage.nodes.items()],
        "edges": [edge_json(edge) for edge in lineage.edges],
        "cut": [{"id": name, "why": why} for name, why in lineage.cut],
    }


def head(report: Report) -> Json:
    """What was asked: tool, use, source and targets."""
    return {
        "tool": {"name": "auditor", "version": __version__},
        "use": asdict(report.use),
        "source": {"kind": report.source_kind, "as_of": report.as_of},
        "fail_on": report.fail_on,
        "targets": list(report.lineage.targets),
    }


def verdicts(report: Report) -> Json:
    """The decision on each target."""
    return {name: _decision(decision) for name, decision in report.decisions.items()}


def node_json(name: str, node: Node) -> Json:
    """One member of the lineage."""
    call = node.license
    return {
        "id": name,
        "kind": node.ref.kind,
        "status": node.record.status,
        "why": node.record.why,
        "revision": node.record.revision,
        "license": {
            "declared": ", ".join(_tags(call)) or None,
            "detected": _expression(match.id for text in call.detected for match in text.matches),
            "concluded": _expression(call.concluded),
            "osi": call.osi,
            "why": call.why,
            "statements": [_statement(statement) for statement in call.declared],
            "texts": [
                {"id": match.id, "match": match.match, "score": round(match.score, 4), "file": text.legal.path}
                for text in call.detected
                for match in text.matches
            ],
            "conflicts": [_statement(statement) for statement in call.conflicts],
        },
        "clauses": [_clause(clause) for clause in call.clauses],
        "terms": [_term(term) for term in node.terms],
        "gaps": [{"node": gap.node, "why": gap.why, "path": list(gap.path)} for gap in node.gaps],
    }


def _tags(call: LicenseCall) -> list[str]:
    """The license values as they are declared, each once."""
    stated = [s.value for s in call.declared if s.field == "license"]
    said = [value if isinstance(value, (list, tuple)) else [value] for value in stated]
    return list(dict.fromkeys(str(value) for values in said for value in values if value is not None))


def _expression(ids: Iterable[str | None]) -> str | None:
    """Licenses that apply together, as an SPDX expression; None for none."""
    return " AND ".join(dict.fromkeys(i for i in ids if i)) or None


def edge_json(edge: Edge) -> Json:
    """One step of descent."""
    return {
        "child": edge.child,
        "parent": edge.parent,
        "relation": edge.relation,
        "how": edge.how,
        "evidence": _evidence(edge.evidence),
    }


def references(report: Report) -> Json:
    """Where the user's own files use something; no key at all where targets were named by hand."""
    return {} if report.references is None else {"references": [asdict(row) for row in report.references]}


def finding_json(finding: Finding) -> Json:
    """One rule that fired."""
    return {
        "rule": finding.rule,
        "name": finding.name,
        "severity": finding.severity,
        "subject": finding.subject,
        "message": finding.message,
        "path": list(finding.path),
        "via": list(finding.via),
        "evidence": _evidence(finding.evidence),
        "remedy": finding.remedy,
        "status": finding.status,
        "fingerprint": finding.fingerprint,
        **_places(finding.places),
    }


def undetermined_json(row: Undetermined) -> Json:
    """One rule that could not be decided."""
    said = {"rule": row.rule, "name": row.name, "severity": row.severity, "subject": row.subject, "why": row.why}
    return said | ({"status": row.status} if row.status != "new" else {}) | _places(row.places)


def _places(places: Sequence[Place]) -> Json:
    return {"places": [asdict(place) for place in places]} if places else {}


def incomplete_json(report: Report) -> list[Json]:
    """Everything that could not be read."""
    return [{"id": name, "status": status, "why": why} for name, status, why in report.incomplete]


def _decision(decision: Decision) -> Json:
    return {
        "verdict": decision.verdict,
        "because": [_reason(reason) for reason in decision.because],
        "duties": [_reason(reason) for reason in decision.duties],
        "open_questions": list(decision.open_questions),
        "release": _release(decision.release) if decision.release else None,
    }


def _release(release: Release) -> Json:
    return {
        "license": release.license,
        "verdict": release.verdict,
        "because": [_reason(reason) for reason in release.because],
        "duties": [_reason(reason) for reason in release.duties],
        "suggestions": list(release.suggestions),
    }


def _reason(reason: Reason) -> Json:
    return {
        "clause": reason.clause,
        "text": reason.text,
        "path": list(reason.path),
        "evidence": _evidence(reason.evidence),
    }


def _statement(statement: Statement) -> Json:
    return {"field": statement.field, "value": _value(statement.value), "evidence": _span(statement.span)}


def _clause(clause: Clause) -> Json:
    return {
        "id": clause.id,
        "params": _value(clause.params),
        "section": clause.section,
        "evidence": _evidence((clause.span,) if clause.span else ()),
    }


def _term(term: Term) -> Json:
    return {
        "clause": term.clause.id,
        "params": _value(term.clause.params),
        "from": term.origin,
        "path": list(term.path),
        "via": list(term.via),
        "contested": term.contested,
        "contract": term.contract,
        "inferred": term.inferred,
    }


def _evidence(spans: tuple[Span, ...]) -> list[Json]:
    return [_span(span) for span in spans]


def _span(span: Span) -> Json:
    return {
        "repo": span.repo,
        "revision": span.revision,
        "file": span.file,
        "line": span.line,
        "quote": span.quote,
        "url": span.url,
    }


def _value(value: Any) -> Any:
    """A value from somebody's YAML as JSON knows it: dates, NaN and the like become strings."""
    if isinstance(value, Mapping):
        return {str(key): _value(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_value(entry) for entry in value]
    if value is None or isinstance(value, (str, int)) or (isinstance(value, float) and math.isfinite(value)):
        return value
    return str(value)
