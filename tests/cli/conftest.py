"""Runs command lines in this process, with output and exit code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from auditor.cli.app import run
from tests.cli.gate_world import World


class Answer(NamedTuple):
    """What a command said."""

    code: int
    out: str
    err: str


@pytest.fixture
def auditor(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., Answer]:
    """`auditor("check", "gpt2")` runs that command line."""
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("AUDITOR_DEBUG", raising=False)

    def call(*arguments: str) -> Answer:
        code = run(arguments)
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return call


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A repository of code, and a snapshot of what it uses."""
    return World(tmp_path)


@pytest.fixture
def gate(auditor: Callable[..., Answer], world: World) -> Callable[..., Answer]:
    """`gate("--fail-on", "low")` runs the gate on the world."""
    return lambda *more: auditor("gate", str(world.repo), "--source", str(world.hub), *more)
