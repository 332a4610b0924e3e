"""`auditor lock`: write down what a repository uses, and under which licenses."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import typer

from auditor.cli import common
from auditor.cli.gate import PolicyFile, Root
from auditor.errors import CouldNotDecide
from auditor.model import Report


def lock(
    path: Root = ".",
    source: common.SourceSpec = "hub",
    offline: common.Offline = False,
    policy: PolicyFile = None,
) -> None:
    """Write auditor.lock: what a repository uses, and under which licenses.

    Commit it and read its changes in review. `auditor gate --locked` then needs no network, and `auditor gate` tells
    what has changed since.
    """
    from auditor.cli.gate import run

    report, rulebook, home = run(path, source, offline, False, policy, remember=False)
    write(report, home / rulebook.lock)
    raise typer.Exit(0)


def write(report: Report, file: Path) -> None:
    """Write the lock of a report. Raises CouldNotDecide, and leaves the old lock, where something was not reached."""
    from auditor.policy.lock import write_lock

    lost = [name for name, node in report.lineage.nodes.items() if node.record.status == "unreachable"]
    if lost:
        names = ", ".join(lost[:5])
        raise CouldNotDecide(f"could not be reached: {names}; {file} stays as it was", remedy="Try again later.")
    common.write(write_lock(report, date.today().isoformat()), str(file))
    nodes = len(report.lineage.nodes)
    common.say(f"{len(report.lineage.targets)} used, {nodes} with their ancestry, from {report.source_kind}")
