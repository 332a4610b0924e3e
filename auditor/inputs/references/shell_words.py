"""The words of a shell: commands taken apart with the places of their words, and what a word looks like."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a command, without its quotes; `start` is its offset in the text."""

    text: str
    start: int
    place: tuple[int, int] | None = None  # where it stands, when that is outside the script


@functools.cache
def _token() -> Any:
    import re2

    word = r"(?:\\.|\$\{[^}\n]*\}|\$\([A-Za-z_]\w*\)|\"(?:[^\"\\]|\\.)*\"|'[^']*'|[^\s;&|()<>\"'\\])+"
    return re2.compile(rf"(?s)\\\r?\n|{word}|&&|\|\||[;&|()<>]|\n")


@functools.cache
def array_pattern() -> Any:
    """`name=(words)` at the start of a line."""
    import re2

    return re2.compile(r"(?m)^\s*(?:export |declare -a |local |readonly )?([A-Za-z_]\w*)=\(([^()]+)\)")


def commands(text: str) -> Iterator[list[Word]]:
    """The commands of a script as words; a backslash at the end of a line continues it."""
    current: list[Word] = []
    for match in _token().finditer(text):
        token = match.group(0)
        if token[0] == "\\" and token.endswith("\n"):
            continue
        if token in ("\n", ";", "&", "&&", "|", "||", "(", ")"):
            if current:
                yield current
            current = []
        elif token not in ("<", ">"):
            current.append(Word(*_bare(token, match.start())))
    if current:
        yield current


def _bare(token: str, start: int) -> tuple[str, int]:
    """A token without its quotes, and where its text begins."""
    if len(token) > 1 and token[0] in "\"'" and token[-1] == token[0]:
        return token[1:-1], start + 1
    return token.replace('"', "").replace("'", ""), start


def find_words(texts: Sequence[str], wanted: Sequence[str]) -> int | None:
    """Where the words of a known command follow each other."""
    for at in range(len(texts) - len(wanted) + 1):
        if texts[at].rpartition("/")[2] == wanted[0] and list(texts[at + 1 : at + len(wanted)]) == list(wanted[1:]):
            return at
    return None


_FLAGS = frozenset(
    {
        "--quiet",
        "--force-download",
        "--force",
        "--insecure",
        "--verbose",
        "-v",
        "--no-force-download",
        "--depth=1",
        "--recursive",
        "--direct",
        "--user",
    }
)


def operands(words_after: Sequence[Word]) -> Iterator[Word]:
    """Words that are neither options nor their values."""
    skip = False
    for word in words_after:
        if skip:
            skip = False
        elif word.text.startswith("-"):
            skip = "=" not in word.text and word.text not in _FLAGS
        elif word.text:
            yield word


def more_values(rest: Sequence[Word]) -> Iterator[Word]:
    """Further values of an option that takes several."""
    for word in rest:
        if word.text.replace(".", "").isdigit():
            continue  # the share of the one before
        if word.text.startswith("-") or "/" not in word.text or "=" in word.text:
            return
        yield word


def variable(text: str) -> tuple[str | None, str | None]:
    """The name and the fallback of a word that is nothing but one variable."""
    inner = ""
    if text.startswith(("${", "$(")) and text.endswith((")", "}")) and text.count("$") == 1:
        inner = text[2:-1]
    elif text.startswith("$") and text[1:].replace("_", "a").isalnum():
        inner = text[1:]
    name, _, fallback = inner.partition(":") if ":" in inner else inner.partition("-")
    if not name or not name.replace("_", "a").isalnum():
        return None, None
    return name, fallback.lstrip("-=") or None


def is_folder(name: str) -> bool:
    """Whether a variable says by its name that it holds a place on this machine."""
    low = name.lower()
    return any(part in low for part in ("dir", "folder", "output", "save", "root", "home", "path_to", "tmp"))


def starts_as_path(text: str) -> bool:
    """Whether a word with variables in it is rather a path than an id."""
    head = text.partition("/")[0]
    return (
        text.startswith(("/", "./", "../", "~"))
        or ("/" in text and is_folder(head.strip("${}()")))
        or text.count("/") > 1
    )
