"""Links and spelled-out ids in the markup of a card, and the repositories that they name."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from auditor.parse.ids import is_id, read_id
from auditor.parse.prose_names import Meaning, Names, fold, names_of

_MARKUP = (
    r"!\[[^\]\n]*\]\([^)\n]*\)"  # an image
    r"|\[([^\]\[\n]*)\]\(\s*<?([^)\s>]*)[^)\n]*\)"
    r"|(?i:<a\s[^>]*?href\s*=\s*[\"']?([^\"'\s>]+)[^>]*>([^<]*)</a>)"
    r"|<(https?://[^\s<>]+)>|<[^<>\n]{1,300}>|(https?://[^\s<>)\]\"'`，。；、）]+)"
    r"|`+([^`\n]{1,120})`+|\[([\w.-]+/[\w.-]+)\]|([\w.-]{2,}/[\w.-]{5,})"
    r"|\*+|~~|__"
)
_HUB_IDS = r"(?:\[[*_`]*([^\]\[*`\n]{6,60})[*_`]*\]\()?https://huggingface\.co/(datasets/)?([\w.-]{2,40}/[\w.-]{5,90})"
_WORDS, _TARGET, _HREF, _INNER, _AUTO, _URL, _CODE, _BARE, _ID = range(1, 10)  # the groups of the pattern
_PAGES = ("spaces", "docs", "blog", "papers", "collections", "models", "datasets", "organizations", "settings", "nlp")
# Models that are older than the Hub's organizations bear one of these names; any other single name is a person's page.
_WITHOUT_ORGANIZATION = (
    *("bert-", "distil", "roberta", "xlm", "xlnet", "albert", "gpt2", "openai-gpt", "t5-", "camembert", "ctrl"),
    "transfo",
)
_FILES = (
    *(".py", ".ipynb", ".sh", ".json", ".jsonl", ".csv", ".tsv", ".yaml", ".yml", ".txt", ".md"),
    *(".bin", ".parquet", ".zip", ".png"),
)


# Files of weights: a link to one stands for its repository.
_WEIGHTS = (".ckpt", ".safetensors", ".pth", ".pt", ".bin", ".gguf", ".h5", ".onnx")
_MOST_NAMES = 300  # repositories of a card whose names are remembered


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


@functools.cache
def markup() -> Any:
    """The pattern of every piece of markup that is no plain text."""
    import re2

    return re2.compile(_MARKUP)


def linked_names(text: str, body: int, own: str) -> Names:
    """The names by which a card may call what its front matter (up to `body`) declares and what it links to on the Hub.

    A name is the last part of an id or the words of a link, where a digit or a hyphen shows that it is one; the first
    id that bears it counts. The name of the repository itself, `own`, is left out.
    """
    import re2

    found = islice(re2.finditer(_HUB_IDS, text), _MOST_NAMES)
    meanings: dict[str, Meaning] = {}
    linked = [(m[3], bool(m[2]), m[1]) for m in found]
    declared = [(id, is_dataset, "") for id, is_dataset in _declared(text[:body])]
    for id, is_dataset, words in declared + linked:
        id = id.rstrip(".")
        org, _, last = id.partition("/")
        for name in (last, words or ""):
            key = fold(name)
            telling = len(key) > 5 and any(c.isalpha() for c in name) and any(c.isdigit() for c in name)
            telling = telling or (name == words and len(key) > 8 and "-" in name and " " not in name)
            if telling and org not in _PAGES and key != fold(own.rpartition("/")[2]):
                meanings.setdefault(key, Meaning(dataset=id) if is_dataset else Meaning(model=id))
    return names_of(meanings)


def _declared(front: str) -> Iterator[tuple[str, bool]]:
    """(id, whether it is a dataset's) of the base models and datasets of a front matter, read line by line."""
    key = ""
    for line in front.splitlines():
        if line[:1].isalpha():
            key, _, line = line.partition(":")
        id = line.strip(" -\t\"'")
        if key in ("base_model", "datasets") and is_id(id):
            yield id, key == "datasets"


def read_markup(found: Any, start: int) -> tuple[Mention | None, str, int]:
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
    if parsed.id is None or parsed.id in _PAGES or parsed.id.partition("/")[0] in _PAGES:
        return None
    if "/discussions" in target or (("/resolve/" in target or "/blob/" in target) and not target.endswith(_WEIGHTS)):
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
        or org.lower() in _PAGES
        or "." in org
        or not any(c.isalpha() for c in org)
    ):
        return None
    named = any(c.isdigit() for c in name) and any(c.isalpha() for c in name)
    if plain and not named:
        return None
    if plain and "-" not in name:  # a dataset's where the words call it one, else too little to go by
        known = len(name) > 4 and not any(c.isdigit() for c in org)
        return Mention(start, end, words, Meaning(dataset=f"{org}/{name}"), loose=True) if known else None
    if not any(c.isalpha() for c in name) or name.lower().endswith(_FILES):
        return None
    return Mention(start, end, words, Meaning(model=f"{org}/{name}", dataset=f"{org}/{name}"), loose=True)
