"""One standard text laid over the words of an input: what they share, what is missing and what is unexplained."""

from __future__ import annotations

import functools
import itertools
from collections import Counter
from collections.abc import Collection, Iterator
from typing import NamedTuple

from auditor.identify import fingerprints
from auditor.identify.fingerprints import Index
from auditor.identify.spdx import TemplateSpan, template_spans
from auditor.identify.tolerance import is_copyright, is_harmless
from auditor.identify.worddiff import WIDTH, Block, align
from auditor.identify.words import fold, is_chinese, places, split

_FIGURE = 4  # words: a version or a date
_TEMPLATE_CHARS = 300_000
_STEP = 200  # words by which a text may be shifted and still count as in order


class Fit(NamedTuple):
    """A standard text laid over words `start` to `end` of the input; `extras` are word ranges that it does not explain.

    `relative` says that a name or a figure differs: another version or a sibling, not an edition of this text. Of the
    `missing` words `opening` stand before all that are there, where the input has nothing in their place: whether a
    name or a figure is among them is said apart.
    """

    number: int
    start: int
    end: int
    common: int
    missing: int
    opening: int
    extras: tuple[tuple[int, int], ...]
    relative: bool
    relative_opening: bool

    @property
    def clean(self) -> bool:
        """Every word of the standard is there and nothing stands between."""
        return not self.missing and not self.extras

    @property
    def unexplained(self) -> int:
        """How many words of the input the standard does not explain."""
        return sum(end - start for start, end in self.extras)

    @property
    def worth(self) -> float:
        """What it explains less what it does not: the fit with the most of it names the text."""
        return self.common - 2 * self.missing - self.unexplained / 2

    @property
    def score(self) -> float:
        """The share of words in common."""
        return 2 * self.common / (2 * self.common + self.missing + self.unexplained) if self.common else 0.0


class Reading:
    """One input: its words, numbered, with their places, and the index that it is compared with."""

    def __init__(self, text: str, index: Index, exclude: Collection[str]) -> None:
        self.text, self.index, self.exclude = text, index, exclude
        self._folded = fold(text)
        self.words = split(self._folded)
        self.sequence = fingerprints.numbered(index, self.words)
        self.tried: dict[str, float] = {}

    @functools.cached_property
    def starts(self) -> list[int]:
        """Where each word begins."""
        return places(self._folded, self.words)

    @property
    def first(self) -> int:
        """Where the first word begins."""
        return len(self._folded) - len(self._folded.lstrip())

    @property
    def last(self) -> int:
        """Where the last word ends."""
        return len(self._folded.rstrip())

    def passage(self, start: int, end: int) -> str:
        """The characters of words `start` to `end` with the marks around them."""
        return self.text[self.end_of(start - 1) : self.starts[end] if end < len(self.words) else len(self.text)]

    def end_of(self, word: int) -> int:
        """The character after word number `word`; 0 before the first."""
        return self.starts[word] + len(self.words[word]) if word >= 0 else 0

    @functools.cached_property
    def titles(self) -> frozenset[str]:
        """Words that ids are made of."""
        shipped = self.index is fingerprints.shipped()
        return fingerprints.shipped_titles() if shipped else fingerprints.id_words(self.index.standards)

    def name_of(self, number: int) -> frozenset[str]:
        """The words of a standard's own name."""
        standard = self.index.standards[number]
        return frozenset(split(fold(f"{standard.id} {standard.slug} {standard.name}")))

    @functools.cached_property
    def template_spans(self) -> list[TemplateSpan]:
        """Where the text fits SPDX templates; nobody's license is long enough to look in a very long text."""
        return template_spans(self.text) if len(self.text) <= _TEMPLATE_CHARS else []


def lay(reading: Reading, number: int, start: int, end: int) -> Fit:
    """Lays text `number` of the index over words `start` to `end`."""
    standard, ours = reading.index.standards[number], reading.index.sequence(number)
    start, end = _window(reading, ours, start, end)
    blocks = _without_strays(align(ours, reading.sequence[start * WIDTH : end * WIDTH]))
    if not blocks:
        return Fit(number, start, start, 0, standard.size, 0, (), True, False)
    common = sum(block.size for block in blocks)
    lacking = _without_title(list(_lacking(blocks, standard.size)), standard.title)
    known = reading.name_of(number)
    loose: list[tuple[int, int]] = []
    retitled = False
    for one, two in itertools.pairwise(blocks):
        extra = (start + one.theirs + one.size, start + two.theirs)
        if extra[0] < extra[1] and not harmless(reading, extra, known, first=False):
            loose.append(extra)
            retitled = retitled or two.ours < sum(standard.title)
    first, last = blocks[0], blocks[-1]
    before = (start, start + first.theirs)
    cut = before[0] == before[1] or harmless(reading, before, known, first=True)
    opening = sum(n < first.ours for n in lacking) if cut else 0
    numbers = fingerprints.word_numbers(ours)
    telling = [numbers[n] <= reading.index.telling for n in lacking]
    figures = any(_is_figure(reading.words[a:b]) for a, b in loose)
    return Fit(
        number,
        start + first.theirs,
        start + last.theirs + last.size,
        common,
        len(lacking),
        opening,
        tuple(loose),
        any(telling[opening:]) or figures or retitled,
        any(telling[:opening]),
    )


def _window(reading: Reading, ours: bytes, start: int, end: int) -> tuple[int, int]:
    """Where to look for a text in a much longer input: where most of its runs stand in their order."""
    size = len(ours) // WIDTH
    if end - start < 4 * size + 2000:
        return start, end
    sequence, width = reading.sequence, 8 * WIDTH
    runs = {ours[n * WIDTH : n * WIDTH + width]: n for n in range(max(1, size - 7))}
    votes: Counter[int] = Counter()
    for at in range(start, end):
        place = runs.get(sequence[at * WIDTH : at * WIDTH + width])
        if place is not None:
            votes[(at - place) // _STEP] += 1
    if not votes:
        return start, min(end, start + 4 * size + 2000)
    begin = max(start, (max(votes, key=lambda step: (votes[step], -step)) - 1) * _STEP)
    return begin, min(end, begin + size + size // 4 + 3 * _STEP)


def _without_strays(blocks: list[Block]) -> list[Block]:
    """Blocks without the odd word far from the rest at either end."""
    while len(blocks) > 1 and blocks[0].size <= 3 and _gap(blocks[0], blocks[1]) > 4 + 2 * blocks[0].size:
        blocks = blocks[1:]
    while len(blocks) > 1 and blocks[-1].size <= 3 and _gap(blocks[-2], blocks[-1]) > 4 + 2 * blocks[-1].size:
        blocks = blocks[:-1]
    return blocks


def _gap(one: Block, two: Block) -> int:
    return two.theirs - one.theirs - one.size


def _lacking(blocks: list[Block], size: int) -> Iterator[int]:
    """Places in the standard of the words that the input lacks."""
    at = 0
    for block in blocks:
        yield from range(at, block.ours)
        at = block.ours + block.size
    yield from range(at, size)


def _without_title(lacking: list[int], title: tuple[int, ...]) -> list[int]:
    """The lacking words without lines of the title that are gone as a whole; a changed line is a change."""
    gone = set(lacking)
    at = 0
    for words in title:
        line = set(range(at, at + words))
        if line <= gone:
            gone -= line
        at += words
    return sorted(gone)


def _is_figure(words: list[str]) -> bool:
    """Whether a short insertion is a number, as in a version, or Chinese: one character can turn a clause."""
    return len(words) <= _FIGURE and any(c.isdecimal() or is_chinese(c) for word in words for c in word)


def harmless(reading: Reading, span: tuple[int, int], known: frozenset[str], *, first: bool) -> bool:
    """Whether the unexplained words of `span` change nothing: copyright lines, a title, a stock phrase."""
    passage = reading.passage(*span)
    if is_copyright(passage):
        return True
    return is_harmless(passage, first=first, known=known, titles=reading.titles if first else frozenset())
