"""What a sentence claims about descent: the words of rules/prose, and the names that stand where they point."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any, NamedTuple

from auditor.parse.prose_text import Mention, Sentence, is_sign, same_name
from auditor.resources import load_folder, rules_dir

_FAR = 160  # characters between the words of descent and a name
_CLAUSE_ENDS = ",;:：，；。(（"
_CAMEL = frozenset({"LoRA", "QLoRA", "LoRAs", "LoHA", "PyTorch", "TensorFlow", "HuggingFace", "GitHub", "DreamBooth", "ControlNet"})
_MADE_BY_TRAINING = ("finetune", "adapter", "merge")
_FORMATS = frozenset("gguf ggml gptq awq exl2 exl3 4bit 8bit int4 int8 fp8 nf4 bnb mlx onnx coreml openvino ct2".split())
_DATA_WORDS = ("dataset", "data", "corpus", "corpora", "split", "subset", "数据", "语料")


class Claim(NamedTuple):
    """A value that a sentence states, and where."""

    field: str
    value: str
    relation: str | None
    mention: Mention


class _Cue(NamedTuple):
    relation: str | None
    gap: int
    lists: bool
    made: bool
    linked: bool
    opens: bool
    then: Any


class _Cues(NamedTuple):
    """The cues of one field; group `c<n>` of a pattern is `cues[n]`."""

    field: str
    cues: tuple[_Cue, ...]
    after: Any
    before: Any


def claims(sentence: Sentence, own: str) -> Iterator[Claim]:
    """What the sentence claims about the repository `own`."""
    if not sentence.mentions or "?" in sentence.text[-2:]:
        return
    copied = _is_quantized(own)
    for cues in _all_cues():
        if copied and cues.field != "base_model":
            continue  # what the card of a quantized copy says of training is said of the model that it copies
        if cues.field == "dataset":
            yield from _datasets(cues, sentence, own)
        else:
            yield from _following(cues, sentence, own)
            yield from _preceding(cues, sentence, own)


def introduces(sentence: Sentence, own: str) -> str | None:
    """The field of the list that the sentence opens (`was trained on the following datasets:`), if it opens one."""
    text = sentence.text.rstrip(" *_")
    colon = max(text.find(": "), text.find("："), len(text) if text.endswith((":", "on", "of", "following")) else -1)
    leading = text[:colon].lower()
    if colon < 0:
        return None
    for cues in _all_cues():
        for found in cues.after.finditer(leading):
            if not cues.cues[int(found.lastgroup[1:])].opens or not _speaks(sentence, found.start(), own, cues.field):
                continue
            data = any(word in leading[-40:] for word in (*_DATA_WORDS, "mixture", "sources"))
            if data == (cues.field == "dataset"):
                return cues.field
    return None


def listed(sentence: Sentence, field: str, own: str) -> Iterator[Claim]:
    """The names that begin a list item, where the list is one of datasets or base models."""
    signs = sentence.signs()
    text = sentence.text
    if not signs or signs[0] > (60 if field == "dataset" else 12) or _word("measures").search(text[: signs[0]]):
        return
    place = signs[0]
    while place >= 0:
        mention, behind = sentence.mentions[text[place]], text[place + 1 :]
        value = _dataset(mention, behind, True) if field == "dataset" else _model(mention, "", own)
        if value:
            yield Claim(field, value, None, mention)
        onward = _word("goes_on").match(behind) if field == "dataset" else None
        place = place + onward.end() if onward and text[place + onward.end()] in sentence.mentions else -1


def _following(cues: _Cues, sentence: Sentence, own: str) -> Iterator[Claim]:
    """Names behind the words of descent."""
    for found in cues.after.finditer(sentence.text):
        cue = cues.cues[int(found.lastgroup[1:])]
        for mention, behind in _objects(sentence, found.end(), cue):
            if cue.then is not None and not cue.then.search(behind):
                continue
            if cue.linked and mention.loose:
                continue
            value = _value(cues.field, cue, mention, behind, own)
            if _is_quantized(own) and cue.relation in _MADE_BY_TRAINING:
                continue
            if value and _holds(cues.field, cue, sentence, found.start(), behind, own):
                yield Claim(cues.field, value, cue.relation, mention)


def _preceding(cues: _Cues, sentence: Sentence, own: str) -> Iterator[Claim]:
    """Names in front of the words of descent."""
    if cues.before is None:
        return
    for at in sentence.signs():
        behind = sentence.text[at + 1 :]
        found = cues.before.search(behind)
        if found:
            cue, mention = cues.cues[int(found.lastgroup[1:])], sentence.mentions[sentence.text[at]]
            value = _value(cues.field, cue, mention, behind, own)
            if _is_quantized(own) and cue.relation in _MADE_BY_TRAINING:
                continue
            if value and _holds(cues.field, cue, sentence, at, behind, own):
                yield Claim(cues.field, value, cue.relation, mention)


def _datasets(cues: _Cues, sentence: Sentence, own: str) -> Iterator[Claim]:
    """Every dataset behind words of training, until the sentence turns to measuring."""
    text = sentence.text
    starts = [m.start() for m in cues.after.finditer(text)]
    start = next((s for s in starts if _speaks(sentence, s, own, "dataset")), None)
    turn = _word("measures").search(text)
    for at in sentence.signs():
        behind = text[at + 1 :]
        before_cue = cues.before.search(behind) is not None and _speaks(sentence, at, own, "dataset")
        after_cue = start is not None and start < at and not (turn and turn.start() < at)
        after_cue = after_cue and not _word("things").search(text[start:at]) and not _word("remade").search(text[:at])
        if not before_cue and not after_cue:
            continue
        value = _dataset(sentence.mentions[text[at]], behind, text[max(0, at - 30) : at].lower().endswith(("dataset ", "datasets ")))
        if value and not _word("data_aspects").search(behind) and not _denied(text[max(0, at - 40) : at]):
            yield Claim("dataset", value, None, sentence.mentions[text[at]])


def _objects(sentence: Sentence, at: int, cue: _Cue) -> Iterator[tuple[Mention, str]]:
    """The name that the words ending at `at` point to and those listed with it, each with the text behind it."""
    text = sentence.text
    place = _next_sign(text, at)
    if place < 0 or not _plain_gap(text[at:place], cue.gap):
        return
    while place >= 0:
        behind = text[place + 1 :]
        if text[place] in sentence.mentions and not _word("aspects").search(behind):
            yield sentence.mentions[text[place]], behind
        onward = _word("goes_on").match(behind) if cue.lists else None
        place = place + onward.end() if onward else -1


def _next_sign(text: str, at: int) -> int:
    return next((i for i in range(at, min(len(text), at + _FAR)) if is_sign(text[i])), -1)


def _plain_gap(gap: str, most: int) -> bool:
    """Whether only a few harmless words stand between."""
    if any(c in ",;.。，；" for c in gap.rstrip(". ")) or gap.count("(") > 1:
        return False
    words = gap.replace("-", " ").replace("(", " ").lower().split()
    han = sum("\u4e00" <= c <= "\u9fff" for c in gap)
    return len(words) <= most and han <= 8 and not _stops().intersection(words)


def _value(field: str, cue: _Cue, mention: Mention, behind: str, own: str) -> str | None:
    if cue.made:
        return mention.meaning.closed
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
    value = meaning.model
    for size, id in meaning.sizes.items():
        if size in own.rpartition("/")[2].lower().replace("_", "-").replace(".", "-").split("-"):
            value = id
    if value and _is_quantized(value) and not _is_quantized(own):
        return None  # nobody goes on from a quantized copy; such links lead to what was made of this model
    return value if value and value.lower() != own.lower() else None


def _is_quantized(name: str) -> bool:
    return not _FORMATS.isdisjoint(name.lower().replace("/", "-").replace("_", "-").replace(".", "-").split("-"))


def _dataset(mention: Mention, behind: str, said: bool) -> str | None:
    """The id of the dataset that is meant; an id of unknown kind, or a model's link, only where words call it one."""
    meaning = mention.meaning
    if meaning.dataset and not mention.loose:
        return meaning.dataset
    called = (said and mention.loose) or behind.lstrip(" -`").lower().startswith(_DATA_WORDS) or mention.surface.lower().endswith("dataset")
    return (meaning.dataset or meaning.model) if called and not meaning.closed else None


def _holds(field: str, cue: _Cue, sentence: Sentence, at: int, behind: str, own: str) -> bool:
    """Whether the sentence states it of this repository: neither denied, advised, compared, nor said of another."""
    if cue.made:
        text = sentence.text
        return bool(_word("written").search(text)) and not (
            _word("measures").search(text) or _denied(text[max(0, at - 40) : at]) or _word("aspects").search(behind)
            or _word("advises").search(text[:at])
        )
    return _speaks(sentence, at, own, field) and not (field == "base_model" and _word("compares").search(sentence.text[:at]))


def _speaks(sentence: Sentence, at: int, own: str, field: str) -> bool:
    """Whether what stands in front of the words of descent speaks of this repository, and states it as a fact."""
    before = sentence.text[:at]
    clause = _clause(before)
    if _denied(before[-40:]) or _word("advises").search(clause):
        return False
    if _word("things").search(clause):
        return False
    if led_by_another(sentence, at, own):
        return False
    if _word("self").search(clause):
        return True
    subject = clause.partition(" is ")[0].partition(" are ")[0].partition(" was ")[0]
    return not any(_foreign(word, sentence, own) for word in subject.split())


def led_by_another(sentence: Sentence, at: int, own: str) -> bool:
    """Whether the sentence is an entry about another model: `[lab/other](...): fine-tuned from ...`."""
    first = next(iter(sentence.signs()), at)
    if first >= min(at, 8) or sentence.text[first + 1 :].lstrip(" *_)")[:1] not in (":", "：", "-", "–", "—", "|"):
        return False
    mention = sentence.mentions[sentence.text[first]]
    return mention.meaning.model is not None and not same_name(mention.surface, own.rpartition("/")[2])


def _denied(words: str) -> bool:
    return bool(words.strip()) and _word("denies").search(words) is not None


def _clause(before: str) -> str:
    """The clause in which the words stand; one that begins with `which` needs the clause before it."""
    cut = max((before.rfind(mark) for mark in _CLAUSE_ENDS), default=-1)
    clause = before[cut + 1 :]
    dangling = not clause.strip() or clause.strip().startswith(("which", "that", "who", "whose"))
    return before if dangling else clause


def _foreign(word: str, sentence: Sentence, own: str) -> bool:
    """Whether a word names something other than the repository itself."""
    name = own.rpartition("/")[2]
    bare = word.strip("()[]{}\"'“”‘’*_.!#-")
    for char in bare:
        if char in sentence.mentions:
            return not same_name(sentence.mentions[char].surface, name)
    inner = bare[1:]
    odd = any(c.isdigit() for c in bare) or (any(c.isupper() for c in inner) and any(c.islower() for c in bare))
    if not odd or not bare.isascii() or not bare[:1].isalpha() or bare in _CAMEL:
        return False
    first = name.replace("_", "-").split("-")[0].lower()
    return not same_name(bare, name) and not (len(first) > 3 and first in bare.lower())


@functools.cache
def _all_cues() -> tuple[_Cues, ...]:
    loaded = load_folder(rules_dir() / "prose")
    return tuple(_read(raw) for raw in loaded.values() if "cues" in raw)


def _read(raw: dict[str, Any]) -> _Cues:
    cues = tuple(
        _Cue(
            relation=cue.get("relation"),
            gap=cue.get("gap", 4),
            lists=cue.get("lists", False),
            made=cue.get("made", False),
            linked=cue.get("linked", False),
            opens=cue.get("opens", False),
            then=_compiled(cue["then"]) if "then" in cue else None,
        )
        for cue in raw["cues"]
    )
    return _Cues(raw["field"], cues, _grouped(raw["cues"], "after"), _grouped(raw["cues"], "before"))


def _grouped(cues: list[dict[str, Any]], side: str) -> Any:
    """One pattern for all cues of a side, a named group for each."""
    groups = [f"(?P<c{n}>{'|'.join(cue[side])})" for n, cue in enumerate(cues) if side in cue]
    return _compiled("|".join(groups)) if groups else None


@functools.cache
def _word(name: str) -> Any:
    return _compiled(load_folder(rules_dir() / "prose")["_words.yaml"][name])


@functools.cache
def _stops() -> frozenset[str]:
    return frozenset(load_folder(rules_dir() / "prose")["_words.yaml"]["stops"])


@functools.cache
def _compiled(source: str) -> Any:
    import re2

    options = re2.Options()
    options.case_sensitive = False
    return re2.compile(source, options)
