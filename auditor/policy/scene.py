"""What a repository of code uses, before any audit: references, the waivers beside them, and what they mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.inputs.references import scan
from auditor.lineage.knowledge import closed_system
from auditor.model import Finding, Lineage, Place, Reference, RepoId, Use
from auditor.policy import waivers
from auditor.policy.config import Policy, Waiver, fits
from auditor.sources.revisions import at_revision

Users = Mapping[str, Sequence[Reference]]
"""The references by the node that they mean."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What was found in a repository before any audit; `notes` are for people.

    `home` is the folder of the policy, where lock and baseline stand; `prefix` leads from there to what was scanned.
    """

    home: Path
    prefix: str
    references: tuple[Reference, ...]
    waivers: tuple[Waiver, ...]
    faults: tuple[Finding, ...]
    notes: tuple[str, ...]


def look(root: Path, policy: Policy) -> Scene:
    """Read the repository below `root`: what it uses, and the waivers beside that."""
    home, prefix = _home(root, policy)
    seen = scan(root, exclude=[pattern.removeprefix(prefix) for pattern in policy.exclude])
    rows: list[Waiver | Finding] = []
    for file in dict.fromkeys((*(r.file for r in seen.references), *seen.marked)):
        rows.extend(waivers.inline(file, (root / file).read_bytes().decode("utf-8", "replace")))
    notes = [f"not scanned: {s.file}: {s.why}" for s in seen.skipped]
    return Scene(
        home,
        prefix,
        seen.references,
        tuple(r for r in rows if isinstance(r, Waiver)),
        tuple(r for r in rows if isinstance(r, Finding)),
        tuple(notes),
    )


def _home(root: Path, policy: Policy) -> tuple[Path, str]:
    """The folder of a policy that stands in `root` or above it, and the way from there; else `root` itself."""
    whole, folder = root.resolve(), policy.file.resolve().parent if policy.file else None
    if folder is None or whole == folder or not whole.is_relative_to(folder):
        return root, ""
    return folder, f"{whole.relative_to(folder).as_posix()}/"


def targets(references: Iterable[Reference]) -> list[tuple[RepoId, str | None]]:
    """What to audit, each once with its revision, in the order of the code."""
    return list(dict.fromkeys(_audited(references).values()))


def _audited(references: Iterable[Reference]) -> dict[tuple[RepoId, str | None], tuple[RepoId, str | None]]:
    """What is audited for each repository and revision in use.

    A repository at several revisions has a node for each: its own name stands for the default branch where that is
    used, else for the first revision.
    """
    used: dict[RepoId, dict[str | None, None]] = {}
    for r in references:
        if (ref := _ref(r)) is not None:
            used.setdefault(ref, {})[_revision(r)] = None
    audited: dict[tuple[RepoId, str | None], tuple[RepoId, str | None]] = {}
    for ref, revisions in used.items():
        own = None if None in revisions else next(iter(revisions))
        for one in revisions:
            node = ref if one == own or one is None else at_revision(ref, one)
            audited[ref, one] = (node, one)
    return audited


def _ref(reference: Reference) -> RepoId | None:
    """The id to audit; None where it is known only at run time."""
    if reference.kind == "unresolved":
        return None
    return RepoId(reference.kind, reference.id.removeprefix("datasets/"))


def _revision(reference: Reference) -> str | None:
    return None if reference.revision in ("main", "HEAD") or reference.kind == "closed" else reference.revision


def users_of(references: Sequence[Reference], lineage: Lineage) -> dict[str, list[Reference]]:
    """The references of each target. A repository answers to its older names, and to any spelling of their case."""
    nodes = {name: lineage.nodes[name] for name in lineage.targets}
    older = {(n.ref.kind, alias.casefold()): name for name, n in nodes.items() for alias in n.record.aliases}
    names = older | {(n.ref.kind, n.ref.name.casefold()): name for name, n in nodes.items()}
    users: dict[str, list[Reference]] = {name: [] for name in lineage.targets}
    audited = _audited(references)
    for reference in references:
        ref = _ref(reference)
        if ref is not None:
            node_ref, _ = audited[ref, _revision(reference)]
            users.get(names.get((ref.kind, node_ref.name.casefold())) or _closed_name(ref), []).append(reference)
    return users


def _closed_name(ref: RepoId) -> str:
    system = closed_system(ref.name)
    return system.id if system else ref.id


def place(reference: Reference) -> Place:
    """Where a reference stands."""
    return Place(reference.file, reference.line, reference.column)


def uses_of(references: Iterable[Reference], policy: Policy) -> list[Use]:
    """The uses that the policy declares for the files of the references, each once."""
    return list(dict.fromkeys(policy.use_at(r.file) for r in references)) or [policy.use]


def paths_from(prefix: str, policy: Policy) -> tuple[tuple[tuple[str, ...], Use], ...]:
    """The sections by path, for files whose names do not begin with the prefix; one for the whole prefix fits all."""
    if not prefix:
        return policy.paths
    return tuple(
        (tuple("*" if fits(prefix, (p,)) else p.removeprefix(prefix) for p in patterns), use)
        for patterns, use in policy.paths
    )
