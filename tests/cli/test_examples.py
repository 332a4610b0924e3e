"""The examples and the README hold."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
SHOWN = re.findall(r"^    \$ auditor (.+)\n((?:(?!    \$ )    .*\n|\n(?=    ))*)", README, re.MULTILINE)


def test_the_example_rule_passes_its_examples(auditor) -> None:
    answer = auditor("rules", "test", str(ROOT / "examples" / "rules"))
    assert answer.code == 0
    assert answer.out.endswith("4 examples, 0 failed\n")


def test_the_example_script_prints_a_verdict() -> None:
    done = subprocess.run([sys.executable, ROOT / "examples" / "audit.py"], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("lmsys/vicuna-7b-v1.5: conditions\n")


@pytest.mark.parametrize(("command", "output"), [(c, o) for c, o in SHOWN if o.strip()], ids=lambda v: v[:30])
def test_output_in_the_readme_is_real(auditor, command: str, output: str) -> None:
    answer = auditor(*command.split("  #")[0].split())
    shown = [line[4:] for line in output.splitlines()]
    assert shown == (answer.err + answer.out).splitlines()[: len(shown)]


def test_the_readme_shows_output() -> None:
    assert sum(bool(output.strip()) for _, output in SHOWN) >= 2


def test_every_command_is_in_the_readme() -> None:
    from auditor.cli.app import COMMANDS

    assert not [name for name in COMMANDS if f"auditor {name}" not in README and name != "schema"]
