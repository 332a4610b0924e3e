"""References in notebooks: the cells as one Python file whose lines are those of the JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.inputs.references.leaves import Leaf, json_leaves
from auditor.inputs.references.python import read_python
from auditor.inputs.references.python_code import parse
from auditor.inputs.references.python_values import Modules
from auditor.inputs.references.reference import Reference
from auditor.inputs.references.shell import read_shell
from auditor.inputs.references.text import scan_text
from auditor.inputs.references.tree import Tree


def read_notebook(file: str, text: str, tree: Tree, modules: Modules) -> Iterator[Reference]:
    """The references of the code cells; magics and shell lines are read as commands. Never raises."""
    python: list[str] = []
    shell: list[str] = []
    places: list[tuple[int, int]] = []
    broken: list[tuple[str, list[tuple[int, int]]]] = []
    for cell in _code_cells(text):
        code, commands, where = _split(cell)
        if code and parse("\n".join(code)) is None:
            broken.append(("\n".join(code), where))
            code = [""] * len(code)
        python += code
        shell += commands
        places += where
    for found in read_python(file, "\n".join(python), tree, modules):
        yield _moved(found, places, file)
    for found in read_shell(file, "\n".join(shell), tree):
        yield _moved(found, places, file)
    for source, where in broken:
        for found in scan_text(file, source, tree, python=True):
            yield _moved(found, where, file)


def _moved(found: Reference, places: list[tuple[int, int]], file: str) -> Reference:
    """A reference of the joined cells at its line of the file; one that points into another file stays there."""
    if found.file != file or not 0 < found.line <= len(places):
        return found
    line, column = places[found.line - 1]
    return replace(found, line=line, column=column + found.column)


def _code_cells(text: str) -> Iterator[list[Leaf]]:
    """Cells in their order: the type of a cell may stand before or behind its source."""
    kind: str | None = None
    source: list[Leaf] = []
    current: int | None = None
    for leaf in json_leaves(text):
        if not leaf.is_key or len(leaf.path) != 1 or leaf.path != ("cells",):
            if leaf.is_key or leaf.path[:1] != ("cells",):
                continue
            if leaf.path == ("cells", "cell_type"):
                kind = leaf.text
            elif leaf.path == ("cells", "source"):
                source.append(leaf)
            continue
        if current is not None and leaf.holder != current:  # a key of the next cell
            if kind == "code" and source:
                yield source
            kind, source = None, []
        current = leaf.holder
    if kind == "code" and source:
        yield source


def _split(cell: list[Leaf]) -> tuple[list[str], list[str], list[tuple[int, int]]]:
    """Lines of Python, lines of commands (each blank where the other stands), and where each stands in the file."""
    rows: list[tuple[str, tuple[int, int]]] = []
    for leaf in cell:
        parts = leaf.text.split("\n")
        if parts[-1] == "" and len(parts) > 1:
            parts.pop()
        rows += [(part, (leaf.line, leaf.column)) for part in parts]
    code, commands = [], []
    magic = (
        bool(rows)
        and rows[0][0].startswith("%%")
        and rows[0][0].split()[0] in ("%%bash", "%%sh", "%%script", "%%shell")
    )
    other = (
        bool(rows)
        and rows[0][0].startswith("%%")
        and rows[0][0].split()[0] in ("%%html", "%%javascript", "%%writefile", "%%latex", "%%markdown", "%%R", "%%sql")
    )
    continued = False
    for at, (row, _) in enumerate(rows):
        stripped = row.lstrip()
        is_command = (magic and at > 0) or stripped.startswith(("!", "%")) or continued
        continued = is_command and row.rstrip().endswith("\\")
        commands.append(
            " " * (len(row) - len(stripped) + 1) + stripped[1:]
            if stripped.startswith(("!", "%"))
            else row
            if is_command
            else ""
        )
        indent = row[: len(row) - len(stripped)]
        code.append(f"{indent}pass" if is_command and indent else "" if is_command or other else row)
    return code, commands, [place for _, place in rows]
