"""What to change where an audit fails, for people who ask with --suggest."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from auditor.model import RepoId, Use
from auditor.pipeline import audit
from auditor.policy.alternatives import open_relatives
from auditor.policy.suggest import changes, waiver_lines
from auditor.policy.use import PRESETS
from auditor.sources.bundled import BundledSource
from tests.cli.gate_world import CLOSED_OFF, World

TODAY = date(2030, 1, 1)


def said(name: str, use: Use, kind: str = "model") -> str:
    report = audit([(RepoId(kind, name), None)], BundledSource(), use)  # type: ignore[arg-type]
    (target,) = report.decisions
    return "\n".join(c.said for c in changes(target, report, TODAY))


def test_the_widest_use_that_nothing_forbids_is_named() -> None:
    assert "--for research" in said("Qwen/Qwen2.5-3B-Instruct", PRESETS["product"])
    assert "--for redistribute" in said("meta-llama/Llama-2-7b-hf", Use())


def test_weights_that_nobody_has_are_not_passed_on() -> None:
    words = said("gpt-4", PRESETS["distill"], "closed")
    assert "--for product" in words
    assert "Release" not in words


def test_whom_to_ask_and_what_to_release_under() -> None:
    words = said("meta-llama/Llama-2-7b-hf", Use())
    assert "Ask whoever published meta-llama/" in words
    assert "https://" in words
    assert "Release what you derive from it under one of: Llama 2" in words


def test_nothing_is_said_where_nothing_fails() -> None:
    assert said("mistralai/Mistral-7B-v0.1", PRESETS["product"]) == ""


def test_relatives_are_of_the_same_house_and_family_and_pass_the_same_audit() -> None:
    found, as_of = open_relatives("Qwen/Qwen2.5-3B-Instruct", PRESETS["product"])
    assert found
    assert as_of
    report = audit([(RepoId("model", n), None) for n in found], BundledSource(), PRESETS["product"])
    assert all(n.startswith("Qwen/Qwen") for n in found)
    assert {d.verdict for d in report.decisions.values()} <= {"allow", "conditions"}


@pytest.mark.parametrize("name", ["meta-llama/Llama-2-7b-hf", "nobody/nothing-7b", "gpt2", "acme/123"])
def test_no_relative_is_invented(name: str) -> None:
    assert open_relatives(name, Use())[0] == []


def test_waivers_are_ready_to_paste() -> None:
    report = audit([(RepoId("model", "facebook/opt-1.3b"), None)], BundledSource(), Use())
    finding = report.findings[0]
    (waiver,) = tomllib.loads("\n".join(waiver_lines(finding, TODAY)))["waivers"]
    assert (waiver["rule"], waiver["subject"]) == (finding.rule, finding.subject)
    assert waiver["until"] > TODAY


def test_check_says_it_behind_the_report_in_the_formats_for_people(auditor: Callable[..., Any]) -> None:
    ask = ("check", "facebook/opt-1.3b", "--source", "bundled", "--for", "product", "--suggest")
    assert "What would change the answer" in auditor(*ask).out
    page = auditor(*ask, "--format", "markdown").out
    assert "## What would change the answer" in page
    assert "```toml" in page
    answer = auditor(*ask, "--format", "json")
    assert json.loads(answer.out)["schema"] == "auditor.report/1"
    assert "What would change the answer" in answer.err


def test_the_gate_says_it_and_its_waivers_let_it_pass(world: World, gate: Callable[..., Any]) -> None:
    world.load(CLOSED_OFF)
    world.policy('[use]\npreset = "product"\n')
    answer = gate("--suggest")
    assert answer.code == 1
    told = answer.out.partition("What would change the answer")[2].splitlines()
    indented = [line.strip() for line in told if line.startswith(" " * 8) and not line.strip().startswith("→")]
    waivers = "\n".join(indented)
    world.policy('[use]\npreset = "product"\n' + waivers[waivers.index("[[waivers]]") :])
    assert "auditor.toml:6: the waiver still lacks its reason" in gate().err
    waivers = waivers.replace("say why it may stay", "ours by contract")
    world.policy('[use]\npreset = "product"\n' + waivers[waivers.index("[[waivers]]") :])
    assert gate().code == 0
    assert "Nothing has to change" in gate("--suggest").out
