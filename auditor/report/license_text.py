"""What `auditor license` says of texts: for people, as JSON, and as one JSON line a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from auditor.identify.vocabulary import ClauseInfo, vocabulary
from auditor.model import Clause, TextMatch
from auditor.report.json_ import dumps
from auditor.report.page import Page
from auditor.report.safe import plain, short
from auditor.report.wording import count, license_name

_QUOTE = 300
_DIFFERENCES = 6  # that are quoted; more are counted
_DENIES, _ASKS, _TELLS = "Limits", "Duties", "Worth knowing"
_STYLES = {_DENIES: "red", _ASKS: "yellow", _TELLS: "cyan"}
_MARKS = {_DENIES: "✗", _ASKS: "☐", _TELLS: "·"}


class Reading(NamedTuple):
    """One file after reading. `problem` says in words what a reader must know; `unread` means that it is no text."""

    file: str
    matches: tuple[TextMatch, ...]
    clauses: tuple[Clause, ...]
    problem: str = ""
    unread: bool = False


def render(readings: Sequence[Reading], width: int = 100, color: bool = False) -> str:
    """All files, one after the other, `width` columns wide."""
    page = Page(width, color)
    for number, reading in enumerate(readings):
        if number:
            page.gap()
            page.whole("─" * width, style="dim")
            page.gap()
        _reading(page, reading)
    return page.text()


def render_json(readings: Iterable[Reading]) -> str:
    """A JSON list with one entry a file."""
    return dumps([document(reading) for reading in readings], indent=1) + "\n"


def render_lines(readings: Iterable[Reading]) -> str:
    """One JSON object a line and file."""
    return "".join(dumps(document(reading)) + "\n" for reading in readings)


def document(reading: Reading) -> dict[str, Any]:
    """One file as plain data. `others` are further licenses in the same file."""
    none = TextMatch(None, "none")
    found = {
        "file": reading.file,
        "license": _match_json(reading.matches[0] if reading.matches else none),
        "clauses": [_clause_json(clause) for clause in reading.clauses],
    }
    if len(reading.matches) > 1:
        found["others"] = [_match_json(match) for match in reading.matches[1:]]
    if reading.problem:
        found["problem"] = reading.problem
    return found


def _match_json(match: TextMatch) -> dict[str, Any]:
    return {
        "id": match.id,
        "match": match.match,
        "score": round(match.score, 4),
        "candidates": [{"id": name, "score": round(score, 4)} for name, score in match.candidates],
        "differences": [{"start": d.start, "end": d.end, "quote": d.quote} for d in match.differences],
        "missing": match.missing,
    }


def _clause_json(clause: Clause) -> dict[str, Any]:
    span = clause.span
    return {
        "id": clause.id,
        "params": dict(clause.params),
        "quote": span.quote if span else "",
        "start": span.start if span else None,
        "end": span.end if span else None,
        "section": clause.section,
    }


def _reading(page: Page, reading: Reading) -> None:
    page.put((plain(reading.file), "bold"))
    if reading.problem:
        page.put(short(reading.problem, 300), first="  ", style="yellow")
    if reading.unread:
        page.put("could not tell: nothing of it could be read", first="  ", style="magenta")
        return
    for match in reading.matches or (TextMatch(None, "none"),):
        _match(page, match)
    if not reading.clauses:
        page.gap()
        page.put("No clause of the vocabulary was recognised in it.", first="  ")
    known = vocabulary()
    core = [c for c in reading.clauses if c.id in known and known[c.id].tier == "core"]
    rest = [c for c in reading.clauses if c.id in known and known[c.id].tier != "core"]
    for title, clauses in (("Clauses that decide an adoption", core), ("Other clauses", rest)):
        if clauses:
            page.heading(title)
            for group in (_DENIES, _ASKS, _TELLS):
                _group(page, group, [c for c in clauses if _kind(known[c.id]) == group])
    page.gap()
    page.put(f"{count(len({c.id for c in reading.clauses}), 'clause')}. Triage, not legal advice.", style="dim")


def _match(page: Page, match: TextMatch) -> None:
    """One line on what the text is, then what sets it apart from the standard."""
    share = f"{match.score:.1%} of the words in common"
    if match.match == "exact" and match.id:
        page.put((license_name(match.id), "bold green"), ("  exactly, word for word", "green"), first="  ")
    elif match.match == "modified" and match.id:
        page.put((license_name(match.id), "bold yellow"), (f"  modified, {share}", "yellow"), first="  ")
    elif match.candidates:
        nearest, score = match.candidates[0]
        near = f"; nearest is {license_name(nearest)}, {score:.1%} of the words in common"
        page.put(("no standard text", "bold magenta"), near, first="  ")
    else:
        page.put(("no standard text", "bold magenta"), first="  ")
    if match.id:
        page.put(plain(match.id), first="  ", style="dim")
    if match.match == "modified" and (match.differences or match.missing):
        _differences(page, match)


def _differences(page: Page, match: TextMatch) -> None:
    page.heading("What differs")
    for difference in match.differences[:_DIFFERENCES]:
        page.put(f"“{short(difference.quote, _QUOTE)}”", first="  + ", style="yellow")
    if len(match.differences) > _DIFFERENCES:
        page.put(f"and {count(len(match.differences) - _DIFFERENCES, 'more passage')}", first="  + ", style="dim")
    if match.missing:
        page.put(f"{count(match.missing, 'word')} of the standard text are missing", first="  - ", style="yellow")


def _kind(info: ClauseInfo) -> str:
    if info.kind == "restriction" and info.effect != "note":
        return _DENIES
    return _ASKS if info.kind == "duty" else _TELLS


def _group(page: Page, group: str, clauses: Sequence[Clause]) -> None:
    known = vocabulary()
    for clause in clauses:
        info = known[clause.id]
        section = f"  section {plain(clause.section)}" if clause.section else ""
        page.put(
            (info.title, f"bold {_STYLES[group]}"),
            (f"  {info.id}{section}", "dim"),
            first=f"  {_MARKS[group]} ",
        )
        page.put(info.meaning, first="      ")
        if clause.params:
            page.put(_params(clause), first="      ", style="cyan")
        if clause.span and clause.span.quote:
            page.put(f"“{short(clause.span.quote, _QUOTE)}”", first="      ", style="italic")


def _params(clause: Clause) -> str:
    return "; ".join(f"{name.replace('_', ' ')}: {_value(value)}" for name, value in clause.params.items())


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, (list, tuple)):
        return ", ".join(_value(item) for item in value)
    return short(str(value), 200)
