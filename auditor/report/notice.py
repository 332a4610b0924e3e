"""The notice file: what the licenses of the models and datasets in use ask to be shown, kept or passed on."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.engine.words import fill
from auditor.identify import catalogue
from auditor.identify.vocabulary import ClauseInfo, vocabulary
from auditor.model import Lineage, Node, Term
from auditor.report.safe import plain, short
from auditor.report.wording import license_in_words, unread

_HEAD = (
    "Third-party notices",
    "===================",
    "",
    "Models and datasets that this work uses, their licenses, and what those ask of whoever passes them on.",
    "Written by `auditor notice` from published facts. Check it before you ship it; it is triage, not legal advice.",
)


def render(lineage: Lineage) -> str:
    """One section for each thing in use, sorted by id; closed models, of which nothing is passed on, are left out."""
    lines = list(_HEAD)
    for name in sorted(lineage.targets):
        if lineage.nodes[name].ref.kind != "closed":
            lines += ["", "", *_section(name, lineage)]
    return "\n".join(lines) + "\n"


def _section(name: str, lineage: Lineage) -> Iterator[str]:
    node = lineage.nodes[name]
    yield plain(name)
    yield "-" * len(plain(name))
    yield from _about(node)
    by_origin: dict[str, list[Term]] = {}
    for term in node.terms:
        if not term.contract and _is_asked(vocabulary().get(term.clause.id)):
            by_origin.setdefault(term.origin, []).append(term)
    for origin, terms in by_origin.items():
        if origin != name:
            yield ""
            yield f"From {plain(origin)}, which it descends from:"
            yield from _about(lineage.nodes[origin])
        yield from _duties(terms)
    if node.gaps or unread(node) or not node.license.known:
        yield ""
        yield "Not complete, because these terms could not be learnt:"
        yield from dict.fromkeys(f"  * {plain(gap.node)}: {short(gap.why, 200)}" for gap in node.gaps)
        if not node.license.known:
            yield f"  * {plain(name)}: {short(node.license.why or node.record.why, 200)}"


def _about(node: Node) -> Iterator[str]:
    yield f"License: {license_in_words(node)}"
    for entry in filter(None, map(catalogue.get, node.license.concluded)):
        yield from (f"Text: {plain(address)}" for address in entry.references[:1])
    if node.record.revision:
        yield f"Revision: {plain(node.record.revision)}"


def _is_asked(info: ClauseInfo | None) -> bool:
    """Is it a duty of those who pass something on?"""
    return info is not None and info.kind == "duty" and "distribute" in info.binds


def _duties(terms: list[Term]) -> Iterator[str]:
    """The words that have to be shown, as they are; then what else has to be done."""
    shown, done = dict[str, None](), dict[str, None]()
    for term in terms:
        words = term.clause.params.get("text")
        if isinstance(words, str) and words:
            shown[short(words, 1000)] = None
        else:
            disputed = " (It is contested whether this term reaches here.)" if term.contested else ""
            done[short(fill(vocabulary()[term.clause.id].act, dict(term.clause.params)), 400) + disputed] = None
    if shown:
        yield ""
        yield from (f"  {words}" for words in shown)
    if done:
        yield ""
        yield from (f"  [ ] {words}" for words in done)
