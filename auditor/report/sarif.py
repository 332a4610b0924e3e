"""The report as SARIF 2.1.0, for code scanning: every rule described, results at the lines of the user's own files.

What could not be told is a result of kind `open`; a repository that could not be read whole is a notification.
"""

from __future__ import annotations

from collections.abc import Iterable

from auditor import __version__
from auditor.engine.load import load_rules
from auditor.engine.rule import Rule
from auditor.model import Node, Place, Report, Severity, Span
from auditor.policy.findings import rules as policy_rules
from auditor.report import address
from auditor.report.json_ import Json, dumps
from auditor.report.rows import NOT_READ, UNDETERMINED, Row, folded
from auditor.report.safe import plain, short
from auditor.report.wording import lineage_path, place

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: dict[Severity, str] = {"high": "error", "medium": "warning", "low": "note", "info": "note"}
_LONGEST = 2000  # characters of a message
_DOUBTS = {
    NOT_READ: (
        "A repository that could not be read whole",
        "Nothing that depends on it can be told. Try again, ask for access, or name a repository that is there.",
    ),
    UNDETERMINED: (
        "Rules that could not be decided",
        "Something in the ancestry is not known. The message says what would settle it.",
    ),
}


def render(report: Report) -> str:
    """One log with one run."""
    found = folded(report)
    results = [row for row in found if row.kind != "incomplete" or row.places]
    described = _described(results)
    index = {rule["id"]: number for number, rule in enumerate(described)}
    driver = {
        "name": "auditor",
        "version": __version__,
        "semanticVersion": _semantic(__version__),
        "rules": described,
    }
    run: Json = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The root of the audited files."}}},
        "invocations": [_invocation(report, [row for row in found if row.kind == "incomplete"])],
        "results": [_result(row, index[row.rule], report.lineage.nodes.get(row.subject)) for row in results],
        "properties": {"source": report.source_kind, "as_of": report.as_of, "targets": list(report.lineage.targets)},
    }
    return dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _described(results: Iterable[Row]) -> list[Json]:
    """Every shipped rule, and in few words those of further folders that gave a result."""
    known = {rule.id: _rule(rule) for rule in (*policy_rules(), *load_rules())}
    known |= {name: _plain_rule(name, title, words) for name, (title, words) in _DOUBTS.items()}
    for row in results:
        if row.rule not in known:
            known[row.rule] = _plain_rule(row.rule, plain(row.title), plain(row.remedy or row.title))
    return list(known.values())


def _plain_rule(name: str, title: str, words: str) -> Json:
    return {"id": name, "shortDescription": {"text": title}, "help": {"text": words}}


def _rule(rule: Rule) -> Json:
    read_on = "".join(f"\n- <{link}>" for link in rule.references if address.web(link))
    described: Json = {
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.rationale},
        "help": {
            "text": f"{rule.rationale}\n\n{rule.remedy}",
            "markdown": f"{rule.rationale}\n\n**What to do:** {rule.remedy}\n\n"
            f"`auditor explain {rule.id}` shows examples.{read_on and chr(10) + read_on}",
        },
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": ["license", rule.group], "problem.severity": _problem(rule.severity)},
    }
    return described


def _problem(severity: Severity) -> str:
    """GitHub's words for how grave a problem is."""
    return {"error": "error", "warning": "warning", "note": "recommendation"}[_LEVELS[severity]]


def _result(row: Row, index: int, node: Node | None) -> Json:
    locations = [_physical(where) for where in row.places] or [_on_the_hub(row, node)]
    for one in locations:
        one["logicalLocations"] = [{"fullyQualifiedName": plain(row.subject), "kind": "module"}]
    result: Json = {
        "ruleId": row.rule,
        "ruleIndex": index,
        "kind": "fail" if row.kind == "finding" else "open",
        "level": _LEVELS[row.severity] if row.kind == "finding" else "none",
        "message": _message(f"{row.message} {row.remedy}"),
        "locations": locations,
        "partialFingerprints": {"auditor/v1": row.fingerprint},
        "properties": {
            "severity": row.severity,
            "path": [plain(name) for name in row.path],
            "via": [plain(relation) for relation in row.via],
        },
    }
    if row.evidence:
        result["relatedLocations"] = [_related(number, span, row) for number, span in enumerate(row.evidence, 1)]
    if row.status != "new":
        why = "waived" if row.status == "waived" else "known in the baseline"
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": why}]
    return result


def _physical(where: Place) -> Json:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": address.file_uri(where.file), "uriBaseId": "SRCROOT"},
            "region": {"startLine": max(where.line, 1), "startColumn": max(where.column, 1)},
        }
    }


def _on_the_hub(row: Row, node: Node | None) -> Json:
    """Where nobody's files were audited: the place of the evidence, or the repository's page."""
    span = next((span for span in row.evidence if address.of_span(span)), None)
    if span:
        return _located(span)
    page = address.of_node(node) if node else ""
    return {"physicalLocation": {"artifactLocation": {"uri": page or address.file_uri(row.subject)}}}


def _related(number: int, span: Span, row: Row) -> Json:
    quoted = f": “{short(span.quote, 300)}”" if span.quote else ""
    trail = f" ({lineage_path(row.path)})" if number == 1 and len(row.path) > 1 else ""
    return {"id": number, "message": _message(f"{place(span)}{quoted}{trail}"), **_located(span)}


def _located(span: Span) -> Json:
    uri = address.of_span(span)
    if not uri:
        return {"logicalLocations": [{"fullyQualifiedName": place(span)}]}
    region: Json = {"startLine": span.line} if span.line else {}
    if region and span.quote:
        region["snippet"] = {"text": short(span.quote, 300)}
    where: Json = {"artifactLocation": {"uri": uri.partition("#")[0]}}
    return {"physicalLocation": {**where, "region": region} if region else where}


def _invocation(report: Report, unread: Iterable[Row]) -> Json:
    told = [
        {
            "level": "error" if row.weighs else "warning",
            "message": _message(row.message),
            "descriptor": {"id": row.rule},
            "locations": [_physical(where) for where in row.places],
        }
        for row in unread
    ]
    told += [{"level": "note", "message": _message(note)} for note in report.notes]
    told += [
        {"level": "warning", "message": _message(f"{name} was left out: {why}")} for name, why in report.lineage.cut
    ]
    return {"executionSuccessful": True, "exitCode": report.exit_code, "toolExecutionNotifications": told}


def _message(text: str) -> Json:
    """A message in which nothing is a link to follow or a blank to fill in, both of which SARIF has."""
    return {"text": short(text, _LONGEST).replace("](", "] (").replace("{", "{ ")}


def _semantic(version: str) -> str:
    """The first three numbers of a version, as SemVer wants them."""
    numbers = [part for part in version.split(".")[:3] if part.isdigit()]
    return ".".join((*numbers, "0", "0")[:3]) if numbers else "0.0.0"
