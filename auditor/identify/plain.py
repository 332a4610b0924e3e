"""The plain form of a legal text: one sentence a line, lower case, straight quotes, as long as the original.

Because every change replaces one character by one character, an offset into the plain form is an offset into the text
as given; nothing needs to be mapped back.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

MAX_ITEMS = 200  # of lists in one text
MAX_SENTENCE = 2000  # characters; longer ones are cut, which keeps every search linear in the length of the text

_SPACES = "\r\t\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff\u200b*#>|`~"
_PAIRS = {
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "「": '"', "」": '"', "《": '"', "》": '"',
    "‘": "'", "’": "'", "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-",
    "，": ",", "：": ":", "（": "(", "）": ")", "．": ".", "、": ",",
    "。": "\x00", "；": "\x00", "！": "\x00", "？": "\x00",
}  # fmt: skip
_TABLE = {
    **dict.fromkeys(range(32), " "),
    **dict.fromkeys(map(ord, _SPACES), " "),
    **{ord(k): v for k, v in _PAIRS.items()},
    **dict.fromkeys(range(0x2000, 0x200B), " "),
    **{
        c: unicodedata.normalize("NFKC", chr(c)) for c in range(0x2F00, 0x2FD6)
    },  # radicals that PDFs use for characters
    ord("\n"): "\n",
}
# A full stop after one of these ends no sentence. The stop itself is left out.
_SHORT = (
    "e.g",
    "i.e",
    "etc",
    "inc",
    "ltd",
    "corp",
    "co",
    "no",
    "u.s",
    "u.k",
    "vs",
    "cf",
    "sec",
    "art",
    "llc",
    "s.a",
    "st",
)
_FORBIDS = (" not", "cannot", "n't", "prohibit", "forbid", "refrain", "不得", "禁止", "不可", "不能", "严禁")
_LIMITS = ("not apply", "not limited", "liable")  # of the text's own reach: no prohibition
_INTRO = 200  # characters of the words before a list that its items get
_JOINS = (",", ":", " and", " or", " and/or")
_WHOLE_LINE = 24  # characters; a shorter line before a blank one is a heading


def plain(text: str) -> str:
    """The plain form of `text`, of the same length. Line feeds end sentences and stand nowhere else."""
    form = _joined(_folded(_lower(_bulleted(text))))
    for stop in (". ", "; ", "! ", "? "):
        form = form.replace(stop, stop[0] + "\n")
    form = form.replace(";(", ";\n").replace('." ', '."\n').replace(".) ", ".)\n").replace("\x00", "\n")
    for short in _SHORT:
        form = form.replace(f" {short}.\n", f" {short}. ").replace(f"({short}.\n", f"({short}. ")
    form = form.replace("not:", "not ")
    form = form.replace(".\nall rights reserved", ". all rights reserved")  # closes a notice that began before it
    return _bounded(form)


class Item(NamedTuple):
    """An item of a list, from `start` to `end`, and the words before the list, at `at`, that it completes."""

    intro: str
    at: int
    start: int
    end: int


def forbidden_items(text: str, form: str) -> list[Item]:
    """Items of lists that follow a prohibition, such as `You may not:`, from the second on.

    The plain form joins the first item to those words; each of the others means nothing without them.
    """
    found = {item.end: item for item in itertools.chain(_items_in_sentences(text, form), _items_on_lines(text, form))}
    return list(itertools.islice((found[end] for end in sorted(found)), MAX_ITEMS))


def _items_on_lines(text: str, form: str) -> Iterator[Item]:
    """Items that have a line and a mark of their own."""
    intro, told, count, at, blank = "", 0, 0, 0, False
    for line in text.split("\n"):
        now = line.strip()
        mark = _mark(_lower(now)) if now else ""
        if mark and intro:
            count += 1
            start = at + line.index(now[0]) + len(mark)
            if count > 1:
                end = form.find("\n", start)
                yield Item(intro, told, start, len(form) if end < 0 else end)
        elif now and blank:
            intro = ""
        if now.endswith((":", "：")):
            end = at + len(line.rstrip())
            begin = max(form.rfind("\n", 0, end - 1) + 1, end - _INTRO)
            if _forbids(form[begin:end]):
                intro, told, count = form[begin:end], begin, 0
            elif not mark and not now[0].islower():  # an item that opens a list leaves the prohibition standing
                intro = ""
        blank = not now
        at += len(line) + 1


def _items_in_sentences(text: str, form: str) -> Iterator[Item]:
    """Items that follow each other in one sentence, parted by semicolons."""
    intro, told, at = "", 0, 0
    for line in form.split("\n"):
        end = at + len(line)
        goes_on = line.rstrip().endswith((";", "; or", "; and")) or text[end : end + 1] == "；"
        if intro and line.strip():
            yield Item(intro, told, at, end)
        elif goes_on:
            colon = max(text.find(":", at, end), text.find("：", at, end)) + 1
            told = max(at, colon - _INTRO)
            intro = form[told:colon] if colon and _forbids(form[told:colon]) else ""
        if not goes_on and line.strip():
            intro = ""
        at = end + 1


def _forbids(words: str) -> bool:
    return any(word in words for word in _FORBIDS) and not any(word in words for word in _LIMITS)


def _bulleted(text: str) -> str:
    """Asterisks that open the items of a list become bullets; those down the side of a comment block do not."""
    if "/*" in text or "*\n" in text.replace("**\n", ""):
        return text
    return text.replace("\n* ", "\n• ").replace("  * ", "  • ").replace("\t* ", "\t• ")


def _folded(text: str) -> str:
    """`text` after _TABLE. Replacing the few characters that it holds is faster than translating it all."""
    for char in sorted(set(text)):  # controls first: NUL becomes a space before it comes to mean the end of a sentence
        to = _TABLE.get(ord(char), char)
        if to != char:
            text = text.replace(char, to)
    return text


def _lower(text: str) -> str:
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _joined(text: str) -> str:
    """Line feeds become spaces where a sentence was merely wrapped."""
    lines = text.split("\n")
    parts = [lines[0]]
    before, blank = lines[0].strip(), not lines[0].strip()
    for line in lines[1:]:
        now = line.strip()
        if not now:
            parts += (" ", line)
            blank = True
            continue
        mark = _mark(now)
        parts.append("\n" if _breaks(before, now, blank, mark) else " ")
        parts.append(line.replace(mark, " " * len(mark), 1) if mark else line)
        before, blank = now, False
    return "".join(parts)


def _breaks(before: str, now: str, blank: bool, mark: str) -> bool:
    """Whether a sentence ends between two lines. PDF extractions put blank lines amid sentences."""
    if before.endswith(_JOINS):
        return False
    if mark:
        return True
    if not blank:
        return False
    goes_on = now[0].isalpha() and (now[0].islower() or now[0] > "\u2e80")
    return not (goes_on and len(before) > _WHOLE_LINE and before[-1] not in ".;!?\x00")


def _mark(line: str) -> str:
    """The mark of a list or section at the start of a line, such as `-`, `(a)`, `1.`, `iv)`; else ""."""
    if line[0] in "-•●·○▪■◦➢►❌✗✘✅✓✔" or line.startswith("* "):
        return line[0]
    if line[0] == "第":
        return ""
    head = line[:8]
    if line[0].isdigit():
        number = head.partition(" ")[0]
        if number.count(".") > 1 and number.replace(".", "").isdigit():
            return number
    if line[0] == "(":
        inner, closing, _ = head[1:].partition(")")
        return f"({inner})" if closing and _counts(inner) else ""
    for dot in ".),":
        inner, found, rest = head.partition(dot)
        if found and _counts(inner) and (dot != "," or inner[0] > "\u2e80") and not rest[:1].isdigit():
            return inner + dot
    return ""


def _counts(mark: str) -> bool:
    """Whether a word is a number or letter of a list."""
    if not mark or len(mark) > 4 or not mark.isalnum():
        return False
    return mark.isdigit() or not mark.strip("ivx") or not mark.strip("一二三四五六七八九十") or len(mark) == 1


def _bounded(form: str) -> str:
    """No line longer than MAX_SENTENCE: it is cut at a space where there is one."""
    if len(form) <= MAX_SENTENCE:
        return form
    lines = form.split("\n")
    if max(map(len, lines)) <= MAX_SENTENCE:
        return form
    return "\n".join(_cut(line) for line in lines)


def _cut(line: str) -> str:
    parts = []
    while len(line) > MAX_SENTENCE:
        at = line.rfind(" ", MAX_SENTENCE // 2, MAX_SENTENCE)
        if at < 0:
            at = MAX_SENTENCE  # no space to give up: this character is lost to the patterns, not to the offsets
        parts.append(line[:at])
        line = line[at + 1 :]
    return "\n".join([*parts, line])
