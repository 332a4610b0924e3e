"""The gate's report in Markdown, for a pull request or a step summary: what fails, and all in use to unfold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.model import SEVERITIES, Finding, Place, Report
from auditor.report import address, wording
from auditor.report import gate_groups as grouped
from auditor.report.markup import escape, link
from auditor.report.safe import short

_LONGEST = 60_000  # characters; GitHub takes comments of 65,536
_PLACES = 5  # of one subject; more are counted
_MARKS = {0: "✅", 1: "❌", 3: "❔"}


def render(report: Report) -> str:
    """A comment short enough for GitHub; what does not fit is counted, and told by the formats for programs."""
    what, fault = grouped.result(report)
    lines = ["## License audit", "", f"{_MARKS.get(report.exit_code, '❌')} **{escape(fault)}** · {escape(what)}", ""]
    lines += [f"> {escape(short(note, 400))}\n" for note in report.notes]
    for group in grouped.groups(report):
        lines += _fitting(lines, [*_group(report, group), ""], "findings")
    if report.doubts != "ignore":
        lines += _fitting(lines, list(_doubts(report)), "doubts")
    closing = ["", f"_{escape(' · '.join(grouped.counts(report)))}_", ""]
    return "\n".join((*lines, *_table(report, _LONGEST - _size(lines) - _size(closing)), *closing))


def _size(lines: Sequence[str]) -> int:
    return sum(len(line) + 1 for line in lines)


def _fitting(before: list[str], lines: list[str], what: str) -> list[str]:
    """The lines where they fit; else a word that there is more, once."""
    left_out = f"More {what} are in the formats for programs, such as SARIF."
    if _size(before) + _size(lines) < _LONGEST * 3 // 4:
        return lines
    return [] if left_out in before else [left_out, ""]


def _group(report: Report, group: grouped.Group) -> Iterator[str]:
    node = report.lineage.nodes.get(group.subject)
    yield f"### {link(group.subject, address.of_node(node)) if node else escape(group.subject)}"
    yield ""
    said = [grouped.header(report, group.subject), _where(group.places[group.subject])]
    yield " · ".join(escape(part) for part in said if part)
    yield ""
    for finding, after in zip(group.findings, [*group.findings[1:], None], strict=True):
        told_next = after is not None and after.remedy == finding.remedy
        yield _finding(finding, told_next)
    if group.others:
        yield ""
        yield f"The same holds for {grouped.listed(group.others, group.places, escape)}."


def _finding(finding: Finding, told_next: bool) -> str:
    trail = f" ({escape(wording.lineage_path(finding.path))})" if len(finding.path) > 1 else ""
    todo = f"<br>→ {escape(short(finding.remedy, 400))}" if finding.remedy and not told_next else ""
    return f"- **{finding.severity}** {escape(short(finding.message, 600))}{trail} `{finding.rule}`{todo}"


def _where(places: Sequence[Place]) -> str:
    shown = ", ".join(f"{p.file}:{p.line}" for p in places[:_PLACES])
    return shown + (f" and {wording.count(len(places) - _PLACES, 'more place')}" if len(places) > _PLACES else "")


def _doubts(report: Report) -> Iterator[str]:
    users, unread, undecided = grouped.users(report), grouped.unread(report), grouped.undecided(report)
    if unread or undecided:
        yield from ("### Could not tell", "")
    for said, names in unread.items():
        yield f"- {escape(said)}: {grouped.listed(names, users, escape)}"
    for subject, theirs in undecided.items():
        for why, rules in grouped.by_reason(theirs).items():
            yield f"- {escape(subject)}: {', '.join(map(escape, rules))}, for want of: {escape(why)}"
    yield ""


def _table(report: Report, room: int) -> Iterator[str]:
    """Everything in use, a line each, as far as there is room."""
    targets = report.lineage.targets
    if not targets:
        return
    yield f"<details><summary>Everything in use ({len(targets)})</summary>"
    yield ""
    yield "| In use | License | Verdict | Gravest finding |"
    yield "|---|---|---|---|"
    for number, name in enumerate(targets):
        row = _row(report, name)
        room -= len(row) + 1
        if room < 0:
            yield f"| and {len(targets) - number} more | | | |"
            break
        yield row
    yield from ("", "</details>")


def _row(report: Report, name: str) -> str:
    node = report.lineage.nodes[name]
    found = [SEVERITIES.index(f.severity) for f in report.findings if f.subject == name and f.status == "new"]
    cells = (
        link(name, address.of_node(node)),
        escape(wording.license_in_words(node)),
        wording.VERDICTS[report.decisions[name].verdict].lower(),
        SEVERITIES[max(found)] if found else "none",
    )
    return f"| {' | '.join(cells)} |"
