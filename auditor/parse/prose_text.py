"""Sentences of a block without its markup, every model, dataset and link in them replaced by one sign.

The signs are characters of the private use area: patterns see `fine-tuned from ⟦1⟧ on ⟦2⟧`, and offsets stay exact.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any, NamedTuple

from auditor.parse.ids import is_id, read_id
from auditor.parse.prose_names import Meaning, find_names, fold

FIRST_SIGN = 0xE000
_MAX_SIGNS = 400
_MARKUP = (
    r"!\[[^\]\n]*\]\([^)\n]*\)"  # an image
    r"|\[([^\]\[\n]*)\]\(\s*<?([^)\s>]*)[^)\n]*\)"
    r"|(?i:<a\s[^>]*?href\s*=\s*[\"']?([^\"'\s>]+)[^>]*>([^<]*)</a>)"
    r"|<(https?://[^\s<>]+)>|<[^<>\n]{1,300}>|(https?://[^\s<>)\]\"'`，。；、）]+)"
    r"|`+([^`\n]{1,120})`+|\[([\w.-]+/[\w.-]+)\]|([\w.-]{2,}/[\w.-]{5,})"
    r"|\*+|~~|__"
)
_WORDS, _TARGET, _HREF, _INNER, _AUTO, _URL, _CODE, _BARE, _ID = range(1, 10)  # the groups of the pattern
_NOT_AN_ID = frozenset(
    {
        "spaces",
        "docs",
        "blog",
        "papers",
        "collections",
        "models",
        "datasets",
        "organizations",
        "settings",
        "tasks",
        "nlp",
    }
)
# Models that are older than the Hub's organizations bear one of these names; any other single name is a person's page.
_WITHOUT_ORGANIZATION = (
    "bert-",
    "distil",
    "roberta",
    "xlm",
    "xlnet",
    "albert",
    "gpt2",
    "openai-gpt",
    "t5-",
    "camembert",
    "ctrl",
    "transfo",
)
_FILES = (
    ".py",
    ".json",
    ".jsonl",
    ".txt",
    ".md",
    ".csv",
    ".tsv",
    ".sh",
    ".yaml",
    ".yml",
    ".bin",
    ".parquet",
    ".zip",
    ".png",
    ".ipynb",
)
_ABBREVIATIONS = ("e.g", "i.e", "etc", "vs", "al", "fig", "approx", "cf", "no", "ver")


class Mention(NamedTuple):
    """A model, dataset or closed system that a sentence names; `start` and `end` are offsets into the file.

    `loose` marks an id of which nothing says whether it is a model's or a dataset's, `named` a plain name.
    """

    start: int
    end: int
    surface: str
    meaning: Meaning
    loose: bool = False
    named: bool = False


class Sentence(NamedTuple):
    """One sentence with signs for its mentions; `start` and `end` are offsets into the file."""

    text: str
    start: int
    end: int
    mentions: dict[str, Mention]

    def signs(self) -> list[int]:
        """Where the signs stand in `text`."""
        return [i for i, c in enumerate(self.text) if c in self.mentions]


def is_sign(char: str) -> bool:
    """Whether the character stands for a mention."""
    return FIRST_SIGN <= ord(char) < FIRST_SIGN + _MAX_SIGNS


def sentences(text: str, start: int, end: int) -> Iterator[Sentence]:
    """The sentences of the block at `start` to `end` of the file."""
    plain, places, links = _without_markup(text, start, end)
    for first, last in _split(plain):
        yield _with_names(plain[first:last], places[first : last + 1], links)


def _without_markup(text: str, start: int, end: int) -> tuple[str, list[int], dict[str, Mention]]:
    """The words of the block, the offset of each character, and the links by their signs."""
    raw = text[start:end]
    if not raw.isascii():
        raw = "".join(" " if 0xE000 <= ord(c) <= 0xF8FF else c for c in raw)  # signs must be ours
    out: list[str] = []
    places: list[int] = []
    links: dict[str, Mention] = {}

    def keep(words: str, at: int) -> None:
        out.append(words)
        places.extend(range(at, at + len(words)))

    done = 0
    for found in _markup().finditer(raw):
        keep(raw[done : found.start()], start + done)
        done = found.end()
        mention, words, at = _read(found, start)
        if mention and len(links) < _MAX_SIGNS // 2:
            sign = chr(FIRST_SIGN + len(links))
            links[sign] = mention
            keep(sign, mention.start)
        elif words:
            keep(words, at)
        elif found[0][:2].lower() in ("<b", "</") and found[0].lower().startswith(
            ("<br", "</p", "</li", "</div", "</h")
        ):
            keep("\n", start + done - 1)
    keep(raw[done:], start + done)
    return _one_line("".join(out)), [*places, end], links


def _one_line(plain: str) -> str:
    """Line ends as spaces, save where a line plainly ends a statement."""
    lines = plain.split("\n")
    for i, line in enumerate(lines[:-1]):
        following = lines[i + 1].lstrip()
        hard = line.endswith(("  ", "\\")) or not following or following[:1] in "-*>" or ":" in following[:32]
        lines[i] = line + ("\n" if hard else " ")
    return "".join(lines)


def _read(found: Any, start: int) -> tuple[Mention | None, str, int]:
    """(what a piece of markup names, else the words that it leaves, where they stand)."""
    begin, end = start + found.start(), start + found.end()
    groups = found.groups()
    for target, words in ((_TARGET, _WORDS), (_HREF, _INNER)):
        if groups[target - 1] is not None:
            inside = groups[words - 1] or ""
            mention = _linked(groups[target - 1], inside, begin, end)
            return mention, inside.replace("`", " ").replace("*", " "), start + found.start(words)
    for group in (_AUTO, _URL):
        if url := groups[group - 1]:
            return _linked(url.rstrip(".,;:*"), url, begin, end), "", begin
    for group in (_CODE, _BARE, _ID):
        if words := groups[group - 1]:
            return _spelled(words.strip(), begin, end, group == _ID), words, start + found.start(group)
    return None, "", begin


def _linked(target: str, words: str, start: int, end: int) -> Mention | None:
    """A link to a repository of the Hub; one without a host counts when its words are the same id."""
    if "://" not in target:
        own_words = target.count("/") == 1 and (target == words or target.endswith(f"/{words}"))
        return _spelled(target, start, end, True) if own_words else None
    parsed = read_id(target)
    if parsed.id is None or parsed.id in _NOT_AN_ID or parsed.id.partition("/")[0] in _NOT_AN_ID:
        return None
    if "/resolve/" in target or "/blob/" in target or "/discussions" in target:
        return None
    org, slash, name = parsed.id.partition("/")
    if parsed.kind == "dataset":
        return Mention(start, end, words, Meaning(dataset=org if name == "viewer" else parsed.id))
    if not slash and not org.lower().startswith(_WITHOUT_ORGANIZATION):
        return None  # the page of a person or an organization
    return Mention(start, end, words, Meaning(model=parsed.id))


def _spelled(words: str, start: int, end: int, plain: bool) -> Mention | None:
    """An id that is spelled out. Outside of code it must look like one: `and/or` and `text/image-pairs` do not."""
    org, slash, name = words.rstrip(".").partition("/")
    if (
        not slash
        or not is_id(f"{org}/{name}")
        or org.lower() in _NOT_AN_ID
        or "." in org
        or not any(c.isalpha() for c in org)
    ):
        return None
    named = any(c.isdigit() for c in name) and any(c.isalpha() for c in name) and "-" in name
    if plain and not named:
        return None
    if not any(c.isalpha() for c in name) or name.lower().endswith(_FILES):
        return None
    return Mention(start, end, words, Meaning(model=f"{org}/{name}", dataset=f"{org}/{name}"), loose=True)


def _split(plain: str) -> Iterator[tuple[int, int]]:
    first = 0
    for found in _ends().finditer(plain):
        end = found.end()
        mark = plain[found.start()]
        following = plain[end : end + 1]
        if mark in ".;" and (following.islower() or plain[first : found.start()].lower().endswith(_ABBREVIATIONS)):
            continue
        if plain[first:end].strip():
            yield first, end
        first = end
    if plain[first:].strip():
        yield first, len(plain)


def _with_names(plain: str, places: list[int], links: dict[str, Mention]) -> Sentence:
    """The sentence with signs for the names in it, too."""
    lead = len(plain) - len(plain.lstrip())
    size = len(plain.rstrip())
    used = {c: links[c] for c in plain if c in links}
    out: list[str] = []
    done = lead
    for found in find_names(plain):
        if len(used) >= _MAX_SIGNS // 2:
            break
        sign = chr(FIRST_SIGN + _MAX_SIGNS // 2 + len(used))
        start, end = places[found.start], places[found.end - 1] + 1
        used[sign] = Mention(start, end, plain[found.start : found.end], found.meaning, named=True)
        out += [plain[done : found.start], sign]
        done = found.end
    out.append(plain[done:size])
    ending = used.get(plain[size - 1])
    return Sentence("".join(out), places[lead], ending.end if ending else places[size - 1] + 1, used)


def same_name(surface: str, own: str) -> bool:
    """Whether words name the repository itself: `Vicuna` in vicuna-13b-v1.1."""
    short, long = fold(surface), fold(own)
    return len(short) >= 3 and short in long


@functools.cache
def _markup() -> Any:
    import re2

    return re2.compile(_MARKUP)


@functools.cache
def _ends() -> Any:
    import re2

    return re2.compile(r"[.!?;][\"'”’)\]]*\s+|[。！？；\n]")
