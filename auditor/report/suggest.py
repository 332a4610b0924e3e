"""What to change, for people: a section after the report, in text or Markdown."""

from __future__ import annotations

from datetime import date

from auditor.model import Report
from auditor.policy.suggest import Change, changes
from auditor.report.markup import escape
from auditor.report.page import Page
from auditor.report.safe import plain, short

TITLE = "What would change the answer"
NOTHING = "Nothing has to change."
FORMS = ("text", "markdown")


def render(report: Report, form: str = "text", width: int = 100, color: bool = False) -> str:
    """The section in one of `FORMS`."""
    today = date.today()
    found = {name: changes(name, report, today) for name in report.decisions}
    found = {name: theirs for name, theirs in found.items() if theirs}
    if form == "markdown":
        return "\n".join(("", f"## {TITLE}", "", *_markdown(found))) + "\n"
    page = Page(width, color)
    page.heading(TITLE)
    for name, theirs in found.items():
        page.put((plain(name), "bold"), first="  ")
        for change in theirs:
            page.put(_said(change), first="    → ", style="green")
            for line in change.lines:
                page.whole(plain(line), indent=8)
    if not found:
        page.put(NOTHING, first="  ")
    return page.text()


def _said(change: Change) -> str:
    return short(change.said, 600) + (f", in {change.file}:" if change.lines else "")


def _markdown(found: dict[str, list[Change]]) -> list[str]:
    lines: list[str] = []
    for name, theirs in found.items():
        lines += [f"### {escape(name)}", ""]
        for change in theirs:
            lines.append(f"- {escape(_said(change))}")
            if change.lines:
                lines += ["", "  ```toml", *(f"  {plain(line)}" for line in change.lines), "  ```"]
        lines.append("")
    return lines or [NOTHING]
