"""Licenses that a few words name rather than are: a card's license section, a one-line LICENSE file, an SPDX tag."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from auditor.identify import catalogue

About = Literal["weights", "code", "data"]

MAX_TEXT = 20_000  # characters that are read; a section longer than this is a license rather than a mention of one
_MOST_WORDS = 9  # of a license's name
_FEW = 15  # words: a text this short names a license without saying "under"
_BARE = ("licens", "licenc", "agreement", "terms", "creativecommons", "许可", "协议")
_CUES = (
    r"(?i)\bunder\b|licen[sc]ed|licen[sc]e|governed by|subject to|adhere|comply with|follows|许可|协议|遵循|遵守|采用"
)
# What the sentence speaks of; the last one before the name counts.
_ABOUT = (
    r"(?i)(?P<code>\b(?:code|codebase|source|scripts?|software|toolkit|library)\b|代码)"
    r"|(?P<data>\b(?:data ?sets?|data|corpus|corpora|annotations)\b|数据)"
    r"|(?P<weights>\b(?:models?|weights?|checkpoints?|parameters|adapters?)\b|模型|权重)"
)
# Words that lead to somebody else's license, or that grant none.
_OTHERS = (
    r"(?i)\b(?:base[ds]? (?:model|on)|original|upstream|backbone|derived from|fine-?tuned (?:from|on)"
    r"|built (?:on|upon|with)|inherit\w*|third[- ]party|not (?:licensed|released|available)"
    r"|unlike|compatible|previously|formerly)\b"
)
_CHOICE = r"(?i:\beither\b.{1,200}\bor\b|\bat your (?:option|choice)\b|\byour choice of\b|\bdual[- ]licen[sc])|\bOR\b"
_TAG = r"SPDX-License-Identifier:[ \t]*([^\r\n*<>\"']{1,200})"
_SENTENCE = r"[^\n.;。；]+(?:[.][^\s][^\n.;。；]*)*"
_WORD = r"[0-9A-Za-z][0-9A-Za-z.+_-]*"
_LINK = r"https?://[^\s<>()\[\]\"'`]{4,300}"


@dataclass(frozen=True, slots=True)
class Naming:
    """A license that is named, with its place in the text. `about` is None where the words do not say what it covers.

    `choice` where the reader may pick one of several.
    """

    id: str
    start: int
    end: int
    about: About | None = None
    choice: bool = False


def namings(text: str, *, whole: bool = False) -> tuple[Naming, ...]:
    """The licenses that `text` names as its own, each once for what it covers.

    `whole` says that the text is a license file: its words need not say "under". SPDX tags count as they stand.
    """
    text = text[:MAX_TEXT]
    whole = whole or len(text.split()) <= _FEW
    found: dict[tuple[str, About | None], Naming] = {}
    for naming in (*_tagged(text), *_said(text, whole)):
        found.setdefault((naming.id, naming.about), naming)
    families = {i for i, _ in found if (e := catalogue.get(i)) and any(i != j and j in e.members for j, _ in found)}
    return tuple(n for n in found.values() if n.id not in families and not _of_a_service(n.id))


def _of_a_service(license_id: str) -> bool:
    """Terms of a service and policies: a card names them for the data or the outputs, not as its license."""
    entry = catalogue.get(license_id)
    return entry is not None and entry.category in ("terms-of-service", "policy")


def _tagged(text: str) -> Iterator[Naming]:
    for match in _regex(_TAG).finditer(text):
        words = match.group(1).strip().removesuffix("-->").strip()
        for license_id in catalogue.resolve(words).ids:
            yield Naming(license_id, match.start(), match.end(), choice=" OR " in words)


def _said(text: str, whole: bool) -> Iterator[Naming]:
    for match in _regex(_SENTENCE).finditer(text):
        sentence = match.group()
        if _regex(_OTHERS).search(sentence) or "SPDX-License-Identifier" in sentence:
            continue
        cue = 0 if whole else next((c.start() for c in _regex(_CUES).finditer(sentence)), None)
        if cue is None:
            continue
        choice = _regex(_CHOICE).search(sentence) is not None
        for license_id, start, end in _names_and_links(sentence):
            if start >= cue or cue - end < 3:
                at = match.start()
                yield Naming(license_id, at + start, at + end, _about(sentence[:start]), choice)


def _names_and_links(sentence: str) -> list[tuple[str, int, int]]:
    """Both, in their order; a link decides over the words that it stands behind, since it says which version."""
    links = list(_links(sentence))
    return [n for n in _names(sentence) if not any(0 <= at - n[2] <= 4 for _, at, _ in links)] + links


def _names(sentence: str) -> Iterator[tuple[str, int, int]]:
    """The longest names of the catalogue that stand in a sentence, from left to right."""
    links = [link.span() for link in _regex(_LINK).finditer(sentence)]
    words = [w.span() for w in _regex(_WORD).finditer(sentence)]
    words = [w for w in words if not any(low <= w[0] < high for low, high in links)]
    at = 0
    while at < len(words):
        longest = next((n for n in range(min(_MOST_WORDS, len(words) - at), 0, -1) if _name(sentence, words, at, n)), 0)
        if longest:
            found = _name(sentence, words, at, longest)
            yield str(found), words[at][0], words[at + longest - 1][1]
        at += longest or 1


def _name(sentence: str, words: list[tuple[int, int]], at: int, count: int) -> str | None:
    """The license whose name these words are. A name that is a model's too counts only beside the word license."""
    start, end = words[at][0], words[at + count - 1][1]
    if any(words[k + 1][0] - words[k][1] > 3 for k in range(at, at + count - 1)):
        return None
    phrase = sentence[start:end].rstrip(".-")
    found = catalogue.by_tag(phrase) or catalogue.by_name(phrase)
    if found is None or not catalogue.names_a_license(found):
        return None
    near = catalogue.fold(phrase) + catalogue.fold(sentence[end : end + 12])
    if sentence[:start].rstrip().endswith((":", "：")):
        near += catalogue.fold(sentence[max(start - 12, 0) : start])
    if found.startswith("LicenseRef-") and not any(word in near for word in _BARE):
        return None
    return found


def _links(sentence: str) -> Iterator[tuple[str, int, int]]:
    for match in _regex(_LINK).finditer(sentence):
        found = catalogue.by_link(match.group().rstrip(".,"))
        if found and catalogue.names_a_license(found):
            yield found, *match.span()


def _about(before: str) -> About | None:
    """What the words before the name speak of; code and weights together are weights."""
    said = [name for m in _regex(_ABOUT).finditer(before) for name, hit in m.groupdict().items() if hit]
    if "weights" in said:
        return "weights" if said[-1] == "weights" or " and " in before else said[-1]
    return said[-1] if said else None


@functools.cache
def _regex(source: str) -> Any:
    import re2

    return re2.compile(source)
