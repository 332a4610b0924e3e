"""Which reader reads which form of file that is not Python."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.inputs.references.python_values import Modules
from auditor.inputs.references.reference import Reference
from auditor.inputs.references.tree import Tree


def read(form: str, file: str, text: str, tree: Tree, modules: Modules) -> Iterator[Reference]:
    """The references of one file. Never raises."""
    return iter(())
