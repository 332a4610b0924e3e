"""Lock, drift, init and notice through the command line."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from typing import Any

import jsonschema
import pytest

from auditor.report.schemas import SCHEMAS
from tests.cli.gate_world import CHAT, CLOSED_OFF, OPEN, World, of, report

PRODUCT = '[use]\npreset = "product"\n'
FILES = {"LICENSE": "You may do with this model what you like, on Tuesdays.\n"}


@pytest.fixture
def lock(auditor: Any, world: World) -> Any:
    """Writes the lock of the world."""
    return lambda: auditor("lock", str(world.repo), "--source", str(world.hub))


def locked(auditor: Any, world: World) -> Any:
    """The gate with everything from the lock: the source that it names does not exist."""
    return lambda *more: auditor("gate", str(world.repo), "--source", "nowhere", "--locked", *more)


def test_the_lock_meets_its_schema_and_is_stable(world: World, lock: Any) -> None:
    world.load(CHAT, OPEN)
    assert lock().code == 0
    file = world.repo / "auditor.lock"
    first = file.read_text("utf-8")
    kept = json.loads(first)
    jsonschema.validate(kept, SCHEMAS["lock"]())
    assert [e["id"] for e in kept["entries"]] == sorted([CHAT, CLOSED_OFF, OPEN, "datasets/lab/talk"])
    chat = kept["entries"][0]
    assert (chat["license"], chat["used"]) == (["CC-BY-NC-4.0"], True)
    assert f"finetune {CLOSED_OFF}" in chat["parents"]
    world.load(OPEN, CHAT)
    lock()
    assert file.read_text("utf-8") == first


def test_a_locked_gate_needs_no_source_and_says_the_same(auditor: Any, world: World, gate: Any, lock: Any) -> None:
    world.publish(**{"lab/odd": {"license": "other", "datasets": ["lab/talk"], "files": FILES}})
    world.load(CHAT, OPEN, "lab/odd")
    world.policy(PRODUCT)
    lock()
    live, kept = report(gate), report(locked(auditor, world))
    assert kept["source"]["kind"] == "lock"
    assert kept["exit_code"] == live["exit_code"] == 1
    for key in ("rule", "subject", "severity", "fingerprint"):
        assert sorted(f[key] for f in kept["findings"]) == sorted(f[key] for f in live["findings"])
    assert {k: v["verdict"] for k, v in kept["verdicts"].items()} == {
        k: v["verdict"] for k, v in live["verdicts"].items()
    }


def test_a_tag_that_was_locked_is_found_again(auditor: Any, world: World, lock: Any) -> None:
    world.policy(PRODUCT)
    call = 'from transformers import AutoModel\nAutoModel.from_pretrained("{}", revision="{}")\n'
    world.write("train.py", call.format(OPEN, "v1"))
    assert lock().code == 0
    assert locked(auditor, world)().code == 0
    world.write("train.py", call.format(OPEN, "v2"))
    answer = locked(auditor, world)()
    assert answer.code == 3
    assert "not v2" in answer.out


def test_a_changed_policy_holds_for_the_lock_too(auditor: Any, world: World, lock: Any) -> None:
    world.load(CLOSED_OFF)
    lock()
    world.policy('[use]\npreset = "research"\n')
    assert locked(auditor, world)().code == 0
    world.policy(PRODUCT)
    assert locked(auditor, world)().code == 1


def test_what_the_lock_lacks_fails_a_locked_gate(auditor: Any, world: World, gate: Any, lock: Any) -> None:
    world.policy(PRODUCT)
    world.load(OPEN)
    lock()
    world.load(OPEN, "lab/new")
    found = report(locked(auditor, world))
    assert found["exit_code"] == 1
    assert [f["subject"] for f in of(found, "lock-missing")] == ["lab/new"]
    world.load(CLOSED_OFF)
    assert of(report(gate), "lock-unused")


def test_a_locked_gate_without_a_lock_is_wrong_usage(auditor: Any, world: World) -> None:
    world.load(OPEN)
    answer = locked(auditor, world)()
    assert answer.code == 2
    assert "auditor lock" in answer.err


@pytest.mark.parametrize("text", ["", "[]", '{"schema": "auditor.lock/1", "entries": [{"id": "a/b"}]}'])
def test_a_damaged_lock_is_an_error(world: World, gate: Any, text: str) -> None:
    world.load(OPEN)
    world.write("auditor.lock", text)
    assert gate().code == 2


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("used", "yes"),
        ("status", "fine"),
        ("license", [["MIT"]]),
        ("texts", {"LICENSE": 3}),
        ("parents", [None]),
        ("osi", "true"),
        ("clauses", [["non-commercial", [], None, None, None, ""]]),
        ("facts", [["license", "mit", "cousin", "declared", None, None, ""]]),
        ("facts", [["license", "mit", None, "guessed", None, None, ""]]),
        ("facts", [["license", [{"a": 1}], None, "declared", None, None, ""]]),
        ("facts", [["license", "mit", None, "declared", None, "one", ""]]),
        ("tags", [{}]),
    ],
)
def test_a_lock_from_anybody_is_read_with_care(world: World, gate: Any, lock: Any, key: str, value: Any) -> None:
    world.load(OPEN)
    lock()
    file = world.repo / "auditor.lock"
    kept = json.loads(file.read_text("utf-8"))
    kept["entries"][-1][key] = value
    file.write_text(json.dumps(kept), "utf-8")
    answer = gate()
    assert answer.code == 2
    assert "auditor.lock is not a lock" in answer.err


@pytest.mark.parametrize(
    ("rule", "changed"),
    [
        ("lock-drift-license", {CHAT: {"license": "mit", "base_model": CLOSED_OFF, "datasets": ["lab/talk"]}}),
        ("lock-drift-gone", {CHAT: None}),
        ("lock-drift-gone", {CHAT: {"license": "cc-by-nc-4.0", "status": "gated"}}),
        ("lock-drift-parent", {CHAT: {"license": "cc-by-nc-4.0", "base_model": [CLOSED_OFF, OPEN]}}),
        ("lock-drift-ancestor", {CLOSED_OFF: {"license": "mit", "datasets": ["lab/talk"]}}),
        ("lock-drift-text", {"lab/odd": {"license": "other", "files": {"LICENSE": "Not on Tuesdays any more.\n"}}}),
    ],
)
def test_what_has_changed_since_is_drift(
    world: World, gate: Any, lock: Any, rule: str, changed: Mapping[str, Any]
) -> None:
    odd = {"lab/odd": {"license": "other", "datasets": ["lab/talk"], "files": FILES}}
    world.publish(**odd)
    world.load(CHAT, "lab/odd")
    lock()
    assert not of(report(gate), "lock-drift")
    world.publish(**{**odd, **changed})
    found = of(report(gate), "lock-drift")
    assert rule in {f["rule"] for f in found}
    assert all(f["places"] for f in found)
    lock()
    assert rule not in {f["rule"] for f in of(report(gate), "lock-drift")}


def test_an_outage_leaves_the_lock_as_it_was(auditor: Any, world: World) -> None:
    world.load(OPEN)
    world.write("auditor.lock", "old")
    answer = auditor("lock", str(world.repo), "--offline")
    assert answer.code == 3
    assert (world.repo / "auditor.lock").read_text("utf-8") == "old"


def test_init_proposes_a_policy_and_a_lock_once(auditor: Any, world: World, gate: Any) -> None:
    world.load(OPEN)
    world.load(CLOSED_OFF, file="research/try.py")
    world.load(CHAT, file="app.py")
    arguments = ("init", str(world.repo), "--source", str(world.hub))
    assert auditor(*arguments).code == 0
    text = (world.repo / "auditor.toml").read_text("utf-8")
    assert tomllib.loads(text)["paths"][0]["match"] == "research/**"
    assert f'# subject = "{CHAT}"' in text
    assert CLOSED_OFF not in text.replace(CHAT, "")
    assert gate().code == 1
    world.policy("".join(line.removeprefix("# ") for line in text.splitlines(keepends=True) if line[:3] != "# W"))
    assert auditor(*arguments).code == 2


def test_an_init_that_fails_leaves_nothing(auditor: Any, world: World) -> None:
    world.load(OPEN)
    assert auditor("init", str(world.repo), "--offline").code == 3
    assert not (world.repo / "auditor.toml").exists()
    assert not (world.repo / "auditor.lock").exists()


def test_the_notice_has_the_words_and_duties_of_the_whole_ancestry(auditor: Any, world: World) -> None:
    llama = {"license": "llama3.1", "datasets": ["lab/talk"]}
    world.publish(**{"lab/llama": llama, "acme/tuned": {"license": "llama3.1", "base_model": "lab/llama"}})
    world.load(OPEN, "acme/tuned")
    answer = auditor("notice", str(world.repo), "--source", str(world.hub))
    assert answer.code == 0
    assert "Built with Llama" in answer.out
    assert "From lab/llama, which it descends from:" in answer.out
    assert "License: Apache License 2.0" in answer.out


def test_a_notice_that_is_not_complete_says_so(auditor: Any, world: World) -> None:
    world.load("lab/nowhere")
    answer = auditor("notice", str(world.repo), "--source", str(world.hub))
    assert answer.code == 3
    assert "Not complete" in answer.out
