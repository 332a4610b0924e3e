"""Which standard text a legal text is: exact only where no word is unexplained, otherwise what differs."""

from __future__ import annotations

import functools
import itertools
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterator
from typing import NamedTuple

from auditor.identify import fingerprints
from auditor.identify.fingerprints import Index
from auditor.identify.spdx import TemplateSpan, template_spans
from auditor.identify.tolerance import fills_a_blank, is_copyright, is_harmless
from auditor.identify.worddiff import WIDTH, Block, align
from auditor.identify.words import fold, places, split
from auditor.model import Difference, TextMatch

MAX_CHARS = 1 << 20
_TRIED = 5  # candidates aligned word by word
_LIKELY = 0.3  # share of a standard's runs below which it is not tried
_WHOLE = 0.95  # share of a standard's runs from which all of it may be there
_MISSING = 0.03  # share of a standard's words that a modified text may lack
_FEW = 3  # words that may always be lacking
_FIGURE = 4  # words: a version or a date
_TEMPLATE_CHARS = 300_000
_STEP = 200  # words by which a text may be shifted and still count as in order
_SEPARATE = 20  # words that can be a license of their own
_MOST = 12  # licenses in one file
_CANDIDATES = 5
_NEAR = 0.2  # score below which a text is not worth naming
_QUOTE = 400  # characters
_PASSAGES = 50


class Fit(NamedTuple):
    """A standard text laid over words `start` to `end` of the input; `extras` are word ranges that it does not explain.

    `relative` says that a name or a figure differs: another version or a sibling, not an edition of this text.
    """

    number: int
    start: int
    end: int
    common: int
    missing: int
    extras: tuple[tuple[int, int], ...]
    relative: bool

    @property
    def clean(self) -> bool:
        """Every word of the standard is there and nothing stands between."""
        return not self.missing and not self.extras

    @property
    def unexplained(self) -> int:
        """How many words of the input the standard does not explain."""
        return sum(end - start for start, end in self.extras)

    @property
    def score(self) -> float:
        """The share of words in common."""
        return 2 * self.common / (2 * self.common + self.missing + self.unexplained) if self.common else 0.0


class _Reading:
    """One input: its words, numbered, with their places, and the index that it is compared with."""

    def __init__(self, text: str, index: Index, exclude: Collection[str]) -> None:
        self.text, self.index, self.exclude = text, index, exclude
        folded = fold(text)
        self.words = split(folded)
        self.starts = places(folded, self.words)
        self.sequence = fingerprints.numbered(index, self.words)
        self.tried: dict[str, float] = {}

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


def identify(text: str, *, exclude: Collection[str] = (), index: Index | None = None) -> tuple[TextMatch, ...]:
    """What `text` is, best first: usually one answer, several where a file holds several licenses.

    A text that is nothing known gives one match of kind "none" whose candidates are the nearest. `exclude` holds ids or
    slugs that the index is to forget. Time is near-linear; what stands after the first `MAX_CHARS` characters is not
    read and counts as a difference.
    """
    reading = _Reading(text[:MAX_CHARS], index or fingerprints.shipped(), exclude)
    fits = sorted(_fits(reading, 0, len(reading.words), _MOST), key=lambda fit: fit.start)
    if not fits:
        ranked = _ranked(reading.tried)
        return (TextMatch(None, "none", ranked[0][1] if ranked else 0.0, ranked),)
    fits = _with_what_lies_between(reading, fits)
    matches = [_as_match(reading, fit, alone=len(fits) == 1) for fit in fits]
    if len(text) > MAX_CHARS:
        matches[-1] = _unread(matches[-1], text)
    return tuple(sorted(matches, key=lambda m: (m.match != "exact", -(m.end - m.start))))


def _fits(reading: _Reading, start: int, end: int, most: int) -> list[Fit]:
    """The standards that words `start` to `end` hold, one after the other."""
    if end - start < _SEPARATE or most <= 0:
        return []
    best = _best(reading, start, end)
    if best is None:
        return []
    before = _fits(reading, start, best.start, most - 1)
    after = _fits(reading, best.end, end, most - 1 - len(before))
    return [*before, best, *after]


def _best(reading: _Reading, start: int, end: int) -> Fit | None:
    """The standard that explains most of words `start` to `end`, if one can be named."""
    index = reading.index
    part = reading.sequence[start * WIDTH : end * WIDTH]
    found = fingerprints.candidates(index, part, reading.exclude)
    likely = _worth_trying(found)
    fits: list[Fit] = []
    for number in likely:
        fit = _fit(reading, number, start, end)
        fits.append(fit)
        if fit.clean and _is_alone(reading, fit, start, end):
            break
    for number, share in found[: _TRIED * 2]:
        reading.tried.setdefault(index.standards[number].id, round(share * 0.5, 4))
    for fit in fits:
        known = index.standards[fit.number].id
        reading.tried[known] = max(reading.tried.get(known, 0.0), round(_nearness(fit, end - start), 4))
    listed = any(not index.standards[number].id.startswith("LicenseRef-") for number in likely)
    if listed and not any(fit.clean for fit in fits):
        fits.extend(_by_template(reading, start, end))
    named = [fit for fit in fits if _nameable(index, fit)]
    return max(named, key=lambda fit: (fit.common - 2 * fit.missing - fit.unexplained / 2, fit.clean), default=None)


def _worth_trying(found: list[tuple[int, float]]) -> list[int]:
    """The most alike, and those that the words hold whole: a license that grew has nearer relatives than its base."""
    likely = [number for number, share in found if share >= _LIKELY]
    whole = [number for number, share in found if share >= _WHOLE]
    return list(dict.fromkeys([*likely[:_TRIED], *whole[:_TRIED]]))


def _is_alone(reading: _Reading, fit: Fit, start: int, end: int) -> bool:
    """Whether nothing but harmless words stands beside a fit in words `start` to `end`."""
    known = reading.name_of(fit.number)
    before = fit.start == start or _harmless(reading, (start, fit.start), known, first=True)
    return before and (fit.end == end or _harmless(reading, (fit.end, end), known, first=False))


def _nearness(fit: Fit, words: int) -> float:
    """How near a whole stretch of `words` words is to a standard."""
    return 2 * fit.common / (fit.common + fit.missing + max(words, fit.common)) if fit.common else 0.0


def _nameable(index: Index, fit: Fit) -> bool:
    """Whether the text may be called by the standard's name, as it is or as modified; a sibling may not."""
    if fit.clean:
        return True
    return not fit.relative and fit.missing <= max(_FEW, index.standards[fit.number].size * _MISSING)


def _fit(reading: _Reading, number: int, start: int, end: int) -> Fit:
    """Lays text `number` of the index over words `start` to `end`."""
    standard, ours = reading.index.standards[number], reading.index.sequence(number)
    start, end = _window(reading, ours, start, end)
    blocks = _without_strays(align(ours, reading.sequence[start * WIDTH : end * WIDTH]))
    if not blocks:
        return Fit(number, start, start, 0, standard.size, (), True)
    common = sum(block.size for block in blocks)
    lacking = _without_title(list(_lacking(blocks, standard.size)), standard.title)
    known = reading.name_of(number)
    loose: list[tuple[int, int]] = []
    retitled = False
    for one, two in itertools.pairwise(blocks):
        extra = (start + one.theirs + one.size, start + two.theirs)
        if extra[0] < extra[1] and not _harmless(reading, extra, known, first=False):
            loose.append(extra)
            retitled = retitled or two.ours < sum(standard.title)
    telling = any(int.from_bytes(ours[n * WIDTH : (n + 1) * WIDTH], "little") <= reading.index.telling for n in lacking)
    figures = any(_is_figure(reading.words[a:b]) for a, b in loose)
    first, last = blocks[0], blocks[-1]
    return Fit(
        number,
        start + first.theirs,
        start + last.theirs + last.size,
        common,
        len(lacking),
        tuple(loose),
        telling or figures or retitled,
    )


def _window(reading: _Reading, ours: bytes, start: int, end: int) -> tuple[int, int]:
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
    """Whether a short insertion is a number, as in a version."""
    return len(words) <= _FIGURE and any(c.isdecimal() for word in words for c in word)


def _harmless(reading: _Reading, span: tuple[int, int], known: frozenset[str], *, first: bool) -> bool:
    passage = reading.passage(*span)
    if is_copyright(passage):
        return True
    return is_harmless(passage, first=first, known=known, titles=reading.titles if first else frozenset())


def _by_template(reading: _Reading, start: int, end: int) -> Iterator[Fit]:
    """Fits of the SPDX texts whose templates the words match, which allow short fillings and leave parts optional."""
    for span in reading.template_spans:
        low = max(start, bisect_left(reading.starts, span.start))
        high = min(end, bisect_right(reading.starts, span.end - 1))
        if high - low < _SEPARATE:
            continue
        options = [
            fit
            for number, standard in enumerate(reading.index.standards)
            if standard.id == span.id and not {standard.id, standard.slug} & set(reading.exclude)
            for fit in [_fit(reading, number, low, high)]
            if fit.common
        ]
        if options:
            fit = max(options, key=lambda option: option.score)
            loose = tuple(extra for extra in fit.extras if not fills_a_blank(reading.passage(*extra)))
            yield fit._replace(
                missing=0, extras=loose, relative=False, start=min(fit.start, low), end=max(fit.end, high)
            )


def _with_what_lies_between(reading: _Reading, fits: list[Fit]) -> list[Fit]:
    """Gives the words before, between and after the fits to their neighbours, unless they are harmless."""
    out: list[Fit] = []
    for fit in fits:
        previous = out[-1] if out else None
        gap = (previous.end if previous else 0, fit.start)
        if gap[0] < gap[1] and not _harmless(reading, gap, reading.name_of(fit.number), first=True):
            if previous and not _harmless(reading, gap, reading.name_of(previous.number), first=False):
                out[-1] = previous._replace(extras=(*previous.extras, gap))
            elif not previous:
                fit = fit._replace(extras=(gap, *fit.extras))
        out.append(fit)
    last = out[-1]
    rest = (last.end, len(reading.words))
    if rest[0] < rest[1] and not _harmless(reading, rest, reading.name_of(last.number), first=False):
        out[-1] = last._replace(extras=(*last.extras, rest))
    return out


def _as_match(reading: _Reading, fit: Fit, *, alone: bool) -> TextMatch:
    """A fit as the rest of the program knows it."""
    standard = reading.index.standards[fit.number]
    score = round(fit.score, 4)
    others = _ranked({k: v for k, v in reading.tried.items() if k != standard.id}) if alone else ()
    return TextMatch(
        id=standard.id,
        match="exact" if fit.clean else "modified",
        score=score if fit.clean else min(score, 0.9999),
        candidates=((standard.id, score), *others)[:_CANDIDATES],
        differences=tuple(_differences(reading, fit.extras)),
        missing=fit.missing,
        start=reading.starts[fit.start],
        end=reading.end_of(fit.end - 1),
    )


def _differences(reading: _Reading, extras: tuple[tuple[int, int], ...]) -> Iterator[Difference]:
    """The unexplained passages; after many, one that covers the rest."""
    if len(extras) > _PASSAGES:
        extras = (*extras[: _PASSAGES - 1], (extras[_PASSAGES - 1][0], extras[-1][1]))
    for first, last in extras:
        start, end = reading.starts[first], reading.end_of(last - 1)
        quote = reading.text[start:end]
        yield Difference(start, end, quote if len(quote) <= _QUOTE else quote[: _QUOTE - 1] + "…")


def _unread(match: TextMatch, text: str) -> TextMatch:
    """A match in a text that was not read to its end is never exact."""
    rest = Difference(MAX_CHARS, len(text), text[MAX_CHARS : MAX_CHARS + _QUOTE])
    return TextMatch(
        id=match.id,
        match="modified",
        score=min(match.score, 0.9999),
        candidates=match.candidates,
        differences=(*match.differences, rest),
        missing=match.missing,
        start=match.start,
        end=match.end,
    )


def _ranked(scores: dict[str, float]) -> tuple[tuple[str, float], ...]:
    near = [item for item in scores.items() if item[1] >= _NEAR]
    return tuple(sorted(near, key=lambda item: (-item[1], item[0]))[:_CANDIDATES])
