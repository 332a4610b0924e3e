"""A card's prose in blocks: headings, list items and paragraphs, each with what its headings say about it.

Code, comments and styles are left out; so is what stands under headings about use, evaluation and the like.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from auditor.parse.prose_rules import listed_words, sections

MAX_BLOCK = 4000  # characters that are read as one block; what goes on beyond is a new one
_CLOSED_BY = {"<!--": "-->", "<style": "</style>", "<script": "</script>", "<pre": "</pre>", "<table": "</table>"}
_LONG_TITLE = 90  # characters; a longer heading is a sentence
_SHORT_TITLE = 3  # words; a card may begin with a heading such as `## Usage` in place of its title
_ITEMS = ("- ", "* ", "+ ", "• ", "<li", "-\t", "*\t")

_SIGNS = frozenset("`~<#|-*+•>0123456789")  # with one of these begins whatever is no plain line

Topic = Literal["", "skip", "doubt", "data", "base"]
Kind = Literal["heading", "item", "text", "row"]


class Block(NamedTuple):
    """A piece of prose at `start` to `end`. `topic` is what the headings above it make of it."""

    start: int
    end: int
    kind: Kind
    topic: Topic


def blocks(text: str, body: int, name: str) -> Iterator[Block]:
    """The blocks of `text` from offset `body`, up to where the card begins to speak of another repository.

    The title says nothing about what stands below it, nor does a heading that is a whole sentence; the repository's own
    `name` in a heading does not count.
    """
    topics = sections()
    names = (name.lower(), without_format(name).lower())
    above: list[tuple[int, Topic]] = []
    titled = False
    for start, end, kind, level in _pieces(text, body):
        if kind == "heading":
            title = _title(text[start:end])
            if any(word in title for word in topics["other"]):
                return
            while above and above[-1][0] >= level:
                above.pop()
            outer: Topic = above[-1][1] if above else ""
            named = next((word for word in names if word in title), "")
            first = level > 1 and not named and len(title.split()) <= _SHORT_TITLE
            tells = outer != "skip" and (titled or first) and len(title) < _LONG_TITLE
            title = title.replace(named, "")
            above.append((level, (_topic(title, topics) if tells else "") or outer))
            titled = titled or level < 7
        topic = above[-1][1] if above else ""
        if topic != "skip" and (kind != "row" or topic == "data" or " we " in text[start:end].lower()):
            for piece in range(start, end, MAX_BLOCK):
                yield Block(piece, min(end, piece + MAX_BLOCK), kind, topic)


def without_format(name: str) -> str:
    """The name of a copy in another format without what says so: `chat-7b` of `chat-7b-GPTQ-Int4`."""
    words = name.split("-")
    while len(words) > 1 and words[-1].lower() in listed_words("formats"):
        words.pop()
    return "-".join(words)


def _title(line: str) -> str:
    """The words of a heading: of one that goes on with links, `# Thing | [Demo](...)`, what stands before them."""
    title = line.strip().lower()
    if title.startswith("<h"):
        title = title.partition(">")[2].rpartition("</h")[0] or title
    return title.partition("|")[0].strip("#*_ \t\n:：")


def _topic(title: str, topics: dict[str, tuple[str, ...]]) -> Topic:
    known: tuple[Topic, ...] = ("doubt", "base", "data", "skip")
    if any(word in title for word in topics["never"]):
        return "skip"
    return next((topic for topic in known if any(word in title for word in topics[topic])), "")


def _pieces(text: str, body: int) -> Iterator[tuple[int, int, Kind, int]]:
    """(start, end, kind, level of a heading) of every piece that is prose."""
    open_at = -1
    kind: Kind = "text"
    until = ""  # what closes a fence or an element that is no prose
    at, size = body, len(text)
    while at < size:
        newline = text.find("\n", at)
        after = size if newline < 0 else newline + 1
        line = text[at:after].strip()
        if line and not until and line[0] not in _SIGNS and (open_at < 0 or after - open_at <= MAX_BLOCK):
            if open_at < 0:  # most lines are plain
                open_at, kind = at, "text"
            at = after
            continue
        if line.startswith(">"):
            line = line.lstrip("> ")
        begins = _opening(line) if not until else ""
        boundary = until or begins or not line or line[0] in "#|" or line.startswith(_ITEMS) or _numbered(line)
        if open_at >= 0 and (boundary or after - open_at > MAX_BLOCK or _is_title(line)):
            yield open_at, at, kind, 0
            open_at = -1
        if until:
            until = "" if until in line.lower() else until
        elif begins:
            until = begins
        elif level := _heading(line):
            yield at, after, "heading", level
        elif line[:1] == "|":
            yield at, after, "row", 0
        elif line and open_at < 0:
            open_at, kind = at, "item" if line.startswith(_ITEMS) or _numbered(line) else "text"
        at = after
    if open_at >= 0:
        yield open_at, size, kind, 0


def _opening(line: str) -> str:
    """What must come before prose goes on, for a line that opens code or an element that holds none."""
    if line.startswith(("```", "~~~")):
        return line[:3] if not (len(line) > 6 and line.endswith(line[:3])) else ""
    if line[:1] == "<":
        low = line.lower()
        for opening, closing in _CLOSED_BY.items():
            if low.startswith(opening):
                return "" if closing in low else closing
    return ""


def _heading(line: str) -> int:
    """The level of a heading, 7 for a short line in bold, 0 for any other line."""
    level = len(line) - len(line.lstrip("#"))
    if 0 < level <= 6 and len(line) < 400:
        return level
    if line[:2].lower() == "<h" and line[2:3].isdigit() and line.lower().endswith(f"</h{line[2]}>"):
        return int(line[2])
    return 7 if _is_title(line) else 0


def _is_title(line: str) -> bool:
    if not line.startswith("**") or len(line) >= 70:
        return False
    bare = line.rstrip(":： ")
    return bare.endswith("**") and "](" not in line and bare.count("**") == 2


def _numbered(line: str) -> bool:
    head, dot, rest = line[:5].partition(".")
    return bool(dot) and head.isdigit() and rest[:1] == " "
