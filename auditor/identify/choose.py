"""Which standard text explains most of a stretch of words."""

from __future__ import annotations

import functools
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator

from auditor.identify import fingerprints
from auditor.identify.fingerprints import Index
from auditor.identify.fit import Fit, Reading, harmless, lay
from auditor.identify.tolerance import fills_a_blank
from auditor.identify.worddiff import WIDTH

TRIED = 5  # candidates aligned word by word
_SHORT = 300  # words: so few are quickly aligned, and hold optional parts of many licenses
SEPARATE = 20  # words that can be a license of their own
_WHOLE = 0.95  # share of a standard's runs from which all of it may be there
_MISSING = 0.03  # share of a standard's words that a modified text may lack
_OPENING = 0.1  # share of them that may stand before all that is there
_SENTENCE = 25  # words: an opening that is longer may be what makes the license
_FEW = 3  # words that may always be lacking


def best(reading: Reading, start: int, end: int) -> Fit | None:
    """The standard that explains most of words `start` to `end`, if one can be named."""
    index, words = reading.index, end - start
    part = reading.sequence[start * WIDTH : end * WIDTH]
    found = fingerprints.candidates(index, part, reading.exclude)
    there = functools.cache(lambda: Counter(fingerprints.word_numbers(part)))
    fits: list[Fit] = []
    named: Fit | None = None
    for number in _worth_trying(found):
        if named and words > _SHORT and _worth_at_most(index, number, words, named.worth, there) < named.worth:
            continue
        fit = lay(reading, number, start, end)
        fits.append(fit)
        named = _best_named(index, fits, words)
        if fit.clean and _is_alone(reading, fit, start, end):
            break
    _remember(reading, found, fits, words)
    if _template_may_tell(reading, fits, named):
        fits.extend(_by_template(reading, start, end))
    return _best_named(index, fits, words)


def _best_named(index: Index, fits: list[Fit], words: int) -> Fit | None:
    """The best fit that may name the text: one that lacks its opening only where nothing else fits better."""
    ranked = sorted(fits, key=lambda fit: (-fit.worth, not fit.clean))
    return next((fit for n, fit in enumerate(ranked) if _nameable(index, fit, words, cut=n == 0)), None)


def _remember(reading: Reading, found: list[tuple[int, float]], fits: list[Fit], words: int) -> None:
    """Scores for all that came near: of texts that were not laid, an estimate."""
    standards, tried = reading.index.standards, reading.tried
    for number, share in found[: TRIED * 2]:
        tried.setdefault(standards[number].id, round(share * 0.5, 4))
    for fit in fits:
        known = standards[fit.number].id
        tried[known] = max(tried.get(known, 0.0), round(_nearness(fit, words), 4))


def _worth_trying(found: list[tuple[int, float]]) -> list[int]:
    """The most alike, and those that the words hold whole: a license that grew has nearer relatives than its base."""
    whole = [number for number, share in found if share >= _WHOLE]
    return list(dict.fromkeys([*(number for number, _ in found[:TRIED]), *whole[:TRIED]]))


def _worth_at_most(index: Index, number: int, words: int, goal: float, there: Callable[[], Counter[int]]) -> float:
    """What text `number` is worth at best in `words` words; they are counted, each, only if it could reach `goal`."""
    standard = index.standards[number]

    def worth(common: int) -> float:
        return common - 2 * max(0, standard.size - sum(standard.title) - common)

    most = worth(min(standard.size, words))
    if most < goal:
        return most
    own = Counter(fingerprints.word_numbers(index.sequence(number)))
    return worth((own & there()).total())


def _is_alone(reading: Reading, fit: Fit, start: int, end: int) -> bool:
    """Whether nothing but harmless words stands beside a fit in words `start` to `end`."""
    known = reading.name_of(fit.number)
    before = fit.start == start or harmless(reading, (start, fit.start), known, first=True)
    return before and (fit.end == end or harmless(reading, (fit.end, end), known, first=False))


def _nearness(fit: Fit, words: int) -> float:
    """How near a whole stretch of `words` words is to a standard."""
    return 2 * fit.common / (fit.common + fit.missing + max(words, fit.common)) if fit.common else 0.0


def _nameable(index: Index, fit: Fit, words: int, *, cut: bool) -> bool:
    """Whether the text may be called by the standard's name, as it is or as modified; a sibling or a part may not.

    `cut` allows that the text begins later than the standard.
    """
    size = index.standards[fit.number].size
    cut = cut and fit.opening <= min(_SENTENCE, size * _OPENING)
    few = fit.missing - (fit.opening if cut else 0) <= max(_FEW, size * _MISSING)
    relative = fit.relative or (fit.relative_opening and not cut)
    return fit.clean or (few and not relative and fit.common * 3 >= words)


def _template_may_tell(reading: Reading, fits: list[Fit], named: Fit | None) -> bool:
    """Whether a template may explain more than `named`: words that a listed text lacks, or a short filling."""
    standards = reading.index.standards
    listed = [fit for fit in fits if not standards[fit.number].id.startswith("LicenseRef-")]
    if named and not named.missing and not any(fills_a_blank(reading.passage(*extra)) for extra in named.extras):
        listed = [fit for fit in listed if fit is not named]
    return not any(fit.clean for fit in fits) and any(not named or fit.common >= named.worth for fit in listed)


def _by_template(reading: Reading, start: int, end: int) -> Iterator[Fit]:
    """Fits of the SPDX texts whose templates the words match, which allow short fillings and leave parts optional."""
    for span in reading.template_spans:
        low = max(start, bisect_left(reading.starts, span.start))
        high = min(end, bisect_right(reading.starts, span.end - 1))
        if high - low < SEPARATE:
            continue
        options = [
            fit
            for number, standard in enumerate(reading.index.standards)
            if standard.id == span.id and not {standard.id, standard.slug} & set(reading.exclude)
            for fit in [lay(reading, number, low, high)]
            if fit.common
        ]
        if options:
            fit = max(options, key=lambda option: option.score)
            loose = tuple(extra for extra in fit.extras if not fills_a_blank(reading.passage(*extra)))
            alike = fit._replace(missing=0, opening=0, relative=False, relative_opening=False)
            yield alike._replace(extras=loose, start=min(fit.start, low), end=max(fit.end, high))
