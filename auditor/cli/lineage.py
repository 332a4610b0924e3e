"""`auditor lineage`: what something was made from."""

from __future__ import annotations

from typing import Annotated

import typer

from auditor.cli import common

_FORMATS = ("tree", "mermaid", "json")


def lineage(
    target: Annotated[str, typer.Argument(help="As for `auditor check`.", metavar="TARGET")],
    form: Annotated[str, typer.Option("--format", help=", ".join(_FORMATS), metavar="FORMAT")] = "tree",
    source: common.SourceSpec = "hub",
    offline: common.Offline = False,
    refresh: common.Refresh = False,
    output: common.Output = None,
    max_repos: common.MaxRepos = None,
    max_depth: common.MaxDepth = None,
) -> None:
    """Show what something was made from, as a tree or a graph.

    Exits with 3 where the target itself could not be read.
    """
    common.choice(form, _FORMATS, "format")
    found = common.one_lineage(target, source, offline, refresh, max_repos=max_repos, max_depth=max_depth)
    if form == "tree":
        from auditor.report import tree

        text = tree.render(found, width=common.page_width(), color=common.colored(output))
    elif form == "mermaid":
        from auditor.report import mermaid

        text = mermaid.render(found)
    else:
        from auditor.report import json_

        text = json_.render_lineage(found)
    common.write(text, output)
    from auditor.report.wording import unread

    lost = [name for name in found.targets if unread(found.nodes[name])]
    for name in lost:
        common.say(f"{name} is {found.nodes[name].record.status}: {found.nodes[name].record.why}")
    raise typer.Exit(3 if lost else 0)
