"""Repositories that hold the very same weights: the younger one is a copy, whatever its card says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from auditor.model import Edge, RepoContent, Span

_WEIGHTS = (
    ".safetensors",
    ".bin",
    ".gguf",
    ".ggml",
    ".pt",
    ".pth",
    ".ckpt",
    ".onnx",
    ".h5",
    ".msgpack",
    ".npz",
    ".nemo",
)
_SMALLEST = 1_000_000  # bytes: below that lie training arguments and random states, which say nothing
_MOST_FILES = 20_000
_Weights = Mapping[str, str]  # path by SHA-256


def with_copies(contents: Mapping[str, RepoContent], edges: Sequence[Edge]) -> tuple[Edge, ...]:
    """The edges, and one to the oldest repository whose weights a younger one holds too, verified by their SHA-256.

    All weights of one must be among those of the other: a shared component alone (an image model's text encoder) proves
    no descent. An edge between the two that is there already becomes verified. Creation dates tell which is the copy,
    or, of the same date or none, that one is known to descend from the other; where nothing does, no edge is drawn,
    since the wrong one would lay the copy's label on the original (see `twins`).
    """
    known = list(edges)
    for younger, older, evidence in (*_copies(contents), *_settled_by_descent(contents, edges)):
        place = next((n for n, e in enumerate(known) if (e.child, e.parent) == (younger, older)), None)
        if place is not None:
            known[place] = replace(known[place], how="verified", evidence=(*known[place].evidence, evidence))
        elif not _descends(older, younger, known):
            known.append(Edge(younger, older, "copy", "verified", (evidence,)))
    return tuple(known)


def twins(contents: Mapping[str, RepoContent], edges: Iterable[Edge]) -> Iterator[tuple[str, str, Span]]:
    """(one, other, evidence), both ways round, for repositories with the same weights where nothing tells the copy."""
    joined = {frozenset((e.child, e.parent)) for e in edges}
    for one, other, hers, his in _pairs(contents):
        if frozenset((one, other)) not in joined and _created(contents[one]) == _created(contents[other]):
            yield one, other, _evidence(contents[one], hers, other, his)


def _copies(contents: Mapping[str, RepoContent]) -> Iterator[tuple[str, str, Span]]:
    """(younger, older, evidence): each younger one with the oldest that holds its weights."""
    oldest: dict[str, tuple[str, str, Span]] = {}
    for one, other, hers, his in _pairs(contents):
        born, before = _created(contents[one]), _created(contents[other])
        if before and born > before and (one not in oldest or before < oldest[one][0]):
            oldest[one] = (before, other, _evidence(contents[one], hers, other, his))
    for one, (_, other, evidence) in oldest.items():
        yield one, other, evidence


def _settled_by_descent(contents: Mapping[str, RepoContent], edges: Sequence[Edge]) -> Iterator[tuple[str, str, Span]]:
    """(descendant, ancestor, evidence) for repositories with the same weights whose dates do not tell the copy."""
    for one, other, hers, his in _pairs(contents):
        if _created(contents[one]) != _created(contents[other]):
            continue
        if _descends(one, other, edges) and not _descends(other, one, edges):
            yield one, other, _evidence(contents[one], hers, other, his)


def _pairs(contents: Mapping[str, RepoContent]) -> Iterator[tuple[str, str, _Weights, _Weights]]:
    """Repositories of which one holds all weights of the other, both ways round; not two names of the same one."""
    weights = {name: found for name, content in contents.items() if (found := _weights(content))}
    holders: dict[str, list[str]] = {}
    for name, found in weights.items():
        for seal in found:
            holders.setdefault(seal, []).append(name)
    near = {(one, other) for names in holders.values() for one in names for other in names if one != other}
    for one, other in sorted(near):
        hers, his = weights[one], weights[other]
        same = contents[one].hub_id is not None and contents[one].hub_id == contents[other].hub_id
        if not same and (hers.keys() <= his.keys() or his.keys() <= hers.keys()):
            yield one, other, hers, his


def _weights(content: RepoContent) -> dict[str, str]:
    siblings = content.info.get("siblings")
    found: dict[str, str] = {}
    for row in siblings[:_MOST_FILES] if isinstance(siblings, list) else ():
        large = row.get("lfs") if isinstance(row, dict) else None
        if not isinstance(large, dict):
            continue
        path, seal, size = row.get("rfilename"), large.get("sha256"), large.get("size")
        if not isinstance(path, str) or not isinstance(seal, str) or not isinstance(size, int) or len(seal) != 64:
            continue
        if size >= _SMALLEST and path.lower().endswith(_WEIGHTS):
            found.setdefault(seal, path)
    return found


def _evidence(content: RepoContent, hers: _Weights, other: str, his: _Weights) -> Span:
    seal = next(s for s in hers if s in his)
    quote = f"SHA-256 {seal[:12]}..., the same as of {his[seal]} in {other}"
    return Span(content.ref.id, hers[seal], quote=quote, revision=content.revision)


def _created(content: RepoContent) -> str:
    """The Hub's ISO date, which sorts as text; empty where there is none."""
    date = content.info.get("createdAt")
    return date if isinstance(date, str) and date[:4].isdecimal() else ""


def _descends(child: str, parent: str, edges: Iterable[Edge]) -> bool:
    """Whether a way leads from `child` up to `parent`."""
    up: dict[str, list[str]] = {}
    for edge in edges:
        up.setdefault(edge.child, []).append(edge.parent)
    seen, open_ = {child}, [child]
    while open_:
        for above in up.get(open_.pop(), ()):
            if above not in seen:
                seen.add(above)
                open_.append(above)
    return parent in seen
