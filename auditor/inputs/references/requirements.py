"""References in lists of requirements: spaCy pipelines as packages, and addresses of the Hub."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.inputs.references.names import spacy_pipeline
from auditor.inputs.references.reference import Reference
from auditor.inputs.references.text import Lines, links, without_comments
from auditor.inputs.references.tree import Tree


def read_requirements(file: str, text: str, tree: Tree, *, quoted: bool = False) -> Iterator[Reference]:
    """The models that a list of requirements installs; `quoted` for the strings of a pyproject.toml."""
    shown = without_comments(text)
    lines = Lines(text)
    offset = 0
    for row in shown.splitlines(keepends=True):
        requirement = row.strip(" \t\r\n\"',") if quoted else row.strip()
        found = pipeline_package(requirement, lines, offset + max(row.find(requirement), 0), file)
        if found:
            yield found
        offset += len(row)
    yield from links(file, text, shown)


def pipeline_package(requirement: str, lines: Lines, offset: int, file: str) -> Reference | None:
    """A requirement that is a spaCy pipeline, by name or by the address of its wheel."""
    name = requirement
    for end in "@=<>~![; ":
        name = name.partition(end)[0]
    package = name.replace("-", "_")
    found = spacy_pipeline(package)
    if found is None and "/spacy-models/" in requirement:
        wheel = requirement.rpartition("/")[2]
        package = wheel.partition("-")[0]
        found = spacy_pipeline(package)
    if found is None:
        return None
    line, column = lines.at(offset + max(requirement.find(package), 0))
    return Reference(found.id, "model", file, line, column, None, "requirement", "sure", requirement[:300])
