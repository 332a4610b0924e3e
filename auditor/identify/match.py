"""Which standard text a legal text is: exact only where no word is unexplained, otherwise what differs."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from auditor.identify import fingerprints
from auditor.identify.choose import SEPARATE, TRIED, best
from auditor.identify.fingerprints import Index
from auditor.identify.fit import Fit, Reading, harmless
from auditor.model import Difference, TextMatch

MAX_CHARS = 1 << 20
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
    if not found or found[0] != (number, 1.0):
        return None
    first: dict[str, tuple[int, float]] = {}
    for other, share in found[: TRIED * 2]:
        first.setdefault(index.standards[other].id, (other, round(share * 0.5, 4)))
    known = index.standards[number].id
    ranked = _ranked({name: score for name, (_, score) in first.items() if name != known})
    return [(first[name][0], score) for name, score in ranked][: _CANDIDATES - 1]


def _fits(reading: Reading, start: int, end: int, most: int) -> list[Fit]:
    """The standards that words `start` to `end` hold, one after the other."""
    if end - start < SEPARATE or most <= 0:
        return []
    fit = best(reading, start, end)
    if fit is None:
        return []
    before = _fits(reading, start, fit.start, most - 1)
    after = _fits(reading, fit.end, end, most - 1 - len(before))
    return [*before, fit, *after]


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
