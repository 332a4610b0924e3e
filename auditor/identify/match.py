"""Which standard text a legal text is: exact only where no word is unexplained, otherwise what differs."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator

from auditor.identify import fingerprints
from auditor.identify.fingerprints import Index
from auditor.identify.fit import Fit, Reading, harmless, lay
from auditor.identify.tolerance import fills_a_blank
from auditor.identify.worddiff import WIDTH
from auditor.model import Difference, TextMatch

MAX_CHARS = 1 << 20
_TRIED = 5  # candidates aligned word by word
_LIKELY = 0.3  # share of a standard's runs below which it is not tried
_WHOLE = 0.95  # share of a standard's runs from which all of it may be there
_MISSING = 0.03  # share of a standard's words that a modified text may lack
_FEW = 3  # words that may always be lacking
_SEPARATE = 20  # words that can be a license of their own
_MOST = 12  # licenses in one file
_CANDIDATES = 5
_NEAR = 0.2  # score below which a text is not worth naming
_QUOTE = 400  # characters
_PASSAGES = 50


def identify(text: str, *, exclude: Collection[str] = (), index: Index | None = None) -> tuple[TextMatch, ...]:
    """What `text` is, best first: usually one answer, several where a file holds several licenses.

    A text that is nothing known gives one match of kind "none" whose candidates are the nearest. `exclude` holds ids or
    slugs that the index is to forget. Time is near-linear; what stands after the first `MAX_CHARS` characters is not
    read and counts as a difference.
    """
    reading = Reading(text[:MAX_CHARS], index or fingerprints.shipped(), exclude)
    number = reading.index.whole(reading.sequence) if not exclude and len(text) <= MAX_CHARS else None
    if number is not None and (near := reading.index.standards[number].near) is not None:
        return (_whole(reading, number, near),)
    fits = sorted(_fits(reading, 0, len(reading.words), _MOST), key=lambda fit: fit.start)
    if not fits:
        ranked = _ranked(reading.tried)
        return (TextMatch(None, "none", ranked[0][1] if ranked else 0.0, ranked),)
    fits = _with_what_lies_between(reading, fits)
    matches = [_as_match(reading, fit, alone=len(fits) == 1) for fit in fits]
    if len(text) > MAX_CHARS:
        matches[-1] = _unread(matches[-1], text)
    return tuple(sorted(matches, key=lambda m: (m.match != "exact", -(m.end - m.start))))


def _whole(reading: Reading, number: int, near: tuple[tuple[int, float], ...]) -> TextMatch:
    """The answer for a text with exactly the words of a standard, which the index knows without a comparison."""
    standards = reading.index.standards
    known = standards[number].id
    others = ((standards[n].id, score) for n, score in near)
    return TextMatch(known, "exact", 1.0, ((known, 1.0), *others), start=reading.first, end=reading.last)


def nearest(index: Index, number: int) -> list[tuple[int, float]] | None:
    """What `identify` names beside text `number` where it meets exactly that text; None where that is not certain."""
    found = fingerprints.candidates(index, index.sequence(number))
    if not found or found[0] != (number, 1.0) or found[0][1] < _LIKELY:
        return None
    first: dict[str, tuple[int, float]] = {}
    for other, share in found[: _TRIED * 2]:
        first.setdefault(index.standards[other].id, (other, round(share * 0.5, 4)))
    known = index.standards[number].id
    ranked = _ranked({name: score for name, (_, score) in first.items() if name != known})
    return [(first[name][0], score) for name, score in ranked][: _CANDIDATES - 1]


def _fits(reading: Reading, start: int, end: int, most: int) -> list[Fit]:
    """The standards that words `start` to `end` hold, one after the other."""
    if end - start < _SEPARATE or most <= 0:
        return []
    best = _best(reading, start, end)
    if best is None:
        return []
    before = _fits(reading, start, best.start, most - 1)
    after = _fits(reading, best.end, end, most - 1 - len(before))
    return [*before, best, *after]


def _best(reading: Reading, start: int, end: int) -> Fit | None:
    """The standard that explains most of words `start` to `end`, if one can be named."""
    index = reading.index
    part = reading.sequence[start * WIDTH : end * WIDTH]
    found = fingerprints.candidates(index, part, reading.exclude)
    likely = _worth_trying(found)
    there = set(fingerprints.word_numbers(part))
    fits: list[Fit] = []
    best: Fit | None = None
    for number in likely:
        if best and _worth_at_most(index, number, there, end - start) < best.worth:
            continue
        fit = lay(reading, number, start, end)
        fits.append(fit)
        if _nameable(index, fit, end - start) and (not best or (best.worth, best.clean) < (fit.worth, fit.clean)):
            best = fit
        if fit.clean and _is_alone(reading, fit, start, end):
            break
    for number, share in found[: _TRIED * 2]:
        reading.tried.setdefault(index.standards[number].id, round(share * 0.5, 4))
    for fit in fits:
        known = index.standards[fit.number].id
        reading.tried[known] = max(reading.tried.get(known, 0.0), round(_nearness(fit, end - start), 4))
    common = dict.fromkeys(likely, end - start) | {fit.number: fit.common for fit in fits}
    if _template_may_tell(reading, common, best):
        named = (fit for fit in _by_template(reading, start, end) if _nameable(index, fit, end - start))
        best = max([*([best] if best else []), *named], key=lambda fit: (fit.worth, fit.clean), default=None)
    return best


def _worth_at_most(index: Index, number: int, there: set[int], words: int) -> float:
    """What text `number` is worth at best in `words` words that are all in `there`."""
    size = index.standards[number].size
    strange = len(set(fingerprints.word_numbers(index.sequence(number))) - there)
    common = min(size - strange, words)
    return common - 2 * max(0, size - sum(index.standards[number].title) - common)


def _template_may_tell(reading: Reading, common: dict[int, int], best: Fit | None) -> bool:
    """Whether a template may explain more than `best`: words that a listed text lacks, or a short filling.

    `common` says of each likely text how many words it has in common at most.
    """
    standards = reading.index.standards
    listed = {number: most for number, most in common.items() if not standards[number].id.startswith("LicenseRef-")}
    if best and best.number in listed and not best.missing:
        return any(fills_a_blank(reading.passage(*extra)) for extra in best.extras)
    return any(not best or min(standards[n].size, most) >= best.worth for n, most in listed.items())


def _worth_trying(found: list[tuple[int, float]]) -> list[int]:
    """The most alike, and those that the words hold whole: a license that grew has nearer relatives than its base."""
    likely = [number for number, share in found if share >= _LIKELY]
    whole = [number for number, share in found if share >= _WHOLE]
    return list(dict.fromkeys([*likely[:_TRIED], *whole[:_TRIED]]))


def _is_alone(reading: Reading, fit: Fit, start: int, end: int) -> bool:
    """Whether nothing but harmless words stands beside a fit in words `start` to `end`."""
    known = reading.name_of(fit.number)
    before = fit.start == start or harmless(reading, (start, fit.start), known, first=True)
    return before and (fit.end == end or harmless(reading, (fit.end, end), known, first=False))


def _nearness(fit: Fit, words: int) -> float:
    """How near a whole stretch of `words` words is to a standard."""
    return 2 * fit.common / (fit.common + fit.missing + max(words, fit.common)) if fit.common else 0.0


def _nameable(index: Index, fit: Fit, words: int) -> bool:
    """Whether the text may be called by the standard's name, as it is or as modified; a sibling or a part may not."""
    if fit.clean:
        return True
    return (
        not fit.relative
        and fit.common * 3 >= words
        and fit.missing <= max(_FEW, index.standards[fit.number].size * _MISSING)
    )


def _by_template(reading: Reading, start: int, end: int) -> Iterator[Fit]:
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
            for fit in [lay(reading, number, low, high)]
            if fit.common
        ]
        if options:
            fit = max(options, key=lambda option: option.score)
            loose = tuple(extra for extra in fit.extras if not fills_a_blank(reading.passage(*extra)))
            yield fit._replace(
                missing=0, extras=loose, relative=False, start=min(fit.start, low), end=max(fit.end, high)
            )


def _with_what_lies_between(reading: Reading, fits: list[Fit]) -> list[Fit]:
    """Gives the words before, between and after the fits to their neighbours, unless they are harmless."""
    out: list[Fit] = []
    for fit in fits:
        previous = out[-1] if out else None
        gap = (previous.end if previous else 0, fit.start)
        if gap[0] < gap[1] and not harmless(reading, gap, reading.name_of(fit.number), first=True):
            if previous and not harmless(reading, gap, reading.name_of(previous.number), first=False):
                out[-1] = previous._replace(extras=(*previous.extras, gap))
            elif not previous:
                fit = fit._replace(extras=(gap, *fit.extras))
        out.append(fit)
    last = out[-1]
    rest = (last.end, len(reading.words))
    if rest[0] < rest[1] and not harmless(reading, rest, reading.name_of(last.number), first=False):
        out[-1] = last._replace(extras=(*last.extras, rest))
    return out


def _as_match(reading: Reading, fit: Fit, *, alone: bool) -> TextMatch:
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


def _differences(reading: Reading, extras: tuple[tuple[int, int], ...]) -> Iterator[Difference]:
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
