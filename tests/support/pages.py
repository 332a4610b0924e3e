"""The examples of Markdown pages: fenced blocks, and what a console block says that commands print.

A block is named by its language. A second word is the file that the block holds: ```` ```toml auditor.toml ````.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
ELSEWHERE = ("CHANGELOG.md",)
_FENCE = re.compile(r"^( *)(`{3,}|~{3,})([^`]*)$")


class Block(NamedTuple):
    """One fenced block. `line` is that of its fence."""

    page: str
    line: int
    language: str
    file: str | None
    text: str

    @property
    def place(self) -> str:
        """Where a person finds it."""
        return f"{self.page}:{self.line}"


class Command(NamedTuple):
    """One command of a console block, and the lines shown under it; none where no output is shown."""

    line: int
    words: str
    output: tuple[str, ...]


def pages() -> list[str]:
    """Every page that people wrote, from the root of the project; generated ones are not among them."""
    docs = ROOT / "docs"
    return sorted(p.name for p in ROOT.glob("*.md") if p.name not in ELSEWHERE) + sorted(
        p.relative_to(ROOT).as_posix() for p in docs.rglob("*.md") if (docs / "reference") not in p.parents
    )


def blocks(page: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    return list(_blocks(page, (ROOT / page).read_text("utf-8").splitlines()))


def _blocks(page: str, lines: Sequence[str]) -> Iterator[Block]:
    opened: tuple[int, str, str, str] | None = None
    kept: list[str] = []
    for number, line in enumerate(lines, 1):
        fence = _FENCE.match(line)
        if opened is None:
            if fence:
                opened, kept = (number, fence[1], fence[2], fence[3].strip()), []
        elif fence and fence[2].startswith(opened[2]) and not fence[3].strip():
            language, _, file = opened[3].partition(" ")
            yield Block(page, opened[0], language, file.strip() or None, "".join(f"{text}\n" for text in kept))
            opened = None
        else:
            kept.append(line.removeprefix(opened[1]))


def commands(block: Block) -> list[Command]:
    """The commands of a `console` block with what they print, or of an `sh` block, where every line is one.

    Output before the first command belongs to the last one of the page: a command without words.
    """
    found: list[Command] = []
    for number, line in enumerate(block.text.splitlines(), block.line + 1):
        if block.language == "sh" or line.startswith("$ "):
            words = line.removeprefix("$ ").split("  #")[0].strip()
            if words and not words.startswith("#"):
                found.append(Command(number, words, ()))
        else:
            if not found:
                found.append(Command(number, "", ("...",)))
            found[-1] = found[-1]._replace(output=(*found[-1].output, line))
    if found and not found[0].words:
        found[0] = found[0]._replace(output=(*found[0].output, "..."))
    return [command._replace(output=_trimmed(command.output)) for command in found]


def difference(shown: Sequence[str], real: Sequence[str]) -> str | None:
    """What of the output shown is not the real one; None where all of it is. A line `...` stands for any lines."""
    at = 0
    anywhere = False
    for part in _parts(shown):
        if part is None:
            anywhere = True
            continue
        last = len(real) - len(part) if anywhere else at
        fits = [i for i in range(at, last + 1) if tuple(line.rstrip() for line in real[i : i + len(part)]) == part]
        if not fits:
            near = next((i for i in range(at, len(real)) if real[i].rstrip() == part[0]), at)
            return "\n".join(("shown:", *part, "real:", *real[near : near + len(part) + 2]))
        at, anywhere = fits[0] + len(part), False
    if not anywhere and at != len(real):
        return "\n".join(("not shown, and no `...`:", *real[at:]))
    return None


def _parts(shown: Sequence[str]) -> Iterator[tuple[str, ...] | None]:
    """Runs of lines that belong together, with None for each `...`."""
    run: list[str] = []
    for line in shown:
        if line.strip() == "...":
            if run:
                yield tuple(run)
            yield None
            run = []
        else:
            run.append(line.rstrip())
    if run:
        yield tuple(run)


def _trimmed(lines: tuple[str, ...]) -> tuple[str, ...]:
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return lines
