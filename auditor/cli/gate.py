"""`auditor gate`: audit what a repository uses against its policy."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from auditor.cli import common
from auditor.errors import UsageError
from auditor.model import SEVERITIES, Report, Severity

if TYPE_CHECKING:
    from auditor.policy.config import Policy
    from auditor.policy.lock import Lock
    from auditor.policy.scene import Scene

Root = Annotated[str, typer.Argument(help="The repository's folder.", metavar="PATH")]
PolicyFile = Annotated[
    str | None, typer.Option("--policy", help="This policy, not the closest auditor.toml.", metavar="FILE")
]
Locked = Annotated[bool, typer.Option("--locked", help="Take all facts from auditor.lock; needs no network.")]


def gate(
    path: Root = ".",
    source: common.SourceSpec = "hub",
    offline: common.Offline = False,
    locked: Locked = False,
    policy: PolicyFile = None,
    fail_on: Annotated[
        str | None,
        typer.Option(help="Exit 1 for findings of this severity or over; default: the policy's.", metavar="SEVERITY"),
    ] = None,
    form: Annotated[
        str, typer.Option("--format", help="text, or a format of auditor check.", metavar="FORMAT")
    ] = "text",
    also: common.Also = None,
    suggest: common.Suggest = False,
    output: common.Output = None,
    rules: common.RulesDirs = None,
    write_baseline: Annotated[
        bool, typer.Option("--write-baseline", help="Accept all present findings in the baseline file.")
    ] = False,
) -> None:
    """Audit what a repository uses against its policy.

    Finds the models, datasets and closed models in its code and configuration, and judges them by auditor.toml.

    Example: auditor gate . --source bundled
    """
    from auditor.report import FORMATS

    common.choice(form, FORMATS, "format")
    if fail_on is not None:
        common.choice(fail_on, SEVERITIES, "severity")
    others = common.others(also)
    report, rulebook, home = run(path, source, offline, locked, policy, fail_on, rules)
    for note in report.notes:
        common.say(note)
    if write_baseline:
        report = _accepted(report, home / rulebook.baseline)
    for name, file in others:
        common.write(page(report, name), file)
    found = page(report, form, common.page_width(), common.colored(output))
    common.write(common.with_suggestions(found, report, form, output) if suggest else found, output)
    if rulebook.file is None and report.exit_code == 1:
        common.say("No policy was found, so every use counts; `auditor init` proposes one.")
    raise typer.Exit(report.exit_code)


def run(
    path: str,
    source: str,
    offline: bool,
    locked: bool,
    policy: str | None,
    fail_on: str | None = None,
    rules: list[str] | None = None,
    *,
    remember: bool = True,
) -> tuple[Report, Policy, Path]:
    """The gate's report on a folder, the policy that it was held against, and the folder where its lock stands.

    Without `remember` no lock is read.
    """
    from auditor.gate import gate
    from auditor.pipeline import open_source
    from auditor.policy.lock import LockSource

    scene, rulebook = scene_of(path, policy, rules)
    lock = lock_of(scene, rulebook, locked) if remember else None
    with common.progress() as tell:
        report = gate(
            scene,
            rulebook,
            LockSource(lock) if lock and locked else open_source(source, offline),
            today=date.today().isoformat(),
            lock=lock,
            locked=locked,
            fail_on=cast(Severity | None, fail_on),
            rules_dirs=common.folders(rules),
            on_progress=tell,
        )
    return report, rulebook, scene.home


def scene_of(path: str, policy: str | None, rules: list[str] | None = None) -> tuple[Scene, Policy]:
    """What a folder uses, and its policy. Raises UsageError for what is no folder."""
    from auditor.policy.config import Policy, find_policy, load_policy
    from auditor.policy.scene import look

    root = Path(path)
    if not root.is_dir():
        raise UsageError(f"there is no folder {path}", remedy="Name the folder of a repository.")
    file = Path(policy) if policy else find_policy(root.resolve())
    rulebook = load_policy(file, common.folders(rules)) if file else Policy()
    return look(root, rulebook), rulebook


def lock_of(scene: Scene, rulebook: Policy, needed: bool) -> Lock | None:
    """The lock of the repository, None where it has none. Raises UsageError where one is needed."""
    from auditor.policy.lock import read_lock

    file = scene.home / rulebook.lock
    if file.is_file():
        return read_lock(file)
    if needed:
        raise UsageError(f"{file} is not there", remedy="Write it with `auditor lock`, and commit it.")
    return None


def page(report: Report, form: str, width: int = common.PAGE_WIDTH, color: bool = False) -> str | bytes:
    """The report in one format; in those for people, the gate's own."""
    if form == "text":
        from auditor.report.gate import render as render_text

        return render_text(report, width, color)
    if form == "markdown":
        from auditor.report.gate_markdown import render as render_markdown

        return render_markdown(report)
    from auditor.report import content

    return content(report, form)


def _accepted(report: Report, file: Path) -> Report:
    """Write the baseline; the report then shows its findings as accepted."""
    from dataclasses import replace

    from auditor.policy.waivers import in_baseline, read_baseline, write_baseline

    found = [f for f in report.findings if f.rule != "baseline-unused"]
    common.write(write_baseline(found), str(file))
    known = read_baseline(file)
    return replace(report, findings=tuple(in_baseline(f, known) for f in found))
