"""Derives from an expression the phrases that every match holds, so that a cheap look tells where to search.

The answer has one row for each alternative of the expression: sets of phrases in their order. A match of that
alternative holds a phrase of each set. Phrases have single spaces and no hyphens, as `bare` texts do, and Chinese ones
no spaces at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from math import prod
from typing import NamedTuple

from auditor.identify.patterns import is_stamp

Row = tuple[tuple[str, ...], ...]

_SETS = 5  # of phrases for one alternative
_PHRASES = 24  # in one set; more of them cost more than they tell
_LONGEST = 20  # characters of a phrase; the rest of it tells little
_SHORTEST = 2  # letters of a phrase that tells something; a Chinese character or a rare mark counts as three
_EVERYWHERE = " an and any as at be by do for he if in is it me my no of on or re so the to up us we "
_COMMON = "abcdefghijklmnopqrstuvwxyz0123456789 .,;()'"
_HAN = ("\u2e80", "\u9fff")
_REPEATS = "?*+{"
_LOOKS = 3  # sets of a row that are looked for; an expression that looks in vain costs less than more of them


class _Part(NamedTuple):
    """One part of a sequence: a character, a class or an escape, or a group of alternatives; how often it may stand."""

    source: str
    repeat: str
    group: tuple[tuple[_Part, ...], ...] | None

    @property
    def optional(self) -> bool:
        return self.repeat[:1] in ("?", "*") or self.repeat.startswith("{0")


_Spelled = tuple[_Part, frozenset[str]]


class _UnknownSyntax(ValueError):
    """Something that RE2 understands and `_Reader` does not."""


def needed(source: str) -> tuple[Row, ...]:
    """The sets of phrases for each alternative; () where some alternative can do without any."""
    try:
        rows = tuple(_row(branch) for branch in _alternatives(_Reader(source).whole()))
    except _UnknownSyntax:
        return ()
    return rows if all(rows) else ()


def worth_a_look(row: Row, sample: bytes) -> Row:
    """The sets of a row that tell most about where to search: the rarest in `sample`, a bare text, and its stamp."""
    written = sample.replace(b" ", b"")

    def times(phrases: tuple[str, ...]) -> tuple[int, float]:
        return sum((written if is_han(p) else sample).count(p.encode()) for p in phrases), -telling(phrases)

    stamps = [phrases for phrases in row if any(map(is_stamp, phrases))]
    others = sorted((phrases for phrases in row if phrases not in stamps), key=times)
    return (*others[:_LOOKS], *stamps)


def bare(blob: bytes) -> bytes:
    """A text without hyphens and double spaces."""
    blob = blob.replace(b"-", b" ")
    for spaces in (b" " * 16, b" " * 4, b"  "):
        while spaces in blob:
            blob = blob.replace(spaces, b" ")
    return blob


def is_han(phrase: str) -> bool:
    """Whether a phrase has Chinese characters."""
    return not phrase.isascii() and any(map(_han, phrase))


def _alternatives(branches: tuple[tuple[_Part, ...], ...]) -> Iterator[tuple[_Part, ...]]:
    """The alternatives of an expression, those inside a group that is all of it included."""
    for branch in branches:
        parts = [part for part in branch if part.source != r"\b"]
        if len(parts) == 1 and parts[0].group and not parts[0].repeat:
            yield from _alternatives(parts[0].group)
        else:
            yield branch


def _row(branch: tuple[_Part, ...]) -> Row:
    """The most telling sets, in the order in which a match holds them."""
    found = list(dict.fromkeys(tuple(sorted(phrases)) for phrases in _sets(branch)))
    told = sorted((one for one in found if _weight(one) >= _SHORTEST), key=telling, reverse=True)[:_SETS]
    return tuple(one for one in found if one in told)


def _sets(branch: tuple[_Part, ...]) -> Iterator[frozenset[str]]:
    """For each stretch of parts that can be spelled out, its spellings; for a group that cannot, those of its parts."""
    run: list[_Spelled] = []
    ways = 1
    for part in branch:
        spelled = _spellings(part)
        if spelled is None:
            yield from _phrases(run)
            run, ways = [], 1
            if part.group and not part.optional:
                yield from _sets(part.group[0]) if len(part.group) == 1 else _one_of(part.group)
            elif is_stamp(part.source):
                yield frozenset([part.source])
            continue
        if ways * len(spelled) > _PHRASES:
            yield from _phrases(run)
            run, ways = [], 1
        run.append((part, spelled))
        ways *= len(spelled)
    yield from _phrases(run)


def _one_of(group: tuple[tuple[_Part, ...], ...]) -> Iterator[frozenset[str]]:
    """The best set of each alternative, together."""
    best = [max(_sets(branch), key=telling, default=frozenset[str]()) for branch in group]
    together = _fewest(frozenset[str]().union(*best))
    if all(best) and len(together) <= 2 * _PHRASES:
        yield together


def _phrases(run: list[_Spelled]) -> Iterator[frozenset[str]]:
    """The spellings of a stretch without what may be missing at its ends."""
    while run and (run[0][0].optional or run[0][0].source == " "):
        run = run[1:]
    while run and (run[-1][0].optional or run[-1][0].source == " "):
        run = run[:-1]
    if run:
        phrases = frozenset(map(_in_form, _joined(spelled for _, spelled in run)))
        if all(phrases):
            yield _fewest(phrases)


def _in_form(phrase: str) -> str:
    phrase = " ".join(phrase.split())
    return phrase.replace(" ", "") if is_han(phrase) else phrase[:_LONGEST].strip()


def _fewest(phrases: frozenset[str]) -> frozenset[str]:
    """Without phrases that hold another one."""
    return frozenset(p for p in phrases if not any(other in p and other != p for other in phrases))


def _joined(spelled: Iterable[frozenset[str]]) -> frozenset[str]:
    """What a sequence spells."""
    return reduce(lambda heads, tails: frozenset(a + b for a in heads for b in tails), spelled, frozenset([""]))


def _spellings(part: _Part) -> frozenset[str] | None:
    """All strings that a part stands for; None where they are too many."""
    source, repeat = part.source, part.repeat
    if source == " " and repeat in ("*", "+"):
        return frozenset([" "]) if repeat == "+" else frozenset(["", " "])
    once = _once(part) if repeat in ("", "?", "??") else None
    return once | {""} if once is not None and repeat else once


def _once(part: _Part) -> frozenset[str] | None:
    if part.group is not None:
        return _any_of(part.group)
    source = part.source
    if source in (".", "^", "$"):
        return None
    if source == r"\b":
        return frozenset([""])
    if source[0] == "\\":
        return None if source[1].isalnum() else frozenset([source[1:].replace("-", " ")])
    if source[0] == "[" and len(source) > 1:
        inside = source[1:-1]
        ranges = "-" in inside.strip("-")
        return None if inside[0] == "^" or "\\" in inside or ranges else frozenset(inside.replace("-", " "))
    return frozenset([source.replace("-", " ")])


def _any_of(group: tuple[tuple[_Part, ...], ...]) -> frozenset[str] | None:
    """What the alternatives of a group spell."""
    found: frozenset[str] = frozenset()
    for branch in group:
        spelled = [_spellings(part) for part in branch]
        known = [s for s in spelled if s is not None]
        if len(known) < len(spelled) or prod(map(len, known)) > _PHRASES:
            return None
        found |= _joined(known)
    return found if len(found) <= _PHRASES else None


def telling(phrases: frozenset[str] | tuple[str, ...]) -> float:
    """How much a look for these phrases saves: few long ones are rare in a text."""
    return _weight(phrases) - len(phrases) / 20 if phrases else 0.0


def _weight(phrases: frozenset[str] | tuple[str, ...]) -> int:
    return min(map(_letters, phrases), default=0)


def _letters(phrase: str) -> int:
    return 0 if f" {phrase} " in _EVERYWHERE else sum(1 if char in _COMMON else 3 for char in phrase)


def _han(char: str) -> bool:
    return _HAN[0] <= char <= _HAN[1] and len(char) == 1


class _Reader:
    """Reads the syntax that the pattern language leads to; raises _UnknownSyntax for any other."""

    def __init__(self, source: str) -> None:
        self._source, self._at = source, 0

    def whole(self) -> tuple[tuple[_Part, ...], ...]:
        """The alternatives of the expression."""
        branches = self._branches()
        if self._at < len(self._source):
            raise _UnknownSyntax(self._source)
        return branches

    def _branches(self) -> tuple[tuple[_Part, ...], ...]:
        branches: list[tuple[_Part, ...]] = []
        parts: list[_Part] = []
        while (char := self._source[self._at : self._at + 1]) and char != ")":
            if char == "|":
                self._at += 1
                branches.append(tuple(parts))
                parts = []
            else:
                part = self._part(char)
                if not (parts and _han(parts[-1].source) and part[:2] == (" ", "*")):
                    parts.append(part)
        return (*branches, tuple(parts))

    def _part(self, char: str) -> _Part:
        source, start, group = self._source, self._at, None
        if char == "(":
            group = self._group()
        elif char == "[":
            end = source.find("]", start + 2)
            if end < 0 or "[" in source[start + 1 : end]:
                raise _UnknownSyntax(source)
            self._at = end + 1
        elif char == "\\":
            if source[start + 1 : start + 2] in ("Q", "E", "p", "P", "x", "C", ""):
                raise _UnknownSyntax(source)
            self._at = start + 2
        else:
            self._at = start + 1
        return _Part("" if group else source[start : self._at], self._repeat(), group)

    def _group(self) -> tuple[tuple[_Part, ...], ...]:
        source, self._at = self._source, self._at + 1
        if source.startswith("?P<", self._at):
            self._at = source.index(">", self._at) + 1
        elif source.startswith("?:", self._at):
            self._at += 2
        elif source.startswith("?", self._at):
            raise _UnknownSyntax(source)
        branches = self._branches()
        self._at += 1
        return branches

    def _repeat(self) -> str:
        start = self._at
        if self._source[start : start + 1] not in tuple(_REPEATS):
            return ""
        self._at = self._source.index("}", start) + 1 if self._source[start] == "{" else start + 1
        self._at += self._source[self._at : self._at + 1] == "?"
        return self._source[start : self._at]
