"""Reads the clauses of a license text: which are there, with what parameters, where, and under which section."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.identify.clause_rules import ClauseRule, Wording, clause_rules
from auditor.identify.finder import Finder, stretches
from auditor.identify.numbers import read_number
from auditor.identify.patterns import compile_source, values, within_bounds
from auditor.identify.sections import Sections
from auditor.identify.sentences import Page
from auditor.identify.stamps import stamped
from auditor.identify.vocabulary import vocabulary
from auditor.identify.waived import waived
from auditor.model import Clause, Span

MAX_QUOTE = 300
MAX_COMPILED = 1000  # expressions that are kept; with what they learn of texts each takes about 50 KB
MAX_HITS = 40  # of one wording in one text; the rest repeat it
MAX_TRIES = 200  # places at which one wording is tried in one text
MAX_REACH = 600  # characters from the first word of a wording to its last


@dataclass(slots=True)
class _Hit:
    wording: Wording
    start: int
    end: int
    groups: Mapping[str, tuple[int, int]]
    context: bytes


@functools.cache
def _shipped() -> Finder:
    return Finder(clause_rules())


def read_clauses(text: str, rules: tuple[ClauseRule, ...] | None = None) -> tuple[Clause, ...]:
    """The clauses of `text`, in the order in which they stand there.

    A clause that is said several times is given once for each set of parameters. Offsets count characters of `text` as
    given. Only the first MAX_TEXT characters are read. The span has no `repo`: the caller knows where the text is from.
    """
    if not text.strip():
        return ()
    finder = Finder(rules) if rules else _shipped()
    page = Page(text)
    copy = stamped(page.blob, finder.stamps)
    found: list[tuple[int, Clause]] = []
    sections: Sections | None = None
    for rule, wordings in finder.candidates(page.blob, copy, han=page.han):
        info = vocabulary().get(rule.id)
        for params, hit in _best(_hits(wordings, page, copy, info.kind if info else ""), page):
            sections = sections or Sections(page.text)
            start, end = _quote(page, hit)
            span = Span(repo="", start=start, end=end, quote=page.text[start:end])
            found.append((hit.start, Clause(rule.id, params, span, sections.at(hit.start))))
    return tuple(clause for _, clause in sorted(found, key=lambda pair: pair[0]))


def _hits(wordings: list[tuple[Wording, int]], page: Page, copy: bytes, kind: str) -> Iterator[_Hit]:
    settled: list[Mapping[str, Any]] = []  # fixed parameters with which the clause was found: more of it adds nothing
    for wording, where in wordings:
        if wording.han and not page.han:
            continue
        if wording.fixed and any(wording.params.items() <= known.items() for known in settled):
            continue
        blob = copy if wording.stamps else page.blob
        for start, end, match in itertools.islice(_matches(wording, where, blob, page.ends), MAX_HITS):
            context = page.context(start, end)
            if (wording.unless and _found(wording.unless, context)) or waived(kind, page.blob, start, end):
                continue
            if wording.unless_anywhere and _found(wording.unless_anywhere, page.blob):
                break
            caught = values(match) if wording.catches else {}
            groups = {name: (page.offset(low), page.offset(high)) for name, (low, high) in caught.items()}
            hit = _Hit(wording, page.offset(start), page.offset(end), groups, context)
            if hit.start == hit.end:  # all of it stands in the words before a list
                hit.start, hit.end = page.offset(start, intro=True), page.offset(end, intro=True)
            yield hit
            if wording.fixed:
                settled.append(wording.params)
                break


def _matches(wording: Wording, where: int, blob: bytes, ends: list[int]) -> Iterator[tuple[int, int, Any]]:
    """Start and end of the matches whose gaps are as short as they should be, and the matches themselves."""
    regex, tries = _regex(wording.say, wording.catches), MAX_TRIES
    for at, high in stretches(where, ends):
        while tries and (match := regex.search(blob, at, high)):
            tries -= 1
            start, end = match.span()
            if end - start > min(wording.gap, MAX_REACH) and (
                end - start > MAX_REACH or not within_bounds(_regex(wording.say, True).search(blob, at, high))
            ):
                at = start + 1  # the first word found its partner too far away; a nearer one may follow
            else:
                at = end
                yield start, end, match


_compiled: dict[tuple[str, bool], Any] = {}  # expressions with groups or without, the latest used last


def _regex(source: str, groups: bool) -> Any:
    key = source, groups
    regex = _compiled.pop(key, None) or compile_source(source, groups=groups)
    _compiled[key] = regex
    if len(_compiled) > MAX_COMPILED:
        _compiled.pop(next(iter(_compiled)), None)
    return regex


def _found(source: str, context: bytes) -> bool:
    return _regex(source, False).search(context) is not None


def _best(hits: Iterator[_Hit], page: Page) -> list[tuple[dict[str, Any], _Hit]]:
    """One hit for each set of parameters and for each passage: the one that says most, then the better wording."""
    rows = [(params, hit) for hit in hits if (params := _params(hit, page)) is not None]
    rows.sort(key=lambda row: (-len(row[0]), row[1].wording.rank, row[1].start))
    chosen: list[tuple[dict[str, Any], _Hit]] = []
    for params, hit in rows:
        if not any(
            params.items() <= other.items() or (hit.start < kept.end and kept.start < hit.end) for other, kept in chosen
        ):
            chosen.append((params, hit))
    return chosen


def _params(hit: _Hit, page: Page) -> dict[str, Any] | None:
    """The parameters of a hit; None where a number that it must have cannot be read."""
    params: dict[str, Any] = {}
    for name, spec in hit.wording.params.items():
        value: Any = spec
        if isinstance(spec, dict):
            form, arg = next(iter(spec.items()))
            if form in ("group", "number") and arg not in hit.groups:
                continue
            if form == "group":
                start, end = hit.groups[arg]
                value = " ".join(page.text[start:end].replace("*", "").split()).strip(" \"'“”.,")
            elif form == "number":
                start, end = hit.groups[arg]
                value = read_number(page.plain[start:end])
                if value is None:
                    return None
            elif form == "first":
                cases = (c["is"] for c in arg if "when" not in c or _found(c["when"], hit.context))
                value = next(cases, None)
            else:
                value = [key for key, pattern in arg.items() if _found(pattern, hit.context)]
        if value not in (None, "", []):
            params[name] = value
    return params


def _quote(page: Page, hit: _Hit) -> tuple[int, int]:
    """The bounds of what to quote: the sentence where it is short enough, else as much of it as fits around the hit."""
    low, high = page.sentence(hit.start)
    high = max(high, hit.end)
    start, end = low, high
    if end - start > MAX_QUOTE:
        start = low if hit.end - low <= MAX_QUOTE else hit.start
        end = _ending(page.plain, hit.end, high, start + MAX_QUOTE)
    text = page.text
    while start < end and text[start] in " \t\r\n\ufeff*#>":
        start += 1
    while end > start and text[end - 1] in " \t\r\n":
        end -= 1
    return start, end


def _ending(text: str, end: int, high: int, limit: int) -> int:
    """Where to end a quote that may not pass `limit`: with the sentence, at a comma after the hit, or after a word."""
    if high <= limit:
        return high
    comma = text.rfind(",", end, limit)
    return comma if comma > 0 else max(text.rfind(" ", 0, limit), limit - MAX_QUOTE // 2)
