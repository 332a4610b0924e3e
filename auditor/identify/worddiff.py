"""Alignment of two sequences of words: long shared runs first, then what lies between them."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from operator import lt
from typing import NamedTuple

WIDTH = 2  # bytes of a word number
_RUNS = (6, 3, 1)  # lengths of the unique runs that anchor the alignment, tried in this order
_SURE = 16  # words: a shorter match at an edge may be a repeated heading, and is left to the anchors
_LONG = 100  # words
_SKIPPED = (0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32)  # words that the input may lack in one place
_FAR = 100  # words that it may have in their stead
_SMALL = 2500  # cells: gaps up to this size are aligned perfectly


class Block(NamedTuple):
    """`size` words that are the same: from word `ours` of the standard text and word `theirs` of the input."""

    ours: int
    theirs: int
    size: int


def align(ours: bytes, theirs: bytes) -> list[Block]:
    """The common words in order. Sequences are bytes, two to a word; near-linear in their lengths."""
    at = _aligned_find(theirs, ours)
    if at >= 0:
        return [Block(0, at, len(ours) // WIDTH)] if ours else []
    blocks: list[Block] = []
    _between(ours, theirs, 0, len(ours) // WIDTH, 0, len(theirs) // WIDTH, 0, blocks)
    blocks.sort()
    return _joined(blocks)


def _aligned_find(haystack: bytes, needle: bytes) -> int:
    """Word offset of `needle`, or -1."""
    at = haystack.find(needle)
    tries = 0
    while at >= 0 and at % WIDTH:
        tries += 1
        if tries > 100:
            return -1
        at = haystack.find(needle, at + 1)
    return at // WIDTH if at >= 0 else -1


def _between(a: bytes, b: bytes, a0: int, a1: int, b0: int, b1: int, level: int, out: list[Block]) -> None:
    """Appends the blocks between words a0..a1 and b0..b1; `level` chooses the length of the anchoring runs."""
    tail = _same_tail(a, b, a0, a1, b0, b1)
    if tail and tail >= min(_SURE, a1 - a0, b1 - b0):
        out.append(Block(a1 - tail, b1 - tail, tail))
        a1, b1 = a1 - tail, b1 - tail
    head = _same_head(a, b, a0, a1, b0, b1)
    if head and head >= min(_SURE, a1 - a0, b1 - b0):
        out.append(Block(a0, b0, head))
        a0, b0 = a0 + head, b0 + head
    if level == 0:
        a0, b0 = _onward(a, b, a0, a1, b0, b1, out)
    if a0 >= a1 or b0 >= b1:
        return
    if (a1 - a0) * (b1 - b0) <= _SMALL:
        _perfect(a, b, a0, a1, b0, b1, out)
        return
    while level < len(_RUNS):
        level += 1
        if _anchored(a, b, a0, a1, b0, b1, level - 1, out):
            return


def _anchored(a: bytes, b: bytes, a0: int, a1: int, b0: int, b1: int, level: int, out: list[Block]) -> bool:
    """Appends the runs that stand once on either side and what lies between them; False where there are none."""
    anchors = _anchors(a, b, a0, a1, b0, b1, _RUNS[level])
    last_a, last_b = a0, b0
    for at_a, at_b, size in anchors:
        out.append(Block(at_a, at_b, size))
        _between(a, b, last_a, at_a, last_b, at_b, level + 1, out)
        last_a, last_b = at_a + size, at_b + size
    if anchors:
        _between(a, b, last_a, a1, last_b, b1, level + 1, out)
    return bool(anchors)


def _onward(a: bytes, b: bytes, a0: int, a1: int, b0: int, b1: int, out: list[Block]) -> tuple[int, int]:
    """Appends blocks from the beginning on as long as only few words lie between them; returns where that ends."""
    while resumed := _resumed(a, b, a0, a1, b0, b1):
        at_a, at_b = resumed
        if not _anchored(a, b, a0, at_a, b0, at_b, 0, out):
            _between(a, b, a0, at_a, b0, at_b, 1, out)
        head = _same_head(a, b, at_a, a1, at_b, b1)
        out.append(Block(at_a, at_b, head))
        a0, b0 = at_a + head, at_b + head
    return a0, b0


def _resumed(a: bytes, b: bytes, a0: int, a1: int, b0: int, b1: int) -> tuple[int, int] | None:
    """Where both go on alike for long after few words; only a long stretch is certain not to be a repetition."""
    near = b[b0 * WIDTH : min(b1, b0 + _FAR + _LONG) * WIDTH]
    for skipped in _SKIPPED:
        begin = a0 + skipped
        at = _aligned_find(near, a[begin * WIDTH : (begin + _LONG) * WIDTH]) if begin + _LONG <= a1 else -1
        if at >= 0:
            head = _same_head(a, b, a0, begin, b0, b0 + at)
            head = head if head >= _RUNS[0] else 0
            before = _same_tail(a, b, a0 + head, begin, b0 + head, b0 + at)
            return begin - before, b0 + at - before
    return None


def _same_head(a: bytes, b: bytes, a0: int, a1: int, b0: int, b1: int) -> int:
    """How many words both begin with, found by halving."""
    low, high = 0, min(a1 - a0, b1 - b0)
    while low < high:
        middle = (low + high + 1) // 2
        part = slice((a0 + low) * WIDTH, (a0 + middle) * WIDTH), slice((b0 + low) * WIDTH, (b0 + middle) * WIDTH)
        if a[part[0]] == b[part[1]]:
            low = middle
        else:
            high = middle - 1
    return low


def _same_tail(a: bytes, b: bytes, a0: int, a1: int, b0: int, b1: int) -> int:
    """How many words both end with, found by halving."""
    low, high = 0, min(a1 - a0, b1 - b0)
    while low < high:
        middle = (low + high + 1) // 2
        part = slice((a1 - middle) * WIDTH, (a1 - low) * WIDTH), slice((b1 - middle) * WIDTH, (b1 - low) * WIDTH)
        if a[part[0]] == b[part[1]]:
            low = middle
        else:
            high = middle - 1
    return low


def _anchors(a: bytes, b: bytes, a0: int, a1: int, b0: int, b1: int, run: int) -> list[tuple[int, int, int]]:
    """Runs of words that stand once on either side, in the same order on both, as long as they last."""
    mine = _once(a, a0, a1, run)
    yours = _once(b, b0, b1, run)
    chain = _rising([(at, yours[key]) for key, at in mine.items() if key in yours])
    out: list[tuple[int, int, int]] = []
    start_a = start_b = end_a = end_b = -1
    for at_a, at_b in chain:
        if at_a <= end_a and at_a - start_a == at_b - start_b:
            end_a, end_b = at_a + run, at_b + run
        elif at_a >= end_a and at_b >= end_b:
            if end_a > 0:
                out.append((start_a, start_b, end_a - start_a))
            start_a, start_b, end_a, end_b = at_a, at_b, at_a + run, at_b + run
    return [*out, (start_a, start_b, end_a - start_a)] if chain else []


def _once(text: bytes, start: int, end: int, run: int) -> dict[bytes, int]:
    """Place of every run of words that stands exactly once, in order."""
    width = run * WIDTH
    keys = [text[at : at + width] for at in range(start * WIDTH, (end - run + 1) * WIDTH, WIDTH)]
    places = dict(zip(keys, range(start, end), strict=False))
    if len(places) < len(keys):
        for key, times in Counter(keys).items():
            if times > 1:
                del places[key]
    return places


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest chain of pairs, sorted by their first number, whose second numbers rise too."""
    numbers = [number for _, number in pairs]
    if all(map(lt, numbers, numbers[1:])):
        return pairs
    tops: list[int] = []
    holders: list[int] = []
    before: list[int] = []
    for index, (_, value) in enumerate(pairs):
        place = bisect_left(tops, value)
        before.append(holders[place - 1] if place else -1)
        if place == len(tops):
            tops.append(value)
            holders.append(index)
        else:
            tops[place] = value
            holders[place] = index
    chain: list[tuple[int, int]] = []
    index = holders[-1] if holders else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]


def _perfect(a: bytes, b: bytes, a0: int, a1: int, b0: int, b1: int, out: list[Block]) -> None:
    """Longest common subsequence of two short stretches."""
    left = [a[i * WIDTH : i * WIDTH + WIDTH] for i in range(a0, a1)]
    right = [b[j * WIDTH : j * WIDTH + WIDTH] for j in range(b0, b1)]
    if not set(left) & set(right):
        return
    rows = _rows(left, right)
    i = j = 0
    while i < len(left) and j < len(right):
        rest = len(right) - j - 1
        if left[i] == right[j]:
            out.append(Block(a0 + i, b0 + j, 1))
            i, j = i + 1, j + 1
        elif not rows[i] >> rest & 1 or _common(rows[i + 1], rest + 1) == _common(rows[i], rest):
            i += 1
        else:
            j += 1


def _rows(left: list[bytes], right: list[bytes]) -> list[int]:
    """For each end of `left`, longest first, what it has in common with the ends of `right`: a number for `_common`.

    Bit n is 0 where the end of n + 1 words has a word more in common than the end of n words (Hyyrö 2004).
    """
    places: dict[bytes, int] = {}
    for bit, word in enumerate(reversed(right)):
        places[word] = places.get(word, 0) | 1 << bit
    row = full = (1 << len(right)) - 1
    rows = [row]
    for word in reversed(left):
        met = row & places.get(word, 0)
        row = (row + met | row - met) & full
        rows.append(row)
    return rows[::-1]


def _common(row: int, words: int) -> int:
    """How many words the last `words` words have in common."""
    return words - (row & (1 << words) - 1).bit_count()


def _joined(blocks: list[Block]) -> list[Block]:
    """Neighbours that continue each other as one."""
    out: list[Block] = []
    for block in blocks:
        if out and block.ours == out[-1].ours + out[-1].size and block.theirs == out[-1].theirs + out[-1].size:
            out[-1] = Block(out[-1].ours, out[-1].theirs, out[-1].size + block.size)
        else:
            out.append(block)
    return out
