"""What license a repository is under: what it declares, what its texts are, and what follows from both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from auditor.identify import catalogue
from auditor.identify.compare import additions, disagreements, fails_definition, name_of, same, strangers
from auditor.identify.declared import FIELDS, Claim, read_claim
from auditor.identify.in_force import catalogue_id, clauses_in_force
from auditor.model import Clause, DetectedText, LegalText, LicenseCall, RepoRecord, Span, TextMatch

_ASIDE = ("gated-prompt", "card-prose")  # a license's text only where they hold one that is known
_POINTER = 600  # characters: a legal file no longer than this may be no more than a link to the license
_SHORT = 100  # words: a file shorter than this is a copyright line or a remark rather than a license

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
    ids = _apply(claim, found)
    strange = [text for text in texts if not _ids(text)]
    policies = [text for text in detected if text.legal.role == "use-policy"]
    prose = [] if ids else [text for text in detected if text.legal.role in _ASIDE]
    clauses = clauses_in_force(ids, texts, [*strange, *policies, *prose], record)
    repo = record.ref.id
    return LicenseCall(
        declared=declared,
        detected=detected,
        concluded=ids,
        known=bool(ids),
        stated=bool(declared or texts),
        osi=_osi(ids, texts, strange, clauses),
        clauses=clauses,
        conflicts=(
            *claim.conflicts,
            *disagreements(claim.ids, found, repo),
            *strangers(ids, strange),
            *(s for s in record.statements if s.field == "conflict"),
        ),
        why=_why(ids, claim, found, strange, detected),
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

    matches = identify(legal.text)
    clauses = tuple(_placed(clause, legal, record) for clause in read_clauses(legal.text))
    pointed = _pointer(legal) if all(m.id is None for m in matches) else None
    return DetectedText(legal, (TextMatch(pointed, "none"),) if pointed else matches, clauses)


def _placed(clause: Clause, legal: LegalText, record: RepoRecord) -> Clause:
    """The clause with its place in the repository. Lines count only in texts that begin where their file begins."""
    span = clause.span or Span(repo="")
    line = legal.text.count("\n", 0, span.start) + 1 if span.start is not None and not legal.offset else None
    start = None if span.start is None else span.start + legal.offset
    end = None if span.end is None else span.end + legal.offset
    place = Span(record.ref.id, legal.path, line, span.quote, start, end, record.revision)
    return replace(clause, span=place)


def _pointer(legal: LegalText) -> str | None:
    """The license behind the first known link of a legal file that is too short to be one itself."""
    if len(legal.text) > _POINTER or legal.role in _ASIDE:
        return None
    words = (word.strip("<>()[]{}\"'`.,;") for word in legal.text.split() if "://" in word)
    return next((found for word in words if (found := catalogue.by_link(word))), None)


def _of_the_weights(detected: Sequence[DetectedText]) -> list[DetectedText]:
    """The texts that govern the weights: a model's own license before a general one; the code's license never."""
    own = [t for t in detected if t.legal.role == "model-license"]
    general = own or [t for t in detected if t.legal.role == "license"]
    return general + [t for t in detected if t.legal.role in _ASIDE and _ids(t)]


def _ids(text: DetectedText) -> tuple[str, ...]:
    """The licenses that a text is; a use policy is terms within a license, not a license."""
    ids = (catalogue_id(m.id) for m in text.matches)
    return tuple(dict.fromkeys(i for i in ids if i and not _is_policy(i)))


def _is_policy(license_id: str) -> bool:
    entry = catalogue.get(license_id)
    return entry is not None and entry.category == "policy"


def _osi(
    ids: Sequence[str], texts: Iterable[DetectedText], strange: Iterable[DetectedText], clauses: Iterable[Clause]
) -> bool | None:
    """Kleene's and over the licenses. A text that was altered, or is not known, cannot be told to be an approved one,
    and is none where it adds what the Open Source Definition does not allow."""
    if not ids:
        return False if any(fails_definition(c.id) for c in clauses) else None
    verdicts = {entry.osi if (entry := catalogue.get(i)) else None for i in ids}
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
        told = [f"{text.legal.path} is {_how(text, x)} {name_of(x)}" for x, text in found.items()]
    elif ids or strange:
        told = [claim.why]
    elif any(t.legal.role == "code-license" for t in detected):
        told = [claim.why, "only the code's license is given, none for the weights"]
    else:
        told = [claim.why or "no license is stated"]
    return "; ".join(words for words in (*told, unread) if words)


def _how(text: DetectedText, license_id: str) -> str:
    kinds = {m.match for m in text.matches if catalogue_id(m.id) == license_id}
    return "an altered text of" if "modified" in kinds else "the text of" if "exact" in kinds else "a pointer to"
