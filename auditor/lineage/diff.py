"""What differs between two states of a repository, or between two repositories: license, terms, parents, access."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.identify.declared import FIELDS
from auditor.lineage.relations import relations
from auditor.lineage.terms import clause_key, hides
from auditor.model import Clause, Lineage, Node, Term


@dataclass(frozen=True, slots=True)
class Change:
    """One aspect that differs. `binding` marks license and terms; the rest is worth knowing."""

    aspect: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    binding: bool


@dataclass(frozen=True, slots=True)
class TermChange:
    """A clause in force on one side alone, or on both with other parameters. `path` leads to where it comes from."""

    before: Term | None
    after: Term | None

    @property
    def clause(self) -> Clause:
        """The clause, as it is now where it still is."""
        term = self.after or self.before
        assert term is not None
        return term.clause

    @property
    def inherited(self) -> bool:
        """Does it come from an ancestor?"""
        term = self.after or self.before
        return term is not None and len(term.path) > 1


@dataclass(frozen=True, slots=True)
class Diff:
    """Everything that differs. `doubts` say what could not be read on either side; `certain` is False where that may
    hide a difference: what both sides lack alike in their ancestry does not.
    """

    before: Node
    after: Node
    changes: tuple[Change, ...]
    terms: tuple[TermChange, ...]
    doubts: tuple[str, ...]
    certain: bool

    @property
    def exit_code(self) -> int:
        """0 the same license and terms, 1 others, 3 could not decide."""
        if any(_unread(node) for node in (self.before, self.after)):
            return 3
        sure = [t for t in self.terms if self.certain or not t.inherited]
        if sure or any(change.binding for change in self.changes):
            return 1
        return 0 if self.certain else 3


def compare(before: Lineage, after: Lineage) -> Diff:
    """The first target of each lineage, compared. An unread side is a doubt, never a license that went away."""
    old, new = before.nodes[before.targets[0]], after.nodes[after.targets[0]]
    own, theirs = [*_of_itself(old), *_of_itself(new)], (_of_ancestors(old), _of_ancestors(new))
    doubts = tuple(dict.fromkeys([*own, *theirs[0], *theirs[1]]))
    if _unread(old) or _unread(new):
        return Diff(old, new, (), (), doubts, certain=False)
    outage = any(n.record.status == "unreachable" for side in (before, after) for n in side.nodes.values())
    told = old.license.known and new.license.known
    aspects = zip(_aspects(old, before, told), _aspects(new, after, told), strict=True)
    changes = [Change(name, a, b, binding) for (name, a, binding), (_, b, _) in aspects if set(a) != set(b)]
    certain = not own and not outage and set(theirs[0]) == set(theirs[1])
    return Diff(old, new, tuple(changes), tuple(_terms(old, new)), doubts, certain)


def _unread(node: Node) -> bool:
    return node.record.status not in ("resolved", "gated", "closed")


def _of_itself(node: Node) -> list[str]:
    hidden = hides(node.record, node.license)
    files = [f"{node.ref.id} {f.path}: {f.why}" for f in node.record.failures if f.path]
    return [*([f"{node.ref.id}: {hidden}"] if hidden else []), *files]


def _of_ancestors(node: Node) -> list[str]:
    return [f"{gap.node}: {gap.why}" for gap in node.gaps if gap.node != node.ref.id]


def _aspects(node: Node, lineage: Lineage, told: bool) -> list[tuple[str, tuple[str, ...], bool]]:
    """(name, values, whether it is license or terms) of everything that is compared as a set.

    Where the license is `told` on both sides, the words that name it may differ, and so may a copy of its text.
    """
    call, record = node.license, node.record
    up = [edge for edge in lineage.edges if edge.child == node.ref.id]
    parents = [e for e in up if relations()[e.relation].derivative]
    others = [e for e in up if not relations()[e.relation].derivative]
    read = [m.id for d in call.detected for m in d.matches if m.id and d.legal.role not in ("notice", "code-license")]
    plain = {d.legal.path for d in call.detected if d.matches and all(m.match == "exact" for m in d.matches)}
    kept = [legal for legal in record.legal if legal.role not in ("card-prose", "notice")]
    texts = [(legal.path, f"{legal.path} {_hash(legal.text)}") for legal in kept]
    return [
        ("declared license", _values(s.value for s in call.declared if s.field in FIELDS), not told),
        ("detected license", _values(read), False),
        ("license", call.concluded, True),
        ("approved by the OSI", ("yes" if call.osi else "could not tell" if call.osi is None else "no",), True),
        ("standard texts", tuple(words for path, words in texts if path in plain), False),
        ("other legal texts", tuple(words for path, words in texts if path not in plain), True),
        ("parents", tuple(f"{relations()[e.relation].title} {e.parent}" for e in parents), False),
        ("data and teachers", tuple(f"{relations()[e.relation].title} {e.parent}" for e in others), False),
        ("access", ("gated" if any(s.field == "gated" and s.value for s in record.statements) else "open",), False),
        ("status", (record.status,), False),
    ]


def _values(values: Iterable[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(value) for value in values))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def _terms(old: Node, new: Node) -> Iterable[TermChange]:
    """Clauses in force that came, went or have other parameters, in the order of their ids."""
    was, now = _in_force(old), _in_force(new)
    gone = {key: was[key] for key in was if key not in now}
    come = {key: now[key] for key in now if key not in was}
    for key in sorted(set(gone) | set(come)):
        if key in gone:
            follower = next((k for k in come if k[0] == key[0]), None)
            yield TermChange(gone[key], come.pop(follower) if follower else None)
        elif key in come:
            yield TermChange(None, come.pop(key))


def _in_force(node: Node) -> Mapping[tuple[str, str], Term]:
    """One term a clause and parameters: the node's own before an inherited one."""
    found: dict[tuple[str, str], Term] = {}
    for term in sorted(node.terms, key=lambda t: len(t.path)):
        found.setdefault(clause_key(term.clause), term)
    return found
