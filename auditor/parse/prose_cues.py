"""What a sentence claims about descent: the words of rules/prose, and the names that stand where they point."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from auditor.parse.prose_links import Mention
from auditor.parse.prose_names import Meaning, fold
from auditor.parse.prose_rules import Cue, Cues, all_cues, listed_words, word
from auditor.parse.prose_subject import denied, speaks
from auditor.parse.prose_text import Sentence, is_sign

_FAR = 160  # characters between the words of descent and a name
_HEAD = 4  # characters in front of a name at the head of an entry
_NEAR = 45  # characters in front of a dataset that tell what is spoken of
_DATA_WORDS = ("dataset", "data", "corpus", "corpora", "split", "subset", "数据", "语料")


class Claim(NamedTuple):
    """A value that a sentence states, and where."""

    field: str
    value: str
    relation: str | None
    mention: Mention


def claims(sentence: Sentence, own: str, topic: str = "") -> Iterator[Claim]:
    """What the sentence claims about the repository `own`; `topic` is what the headings above it speak of."""
    if not sentence.mentions or "?" in sentence.text[-2:]:
        return
    copied = _is_quantized(own)
    for cues in all_cues():
        if copied and cues.field != "base_model":
            continue  # what the card of a quantized copy says of training is said of the model that it copies
        if cues.field == "dataset":
            yield from _datasets(cues, sentence, own, topic == "data")
        else:
            yield from _following(cues, sentence, own)
            yield from _preceding(cues, sentence, own)


def introduces(sentence: Sentence, own: str) -> str | None:
    """The field of the list that the sentence opens (`was trained on the following datasets:`), if it opens one."""
    text = sentence.text.rstrip(" *_")
    colon = max(text.find(": "), text.find("："), len(text) if text.endswith((":", "on", "of", "following")) else -1)
    leading = text[:colon].lower()
    if colon < 0 or word("compares").search(leading):
        return None
    for cues in all_cues():
        for found in cues.after.finditer(leading) if cues.any_after.search(leading) else ():
            if (
                found.start() < colon - _FAR
                or not cues.cue(found).opens
                or not speaks(sentence, found.start(), own, cues.field)
            ):
                continue
            data = any(w in leading[-40:] for w in (*_DATA_WORDS, "mixture", "sources"))
            if data == (cues.field == "dataset"):
                return cues.field
    return None


def listed(sentence: Sentence, field: str, own: str, linked: bool) -> Iterator[Claim]:
    """The names at the head of an entry of a list of datasets or base models; `linked`: only by links to the Hub."""
    signs = sentence.signs()
    text = sentence.text
    if not signs or signs[0] > (12 if field == "base_model" else 60) or word("measures").search(text[: signs[0]]):
        return
    if field == "dataset" and "model" in text[: signs[0]].lower():
        return
    place = signs[0]
    if field == "dataset" and sentence.mentions[text[place]].named and (found := list(tabled(sentence))):
        yield from found
        return
    while place >= 0:
        mention, behind = sentence.mentions[text[place]], text[place + 1 :]
        value = _dataset(mention, behind, True) if field == "dataset" else _model(mention, "", own)
        if value and not word("data_aspects").search(behind) and not (linked and (mention.loose or mention.named)):
            yield Claim(field, value, None, mention)
        onward = word("goes_on").match(behind) if field == "dataset" else None
        place = place + onward.end() if onward and text[place + onward.end()] in sentence.mentions else -1


def tabled(sentence: Sentence) -> Iterator[Claim]:
    """The datasets to which the row of a table of training data links, whatever the column."""
    for mention in sentence.mentions.values():
        if mention.meaning.dataset and not (mention.loose or mention.named):
            yield Claim("dataset", mention.meaning.dataset, None, mention)


def _following(cues: Cues, sentence: Sentence, own: str) -> Iterator[Claim]:
    """Names behind the words of descent."""
    if not cues.any_after.search(sentence.text):
        return
    for found in cues.after.finditer(sentence.text):
        cue = cues.cue(found)
        for mention, behind in _objects(sentence, found.end(), cue):
            if cue.then is not None and not cue.then.search(behind):
                continue
            if cue.linked and mention.loose:
                continue
            value = _value(cues.field, cue, mention, behind, own)
            if value and _fits(cue, value, own) and _holds(cues.field, cue, sentence, found.start(), behind, own):
                yield Claim(cues.field, value, cue.relation, mention)


def _preceding(cues: Cues, sentence: Sentence, own: str) -> Iterator[Claim]:
    """Names in front of the words of descent."""
    if cues.before is None:
        return
    for at in sentence.signs():
        behind = sentence.text[at + 1 :]
        found = cues.before.search(behind)
        if found:
            cue, mention = cues.cue(found), sentence.mentions[sentence.text[at]]
            value = _value(cues.field, cue, mention, behind, own)
            if value and _fits(cue, value, own) and _holds(cues.field, cue, sentence, at, behind, own):
                yield Claim(cues.field, value, cue.relation, mention)


def _fits(cue: Cue, value: str, own: str) -> bool:
    """Whether the cue speaks of repositories such as this one: a copy in another format, or not.

    Words that hold for copies alone say so little that the names must agree, too.
    """
    if not _is_quantized(own):
        return cue.copies != "only"
    name, copied = fold(own.rpartition("/")[2]), fold(value.rpartition("/")[2])
    return cue.copies == "also" or (cue.copies == "only" and (copied in name or name in copied))


def _datasets(cues: Cues, sentence: Sentence, own: str, in_section: bool) -> Iterator[Claim]:
    """Every dataset behind words of training, until the sentence turns to measuring.

    Where the section is about training data, words of use and of origin do as well (`in_section`).
    """
    text = sentence.text
    starts = [m.start() for m in cues.any_after.finditer(text)]
    if in_section:
        first = next((i for i in sentence.signs() if sentence.mentions[text[i]].meaning.dataset), len(text))
        starts += [m.start() for m in word("data_used").finditer(text) if m.start() < first]
    start = next((s for s in sorted(starts) if speaks(sentence, s, own, "dataset")), None)
    if in_section and not starts and not any(word(w).search(text) for w in ("advises", "denies", "measures")):
        start = 0 if list(tabled(sentence)) else None  # a link to a dataset says enough there
    turn = word("measures").search(text)
    for at in sentence.signs():
        behind = text[at + 1 :]
        before_cue = cues.before.search(behind) is not None and speaks(sentence, at, own, "dataset")
        after_cue = start is not None and start < at and not (turn and turn.start() < at)
        after_cue = after_cue and not word("no_data").search(text[max(start or 0, at - _NEAR) : at])
        after_cue = after_cue and not word("remade").search(text[:at])
        if not before_cue and not after_cue:
            continue
        if at < _HEAD and sentence.mentions[text[at]].named and list(tabled(sentence)):
            continue  # `Talk [1](...) [2](...)`: what the name means is linked
        value = _dataset(
            sentence.mentions[text[at]], behind, text[max(0, at - 30) : at].lower().endswith(("dataset ", "datasets "))
        )
        if value and not word("data_aspects").search(behind) and not denied(text[max(0, at - 40) : at]):
            yield Claim("dataset", value, None, sentence.mentions[text[at]])


def _objects(sentence: Sentence, at: int, cue: Cue) -> Iterator[tuple[Mention, str]]:
    """The name that the words ending at `at` point to and those listed with it, each with the text behind it."""
    text = sentence.text
    place = _next_sign(text, at)
    if place < 0:
        return
    gap = text[at:place]
    if not _plain_gap(word("other_names").sub("", gap) if cue.lists else gap, cue.gap):
        return
    while place >= 0:
        behind = text[place + 1 :]
        if text[place] in sentence.mentions and not word("aspects").search(behind):
            yield sentence.mentions[text[place]], behind
        onward = word("goes_on").match(behind) if cue.lists else None
        place = place + onward.end() if onward else -1


def _next_sign(text: str, at: int) -> int:
    return next((i for i in range(at, min(len(text), at + _FAR)) if is_sign(text[i])), -1)


def _plain_gap(gap: str, most: int) -> bool:
    """Whether only a few harmless words stand between."""
    if any(c in ",;.。，；" for c in gap.rstrip(". ")) or gap.count("(") > 1 or gap.startswith("于"):
        return False
    words = gap.replace("-", " ").replace("(", " ").lower().split()
    han = sum("\u4e00" <= c <= "\u9fff" for c in gap)
    return len(words) <= most and han <= 8 and not listed_words("stops").intersection(words)


def _is_aspect(mention: Mention) -> bool:
    """Whether the words of a link speak of a part of what it leads to: `[the Base architecture](...)`."""
    last = mention.surface.rstrip(" *_`).").rpartition(" ")[2]
    return bool(last) and not mention.named and word("aspects").search(f" {last}") is not None


def _value(field: str, cue: Cue, mention: Mention, behind: str, own: str) -> str | None:
    if cue.copies != "only" and _is_aspect(mention):
        return None
    if cue.made:
        any_model = cue.made == "any" and not mention.loose
        return mention.meaning.closed or (_model(mention, behind, own) if any_model else None)
    if field == "outputs_of" and mention.meaning.closed:
        return mention.meaning.closed
    if field == "evaluated_on":
        return mention.meaning.dataset if not mention.loose else None
    return _model(mention, behind, own)


def _model(mention: Mention, behind: str, own: str) -> str | None:
    """The id of the model that is meant; a family without a size takes the repository's own."""
    meaning = mention.meaning
    if behind.lstrip(" ").lower().startswith(_DATA_WORDS) or (meaning.dataset and not meaning.model):
        return None
    value = _of_own_size(meaning, own) if meaning.sizes else meaning.model
    if value and _is_quantized(value) and not _is_quantized(own):
        return None  # nobody goes on from a quantized copy; such links lead to what was made of this model
    return value if value and value.lower() != own.lower() else None


def _of_own_size(meaning: Meaning, own: str) -> str | None:
    """The member of a family that has the repository's size; the usual one where its name tells no size."""
    name = f"-{own.rpartition('/')[2].lower().replace('_', '-')}-"
    for size, id in meaning.sizes.items():
        if f"-{size}-" in name:
            return id
    sized = any(part[:-1].replace(".", "").isdigit() and part[-1] in "bm" for part in name.split("-") if part)
    return None if sized else meaning.model


def _is_quantized(name: str) -> bool:
    return not listed_words("formats").isdisjoint(
        name.lower().replace("/", "-").replace("_", "-").replace(".", "-").split("-")
    )


def _dataset(mention: Mention, behind: str, said: bool) -> str | None:
    """The id of the dataset that is meant; an id of unknown kind, or a model's link, only where words call it one."""
    meaning = mention.meaning
    if meaning.dataset and not mention.loose:
        return meaning.dataset
    called = (
        (said and mention.loose)
        or behind.lstrip(" -`").lower().startswith(_DATA_WORDS)
        or mention.surface.lower().endswith("dataset")
    )
    return (meaning.dataset or meaning.model) if called and not mention.named else None


def _holds(field: str, cue: Cue, sentence: Sentence, at: int, behind: str, own: str) -> bool:
    """Whether the sentence states it of this repository: neither denied, advised, compared, nor said of another."""
    if cue.made:
        text = sentence.text
        near = text[: len(text) - len(behind) + 25]
        return bool(word("written").search(text)) and not (
            word("measures").search(near)
            or denied(text[max(0, at - 40) : at])
            or word("aspects").search(behind)
            or word("advises").search(text[:at])
        )
    if cue.copies == "only":
        return not denied(sentence.text[max(0, at - _NEAR) : at])
    return speaks(sentence, at, own, field) and not (
        field == "base_model" and word("compares").search(sentence.text[:at])
    )
