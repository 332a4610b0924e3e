"""The reasoning of a rule as a tree: each condition, its outcome, and the facts that it saw."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.engine.match import Trace
from auditor.engine.rule import Rule
from auditor.report.page import Branch, Page, Part
from auditor.report.safe import plain, short

_MARKS = {"fires": ("✓", "green"), "quiet": ("✗", "red"), "undetermined": ("?", "magenta")}
_OUTCOMES = {
    "fires": "fires: every condition that it needs holds",
    "quiet": "stays quiet: a condition that it needs does not hold",
    "undetermined": "cannot be decided: a fact that it needs is not known",
}


def render(subject: str, rule: Rule, found: Trace, width: int = 100, color: bool = False) -> str:
    """The outcome in one line, then the tree of conditions."""
    page = Page(width, color)
    page.put((plain(rule.name), "bold"), f" on {plain(subject)} ", (_OUTCOMES[found.outcome], _MARKS[found.outcome][1]))
    page.put(plain(rule.title), style="dim")
    page.gap()
    page.draw(_tree(found))
    if found.unknown:
        page.gap()
        for why in dict.fromkeys(found.unknown):
            page.put(short(why, 300), first="  ? ")
    page.gap()
    page.put("✓ holds   ✗ does not hold   ? cannot be told", style="dim")
    return page.text()


def _tree(found: Trace) -> Branch:
    root = Branch(_label(found), "", [])
    todo = [(root, found)]
    while todo:
        branch, trace = todo.pop()
        shown, alike = _fold(trace.children)
        for child in shown:
            branch.children.append(Branch(_label(child), "", []))
        todo.extend(zip(branch.children, shown, strict=True))
        for broken, labels in alike.items():
            names = short(", ".join(labels), 200)
            folded: tuple[Part, ...] = (("✗ ", "red"), f"{len(labels)} others: not {broken}", (f"  {names}", "dim"))
            branch.children.append(Branch(folded, "", []))
    return root


def _fold(children: Sequence[Trace]) -> tuple[list[Trace], dict[str, list[str]]]:
    """Siblings to show in full, and the labels of those that fail alike, by the condition on which they fail.

    Terms and ancestors come by the dozen; most fail the same condition, and only the first of those needs showing.
    """
    shown: list[Trace] = []
    alike: dict[str, list[str]] = {}
    for child in children:
        broken = _broken(child) if child.outcome == "quiet" and child.children else ""
        if broken in alike:
            alike[broken].append(plain(child.label))
            continue
        shown.append(child)
        if broken:
            alike[broken] = []
    return shown, {broken: labels for broken, labels in alike.items() if labels}


def _broken(found: Trace) -> str:
    """The first condition within that does not hold."""
    while found.children:
        found = next((child for child in found.children if child.outcome == "quiet"), found.children[0])
    return plain(found.label)


def _label(found: Trace) -> tuple[Part, ...]:
    mark, style = _MARKS[found.outcome]
    said = f"  {short(found.detail, 200)}" if found.detail else ""
    return (f"{mark} ", style), plain(found.label), (said, "dim")
