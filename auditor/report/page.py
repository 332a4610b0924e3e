"""A sheet of terminal text: wrapped lines with hanging indents, and trees; colored or plain.

This is the little of rich that reports need; importing rich would cost as much as the rest of a command's start.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from auditor.report.safe import plain

Part = str | tuple[str, str]
"""Words, or words with a style such as `bold red`."""

SEVERITY_STYLE = {"high": "bold red", "medium": "yellow", "low": "cyan", "info": "dim"}
VERDICT_STYLE = {
    "allow": "bold green",
    "conditions": "bold yellow",
    "deny": "bold red",
    "undetermined": "bold magenta",
}
_CODES = {
    "bold": "1",
    "dim": "2",
    "italic": "3",
    "underline": "4",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "magenta": "35",
    "cyan": "36",
}
_LEAST = 16  # columns left for words, however deep the indent


class Branch(NamedTuple):
    """A node of a tree: its label, a second line if there is one, and what grows from it."""

    label: tuple[Part, ...]
    note: Part
    children: list[Branch]


class Page:
    """Collects lines; `text()` gives them all. Nothing that a terminal would obey gets past `put` and `whole`."""

    def __init__(self, width: int = 100, color: bool = False) -> None:
        self._width = max(width, 40)
        self._color = color
        self._lines: list[str] = []

    def put(self, *parts: Part, first: str = "", rest: str | None = None, style: str = "") -> None:
        """One paragraph, wrapped. `first` stands before its first line, `rest` (else blanks) before the others."""
        pairs = _harmless(parts, style)
        words = "".join(part for part, _ in pairs)
        styles = [name for part, name in pairs for _ in part if self._color]
        hang = " " * cells(first) if rest is None else rest
        for number, (start, end) in enumerate(_rows(words, max(self._width - cells(first), _LEAST))):
            lead = self._paint(hang if number else first, style)
            self._lines.append(lead + self._painted(words, styles, start, end))

    def whole(self, *parts: Part, indent: int = 0, style: str = "") -> None:
        """One line that is never broken, such as an address."""
        self._lines.append(" " * indent + "".join(self._paint(*pair) for pair in _harmless(parts, style)))

    def gap(self) -> None:
        """An empty line."""
        self._lines.append("")

    def heading(self, words: str) -> None:
        """A section's title, set off by an empty line."""
        self.gap()
        self.whole((words, "bold"))

    def rows(self, rows: Sequence[tuple[str, str]], indent: int = 2) -> None:
        """Two columns: names, and what is said of them."""
        width = max((cells(name) for name, _ in rows), default=0)
        for name, said in rows:
            blank = " " * (width - cells(name) + 2)
            self.put(said, first=f"{' ' * indent}{name}{blank}")

    def draw(self, root: Branch, step: int = 4) -> None:
        """A tree, its root on the first line; each level takes `step` columns, two at the least."""
        line = "─" * (step - 2) + " " if step > 2 else " "
        more, end, beside, under = f"├{line}", f"└{line}", "│".ljust(step), " " * step
        todo = [(root, "", "")]
        while todo:  # no recursion: a hostile lineage may be deeper than Python's stack
            branch, first, rest = todo.pop()
            self.put(*branch.label, first=first, rest=rest)
            if branch.note:
                self.put(branch.note, first=rest, rest=rest)
            last = len(branch.children) - 1
            grown = [
                (child, rest + (end if n == last else more), rest + (under if n == last else beside))
                for n, child in enumerate(branch.children)
            ]
            todo.extend(reversed(grown))

    def text(self) -> str:
        """All lines so far."""
        return "".join(f"{line.rstrip()}\n" for line in self._lines)

    def _painted(self, words: str, styles: Sequence[str], start: int, end: int) -> str:
        """A slice of the words, each run of one style painted once."""
        if not self._color:
            return words[start:end]
        done = []
        while start < end:
            stop = start
            while stop < end and styles[stop] == styles[start]:
                stop += 1
            done.append(self._paint(words[start:stop], styles[start]))
            start = stop
        return "".join(done)

    def _paint(self, words: str, style: str) -> str:
        if not self._color or not style or not words.strip():
            return words
        return f"\x1b[{';'.join(_CODES[name] for name in style.split())}m{words}\x1b[0m"


def cells(words: str) -> int:
    """Columns that the words take: Chinese characters take two, combining marks none."""
    if words.isascii():
        return len(words)
    return sum(_cell(character) for character in words)


def _cell(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _harmless(parts: Sequence[Part], style: str) -> list[tuple[str, str]]:
    """The parts with their styles, free of whatever a terminal would obey."""
    pairs = [(part, style) if isinstance(part, str) else part for part in parts]
    return [(plain(words), name) for words, name in pairs]


def _rows(words: str, width: int) -> Iterator[tuple[int, int]]:
    """Where each line starts and ends: broken at spaces, and inside a word only where it is longer than a line."""
    start, end, used, at = 0, 0, 0, 0  # the line from start to end takes `used` columns; the next word begins at `at`
    while at < len(words):
        space = at
        while space < len(words) and words[space] == " ":
            space += 1
        stop = words.find(" ", space)
        stop = len(words) if stop < 0 else stop
        size = cells(words[at:stop])
        if used + size <= width:
            end, used, at = stop, used + size, stop
        elif used:
            yield start, end
            start = end = at = space
            used = 0
        else:
            stop = _fitting(words, space, width)
            yield space, stop
            start = end = at = stop
    if end > start or not words:
        yield start, end


def _fitting(words: str, start: int, width: int) -> int:
    """The end of as many characters as fit; at least one."""
    used, stop = 0, start
    while stop < len(words) and used + _cell(words[stop]) <= width:
        used += _cell(words[stop])
        stop += 1
    return max(stop, start + 1)
