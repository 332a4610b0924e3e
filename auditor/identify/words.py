"""Words of a text with their places: case, punctuation, Markdown and HTML marks do not count."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Callable
from itertools import accumulate, compress
from typing import Any

_TAGS = (
    "a|b|i|u|p|s|em|br|hr|li|ol|ul|dl|dt|dd|td|th|tr|h1|h2|h3|h4|h5|h6|div|pre|sub|sup|html|head|body|span|code|font|"
    "small|strong|title|table|tbody|thead|tfoot|center|section|article|main|header|footer|blockquote|meta|link"
)
_ATTRIBUTE = r"""\s+[a-zA-Z-]+=(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+)"""
_TAG = rf"</?(?i:{_TAGS})(?:{_ATTRIBUTE})*\s*/?>"
_DOCTYPE = r"<!(?i:doctype)\s+(?i:html)\s*>"
_LINK_TARGET = r"\]\([^\s()<>]+\)"
_NAMED = "quot|apos|amp|lt|gt|nbsp|ldquo|rdquo|lsquo|rsquo|mdash|ndash|hellip|copy|reg|trade|sect|bull|middot"
_ENTITY = rf"&(?:{_NAMED});|&#[0-9]{{1,6}};|&#[xX][0-9a-fA-F]{{1,5}};"
_REMEMBERED = 20_000  # characters; more of them are no language
_LONGEST = 400  # characters of a mark that goes unread
_CJK = (("\u3400", "\u9fff"), ("\uf900", "\ufaff"), ("\U00020000", "\U0003ffff"))


class _Folding(dict[int, str]):
    """Character to its folded form: a lower-case letter or digit stands for itself, everything else for a blank."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        wide = unicodedata.normalize("NFKC", char)
        folded = (wide if len(wide) == 1 else char).lower()
        kept = folded if len(folded) == 1 and folded.isalnum() else " "
        if len(self) < _REMEMBERED:
            self[code] = kept
        return kept


class _Spacing(dict[int, str]):
    """Character to itself, a Chinese one between blanks."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        spaced = f" {char} " if is_chinese(char) else char
        if len(self) < _REMEMBERED:
            self[code] = spaced
        return spaced


_FOLDING = _Folding()
_SPACING = _Spacing()
_ASCII = bytes(range(128))
_ASCII_FOLDING = "".join(_FOLDING[code] for code in range(128)).encode() + bytes(range(128, 256))
_FEW = 100  # characters that are quicker replaced one by one


def fold(text: str) -> str:
    """`text` in lower case with blanks for everything that is no letter or digit; every offset stays what it was."""
    text = without_markup(text)
    if not text.isascii():
        strange = set(text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass"))
        changed = [(char, to) for char in strange if (to := _FOLDING[ord(char)]) != char]
        if len(changed) > _FEW:
            return text.translate(_FOLDING)
        for char, to in changed:  # what a character folds to folds to itself
            text = text.replace(char, to)
    return text.encode().translate(_ASCII_FOLDING).decode()


def split(folded: str) -> list[str]:
    """The words of a folded text; each Chinese character is a word of its own."""
    words = folded.split()
    if folded.isascii():
        return words
    out: list[str] = []
    for word in words:
        if word.isascii():
            out.append(word)
        else:
            out.extend(_pieces(word))
    return out


def places(folded: str, words: list[str]) -> list[int]:
    """Where each of `words`, as `split` gave them, begins in `folded`."""
    pieces = f"{folded} ".replace(" ", "\n").splitlines(keepends=True)  # a word with its blank is longer than 1
    lengths = list(map(len, pieces))
    starts = list(compress(accumulate(lengths, initial=0), map((1).__lt__, lengths)))
    if len(starts) == len(words):
        return starts
    out: list[int] = []
    for word, start in zip(folded.split(), starts, strict=True):
        if word.isascii():
            out.append(start)
        else:
            out.extend(accumulate(map(len, _pieces(word)[:-1]), initial=start))
    return out


def is_chinese(char: str) -> bool:
    """Whether `char` is a Chinese character."""
    return any(low <= char <= high for low, high in _CJK)


def _pieces(word: str) -> list[str]:
    return word.translate(_SPACING).split()


def without_markup(text: str) -> str:
    """Blanks in place of HTML tags, entities that stand for punctuation, and the targets of Markdown links."""
    if "<" in text and ">" in text:
        text = _pattern(f"{_TAG}|{_DOCTYPE}").sub(_blank_mark, text)
    if "&" in text and ";" in text:
        text = _pattern(_ENTITY).sub(_blank_entity, text)
    if "](" in text:
        text = _pattern(_LINK_TARGET).sub(_blank_mark, text)
    return text


def _blank_mark(match: Any) -> str:
    """A tag or an address goes unless it is long or could be read as a condition: nothing may hide in one."""
    from auditor.identify.tolerance import restricts

    mark: str = match.group()
    hides = len(mark) > _LONGEST or restricts(mark.translate(_FOLDING).split())
    return mark if hides else " " * len(mark)


def _blank_entity(match: Any) -> str:
    """An entity goes only where it stands for no letter and no digit."""
    import html

    entity: str = match.group()
    return entity if any(c.isalnum() for c in html.unescape(entity)) else " " * len(entity)


class _Pattern:
    """A linear-time pattern with a substitution that keeps lengths; RE2 is imported only by a text that has markup."""

    def __init__(self, source: str) -> None:
        import re2

        self._re = re2.compile(source)

    def sub(self, replace: Callable[[Any], str], text: str) -> str:
        return str(self._re.sub(replace, text.encode("utf-8", "replace").decode("utf-8")))  # "?" for a lone surrogate


@functools.cache
def _pattern(source: str) -> _Pattern:
    return _Pattern(source)
