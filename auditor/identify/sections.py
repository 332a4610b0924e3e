"""Tells under which section number of a license a passage stands: `2`, `1.b.v`, `3.2`, `第三条`, `Attachment A.5`."""

from __future__ import annotations

import functools
from bisect import bisect_right
from typing import Any, NamedTuple

_HAN = "一二三四五六七八九十百"
_MARGIN = " \t>#*-\ufeff"
_PART = (
    r"[ \t>#*\x{feff}]*(?:((?:attachment|exhibit|annex|schedule|appendix|addendum)[ \t]+[a-z0-9]{1,2})[ \t]*"
    r"(?:[:.*\-–—\r]|use\b|$)|(section[ \t]+\d{1,2})[ \t]*[:\-–—])"
)
_MARK = (
    r"[ \t>#*\-\x{feff}]*(?:(?:section|article|clause)[ \t]+)?"
    rf"(第[ ]?[{_HAN}\d]+[ ]?[条章节]|[{_HAN}]{{1,3}}(?:、|[ \t]*\.)|[（(][{_HAN}]{{1,3}}[）)]|"
    r"\(?(?:\d{1,2}(?:\.\d{1,2}){0,3}|[a-z]|[ivx]{1,5})\)|(?:\d{1,2}(?:\.\d{1,2}){0,3}|[a-z]|[ivx]{1,5})[.、:：]|"
    r"\d{1,2}(?:\.\d{1,2}){1,3})(?:[ \t\\*]|$|[^\x00-\x7f])"
)
_INDENT = 8  # characters; what stands farther from the margin is centered
_PASSAGE = 2000  # characters before a mark that can tell what it is
_DEEP = 8  # levels; no license has more
_TITLE = 40  # characters; a line that ends in a colon and is no longer is a heading
_REFERRING = (" section", " sections", " clause", " clauses", " article", " articles", " paragraph", " paragraphs")
_FULL_STOPS = (".", "。", '."', ".”")


class _Level(NamedTuple):
    """One step of a section number: what kind of mark, how far from the margin, its bare name."""

    kind: str
    indent: int
    name: str


@functools.cache
def _pattern() -> Any:
    import re2

    return re2.compile(rf"(?im)^(?:{_PART}|{_MARK})")


class Sections:
    """Section marks of one text, found once, asked by offset."""

    def __init__(self, text: str) -> None:
        self._starts: list[int] = []
        self._paths: list[tuple[list[str], list[_Level]]] = []
        stack: list[_Level] = []
        part: list[str] = []
        blob = text.encode("utf-8", "replace")  # far quicker to search than a string
        at = start = before = 0
        for match in _pattern().finditer(blob):
            low = match.start()
            start += len(blob[at:low].decode("utf-8"))  # in characters
            at = low
            mark, high = match.span(3)
            lead = blob[low : max(low, mark)].decode("utf-8")
            worded = mark < 0 or lead.rstrip()[-1:].isalpha()
            passage = text[max(before, start - _PASSAGE) : start].strip()
            if _refers(passage, worded and text[max(start - 2, 0) : start] != "\n\n"):
                continue  # the number of another section, at the beginning of a line by chance
            if mark < 0:
                part, stack = _title((match[1] or match[2]).decode()), []
            else:
                margin = lead[: len(lead) - len(lead.lstrip(_MARGIN))].expandtabs(4)
                stack = _push(stack, blob[mark:high].decode(), len(margin), passage)
                if part and "." in stack[0].name and part[0].isdigit():
                    part = []  # the number of the section is in the mark already
            before = start
            self._starts.append(start)
            self._paths.append((part, stack))

    def at(self, offset: int) -> str | None:
        """The section that holds `offset`, or None before the first."""
        index = bisect_right(self._starts, offset) - 1
        if index < 0:
            return None
        part, stack = self._paths[index]
        return ".".join([*part, *(level.name for level in stack)]) or None


def _refers(before: str, amid: bool) -> bool:
    """The sentence before runs on into the mark, which has a word of its own and no blank line before it if `amid`."""
    if amid:
        return before[-1:].islower() or before[-1:] == ","
    return before[-12:].lower().endswith(_REFERRING)


def _title(part: str) -> list[str]:
    """What precedes the numbers of a part; a numbered section is cited by its number alone."""
    word, name = part.split()
    return [name] if word.lower() == "section" else [f"{word.capitalize()} {name.upper()}"]


def _push(stack: list[_Level], mark: str, indent: int, before: str) -> list[_Level]:
    """The stack after one more mark; `before` is the passage from the mark before it to this one."""
    bare, kind, letter = _read(mark)
    if kind != letter and any(level.kind == letter and _follows(level.name, bare) for level in stack):
        kind = letter
    level = _Level(kind, indent, bare)
    if "." in bare or bare[0] == "第":
        return [level]
    if kind == "number":  # numbers with a full stop are of a higher rank than any in brackets
        stack = [known for known in stack if known.kind[-1] not in "()"]
    same = [i for i, known in enumerate(stack) if known.kind == kind]
    next_to = [i for i in same if _follows(stack[i].name, bare)]
    if same and not next_to and len(stack) < _DEEP:
        inward = bare.isdigit() and all(1 < indent - stack[i].indent <= _INDENT for i in same)
        begins = bare.lower() in ("1", "a", "i") and not (indent and any(stack[i].indent == indent for i in same))
        if inward or (begins and _leads_in(before)):
            return [*stack, level]
    if len(same) > 1:
        same = [i for i in same if stack[i].indent == indent] or same
        same = [i for i in same if i in next_to] or same
        same = same[:1] if before.endswith(_FULL_STOPS) else same[-1:]
    return [*(stack[: same[0]] if same else stack), level]


def _leads_in(passage: str) -> bool:
    """It ends in a colon, and the colon is its own: not that of a title or text below it, where numbers begin anew."""
    first, *more = passage.replace("\r", "").split("\n\n")
    if len(more) > 1 or (more and len(first) > _TITLE):
        return False
    last = passage.rpartition("\n")[2].strip()
    return last.endswith((":", "：")) and (last == passage or len(last) > _TITLE)


def _follows(name: str, bare: str) -> bool:
    if name.isdigit() and bare.isdigit():
        return int(bare) == int(name) + 1
    return len(name) == len(bare) == 1 and ord(bare) == ord(name) + 1


@functools.lru_cache(1024)
def _read(mark: str) -> tuple[str, str, str]:
    """The name in a mark, its kind, and its kind if it is a letter of the alphabet and no roman number."""
    bare = mark.strip("().、:：（） \t")
    style = "(" if mark[0] in "(（" else mark[-1]
    if bare[0].isdigit():
        kind = "number" + ("(" if style in "()" else "")
    elif bare[0] in _HAN or bare[0] == "第":
        kind = "han" + style
    else:
        case = "capital " if bare[0].isupper() else ""
        letter = f"{case}letter{style}"
        return bare, letter if bare.lower().strip("ivx") else f"{case}roman{style}", letter
    return bare, kind, kind
