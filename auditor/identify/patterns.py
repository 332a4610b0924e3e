"""The language in which rules/clauses says how a clause is worded, translated to RE2.

A pattern is an RE2 expression over the plain form of a text (lower case, one sentence a line), with these habits:

    a space          one or more spaces (` ?`: any number); between Chinese characters spaces are always allowed
    ` .. `           anything within the sentence, between whole words; `..` between Chinese words
    a hyphen         `non-commercial` is also `non commercial` and `noncommercial`
    {name}           a fragment of rules/clauses/_words.yaml; one with `once:` is found once for a text (stamps.py)
    (?P<name>...)    a value for a parameter

A pattern starts and ends at word boundaries; `\\w*` leaves an end open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_HAN = ("\u2e80", "\u9fff")
_GAPS = {"\x01": r"\b.*?\b", "\x02": ".*?"}
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # never in a plain form
_LONG = 500  # characters of a source
_MEMORY = 1 << 19  # bytes that one expression may take; many are in use at once
_MEMORY_LONG = 8 << 20  # for the few long ones: with too little, RE2 gives up its automaton and is many times slower


Words = Mapping[str, str | Mapping[str, str]]
"""The fragments by name; those in a mapping with `once` are stamped."""


class PatternError(ValueError):
    """A pattern that cannot be translated; the message says why."""


def stamps(words: Words) -> dict[str, str]:
    """The fragments that are found once: name to the capital letter that stands for it where it was found."""
    return dict(zip((name for name, said in words.items() if not isinstance(said, str)), _CAPITALS, strict=False))


def expand(pattern: str, words: Words, *, stamped: bool = False, depth: int = 0) -> str:
    """The pattern with its fragments put in, or with their stamps. Raises PatternError for one that does not exist."""
    if depth > 8:
        raise PatternError("fragments of _words.yaml that contain each other")
    parts = pattern.split("{")
    out = [parts[0]]
    for part in parts[1:]:
        name, brace, rest = part.partition("}")
        if brace and name.replace(",", "").isdigit():
            out.append(f"{{{name}}}{rest}")  # a repetition such as {0,3}
        elif brace and name in words:
            said = words[name]
            if not isinstance(said, str):
                said = f"{stamps(words)[name]}+" if stamped else _once(name, said)
            out.append(f"(?:{expand(said, words, stamped=stamped, depth=depth + 1)}){rest}")
        else:
            raise PatternError(f"unknown fragment {{{name}}}")
    return "".join(out)


def _once(name: str, said: Mapping[str, str]) -> str:
    if list(said) != ["once"] or not isinstance(said["once"], str):
        raise PatternError(f"the fragment {name!r} is neither words nor a mapping with `once`")
    return said["once"]


def translate(expanded: str) -> str:
    """RE2 source of an expanded pattern."""
    return "|".join(_branch(branch) for branch in _branches(expanded))


def _branch(branch: str) -> str:
    """One alternative, between word boundaries."""
    source = []
    text = branch.replace(" .. ", "\x01").replace("..", "\x02").replace(" ?", " *")
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
    branches, start = [], 0
    for at, _, depth in _walk(pattern):
        if depth == 0 and pattern[at] == "|":
            branches.append(pattern[start:at])
            start = at + 1
    return [*branches, pattern[start:]]


def _walk(pattern: str) -> Iterator[tuple[int, str, int]]:
    """(place, character, depth of groups) of each character that is neither escaped nor in a class.

    An escape and a class are reported as one `\\` at their place; an opening parenthesis counts as outside its group.
    """
    at, depth = 0, 0
    while at < len(pattern):
        char, step = pattern[at], 1
        if char == "\\":
            step = 2
        elif char == "[":
            char, step = "\\", pattern.index("]", at + 2) + 1 - at if "]" in pattern[at + 2 :] else len(pattern)
        elif char == ")":
            depth -= 1
        yield at, char, depth
        depth += char == "("
        at += step


def search_source(pattern: str, words: Words) -> str:
    """RE2 source of a pattern that searches whole texts, in their stamped form. Raises PatternError.

    A bounded gap, `.{0,80}?`, makes an expression eighty times as large. It becomes an unbounded one in a group whose
    name holds the bound; `within_bounds` measures it after the match.
    """
    parts = expand(pattern, words, stamped=True).split(".{0,")
    out = [parts[0]]
    for serial, part in enumerate(parts[1:]):
        bound, _, rest = part.partition("}?")
        out.append(f"(?P<gap{serial}_{bound}>.*?){rest}")
    return _checked(translate("".join(out)))


def sentence_source(patterns: Iterable[str], words: Words) -> str:
    """RE2 source that finds any of the patterns in one sentence. Raises PatternError."""
    return _checked("|".join(translate(expand(pattern, words)) for pattern in patterns))


def gaps(source: str) -> list[int]:
    """The bounds of the gaps of a `search_source`, in characters."""
    return [int(part.partition("_")[2].partition(">")[0]) for part in source.split("(?P<gap")[1:]]


def catches(source: str) -> bool:
    """Whether a `search_source` has groups besides its gaps."""
    return source.count("(?P<") > source.count("(?P<gap")


def values(match: Any) -> dict[str, tuple[int, int]]:
    """Start and end, in bytes, of what the groups of a match caught, without its gaps."""
    return {name: span for name, span in _groups(match) if not name.startswith("gap") and span[0] >= 0}


def within_bounds(match: Any) -> bool:
    """Whether the gaps of a match of a `search_source` are as short, in characters, as the pattern asks for."""
    for name, (start, end) in _groups(match):
        if name.startswith("gap"):
            bound = int(name.partition("_")[2])
            if end - start > bound and len(match.string[start:end].decode()) > bound:
                return False
    return True


def _groups(match: Any) -> Iterator[tuple[str, tuple[int, int]]]:
    """Name, start and end of each group; a source in bytes names its groups in bytes."""
    for name, index in match.re.groupindex.items():
        yield name if isinstance(name, str) else name.decode(), match.span(index)


def is_stamp(source: str) -> bool:
    """Whether a character of a `search_source` is a stamp."""
    return source in _CAPITALS


def compile_source(source: str, *, groups: bool = True) -> Any:
    """An RE2 object for bytes; one without groups finds the same matches faster."""
    import re2

    options = re2.Options()
    options.log_errors = False
    options.never_capture, options.max_mem = not groups, _MEMORY if len(source) < _LONG else _MEMORY_LONG
    if not source.isascii():
        return re2.compile(source, options)
    # In bytes, "any character" is one step instead of the eight that UTF-8 takes; ASCII words are found all the same.
    options.encoding = re2.Options.Encoding.LATIN1
    return re2.compile(source.encode(), options)


def _checked(source: str) -> str:
    import re2

    try:
        compile_source(source)
    except re2.error as error:
        raise PatternError(f"not a valid expression: {error}") from error
    return source


def is_han(pattern: str) -> bool:
    """Whether only Chinese text can match."""
    return all(any(map(_han, branch)) for branch in _branches(pattern))


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
