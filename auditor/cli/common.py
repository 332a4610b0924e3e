"""What several commands share: options, the declared use, progress, and where the answer goes."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from auditor.errors import UsageError

if TYPE_CHECKING:
    from auditor.inputs.request import Request
    from auditor.model import Lineage, Report

PAGE_WIDTH = 100  # of text that goes to a file or a pipe, and the most that a terminal gets

Revision = Annotated[str | None, typer.Option(help="Branch, tag or commit of the targets.", metavar="REVISION")]
SourceSpec = Annotated[
    str,
    typer.Option("--source", help="hub, bundled (shipped facts, no network), or a folder.", metavar="hub|bundled|PATH"),
]
Offline = Annotated[bool, typer.Option("--offline", help="Use the network for nothing.")]
Refresh = Annotated[bool, typer.Option("--refresh", help="Read everything from the Hub anew, whatever is kept of it.")]
Output = Annotated[str | None, typer.Option("--output", "-o", help="Write here instead of stdout.", metavar="FILE")]
Also = Annotated[
    list[str] | None,
    typer.Option("--also", help="Write another format, too; may be repeated.", metavar="FORMAT=FILE"),
]
RulesDirs = Annotated[
    list[str] | None, typer.Option("--rules", help="A folder of further rules; may be repeated.", metavar="DIR")
]
Suggest = Annotated[bool, typer.Option("--suggest", help="Say what would change the answer, ready to paste.")]
MaxRepos = Annotated[int | None, typer.Option(help="Read no more repositories than this.", metavar="N")]
MaxDepth = Annotated[int | None, typer.Option(help="Go no more steps up the ancestry than this.", metavar="N")]


def choice(value: str, among: Iterable[str], what: str) -> str:
    """`value` if it is one of `among`. Raises UsageError with a suggestion and the whole list."""
    names = list(among)
    if value in names:
        return value
    hint = did_you_mean(value, names)
    raise UsageError(f"{value!r} is no {what}", remedy=f"{hint} One of: {', '.join(names)}.".strip())


def did_you_mean(word: str, among: Iterable[str]) -> str:
    """A question that names the nearest words; empty when none is near."""
    import difflib

    folded = {name.casefold(): name for name in among}
    near = [folded[name] for name in difflib.get_close_matches(word.casefold(), folded, n=3, cutoff=0.6)]
    return f"Did you mean {' or '.join(near)}?" if near else ""


def folders(names: Sequence[str] | None) -> tuple[Path, ...]:
    """The folders named by `--rules`."""
    return tuple(Path(name) for name in names or ())


def page_width() -> int:
    """Columns of text output: the terminal's, up to PAGE_WIDTH; PAGE_WIDTH where there is none."""
    return min(shutil.get_terminal_size((PAGE_WIDTH, 24)).columns, PAGE_WIDTH)


def colored(output: str | None) -> bool:
    """May the answer be colored: it goes to a terminal that can, and NO_COLOR is not set."""
    if output or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout.isatty()


def others(also: Sequence[str] | None) -> list[tuple[str, str]]:
    """(format, file) of each `--also FORMAT=FILE`. Raises UsageError for one that is neither."""
    from auditor.report import FORMATS

    found = []
    for words in also or ():
        name, equals, file = words.partition("=")
        if not equals or not file:
            raise UsageError(f"--also {words} names no file", remedy="Write it as --also json=report.json.")
        found.append((choice(name, FORMATS, "format"), file))
    return found


def write(content: str | bytes, output: str | None) -> None:
    """The answer to stdout or, whole or not at all, to a file. Raises UsageError where it cannot be written."""
    if output is None or output == "-":
        if isinstance(content, str):
            sys.stdout.write(content)
        elif sys.stdout.isatty():
            raise UsageError("a picture is nothing for a terminal", remedy="Write it to a file: -o FILE.")
        else:
            sys.stdout.buffer.write(content)
        return
    from auditor.resources import write_atomically

    try:
        write_atomically(Path(output), content)
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {error.strerror}") from error
    say(f"wrote {output}")


def with_suggestions(found: str | bytes, report: Report, form: str, output: str | None) -> str | bytes:
    """The answer with what would change it behind it; in formats for programs that goes to stderr."""
    from auditor.report import suggest

    if isinstance(found, str) and form in suggest.FORMS:
        return found + suggest.render(report, form, page_width(), colored(output))
    print(suggest.render(report), end="", file=sys.stderr)
    return found


def say(words: str) -> None:
    """A remark to the person, on stderr."""
    from auditor.report.safe import plain

    print(plain(words), file=sys.stderr)


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None] | None]:
    """A line on stderr that says what is being read; only on a terminal, and gone afterwards."""
    if not sys.stderr.isatty():
        yield None
        return
    from auditor.report.safe import short

    def tell(name: str, done: int, known: int) -> None:
        sys.stderr.write(f"\r\x1b[Kreading {short(name, 50)} ({done} of {known})")
        sys.stderr.flush()

    try:
        yield tell
    finally:
        sys.stderr.write("\r\x1b[K")


def request(
    words: Sequence[str], source: str, offline: bool, revision: str | None = None, refresh: bool = False
) -> Request:
    """What a command line asks about. Raises UsageError for a word that means nothing, with suggestions."""
    from auditor.inputs.request import request as ask
    from auditor.pipeline import open_source

    return ask(words, open_source(source, offline, refresh), revision)


def one_lineage(word: str, source: str, offline: bool, refresh: bool = False, **limits: Any) -> Lineage:
    """The lineage of one target, before any rule. Raises UsageError where the word names nothing that has one."""
    from auditor.pipeline import trace_lineage

    asked = request([word], source, offline, refresh=refresh)
    for note in asked.notes:
        say(note)
    if not asked.targets:
        raise UsageError(f"{word} is no model or dataset", remedy="`auditor explain` says what it is.")
    with progress() as tell:
        return trace_lineage(asked.targets, asked.source, on_progress=tell, **limits)
