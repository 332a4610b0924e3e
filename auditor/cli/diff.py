"""`auditor diff`: what changed between two revisions, or differs between two repositories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import common
from auditor.errors import UsageError

if TYPE_CHECKING:
    from auditor.model import Lineage

_FORMATS = ("text", "json")


def diff(
    before: Annotated[str, typer.Argument(help="As for `auditor check`, mostly org/name@revision.", metavar="TARGET")],
    after: Annotated[
        str | None,
        typer.Argument(help="What to compare with; without it, the present state of the first.", metavar="TARGET"),
    ] = None,
    history: Annotated[bool, typer.Option("--history", help="List the license tag over the last commits.")] = False,
    form: Annotated[str, typer.Option("--format", help=", ".join(_FORMATS), metavar="FORMAT")] = "text",
    source: common.SourceSpec = "hub",
    offline: common.Offline = False,
    refresh: common.Refresh = False,
    output: common.Output = None,
    max_repos: common.MaxRepos = None,
    max_depth: common.MaxDepth = None,
) -> None:
    """Compare license, clauses, parents and access of two revisions or repositories.

    Exits with 0 for the same license and terms, 1 for others, 3 where that could not be decided.

    Example: auditor diff mlabonne/NeuralBeagle14-7B@v1 mlabonne/NeuralBeagle14-7B
    """
    common.choice(form, _FORMATS, "format")
    from auditor.lineage.diff import compare
    from auditor.pipeline import trace_lineage
    from auditor.report import diff as report

    sides: list[Lineage] = []
    for word in (before, after or before):
        asked = common.request([word], source, offline, refresh=refresh)
        for note in asked.notes:
            common.say(note)
        if not asked.targets:
            raise UsageError(f"{word} is no model or dataset", remedy="`auditor explain` says what it is.")
        ref, revision = asked.targets[0]
        now = after is None and bool(sides)  # the second side of a comparison with the present
        with common.progress() as tell:
            sides.append(
                trace_lineage(
                    [(ref, None if now else revision)],
                    asked.source,
                    on_progress=tell,
                    max_repos=max_repos,
                    max_depth=max_depth,
                )
            )
    found = compare(*sides)
    told = None
    if history:
        from auditor.sources.history import license_history

        told = license_history(asked.source, asked.targets[0][0])
    if form == "json":
        text = report.render_json(found, told)
    else:
        text = report.render(found, told, common.page_width(), common.colored(output))
    common.write(text, output)
    raise typer.Exit(found.exit_code)
