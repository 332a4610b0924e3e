"""Finds in which sentences of a text each wording may stand, by the phrases that it cannot do without."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain, count
from typing import Any

from auditor.identify.clause_rules import ClauseRule, Wording
from auditor.identify.phrases import Row, bare, is_han, telling

_BLOCKS = 4096  # stretches into which a text is cut; in a longer one several sentences share a stretch
_FEW = 40  # stretches that are searched one by one rather than all at once
_MEMORY = 16 << 20  # bytes that the automaton of all phrases may take

Candidates = list[tuple[ClauseRule, list[tuple[Wording, int]]]]


class Finder:
    """Every phrase that some wording needs, looked for all at once.

    A set of stretches is a whole number: bit 0 is the first stretch.
    """

    def __init__(self, rules: tuple[ClauseRule, ...]) -> None:
        self._rules = [(rule, wording) for rule in rules for wording in rule.wordings]
        self._always = [at for at, (_, wording) in enumerate(self._rules) if not wording.needs]
        rows = [(at, row) for at, (_, wording) in enumerate(self._rules) for row in wording.needs]
        every = {id(one): one for _, row in rows for one in row}
        phrases = sorted(set(chain.from_iterable(every.values())), key=is_han)
        numbers = {phrase: number for number, phrase in enumerate(phrases)}
        self._han_from = sum(not is_han(phrase) for phrase in phrases)
        self._latin = _automaton(phrases[: self._han_from])
        self._han = _automaton(phrases[self._han_from :])
        sets = dict(zip(every, count()))
        self._rows = [(at, [sets[id(one)] for one in row]) for at, row in rows]
        self._sets_with: list[list[int]] = [[] for _ in phrases]  # a phrase
        for number, one in enumerate(every.values()):
            for phrase in one:
                self._sets_with[numbers[phrase]].append(number)
        self._rows_with: list[list[int]] = [[] for _ in every]  # a set as the most telling of theirs
        worth = list(map(telling, every.values()))
        for number, (_, row) in enumerate(self._rows):
            self._rows_with[max(row, key=worth.__getitem__)].append(number)

    def candidates(self, blob: bytes, *, han: bool) -> Candidates:
        """The wordings that `blob`, a sentence a line, may hold, rule by rule, with the stretches where they may stand.

        `han` says whether there is any Chinese in it.
        """
        where = [0] * len(self._rows_with)
        for phrase, places in self._seen(blob, han).items():
            for one in self._sets_with[phrase]:
                where[one] |= places
        found: dict[int, int] = dict.fromkeys(self._always, -1)
        for which, places in enumerate(where):
            if places:
                for number in self._rows_with[which]:
                    at, row = self._rows[number]
                    both = places
                    for one in row:
                        both &= where[one]
                    if both:
                        found[at] = found.get(at, 0) | both
        out: Candidates = []
        for at in sorted(found):
            rule, wording = self._rules[at]
            if not out or out[-1][0] is not rule:
                out.append((rule, []))
            out[-1][1].append((wording, found[at]))
        return out

    def _seen(self, blob: bytes, han: bool) -> dict[int, int]:
        """The stretches in which each phrase is."""
        lines = bare(blob).split(b"\n")
        each = _lines_each(len(lines))
        if each > 1:
            lines = [b"\n".join(lines[at : at + each]) for at in range(0, len(lines), each)]
        seen = _places(self._latin, lines)
        if han:
            written = _places(self._han, (line.replace(b" ", b"") for line in lines))
            seen |= {phrase + self._han_from: where for phrase, where in written.items()}
        return seen


def in_order(wording: Wording, sentence: bytes) -> bool:
    """Whether a sentence may hold a match, by a look that costs less than to compile the expression."""
    if not wording.needs or wording.han:
        return True
    sentence = bare(sentence)
    return any(_holds(sentence, row) for row in wording.needs)


def _holds(sentence: bytes, row: Row) -> bool:
    """Whether the sentence has a phrase of each set, one behind the other."""
    at = 0
    for phrases in row:
        if is_han(phrases[0]):
            continue
        ends = [place + len(p) for p in map(str.encode, phrases) if (place := sentence.find(p, at)) >= 0]
        if not ends:
            return False
        at = min(ends)
    return True


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


def _automaton(phrases: Iterable[str]) -> Any:
    import re2

    options = re2.Options()
    options.literal, options.max_mem = True, _MEMORY
    automaton = re2.Set.SearchSet(options)
    for phrase in phrases:
        automaton.Add(phrase)
    automaton.Compile()
    return automaton


def _places(automaton: Any, lines: Iterable[bytes]) -> dict[int, int]:
    """The stretches that each phrase is in."""
    found: defaultdict[int, int] = defaultdict(int)
    match, bit = automaton.Match, 1
    for line in lines:
        for which in match(line) or ():
            found[which] |= bit
        bit <<= 1
    return found
