"""References in Dockerfiles, whose commands may be JSON lists, and in ollama's Modelfiles."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.inputs.references.names import MAX_WORDS, named, ollama
from auditor.inputs.references.reference import Confidence, Reference
from auditor.inputs.references.shell import Shell
from auditor.inputs.references.text import Lines
from auditor.inputs.references.tree import Tree

_LISTS = ("CMD", "ENTRYPOINT", "RUN", "SHELL")


def read_docker(file: str, text: str, tree: Tree) -> Iterator[Reference]:
    """The references of a Dockerfile."""
    yield from Shell(file, "".join(_plain(line) for line in text.splitlines(keepends=True)), tree).read()


def _plain(line: str) -> str:
    """A JSON list of words as a command of the same length."""
    first, _, rest = line.lstrip().partition(" ")
    listed = (first.upper() in _LISTS and rest.lstrip().startswith("[")) or line.lstrip().startswith('"')
    if not listed:
        return line
    out, quoted = [], False
    for char in line:
        quoted ^= char == '"'
        out.append(" " if char in "[]," and not quoted else char)
    return "".join(out)


def read_modelfile(file: str, text: str, tree: Tree) -> Iterator[Reference]:
    """`FROM` and `ADAPTER` of an ollama Modelfile."""
    lines = Lines(text)
    offset = 0
    for line in text.splitlines(keepends=True):
        word, _, rest = line.strip().partition(" ")
        value = rest.strip().strip("\"'")
        if word.upper() in ("FROM", "ADAPTER") and value and len(value) <= MAX_WORDS and " " not in value:
            found = (
                ollama(value) or named(value, "model", tree, file)
                if word.upper() == "FROM"
                else named(value, "model", tree, file)
            )
            row, column = lines.at(offset + line.find(value))
            if found:
                sure: Confidence = "sure" if found.sure else "likely"
                yield Reference(found.id, found.kind, file, row, column, found.revision, "Modelfile", sure, value)
            elif (
                word.upper() == "FROM"
                and not value.startswith((".", "/", "~"))
                and not tree.has(value, file)
                and "." not in value.partition(":")[0][-6:]
            ):
                yield Reference(f"ollama:{value}", "unresolved", file, row, column, None, "Modelfile", "likely", value)
        offset += len(line)
