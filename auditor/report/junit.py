"""The report as JUnit XML: a suite for each subject, a test for each result.

Findings that fail the audit are failures and what could not be told, where it counts, errors; the rest passes or is
skipped, with its words kept. So a suite fails if and only if the exit code is not 0.
"""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from auditor.model import Report
from auditor.report.rows import Row, folded
from auditor.report.safe import plain, short
from auditor.report.wording import lineage_path, place

_LONGEST = 300  # characters of an attribute; the body holds the rest


def render(report: Report) -> str:
    """An XML document."""
    suites: dict[str, list[Row]] = {name: [] for name in report.lineage.targets}
    for row in folded(report):
        suites.setdefault(row.subject, []).append(row)
    body = [line for name, theirs in suites.items() for line in _suite(name, theirs)]
    everything = [row for theirs in suites.values() for row in theirs]
    counts = _counts(everything, sum(not theirs for theirs in suites.values())).partition(" skipped=")[0]
    head = f'<testsuites name="auditor" {counts}>'  # readers count what was skipped by suite
    return "\n".join(('<?xml version="1.0" encoding="UTF-8"?>', head, *body, "</testsuites>")) + "\n"


def _suite(name: str, theirs: list[Row]) -> list[str]:
    lines = [f'  <testsuite name={_attribute(name)} {_counts(theirs, not theirs)} time="0">']
    for row in theirs:
        lines += _case(row)
    if not theirs:
        lines.append(f'    <testcase classname={_attribute(name)} name="no finding" time="0"/>')
    return [*lines, "  </testsuite>"]


def _case(row: Row) -> list[str]:
    title = f"{row.rule}: {row.title}" + (f" [{row.fingerprint}]" if row.fingerprint else "")
    file = f" file={_attribute(row.places[0].file)} line={_attribute(str(row.places[0].line))}" if row.places else ""
    outcome, words = _outcome(row), escape(_words(row))
    message = f"message={_attribute(row.message)}"
    inside = [f"<system-out>{words}</system-out>"]
    if outcome == "skipped":
        inside.insert(0, f"<skipped {message}/>")
    elif outcome:
        inside = [f"<{outcome} {message} type={_attribute(row.severity)}>{words}</{outcome}>"]
    head = f'<testcase classname={_attribute(row.subject)} name={_attribute(title)}{file} time="0">'
    return [f"    {head}", *(f"      {line}" for line in inside), "    </testcase>"]


def _outcome(row: Row) -> str:
    if row.weighs:
        return "failure" if row.kind == "finding" else "error"
    return "skipped" if row.kind != "finding" or row.status != "new" else ""


def _words(row: Row) -> str:
    lines = [f"{row.severity}: {plain(row.message)}"]
    lines += [lineage_path(row.path)] if len(row.path) > 1 else []
    lines += [f"{place(span)}: {plain(span.quote)}" for span in row.evidence]
    lines += [f"{plain(p.file)}:{p.line}" for p in row.places]
    return "\n".join((*lines, plain(row.remedy)))


def _counts(theirs: list[Row], passed: int) -> str:
    outcomes = [_outcome(row) for row in theirs]
    numbers = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    return " ".join((f'tests="{len(theirs) + passed}"', *(f'{k}="{outcomes.count(v)}"' for k, v in numbers.items())))


def _attribute(text: str) -> str:
    return quoteattr(short(text, _LONGEST))
