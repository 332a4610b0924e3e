"""Tells under which section number of a license a passage stands: `2`, `1.b.v`, `3.2`, `第三条`."""

from __future__ import annotations

import functools
from bisect import bisect_right
from typing import Any

_HAN = "一二三四五六七八九十百"
_MARK = (
    r"(?im)^[ \t>#*\-\x{feff}]*(?:(?:section|article|clause)[ \t]+)?"
    rf"(第[ ]?[{_HAN}\d]+[ ]?[条章节]|[{_HAN}]{{1,3}}(?:、|[ \t]*\.)|[（(][{_HAN}]{{1,3}}[）)]|"
    r"\(?(?:\d{1,2}(?:\.\d{1,2}){0,3}|[a-z]|[ivx]{1,5})\)|(?:\d{1,2}(?:\.\d{1,2}){0,3}|[a-z]|[ivx]{1,5})[.、:：]|"
    r"\d{1,2}(?:\.\d{1,2}){1,3})(?:[ \t\\*]|$|[^\x00-\x7f])"
)


@functools.cache
def _marks() -> Any:
    import re2

    return re2.compile(_MARK)


class Sections:
    """Section marks of one text, found once, asked by offset."""

    def __init__(self, text: str) -> None:
        self._starts: list[int] = []
        self._names: list[str] = []
        stack: list[tuple[str, str]] = []
        for match in _marks().finditer(text.encode("utf-8", "replace").decode("utf-8")):
            stack = _push(stack, match.group(1))
            self._starts.append(match.start())
            self._names.append(".".join(name for _, name in stack))

    def at(self, offset: int) -> str | None:
        """The section that holds `offset`, or None before the first."""
        index = bisect_right(self._starts, offset) - 1
        return self._names[index] if index >= 0 else None


def _push(stack: list[tuple[str, str]], mark: str) -> list[tuple[str, str]]:
    """The stack of (kind of mark, its bare name) after one more mark."""
    bare = mark.strip("().、:：（） \t")
    kind = _kind(bare, mark, stack)
    if "." in bare or bare[0] == "第":
        return [(kind, bare)]
    kinds = [k for k, _ in stack]
    return [*(stack[: kinds.index(kind)] if kind in kinds else stack), (kind, bare)]


def _kind(bare: str, mark: str, stack: list[tuple[str, str]]) -> str:
    style = "(" if mark[0] in "(（" else mark[-1]
    if bare[0].isdigit():
        return "number" + ("(" if style in "()" else "")
    if bare[0] in _HAN or bare[0] == "第":
        return "han" + style
    low = bare.lower()
    letter = f"letter{style}"
    follows = any(k == letter and ord(name.lower()[-1]) + 1 == ord(low[-1]) for k, name in stack if len(name) == 1)
    roman = low.strip("ivx") == "" and not (len(low) == 1 and follows)
    return f"roman{style}" if roman else letter
