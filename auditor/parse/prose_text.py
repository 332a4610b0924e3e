"""Sentences of a block without its markup, every model, dataset and link in them replaced by one sign.

The signs are characters of the private use area: patterns see `fine-tuned from ⟦1⟧ on ⟦2⟧`, and offsets stay exact.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any, NamedTuple

from auditor.parse.prose_links import Mention, markup, read_markup
from auditor.parse.prose_names import NONE, Names, find_names, fold

FIRST_SIGN = 0xE000
_MAX_SIGNS = 400
_LONGEST = 1000  # characters of a sentence without its markup; what goes on beyond is a new one
_ABBREVIATIONS = ("e.g", "i.e", "etc", "vs", "al", "fig", "approx", "cf", "no", "ver")


class Sentence(NamedTuple):
    """One sentence with signs for its mentions; `start` and `end` are offsets into the file."""

    text: str
    start: int
    end: int
    mentions: dict[str, Mention]

    def signs(self) -> list[int]:
        """Where the signs stand in `text`."""
        return [i for i, c in enumerate(self.text) if c in self.mentions]


def is_sign(char: str) -> bool:
    """Whether the character stands for a mention."""
    return FIRST_SIGN <= ord(char) < FIRST_SIGN + _MAX_SIGNS


def sentences(text: str, start: int, end: int, names: Names = NONE) -> Iterator[Sentence]:
    """The sentences of the block at `start` to `end` of the file; `names` are the card's own besides the known ones."""
    plain, places, links = _without_markup(text, start, end)
    for begin, last in _split(plain):
        for first in range(begin, last, _LONGEST):
            piece = plain[first : min(last, first + _LONGEST)]
            if piece.strip():
                yield _with_names(piece, places[first:], links, names)


def _without_markup(text: str, start: int, end: int) -> tuple[str, list[int], dict[str, Mention]]:
    """The words of the block, the offset of each character, and the links by their signs."""
    raw = text[start:end]
    if not raw.isascii():
        raw = "".join(" " if 0xE000 <= ord(c) <= 0xF8FF else c for c in raw)  # signs must be ours
    out: list[str] = []
    places: list[int] = []
    links: dict[str, Mention] = {}

    def keep(words: str, at: int) -> None:
        out.append(words)
        places.extend(range(at, at + len(words)))

    done = 0
    for found in markup().finditer(raw):
        keep(raw[done : found.start()], start + done)
        done = found.end()
        mention, words, at = read_markup(found, start)
        if mention and len(links) < _MAX_SIGNS // 2:
            sign = chr(FIRST_SIGN + len(links))
            links[sign] = mention
            keep(sign, mention.start)
        elif words:
            keep(words, at)
        elif found[0][:2].lower() in ("<b", "</") and found[0].lower().startswith(
            ("<br", "</p", "</li", "</div", "</h")
        ):
            keep("\n", start + done - 1)
    keep(raw[done:], start + done)
    return _one_line("".join(out)), [*places, end], links


def _one_line(plain: str) -> str:
    """Line ends as spaces, save where a line plainly ends a statement."""
    lines = plain.split("\n")
    for i, line in enumerate(lines[:-1]):
        following = lines[i + 1].lstrip()
        hard = line.endswith(("  ", "\\")) or not following or following[:1] in "-*>" or ":" in following[:32]
        lines[i] = line + ("\n" if hard else " ")
    return "".join(lines)


def _split(plain: str) -> Iterator[tuple[int, int]]:
    first = 0
    for found in _ends().finditer(plain):
        end = found.end()
        mark = plain[found.start()]
        following = plain[end : end + 1]
        if mark in ".;" and (following.islower() or plain[first : found.start()].lower().endswith(_ABBREVIATIONS)):
            continue
        if plain[first:end].strip():
            yield first, end
        first = end
    if plain[first:].strip():
        yield first, len(plain)


def _with_names(plain: str, places: list[int], links: dict[str, Mention], names: Names) -> Sentence:
    """The sentence with signs for the names in it, too."""
    lead = len(plain) - len(plain.lstrip())
    size = len(plain.rstrip())
    used = {c: links[c] for c in plain if c in links}
    out: list[str] = []
    done = lead
    for found in find_names(plain, names):
        if len(used) >= _MAX_SIGNS // 2:
            break
        sign = chr(FIRST_SIGN + _MAX_SIGNS // 2 + len(used))
        start, end = places[found.start], places[found.end - 1] + 1
        used[sign] = Mention(start, end, plain[found.start : found.end], found.meaning, named=True)
        out += [plain[done : found.start], sign]
        done = found.end
    out.append(plain[done:size])
    ending = used.get(plain[size - 1])
    return Sentence("".join(out), places[lead], ending.end if ending else places[size - 1] + 1, used)


def same_name(surface: str, own: str) -> bool:
    """Whether words name the repository itself: `Vicuna` in vicuna-13b-v1.1."""
    short, long = fold(surface), fold(own)
    return len(short) >= 3 and short in long


@functools.cache
def _ends() -> Any:
    import re2

    return re2.compile(r"[.!?;][\"'”’)\]]*\s+|[。！？；\n]")
