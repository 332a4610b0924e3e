"""What is known whatever a repository says: facts of named systems and datasets, closed models and their terms.

Everything comes from `data/systems`, `data/datasets` and `data/providers`, read when first asked for.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal

from auditor.model import RepoContent, RepoId, Span, Statement
from auditor.resources import data_dir, load_folder

SystemKind = Literal["model", "dataset", "closed", "software", "organisation", "method", "nonexistent"]


@dataclass(frozen=True, slots=True)
class ProviderTerms:
    """Terms of a provider by catalogue id. `start` and `end` are ISO dates; no `end` means in force today."""

    license: str
    start: str | None
    end: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class ClosedSystem:
    """A model whose weights nobody outside has; `terms` are those that its outputs came under, newest first."""

    id: str
    name: str
    provider: str
    provider_name: str
    aliases: tuple[str, ...]
    patterns: tuple[str, ...]
    released: str | None
    note: str
    terms: tuple[ProviderTerms, ...]


@dataclass(frozen=True, slots=True)
class System:
    """Something that people call by a plain name. `target` is a node id; none for software, methods and the like."""

    id: str
    names: tuple[str, ...]
    kind: SystemKind
    target: str | None
    summary: str
    license: str | None


def statements_for(ref: RepoId) -> tuple[Statement, ...]:
    """The facts known of a repository, under any spelling of its case; a dataset also under its plain names."""
    if ref.kind not in ("model", "dataset", "unknown"):
        return ()
    name = (dataset_alias(ref.name) or ref.name) if ref.kind == "dataset" else ref.name
    key = f"datasets/{name}" if ref.kind == "dataset" else name
    return tuple(statement for fact, repo in _facts().get(key.casefold(), ()) for statement in _statements(fact, repo))


def closed_system(name: str) -> ClosedSystem | None:
    """The closed model that a name means: its plain name, an alias, or either with the date of a snapshot behind it."""
    low = name.strip().casefold()
    systems = _closed()[0]
    found = systems.get(fold(low)) or systems.get(fold(_without_snapshot(low)))
    return found if found and not is_published(name) else None


def closed_service(name: str) -> ClosedSystem | None:
    """What `closed_system` finds, or the system of whose versions a name is one by its form.

    Only for words that stand where a service is called: in prose such a form may be anything.
    """
    found = closed_system(name)
    if found or is_published(name):
        return found
    low = name.strip().casefold()
    fitting = [(len(pattern), system) for pattern, system in _versions() if _fits(low, pattern)]
    return max(fitting, key=lambda f: f[0])[1] if fitting else None


def is_published(name: str) -> bool:
    """Is it a repository of a provider that publishes the weights of some models?"""
    low = name.strip().casefold()
    return any(_fits(low, pattern) for pattern in _closed()[1])


def closed_systems() -> tuple[ClosedSystem, ...]:
    """All closed models, sorted by id."""
    return tuple(sorted(set(_closed()[0].values()), key=lambda system: system.id))


def closed_content(ref: RepoId) -> RepoContent:
    """A closed model as a source would hand it over: no files, its provider's terms as its license."""
    system = closed_system(ref.name)
    if system is None:
        return RepoContent(ref, "missing", why=f"{ref.name} is no closed model that data/providers knows")
    statements = [
        Statement("license", terms.license, Span(system.provider_name, quote=_period(terms), url=terms.url))
        for terms in system.terms
    ]
    why = f"closed: {system.provider_name} offers {system.name} as a service and has not published its weights"
    return RepoContent(RepoId("closed", system.id), "closed", why=why, statements=tuple(statements))


def system_by_name(name: str) -> System | None:
    """The system that people mean by a plain name, compared without case and punctuation."""
    return _systems().get(fold(name))


def systems() -> tuple[System, ...]:
    """All named systems, sorted by id."""
    return tuple(sorted(set(_systems().values()), key=lambda system: system.id))


def dataset_alias(name: str) -> str | None:
    """The Hub id of a known dataset called by a plain name or an older id; None for any other name."""
    return _dataset_names().get(fold(name))


def fold(name: str) -> str:
    """A name without case and punctuation; the slash between organization and name stays."""
    return "".join(c for c in name.casefold() if c.isalnum() or c == "/")


def _fits(low: str, pattern: str) -> bool:
    """Does a glob cover the name? Its plain beginning is compared first, as fnmatch compiles whatever it sees."""
    head = pattern.partition("*")[0].partition("[")[0]
    return low.startswith(head) and fnmatchcase(low, pattern)


def _without_snapshot(name: str) -> str:
    """`gpt-4-0613` and `claude-3-opus-20240229` without their dates; digits count as a date from four on."""
    parts = name.split("-")
    while len(parts) > 1 and parts[-1] in ("latest", "preview", "exp"):
        parts.pop()
    digits = 0
    kept = list(parts)
    while len(kept) > 1 and kept[-1].isdigit() and len(kept[-1]) in (2, 4, 6, 8):
        digits += len(kept.pop())
    return "-".join(kept if digits >= 4 else parts)


@functools.cache
def _versions() -> tuple[tuple[str, ClosedSystem], ...]:
    """The patterns of the names of versions, each with its system."""
    return tuple((pattern, system) for system in closed_systems() for pattern in system.patterns)


@functools.cache
def _closed() -> tuple[dict[str, ClosedSystem], tuple[str, ...]]:
    """Closed models by folded name, and the patterns of their houses' open repositories."""
    named: dict[str, ClosedSystem] = {}
    open_patterns: list[str] = []
    for provider in load_folder(data_dir() / "providers").values():
        open_patterns += [pattern.casefold() for pattern in provider.get("open", ())]
        for raw in provider.get("systems", ()):
            system = _closed_system(provider, raw)
            named |= {fold(name): system for name in (system.id, system.name, *system.aliases)}
    return named, tuple(open_patterns)


def _closed_system(provider: Mapping[str, Any], raw: Mapping[str, Any]) -> ClosedSystem:
    terms = [
        ProviderTerms(license=t["license"], start=t.get("from"), end=t.get("to"), url=t.get("url"))
        for t in provider.get("terms", ())
        if raw["id"] in t.get("systems", (raw["id"],))
    ]
    return ClosedSystem(
        id=raw["id"],
        name=raw["name"],
        provider=provider["id"],
        provider_name=provider["name"],
        aliases=tuple(raw.get("aliases", ())),
        patterns=tuple(raw.get("patterns", ())),
        released=raw.get("released"),
        note=raw.get("note", ""),
        terms=tuple(sorted(terms, key=lambda t: t.start or "", reverse=True)),
    )


def _period(terms: ProviderTerms) -> str:
    if not terms.start:
        return "terms in force, start unknown" if not terms.end else f"terms in force until {terms.end}"
    return f"terms in force from {terms.start}" + (f" to {terms.end}" if terms.end else "")


@functools.cache
def _systems() -> dict[str, System]:
    named: dict[str, System] = {}
    for raw in load_folder(data_dir() / "systems").values():
        system = System(
            id=raw["id"],
            names=tuple(raw.get("names", ())),
            kind=raw["kind"],
            target=raw.get("target"),
            summary=raw.get("summary", ""),
            license=raw.get("license"),
        )
        named |= {fold(name): system for name in (system.id, *system.names)}
    return named


@functools.cache
def _dataset_names() -> dict[str, str]:
    return {
        fold(name): raw["target"].removeprefix("datasets/")
        for raw in load_folder(data_dir() / "datasets").values()
        for name in raw.get("names", ())
    }


@functools.cache
def _facts() -> dict[str, list[tuple[Mapping[str, Any], str]]]:
    """Facts by the id of the repository for which they hold, ids without regard to case."""
    known: dict[str, list[tuple[Mapping[str, Any], str]]] = {}
    for folder in ("systems", "datasets"):
        for raw in load_folder(data_dir() / folder).values():
            for repo, entry in raw.get("repos", {}).items():
                for name in (repo, *entry.get("same_for", ())):
                    known.setdefault(name.casefold(), []).extend((fact, name) for fact in entry["facts"])
    return known


def _statements(fact: Mapping[str, Any], repo: str) -> Iterator[Statement]:
    value = fact.get("value_for", {}).get(repo, fact.get("value"))
    values: Iterable[Any] = value if isinstance(value, list) else [value]
    span, how, relation = _span(fact["source"]), fact.get("how", "declared"), fact.get("relation")
    for one in values:
        if one is not None:
            yield Statement(fact["field"], one, span, how, relation)


def _span(source: Mapping[str, Any]) -> Span:
    """A source as a place; a file of a code repository gets its address from its name and commit."""
    repo, file, commit, url = (source.get(key) for key in ("repo", "file", "commit", "url"))
    if url is None and repo and file:
        url = f"https://github.com/{repo}/blob/{commit or 'HEAD'}/{file}"
    named = ": ".join(source[key] for key in ("name", "note") if key in source)
    return Span(repo or named or url or "", file, quote=source.get("quote", ""), revision=commit, url=url)
