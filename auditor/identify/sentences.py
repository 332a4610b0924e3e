"""One text as the expressions of the clause rules read it: in bytes, a sentence a line."""

from __future__ import annotations

import itertools
from bisect import bisect_right

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
        self._bounds = [0, *itertools.accumulate(len(line) + 1 for line in lines)]
        whole = "\n".join(lines)
        self.blob = whole.encode("utf-8", "replace")  # a lone surrogate becomes one `?`: same length
        self.ascii = len(self.blob) == len(whole)
        self.han = not self.ascii and any("\u4e00" <= c <= "\u9fff" for c in self.plain)
        self.ends = _line_ends(self.blob)  # of the lines, in bytes

    def offset(self, at: int, intro: bool = False) -> int:
        """Bytes to characters of the text; the words before a list become the start of its item, unless `intro`."""
        at = at if self.ascii else len(self.blob[:at].decode("utf-8"))
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


def _line_ends(blob: bytes) -> list[int]:
    ends, at = [], blob.find(b"\n")
    while at >= 0:
        ends.append(at)
        at = blob.find(b"\n", at + 1)
    return [*ends, len(blob)]
