"""The command itself: help, versions, errors as words and exit codes."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from auditor import __version__
from auditor.cli.app import COMMANDS
from auditor.errors import CouldNotDecide

RUN = "import sys; from auditor.cli.app import main; main()"
SLOW = ("networkx", "huggingface_hub", "pydantic", "spdx_tools", "licenseclassifier", "re2", "yaml", "rich.console")


def test_help_names_every_command(auditor) -> None:
    answer = auditor("--help")
    assert answer.code == 0
    assert all(f"  {name} " in answer.out and line in answer.out for name, (_, line) in COMMANDS.items())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_there_and_has_help(auditor, name: str) -> None:
    module, _, attribute = COMMANDS[name][0].partition(":")
    assert hasattr(importlib.import_module(module), attribute)
    answer = auditor(name, "--help")
    assert answer.code == 0
    assert "Usage: auditor " + name in answer.out


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "rules"])
def test_the_line_in_the_list_is_the_first_of_the_help(auditor, name: str) -> None:
    assert COMMANDS[name][1].split()[0] in auditor(name, "--help").out


def test_version(auditor) -> None:
    assert auditor("--version").out == f"auditor {__version__}\n"


def test_no_command_shows_the_help(auditor) -> None:
    answer = auditor()
    assert answer.code == 2
    assert "Commands:" in answer.out + answer.err


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("chekc", "gpt2"), "Did you mean check"),
        (("frobnicate",), "`auditor --help` lists the commands."),
        (("check", "gpt2", "--formt", "json"), "--format"),
        (("check", "gpt2", "--format", "jsn"), "Did you mean json"),
        (("check", "gpt2", "--for", "produkt"), "Did you mean product"),
        (("check", "gpt2", "--purpose", "fun"), "commercial, research, personal"),
        (("check", "gpt2", "--fail-on", "hihg"), "Did you mean high"),
        (("check", "gpt2", "--source", "bundeld"), "bundled"),
        (("check", "gpt2", "--monthly-active-users", "many"), "not a whole number"),
        (("check",), "TARGET"),
        (("explain", "no-such-thing-anywhere"), "auditor rules list"),
        (("schema", "reprot"), "Did you mean report"),
        (("rules", "new", "Bad Name"), "lower-case"),
        (("lineage", "gpt2", "--format", "tre"), "Did you mean tree"),
    ],
)
def test_wrong_usage_exits_2_and_says_what_to_do(auditor, arguments: tuple[str, ...], hint: str) -> None:
    answer = auditor(*arguments)
    assert answer.code == 2
    assert answer.out == ""
    assert hint in answer.err


def test_expected_errors_show_message_and_remedy(auditor, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise CouldNotDecide("the Hub did not answer\x1b[2J", remedy="Try --source bundled.")

    monkeypatch.setattr("auditor.pipeline.open_source", fail)
    answer = auditor("check", "gpt2")
    assert answer.code == 3
    assert answer.err == "error: the Hub did not answer\\x1b[2J\nTry --source bundled.\n"


def test_a_bug_exits_4_without_a_traceback(auditor, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("auditor.pipeline.open_source", fail)
    answer = auditor("check", "gpt2")
    assert answer.code == 4
    assert "bug: ZeroDivisionError: oops" in answer.err
    assert "Traceback" not in answer.err
    monkeypatch.setenv("AUDITOR_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        auditor("check", "gpt2")


def test_an_interrupt_exits_130(auditor, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("auditor.pipeline.open_source", stop)
    assert auditor("check", "gpt2").code == 130


@pytest.mark.parametrize(
    ("arguments", "allowed"),
    [(["--help"], ()), (["--version"], ()), (["explain", "trained-on"], ("yaml", "rich.console"))],
)
def test_slow_packages_stay_out(arguments: list[str], allowed: tuple[str, ...]) -> None:
    code = f"{RUN[:12]}import atexit; atexit.register(lambda: print(sorted(sys.modules), file=sys.stderr)); {RUN[12:]}"
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    loaded = ast.literal_eval(done.stderr.splitlines()[-1])
    assert not [name for name in SLOW if name in loaded and name not in allowed]


def test_a_narrow_locale_does_not_break_output() -> None:
    done = subprocess.run(
        [sys.executable, "-c", RUN, "explain", "trained-on"],
        capture_output=True,
        check=True,
        env={"PYTHONIOENCODING": "ascii", "PATH": "", "AUDITOR_CACHE": str(Path("/nonexistent"))},
    )
    assert b"trained on" in done.stdout
