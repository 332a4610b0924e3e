"""Closed models called through their interface: a dependency whose terms bind as the declared use meets them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.gate_world import World, of, report

CALL = "from openai import OpenAI\n\nOpenAI().chat.completions.create(model='gpt-4o', messages=[])\n"


@pytest.fixture
def caller(world: World) -> World:
    """A program that calls GPT-4."""
    world.write("ask.py", CALL)
    return world


@pytest.mark.parametrize("preset", ["research", "internal", "product", "redistribute"])
def test_calling_an_interface_fails_no_use_that_trains_nothing_on_it(
    caller: World, gate: Callable[..., Any], preset: str
) -> None:
    caller.policy(f'[use]\npreset = "{preset}"\n')
    found = report(gate)
    assert found["exit_code"] == 0
    assert [f["severity"] for f in of(found, "closed-weights")] == ["medium"]
    assert {f["severity"] for f in of(found, "no-train-other-models")} == {"info"}


def test_outputs_that_train_other_models_meet_the_terms(caller: World, gate: Callable[..., Any]) -> None:
    caller.policy('[use]\npreset = "distill"\n')
    found = report(gate)
    assert found["exit_code"] == 1
    assert {f["name"] for f in found["findings"] if f["severity"] == "high"} == {"no-train-other-models"}
    assert found["verdicts"]["gpt-4"]["verdict"] == "deny"


def test_without_a_declared_use_every_use_counts(caller: World, gate: Callable[..., Any]) -> None:
    found = report(gate)
    assert found["exit_code"] == 1
    assert of(found, "closed-weights")[0]["severity"] == "high"


def test_a_ban_on_passing_a_service_on_does_not_forbid_a_product_that_calls_it(
    caller: World, gate: Callable[..., Any]
) -> None:
    caller.policy('[use]\npreset = "product"\n')
    duties = report(gate)["verdicts"]["gpt-4"]["duties"]
    assert any("resell" in (d if isinstance(d, str) else d["text"]) for d in duties)
