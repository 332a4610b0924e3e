"""Decisions of people through the command line: waivers, inline waivers, the baseline, clarifications."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from tests.cli.gate_world import CLOSED_OFF, OPEN, World, of, report

PRODUCT = '[use]\npreset = "product"\n'
TEXT = "You may do with this model what you like, on Tuesdays.\n"
DIGEST = hashlib.sha256(TEXT.encode()).hexdigest()


def waiver(rule: str = "non-commercial", subject: str = CLOSED_OFF, **more: str) -> str:
    rest = "".join(f'{key} = "{value}"\n' for key, value in more.items())
    return f'[[waivers]]\nrule = "{rule}"\nsubject = "{subject}"\nreason = "we hold a commercial license"\n{rest}\n'


BOTH = waiver() + waiver("non-osi-license")


def test_a_waived_finding_is_told_and_fails_nothing(world: World, gate: Any) -> None:
    world.load(CLOSED_OFF)
    world.policy(PRODUCT + BOTH)
    found = report(gate)
    assert found["exit_code"] == 0
    assert {f["status"] for f in of(found, "non-commercial")} == {"waived"}
    assert not of(found, "waiver-unused")
    assert "2 waived" in gate().out


def test_a_waiver_ends_on_its_day(world: World, gate: Any) -> None:
    world.load(CLOSED_OFF)
    world.policy(PRODUCT + waiver(until="2001-01-01") + waiver("non-osi-license"))
    found = report(gate)
    assert found["exit_code"] == 1
    (fault,) = of(found, "waiver-expired")
    assert "2001-01-01" in fault["message"]
    assert fault["places"] == [{"file": "auditor.toml", "line": 3, "column": 1}]
    world.policy(PRODUCT + waiver(until="2999-01-01") + waiver("non-osi-license"))
    assert gate().code == 0


def test_a_waiver_that_nothing_needs_is_a_finding(world: World, gate: Any) -> None:
    world.load(OPEN)
    world.policy(PRODUCT + waiver())
    found = report(gate)
    assert found["exit_code"] == 0
    assert [f["subject"] for f in of(found, "waiver-unused")] == ["auditor.toml"]


def test_a_waiver_of_another_subject_does_not_count(world: World, gate: Any) -> None:
    world.load(CLOSED_OFF)
    world.policy(PRODUCT + waiver(subject="lab/other") + waiver("non-osi-license"))
    assert gate().code == 1


def test_a_waiver_dies_with_the_text_that_was_read(world: World, gate: Any) -> None:
    world.publish(**{CLOSED_OFF: {"license": "cc-by-nc-4.0", "datasets": ["lab/talk"], "files": {"TERMS.txt": TEXT}}})
    world.load(CLOSED_OFF)
    everything = [f["rule"] for f in report(gate)["findings"] if f["severity"] == "high"]
    bound = "".join(waiver(rule, text_sha256=DIGEST) for rule in dict.fromkeys(everything))
    world.policy(bound)
    assert gate().code == 0
    world.publish(**{CLOSED_OFF: {"license": "cc-by-nc-4.0", "files": {"TERMS.txt": TEXT + "Not on Mondays.\n"}}})
    found = report(gate)
    assert found["exit_code"] == 1
    assert of(found, "waiver-outdated")


def test_an_inline_waiver_covers_its_line_alone(world: World, gate: Any) -> None:
    world.policy(PRODUCT)
    note = "  # auditor: ignore[non-commercial, non-osi-license] until=2999-01-01 ours by contract"
    world.load(CLOSED_OFF, after=note)
    assert gate().code == 0
    world.load(CLOSED_OFF, file="other.py")
    found = report(gate)
    assert found["exit_code"] == 1
    assert [p["file"] for p in of(found, "non-commercial")[0]["places"]] == ["other.py"]


def test_an_inline_waiver_on_a_line_of_its_own_covers_the_next(world: World, gate: Any) -> None:
    world.policy(PRODUCT)
    note = "# auditor: ignore[non-commercial,non-osi-license] ours by contract\n"
    world.write("a.py", f'from transformers import AutoModel\n{note}AutoModel.from_pretrained("{CLOSED_OFF}")\n')
    assert gate().code == 0


@pytest.mark.parametrize(
    ("note", "rule"),
    [
        ("auditor: ignore[non-commercial] until=2001-01-01 ours", "waiver-expired"),
        ("auditor: ignore[user-count-cap] not here", "waiver-unused"),
        ("auditor: ignore[non-commercial]", "waiver-malformed"),
        ("auditor: ignore because", "waiver-malformed"),
        ("auditor: ignore[non-commercial] until=soon ours", "waiver-malformed"),
    ],
)
def test_an_inline_waiver_that_does_not_count_is_a_finding(world: World, gate: Any, note: str, rule: str) -> None:
    world.policy(PRODUCT)
    world.load(CLOSED_OFF, after=f"  # {note}")
    found = report(gate)
    assert found["exit_code"] == 1
    (fault,) = of(found, rule)
    assert fault["places"][0]["file"] == "train.py"
    assert fault["places"][0]["line"] == 3


def test_an_inline_waiver_in_a_file_that_uses_nothing_any_more_is_found(world: World, gate: Any) -> None:
    world.policy(PRODUCT)
    world.load(OPEN)
    world.write("old.py", "x = 1  # auditor: ignore[non-commercial] ours by contract\n")
    world.write("README.md", "Write `# auditor: ignore[rule] why` beside it.\n\n    x  # auditor: ignore[rule] why\n")
    (fault,) = of(report(gate), "waiver-unused")
    assert [(p["file"], p["line"]) for p in fault["places"]] == [("old.py", 1)]


def test_a_baseline_accepts_what_is_there_and_nothing_new(world: World, gate: Any) -> None:
    world.policy(PRODUCT)
    world.load(CLOSED_OFF)
    assert gate("--write-baseline").code == 0
    found = report(gate)
    assert found["exit_code"] == 0
    assert {f["status"] for f in of(found, "non-commercial")} == {"baseline"}
    world.load(CLOSED_OFF, "acme/chat-7b")
    assert gate().code == 1


def test_entries_of_the_baseline_that_match_nothing_are_told(world: World, gate: Any) -> None:
    world.policy(PRODUCT)
    world.load(CLOSED_OFF)
    gate("--write-baseline")
    world.load(OPEN)
    assert of(report(gate), "baseline-unused")
    gate("--write-baseline")
    assert not of(report(gate), "baseline-unused")


def test_a_damaged_baseline_is_an_error(world: World, gate: Any) -> None:
    world.load(OPEN)
    world.write("auditor.baseline.json", "[]")
    assert gate().code == 2


def test_the_baseline_is_stable(world: World, gate: Any) -> None:
    world.load(CLOSED_OFF)
    file = world.repo / "auditor.baseline.json"
    gate("--write-baseline")
    first = file.read_text("utf-8")
    gate("--write-baseline")
    assert file.read_text("utf-8") == first
    assert all(len(key) == 16 for key in json.loads(first)["findings"])


def clarification(digest: str = DIGEST) -> str:
    return (
        f'[[clarifications]]\nsubject = "lab/odd"\nlicense = "Apache-2.0"\nfile = "LICENSE"\n'
        f'text_sha256 = "{digest}"\nreason = "the lab said so by letter"\n'
    )


def test_a_clarification_holds_for_the_text_that_was_read(world: World, gate: Any) -> None:
    odd = {"license": "other", "datasets": ["lab/talk"], "files": {"LICENSE": TEXT}}
    world.publish(**{"lab/odd": odd})
    world.load("lab/odd")
    before = report(gate)
    assert of(before, "license-unknown")
    world.policy(clarification())
    after = report(gate)
    assert not of(after, "license-unknown")
    node = next(n for n in after["nodes"] if n["id"] == "lab/odd")
    assert node["license"]["concluded"] == "Apache-2.0"
    assert "the lab said so by letter" in node["license"]["why"]
    world.policy(clarification("0" * 64))
    outdated = report(gate)
    assert of(outdated, "license-unknown")
    assert [f["places"][0]["line"] for f in of(outdated, "clarification-outdated")] == [1]


def test_a_clarification_of_what_is_not_used_is_told(world: World, gate: Any) -> None:
    world.load(OPEN)
    world.policy(PRODUCT + clarification())
    assert of(report(gate), "waiver-unused")
