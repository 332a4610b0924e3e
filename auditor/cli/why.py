"""`auditor why`: the reasoning of one rule on one target."""

from __future__ import annotations

from typing import Annotated

import typer

from auditor.cli import common


def why(
    target: Annotated[str, typer.Argument(help="As for `auditor check`.", metavar="TARGET")],
    rule: Annotated[str, typer.Argument(help="A rule's name.", metavar="RULE")],
    source: common.SourceSpec = "hub",
    offline: common.Offline = False,
    refresh: common.Refresh = False,
    rules: common.RulesDirs = None,
) -> None:
    """Show why a rule fired, or did not, on a target.

    Prints each condition of the rule with its outcome and the facts that it saw.
    """
    from auditor.engine.explain import why as explain
    from auditor.engine.load import find_rule, load_rules
    from auditor.report import trace

    found = find_rule(rule, load_rules(common.folders(rules)))
    lineage = common.one_lineage(target, source, offline, refresh)
    name = lineage.targets[0]
    text = trace.render(name, found, explain(name, found, lineage), common.page_width(), common.colored(None))
    common.write(text, None)
