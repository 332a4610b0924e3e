"""GitHub workflow commands: annotations at the lines of the user's own files. The step summary is the Markdown format.

GitHub shows ten annotations of a kind in a step, so what fails the audit comes first.
"""

from __future__ import annotations

from auditor.model import SEVERITIES, Place, Report
from auditor.report.rows import Row, folded
from auditor.report.safe import short, workflow
from auditor.report.wording import count

_LEVELS = {"high": "error", "medium": "warning", "low": "notice", "info": "notice"}
_LONGEST = 1000  # characters of a message; GitHub cuts at 4096 bytes


def render(report: Report) -> str:
    """One command a line, then a line that counts; what is waived or in the baseline is counted there alone."""
    found = folded(report)
    shown = sorted((r for r in found if r.status == "new"), key=lambda r: (not r.weighs, -SEVERITIES.index(r.severity)))
    quiet = len(found) - len(shown)
    told = [
        count(sum(r.kind == "finding" for r in shown), "finding"),
        f"{len(report.undetermined) + len(report.incomplete)} could not be told",
        f"{quiet} waived or in the baseline" if quiet else "",
    ]
    closing = f"auditor: {', '.join(filter(None, told))}; exit {report.exit_code}. Triage, not legal advice."
    return "".join(f"{line}\n" for line in (*map(_command, shown), closing))


def _command(row: Row) -> str:
    level = "error" if row.weighs else _level(row)
    first, *others = row.places or (None,)
    where = f"file={_property(first.file)},line={first.line},col={first.column}," if first else ""
    said = [row.message, row.remedy, _elsewhere([p for p in others if p])]
    message = "%0A".join(workflow(short(part, _LONGEST)) for part in said if part)
    return f"::{level} {where}title={_property(f'{row.title} ({row.severity})')}::{message}"


def _level(row: Row) -> str:
    """What does not fail the audit never shows as an error."""
    level = _LEVELS[row.severity]
    return "warning" if level == "error" else level


def _elsewhere(places: list[Place]) -> str:
    return f"Also at {', '.join(f'{p.file}:{p.line}' for p in places)}." if places else ""


def _property(text: str) -> str:
    return workflow(short(text, 300), in_property=True)
