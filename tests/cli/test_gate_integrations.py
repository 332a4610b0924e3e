"""What others copy: the steps of the action run as a shell runs them, and the examples of docs/ci.md hold."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.policy.config import load_policy
from auditor.report import FORMATS
from tests.cli.gate_world import CLOSED_OFF, OPEN, World

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))


def act(world: World, base: Path, **inputs: str) -> tuple[int, str, str, str]:
    """Run the steps of the action: exit code, output, step summary, step outputs."""
    values = {name: row["default"] for name, row in ACTION["inputs"].items()} | inputs
    tools = base / "bin"
    tools.mkdir(exist_ok=True)
    command = tools / "auditor"
    command.write_text(f"#!{sys.executable}\nimport sys\nfrom auditor.cli.app import main\nmain()\n", "utf-8")
    command.chmod(0o755)
    files = {name: base / name for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
    said = ""
    for step in ACTION["runs"]["steps"]:
        asked = {k: _filled(v, values) for k, v in step["env"].items()}
        paths = {k: str(v) for k, v in files.items()}
        env = {**os.environ, **paths, **asked, "PATH": f"{tools}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
        shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        done = subprocess.run(shell, capture_output=True, text=True, env=env, cwd=world.repo, check=False)
        said += done.stdout + done.stderr
        if done.returncode:
            break
    texts = [file.read_text("utf-8") if file.exists() else "" for file in files.values()]
    return done.returncode, said, texts[0], texts[1]


def _filled(value: str, inputs: dict[str, str]) -> str:
    for name, given in inputs.items():
        value = value.replace("${{ inputs." + name + " }}", given)
    assert "${{" not in value
    return value


def test_the_action_annotates_sums_up_and_fails(world: World, tmp_path: Path) -> None:
    world.load(OPEN, CLOSED_OFF)
    sarif = tmp_path / "out.sarif"
    code, said, summary, outputs = act(world, tmp_path, source=str(world.hub), sarif=str(sarif))
    assert code == 1
    assert "::error" in said
    assert "file=train.py" in said
    assert CLOSED_OFF in summary
    assert outputs == "exit-code=1\n"
    assert sarif.is_file()


def test_the_action_passes_and_takes_its_inputs_as_data(world: World, tmp_path: Path) -> None:
    world.policy('[use]\npreset = "research"\n')
    odd = "a; touch owned $(touch owned)"
    world.load(OPEN, file=f"{odd}/x.py")
    code, said, _, outputs = act(world, tmp_path, source=str(world.hub), path=odd)
    assert (code, outputs) == (0, "exit-code=0\n"), said
    assert not list(tmp_path.rglob("owned"))


def test_no_step_puts_an_input_into_its_script() -> None:
    assert all("${{" not in step["run"] for step in ACTION["runs"]["steps"])


def test_the_hook_runs_offline_with_the_lock(auditor: Any, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    world.load(OPEN)
    world.policy('[use]\npreset = "product"\n')
    assert auditor("lock", str(world.repo), "--source", str(world.hub)).code == 0
    monkeypatch.chdir(world.repo)
    program, *arguments = hook["entry"].split()
    assert program == "auditor"
    assert auditor(*arguments).code == 0


def _blocks(language: str) -> list[str]:
    parts = (ROOT / "docs" / "ci.md").read_text("utf-8").split(f"```{language}\n")[1:]
    return [part.split("```")[0] for part in parts]


def test_the_policy_of_the_docs_is_one(tmp_path: Path) -> None:
    file = tmp_path / "auditor.toml"
    file.write_text(_blocks("toml")[0], "utf-8")
    policy = load_policy(file)
    assert policy.require_pins
    assert policy.waivers[0].rule == "closed-model-outputs"


def test_the_snippets_name_formats_and_inputs_that_exist() -> None:
    snippets = _blocks("yaml") + _blocks("groovy")
    assert len(snippets) == 4
    used = [word.partition("=")[0] for text in snippets for word in text.split("--also ")[1:]]
    assert used
    assert set(used) <= set(FORMATS)
    steps = yaml.safe_load(snippets[0])["jobs"]["gate"]["steps"]
    assert set(steps[-1]["with"]) <= set(ACTION["inputs"])
