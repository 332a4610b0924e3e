"""Lineage in a card's own words: base models, training data and teachers that its prose names, in English and Chinese.

Only what the words of rules/prose point at, and only names that lead to an id, become statements; all are inferred.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from itertools import islice
from typing import Any

from auditor.model import Span, Statement
from auditor.parse.front_matter import flat

_MAX_QUOTE = 190  # characters of the sentence that is quoted
_MAX_BLOCKS = 400  # blocks with a word of descent that are read; real cards have fewer than 100
# Words without which no sentence says anything about descent: a quick look spares most of a card.
_WORDS = (
    r"(?i)tun(?:ed|ing|e)|train|base|distil|merge|merging|blend|mix|quant|gguf|ggml|gptq|awq|exl2|lora|adapter|initiali|deriv|"
    r"convert|conversion|original|generat|synthe|creat|written|evaluat|built|builds|develop|dataset|corpus|teacher|supervis|"
    r"start|continu|combin|consist|copy|mirror|upload|prun|annotat|collect|prompt|foundation|backbone|version of|output|"
    r"基于|基础|基座|微调|训练|蒸馏|量化|合并|融合|数据|生成|包含|标注"
)


def statements(text: str, own_id: str, repo: str, file: str, revision: str | None) -> tuple[Statement, ...]:
    """What the prose of a card says about descent, each value once, with the sentence as its quote.

    `text` is the whole file, front matter included; `own_id` is `org/name` of the repository, `repo` its node id.
    Fields: base_model (with a relation where the words give one), dataset, outputs_of, evaluated_on; all `inferred`.
    Pure, linear in the text, and never raises.
    """
    from auditor.parse.card import Lines

    text = flat(text)
    hits = [found.start() for found in islice(_words().finditer(text), 20 * _MAX_BLOCKS)]
    if not hits:
        return ()
    said: dict[tuple[str, str], Statement] = {}
    lines: Lines | None = None
    for claim, start, end in _claims(text, own_id, hits):
        key = (claim.field, claim.value.lower())
        if key in said or claim.value.lower() == own_id.lower():
            continue
        lines = lines or Lines(repo, file, revision, text)
        mention = claim.mention
        line = lines.span(mention.start).line
        span = Span(repo, file, line, _quote(text, start, end, mention.start), mention.start, mention.end, revision)
        said[key] = Statement(claim.field, claim.value, span, "inferred", claim.relation)
    return tuple(said.values())


def _claims(text: str, own_id: str, hits: list[int]) -> Iterator[tuple[Any, int, int]]:
    """(claim, start and end of its sentence), in the order of the text."""
    from auditor.parse.prose_blocks import blocks
    from auditor.parse.prose_cues import claims, introduces, led_by_another, listed
    from auditor.parse.prose_text import sentences

    opened: str | None = None  # the field of the list that is being read
    left = _MAX_BLOCKS
    at = 0
    for block in blocks(text, _body(text), own_id.rpartition("/")[2]):
        if block.kind == "heading":
            opened = None
        while at < len(hits) and hits[at] < block.start:
            at += 1
        wanted = at < len(hits) and hits[at] < block.end
        field = opened or ({"data": "dataset", "base": "base_model"}.get(block.topic) if block.kind == "item" else None)
        if not wanted and field is None:
            opened = None if block.kind == "text" else opened
            continue
        left -= 1
        if left < 0:
            return
        opens: str | None = None
        named = foreign = False
        for sentence in sentences(text, block.start, block.end):
            foreign = foreign or (block.kind == "item" and led_by_another(sentence, len(sentence.text), own_id))
            found = list(claims(sentence, own_id)) if not foreign else []
            if field and not any(claim.field == field for claim in found):
                entries = list(listed(sentence, field, own_id))
                found += entries
                named = named or bool(entries)
            yield from ((claim, sentence.start, sentence.end) for claim in found)
            if opens := introduces(sentence, own_id) or opens:
                field = opened = opens
            elif block.kind == "item":
                field = None  # what an item goes on to say is about the name at its head
        opened = opens or (opened if block.kind == "item" or named else None)


def _body(text: str) -> int:
    """Where the front matter ends."""
    lead = len(text) - len(text.lstrip("\ufeff \n"))
    if not text.startswith("---", lead):
        return 0
    end = text.find("\n---", lead + 3)
    return 0 if end < 0 else text.find("\n", end + 1) + 1 or len(text)


def _quote(text: str, start: int, end: int, at: int) -> str:
    """The sentence in one line; of a long one, the part around the name."""
    if end - start > _MAX_QUOTE:
        start = max(start, min(at - _MAX_QUOTE // 2, end - _MAX_QUOTE))
        end = min(end, start + _MAX_QUOTE)
    return " ".join(text[start:end].split())


@functools.cache
def _words() -> Any:
    import re2

    return re2.compile(_WORDS)
