"""The pages of the license catalogue: a table of all, and one page for each category."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.identify import catalogue
from auditor.identify.catalogue import License
from auditor.identify.vocabulary import vocabulary
from auditor.model import Clause
from auditor.report.explain_license import approval, in_short, params_in_words
from auditor.report.wording import license_name
from docs.generate.markdown import address, anchor, code, escape, link, listing, page, table, toctree

_CATEGORIES = {
    "public-domain": "Everything is allowed, without a condition.",
    "permissive": "Everything is allowed; notices must be kept.",
    "weak-copyleft": "Changed files, or the library itself, stay under the license.",
    "copyleft": "What is derived and passed on stays under the license.",
    "share-alike": "Licenses of data and content whose derivatives stay under the license.",
    "rail": "Responsible AI licenses: free to use, with prohibited uses that must be passed on.",
    "community": "House licenses of models: wide grants with limits, such as a number of users or prohibited uses.",
    "non-commercial": "No commercial use.",
    "research": "Research alone.",
    "proprietary": "No license to the public, or one for the customers of a product.",
    "terms-of-service": "Terms under which a provider offers closed models. They bind the account holder.",
    "policy": "Use policies that stand beside a license and that it refers to.",
    "family": "Names that several licenses share. Which one is meant, the name does not say.",
}
_INTRO = """
The texts of licenses are not part of the project: the catalogue says which clauses a text has, with section and a
short quote, and where the text can be read. What counts for a repository is the text that it ships; the catalogue
stands in where none is there, and a difference is a finding ([how a license is concluded](../licenses.md)). The last
column names the clauses that decide adoptions.
"""
_YES = {True: "yes", False: "no", None: "–"}
_UNLICENSED = ("policy", "terms-of-service", "family")


def files() -> dict[str, str]:
    """`docs/reference/licenses.md` and a page for each category."""
    groups: dict[str, list[License]] = {category: [] for category in _CATEGORIES}
    for entry in filter(None, map(catalogue.get, catalogue.all_ids())):
        groups[entry.category].append(entry)  # KeyError: a new category wants its line in _CATEGORIES
    for entries in groups.values():
        entries.sort(key=lambda entry: entry.name.casefold())
    pages = {
        f"docs/reference/licenses/{category}.md": _category(category, entries) for category, entries in groups.items()
    }
    return {"docs/reference/licenses.md": _index(groups), **pages}


def home(license_id: str) -> str | None:
    """Where a license is described, below `docs/reference/licenses`; None for an id that the catalogue lacks."""
    entry = catalogue.get(license_id)
    return f"{entry.category}.md#{anchor(entry.name)}" if entry else None


def _index(groups: dict[str, list[License]]) -> str:
    rows = [
        (
            link(escape(entry.name), f"licenses/{home(entry.id)}"),
            entry.category,
            _YES[entry.osi],
            ", ".join(_core(entry)) or "–",
        )
        for entries in groups.values()
        for entry in entries
    ]
    counts = [
        (link(category, f"licenses/{category}.md"), str(len(groups[category])), _CATEGORIES[category])
        for category in _CATEGORIES
    ]
    return page(
        "Licenses",
        _INTRO,
        table(("Category", "Licenses", "Of it"), counts),
        "## All licenses",
        '<div id="filter"></div>',
        table(("License", "Category", "OSI", "Clauses of the core"), rows),
        toctree(f"{category} <licenses/{category}>" for category in groups),
    )


def _core(entry: License) -> list[str]:
    return list(dict.fromkeys(c.id for c in entry.clauses if vocabulary()[c.id].tier == "core"))


def _category(category: str, entries: list[License]) -> str:
    parts = [_CATEGORIES[category]]
    for entry in entries:
        parts += _license(entry)
    return page(f"Licenses: {category}", *parts, _clause_links(entries))


def _license(entry: License) -> Iterator[str]:
    yield f"## {escape(entry.name)}"
    about = (escape(part) for part in (entry.steward, entry.version_date) if part)
    yield " · ".join(
        (code(entry.id), *about, f"OSI: {approval(entry.osi, 'open source')}", f"FSF: {approval(entry.fsf, 'free')}")
    )
    if entry.category not in _UNLICENSED:
        yield listing(f"{words}: {escape(answer)}" for words, answer in in_short(entry.clauses))
    yield table(("Clause", "Section", "Quote"), map(_clause, entry.clauses))
    facts = [f"Stands for {', '.join(map(_other, entry.members))}."] if entry.members else []
    for words, license_id in (("Earlier", entry.predecessor), ("Later", entry.successor)):
        facts += [f"{words} version: {_other(license_id)}."] if license_id else []
    facts += [f"Hub tags: {', '.join(map(code, entry.hub_tags))}."] if entry.hub_tags else []
    facts += [f"Text: {', '.join(map(address, entry.references))}."] if entry.references else []
    facts += [f"Reviewed on {entry.reviewed}."] if entry.reviewed else []
    yield " ".join(facts)


def _other(license_id: str) -> str:
    place = home(license_id)
    return link(escape(license_name(license_id)), place) if place else code(license_id)


def _clause(clause: Clause) -> tuple[str, str, str]:
    params = params_in_words(clause)
    quote = f"“{escape(clause.span.quote)}”" if clause.span and clause.span.quote else ""
    return f"[{clause.id}]" + (f" ({escape(params)})" if params else ""), escape(clause.section or ""), quote


def _clause_links(entries: list[License]) -> str:
    """Where `[clause]` leads, once a page."""
    used = sorted({clause.id for entry in entries for clause in entry.clauses})
    return "\n".join(f"[{clause}]: ../clauses.md#{clause}" for clause in used)
