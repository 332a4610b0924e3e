"""`auditor license`: which license a text is, and what it says."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import common
from auditor.errors import UsageError

if TYPE_CHECKING:
    from auditor.report.license_text import Reading

FORMATS = ("text", "json", "jsonl")


def license_(
    paths: Annotated[list[str], typer.Argument(help="License texts; - reads from stdin.", metavar="PATH...|-")],
    form: Annotated[str, typer.Option("--format", help="text, json or jsonl.", metavar="FORMAT")] = "text",
    output: common.Output = None,
) -> None:
    """Identify license texts and read their clauses.

    Says which standard text each file is and what differs, and lists what it demands, forbids and grants, with quotes.
    Exits with 3 where a file could not be read as text.

    Example: auditor license LICENSE --format jsonl
    """
    raise typer.Exit(license_command(paths, form, output))


def license_command(paths: Sequence[str], form: str, output: str | None) -> int:
    """Read the texts, write the answer, return the exit code. Raises UsageError for files that are not there."""
    common.choice(form, FORMATS, "format")
    for path in paths:
        _must_exist(path)
    readings = list(_read(paths))
    common.write(_render(readings, form, output), output)
    return 3 if any(reading.unread for reading in readings) else 0


def _render(readings: list[Reading], form: str, output: str | None) -> str:
    from auditor.report import license_text

    if form == "text":
        return license_text.render(readings, common.page_width(), common.colored(output))
    if form == "json":
        return license_text.render_json(readings)
    return license_text.render_lines(readings)


def _read(paths: Sequence[str]) -> Iterator[Reading]:
    from auditor.identify.clauses import read_clauses
    from auditor.identify.decode import decode
    from auditor.identify.match import identify
    from auditor.report.license_text import Reading

    for path in paths:
        decoded = decode(_bytes(path))
        matches = identify(decoded.text) if decoded.encoding else ()
        yield Reading(path, matches, read_clauses(decoded.text), decoded.problem, decoded.encoding is None)


def _must_exist(path: str) -> None:
    if path == "-" or Path(path).is_file():
        return
    if Path(path).is_dir():
        raise UsageError(f"{path} is a folder", remedy="Name the license files in it, or audit it: auditor check.")
    raise UsageError(f"there is no file {path}")


def _bytes(path: str) -> bytes:
    """A little more than `decode` reads, so that it can say what was left out. Raises UsageError."""
    from auditor.identify.decode import MAX_BYTES

    if path == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        with open(path, "rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
