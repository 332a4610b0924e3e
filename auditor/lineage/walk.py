"""Walks the ancestry breadth first through a source, until there is nothing more to learn or a limit is reached."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import NamedTuple

from auditor.errors import UsageError
from auditor.lineage.ahead import Ahead
from auditor.lineage.evidence import edges_of
from auditor.lineage.hashes import twins, with_copies
from auditor.lineage.knowledge import closed_content, statements_for, system_by_name
from auditor.model import Edge, RepoContent, RepoId, RepoRecord, Statement
from auditor.parse.record import parse
from auditor.sources.base import Source, TellingSource

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
    fetch. What a limit leaves out is named in `cut`, never dropped silently. Raises UsageError for a limit that would
    leave out the targets.
    """
    if (max_repos is not None and max_repos < 1) or (max_depth is not None and max_depth < 0):
        raise UsageError(
            "a limit must let at least the target be read", remedy="--max-repos takes 1 or more, --max-depth 0"
        )
    revisions = {ref.id: revision for ref, revision in reversed(targets)}
    limited = max_repos is not None or max_depth is not None  # then nothing may be read before it is counted

    def read(ref: RepoId, begin: Callable[[RepoId], None]) -> _Found:
        def named(content: RepoContent) -> _Found:
            record = _with_knowledge(parse(content), knowledge, ref)
            found = _Found(content, record, edges_of(record))
            for _, parent in () if limited else found.edges:
                begin(parent)
            return found

        def early(content: RepoContent) -> None:
            if not limited:
                named(content)

        return named(_fetch(ref, revisions.get(ref.id), source, early))

    ahead = Ahead(read, source.parallel)
    so_far = _SoFar({}, {}, {}, {}, {})
    cut: dict[RepoId, str] = {}
    with closing(ahead):
        level = _unseen([ref for ref, _ in targets], so_far.names)
        depth = 0
        while level:
            room = len(level) if max_repos is None else max(0, max_repos - len(so_far.contents))
            cut |= dict.fromkeys(
                level[room:], f"the limit of {_number(max_repos, 'repository', 'repositories')} was reached"
            )
            for ref in level[:room]:
                ahead.begin(ref)
            parents: list[RepoId] = []
            for ref in level[:room]:
                found = ahead.result(ref)
                parents += so_far.add(ref, found, knowledge)
                if on_progress:
                    on_progress(found.content.ref.id, len(so_far.contents), len(so_far.names))
            depth += 1
            level = _unseen(parents, so_far.names)
            if max_depth is not None and depth > max_depth:
                cut |= dict.fromkeys(
                    level, f"the limit of {_number(max_depth, 'generation', 'generations')} was reached"
                )
                level = []
    return so_far.finished(cut)


class _Found(NamedTuple):
    content: RepoContent
    record: RepoRecord
    edges: tuple[tuple[Edge, RepoId], ...]


class _SoFar(NamedTuple):
    """What a walk has found so far, by node id; the edges by their child."""

    contents: dict[str, RepoContent]
    records: dict[str, RepoRecord]
    edges: dict[str, tuple[tuple[Edge, RepoId], ...]]
    names: dict[str, str]
    nodes: dict[str, str]  # by the Hub's `_id` and the revision

    def add(self, asked: RepoId, found: _Found, knowledge: Knowledge) -> list[RepoId]:
        """Take in what `asked` led to; the parents that it names.

        The Hub answers under some older names as under the present one: what has the same `_id` is the same repository.
        """
        own = found.content.ref.id
        revision = own.partition("@")[2]  # of several that are asked for, each is a member of its own
        node = self.nodes.setdefault(f"{found.content.hub_id or own}@{revision}", own)
        self.names[asked.id] = self.names[own] = node
        if node not in self.contents:
            self.contents[node], self.records[node], self.edges[node] = found
        else:  # another name of a repository that was read already; what is known under that name holds for it too
            record = _with_facts(self.records[node], knowledge(asked))
            others = (*record.aliases, asked.name, found.content.ref.name)
            self.records[node] = replace(
                record, aliases=tuple(dict.fromkeys(name for name in others if name != record.ref.name))
            )
            self.edges[node] = edges_of(self.records[node])
        return [parent for _, parent in self.edges[node]]

    def finished(self, cut: Mapping[RepoId, str]) -> Walk:
        """The walk, with what was cut as nodes that nobody read, and with the copies among its members."""
        for ref, why in cut.items():
            self.records[ref.id] = RepoRecord(ref=ref, status="unreachable", why=f"not looked up: {why}")
        joined = with_copies(self.contents, _settled([e for rows in self.edges.values() for e, _ in rows], self.names))
        for one, other, place in twins(self.contents, joined):
            words = f"holds the same weights as {other}; which of the two is the copy cannot be told"
            old = self.records[one]
            self.records[one] = replace(old, problems=(*old.problems, Statement("problem", words, place)))
        return Walk(self.contents, self.records, joined, self.names, tuple((ref.id, why) for ref, why in cut.items()))


def _number(count: int | None, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _unseen(refs: Iterable[RepoId], names: dict[str, str]) -> list[RepoId]:
    fresh = []
    for ref in refs:
        if ref.id not in names:
            names[ref.id] = ref.id
            fresh.append(ref)
    return fresh


def _fetch(ref: RepoId, revision: str | None, source: Source, tell: Callable[[RepoContent], None]) -> RepoContent:
    if ref.kind == "closed":
        return closed_content(ref)
    if ref.kind == "unknown":  # a name that is known to stand for nothing; no source needs to be asked
        system = system_by_name(ref.name)
        return RepoContent(ref, "missing", why=system.summary if system else f"there is no {ref.name}")
    if isinstance(source, TellingSource):
        return source.fetch_telling(ref, revision, tell)
    return source.fetch(ref, revision)


def _with_knowledge(record: RepoRecord, knowledge: Knowledge, asked: RepoId) -> RepoRecord:
    """The record with what is known of it; a redirected name keeps the facts of both names."""
    return _with_facts(record, knowledge(record.ref) + (knowledge(asked) if asked != record.ref else ()))


def _with_facts(record: RepoRecord, known: tuple[Statement, ...]) -> RepoRecord:
    """Known facts stand behind what the repository says itself, and bases that are merely guessed give way to them."""
    new = tuple(s for n, s in enumerate(known) if s not in record.statements and s not in known[:n])
    bases = {str(s.value) for s in new if s.field == "base_model" and s.how != "inferred"}
    own = tuple(s for s in record.statements if not (bases and _guessed_base(s) and s.value not in bases))
    return replace(record, statements=own + new) if new else record


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
