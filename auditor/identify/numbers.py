"""Reads counts and amounts as licenses write them: `700 million`, `2,000,000`, `one hundred million`, `1亿`."""

from __future__ import annotations

_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_SCALES = {
    "hundred": 100, "thousand": 1000, "k": 1000, "million": 10**6, "m": 10**6, "mm": 10**6, "mn": 10**6,
    "billion": 10**9, "bn": 10**9, "b": 10**9, "trillion": 10**12,
}  # fmt: skip
_HAN_DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "兩": 2}
_HAN_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}


def read_number(words: str) -> int | None:
    """The whole number that `words` says, or None. Grouping commas and spaces are skipped; `1.5 million` is read."""
    words = words.strip().lower()
    if any(c in _HAN_SCALES or c in _HAN_DIGITS for c in words):
        return _han(words.replace(" ", "").replace(",", ""))
    total, current, seen = 0.0, 0.0, False
    for word in _tokens(words):
        if word in _SCALES:
            scale = _SCALES[word]
            current = (current or 1.0) * scale
            if scale > 100:
                total, current = total + current, 0.0
        elif word in _WORDS:
            current += _WORDS[word]
        elif word == "and":
            continue
        else:
            try:
                current = current * 1000 + float(word) if seen and len(word) == 3 else float(word)
            except ValueError:
                return None
        seen = True
    return int(total + current) if seen else None


def _tokens(words: str) -> list[str]:
    spaced = []
    for before, char in zip(" " + words, words, strict=False):
        if char.isalpha() and before.isdigit():
            spaced.append(" ")
        spaced.append(" " if char in "-\u2011" else char)
    return "".join(spaced).replace(",", "").split()


def _han(words: str) -> int | None:
    """Chinese numerals, also after Arabic digits: 一亿, 3000万, 二百五十."""
    total, section, digits = 0, 0, ""
    for char in words:
        if char.isdigit() and char.isascii():
            digits += char
        elif char in _HAN_DIGITS:
            digits += str(_HAN_DIGITS[char])
        elif char in _HAN_SCALES:
            scale, value = _HAN_SCALES[char], int(digits) if digits else 0
            digits = ""
            if scale >= 10**4:
                total = (total + (section + value or 1)) * scale
                section = 0
            else:
                section += (value or 1) * scale
        else:
            return None
    return total + section + (int(digits) if digits else 0)
