"""The `auditor` command: finds a command's module when it is run, and turns every error into words and an exit code."""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from typer.main import get_command

from auditor import __version__
from auditor.cli.quick import QuickCommand, QuickGroup
from auditor.errors import AuditorError, UsageError

COMMANDS: Mapping[str, tuple[str, str]] = {
    "check": ("auditor.cli.check:check", "Audit models, datasets and closed models for a use."),
    "gate": ("auditor.cli.gate:gate", "Audit what a repository uses against its policy."),
    "lineage": ("auditor.cli.lineage:lineage", "Show what something was made from, as a tree or a graph."),
    "license": ("auditor.cli.license:license_", "Identify license texts and read their clauses."),
    "diff": ("auditor.cli.diff:diff", "Compare two revisions, or two repositories."),
    "explain": ("auditor.cli.explain:explain", "Explain a rule, clause, license, relation or system."),
    "why": ("auditor.cli.why:why", "Show why a rule fired, or did not, on a target."),
    "rules": ("auditor.cli.rules:app", "List, test and start rules."),
    "init": ("auditor.cli.init:init", "Propose a policy and a lock for a repository."),
    "lock": ("auditor.cli.lock:lock", "Write down what a repository uses, for review and for drift."),
    "notice": ("auditor.cli.notice:notice", "Write the notices that the licenses of what is used demand."),
    "snapshot": ("auditor.cli.snapshot:snapshot", "Keep a copy of what an audit reads, for work offline."),
    "schema": ("auditor.cli.schema:schema", "Print the JSON Schema of a format."),
}
"""Name of a command to where it is (a function, or a typer app of subcommands) and its line in the help."""


class Commands(QuickGroup):
    """A group that knows its commands' names, and imports one only to run it."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Names in the order of COMMANDS."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command, imported now; None for an unknown name."""
        return load_command(cmd_name) if cmd_name in COMMANDS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Raises UsageError with suggestions for an unknown command."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            from auditor.cli.common import did_you_mean

            hint = did_you_mean(args[0], COMMANDS) or "`auditor --help` lists the commands."
            raise UsageError(f"there is no command {args[0]!r}", remedy=hint)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Their list, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


def load_command(name: str) -> Any:
    """The command or group of this name of COMMANDS, imported now."""
    module, _, attribute = COMMANDS[name][0].partition(":")
    found = getattr(importlib.import_module(module), attribute)
    if isinstance(found, typer.Typer):
        return get_command(found)
    alone = typer.Typer(add_completion=False, rich_markup_mode=None)
    alone.command(name, cls=QuickCommand)(found)
    return get_command(alone)


def _version(asked: bool) -> None:
    if asked:
        print(f"auditor {__version__}")
        raise typer.Exit


app = typer.Typer(cls=Commands, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True)


@app.callback()
def _top(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """License and provenance auditor for AI models. Triage, not legal advice.

    Exit codes: 0 clean; 1 findings at or over --fail-on; 2 wrong usage or a faulty file; 3 could not decide; 4 a bug.
    """


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code."""
    try:
        app(args=list(arguments), prog_name="auditor")
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else 0
    except AuditorError as error:
        _complain("error", error.message, error.remedy)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except Exception as bug:
        if os.environ.get("AUDITOR_DEBUG"):
            raise
        _complain(
            "bug",
            f"{type(bug).__name__}: {bug}",
            "Please report it with the command that you ran; AUDITOR_DEBUG=1 shows where it happened.",
        )
        return 4
    return 0


def _complain(kind: str, message: str, remedy: str) -> None:
    from auditor.report.safe import plain

    for line in f"{kind}: {message}\n{remedy}".strip().split("\n"):
        print(plain(line), file=sys.stderr)


def main() -> None:
    """The console entry."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a narrow locale costs a letter, never the report
    sys.exit(run(sys.argv[1:]))
