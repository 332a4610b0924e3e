"""The plain form of a legal text: one sentence a line, lower case, straight quotes, and exactly as long as the original.

Because every change replaces one character by one character, an offset into the plain form is an offset into the text
as given; nothing needs to be mapped back.
"""

from __future__ import annotations


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
    **{c: " " for c in range(0x2000, 0x200B)},
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
_JOINS = (",", ":", " and", " or", " and/or")


def plain(text: str) -> str:
    """The plain form of `text`, of the same length. Line feeds end sentences and stand nowhere else."""
    form = _joined(_lower(text).translate(_TABLE))
    for stop in (". ", "; ", "! ", "? "):
        form = form.replace(stop, stop[0] + "\n")
    form = form.replace('." ', '."\n').replace(".) ", ".)\n").replace("\x00", "\n")
    for short in _SHORT:
        form = form.replace(f" {short}.\n", f" {short}. ").replace(f"({short}.\n", f"({short}. ")
    return _bounded(form)


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
        parts.append("\n" if now and _breaks(before, now, blank) else " ")
        parts.append(line)
        if now:
            before, blank = now, False
        else:
            blank = True
    return "".join(parts)


def _breaks(before: str, now: str, blank: bool) -> bool:
    """Whether a sentence ends between two lines. PDF extractions put blank lines amid sentences."""
    if before.endswith(_JOINS):
        return False
    if _marked(now):
        return True
    return blank and not (
        now[0].isalpha() and (now[0].islower() or now[0] > "\u2e80") and len(before) > 24 and _open(before, now)
    )


def _open(before: str, now: str) -> bool:
    """Whether the line before stops in the middle of a sentence."""
    if before[-1] in ".;!?\x00":
        return False
    return now[0] > "\u2e80" or before[-1].isalnum() or before[-1] in "-)\"'/("


def _marked(line: str) -> bool:
    """Whether a line starts with the mark of a list or section: `-`, `(a)`, `1.`, `iv)`, `第`."""
    head = line[:5]
    if head[0] in "-•●·○▪第(":
        return True
    mark, dot, _ = line[:8].partition(".") if "." in line[:8] else line[:8].partition(")")
    return (
        bool(dot)
        and len(mark) <= 4
        and mark.isalnum()
        and (mark.isdigit() or mark.strip("ivx") == "" or len(mark) == 1)
    )


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
