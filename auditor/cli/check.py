"""`auditor check`: audit targets for a use."""

from __future__ import annotations

import sys
from typing import Annotated, cast

import typer

from auditor.cli import common
from auditor.model import SEVERITIES, Report, Severity
from auditor.report import FORMATS

_PURPOSES = ("commercial", "research", "personal")
_WAYS = ("none", "product", "weights", "service")


def check(
    targets: Annotated[
        list[str],
        typer.Argument(
            help="org/name, org/name@revision, datasets/org/name, a Hub address, a folder, a closed model (gpt-4), "
            "or a plain name (vicuna).",
            metavar="TARGET...",
        ),
    ],
    preset: Annotated[
        str | None,
        typer.Option("--for", help="research, internal, product, redistribute or distill.", metavar="PRESET"),
    ] = None,
    purpose: Annotated[str | None, typer.Option(help=", ".join(_PURPOSES), metavar="PURPOSE")] = None,
    distribute: Annotated[str | None, typer.Option(help=", ".join(_WAYS), metavar="WAY")] = None,
    monthly_active_users: Annotated[int | None, typer.Option(help="Of all your products.", metavar="N")] = None,
    annual_revenue_usd: Annotated[int | None, typer.Option(help="In whole US dollars.", metavar="N")] = None,
    territory: Annotated[
        list[str] | None, typer.Option(help="Where you use it: EU, UK, KR, ...; may be repeated.", metavar="CODE")
    ] = None,
    train_other_models: Annotated[
        bool | None,
        typer.Option("--train-other-models/--no-train-other-models", help="Outputs train other models."),
    ] = None,
    modify: Annotated[bool | None, typer.Option("--modify/--no-modify", help="You change the weights.")] = None,
    release_license: Annotated[str | None, typer.Option(help="License of what you release.", metavar="LICENSE")] = None,
    revision: common.Revision = None,
    source: common.SourceSpec = "hub",
    offline: common.Offline = False,
    refresh: common.Refresh = False,
    fail_on: Annotated[
        str,
        typer.Option(
            help=f"Exit 1 for findings of this severity or over: {', '.join(SEVERITIES)}.", metavar="SEVERITY"
        ),
    ] = "high",
    form: Annotated[str, typer.Option("--format", help=", ".join(FORMATS), metavar="FORMAT")] = "text",
    also: common.Also = None,
    suggest: common.Suggest = False,
    output: common.Output = None,
    rules: common.RulesDirs = None,
    max_repos: common.MaxRepos = None,
    max_depth: common.MaxDepth = None,
) -> None:
    """Audit models, datasets and closed models for a use.

    Reads their ancestry and licenses, and says whether the use is allowed, what it demands, and what could not be told.

    Example: auditor check lmsys/vicuna-7b-v1.5 --for product --source bundled
    """
    from auditor.policy.use import PRESETS, make_use
    from auditor.report import content

    common.choice(form, FORMATS, "format")
    others = common.others(also)
    common.choice(fail_on, SEVERITIES, "severity")
    for value, among, what in (
        (preset, PRESETS, "preset"),
        (purpose, _PURPOSES, "purpose"),
        (distribute, _WAYS, "way"),
    ):
        if value is not None:
            common.choice(value, among, what)
    use = make_use(
        preset,
        purpose=purpose,
        distribute=distribute,
        monthly_active_users=monthly_active_users,
        annual_revenue_usd=annual_revenue_usd,
        territories=tuple(territory or ()),
        train_other_models=train_other_models,
        modify=modify,
        release_license=release_license,
    )
    if release_license is not None:
        from auditor.policy.release import chosen

        chosen(release_license)  # a name that means nothing is said before anything is fetched
    from auditor.pipeline import audit

    asked = common.request(targets, source, offline, revision, refresh)
    if not asked.targets and form == "text":
        common.write("".join(f"{note}\n" for note in asked.notes), output)
        return
    with common.progress() as tell:
        report = audit(
            asked.targets,
            asked.source,
            use,
            rules_dirs=common.folders(rules),
            fail_on=cast(Severity, fail_on),
            on_progress=tell,
            max_repos=max_repos,
            max_depth=max_depth,
            notes=asked.notes,
        )
    for name, file in others:
        common.write(content(report, name), file)
    found = content(report, form, width=common.page_width(), color=common.colored(output))
    common.write(common.with_suggestions(found, report, form, output) if suggest else found, output)
    _hint(report, source)
    raise typer.Exit(report.exit_code)


def _hint(report: Report, source: str) -> None:
    """How to get an answer without a network, where the Hub gave none."""
    unread = [n for n in report.lineage.targets if report.lineage.nodes[n].record.status == "unreachable"]
    if source == "hub" and unread:
        print("The Hub could not be reached. `--source bundled` uses the shipped facts.", file=sys.stderr)
