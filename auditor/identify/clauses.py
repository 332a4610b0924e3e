"""Reads the clauses of a license text: which are there, with what parameters, where, and under which section."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.identify.clause_rules import ClauseRule, RuleBook, Wording, rule_book
from auditor.identify.numbers import read_number
from auditor.identify.plain import plain
from auditor.identify.sections import Sections
from auditor.model import Clause, Span

MAX_TEXT = 1 << 20  # characters that are read; no license is longer, and junk costs no more than this
MAX_QUOTE = 300
MAX_HITS = 40  # of one wording in one text; the rest repeat it
MAX_REACH = 600  # characters from the first word of a wording to its last
_CONTEXT = 500  # characters either side of a hit, within its sentence, in which `unless` and `when` look


@dataclass(slots=True)
class _Hit:
    wording: Wording
    start: int
    end: int
    groups: Mapping[str, tuple[int, int]]
    context: bytes


class _Page:
    """One text in its forms: as given, plain, and plain in bytes, which is what the expressions read."""

    def __init__(self, text: str) -> None:
        self.text = text[:MAX_TEXT]
        self.plain = plain(self.text)
        self.blob = self.plain.encode("utf-8", "replace")  # a lone surrogate becomes one `?`: same length
        self.ascii = len(self.blob) == len(self.plain)
        self.han = not self.ascii and any("\u4e00" <= c <= "\u9fff" for c in self.plain)

    def offset(self, at: int) -> int:
        """Bytes to characters."""
        return at if self.ascii else len(self.blob[:at].decode("utf-8"))

    def sentence(self, at: int) -> tuple[int, int]:
        """The bounds of the sentence around a character."""
        end = self.plain.find("\n", at)
        return self.plain.rfind("\n", 0, at) + 1, len(self.plain) if end < 0 else end


def read_clauses(text: str, book: RuleBook | None = None) -> tuple[Clause, ...]:
    """The clauses of `text`, in the order in which they stand there.

    A clause that is said several times is given once for each set of parameters. Offsets count characters of `text` as
    given. Only the first MAX_TEXT characters are read. The span has no `repo`: the caller knows where the text is from.
    """
    book = book or rule_book()
    page = _Page(text)
    if not page.plain.strip():
        return ()
    found: list[tuple[int, Clause]] = []
    sections: Sections | None = None
    for rule in book.rules:
        for params, hit in _best(_hits(rule, page, book), page, book):
            sections = sections or Sections(page.text)
            start, end = _quote(page, hit)
            span = Span(repo="", start=start, end=end, quote=page.text[start:end])
            found.append((hit.start, Clause(rule.id, params, span, sections.at(hit.start))))
    return tuple(clause for _, clause in sorted(found, key=lambda pair: pair[0]))


def _hits(rule: ClauseRule, page: _Page, book: RuleBook) -> Iterator[_Hit]:
    for wording in rule.wordings:
        if (wording.han and not page.han) or wording.anchor not in page.plain:
            continue
        regex = book.regex(wording.say)
        at = 0
        for _ in range(MAX_HITS):
            match = regex.search(page.blob, at)
            if match is None:
                break
            at = max(match.end(), at + 1)
            if match.end() - match.start() > MAX_REACH:
                at = match.start() + 8  # the first word found its partner too far away; a nearer one may follow
                continue
            context = _context(page.blob, match.start(), match.end())
            if any(book.regex(pattern).search(context) for pattern in wording.unless):
                continue
            groups = {name: match.span(index) for name, index in regex.groupindex.items()}
            yield _Hit(
                wording,
                page.offset(match.start()),
                page.offset(match.end()),
                {name: (page.offset(a), page.offset(b)) for name, (a, b) in groups.items() if a >= 0},
                context,
            )


def _context(blob: bytes, start: int, end: int) -> bytes:
    low = max(blob.rfind(b"\n", 0, start) + 1, start - _CONTEXT)
    high = blob.find(b"\n", end)
    return blob[low : min(len(blob) if high < 0 else high, end + _CONTEXT)]


def _best(hits: Iterator[_Hit], page: _Page, book: RuleBook) -> list[tuple[dict[str, Any], _Hit]]:
    """One hit for each set of parameters, the best wording first; a set that another one includes is dropped."""
    chosen: dict[str, tuple[dict[str, Any], _Hit]] = {}
    for hit in hits:
        params = _params(hit, page, book)
        if params is None:
            continue
        key = json.dumps(params, sort_keys=True, ensure_ascii=False)
        kept = chosen.get(key)
        if kept is None or (hit.wording.rank, hit.start) < (kept[1].wording.rank, kept[1].start):
            chosen[key] = (params, hit)
    rows = list(chosen.values())
    return [(p, h) for p, h in rows if not any(p.items() < other.items() for other, _ in rows)]


def _params(hit: _Hit, page: _Page, book: RuleBook) -> dict[str, Any] | None:
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
                cases = (c["is"] for c in arg if "when" not in c or book.regex(c["when"]).search(hit.context))
                value = next(cases, None)
            else:
                value = [key for key, pattern in arg.items() if book.regex(pattern).search(hit.context)]
        if value not in (None, "", []):
            params[name] = value
    return params


def _quote(page: _Page, hit: _Hit) -> tuple[int, int]:
    """The bounds of what to quote: the sentence where it is short enough, else the passage that was recognised."""
    start, end = page.sentence(hit.start)
    end = max(end, hit.end)
    if end - start > MAX_QUOTE:
        start, end = hit.start, hit.end
        room = MAX_QUOTE - (end - start)
        if room < 0:
            end = start + MAX_QUOTE
            end = max(page.plain.rfind(" ", start, end), start + 1)
        else:
            stop = page.plain.rfind(",", end, end + room)
            end = stop if stop > 0 else end
    text = page.text
    while start < end and text[start] in " \t\r\n\ufeff*#>":
        start += 1
    while end > start and text[end - 1] in " \t\r\n":
        end -= 1
    return start, end
