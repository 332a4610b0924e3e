"""Finds in which sentences of a text each wording may stand, by the phrases that it cannot do without."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from itertools import count
from operator import itemgetter

from auditor.identify.clause_rules import ClauseRule, Wording
from auditor.identify.phrases import bare

_BLOCKS = 4096  # stretches into which a text is cut; in a longer one several sentences share a stretch
_FEW = 40  # stretches that are searched one by one rather than all at once

Candidates = list[tuple[ClauseRule, list[tuple[Wording, int]]]]


class Finder:
    """Every phrase that some wording needs, looked for all at once.

    A set of stretches is a whole number: bit 0 is the first stretch.
    """

    def __init__(self, rules: tuple[ClauseRule, ...]) -> None:
        from ahocorasick_rs import BytesAhoCorasick, Implementation

        self._wordings = [(rule, wording) for rule in rules for wording in rule.wordings]
        self._always = [at for at, (_, wording) in enumerate(self._wordings) if not wording.needs]
        self.stamps = {letter: source for _, wording in self._wordings for letter, source in wording.stamps.items()}
        sets: defaultdict[tuple[str, ...], int] = defaultdict(count().__next__)
        rows: defaultdict[int, list[tuple[int, tuple[int, ...]]]] = defaultdict(list)
        for at, (_, wording) in enumerate(self._wordings):
            for row in wording.needs:
                rarest, *others = map(sets.__getitem__, row)
                rows[rarest].append((at, tuple(others)))
        self._rows = list(rows.items())  # the wordings and their other sets, by the rarest set
        holding: defaultdict[str, list[int]] = defaultdict(list)
        for phrases, number in sets.items():
            for phrase in phrases:
                holding[phrase].append(number)
        self._sets = len(sets)
        self._sets_with = list(map(tuple, holding.values()))  # a phrase
        self._numbers = [(number, phrase.encode()) for number, phrase in enumerate(holding) if phrase in self.stamps]
        self._phrases = BytesAhoCorasick(list(map(str.encode, holding)), implementation=Implementation.ContiguousNFA)

    def candidates(self, blob: bytes, copy: bytes, *, han: bool) -> Candidates:
        """The wordings that `blob`, a sentence a line, may hold, rule by rule, with the stretches where they may stand.

        `copy` is the same with stamps; `han` says whether there is any Chinese in it.
        """
        seen: defaultdict[int, int] = defaultdict(int)
        blob = bare(blob)
        self._look(blob, seen)
        if han:  # Chinese phrases are without spaces
            self._look(blob.replace(b" ", b""), seen)
        for number, letter in self._numbers:
            seen[number] = _stretches_with(letter, copy)
        where = [0] * self._sets
        for phrase, places in seen.items():
            for one in self._sets_with[phrase]:
                where[one] |= places
        found: dict[int, int] = dict.fromkeys(self._always, -1)
        for rarest, rows in self._rows:
            if places := where[rarest]:
                for at, others in rows:
                    both = places
                    for one in others:
                        both &= where[one]
                    if both:
                        found[at] = found.get(at, 0) | both
        out: Candidates = []
        for at in sorted(found):
            rule, wording = self._wordings[at]
            if not out or out[-1][0] is not rule:
                out.append((rule, []))
            out[-1][1].append((wording, found[at]))
        return out

    def _look(self, blob: bytes, seen: defaultdict[int, int]) -> None:
        """Adds the stretches in which each phrase is."""
        matches = self._phrases.find_matches_as_indexes(blob, overlapping=True)  # in the order of their ends
        phrases, ends = list(map(itemgetter(0), matches)), list(map(itemgetter(2), matches))
        first, bit = 0, 1
        for end in _ends(blob):
            last = bisect_right(ends, end, first)
            for phrase in set(phrases[first:last]):
                seen[phrase] |= bit
            first, bit = last, bit << 1


def stretches(where: int, ends: Sequence[int]) -> list[tuple[int, int]]:
    """The bounds of a set of stretches of a text whose lines end at `ends`; -1 is all of it."""
    if where < 0:
        return [(0, ends[-1])]
    each = _lines_each(len(ends))
    numbers = []
    while where:
        low = where & -where
        numbers.append(low.bit_length() - 1)
        where ^= low
    bounds = [(ends[n * each - 1] + 1 if n else 0, ends[min(n * each + each, len(ends)) - 1]) for n in numbers]
    return bounds if len(bounds) <= _FEW else [(bounds[0][0], bounds[-1][1])]


def _lines_each(lines: int) -> int:
    """How many lines make a stretch."""
    return 1 + (lines - 1) // _BLOCKS


def _ends(blob: bytes) -> list[int]:
    """Where the stretches of a text end."""
    ends, at = [], blob.find(b"\n")
    while at >= 0:
        ends.append(at)
        at = blob.find(b"\n", at + 1)
    ends.append(len(blob))
    each = _lines_each(len(ends))
    return ends if each == 1 else [*ends[each - 1 :: each], len(blob)]


def _stretches_with(letter: bytes, copy: bytes) -> int:
    """The stretches that hold a stamp's letter."""
    where, start = 0, 0
    for number, end in enumerate(_ends(copy)):
        where |= (copy.find(letter, start, end) >= 0) << number
        start = end
    return where
