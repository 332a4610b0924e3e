"""Which licenses can be granted for what is derived from a model: every term in force on it must live on in them."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.errors import UsageError
from auditor.facts.build import clause_license
from auditor.identify import catalogue
from auditor.identify.catalogue import License
from auditor.identify.vocabulary import ClauseInfo, vocabulary
from auditor.lineage.compat import may_become, share_alike_licenses
from auditor.lineage.relations import relations
from auditor.model import Clause, Lineage, Reason, Release, Term

RELEASE = "release-license"  # stands where other reasons name their clause
_NO_RELEASE = ("no-derivatives", "no-redistribution")  # whatever the license, the derivative may not leave the house
_LISTS = (
    "use-restrictions",
    "use-restriction-flowdown",
    "military-restriction",
)  # parts of one list of prohibited uses
_ASKS = (
    "registration-or-approval-required",
    "use-restriction-flowdown",
    "share-alike",
)  # duties that recipients must get
_LIMITS = {"user-count-cap": "threshold", "revenue-cap": "amount"}  # the figure above which rights change
_NONE_TO_GRANT = ("family", "policy", "terms-of-service", "proprietary")
_MOST = 6  # suggestions


def chosen(words: str) -> License:
    """The license that `words` name, by tag, SPDX id or name. Raises UsageError where that is not exactly one."""
    ids = catalogue.resolve(words).ids
    entry = catalogue.get(ids[0]) if len(ids) == 1 else None
    if entry is None:
        what = "names several licenses" if ids else "names no license of the catalogue"
        raise UsageError(f"{words!r} {what}", remedy=f"{_near(words)}Give an SPDX id or a Hub tag, such as apache-2.0.")
    return entry


def release(name: str, lineage: Lineage, words: str) -> Release:
    """Can the license that `words` name be granted for a derivative of the node?

    deny: some term in force would be lost or broken. undetermined: nothing speaks against it, but terms are unknown.
    conditions: it can, if the duties are met. Raises UsageError for words that name no license.
    """
    entry = chosen(words)
    because, duties = _judged(name, lineage, entry)
    node = lineage.nodes[name]
    unknown = any(_derived(gap.via) for gap in node.gaps) or not node.license.stated
    return Release(
        license=entry.id,
        verdict="deny" if because else "undetermined" if unknown else "conditions" if duties else "allow",
        because=because,
        duties=duties,
        suggestions=tuple(suggest(name, lineage)) if because else (),
    )


def suggest(name: str, lineage: Lineage) -> list[str]:
    """Licenses of the catalogue that could be granted for a derivative: those of its line first, then open ones."""
    line = _line(name, lineage)
    fitting = [
        entry
        for entry in map(catalogue.get, catalogue.all_ids())
        if entry and entry.category not in _NONE_TO_GRANT and not _judged(name, lineage, entry)[0]
    ]
    fitting.sort(key=lambda e: (e.id not in line, not e.osi, not e.hub_tags, _restrictions(e), e.id))
    return [entry.id for entry in fitting[:_MOST]]


def _line(name: str, lineage: Lineage) -> set[str]:
    """The licenses of the node and of its ancestors by derivation."""
    origins = {name, *(t.origin for t in lineage.nodes[name].terms if _derived(t.via))}
    return {license_id for origin in origins for license_id in lineage.nodes[origin].license.concluded}


def _public(entry: License) -> bool:
    """Is the license meant for everyone's works, and not a house's own for its models?"""
    return not entry.id.startswith("LicenseRef-") or entry.category in ("rail", "family")


def _restrictions(entry: License) -> int:
    known = vocabulary()
    return sum(known[c.id].kind == "restriction" and known[c.id].tier == "core" for c in entry.clauses)


def _judged(name: str, lineage: Lineage, entry: License) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    """What stands against the license, and what has to be done if it is chosen; one reason a license and fault."""
    if not _public(entry) and entry.id not in _line(name, lineage):
        return (Reason(RELEASE, f"{entry.name} was written by its licensor for its own models alone.", (name,)),), ()
    lost: dict[tuple[str, bool], list[Term]] = {}
    duties: dict[str, Reason] = {}
    for term in lineage.nodes[name].terms:
        info = vocabulary().get(term.clause.id)
        if info is None or (term.contract and term.origin != name):
            continue
        fault, do = _judge(term, info, entry, lineage)
        if fault:
            lost.setdefault((fault, term.contested or term.inferred), []).append(term)
        elif do and not term.contested:
            duties.setdefault(do, _reason([term], f"{do}."))
    because = tuple(
        _reason(terms, f"{fault}: {_titles(terms)}.") for (fault, open_), terms in lost.items() if not open_
    )
    asked = [
        _reason(terms, f"Settle whether this reaches {name}: {fault}: {_titles(terms)}.")
        for (fault, open_), terms in lost.items()
        if open_
    ]
    return because, (*duties.values(), *asked)


def _judge(term: Term, info: ClauseInfo, entry: License, lineage: Lineage) -> tuple[str, str]:
    """(why the license would not do, what to do if it would) on account of one term; both may be empty."""
    origin = lineage.nodes[term.origin]
    held = clause_license(term.clause, origin)
    if info.id in _NO_RELEASE:
        return f"{held} allows no release of what is derived", ""
    if entry.id in origin.license.concluded:
        return "", ""
    if info.id == "no-sublicensing":
        return f"{held} may not be passed on under another license, such as {entry.name}", ""
    if info.id == "share-alike":
        license_ids = share_alike_licenses(origin.license.concluded)
        allowed = any(may_become(license_id, [entry.id]) for license_id in license_ids)
        return "" if allowed else f"{held} does not let derived works be released under {entry.name}", ""
    if info.id not in _ASKS and (info.kind != "restriction" or info.tier != "core"):
        return "", ""
    if info.id in _LISTS and _says(entry.clauses, "use-restrictions"):
        return "", f"Carry the prohibited uses of {held} over into the terms of the release"
    if not _says(entry.clauses, info.id):
        return f"{entry.name} would drop terms of {held}", ""
    return f"{entry.name} is laxer than {held}" if _laxer(term.clause, entry.clauses) else "", ""


def _titles(terms: Sequence[Term]) -> str:
    return ", ".join(dict.fromkeys(vocabulary()[t.clause.id].title.lower() for t in terms))


def _says(clauses: Sequence[Clause], wanted: str) -> bool:
    known = vocabulary()
    return any(c.id == wanted or (c.id in known and wanted in known[c.id].implies) for c in clauses)


def _laxer(held: Clause, offered: Sequence[Clause]) -> bool:
    """Does the other license allow more users or money, or more territories, than the clause?"""
    same = [c for c in offered if c.id == held.id]
    figure = _LIMITS.get(held.id)
    if figure and isinstance(limit := held.params.get(figure), (int, float)):
        limits = [c.params.get(figure) for c in same]
        return not any(isinstance(n, (int, float)) and n <= limit for n in limits)
    closed = set(held.params.get("territories", ()) or ())
    return bool(closed) and not any(closed <= set(c.params.get("territories", ()) or ()) for c in same)


def _reason(terms: Sequence[Term], words: str) -> Reason:
    """The reason with the way to the farthest license that gives it, and every place where it is said."""
    spans = tuple(dict.fromkeys(t.clause.span for t in terms if t.clause.span))
    return Reason(RELEASE, words, max((t.path for t in terms), key=len), spans)


def _derived(via: Sequence[str]) -> bool:
    return all(relations()[r].derivative for r in via)


def _near(words: str) -> str:
    import difflib

    spelled = {n.casefold(): n for i in catalogue.all_ids() for n in catalogue.names_of(catalogue.raw_entries()[i])}
    near = [spelled[n] for n in difflib.get_close_matches(words.casefold(), spelled, n=2, cutoff=0.7)]
    return f"Did you mean {' or '.join(near)}? " if near else ""
