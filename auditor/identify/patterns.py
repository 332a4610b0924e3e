"""The language in which rules/clauses says how a clause is worded, translated to RE2.

A pattern is an RE2 expression over the plain form of a text (lower case, one sentence a line), with these habits:

    a space          one or more spaces; between Chinese characters spaces are always allowed
    ` .. `           anything within the sentence, between whole words; `..` between Chinese words
    a hyphen         `non-commercial` is also `non commercial` and `noncommercial`
    {name}           a fragment of rules/clauses/_words.yaml
    (?P<name>...)    a value for a parameter

A pattern starts and ends at word boundaries; `\\w*` leaves an end open.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_HAN = ("\u2e80", "\u9fff")
_GAPS = {"\x01": r"\b.*?\b", "\x02": ".*?"}


class PatternError(ValueError):
    """A pattern that cannot be translated; the message says why."""


def expand(pattern: str, words: Mapping[str, str], depth: int = 0) -> str:
    """The pattern with its fragments put in. Raises PatternError for one that does not exist."""
    if depth > 8:
        raise PatternError("fragments of _words.yaml that contain each other")
    parts = pattern.split("{")
    out = [parts[0]]
    for part in parts[1:]:
        name, brace, rest = part.partition("}")
        if brace and name.replace(",", "").isdigit():
            out.append(f"{{{name}}}{rest}")  # a repetition such as {0,3}
        elif brace and name in words:
            out.append(f"(?:{expand(words[name], words, depth + 1)}){rest}")
        else:
            raise PatternError(f"unknown fragment {{{name}}}")
    return "".join(out)


def translate(expanded: str) -> str:
    """RE2 source of an expanded pattern."""
    return "|".join(_branch(branch) for branch in _branches(expanded))


def _branch(branch: str) -> str:
    """One alternative, between word boundaries."""
    source = []
    text = branch.replace(" .. ", "\x01").replace("..", "\x02")
    in_class = False
    for before, char, after in zip("\0" + text, text, text[1:] + "\0", strict=False):
        if in_class or char == "[":
            in_class = char != "]"
            source.append(char)
        elif char == " ":
            source.append(" " if after in "?*+{" else " +")
        elif char == "-" and before.isalpha() and after.isalpha():
            source.append("-? *")
        elif _han(char) and _han(after):
            source.append(char + " *")
        else:
            source.append(_GAPS.get(char, char))
    body = "".join(source)
    return ("\\b" if _edge(branch, 1) else "") + f"(?:{body})" + ("\\b" if _edge(branch, -1) else "")


def _branches(pattern: str) -> list[str]:
    """The alternatives of a pattern, split at the bars that stand in no group."""
    branches, depth = [""], 0
    for char in pattern:
        depth += (char in "([") - (char in ")]")
        if char == "|" and depth == 0:
            branches.append("")
        else:
            branches[-1] += char
    return branches


def compile_pattern(pattern: str, words: Mapping[str, str]) -> Any:
    """The compiled form (an RE2 object for bytes). Raises PatternError."""
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(translate(expand(pattern, words)), options)
    except re2.error as error:
        raise PatternError(f"not a valid expression: {error}") from error


def anchor(pattern: str) -> str:
    """The longest literal that every match must contain, or "" where none is certain: a cheap test before a search."""
    depth, runs, run = 0, [], ""
    skip = False
    for at, char in enumerate(pattern):
        following = pattern[at + 1 : at + 2]
        if char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif depth == 0 and char == "|":
            return ""
        elif depth == 0 and not skip and (char.isalpha() or char in "'\"$") and not _optional(following):
            if _han(char):  # spaces may stand between Chinese characters
                runs.append(char)
                run = ""
            else:
                run += char
            continue
        skip = char == "\\"
        runs.append(run)
        run = ""
    return max([*runs, run], key=len)


def _optional(following: str) -> bool:
    return following in ("?", "*", "{")


def _han(char: str) -> bool:
    return bool(char) and _HAN[0] <= char <= _HAN[1]


def _edge(expanded: str, step: int) -> bool:
    """Whether the pattern starts (1) or ends (-1) with a letter or digit, looked for inside groups."""
    bare = expanded[::step]
    skipped = "(?:" if step == 1 else ")?"
    for char in bare:
        if char not in skipped:
            return char.isascii() and char.isalnum()
    return False
