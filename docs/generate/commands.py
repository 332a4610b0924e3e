"""The page of the commands, from the help that typer shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditor.cli.app import COMMANDS, load_command
from docs.generate.markdown import code, escape, page, table

_INTRO = """
The answer goes to stdout or to the file after `-o`, remarks and progress to stderr. Formats lay out: they never
filter, and never change the exit code. `auditor COMMAND --help` shows the same as this page.
"""
_EXITS = (
    ("0", "nothing at or over the threshold"),
    (
        "1",
        "findings at or over `--fail-on` (`diff`: another license or other terms; `rules test`: a failed example)",
    ),
    ("2", "wrong usage, or a mistake in a rule, policy, lock or baseline file"),
    ("3", "could not decide: unreachable, gated, missing; with nothing over the threshold"),
    ("4", "a bug"),
)
_VARIABLES = (
    ("AUDITOR_CACHE", "where caches are kept"),
    ("AUDITOR_DEBUG", "shows where a bug happened"),
    ("HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE", "as for other clients of the Hub: its address, your token, no network"),
    ("NO_COLOR", "no color"),
    ("SOURCE_DATE_EPOCH", "the date of bills of materials"),
)


def files() -> dict[str, str]:
    """`docs/reference/commands.md`."""
    parts = [_INTRO]
    for name in COMMANDS:
        parts += _command(f"auditor {name}", load_command(name))
    parts += ["## Exit codes", table(("Code", "Meaning"), _EXITS)]
    parts += ["## Environment", table(("Variable", "Does"), ((code(name), said) for name, said in _VARIABLES))]
    return {"docs/reference/commands.md": page("Commands", *parts)}


def _command(name: str, found: Any, depth: int = 2) -> Iterator[str]:
    """Its help, arguments and options; then the same of its subcommands."""
    subcommands = getattr(found, "commands", {})
    yield f"{'#' * depth} {name}"
    help_, _, example = (found.help or "").partition("Example:")
    yield escape(help_)
    if example:
        yield f"Example: {code(example.strip())}"
    if not subcommands:
        words = " ".join(_metavar(p) for p in found.params if not p.opts[0].startswith("-"))
        yield f"```text\n{name} {words + ' ' if words else ''}[OPTIONS]\n```"
        yield table(
            ("Argument or option", "Meaning", "Default"), (_parameter(p) for p in found.params if not _hidden(p))
        )
    for sub, inner in subcommands.items():
        yield from _command(f"{name} {sub}", inner, depth + 1)


def _hidden(parameter: Any) -> bool:
    return bool(getattr(parameter, "hidden", False)) or parameter.name == "help"


def _parameter(parameter: Any) -> tuple[str, str, str]:
    if parameter.opts[0].startswith("-"):
        value = f" {parameter.metavar}" if parameter.metavar else ""
        name = ", ".join(_code(option + value) for option in (*parameter.opts, *parameter.secondary_opts))
    else:
        name = _code(_metavar(parameter))
    default = "" if parameter.default in (None, False, ()) else code(parameter.default)
    return name, escape(parameter.help or ""), default


def _code(words: str) -> str:
    """As code; the bars between choices would end a cell of the table."""
    return code(words.replace("|", " or "))


def _metavar(parameter: Any) -> str:
    shown = parameter.metavar or parameter.name.upper()
    return str(shown) if parameter.required else f"[{shown}]"
