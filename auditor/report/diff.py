"""A comparison of two states or repositories, for people and as JSON (`auditor.diff/1`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor import __version__
from auditor.lineage.diff import Change, Diff, TermChange
from auditor.model import Node, Span, Term
from auditor.report import wording
from auditor.report.json_ import dumps
from auditor.report.page import Page
from auditor.report.safe import plain, short
from auditor.sources.history import History

_ENDS = {
    0: ("same license and terms", "bold green"),
    1: ("license or terms differ", "bold red"),
    3: ("could not be decided", "bold magenta"),
}


def render(diff: Diff, history: History | None = None, width: int = 100, color: bool = False) -> str:
    """The comparison for people, `width` columns wide."""
    page = Page(width, color)
    page.put(("- ", "red"), (_side(diff.before), "bold"))
    page.put(("+ ", "green"), (_side(diff.after), "bold"))
    page.gap()
    page.put(_ENDS[diff.exit_code], first="  ")
    for title, wanted in (("License", True), ("Lineage and access", False)):
        changes = [change for change in diff.changes if change.binding is wanted]
        if changes:
            page.heading(title)
        for change in changes:
            _change(page, change)
    if diff.terms:
        page.heading("Terms in force")
        for term in diff.terms:
            _term(page, term)
    if history is not None:
        _history(page, history)
    if diff.doubts:
        page.heading("Could not tell")
        for doubt in diff.doubts:
            page.put(short(doubt, 400), first="  ? ")
    page.gap()
    page.put("Triage, not legal advice.", style="dim")
    return page.text()


def render_json(diff: Diff, history: History | None = None) -> str:
    """One JSON document, in ASCII."""
    document: dict[str, Any] = {
        "schema": "auditor.diff/1",
        "tool": {"name": "auditor", "version": __version__},
        "before": _side_json(diff.before),
        "after": _side_json(diff.after),
        "changes": [
            {"aspect": c.aspect, "binding": c.binding, "before": list(c.before), "after": list(c.after)}
            for c in diff.changes
        ],
        "terms": [_term_json(term) for term in diff.terms],
        "doubts": list(diff.doubts),
        "exit_code": diff.exit_code,
    }
    if history is not None:
        document["history"] = {
            "steps": [
                {"commit": s.commit, "date": s.date, "title": s.title, "licenses": list(s.licenses)}
                for s in history.steps
            ],
            "doubts": list(history.doubts),
        }
    return dumps(document, indent=1) + "\n"


def _side(node: Node) -> str:
    revision = f" at {node.record.revision[:12]}" if node.record.revision else ""
    dated = f", facts of {node.record.as_of}" if node.record.as_of else ""
    return plain(f"{node.ref.id}{revision}") + f"  {wording.license_in_words(node)}{dated}"


def _change(page: Page, change: Change) -> None:
    page.put((change.aspect, "bold"), first="  ")
    for value in change.before:
        if value not in change.after:
            page.put(short(value, 200), first="    - ", style="red")
    for value in change.after:
        if value not in change.before:
            page.put(short(value, 200), first="    + ", style="green")
    if not change.before or not change.after:
        page.put("none before" if not change.before else "none any more", first="      ", style="dim")


def _term(page: Page, change: TermChange) -> None:
    """One clause: gone, new, or with other parameters, and where it comes from."""
    mark, style = (
        ("~", "yellow") if change.before and change.after else ("+", "green") if change.after else ("-", "red")
    )
    term = change.after or change.before
    assert term is not None
    origin = f"  from {plain(term.origin)}" if change.inherited else ""
    page.put((wording.clause_title(term.clause.id), f"bold {style}"), (origin, "dim"), first=f"  {mark} ")
    if change.before and change.after:
        old, new = change.before.clause.params, change.after.clause.params
        for name in sorted({*old, *new}):
            if old.get(name) != new.get(name):
                page.put(f"{plain(name.replace('_', ' '))}: {_value(old, name)} → {_value(new, name)}", first="      ")
    span = term.clause.span
    if span and span.quote:
        page.put(f"“{short(span.quote, 280)}”", first="      ", style="italic")
        page.put(wording.place(span), first="      ", style="dim")


def _value(params: Mapping[str, Any], name: str) -> str:
    value = params.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        return "not stated" if value is None else short(str(value), 100)
    return f"{value:,}"


def _history(page: Page, history: History) -> None:
    page.heading("License tag over time")
    for step in history.steps:
        tags = ", ".join(short(tag, 60) for tag in step.licenses) or "no tag"
        title = f"  {short(step.title, 80)}" if step.title else ""
        page.put((tags, "bold"), (title, "dim"), first=f"  {plain(step.date)[:10]:<10}  {step.commit[:12]}  ")
    for doubt in history.doubts:
        page.put(short(doubt, 300), first="  ? ")


def _side_json(node: Node) -> dict[str, Any]:
    return {
        "id": node.ref.id,
        "status": node.record.status,
        "revision": node.record.revision,
        "license": {"concluded": list(node.license.concluded), "osi": node.license.osi, "why": node.license.why},
    }


def _term_json(change: TermChange) -> dict[str, Any]:
    kind = "changed" if change.before and change.after else "added" if change.after else "removed"
    return {
        "clause": change.clause.id,
        "change": kind,
        "before": _one_side(change.before),
        "after": _one_side(change.after),
    }


def _one_side(term: Term | None) -> dict[str, Any] | None:
    if term is None:
        return None
    span = term.clause.span
    return {
        "params": {key: _plain_value(value) for key, value in term.clause.params.items()},
        "from": term.origin,
        "path": list(term.path),
        "evidence": _place(span) if span else None,
    }


def _plain_value(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _place(span: Span) -> dict[str, Any]:
    return {"repo": span.repo, "file": span.file, "line": span.line, "quote": span.quote, "revision": span.revision}
