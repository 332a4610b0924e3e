"""`auditor init`: propose a policy and a lock for a repository."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import common
from auditor.cli.gate import Root
from auditor.errors import UsageError

if TYPE_CHECKING:
    from auditor.model import Finding, Report

_ASIDE = ("research", "experiments", "notebooks", "examples")
_HEAD = """\
# What this repository means to do with the models and datasets that it uses. `auditor gate` holds them against it;
# docs/ci.md of the auditor shows every key.
fail-on = "high"

[use]
preset = {preset}
# monthly-active-users = 10000     # answers that decide whether a cap binds
# territories = ["EU"]
"""
_PATHS = """
[[paths]]                          # {folder}/ is for research
match = "{folder}/**"
use = {{preset = "research"}}
"""


def init(
    path: Root = ".",
    preset: Annotated[
        str, typer.Option("--for", help="research, internal, product, redistribute or distill.", metavar="PRESET")
    ] = "product",
    source: common.SourceSpec = "hub",
    offline: common.Offline = False,
) -> None:
    """Propose a policy (auditor.toml) and a lock (auditor.lock) for a repository, from what it uses.

    Findings over the threshold stand in the policy as waivers to be decided on, commented out.
    """
    from auditor.cli import lock
    from auditor.policy.use import PRESETS
    from auditor.resources import write_atomically

    common.choice(preset, PRESETS, "preset")
    root = Path(path)
    refuse_known(root)
    policy = root / "auditor.toml"
    text = _HEAD.format(preset=json.dumps(preset)) + _sections(root, preset)
    write_atomically(policy, text)
    try:
        report = _gate(path, source, offline)
        lock.write(report, root / "auditor.lock")
    except BaseException:
        policy.unlink(missing_ok=True)  # all or nothing: a second try must not find half of it
        raise
    failing = failures(report)
    common.write(text + "".join(map(_waiver, failing)), str(policy))
    _advise(report, failing, path, policy)


def _advise(report: Report, failing: list[Finding], path: str, policy: Path) -> None:
    """What is left to decide, and what comes next."""
    from auditor.report.wording import count, unread

    lost = [name for name in report.lineage.targets if unread(report.lineage.nodes[name])]
    if lost:
        more = f" and {len(lost) - 5} more" if len(lost) > 5 else ""
        common.say(f"could not be read: {', '.join(lost[:5])}{more}; the gate answers 3 for them")
    if failing:
        common.say(
            f"{count(len(failing), 'finding')} at or over high: decide on each in {policy}; `--suggest` says how."
        )
        common.say(f"`auditor gate {path} --suggest` says how; with --write-baseline it accepts all for now.")
    else:
        common.say("Commit both files; `auditor gate --locked` then needs no network.")


def refuse_known(root: Path) -> None:
    """Raise UsageError where the folder is none, or has a policy of its own already."""
    from auditor.policy.config import find_policy

    if not root.is_dir():
        raise UsageError(f"there is no folder {root}", remedy="Name the folder of a repository.")
    known = find_policy(root.resolve())
    if known is not None and known.parent == root.resolve():
        raise UsageError(f"{known} is a policy already", remedy="Edit it; `auditor lock` writes the lock anew.")


def failures(report: Report) -> list[Finding]:
    """The new findings at or over the threshold."""
    from auditor.model import SEVERITIES

    least = SEVERITIES.index(report.fail_on)
    return [f for f in report.findings if f.status == "new" and SEVERITIES.index(f.severity) >= least]


def _gate(path: str, source: str, offline: bool) -> Report:
    from auditor.cli.gate import run

    return run(path, source, offline, False, None, remember=False)[0]


def _sections(root: Path, preset: str) -> str:
    if preset == "research":
        return ""
    return "".join(_PATHS.format(folder=folder) for folder in _ASIDE if (root / folder).is_dir())


def _waiver(finding: Finding) -> str:
    from auditor.policy.suggest import waiver_lines
    from auditor.report.safe import short

    head, *rest = waiver_lines(finding, date.today())
    return "".join(f"# {line}\n" for line in (f"{head:<33}# {short(finding.message, 70)}", *rest)).join(("\n", ""))
