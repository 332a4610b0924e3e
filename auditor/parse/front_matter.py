"""Front matter of a card: where it lies, and its keys with the place of every value.

`yaml_entries` reads the YAML; this module finds it, and saves what can be saved when it is broken.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from auditor.parse.entries import Entry
from auditor.parse.yaml_entries import read_yaml

MAX_YAML = 200_000  # characters handed to the YAML reader at once


@dataclass(slots=True)
class FrontMatter:
    """What a card's head says. Offsets count characters of the text as read; `body` is where the prose begins.

    `faults` are (offset, words) about the whole block; `broken` is set when the YAML could not be read in one piece.
    """

    entries: list[Entry] = field(default_factory=list)
    body: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)
    broken: bool = False


@dataclass(frozen=True, slots=True)
class _Block:
    start: int
    end: int
    body: int
    faults: tuple[tuple[int, str], ...] = ()


def flat(text: str) -> str:
    """The text with every line end as one newline, of the same length, so that offsets stay those of the file."""
    return text.replace("\r\n", " \n").replace("\r", "\n") if "\r" in text else text


def read_front_matter(text: str, wanted: frozenset[str]) -> FrontMatter:
    """The wanted keys of the front matter of a card. Never raises."""
    raw, text = text, flat(text)
    block = _find(text, raw)
    if block is None:
        return FrontMatter()
    found = FrontMatter(body=block.body, faults=list(block.faults))
    yaml_text = text[block.start : block.end]
    if len(yaml_text) > MAX_YAML:
        found.faults.append((block.start, f"front matter is over {MAX_YAML} characters; each key is read by itself"))
        found.entries = _key_by_key(yaml_text, block.start, wanted, found)
        return found
    entries, fault = read_yaml(yaml_text, wanted, block.start)
    if fault:
        found.faults.append((fault[0], f"front matter: {fault[1]}"))
        found.broken = True
        entries = _key_by_key(yaml_text, block.start, wanted, found)
    elif len({e.key for e in entries}) < len(entries):
        twice = sorted({e.key for e in entries if sum(o.key == e.key for o in entries) > 1})
        found.faults.append((block.start, f"the key {', '.join(twice)} is given twice; every value counts"))
    found.entries = entries
    return found


def _find(text: str, raw: str) -> _Block | None:
    """The block between the `---` lines at the top. What the Hub would not recognise is read, and noted."""
    faults: list[tuple[int, str]] = []
    at = 1 if text.startswith("\ufeff") else 0
    at += len(text) - at - len(text[at:].lstrip())
    if text.startswith("<!--", at) and (close := text.find("-->", at)) != -1:
        after = close + 3 + len(text) - close - 3 - len(text[close + 3 :].lstrip())
        if text.startswith("---", after):
            faults.append((at, "a comment stands before the front matter, so the Hub does not read it"))
            at = after
    first, start = _line(text, at)
    if first.rstrip() != "---":
        return _bare(text, at)
    if raw[at + 3 : at + 4] not in ("\r", "\n", ""):
        faults.append((at, "something follows the opening '---', so the Hub does not read the front matter"))
    cursor = start
    while cursor < len(text):
        line, after = _line(text, cursor)
        if line.startswith(("---", "...")) and line.rstrip() in ("---", "..."):
            if line.startswith("..."):
                faults.append((cursor, "front matter ends with '...', so the Hub does not read it"))
            return _Block(start, cursor, after, tuple(faults))
        cursor = after
    end = _unterminated(text, start)
    faults.append((at, "front matter has no closing '---', so the Hub does not read it"))
    return _Block(start, end, end, tuple(faults))


def _bare(text: str, at: int) -> _Block | None:
    """Keys at the very top without any `---`: older cards forgot the line."""
    keys = ("license:", "licence:", "language:", "datasets:", "base_model:", "tags:")
    if not text.startswith(keys, at):
        return None
    end, cursor = len(text), at
    while cursor < len(text):
        line, after = _line(text, cursor)
        if line.rstrip() in ("---", "") or line.startswith("# "):
            end = cursor
            break
        cursor = after
    return _Block(at, end, end, ((at, "metadata stands without '---' lines, so the Hub does not read it"),))


def _unterminated(text: str, start: int) -> int:
    """Where the metadata of an unclosed block gives way to prose: the first heading or blank line."""
    cursor = start
    while cursor < len(text):
        line, after = _line(text, cursor)
        if not line.strip() or line.startswith("#"):
            return cursor
        cursor = after
    return len(text)


def _line(text: str, at: int) -> tuple[str, int]:
    """The line at `at` and the offset of the next one."""
    end = text.find("\n", at)
    return (text[at:], len(text)) if end == -1 else (text[at:end], end + 1)


def _key_by_key(text: str, base: int, wanted: frozenset[str], found: FrontMatter) -> list[Entry]:
    """The last resort: each wanted top-level key as a small document of its own; one bad key costs only itself."""
    entries: list[Entry] = []
    for key, start, end in _chunks(text, wanted):
        got, fault = read_yaml(text[start:end][:MAX_YAML], wanted, base + start)
        entries.extend(got)
        if fault:
            found.faults.append((base + start, f"the value of {key} cannot be read: {fault[1]}"))
    return entries


def _chunks(text: str, wanted: frozenset[str]) -> Iterator[tuple[str, int, int]]:
    """(key, start, end) of each wanted `key:` at the start of a line, with the indented or dashed lines below it."""
    at, open_key, open_at = 0, "", 0
    while at < len(text):
        line, after = _line(text, at)
        continues = not line.strip() or line[0] in " -" or (line[0] == "]" and bool(open_key))
        if not continues:
            if open_key:
                yield open_key, open_at, at
            key = line.partition(":")[0].strip().strip("\"'")
            open_key, open_at = (key, at) if ":" in line and key in wanted else ("", at)
        at = after
    if open_key:
        yield open_key, open_at, len(text)
