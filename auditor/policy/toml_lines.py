"""Finds the line of a key in a TOML file that a person wrote; only ever called for a mistake or a citation."""

from __future__ import annotations

from collections.abc import Sequence

Path = tuple[str | int, ...]


def line_of(text: str, keys: Sequence[str | int]) -> int | None:
    """The line (from 1) of the deepest part of `keys` that the text has; None where it has none of it.

    `keys` name tables and keys, numbers the tables of an array of tables: `("paths", 0, "use")`.
    """
    known = _lines(text)
    wanted = tuple(_folded(key) for key in keys)
    for length in range(len(wanted), 0, -1):
        if wanted[:length] in known:
            return known[wanted[:length]]
    return None


def _lines(text: str) -> dict[Path, int]:
    """The first line of every table and key. Keys of inline tables have the line of the key that holds them."""
    found: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    quote = ""  # the mark that ends the multi-line string in which a line stands
    for number, line in enumerate(text.splitlines(), 1):
        words = line.strip()
        inside, quote = bool(quote), _open_quote(line, quote)
        if inside or not words or words.startswith("#"):
            continue
        if words.startswith("[") and (name := _header(words)):
            table = _settled(name, counts, words.startswith("[["))
            found.setdefault(table, number)
        elif "=" in words:
            name = _dotted(words.partition("=")[0])
            for length in range(1, len(name) + 1):
                found.setdefault((*table, *name[:length]), number)
    return found


def _header(words: str) -> Path:
    """The name in `[a.b]` or `[[a.b]]`; empty for a line that is no header, such as an item of a list."""
    depth = 2 if words.startswith("[[") else 1
    name, closed, rest = words[depth:].partition("]" * depth)
    if not closed or (rest.strip() and not rest.strip().startswith("#")):
        return ()
    return _dotted(name)


def _settled(name: Path, counts: dict[Path, int], array: bool) -> Path:
    """The name with the number of each array of tables on the way."""
    path: Path = ()
    for position, part in enumerate(name):
        path = (*path, part)
        if array and position == len(name) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _dotted(name: str) -> Path:
    return tuple(_folded(part.strip().strip("\"'")) for part in name.split("."))


def _folded(key: str | int) -> str | int:
    return key.replace("_", "-") if isinstance(key, str) else key


def _open_quote(line: str, quote: str) -> str:
    """The multi-line quote that is open after the line, given the one open before it."""
    at = 0
    while True:
        if quote:
            at = line.find(quote, at)
            if at < 0:
                return quote
            at, quote = at + 3, ""
        else:
            starts = [(found, mark) for mark in ('"""', "'''") if (found := line.find(mark, at)) >= 0]
            if not starts:
                return ""
            at, quote = min(starts)
            at += 3
