"""`auditor notice`: write the notices that the licenses of what a repository uses demand."""

from __future__ import annotations

import typer

from auditor.cli import common
from auditor.cli.gate import Locked, PolicyFile, Root


def notice(
    path: Root = ".",
    source: common.SourceSpec = "hub",
    offline: common.Offline = False,
    locked: Locked = False,
    policy: PolicyFile = None,
    output: common.Output = None,
) -> None:
    """Write the notices that the licenses of what is used demand: words to show, texts to ship, changes to mark.

    Exits with 3 where the terms of something could not be learnt, so that the notices are not complete.

    Example: auditor notice . --locked -o NOTICE-MODELS
    """
    from auditor.cli.gate import run
    from auditor.report.notice import render

    report, *_ = run(path, source, offline, locked, policy)
    lineage = report.lineage
    common.write(render(lineage), output)
    open_ones = [name for name in lineage.targets if lineage.nodes[name].gaps or not lineage.nodes[name].license.known]
    for name in open_ones:
        common.say(f"not complete: the terms of {name} could not all be learnt")
    raise typer.Exit(3 if open_ones else 0)
