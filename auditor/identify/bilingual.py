"""Texts in English and Chinese whose halves say different things: which part says what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from auditor.identify.vocabulary import vocabulary
from auditor.model import Clause, Span

_LEAST = 200  # characters of Chinese and words of English; below that a text has no halves
_FIGURES = ("threshold", "unit", "amount", "currency", "territories", "jurisdiction")  # what both halves must agree on
# A half lacks a clause for certain only where none of these words stands in it: a reader may miss a wording.
_SIGNS: Mapping[str, tuple[str, ...]] = {
    "non-commercial": (
        *("non-commercial", "noncommercial", "commercial purpose", "not for commercial", "any commercial"),
        *("非商业", "商业目的", "商业用途", "非商用", "非营利"),
    ),
    "research-only": ("research", "研究", "科研"),
    "user-count-cap": ("users", "visits", "mau", "dau", "用户", "访问", "日活", "月活"),
    "revenue-cap": ("revenue", "income", "收入", "营收", "营业额"),
    "no-train-other-models": ("train", "improve", "训练", "改进"),
    "territorial-exclusion": ("union", "territor", "jurisdiction", "欧盟", "地区", "境内", "境外"),
    "military-restriction": ("militar", "军"),
    "no-derivatives": ("deriv", "modif", "衍生", "修改"),
    "no-redistribution": ("distribut", "分发", "传播", "分享"),
}


@dataclass(frozen=True, slots=True)
class _Half:
    language: str
    text: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What one half says and the other does not, in words, at its place in the text."""

    words: str
    span: Span


def disagreements(text: str) -> tuple[Disagreement, ...]:
    """Where the English and the Chinese half of a text differ: in a figure, or in a restriction that only one has.

    Empty for texts in one language. Offsets count characters of `text`.
    """
    if not is_bilingual(text):
        return ()
    from auditor.identify.clauses import read_clauses

    english, chinese = _half(text, chinese=False), _half(text, chinese=True)
    halves = (_Half("English", english, read_clauses(english)), _Half("Chinese", chinese, read_clauses(chinese)))
    return (*_figures(*halves), *_alone(halves))


def is_bilingual(text: str) -> bool:
    """True where a good part of the text is Chinese and a good part English."""
    if text.isascii():
        return False
    chinese = sum("\u4e00" <= char <= "\u9fff" for char in text)
    return chinese >= _LEAST and len(_half(text, chinese=False).split()) >= _LEAST


def _half(text: str, *, chinese: bool) -> str:
    """The text with the lines of the other language blanked, so that places stay."""
    return "".join(
        line if _is_chinese(line) == chinese else " " * (len(line) - 1) + "\n"
        for line in text.splitlines(keepends=True)
    )


def _is_chinese(line: str) -> bool:
    """A Chinese character carries about as much as a word of five letters."""
    return 5 * sum("\u4e00" <= char <= "\u9fff" for char in line) > sum(
        char.isascii() and char.isalpha() for char in line
    )


def _figures(english: _Half, chinese: _Half) -> Iterator[Disagreement]:
    for name in dict.fromkeys(c.id for c in english.clauses):
        ours, theirs = ([c for c in half.clauses if c.id == name] for half in (english, chinese))
        for key in _FIGURES:
            one, other = _values(ours, key), _values(theirs, key)
            if one and other and not any(value in other.values() for value in one.values()):
                said, differently = next(iter(one.values())), next(iter(other.values()))
                span = next(c.span for c in theirs if key in c.params and c.span)
                title = vocabulary()[name].title.lower()
                words = f"its English part says {_told(said)} ({title}, {key}), its Chinese part {_told(differently)}"
                yield Disagreement(words, span)


def _values(clauses: Sequence[Clause], key: str) -> dict[str, Any]:
    found = (c.params[key] for c in clauses if key in c.params)
    return {str(value): sorted(value) if isinstance(value, list) else value for value in found}


def _alone(halves: tuple[_Half, _Half]) -> Iterator[Disagreement]:
    """Restrictions that one half has and of which the other has not so much as a word."""
    for here, there in (halves, halves[::-1]):
        have = {c.id for c in there.clauses}
        words = there.text.casefold()
        for clause in here.clauses:
            signs = _SIGNS.get(clause.id)
            if signs and clause.id not in have and clause.span and not any(sign in words for sign in signs):
                have.add(clause.id)
                title = vocabulary()[clause.id].title.lower()
                told = f"its {here.language} part has a clause that its {there.language} part lacks: {title}"
                yield Disagreement(told, clause.span)


def _told(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value))
    return f"{value:,}" if isinstance(value, int) else str(value)
