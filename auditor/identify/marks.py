"""The marks before the items of lists and before sections, such as `-`, `(a)`, `1.`, `iv)`."""

from __future__ import annotations

import functools

_BULLETS = "-•●·○▪■◦➢►❌✗✘✅✓✔"
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi")
_HAN = "一二三四五六七八九十"
_LONGEST = 8  # characters
_WIDE = str.maketrans("（）、．", "(),.")


def mark_of(line: str) -> str:
    """The mark at the start of a line that is not empty, in lower case and half width; "" if it has none."""
    word, space, _ = line[:_LONGEST].partition(" ")
    return "" if word.isalnum() else _mark(word + space)


@functools.lru_cache(4096)
def _mark(head: str) -> str:
    head = head.lower().translate(_WIDE)
    if head[0] in _BULLETS or head.startswith("* "):
        return head[0]
    if head[0] == "第":
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
    return mark.isdigit() or not mark.strip("ivx") or not mark.strip(_HAN) or len(mark) == 1


@functools.lru_cache(1024)
def follows(before: str, mark: str, parted: bool) -> bool:
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
