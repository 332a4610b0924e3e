"""The report as CSV: one line for each finding, each rule that could not be decided, each repository not read whole.

No cell can act as a formula in a spreadsheet, and none holds a line end.
"""

from __future__ import annotations

import csv
import io

from auditor.model import Report
from auditor.report import address
from auditor.report.rows import Row, rows
from auditor.report.safe import plain
from auditor.report.wording import place

COLUMNS = (
    "kind", "status", "severity", "rule", "title", "subject", "message", "remedy", "path", "used at", "evidence",
    "quote", "link", "fingerprint",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # spreadsheets take the full-width ones, too


def render(report: Report) -> str:
    """A header and the rows, UTF-8, every cell quoted."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(value) for value in _values(row)] for row in rows(report))
    return out.getvalue()


def _values(row: Row) -> tuple[str, ...]:
    span = row.evidence[0] if row.evidence else None
    return (
        row.kind,
        row.status,
        row.severity,
        row.rule,
        row.title,
        row.subject,
        row.message,
        row.remedy,
        " <- ".join(row.path),
        "; ".join(f"{p.file}:{p.line}" for p in row.places),
        place(span) if span else "",
        span.quote if span else "",
        address.of_span(span) if span else "",
        row.fingerprint,
    )


def _cell(value: str) -> str:
    """One line of plain text that begins with no sign of a formula."""
    text = plain(value)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text
