"""Which reader reads which form of file that is not Python."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.inputs.references.python_values import Modules
from auditor.inputs.references.reference import Reference
from auditor.inputs.references.tree import Tree


def read(form: str, file: str, text: str, tree: Tree, modules: Modules) -> Iterator[Reference]:
    """The references of one file. Never raises."""
    from auditor.inputs.references import card, config, docker, notebook, requirements, shell

    match form:
        case "notebook":
            yield from notebook.read_notebook(file, text, tree, modules)
        case "yaml" | "json" | "toml":
            yield from config.read_config(form, file, text, tree)
            if form == "toml":
                yield from requirements.read_requirements(file, text, tree, quoted=True)
        case "shell":
            yield from shell.read_shell(file, text, tree)
        case "javascript":
            from auditor.inputs.references.javascript import read_javascript

            yield from read_javascript(file, text, tree)
        case "docker":
            yield from docker.read_docker(file, text, tree)
        case "modelfile":
            yield from docker.read_modelfile(file, text, tree)
        case "requirements":
            yield from requirements.read_requirements(file, text, tree)
        case "card":
            yield from card.read_card(file, text, tree)
