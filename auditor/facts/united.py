"""Licenses that come together in one line of derivation and cannot both be kept (data/incompatible.yaml)."""

from __future__ import annotations

import functools
from typing import Any

from auditor.facts.values import Unknown
from auditor.identify import catalogue
from auditor.lineage.relations import relations
from auditor.model import Lineage, Node
from auditor.resources import data_dir, load_file


def incompatible(name: str, lineage: Lineage) -> Any:
    """Each pair in words, `A (x) and B (y)`; Unknown where the line is not known whole and could hold one.

    Whether a child may relabel what it is derived from is asked elsewhere, so a pair counts where its holders come
    together in another way: in a merge, or where the child took the stricter license.
    """
    up: dict[str, list[str]] = {}
    for edge in lineage.edges:
        if relations()[edge.relation].derivative:
            up.setdefault(edge.child, []).append(edge.parent)
    line = [name, *_above(name, up)]
    held = {member: license_id for member in line if (license_id := _single(lineage.nodes[member]))}
    pairs: dict[tuple[str, str], tuple[dict[str, None], dict[str, None]]] = {}
    for strict, one in held.items():
        for free, other in held.items():
            if other in _table().get(one, ()) and strict not in _above(free, up):
                holders = pairs.setdefault((one, other), ({}, {}))
                holders[0][strict] = holders[1][free] = None
    found = [
        f"{_words(one)} ({', '.join(these)}) and {_words(other)} ({', '.join(those)})"
        for (one, other), (these, those) in pairs.items()
    ]
    if found or not any(_listed(license_id) for license_id in held.values()):
        return found
    hidden = [g.why for g in lineage.nodes[name].gaps if all(relations()[r].derivative for r in g.via)]
    return Unknown(hidden[0]) if hidden else []


def _above(name: str, up: dict[str, list[str]]) -> dict[str, None]:
    """Everything from which a node is derived."""
    found: dict[str, None] = {}
    todo = [name]
    while todo:
        for parent in up.get(todo.pop(), ()):
            if parent not in found and parent != name:
                found[parent] = None
                todo.append(parent)
    return found


def _single(node: Node) -> str:
    """The one license of a node; empty for several, which may be a choice, and where later versions may be chosen."""
    call = node.license
    said = [str(s.value).casefold() for s in call.declared if s.field == "license"]
    later = any("later" in words or words.endswith("+") for words in said)
    return call.concluded[0] if call.known and len(call.concluded) == 1 and not later else ""


def _listed(license_id: str) -> bool:
    return license_id in _table() or any(license_id in others for others in _table().values())


def _words(license_id: str) -> str:
    entry = catalogue.get(license_id)
    return f"the {entry.name}" if entry else license_id


@functools.cache
def _table() -> dict[str, tuple[str, ...]]:
    """By license those that it does not go with."""
    rows = load_file(data_dir() / "incompatible.yaml")
    return {license_id: tuple(row["with"]) for row in rows for license_id in row["licenses"]}
