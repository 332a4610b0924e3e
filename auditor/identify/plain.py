"""The plain form of a legal text: one sentence a line, lower case, straight quotes, as long as the original.

Because every change replaces one character by one character, an offset into the plain form is an offset into the text
as given; nothing needs to be mapped back.
"""

from __future__ import annotations

import unicodedata

from auditor.identify.marks import mark_of

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
_ASCII = [(chr(code), to) for code in range(1, 128) if (to := _TABLE.get(code, chr(code))) != chr(code)]
# Full stops that end no sentence.
_SHORT = (
    "e.g.", "i.e.", "etc.", "inc.", "ltd.", "corp.", "co.", "no.", "u.s.", "u.k.", "vs.", "cf.", "sec.", "art.",
    "llc.", "s.a.", "st.",
)  # fmt: skip
_STOPS = ".;!?"
_JOINS = (",", ":", " and", " or", " and/or")
# Words after which a colon adds nothing.
_BEFORE_LISTS = ("not", "must", "shall", "should", "will", "that", "from", "required to", "agree to")
_WHOLE_LINE = 24  # characters; a shorter line before a blank one is a heading


def plain(text: str) -> str:
    """The plain form of `text`, of the same length. Line feeds end sentences and stand nowhere else."""
    form = _joined(_lower(_folded(_bulleted(text))))
    for stop in _STOPS:
        if stop in form:  # far quicker than to look for two characters
            form = form.replace(f"{stop} ", f"{stop}\n")
    form = form.replace(";(", ";\n").replace('." ', '."\n').replace(".) ", ".)\n").replace("\x00", "\n")
    for short in _among(_SHORT, form.split("\n")):
        form = form.replace(f" {short}\n", f" {short} ").replace(f"({short}\n", f"({short} ")
    for word in _among(_BEFORE_LISTS, form.split(":")):
        form = form.replace(f"{word}:", f"{word} ")
    form = form.replace(".\nall rights reserved", ". all rights reserved")  # closes a notice that began before it
    return _bounded(form)


def _among(words: tuple[str, ...], parts: list[str]) -> list[str]:
    """Those of the words with which some part ends."""
    longest = max(map(len, words))
    ends = "\n".join([part[-longest:] for part in parts]) + "\n"
    return [word for word in words if f"{word}\n" in ends]


def _bulleted(text: str) -> str:
    """Asterisks that open the items of a list become bullets; those down the side of a comment block do not."""
    if "*" not in text or "/*" in text or "*\n" in text.replace("**\n", ""):
        return text
    return text.replace("\n* ", "\n• ").replace("  * ", "  • ").replace("\t* ", "\t• ")


def _folded(text: str) -> str:
    """`text` after _TABLE. Replacing the few characters that it holds is faster than translating it all."""
    text = text.replace("\x00", " ")  # before it comes to mean the end of a sentence
    if not text.isascii():
        rest = text.encode("utf-8", "surrogatepass").translate(None, bytes(range(128))).decode("utf-8", "surrogatepass")
        for char in set(rest):
            if (to := _TABLE.get(ord(char), char)) != char:
                text = text.replace(char, to)
    for char, to in _ASCII:
        if char in text:
            text = text.replace(char, to)
    return text


def _lower(text: str) -> str:
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _joined(text: str) -> str:
    """Line feeds become spaces where a sentence was merely wrapped."""
    first, *lines = text.split("\n")
    parts = [first]
    before = first.strip()
    blank = not before
    for line in lines:
        now = line.strip()
        if not now:
            parts += (" ", line)
            blank = True
            continue
        mark = mark_of(now)
        parts.append("\n" if (mark or blank) and _breaks(before, now, mark) else " ")
        parts.append(line.replace(mark, " " * len(mark), 1) if mark else line)
        before, blank = now, False
    return "".join(parts)


def _breaks(before: str, now: str, mark: str) -> bool:
    """Whether a sentence ends before a mark or a blank line. PDF extractions put blank lines amid sentences."""
    if before.endswith(_JOINS):
        return False
    if mark:
        return True
    goes_on = now[0].isalpha() and (now[0].islower() or now[0] > "\u2e80")
    return not (goes_on and len(before) > _WHOLE_LINE and before[-1] not in ".;!?\x00")


def _bounded(form: str) -> str:
    """No line longer than MAX_SENTENCE: it is cut at a space where there is one."""
    at = 0
    while len(form) - at > MAX_SENTENCE:
        at = form.rfind("\n", at, at + MAX_SENTENCE + 1) + 1
        if not at:
            return "\n".join(map(_cut, form.split("\n")))
    return form


def _cut(line: str) -> str:
    parts = []
    while len(line) > MAX_SENTENCE:
        at = line.rfind(" ", MAX_SENTENCE // 2, MAX_SENTENCE)
        if at < 0:
            at = MAX_SENTENCE  # no space to give up: this character is lost to the patterns, not to the offsets
        parts.append(line[:at])
        line = line[at + 1 :]
    return "\n".join([*parts, line])
