"""The report as JSON lines, for streams and log collectors.

The first line is the header (`"type": "header"`: schema, tool, use, source, targets). Then comes one line for each
finding, for each rule that could not be decided (`undetermined`) and for each repository that could not be read whole
(`incomplete`). The last line is the trailer: verdicts, counts and the exit code; a stream without it was cut short.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model import Report
from auditor.report import json_

SCHEMA = "auditor.report.lines/1"


def render(report: Report) -> str:
    """Header, one line for each result, trailer."""
    return "".join(json_.dumps(line) + "\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[json_.Json]:
    incomplete = json_.incomplete_json(report)
    yield {"type": "header", "schema": SCHEMA, **json_.head(report)}
    yield from ({"type": "finding", **json_.finding_json(finding)} for finding in report.findings)
    yield from ({"type": "undetermined", **json_.undetermined_json(row)} for row in report.undetermined)
    yield from ({"type": "incomplete", **row} for row in incomplete)
    yield {
        "type": "trailer",
        "verdicts": json_.verdicts(report),
        "counts": {
            "nodes": len(report.lineage.nodes),
            "findings": len(report.findings),
            "undetermined": len(report.undetermined),
            "incomplete": len(incomplete),
        },
        **json_.references(report),
        "exit_code": report.exit_code,
    }
