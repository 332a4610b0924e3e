"""`auditor rules`: list, test and start rules."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from auditor.cli import common
from auditor.cli.quick import QuickCommand, QuickGroup
from auditor.errors import UsageError

app = typer.Typer(
    cls=QuickGroup,
    help="List, test and start rules.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
)

_DRAFT = """\
# {name}: say here, for the next author, what this rule must never do.
id: {name}
severity: medium
title: A few words for a heading
message: "{{subject}} comes under {{license}}, whose clause {{term.clause}} stands in {{term.origin}}."
rationale: Why it matters to somebody who wants to use the model.
remedy: What to do about it, as an imperative.
references: []
match:
  all:
    - kind: {{is: model}}
    - any_term: {{as: term, where: {{clause: {{is: non-commercial}}}}}}
examples:
  fires:
    - why: the license itself says so
      repos:
        acme/chat: {{license: cc-by-nc-4.0}}
  quiet:
    - why: the license allows every purpose
      repos:
        acme/chat: {{license: apache-2.0}}
    - why: a dataset is none of its business
      repos:
        datasets/acme/talk: {{license: cc-by-nc-4.0}}
  undetermined: []
"""


@app.command("list", cls=QuickCommand)
def list_(rules: common.RulesDirs = None) -> None:
    """List every rule with its severity and title."""
    from auditor.engine.load import load_rules
    from auditor.model import SEVERITIES
    from auditor.report.page import SEVERITY_STYLE, Page
    from auditor.report.safe import plain

    page = Page(common.page_width(), common.colored(None))
    found = sorted(load_rules(common.folders(rules)), key=lambda r: (r.group, -SEVERITIES.index(r.severity), r.name))
    widest = max((len(rule.id) for rule in found), default=0)
    group = ""
    for rule in found:
        if rule.group != group:
            group = rule.group
            page.heading(plain(group))
        name = f"{rule.id:<{widest}}  "
        reports = f"  reported as {rule.name}" if rule.name != rule.id else ""
        severity = (f"{rule.severity:<7}", SEVERITY_STYLE[rule.severity])
        page.put((plain(name), "bold"), severity, plain(rule.title), (plain(reports), "dim"), first="  ")
    page.gap()
    page.put(f"{len(found)} rules. `auditor explain RULE` says more.", style="dim")
    common.write(page.text(), None)


@app.command("test", cls=QuickCommand)
def try_(
    folder: Annotated[
        str | None, typer.Argument(help="A folder of rules; without it, the shipped ones.", metavar="DIR")
    ] = None,
) -> None:
    """Run the examples of rules and report each that went otherwise.

    Exits with 1 where an example failed, with 2 where a file is faulty.
    """
    from auditor.engine.examples import run_examples
    from auditor.engine.load import load_rules
    from auditor.report.safe import plain
    from auditor.report.wording import count

    inside = Path(folder).resolve() if folder else None
    rules = load_rules([Path(folder)] if folder else [])
    chosen = [rule for rule in rules if inside is None or Path(rule.file).resolve().is_relative_to(inside)]
    ran, failed = 0, 0
    for rule in chosen:
        for result in run_examples(rule):
            ran += 1
            if not result.ok:
                failed += 1
                print(plain(f"{rule.name}: {result.example.why}: expected {result.example.kind}, got {result.got}"))
    print(f"{count(len(chosen), 'rule')}, {count(ran, 'example')}, {failed} failed")
    raise typer.Exit(1 if failed else 0)


@app.command("new", cls=QuickCommand)
def new(
    name: Annotated[str, typer.Argument(help="Lower-case words joined by hyphens.", metavar="NAME")],
    folder: Annotated[str, typer.Option("--in", help="Where to write it.", metavar="DIR")] = ".",
) -> None:
    """Start a rule: a file with every key and examples to change."""
    if not name.replace("-", "").isalnum() or not name.isascii() or name != name.lower():
        raise UsageError(f"{name!r} cannot name a rule", remedy="Use lower-case letters, digits and hyphens.")
    path = Path(folder) / f"{name}.yaml"
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(_DRAFT.format(name=name))
    except FileExistsError as error:
        raise UsageError(f"{path} exists", remedy="Choose another name.") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error
    print(f"wrote {path}", file=sys.stderr)
    print(f"`auditor rules test {folder}` runs its examples.", file=sys.stderr)
