"""GitLab's code quality report: a list of issues, each at a line of a file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from auditor.model import Place, Report
from auditor.report.json_ import Json, dumps
from auditor.report.rows import Row, folded
from auditor.report.safe import short

_SEVERITIES = {"high": "critical", "medium": "major", "low": "minor", "info": "info"}
_LONGEST = 1000  # characters of a description


def render(report: Report) -> str:
    """A JSON list. What is waived or in the baseline stays in it, as `info` and marked."""
    return dumps([issue for row in folded(report) for issue in _issues(row)], indent=1) + "\n"


def _issues(row: Row) -> Iterator[Json]:
    """One issue for each file that the row concerns; where there is none, one at the place of its evidence."""
    if not row.places:
        span = next((span for span in row.evidence if span.file and ":" not in span.file), None)
        yield _issue(row, Place(f"{span.repo}/{span.file}" if span else row.subject, (span and span.line) or 1), "")
    first: dict[str, Place] = {}
    for one in row.places:
        first.setdefault(one.file, one)
    for one in first.values():
        yield _issue(row, one, one.file)


def _issue(row: Row, where: Place, salt: str) -> Json:
    mark = "" if row.status == "new" else f"[{row.status}] "
    seal = f"{row.fingerprint}\0{salt}".encode("utf-8", "backslashreplace")
    return {
        "description": mark + short(f"{row.message} {row.remedy}", _LONGEST),
        "check_name": row.rule,
        "fingerprint": hashlib.sha256(seal).hexdigest()[:32],
        "severity": "info" if mark else _SEVERITIES[row.severity],
        "location": {"path": short(where.file, 300), "lines": {"begin": where.line}},
    }
