"""Plain names of well-known models, datasets and closed systems in a sentence, and what they mean."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from auditor.parse.prose_rules import listed_words
from auditor.resources import data_dir, load_file, load_folder

_MOST_WORDS = 8
_JOINTS = frozenset({" ", "-", "_", " (", "/", " - "})
_SPACED = {code: " " for code in range(128) if not chr(code).isalnum() and chr(code) != "."}
_Word = tuple[int, int, str]


class Meaning(NamedTuple):
    """What a name stands for; several may hold, and the words around tell which. `sizes` leads from a size to an id."""

    model: str | None = None
    dataset: str | None = None
    closed: str | None = None
    sizes: Mapping[str, str] = {}


class Found(NamedTuple):
    """A name in a sentence: where it stands and what it means."""

    start: int
    end: int
    meaning: Meaning


def fold(name: str) -> str:
    """A name without case and punctuation, the points inside numbers kept: `Llama-2 7B` and `llama2-7b` are one."""
    low = name.casefold()
    last = len(low) - 1
    return "".join(
        c
        for i, c in enumerate(low)
        if c.isalnum() or (c == "." and 0 < i < last and low[i - 1].isdigit() and low[i + 1].isdigit())
    )


class Names(NamedTuple):
    """Names, folded, and how they begin, by one to three letters."""

    meanings: Mapping[str, Meaning]
    beginnings: frozenset[str]


def names_of(meanings: Mapping[str, Meaning]) -> Names:
    """The `meanings` made ready for the search."""
    return Names(meanings, frozenset(key[:n] for key in meanings for n in (1, 2, 3)))


NONE = names_of({})


def find_names(text: str, own: Names = NONE) -> Iterator[Found]:
    """The names in `text`, longest first and none inside another; what a card calls its `own` comes before the rest."""
    known = _known()
    words = _words(text)
    index = 0
    while index < len(words):
        start = words[index][2][:3]
        found = _longest(text, words, index, own.meanings) if start in own.beginnings else None
        if found is None and start in known.beginnings:
            found = _longest(text, words, index, known.meanings)
        if found is None:
            index += 1
            continue
        last, meaning = found
        if any(meaning) and _whole(text, words, index, last):
            yield Found(words[index][0], words[last][1], meaning)
        index = last + 1


def _longest(text: str, words: list[_Word], index: int, names: Mapping[str, Meaning]) -> tuple[int, Meaning] | None:
    best = None
    start = words[index][0]
    key = ""
    for last in range(index, min(index + _MOST_WORDS, len(words))):
        if last > index and text[words[last - 1][1] : words[last][0]] not in _JOINTS:
            break
        key += words[last][2]
        meaning = names.get(key)
        if meaning and (len(key) > 10 or any(c.isupper() or c.isdigit() for c in text[start : words[last][1]])):
            best = (last, meaning)
    return best


def _whole(text: str, words: list[_Word], first: int, last: int) -> bool:
    """Whether the name ends where it seems to: `Chinese-LLaMA`, `Llama 2 7B-xyz` and `GPT-4 v9` name something else."""
    start, end = words[first][0], words[last][1]
    if start and text[start - 1] in "-_/":
        return False
    if last + 1 < len(words):
        joint, following = text[end : words[last + 1][0]], words[last + 1][2]
        if joint in ("-", "_", "/") and following not in listed_words("suffixes"):
            return False
        if joint in (" ", "-") and _is_version(following):
            return False
    return first == 0 or _fits(text, words, first)


def _fits(text: str, words: list[_Word], first: int) -> bool:
    """Whether the word in front leaves the name whole: lower case, or the name of its maker."""
    start, end, before = words[first - 1]
    if text[end : words[first][0]] != " " or not text[start].isupper():
        return True
    return first == 1 or before in listed_words("owners")


def _is_version(word: str) -> bool:
    digits = word.removeprefix("v").rstrip("bmk")
    return digits.replace(".", "").isdigit() and (word[-1].isalpha() or word[0] == "v" or "." in word)


def _words(text: str) -> list[tuple[int, int, str]]:
    """(start, end, folded) of every run of ASCII letters and digits, points in front of a digit included."""
    plain = text.encode("ascii", "replace").decode("ascii").translate(_SPACED).lower()
    words: list[tuple[int, int, str]] = []
    at = 0
    for run in plain.split():
        at = plain.index(run, at)
        start = at
        for part in _parts(run):
            start = plain.index(part, start)
            words.append((start, start + len(part), fold(part) if "." in part else part))
            start += len(part)
        at += len(run)
    return words


def _parts(run: str) -> list[str]:
    """`v1.5.` is `v1.5`, and `Done.Then` two words."""
    if "." not in run:
        return [run]
    parts: list[str] = []
    for piece in run.split("."):
        if parts and piece[:1].isdigit() and parts[-1]:
            parts[-1] += f".{piece}"
        else:
            parts.append(piece)
    return [part for part in parts if part]


@functools.cache
def _known() -> Names:
    """Everything known by name; some names mean nothing here."""
    names: dict[str, Meaning] = {}

    def add(name: str, meaning: Meaning) -> None:
        key = fold(name)
        old = names.get(key, Meaning())
        names[key] = Meaning(
            old.model or meaning.model,
            old.dataset or meaning.dataset,
            old.closed or meaning.closed,
            old.sizes or meaning.sizes,
        )

    listed = load_file(data_dir() / "model_names.yaml")
    vague = {fold(name) for name in listed["vague"]}
    for raw in listed["models"]:
        for name, meaning in _spellings(raw):
            add(name, meaning)
    for raw in listed["datasets"]:
        for name in raw["names"]:
            add(name, Meaning(dataset=raw["id"]))
    for name, meaning in _elsewhere():
        if fold(name) not in vague:
            add(name, meaning)
    return names_of(names)


def _spellings(raw: Mapping[str, Any]) -> Iterator[tuple[str, Meaning]]:
    """Every name of one entry of the list, with its size and without."""
    sizes = raw.get("sizes")
    if sizes is None:
        yield from ((name, Meaning(model=raw["id"])) for name in raw["names"])
        return
    written = sizes if isinstance(sizes, dict) else {size: size for size in sizes}
    ids = {size.lower(): raw["id"].replace("{size}", inner) for size, inner in written.items()}
    default = ids.get(str(raw.get("default", "")).lower())
    for name in raw["names"]:
        yield from ((name.replace("{size}", size), Meaning(model=id)) for size, id in ids.items())
        bare = " ".join(name.replace("{size}", "").split())
        if bare:
            yield bare, Meaning(model=default, sizes=ids)


def _elsewhere() -> Iterator[tuple[str, Meaning]]:
    """Names that the other data files hold. A system's name counts as a model's where a number tells which it is."""
    from auditor.lineage.knowledge import closed_systems

    for closed in closed_systems():
        yield from ((name, Meaning(closed=closed.id)) for name in (closed.id, closed.name, *closed.aliases))
    for raw in load_folder(data_dir() / "datasets").values():
        target = raw["target"].removeprefix("datasets/")
        yield from ((name, Meaning(dataset=target)) for name in raw.get("names", ()))
    for raw in load_folder(data_dir() / "systems").values():
        target = raw.get("target") or ""
        for name in raw.get("names", ()):
            if raw["kind"] == "dataset":
                yield name, Meaning(dataset=target.removeprefix("datasets/"))
            else:  # a family's bare name hides the names of others in it: `Alpaca LoRA` is not the data of Alpaca
                numbered = raw["kind"] == "model" and any(c.isdigit() for c in name)
                yield name, Meaning(model=target if numbered else None)
