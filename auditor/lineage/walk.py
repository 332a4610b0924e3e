"""Walks the ancestry breadth first through a source, until there is nothing more to learn or a limit is reached."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from auditor.lineage.evidence import edges_of
from auditor.lineage.hashes import twins, with_copies
from auditor.lineage.knowledge import closed_content, statements_for, system_by_name
from auditor.model import Edge, RepoContent, RepoId, RepoRecord, Statement
from auditor.parse.record import parse
from auditor.sources.base import Source

Progress = Callable[[str, int, int], None]
Knowledge = Callable[[RepoId], tuple[Statement, ...]]


class Walk(NamedTuple):
    """What a walk found, by node id; `names` maps every id that was asked for to the node's own."""

    contents: dict[str, RepoContent]
    records: dict[str, RepoRecord]
    edges: tuple[Edge, ...]
    names: dict[str, str]
    cut: tuple[tuple[str, str], ...]


def walk(
    targets: Sequence[tuple[RepoId, str | None]],
    source: Source,
    on_progress: Progress | None = None,
    max_repos: int | None = None,
    max_depth: int | None = None,
    knowledge: Knowledge = statements_for,
) -> Walk:
    """Fetch the targets and all their ancestors, level by level.

    `knowledge` adds facts that hold whatever a repository says. `on_progress(id, done, known)` is called after each
    fetch. What a limit leaves out is named in `cut`, never dropped silently.
    """
    contents: dict[str, RepoContent] = {}
    records: dict[str, RepoRecord] = {}
    edges: list[Edge] = []
    names: dict[str, str] = {}
    cut: dict[RepoId, str] = {}
    level = _unseen(targets, names)
    depth = 0
    while level:
        room = len(level) if max_repos is None else max(0, max_repos - len(contents))
        for ref, _ in level[room:]:
            cut[ref] = f"the limit of {max_repos} repositories was reached"
        parents: list[tuple[RepoId, str | None]] = []
        for asked, content in _fetch(level[:room], source):
            node = content.ref.id
            names[asked.id] = node
            names[node] = node
            if node in contents:
                continue
            contents[node] = content
            record = _with_knowledge(parse(content), knowledge, asked)
            records[node] = record
            if on_progress:
                on_progress(node, len(contents), len(names))
            for edge, parent in edges_of(record):
                edges.append(edge)
                parents.append((parent, None))
        depth += 1
        level = _unseen(parents, names)
        if max_depth is not None and depth > max_depth:
            for ref, _ in level:
                cut[ref] = f"the limit of {max_depth} generations was reached"
            level = []
    for ref, why in cut.items():
        records[ref.id] = RepoRecord(ref=ref, status="unreachable", why=f"not looked up: {why}")
    left_out = tuple((ref.id, why) for ref, why in cut.items())
    joined = with_copies(contents, _settled(edges, names))
    for one, other, place in twins(contents, joined):
        words = f"holds the same weights as {other}; which of the two is the copy cannot be told"
        records[one] = replace(records[one], problems=(*records[one].problems, Statement("problem", words, place)))
    return Walk(contents, records, joined, names, left_out)


def _unseen(refs: Iterable[tuple[RepoId, str | None]], names: dict[str, str]) -> list[tuple[RepoId, str | None]]:
    fresh = []
    for ref, revision in refs:
        if ref.id not in names:
            names[ref.id] = ref.id
            fresh.append((ref, revision))
    return fresh


def _fetch(level: Sequence[tuple[RepoId, str | None]], source: Source) -> Iterable[tuple[RepoId, RepoContent]]:
    def one(item: tuple[RepoId, str | None]) -> tuple[RepoId, RepoContent]:
        ref, revision = item
        if ref.kind == "closed":
            return ref, closed_content(ref)
        if ref.kind == "unknown":  # a name that is known to stand for nothing; no source needs to be asked
            system = system_by_name(ref.name)
            return ref, RepoContent(ref, "missing", why=system.summary if system else f"there is no {ref.name}")
        return ref, source.fetch(ref, revision)

    if source.parallel <= 1 or len(level) == 1:
        return map(one, level)
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(source.parallel) as pool:
        return list(pool.map(one, level))


def _with_knowledge(record: RepoRecord, knowledge: Knowledge, asked: RepoId) -> RepoRecord:
    """Known facts stand behind what the repository says itself; a redirected name keeps the facts of both names."""
    known = knowledge(record.ref)
    if asked != record.ref:
        known += tuple(s for s in knowledge(asked) if s not in known)
    if not known:
        return record
    bases = {str(s.value) for s in known if s.field == "base_model" and s.how != "inferred"}
    own = tuple(s for s in record.statements if not (bases and _guessed_base(s) and s.value not in bases))
    return replace(record, statements=own + known)


def _guessed_base(statement: Statement) -> bool:
    """A base that only inference names; it gives way to one that is known."""
    return statement.field == "base_model" and statement.how == "inferred"


def _settled(edges: Sequence[Edge], names: Mapping[str, str]) -> tuple[Edge, ...]:
    """Point edges at the nodes' own names; an edge that a rename turned onto itself is none."""
    settled: dict[tuple[str, str, str], Edge] = {}
    for edge in edges:
        edge = replace(edge, parent=names.get(edge.parent, edge.parent))
        key = (edge.child, edge.parent, edge.relation)
        if edge.child == edge.parent:
            continue
        kept = settled.get(key)
        settled[key] = replace(kept, evidence=kept.evidence + edge.evidence) if kept else edge
    return tuple(settled.values())
