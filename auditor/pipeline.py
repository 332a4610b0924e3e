"""The whole audit, top to bottom: what was pointed at becomes a report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from auditor.engine.apply import apply_rules
from auditor.engine.load import load_rules
from auditor.errors import UsageError
from auditor.lineage.build import build
from auditor.lineage.drift import with_present_licenses
from auditor.lineage.walk import Progress, walk
from auditor.model import Lineage, RepoId, Report, Severity, Use
from auditor.policy.verdict import decide
from auditor.sources.base import Source


def open_source(spec: str = "hub", offline: bool = False, refresh: bool = False) -> Source:
    """The door that `--source` names: `hub`, `bundled`, a snapshot folder or a model's folder. Raises UsageError.

    `refresh` lets the Hub be read anew, whatever is kept of it.
    """
    if refresh and (offline or spec != "hub"):
        raise UsageError("--refresh reads from the Hub", remedy="Leave out --offline and --source, or --refresh.")
    if spec == "bundled":
        from auditor.sources.bundled import BundledSource

        return BundledSource()
    if spec == "hub":
        from auditor.sources.cached import open_hub

        return open_hub(offline, refresh)
    path = Path(spec)
    if (path / "snapshot.json").is_file():
        from auditor.sources.snapshot import SnapshotSource

        return SnapshotSource(path)
    raise UsageError(
        f"there is no source {spec!r}",
        remedy="Name hub, bundled, or a folder that `auditor snapshot` wrote (it holds snapshot.json).",
    )


def trace_lineage(
    targets: Sequence[tuple[RepoId, str | None]],
    source: Source,
    *,
    on_progress: Progress | None = None,
    max_repos: int | None = None,
    max_depth: int | None = None,
) -> Lineage:
    """The lineage of the targets: everything that is read, parsed, identified and carried, before any rule."""
    found = walk(targets, source, on_progress, max_repos, max_depth)
    if any(revision for _, revision in targets):
        found = with_present_licenses(found, targets, source)
    return build([ref for ref, _ in targets], found)


def audit(
    targets: Sequence[tuple[RepoId, str | None]],
    source: Source,
    use: Use,
    *,
    rules_dirs: Sequence[Path] = (),
    fail_on: Severity = "high",
    on_progress: Progress | None = None,
    max_repos: int | None = None,
    max_depth: int | None = None,
    notes: Sequence[str] = (),
) -> Report:
    """Audit the targets (id and revision each) as the source knows them. `notes` are told to the reader as they are."""
    rules = load_rules(rules_dirs)  # first: a mistake in a rule file is said before anything is fetched
    lineage = trace_lineage(targets, source, on_progress=on_progress, max_repos=max_repos, max_depth=max_depth)
    findings, undetermined = apply_rules(rules, lineage, lineage.targets)
    return Report(
        lineage=lineage,
        use=use,
        source_kind=source.kind,
        as_of=source.as_of,
        decisions={name: decide(name, lineage, use) for name in lineage.targets},
        findings=findings,
        undetermined=undetermined,
        fail_on=fail_on,
        notes=tuple(notes),
    )
