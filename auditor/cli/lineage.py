"""`auditor lineage`: what something was made from."""

from __future__ import annotations

import importlib
from typing import Annotated, Any

import typer

from auditor.cli import common

FORMATS = {
    "tree": "auditor.report.tree:render",
    "mermaid": "auditor.report.mermaid:render",
    "dot": "auditor.report.dot:render",
    "graphml": "auditor.report.graphml:render",
    "svg": "auditor.report.svg:render",
    "png": "auditor.report.png:render",
    "html": "auditor.report.html:render_lineage",
    "json": "auditor.report.json_:render_lineage",
}


def lineage(
    target: Annotated[str, typer.Argument(help="As for `auditor check`.", metavar="TARGET")],
    form: Annotated[str, typer.Option("--format", help=", ".join(FORMATS), metavar="FORMAT")] = "tree",
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
    common.choice(form, FORMATS, "format")
    found = common.one_lineage(target, source, offline, refresh, max_repos=max_repos, max_depth=max_depth)
    module, _, function = FORMATS[form].partition(":")
    render = getattr(importlib.import_module(module), function)
    page: dict[str, Any] = {"width": common.page_width(), "color": common.colored(output)} if form == "tree" else {}
    common.write(render(found, **page), output)
    from auditor.report.wording import unread

    lost = [name for name in found.targets if unread(found.nodes[name])]
    for name in lost:
        common.say(f"{name} is {found.nodes[name].record.status}: {found.nodes[name].record.why}")
    raise typer.Exit(3 if lost else 0)
