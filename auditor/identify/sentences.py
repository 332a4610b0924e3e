"""One text as the expressions of the clause rules read it: in bytes, a sentence a line."""

from __future__ import annotations

import functools
import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import Any

from auditor.identify.lists import listed_items
from auditor.identify.plain import plain

MAX_TEXT = 1 << 20  # characters that are read; no license is longer, and junk costs no more than this
_CONTEXT = 250  # characters either side of a hit, within its sentence, in which `unless` and `when` look


class Page:
    """One text in its forms: as given, plain, and plain in bytes, which is what the expressions read.

    In bytes it is followed by one more line for each item of a list that says what is forbidden or demanded: the words
    before the list, and the item.
    """

    def __init__(self, text: str) -> None:
        self.text = text[:MAX_TEXT]
        self.plain = plain(self.text)
        self._items = listed_items(self.text, self.plain)
        lines = [self.plain, *(item.line(self.plain) for item in self._items)]
        self._bounds = [0, *(end + 1 for end in _ends(lines))]
        whole = "\n".join(lines)
        self.blob = whole.encode("utf-8", "replace")  # a lone surrogate becomes one `?`: same length
        self.ends = _ends(self.blob.split(b"\n"))  # of the lines, in bytes
        self._in_characters = [] if whole.isascii() else _ends(whole.split("\n"))
        self.han = not whole.isascii() and _han().search(self.blob) is not None

    def offset(self, at: int, intro: bool = False) -> int:
        """Bytes to characters of the text; the words before a list become the start of its item, unless `intro`."""
        if self._in_characters:
            line = bisect_left(self.ends, at) - 1  # the one before
            begin, characters = (self.ends[line], self._in_characters[line]) if line >= 0 else (0, 0)
            at = characters + len(self.blob[begin:at].decode("utf-8"))
        if at <= len(self.plain):
            return at
        number = bisect_right(self._bounds, at) - 1
        item = self._items[number - 1]
        inside = at - self._bounds[number] - len(item.intro) - 1
        if inside > -1 or not intro:
            return min(item.start + max(inside, 0), item.end)
        return item.at + inside + len(item.intro) + 1

    def context(self, start: int, end: int) -> bytes:
        """The surroundings of a match within its sentence, in bytes."""
        low = max(self.blob.rfind(b"\n", 0, start) + 1, start - _CONTEXT)
        high = self.blob.find(b"\n", end)
        return self.blob[low : min(len(self.blob) if high < 0 else high, end + _CONTEXT)]

    def sentence(self, at: int) -> tuple[int, int]:
        """The bounds of the sentence around a character."""
        end = self.plain.find("\n", at)
        return self.plain.rfind("\n", 0, at) + 1, len(self.plain) if end < 0 else end


def _ends(lines: Iterable[str | bytes]) -> list[int]:
    """Where lines end that stand one below the other."""
    return [number + end for number, end in enumerate(itertools.accumulate(map(len, lines)))]


@functools.cache
def _han() -> Any:
    import re2

    return re2.compile(r"[\x{4e00}-\x{9fff}]")
