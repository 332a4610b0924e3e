"""Finds the items of lists that mean nothing without the words before the list, such as `You may not:`."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

MAX_ITEMS = 200  # of lists in one text
_INTRO = 200  # characters of the words before a list that its items get
_HEADING = 80  # characters; a longer line is no heading
_NOT = (" not", "cannot", "n't", "prohibit", "forbid", "disallow", "refrain", "不得", "禁止", "不可", "不能", "严禁")
_DUTY = (" must", " shall", " agree", "required to", "obliged to", "provided that", "应", "须")
_NEITHER = ("not apply", "liable", "licensor shall", "we shall", "not require", "meaning", "defin", "含义")
_NAMED = ("prohibit", "forbidden", "not permitted", "not allowed", "disallow", "unacceptable", "excluded", "禁止")
_HEADS = (*_NAMED, "restricted use", "use restrictions", "may not", "must not", "不得", "限制")
_FOR_EXAMPLE = ("including", "such as", "limited to", "example", "include", "包括", "如下")
_SENTENCE = (" may ", " must ", " shall ", " can ", " will ", "you ", " is ", " are ", "we ")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi")
_HAN = "一二三四五六七八九十"
_FIRST = ("1", "a", "i", "一")
_LOOSE = "¶"  # stands for the mark of items that have none


class Item(NamedTuple):
    """An item of a list, from `start` to `end`, and the words before the list, at `at`, that it completes.

    `tail` says the prohibition again, for lists under a name such as `Prohibited uses`.
    """

    intro: str
    at: int
    start: int
    end: int
    tail: str = ""

    def line(self, form: str) -> str:
        """The item as a sentence of its own."""
        return f"{self.intro} {form[self.start : self.end]}{self.tail}"


@dataclass(slots=True)
class _Lead:
    """Words before a list, the mark of its latest item, and whether the next item is already joined to the words."""

    intro: str
    at: int
    tail: str
    joined: bool
    mark: str = ""
    parted: bool = False  # a paragraph stands after the latest item


def listed_items(text: str, form: str) -> list[Item]:
    """Items of lists that follow a prohibition or a duty, without those to which the plain form joins its words."""
    found = {item.end: item for item in itertools.chain(_items_in_sentences(text, form), _items_on_lines(text, form))}
    return list(itertools.islice((found[end] for end in sorted(found)), MAX_ITEMS))


def _items_on_lines(text: str, form: str) -> Iterator[Item]:
    """Items that have a line and, mostly, a mark of their own."""
    heading: _Lead | None = None
    open_lists: list[_Lead] = []
    at, blank = 0, True
    for line, after in itertools.pairwise([*text.split("\n"), ""]):
        now = line.strip()
        mark = mark_of(_small(now)) if now else ""
        if now and (mark or blank or now.endswith((":", "："))):  # another line only goes on with the one before
            start = at + line.index(now[0])
            end = _end(form, start)
            lead = _lead_of(mark, open_lists, heading, form[start:end], blank)
            if lead:
                if lead.intro and (not lead.joined or lead.tail):
                    yield Item(lead.intro, lead.at, start + len(mark), end, lead.tail)
                lead.joined, lead.mark, lead.parted = False, mark or _LOOSE, False
            elif blank and not mark:
                for one in open_lists:
                    one.parted = True
            if now.endswith((":", "：")):
                outer = lead
                if not mark:
                    outer = open_lists[-1] if open_lists and not blank and not open_lists[-1].parted else None
                    if not outer:
                        open_lists.clear()
                opened = _opened(form, at + len(line.rstrip()), outer or heading)
                open_lists += [opened] if opened else []
            elif (
                blank and not lead and _is_heading(now, mark) and (not after.strip() or mark_of(_small(after.strip())))
            ):
                heading = _headed(form, start, at + len(line))
                open_lists.clear()
        blank = not now
        at += len(line) + 1


def _lead_of(mark: str, lists: list[_Lead], heading: _Lead | None, words: str, blank: bool) -> _Lead | None:
    """The words that a line completes, if it is an item; lists that it shows to have ended are closed."""
    if not mark:
        runs_on = words.rstrip().endswith((";", "; or", "; and", ", or", ", and"))
        if not blank or not lists or lists[-1].mark not in ("", _LOOSE) or not (runs_on or lists[-1].mark):
            return None
        lead = lists[-1]
        if not runs_on:
            lists.pop()
        return lead
    fitting = [n for n, one in enumerate(lists) if not one.mark or _follows(one.mark, mark, one.parted)]
    if fitting:
        del lists[fitting[-1] + 1 :]
        return lists[-1]
    if lists and mark.strip("().,") in _FIRST:
        lists.append(_Lead("", 0, "", joined=True))  # a list with nothing before it
        return lists[-1]
    lists.clear()
    return heading if heading and not any(word in words for word in _SENTENCE) else None


def _opened(form: str, end: int, outer: _Lead | None) -> _Lead | None:
    """What a line that ends with a colon, at `end`, says to the list after it."""
    begin = max(form.rfind("\n", 0, end - 1) + 1, end - _INTRO)
    words = form[begin:end]
    tail = _tail(words)
    if outer and not (_permits(words) and not outer.mark):
        if words.rstrip(" :：").endswith(_FOR_EXAMPLE):
            words = outer.intro
        elif outer.at < begin:
            words = f"{outer.intro} {words}"[-2 * _INTRO :]
        return _Lead(words, begin, tail or outer.tail, joined=True)
    return _Lead(words, begin, tail, joined=True) if _asks(words) else None


def _headed(form: str, start: int, end: int) -> _Lead | None:
    """A heading that forbids what is listed under it."""
    words = form[start:end]
    if not any(word in words for word in _HEADS):
        return None
    return _Lead(words if _tail(words) else f"prohibited: {words}", start, " is prohibited", joined=False)


def _is_heading(line: str, mark: str) -> bool:
    return len(line) < _HEADING and line[-1] not in ".;,。；，" and (not mark or mark[0].isdigit() or mark[0] in _HAN)


def _items_in_sentences(text: str, form: str) -> Iterator[Item]:
    """Items that follow each other in one sentence, parted by semicolons."""
    lead, at = None, 0
    for line in form.split("\n"):
        end = at + len(line)
        goes_on = line.rstrip().endswith((";", "; or", "; and")) or text[end : end + 1] == "；"
        if lead and line.strip():
            yield Item(lead[0], lead[1], at, end)
        elif goes_on:
            lead = _lead_inside(text, form, at, end)
        if not goes_on and line.strip():
            lead = None
        at = end + 1


def _lead_inside(text: str, form: str, at: int, end: int) -> tuple[str, int] | None:
    """(words, place) of what stands before the colon or the first number of a list inside a sentence."""
    stop = max(text.find(":", at, end), text.find("：", at, end)) + 1
    for first in ("(a)", "(i)", "(1)", "(x)") if not stop else ():
        stop = stop or form.find(first, at, end) + 1
    begin = max(at, stop - _INTRO)
    return (form[begin:stop], begin) if stop and _asks(form[begin:stop]) else None


def _asks(words: str) -> bool:
    """Whether words before a list forbid or demand what is in it."""
    words = words.rpartition(" but ")[2].replace("not limited", "")
    return any(word in words for word in (*_NOT, *_DUTY)) and not any(word in words for word in _NEITHER)


def _permits(words: str) -> bool:
    return not any(word in words for word in _NOT) and any(
        word in words for word in ("may", "allow", "permit", "can ", "encourage", "free to", "可", "允许", "acceptable")
    )


def _tail(words: str) -> str:
    return " is prohibited" if any(word in words for word in _NAMED) else ""


def _follows(before: str, mark: str, parted: bool) -> bool:
    """Whether an item with this mark can come next in a list; bullets have no order, and end at a paragraph."""
    one, other = before.strip("().,、"), mark.strip("().,、")
    if not one[:1].isalnum() or not other[:1].isalnum():
        return before == mark and not parted
    if before.replace(one, "") != mark.replace(other, ""):
        return False
    for order in (_ROMAN, _HAN):
        if one in order and other in order and order.index(other) == order.index(one) + 1:
            return True
    if "." in one:
        return "." in other and not parted
    if one.isdigit() and other.isdigit():
        return int(other) == int(one) + 1
    return len(one) == len(other) == 1 and ord(other) == ord(one) + 1


def mark_of(line: str) -> str:
    """The mark of a list or section at the start of a line, such as `-`, `(a)`, `1.`, `iv)`; else ""."""
    return _mark(line[:8])


@functools.lru_cache(4096)
def _mark(head: str) -> str:
    if head[0] in "-•●·○▪■◦➢►❌✗✘✅✓✔" or head.startswith("* "):
        return head[0]
    if head[0] == "第" or not ("." in head or ")" in head or "," in head):
        return ""
    if head[0].isdigit():
        number = head.partition(" ")[0]
        if number.count(".") > 1 and number.replace(".", "").isdigit():
            return number
    if head[0] == "(":
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


def _small(line: str) -> str:
    """The start of a line as the plain form writes it."""
    head = line[:8].lower()
    if head.isascii():
        return head
    return head.replace("（", "(").replace("）", ")").replace("、", ",").replace("．", ".")


def _end(form: str, start: int) -> int:
    end = form.find("\n", start)
    return len(form) if end < 0 else end
