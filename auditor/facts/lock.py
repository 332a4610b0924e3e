"""What has changed in a repository since the lock was written, as facts for rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.facts.values import Unknown
from auditor.lineage.relations import relations
from auditor.model import Lineage, Node
from auditor.policy.hashes import sha256

_READABLE = ("resolved", "gated", "closed")
_QUIET = {"lock.license": [], "lock.relicensed": False, "lock.readable": False}


def lock_facts(name: str, lineage: Lineage) -> dict[str, Any]:
    """Facts by the keys that begin with `lock.` in `vocabulary.NODE_FACTS`; all quiet where there is no lock."""
    node = lineage.nodes[name]
    locked = next((s.value for s in node.record.statements if s.field == "locked"), None)
    readable = node.record.status in _READABLE
    if not isinstance(locked, Mapping) or not (readable or locked.get("status", "resolved") in _READABLE):
        return {**_QUIET, "lock.changed_texts": [], "lock.new_parents": []}
    unread = Unknown(node.record.why or f"{name} is {node.record.status}")
    before = [str(one) for one in locked.get("license") or ()]
    return {
        "lock.license": before,
        "lock.readable": locked.get("status", "resolved") == "resolved",
        "lock.relicensed": _relicensed(before, node) if readable else unread,
        "lock.changed_texts": _changed(locked.get("texts") or {}, node) if readable else unread,
        "lock.new_parents": _new_parents(locked.get("parents") or (), name, lineage) if readable else unread,
    }


def _relicensed(before: list[str], node: Node) -> Any:
    """Is the license another one? A license that was known and cannot be told now counts as another one."""
    return set(before) != set(node.license.concluded)


def _changed(before: Mapping[str, Any], node: Node) -> list[str]:
    """Legal files that differ from those of the lock, or are gone; none where the source hands over no files."""
    now = {t.path: sha256(t.text) for t in node.record.legal if not t.offset}
    if not now:
        return []
    return sorted(path for path, digest in before.items() if now.get(path, "") != digest)


def _new_parents(before: Any, name: str, lineage: Lineage) -> list[str]:
    """Parents from which something descends, and which the lock does not list."""
    known = relations()
    now = [e.parent for e in lineage.edges if e.child == name and not known[e.relation].inert]
    return sorted(set(now) - {str(one) for one in before})
