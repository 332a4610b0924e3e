"""`auditor snapshot`: keep what an audit reads, for work offline and for the record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditor.cli import common


def snapshot(
    targets: Annotated[list[str], typer.Argument(help="As for `auditor check`.", metavar="TARGET...")],
    output: Annotated[str, typer.Option("--output", "-o", help="A new or empty folder.", metavar="DIR")],
    revision: common.Revision = None,
    source: common.SourceSpec = "hub",
    offline: common.Offline = False,
    refresh: common.Refresh = False,
    max_repos: common.MaxRepos = None,
    max_depth: common.MaxDepth = None,
) -> None:
    """Keep a copy of what an audit reads of the targets and their ancestors.

    Later, `--source DIR` audits the copy without a network. Exits with 3 where a target or an outage left a gap.
    """
    from auditor.errors import UsageError
    from auditor.lineage.walk import walk
    from auditor.sources.snapshot import refuse_used, write_snapshot

    refuse_used(Path(output))
    asked = common.request(targets, source, offline, revision, refresh)
    for note in asked.notes:
        common.say(note)
    with common.progress() as tell:
        found = walk(asked.targets, asked.source, tell, max_repos, max_depth)
    revisions = {found.names.get(ref.id, ref.id): words for ref, words in asked.targets}
    origin = getattr(asked.source, "endpoint", asked.source.kind)
    try:
        number = write_snapshot(found.contents.values(), Path(output), origin=origin, asked=revisions)
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {error.strerror}") from error
    common.say(f"wrote {number} repositories to {output}")
    wanted = {found.names.get(ref.id, ref.id) for ref, _ in asked.targets}
    lost = [
        (name, content.why)
        for name, content in found.contents.items()
        if content.status in ("unreachable", "malformed") or (content.status == "missing" and name in wanted)
    ]
    for name, why in (*lost, *found.cut):
        common.say(f"{name} is not in it whole: {why}")
    raise typer.Exit(3 if lost else 0)
