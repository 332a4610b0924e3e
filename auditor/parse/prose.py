"""Lineage in a card's own words: base models, training data and teachers that its prose names, in English and Chinese.

Only what the words of rules/prose point at, and only names that lead to an id, become statements; all are inferred.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from auditor.model import Kind, Span, Statement
from auditor.parse.front_matter import flat

_MAX_QUOTE = 190  # characters of the sentence that is quoted
_MAX_CLAIMS = 500  # repeats included; real cards have fewer than 100
_MAX_BLOCKS = 150  # blocks with a word of descent that are read; of 100 real cards, 99 have fewer than 50


def statements(text: str, own_id: str, repo: str, file: str, revision: str | None) -> tuple[Statement, ...]:
    """What the prose of a card says about descent, each value once, with the sentence as its quote.

    `text` is the whole file, front matter included; `own_id` is `org/name` of the repository, `repo` its node id.
    Fields: base_model (with a relation where the words give one), dataset, outputs_of, evaluated_on; all `inferred`.
    Pure, linear in the text, and never raises.
    """
    from auditor.parse.card import Lines
    from auditor.parse.prose_rules import word

    text = flat(text)
    hits = [found.start() for found in islice(word("hints").finditer(text), 20 * _MAX_BLOCKS)]
    if not hits:
        return ()
    said: dict[tuple[str, str], Statement] = {}
    lines: Lines | None = None
    for claim, start, end in islice(_claims(text, own_id, hits), _MAX_CLAIMS):
        key = (claim.field, claim.value.lower())
        if key in said or claim.value.lower() == own_id.lower():
            continue
        lines = lines or Lines(repo, file, revision, text)
        mention = claim.mention
        line = lines.span(mention.start).line
        span = Span(repo, file, line, _quote(text, start, end, mention.start), mention.start, mention.end, revision)
        said[key] = Statement(claim.field, claim.value, span, "inferred", claim.relation)
    return tuple(said.values())


def said_besides(prose: Iterable[Statement], declared: Iterable[Statement], kind: Kind) -> list[Statement]:
    """What the prose adds to the `declared` statements of a repository.

    A base model counts only where none is declared, or as further evidence of one that is. Of a dataset's card only
    the models that wrote its data count: its other words are about models trained on it.
    """
    bases = {str(s.value).lower(): s for s in declared if s.field == "base_model"}
    kept = []
    for statement in prose:
        if statement.field == "base_model" and bases:
            same = bases.get(statement.value.lower())
            if same is None:
                continue
            statement = replace(statement, value=same.value, relation=None)  # how it descends is declared, too
        if kind != "dataset" or statement.field == "outputs_of":
            kept.append(statement)
    return kept


def _claims(text: str, own_id: str, hits: list[int]) -> Iterator[tuple[Any, int, int]]:
    """(claim, start and end of its sentence), in the order of the text; `hits` are places of words of descent."""
    from auditor.parse.prose_blocks import blocks
    from auditor.parse.prose_links import linked_names
    from auditor.parse.prose_rules import word

    names = linked_names(text, _body(text), own_id)
    opened: str | None = None  # the field of the list that a sentence opened and that still runs
    left, at = _MAX_BLOCKS, 0
    for block in blocks(text, _body(text), own_id.rpartition("/")[2]):
        if block.kind == "heading":
            opened = None
        while at < len(hits) and hits[at] < block.start:
            at += 1
        hit = at < len(hits) and hits[at] < block.end
        if not hit and not opened and not block.topic:
            continue
        if block.topic == "doubt" and not word("plainly").search(text[block.start : block.end]):
            continue
        left -= 1
        if left < 0:
            return
        found, opened = _read_block(text, block, own_id, opened, names)
        yield from found


def _read_block(
    text: str, block: Any, own_id: str, opened: str | None, names: Any
) -> tuple[list[tuple[Any, int, int]], str | None]:
    """The claims of a block, and the field of the list that runs on after it."""
    from auditor.parse.prose_cues import claims, introduces, listed, tabled
    from auditor.parse.prose_rules import word
    from auditor.parse.prose_subject import led_by_another
    from auditor.parse.prose_text import sentences

    rows: list[tuple[Any, int, int]] = []
    field = opened or {"data": "dataset", "base": "base_model"}.get(block.topic)
    listing = False
    for sentence in sentences(text, block.start, block.end, names):
        if block.kind == "item" and led_by_another(sentence, len(sentence.text), own_id) and field is None:
            break  # an entry about another model
        if block.topic == "doubt" and not word("plainly").search(sentence.text):
            continue
        in_table = block.kind == "row" and block.topic == "data"
        found = list(tabled(sentence) if in_table else claims(sentence, own_id, block.topic))
        if field and not any(claim.field == field for claim in found):
            entries = list(listed(sentence, field, own_id, linked=not opened and block.kind != "item"))
            found += entries
            listing = listing or bool(entries)
        if block.topic == "doubt":  # where a license is explained, a family's name is no statement of a base
            found = [claim for claim in found if not claim.mention.meaning.sizes]
        rows.extend((claim, sentence.start, sentence.end) for claim in found)
        if opens := introduces(sentence, own_id):
            field = opened = opens
            listing = True
        elif not opened or block.kind == "item":
            field = None  # what an entry goes on to say is about the name at its head
    return rows, opened if block.kind == "item" or listing else None


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
