"""What license a repository is under: what it declares, what its texts are, and what follows from both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from auditor.identify import catalogue
from auditor.identify.compare import (
    additions,
    besides,
    conflict,
    disagreements,
    fails_definition,
    name_of,
    same,
    strangers,
)
from auditor.identify.declared import FIELDS, Claim, read_claim
from auditor.identify.in_force import catalogue_id, clauses_in_force
from auditor.identify.named import namings
from auditor.model import Clause, DetectedText, LegalText, LicenseCall, RepoRecord, Span, Statement, TextMatch

_ASIDE = ("gated-prompt", "card-prose")  # a license's text only where they hold one that is known
_POINTER = 600  # characters: a legal file no longer than this may be no more than a link to the license
_SHORT = 100  # words: a file shorter than this is a copyright line or a remark rather than a license
_NO_TEXT = 40  # words: a card's section shorter than this holds no license's text, only its name

_Found = Mapping[str, DetectedText]


def conclude(record: RepoRecord) -> LicenseCall:
    """The license of one repository. Where text and tag disagree the text wins, and the disagreement is told.

    Several licenses count together: the clauses of all, and OSI-approved only if every one is. Reads nothing but the
    record and the catalogue. A conclusion that the record brings along stands.
    """
    if record.call is not None:
        return record.call
    declared = tuple(s for s in record.statements if s.field in FIELDS)
    closed = record.status == "closed"  # its provider says everything, in terms that follow one another
    claim = read_claim(declared, () if closed else (record.ref.id, *record.aliases))
    detected = tuple(_read(legal, record) for legal in record.legal)
    texts = _of_the_weights(detected)
    found = {x: text for text in texts for x in _ids(text)}
    named = {x: text for text in detected if text.legal.role in _ASIDE for x in _pointed(text)}
    mentioned = besides((*claim.ids, *found), named)
    ids = (*_apply(claim, found), *mentioned)
    strange = [text for text in texts if not _ids(text)]
    policies = [text for text in detected if text.legal.role == "use-policy"]
    prose = [] if claim.ids or found else [text for text in detected if text.legal.role in _ASIDE]
    choice = _is_choice(ids, declared, (*texts, *named.values()))
    clauses = clauses_in_force(ids, texts, [*strange, *policies, *prose], record)
    repo = record.ref.id
    return LicenseCall(
        declared=declared,
        detected=detected,
        concluded=ids,
        known=bool(ids),
        stated=bool(declared or texts or named),
        osi=_osi(ids, texts, strange, clauses, choice=choice),
        clauses=clauses,
        conflicts=(
            *claim.conflicts,
            *disagreements(claim.ids, found, repo),
            *(_beside(x, text, (*claim.ids, *found), repo) for x, text in mentioned.items() if claim.ids or found),
            *strangers(ids, strange),
            *(c for text in detected if text.clauses for c in _halves(text, record)),
            *(s for s in record.statements if s.field == "conflict"),
        ),
        why=_why(ids, claim, found | mentioned, strange, detected) + (_CHOICE if choice else ""),
    )


def _apply(claim: Claim, found: _Found) -> tuple[str, ...]:
    """The licenses that apply: the texts that are there, and of a list of declared ones those without a text."""
    if not found:
        return claim.ids
    untold = [d for d in claim.ids if not any(same(d, x) for x in found)]
    return (*found, *(untold if len(claim.ids) > 1 else ()))


def _read(legal: LegalText, record: RepoRecord) -> DetectedText:
    """Identifies one text and reads its clauses, with their places in the file. Notices are listed, not read."""
    if legal.role == "notice":
        return DetectedText(legal, (), ())
    from auditor.identify.clauses import read_clauses
    from auditor.identify.match import identify

    brief = legal.role == "card-prose" and len(legal.text.split()) < _NO_TEXT
    matches = () if brief else identify(legal.text)
    clauses = tuple(_placed(clause, legal, record) for clause in read_clauses(legal.text))
    if all(m.id is None for m in matches):
        matches = tuple(_pointers(legal, record.ref.kind)) or matches
    return DetectedText(legal, matches, clauses)


def _placed(clause: Clause, legal: LegalText, record: RepoRecord) -> Clause:
    """The clause with its place in the repository. Lines count only in texts that begin where their file begins."""
    span = clause.span or Span(repo="")
    line = legal.text.count("\n", 0, span.start) + 1 if span.start is not None and not legal.offset else None
    start = None if span.start is None else span.start + legal.offset
    end = None if span.end is None else span.end + legal.offset
    place = Span(record.ref.id, legal.path, line, span.quote, start, end, record.revision)
    return replace(clause, span=place)


def _pointers(legal: LegalText, kind: str) -> Iterator[TextMatch]:
    """The licenses that a text names for the thing itself: a card's words, or a legal file too short to be a license.

    What it says of code is left out, and of a model's data.
    """
    aside = legal.role in _ASIDE
    if not aside and len(legal.text) > _POINTER:
        return
    other = ("code",) if kind == "dataset" or not aside else ("code", "data")
    for naming in namings(legal.text, whole=not aside):
        if naming.about not in other:
            yield TextMatch(naming.id, "none", start=naming.start, end=naming.end)


def _pointed(text: DetectedText) -> tuple[str, ...]:
    """The licenses that a text only names."""
    return tuple(dict.fromkeys(i for m in text.matches if m.match == "none" and (i := catalogue_id(m.id))))


def _beside(license_id: str, text: DetectedText, others: Sequence[str], repo: str) -> Statement:
    """A license that the card's words name beside what else is said."""
    match = next(m for m in text.matches if catalogue_id(m.id) == license_id)
    start, quote = text.legal.offset + match.start, text.legal.text[match.start : match.end]
    words = f"is under {name_of(others[0])} by its metadata or files, but {text.legal.path} names {name_of(license_id)}"
    return conflict(words, Span(repo, text.legal.path, None, quote, start, start + len(quote)))


def _halves(text: DetectedText, record: RepoRecord) -> Iterator[Statement]:
    """Where a text in two languages disagrees with itself."""
    from auditor.identify.bilingual import disagreements as between

    for found in between(text.legal.text):
        place = _placed(Clause("", span=found.span), text.legal, record).span
        if place:
            yield conflict(f"{text.legal.path} disagrees with itself: {found.words}", place)


_CHOICE = "; a choice: any one of them may be taken, the terms of all are shown"


def _is_choice(ids: Sequence[str], declared: Sequence[Statement], texts: Sequence[DetectedText]) -> bool:
    """Whether the reader may pick one of the licenses, by an expression with OR or by the words that name them."""
    if len(ids) < 2:
        return False
    if any(s.field == "license" and " OR " in str(s.value) for s in declared):
        return True
    said = (n for t in texts if _pointed(t) for n in namings(t.legal.text, whole=t.legal.role not in _ASIDE))
    return set(ids) <= {catalogue_id(n.id) for n in said if n.choice}


def _of_the_weights(detected: Sequence[DetectedText]) -> list[DetectedText]:
    """The texts that govern the weights: a model's own license before a general one; the code's license never."""
    own = [t for t in detected if t.legal.role == "model-license"]
    general = own or [t for t in detected if t.legal.role == "license"]
    return general + [t for t in detected if t.legal.role in _ASIDE and _ids(t) and not _pointed(t)]


def _ids(text: DetectedText) -> tuple[str, ...]:
    """The licenses that a text is; a use policy is terms within a license, not a license."""
    ids = (catalogue_id(m.id) for m in text.matches)
    return tuple(dict.fromkeys(i for i in ids if i and not _is_policy(i)))


def _is_policy(license_id: str) -> bool:
    entry = catalogue.get(license_id)
    return entry is not None and entry.category == "policy"


def _osi(
    ids: Sequence[str],
    texts: Iterable[DetectedText],
    strange: Iterable[DetectedText],
    clauses: Iterable[Clause],
    *,
    choice: bool,
) -> bool | None:
    """Kleene's and over the licenses, or over a choice. A text that was altered, or is not known, cannot be told to be
    an approved one, and is none where it adds what the Open Source Definition does not allow."""
    if not ids:
        return False if any(fails_definition(c.id) for c in clauses) else None
    verdicts = {entry.osi if (entry := catalogue.get(i)) else None for i in ids}
    if choice and True in verdicts:
        verdicts = {True}
    altered = [t for t in texts if any(m.id and m.match == "modified" for m in t.matches)]
    for text in (*altered, *strange):
        if additions(ids, text):
            verdicts.add(False)
        elif text in altered or len(text.legal.text.split()) >= _SHORT:
            verdicts.add(None)
    return False if False in verdicts else None if None in verdicts else True


def _why(
    ids: Sequence[str],
    claim: Claim,
    found: _Found,
    strange: Sequence[DetectedText],
    detected: Sequence[DetectedText],
) -> str:
    """How the conclusion was reached, in one line."""
    unread = f"{strange[0].legal.path} is no license text that is known" if strange else ""
    if found:
        told = [f"{text.legal.path} {_how(text, x)} {name_of(x)}" for x, text in found.items()]
    elif ids or strange:
        told = [claim.why]
    elif any(t.legal.role == "code-license" for t in detected):
        told = [claim.why, "only the code's license is given, none for the weights"]
    else:
        told = [claim.why or "no license is stated"]
    return "; ".join(words for words in (*told, unread) if words)


def _how(text: DetectedText, license_id: str) -> str:
    kinds = {m.match for m in text.matches if catalogue_id(m.id) == license_id}
    if text.legal.role in _ASIDE and kinds == {"none"}:
        return "names"
    return (
        f"is {'an altered text of' if 'modified' in kinds else 'the text of' if 'exact' in kinds else 'a pointer to'}"
    )
