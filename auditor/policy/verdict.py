"""From the terms in force and the declared use to a verdict, with the reasons and duties in words to act on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from auditor.engine.words import fill
from auditor.facts.build import clause_license
from auditor.identify.vocabulary import ClauseInfo, vocabulary
from auditor.lineage.relations import relations
from auditor.model import Decision, Gap, Lineage, Node, Reason, Release, Term, Use, Verdict
from auditor.policy.use import binding

DOUBTS = {
    "contested": "(It is contested whether the terms of training data reach the model.)",
    "inferred": "(The lineage that brings this term is inferred: confirm it first.)",
}
"""How the text of a reason ends where its term may not hold."""


def decide(name: str, lineage: Lineage, use: Use) -> Decision:
    """The verdict on one node.

    deny: a term forbids the declared use. undetermined: nothing forbids it, but terms of the weights are unknown.
    conditions: it is allowed if the duties are met. allow: nothing to do.
    """
    node = lineage.nodes[name]
    because: dict[str, Reason] = {}
    duties: dict[str, Reason] = {}
    for term in _surest_first(node.terms):
        info = vocabulary().get(term.clause.id)
        if info is None or info.effect == "note":
            continue
        binds = binding(term.clause, info.binds, use)
        if term.contract and term.origin != name:
            if info.kind == "restriction":
                # A provider has one text after another; the risk is one.
                duties.setdefault(f"{info.id} by contract {term.origin}", _contract(info, term, lineage))
        elif binds != "no":
            effect, _ = info.in_effect(term.clause.params)
            forbids = effect == "deny" and binds == "yes" and not term.contested and not term.inferred
            reason = _reason(info, term, lineage, forbids)
            (because if forbids else duties).setdefault(f"{info.id} {reason.text}", reason)
    if node.ref.kind == "closed" and use.distribute == "weights":
        text = f"Plan to call {name}, not to ship it: it is a service, and there are no weights to pass on."
        duties[text] = Reason("closed-weights", text, (name,))
    release = _release(name, lineage, use)
    if release:
        because.update({reason.text: reason for reason in release.because})
        duties.update({reason.text: reason for reason in release.duties})
    open_questions = _open_questions(node)
    for gap in node.gaps:
        if not _of_weights(gap):
            text = f"Find out the terms of {gap.node}: {gap.why}."
            duties.setdefault(text, Reason("unknown-terms", text, gap.path))
    return Decision(
        verdict=_verdict(bool(because), bool(open_questions), bool(duties)),
        because=tuple(because.values()),
        duties=tuple(sorted(duties.values(), key=_weight)),
        open_questions=open_questions,
        release=release,
    )


def _weight(duty: Reason) -> tuple[bool, bool, int]:
    """What is sure comes first, then what weighs most: core clauses, and among them the order of the vocabulary."""
    if duty.clause == "closed-weights":
        return False, False, -1
    known = list(vocabulary().values())
    place = next((n for n, info in enumerate(known) if info.id == duty.clause), len(known))
    return bool(duty.doubt), place == len(known) or known[place].tier != "core", place


def _release(name: str, lineage: Lineage, use: Use) -> Release | None:
    if use.release_license is None:
        return None
    from auditor.policy.release import release  # the whole catalogue, which few audits need

    return release(name, lineage, use.release_license)


def _verdict(forbidden: bool, unknown: bool, duties: bool) -> Verdict:
    if forbidden:
        return "deny"
    if unknown:
        return "undetermined"
    return "conditions" if duties else "allow"


def _surest_first(terms: Iterable[Term]) -> list[Term]:
    """Own and undisputed terms first, so that of two like duties the plainer one is told."""
    return sorted(terms, key=lambda t: (t.contract, t.contested, t.inferred, len(t.path)))


def _reason(info: ClauseInfo, term: Term, lineage: Lineage, forbids: bool) -> Reason:
    license = clause_license(term.clause, lineage.nodes[term.origin])
    act = fill(info.in_effect(term.clause.params)[1], {k: _number(v) for k, v in term.clause.params.items()})
    section = f", section {term.clause.section}" if term.clause.section else ""
    text = f"{info.title} ({license}{section}): {info.meaning}" if forbids else act
    doubt: Literal["", "contested", "inferred"] = "contested" if term.contested else "inferred" if term.inferred else ""
    evidence = (term.clause.span,) if term.clause.span else ()
    return Reason(info.id, f"{act} {DOUBTS[doubt]}" if doubt else text, term.path, evidence, doubt)


def _contract(info: ClauseInfo, term: Term, lineage: Lineage) -> Reason:
    """A provider's terms bind whoever made the outputs; for the adopter they are a risk of provenance."""
    license = clause_license(term.clause, lineage.nodes[term.origin])
    text = (
        f"Decide whether to accept the contract risk: outputs of {term.origin} are in the ancestry, and the {license} "
        f"set a limit on them: {info.title.lower()}. They bind the account holder who made the outputs."
    )
    evidence = (term.clause.span,) if term.clause.span else ()
    return Reason(info.id, text, term.path, evidence)


def _open_questions(node: Node) -> tuple[str, ...]:
    questions = [f"{gap.node}: {gap.why}" for gap in node.gaps if _of_weights(gap)]
    readable = node.record.status in ("resolved", "closed", "gated")
    if readable and not node.license.stated:
        questions.append(
            f"{node.ref.id} states no license: without one the law gives no permission. "
            "Ask its author for a license, or choose another."
        )
    return tuple(dict.fromkeys(questions))


def _of_weights(gap: Gap) -> bool:
    known = relations()
    return all(known[r].derivative for r in gap.via)


def _number(value: object) -> object:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) and value >= 10_000 else value
