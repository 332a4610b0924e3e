"""Of whom a sentence speaks: this repository or another, and whether it states, denies or advises."""

from __future__ import annotations

from auditor.parse.prose_names import fold
from auditor.parse.prose_rules import listed_words, word
from auditor.parse.prose_text import Sentence, is_sign, same_name

_FAR_BACK = 240  # characters in front of the words of descent in which their subject is sought
_CLAUSE_ENDS = ",;:：，；。(（"


def speaks(sentence: Sentence, at: int, own: str, field: str) -> bool:
    """Whether what stands in front of the words of descent speaks of this repository, and states it as a fact."""
    before = sentence.text[max(0, at - _FAR_BACK) : at]
    clause = _clause(_behind_own(word("own_release").sub("this", before), sentence, own))
    if denied(before[-40:]) or word("advises").search(clause):
        return False
    if word("things").search(clause) or led_by_another(sentence, at, own):
        return False
    if word("self").search(clause):
        return True
    subject = clause.partition(" is ")[0].partition(" are ")[0].partition(" was ")[0]
    if field == "dataset" and subject == clause:  # `[Base](...) fine-tuned on [talk](...)` is said of this repository
        subject = subject.rstrip(" )-").removesuffix(" model")
        subject = subject[:-1] if is_sign(subject[-1:] or " ") else subject
    return not _of_another(subject, sentence, own)


def led_by_another(sentence: Sentence, at: int, own: str) -> bool:
    """Whether the sentence is an entry about another model: `[lab/other](...): fine-tuned from ...`."""
    first = next(iter(sentence.signs()), at)
    if first >= min(at, 8) or sentence.text[first + 1 :].lstrip(" *_)")[:1] not in (":", "：", "-", "–", "—", "|"):
        return False
    mention = sentence.mentions[sentence.text[first]]
    other = mention.meaning.model
    return other is not None and other.lower() != own.lower() and not same_name(mention.surface, own.rpartition("/")[2])


def denied(words: str) -> bool:
    return bool(words.strip()) and word("denies").search(words) is not None


def _behind_own(before: str, sentence: Sentence, own: str) -> str:
    """What follows the last mention of the repository itself: `We release [thing](...), which is fused from ...`."""
    for place in range(len(before) - 1, -1, -1):
        mention = sentence.mentions.get(before[place])
        if mention and own.lower() in ((mention.meaning.model or "").lower(), mention.surface.lower()):
            return before[place + 1 :].removeprefix(", which")
    return before


def _clause(before: str) -> str:
    """The clause in which the words stand; with one that begins with `which`, what it refers to."""
    if ")" in before:
        before = word("aside").sub("", before)
    cut = max((before.rfind(mark) for mark in _CLAUSE_ENDS), default=-1)
    clause = before[cut + 1 :]
    if clause.strip().startswith(("which", "that", "who")):
        earlier = before[: max(cut, 0)]
        start = max((earlier.rfind(mark) for mark in _CLAUSE_ENDS), default=-1)
        return f"{earlier[start + 1 :].rpartition(' and ')[2]} {clause}"
    return clause if clause.strip() else before


def _of_another(subject: str, sentence: Sentence, own: str) -> bool:
    """Whether a subject names something other than the repository itself, and not the repository, too."""
    name = own.rpartition("/")[2]
    words = [w.strip("()[]{}\"'“”‘’*_.!#-") for w in subject.split()]
    if any(len(w) > 4 and same_name(w, name) for w in words):
        return False
    mentions = [sentence.mentions[char] for char in subject if char in sentence.mentions]
    if any(fold(own) == fold(m.meaning.model or "") or fold(m.surface) in (fold(own), fold(name)) for m in mentions):
        return False
    return any(m.meaning.model or m.meaning.closed for m in mentions) or any(_foreign(w, name) for w in words if w)


def _foreign(term: str, name: str) -> bool:
    """Whether a word is a name, by its digits or inner capitals, and no part of the repository's own."""
    odd = any(c.isdigit() for c in term) or (any(c.isupper() for c in term[1:]) and any(c.islower() for c in term))
    if (
        not odd
        or not term.isascii()
        or not term[0].isalpha()
        or term.lower() in listed_words("technical")
        or term[1:].replace(".", "").isdigit()
    ):
        return False
    first = name.replace("_", "-").split("-")[0].lower().rstrip("0123456789.")
    return not same_name(term, name) and not (len(first) > 3 and first in term.lower())
