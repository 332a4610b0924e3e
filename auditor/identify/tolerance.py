"""Which words beside a standard text mean nothing: copyright lines, titles, stock phrases, all of limited length."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from typing import NamedTuple

from auditor.identify.words import fold, is_chinese, split, without_markup
from auditor.resources import data_dir

COPYRIGHT_CHARS = 120  # a longer line could hide a sentence
_TITLE_CHARS = 160
_TITLE_STRANGERS = 3  # words of a title that neither the standard's name nor ordinary titles explain
_HOLDER_STRANGERS = 1  # words of a holder's name that begin small; more make a sentence, in whatever language
_TEMPLATE_WORDS = 12  # words that fill one blank of a template
_WORDS = ("Copyrights", "copyrights", "Copyright", "copyright", "COPYRIGHT")
_SIGNS = ("©", "Ⓒ", "版权所有", "版權所有")
_MARKS = (*_WORDS, *_SIGNS, "(c)", "(C)")
_PARTS = ("opyright", "COPYRIGHT", *_SIGNS, "(c)", "(C)")  # of the marks: each mark holds one


class _Lists(NamedTuple):
    restricting: frozenset[str]
    characters: frozenset[str]
    title: frozenset[str]
    title_restricting: frozenset[str]
    phrases: frozenset[str]
    holder: frozenset[str]


@functools.cache
def _lists() -> _Lists:
    loaded = json.loads((data_dir() / "fingerprints" / "tolerance.json").read_text("utf-8"))
    return _Lists(*(frozenset(loaded[name]) for name in _Lists._fields))


def restricts(words: Iterable[str]) -> bool:
    """Whether some word could be part of a condition, so that the passage must be shown to a person."""
    lists = _lists()
    return any(w in lists.restricting or w in lists.characters for w in words)


def is_copyright(passage: str) -> bool:
    """Whether `passage` is nothing but copyright lines, each short and without words of a condition."""
    pieces = _at_marks(passage)
    return len(pieces) > 1 and not split(fold(pieces[0])) and all(_holder(p) for p in pieces[1:])


def is_harmless(passage: str, *, first: bool, known: frozenset[str], titles: frozenset[str]) -> bool:
    """Whether `passage`, which the standard text lacks, changes nothing.

    `first` says that it stands before the text, where a title may be. `known` are the words of the standard's own
    name, `titles` those of all ids: the name of another license is no harmless title.
    """
    if " ".join(split(fold(passage))) in _lists().phrases:
        return True
    title: list[str] = []
    for paragraph in passage.replace("\r\n", "\n").split("\n\n"):
        head, *holders = _at_marks(paragraph)
        if not all(map(_holder, holders)):
            return False
        title.extend(split(fold(head)))
    return not title or (first and len(" ".join(title)) <= _TITLE_CHARS and _is_title(title, known, titles))


def fills_a_blank(passage: str) -> bool:
    """Whether `passage` may stand where a template leaves a blank for a name."""
    words = split(fold(passage))
    return len(words) <= _TEMPLATE_WORDS and not restricts(words)


def is_copyright_line(line: str) -> bool:
    """Whether a line of a standard text is its place for the copyright: a mark, then a year or a blank for one."""
    words = split(fold(line))
    bare = line.strip(" \t*#/;%<>-.\r")
    dated = any(len(w) == 4 and w.isdecimal() for w in words) or {"yyyy", "year", "years", "xxxx"} & set(words)
    marked = any(mark in line for mark in _MARKS[len(_WORDS) :])
    begins = bare.startswith((*_WORDS, *_SIGNS)) and (dated or marked)
    begins = begins or (bare.startswith(("(c)", "(C)")) and bool(dated))
    return bool(begins) and len(line.strip()) <= COPYRIGHT_CHARS and not restricts(words)


def _at_marks(passage: str) -> list[str]:
    """`passage` cut at every copyright mark, the marks gone."""
    pieces = [passage]
    if not any(part in passage for part in _PARTS):
        return pieces
    for mark in _MARKS:
        pieces = [part for piece in pieces for part in piece.split(mark)]
    return pieces


def _holder(piece: str) -> bool:
    """Whether what follows a copyright mark is years and names: mostly capitalised, an address, or "and others"."""
    words = split(fold(piece))
    plain = (token.strip(".,;:()[]<>\"'*/&") for token in without_markup(piece).split())
    small = [t for t in plain if t[:1].islower() and t.isalpha() and t.lower() not in _lists().holder]
    return len(" ".join(words)) <= COPYRIGHT_CHARS and len(small) <= _HOLDER_STRANGERS and not restricts(words)


def _is_title(words: list[str], known: frozenset[str], titles: frozenset[str]) -> bool:
    lists = _lists()
    strangers = [w for w in words if w not in known and w not in lists.title]
    if len(strangers) > _TITLE_STRANGERS or restricts(strangers):
        return False
    return not any(
        w in titles or w in lists.title_restricting or any(c.isdecimal() for c in w) or any(map(is_chinese, w))
        for w in strangers
    )
