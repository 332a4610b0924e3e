"""Hostile and odd inputs: an answer each time, and never a clean one."""

from __future__ import annotations

import random

import pytest

from auditor.identify.match import identify
from auditor.identify.spdx import current_id
from auditor.identify.worddiff import align
from auditor.identify.words import fold, places, split


@pytest.mark.parametrize(
    "text",
    [
        "word " * 1_000_000,
        "a" * 5_000_000,
        "\0" * 1_000_000,
        "<ul><li>" * 10_000,
        "<a " * 100_000 + ">",
        "[" * 10_000 + "](" * 10_000,
        "&" * 100_000 + ";",
        "".join(map(chr, range(0x100, 0xD800))),
        "\ud800\udfff",
    ],
    ids=["words", "one word", "NULs", "lists", "open tags", "brackets", "entities", "every letter", "surrogates"],
)
def test_junk_is_no_license(text: str) -> None:
    (match,) = identify(text)
    assert (match.id, match.match) == (None, "none")


def test_offsets_survive_folding() -> None:
    text = "İstanbul — “Die GROẞE” 模型许可 &amp; <b>Über</b> naïve\u200bword"
    folded = fold(text)
    words = split(folded)
    assert len(folded) == len(text)
    assert words[-6:] == ["型", "许", "可", "über", "naïve", "word"]
    assert [folded[a : a + len(w)] for a, w in zip(places(folded, words), words, strict=True)] == words


def test_entities_that_spell_are_read() -> None:
    assert "110" in split(fold("&#110;ever"))
    assert split(fold("&quot;ever&#8221;")) == ["ever"]


def test_the_alignment_never_invents_a_match() -> None:
    draw = random.Random(7)
    for _ in range(200):
        ours = [draw.randrange(9) for _ in range(draw.randrange(80))]
        theirs = [draw.randrange(9) for _ in range(draw.randrange(80))]
        last = (0, 0)
        for block in align(_bytes(ours), _bytes(theirs)):
            assert block.ours >= last[0]
            assert block.theirs >= last[1]
            last = (block.ours + block.size, block.theirs + block.size)
            assert ours[block.ours : last[0]] == theirs[block.theirs : last[1]]


def test_the_alignment_finds_an_insertion_in_a_long_text() -> None:
    ours = list(range(1, 3000))
    theirs = [*ours[:1000], 5000, 5001, *ours[1000:2000], *ours[2010:]]
    blocks = align(_bytes(ours), _bytes(theirs))
    assert [(b.ours, b.theirs, b.size) for b in blocks] == [(0, 0, 1000), (1000, 1002, 1000), (2010, 2002, 989)]


def test_short_texts_are_aligned_perfectly() -> None:
    draw = random.Random(11)
    for _ in range(150):
        ours = [draw.randrange(12) for _ in range(draw.randrange(45))]
        theirs = [draw.randrange(12) for _ in range(draw.randrange(45))]
        blocks = align(_bytes(ours), _bytes(theirs))
        assert sum(block.size for block in blocks) == _longest(ours, theirs)


def test_long_stretches_are_found_beside_repeated_words() -> None:
    """A heading that stands twice, a line more, a word less: the long stretches stay whole."""
    heading, first, second = [1, 2, 3, 4, 5, 6, 7], list(range(20, 400)), list(range(500, 900))
    ours = [*heading, *first, 10, 11, *second]
    theirs = [*heading[:4], 12, *heading, 13, *first, *second[:-3], 14, *second[-3:]]
    blocks = [(b.ours, b.theirs, b.size) for b in align(_bytes(ours), _bytes(theirs))]
    assert blocks == [(0, 5, 7), (7, 13, 380), (389, 393, 397), (786, 791, 3)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("GPL-2.0", "GPL-2.0-only"),
        ("LGPL-2.1+", "LGPL-2.1-or-later"),
        ("GFDL-1.3", "GFDL-1.3-only"),
        ("AGPL-3.0-only", "AGPL-3.0-only"),
        ("MIT", "MIT"),
    ],
)
def test_gnu_ids_are_the_current_ones(old: str, new: str) -> None:
    assert current_id(old) == new


def _longest(ours: list[int], theirs: list[int]) -> int:
    """The length of the longest common subsequence, by the book."""
    row = [0] * (len(theirs) + 1)
    for mine in ours:
        above = row[:]
        for at, other in enumerate(theirs):
            row[at + 1] = above[at] + 1 if mine == other else max(above[at + 1], row[at])
    return row[-1]


def _bytes(numbers: list[int]) -> bytes:
    return b"".join(n.to_bytes(2, "little") for n in numbers)
