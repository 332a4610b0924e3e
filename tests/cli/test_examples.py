"""Every example of the README and the documentation holds: commands run, output shown is real, files are valid."""

from __future__ import annotations

import ast
import json
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.cli.app import COMMANDS
from auditor.model import Kind, RepoId
from auditor.policy.config import load_policy
from auditor.report.schemas import SCHEMAS
from auditor.sources.bundled import BundledSource
from tests.support.hub_server import LocalHub, Repo
from tests.support.pages import ROOT, Block, blocks, commands, difference, pages

Run = Callable[..., Any]
Patch = pytest.MonkeyPatch

# Commands that no test runs, and why.
NOT_RUN = {
    "pip install": "installs packages",
    "python -m venv": "makes an environment; the line goes on to install packages",
    "python -m pytest": "runs these tests",
    "python -m docs.generate": "tests/unit/test_docs.py runs it",
    "python -m auditor.identify.build_index": "needs license texts, which the project does not ship",
    "python -m auditor.sources.build_bundle": "needs model cards, which the project does not ship",
    "sphinx-build": "takes half a minute; .ci/run runs it",
    ".ci/run": "takes minutes",
}
# What a page's commands find in their folder beside the files that the page itself shows.
FOUND = {"README.md": ["LICENSE", "examples"], "CONTRIBUTING.md": ["rules/terms", "examples"]}
DATA = ("json", "toml", "yaml")
RUN = ("console", "sh")
READ = ("text", "groovy", "{include}")  # nothing to run or to parse
WIDTH = "88"  # columns that the site shows without a scroll bar


@pytest.fixture
def page_folder(tmp_path: Path, monkeypatch: Patch) -> Path:
    """An empty folder to run the commands of a page in, with a Hub that knows the bundled repositories."""
    folder = tmp_path / "page"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def hub(monkeypatch: Patch, tmp_path: Path) -> Iterator[LocalHub]:
    """Stands in for the Hub where an example names no source."""
    with LocalHub({}) as server:
        server.repos = Bundled()
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
        yield server


class Bundled(dict[str, Repo]):
    """The bundled repositories as those of a Hub, each made when it is asked for; and `org/name` with two tags."""

    def get(self, name: str, default: Any = None) -> Any:
        """A repository, or `default`."""
        try:
            return self[name]
        except KeyError:
            return default

    def __missing__(self, name: str) -> Repo:
        kind: Kind = "dataset" if name.startswith("datasets/") else "model"
        content = BundledSource().fetch(RepoId(kind, name.removeprefix("datasets/")))
        old, new = {"README.md": _card({"license": "apache-2.0"})}, {"README.md": _card({"license": "cc-by-nc-4.0"})}
        if name == "org/name":
            self[name] = Repo(new, revisions={"v1": old, "v2": new})
        elif content.status in ("resolved", "gated"):
            self[name] = Repo({"README.md": _card(content.info.get("cardData"))})
        else:
            raise KeyError(name)
        return self[name]


def _card(data: Any) -> str:
    return f"---\n{yaml.safe_dump(dict(data or {}))}---\n"


def written() -> list[Block]:
    return [block for page in pages() for block in blocks(page)]


def test_every_block_says_what_it_is() -> None:
    odd = [f"{b.place} {b.language!r}" for b in written() if b.language not in (*DATA, *RUN, *READ, "python")]
    assert odd == []


@pytest.mark.parametrize("page", pages())
def test_no_example_hides_in_an_indented_block(page: str) -> None:
    fenced = {b.line + i for b in blocks(page) for i in range(b.text.count("\n") + 2)}
    lines = (ROOT / page).read_text("utf-8").splitlines()
    hidden = [
        number
        for number, line in enumerate(lines, 1)
        if line.startswith("    ") and number not in fenced and (number == 1 or not lines[number - 2].strip())
    ]
    assert [n for n in hidden if not lines[n - 1].startswith("    >>> ")] == []  # those are run as doctests


@pytest.mark.parametrize("page", [p for p in pages() if any(b.language in RUN for b in blocks(p))])
@pytest.mark.usefixtures("hub")
def test_commands_run_and_print_what_is_shown(page: str, page_folder: Path, auditor: Run, monkeypatch: Patch) -> None:
    monkeypatch.setenv("COLUMNS", WIDTH)
    for name in FOUND.get(page, ()):
        _copy(ROOT / name, page_folder / name)
    printed: list[str] = []
    for block in blocks(page):
        if block.file:
            path = page_folder / block.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, "utf-8")
        elif block.language in RUN:
            for command in commands(block):
                where = f"{page}:{command.line}: {command.words}"
                if any(command.words.startswith(start) for start in NOT_RUN):
                    assert not command.output, f"{where}: output of a command that is not run"
                    continue
                if command.words:
                    refused = command.output[:1] and command.output[0].startswith("error: ")
                    printed = _run(command.words, where, auditor, (2,) if refused else (0, 1, 3))
                wrong = difference(command.output, printed) if command.output else None
                assert wrong is None, f"{where}\n{wrong}"


def _run(command: str, where: str, auditor: Run, codes: Sequence[int]) -> list[str]:
    """The lines that a command prints; its exit code must be one of `codes`."""
    words = shlex.split(command)
    if words[0] == "auditor":
        answer = auditor(*words[1:])
        code, printed = answer.code, answer.err + answer.out
    else:
        assert words[0] in ("python", "cat"), f"{where}: no way to run it"
        words[0] = sys.executable if words[0] == "python" else words[0]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        code, printed = done.returncode, done.stderr + done.stdout
    assert code in codes, f"{where}: exit code {code}\n{printed}"
    lines: list[str] = printed.splitlines()
    return lines


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy(source, target)


@pytest.mark.parametrize("block", [b for b in written() if b.language in (*DATA, "python")], ids=lambda b: b.place)
def test_files_shown_are_valid(block: Block, tmp_path: Path) -> None:
    if block.language == "python":
        ast.parse(block.text)
    elif block.language == "json":
        json.loads(block.text)
    elif block.language == "toml":
        assert tomllib.loads(block.text)
        (tmp_path / "auditor.toml").write_text(block.text, "utf-8")
        load_policy(tmp_path / "auditor.toml")  # raises FileMistakes
    else:
        found = yaml.safe_load(block.text)
        assert found
        if isinstance(found, dict) and {"match", "message"} & set(found):
            import jsonschema

            jsonschema.Draft202012Validator(SCHEMAS["rule"]()).validate(found)


def test_few_commands_are_not_run() -> None:
    asked = [c.words for b in written() if b.language in RUN for c in commands(b)]
    unused = [start for start in NOT_RUN if not any(words.startswith(start) for words in asked)]
    assert unused == []
    assert sum(any(w.startswith(s) for s in NOT_RUN) for w in asked) < len(asked) / 4


def test_every_command_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [name for name in COMMANDS if f"auditor {name}" not in readme] == []


def test_the_example_rule_passes_its_examples(auditor: Run) -> None:
    answer = auditor("rules", "test", str(ROOT / "examples" / "rules"))
    assert answer.code == 0
    assert answer.out.endswith("4 examples, 0 failed\n")


def test_the_example_script_prints_a_verdict() -> None:
    done = subprocess.run([sys.executable, ROOT / "examples" / "audit.py"], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("lmsys/vicuna-7b-v1.5: conditions\n")
