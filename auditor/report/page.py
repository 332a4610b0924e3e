"""A sheet of terminal text: wrapped lines with hanging indents, colored or plain."""

from __future__ import annotations

import io
from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text
from rich.tree import Tree

Part = str | tuple[str, str]
"""Words, or words with a rich style."""

SEVERITY_STYLE = {"high": "bold red", "medium": "yellow", "low": "cyan", "info": "dim"}
VERDICT_STYLE = {
    "allow": "bold green",
    "conditions": "bold yellow",
    "deny": "bold red",
    "undetermined": "bold magenta",
}


class Page:
    """Collects lines; `text()` gives them all. Foreign words must have been through `safe` before they come here."""

    def __init__(self, width: int = 100, color: bool = False) -> None:
        self._out = io.StringIO()
        self._console = Console(
            file=self._out,
            width=max(width, 40),
            force_terminal=color,
            no_color=not color,
            color_system="standard" if color else None,
            highlight=False,
            legacy_windows=False,
        )

    def put(self, *parts: Part, first: str = "", rest: str | None = None, style: str = "") -> None:
        """One paragraph, wrapped. `first` stands before its first line, `rest` (else blanks) before the others."""
        hang = " " * cell_len(first) if rest is None else rest
        body = Text.assemble(*parts, style=style)
        for row, line in enumerate(body.wrap(self._console, self._console.width - cell_len(first))):
            line.rstrip()
            self._console.print(Text.assemble((first if row == 0 else hang, style), line), soft_wrap=True)

    def whole(self, *parts: Part, indent: int = 0, style: str = "") -> None:
        """One line that is never broken, such as an address."""
        self._console.print(Text.assemble(" " * indent, Text.assemble(*parts, style=style)), soft_wrap=True)

    def gap(self) -> None:
        """An empty line."""
        self._out.write("\n")

    def draw(self, tree: Tree) -> None:
        """A tree of labels."""
        self._console.print(tree)

    def heading(self, words: str) -> None:
        """A section's title, set off by an empty line."""
        self.gap()
        self.whole((words, "bold"))

    def rows(self, rows: Sequence[tuple[str, str]], indent: int = 2) -> None:
        """Two columns: names, and what is said of them."""
        width = max((cell_len(name) for name, _ in rows), default=0)
        for name, said in rows:
            blank = " " * (width - cell_len(name) + 2)
            self.put(said, first=f"{' ' * indent}{name}{blank}")

    def text(self) -> str:
        """All lines so far."""
        return "\n".join(line.rstrip() for line in self._out.getvalue().split("\n"))
