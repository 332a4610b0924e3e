"""`auditor explain`: what a name means to the auditor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import common
from auditor.errors import UsageError

if TYPE_CHECKING:
    from auditor.identify.catalogue import License
    from auditor.report.page import Page

Draw = Callable[["Page"], None]


def explain(
    name: Annotated[str, typer.Argument(help="A rule, clause, license, relation, system or provider.", metavar="NAME")],
    compare: Annotated[
        str | None, typer.Option(help="Set two licenses side by side: --compare A B.", metavar="LICENSE")
    ] = None,
    rules: common.RulesDirs = None,
) -> None:
    """Explain a rule, clause, license, relation, system or provider.

    A name that means several things shows them all.
    """
    from auditor.report.page import Page

    page = Page(common.page_width(), common.colored(None))
    if compare is not None:
        from auditor.report.explain_license import comparison

        comparison(page, _license_or_error(compare), _license_or_error(name))
    else:
        pages = list(_pages(name, rules))
        if not pages:
            hint = common.did_you_mean(name, _all_names(rules)) or "`auditor rules list` names the rules."
            raise UsageError(f"nothing here is called {name!r}", remedy=hint)
        for number, draw in enumerate(pages):
            if number:
                page.gap()
                page.gap()
            draw(page)
    common.write(page.text(), None)


def _pages(name: str, rules: list[str] | None) -> Iterator[Draw]:
    """One drawing for each thing of that name."""
    from auditor.engine.load import load_rules
    from auditor.identify.vocabulary import vocabulary
    from auditor.lineage.relations import relations
    from auditor.policy.findings import rules as policy_rules
    from auditor.report import explain as pages

    judged = load_rules(common.folders(rules), named=name)
    for rule in (*judged, *(r for r in policy_rules() if r.id not in {j.id for j in judged})):
        if name in (rule.id, rule.name):
            yield partial(pages.rule_page, rule=rule)
    if name in vocabulary():
        yield partial(pages.clause_page, info=vocabulary()[name])
    if name in relations():
        yield partial(pages.relation_page, relation=relations()[name])
    if name not in vocabulary() and name not in relations():  # the catalogue takes a while, and names none of these
        license_ = _license(name)
        if license_:
            from auditor.report.explain_license import license_page

            yield partial(license_page, entry=license_)
        yield from _system_pages(name)


def _system_pages(name: str) -> Iterator[Draw]:
    from auditor.lineage import knowledge
    from auditor.report import explain_system as pages

    system = knowledge.system_by_name(name)
    if system:
        yield partial(pages.system_page, system=system)
    closed = knowledge.closed_system(name)
    if closed:
        yield partial(pages.closed_page, system=closed)
    folded = knowledge.fold(name)
    theirs = [s for s in knowledge.closed_systems() if folded in (s.provider, knowledge.fold(s.provider_name))]
    if theirs:
        yield partial(pages.provider_page, name=theirs[0].provider_name, systems=theirs)


def _license(name: str) -> License | None:
    """By id, tag, or any spelling of the name."""
    from auditor.identify import catalogue

    found = name if catalogue.get(name) else catalogue.by_tag(name) or catalogue.by_name(name)
    return catalogue.get(found) if found else None


def _license_or_error(name: str) -> License:
    from auditor.identify import catalogue

    entry = _license(name)
    if entry is None:
        known = [spelling for raw in catalogue.raw_entries().values() for spelling in catalogue.names_of(raw)]
        hint = common.did_you_mean(name, known) or "Give an SPDX id, a Hub tag or a license's name."
        raise UsageError(f"no license here is called {name!r}", remedy=hint)
    return entry


def _all_names(rules: list[str] | None) -> list[str]:
    """Everything that `explain` knows, for suggestions."""
    from auditor.engine.load import load_rules
    from auditor.identify import catalogue
    from auditor.identify.vocabulary import vocabulary
    from auditor.lineage import knowledge
    from auditor.lineage.relations import relations
    from auditor.policy.findings import rules as policy_rules

    names = [rule.name for rule in (*load_rules(common.folders(rules)), *policy_rules())]
    names += [*vocabulary(), *relations()]
    names += [spelling for raw in catalogue.raw_entries().values() for spelling in catalogue.names_of(raw)]
    names += [spelling for system in knowledge.systems() for spelling in system.names]
    names += [system.id for system in knowledge.closed_systems()]
    names += [system.provider for system in knowledge.closed_systems()]
    return names
