"""Finds the items of lists that mean nothing without the words before the list, such as `You may not:`."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from auditor.identify.marks import follows, mark_of

MAX_ITEMS = 200  # of lists in one text
_DEEP = 20  # lists in each other; of more, which no license has, only the innermost are remembered
_INTRO = 200  # characters of the words before a list that its items get
_HEADING = 80  # characters; a longer line is no heading
_NOT = (" not", "cannot", "n't", "prohibit", "forbid", "disallow", "refrain", "不得", "禁止", "不可", "不能", "严禁")
_DUTY = (" must", " shall", " agree", "required to", "obliged to", "provided that", "应", "须")
_ENDING = ("terminat", "revok", "终止", "撤销", "收回")  # when: each item is a reason
_NEITHER = ("not apply", "liable", "licensor shall", "we shall", "not require", "meaning", "defin", "含义")
_NAMED = ("prohibit", "forbidden", "not permitted", "not allowed", "disallow", "unacceptable", "excluded", "禁止")
_HEADS = (*_NAMED, "restricted use", "use restrictions", "may not", "must not", "不得", "限制")
_FOR_EXAMPLE = ("including", "such as", "limited to", "example", "include", "包括", "如下")
_MAY = ("may", "allow", "permit", "can ", "encourage", "free to", "可", "允许", "acceptable")
_GOES_ON = (";", "; or", "; and")  # an item that is not the last of its list
_SENTENCE = (" may ", " must ", " shall ", " can ", " will ", "you ", " is ", " are ", "we ")
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
    lists: list[_Lead] = []
    blank, end = True, -1
    lines = text.split("\n")
    for number, line in enumerate(lines):
        at, end = end + 1, end + 1 + len(line)
        now = line.strip()
        if not now:
            blank = True
            continue
        colon = now[-1] in ":："
        matters = colon or lists or heading or (blank and len(now) < _HEADING)
        mark = mark_of(now) if matters else ""
        if matters and (mark or blank or colon):  # another line only goes on with the one before
            lead = None
            del lists[:-_DEEP]
            if lists or heading:
                start = at + line.index(now[0])
                stop = _end(form, start)
                lead = _lead_of(mark, lists, heading, form[start:stop], blank)
                if lead:
                    if lead.intro and (not lead.joined or lead.tail):
                        yield Item(lead.intro, lead.at, start + len(mark), stop, lead.tail)
                    lead.joined, lead.mark, lead.parted = False, mark or _LOOSE, False
                elif blank and not mark:
                    for one in lists:
                        one.parted = True
            if colon:
                outer = lead if mark else _goes_on(lists, blank)
                lists += _opened(form, at + len(line.rstrip()), outer or heading)
            elif blank and not lead and _is_heading(now, mark) and _alone(lines, number):
                heading = _headed(form, at + line.index(now[0]), end)
                lists.clear()
        blank = False


def _goes_on(lists: list[_Lead], blank: bool) -> _Lead | None:
    """The list that a line without a mark goes on with; if it goes on with none, all have ended."""
    if lists and not blank and not lists[-1].parted:
        return lists[-1]
    lists.clear()
    return None


def _lead_of(mark: str, lists: list[_Lead], heading: _Lead | None, words: str, blank: bool) -> _Lead | None:
    """The words that a line completes, if it is an item; lists that it shows to have ended are closed."""
    if not mark:
        runs_on = words.rstrip().endswith((*_GOES_ON, ", or", ", and"))
        if not blank or not lists or lists[-1].mark not in ("", _LOOSE) or not (runs_on or lists[-1].mark):
            return None
        lead = lists[-1]
        if not runs_on:
            lists.pop()
        return lead
    fitting = [n for n, one in enumerate(lists) if not one.mark or follows(one.mark, mark, one.parted)]
    if fitting:
        del lists[fitting[-1] + 1 :]
        return lists[-1]
    if lists and mark.strip("().,") in _FIRST:
        lists.append(_Lead("", 0, "", joined=True))  # a list with nothing before it
        return lists[-1]
    lists.clear()
    return heading if heading and not _holds(words, _SENTENCE) else None


def _opened(form: str, end: int, outer: _Lead | None) -> list[_Lead]:
    """What a line that ends with a colon, at `end`, says to the list after it: one or none."""
    begin = max(form.rfind("\n", 0, end - 1) + 1, end - _INTRO)
    words = form[begin:end]
    tail = _tail(words)
    if outer and not (_permits(words) and not outer.mark):
        if words.rstrip(" :：").endswith(_FOR_EXAMPLE):
            words = outer.intro
        elif outer.at < begin:
            words = f"{outer.intro} {words}"[-2 * _INTRO :]
        return [_Lead(words, begin, tail or outer.tail, joined=True)]
    return [_Lead(words, begin, tail, joined=True)] if _asks(words) else []


def _headed(form: str, start: int, end: int) -> _Lead | None:
    """A heading that forbids what is listed under it."""
    words = form[start:end]
    if not _holds(words, _HEADS):
        return None
    return _Lead(words if _tail(words) else f"prohibited: {words}", start, " is prohibited", joined=False)


def _is_heading(line: str, mark: str) -> bool:
    return len(line) < _HEADING and line[-1] not in ".;,。；，" and (not mark or mark[0].isdigit() or mark[0] in _HAN)


def _alone(lines: list[str], number: int) -> bool:
    """Whether the line is followed by a blank one, an item or nothing."""
    after = lines[number + 1].strip() if number + 1 < len(lines) else ""
    return not after or mark_of(after) != ""


def _items_in_sentences(text: str, form: str) -> Iterator[Item]:
    """Items that follow each other in one sentence, parted by semicolons."""
    lead, at = None, 0
    wide = "；" in text
    for line in form.split("\n"):
        end = at + len(line)
        goes_on = (";" in line and line.rstrip().endswith(_GOES_ON)) or (wide and text[end : end + 1] == "；")
        if lead and line.strip():
            yield Item(lead[0], lead[1], at, end)
            lead = lead if goes_on else None
        elif goes_on:
            lead = _lead_inside(text, form, at, end)
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
    return _holds(words, (*_NOT, *_DUTY, *_ENDING)) and not _holds(words, _NEITHER)


def _permits(words: str) -> bool:
    return _holds(words, _MAY) and not _holds(words, _NOT)


def _tail(words: str) -> str:
    return " is prohibited" if _holds(words, _NAMED) else ""


def _holds(words: str, some: tuple[str, ...]) -> bool:
    return any(map(words.__contains__, some))


def _end(form: str, start: int) -> int:
    end = form.find("\n", start)
    return len(form) if end < 0 else end
