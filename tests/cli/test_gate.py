"""`auditor gate` from end to end: exit codes, uses by path, lists, severities, pins, formats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.gate_world import CHAT, CLOSED_OFF, COMMIT, OPEN, World, of, report

PRODUCT = '[use]\npreset = "product"\n'


def test_a_clean_repository_gets_two_lines(world: World, gate: Any) -> None:
    world.load(OPEN)
    world.policy(PRODUCT)
    answer = gate()
    assert answer.code == 0
    assert len(answer.out.splitlines()) == 2
    assert "1 use of 1 model" in answer.out
    assert answer.err == ""


def test_a_repository_that_uses_nothing_is_clean(world: World, gate: Any) -> None:
    world.write("main.py", "print(1)\n")
    assert gate().code == 0


def test_a_license_that_forbids_the_use_fails_at_its_line(world: World, gate: Any) -> None:
    world.load(OPEN, CLOSED_OFF)
    world.policy(PRODUCT)
    answer = gate()
    assert answer.code == 1
    assert "train.py:4:27" in answer.out
    assert "[non-commercial]" in answer.out
    assert OPEN not in answer.out


def test_what_does_not_touch_the_use_is_told_and_fails_nothing(world: World, gate: Any) -> None:
    world.load(CLOSED_OFF)
    world.policy('[use]\npreset = "research"\n')
    found = report(gate)
    assert found["exit_code"] == 0
    assert [f["severity"] for f in of(found, "non-commercial")] == ["info"]


def test_each_path_has_its_own_use(world: World, gate: Any) -> None:
    world.policy(PRODUCT + '[[paths]]\nmatch = "research/**"\nuse = {preset = "research"}\n')
    world.load(CLOSED_OFF, file="research/try.py")
    assert gate().code == 0
    world.load(CLOSED_OFF, file="serve/app.py")
    found = report(gate)
    assert found["exit_code"] == 1
    (one,) = of(found, "non-commercial")
    assert [p["file"] for p in one["places"]] == ["serve/app.py"]
    assert found["verdicts"][CLOSED_OFF]["verdict"] == "deny"


def test_what_forbids_the_use_is_told_once(world: World, gate: Any) -> None:
    world.publish(**{"lab/es": {"license": "other", "license_name": "elastic-2.0", "datasets": ["lab/talk"]}})
    world.load("lab/es", CHAT)
    world.policy('[use]\npurpose = "commercial"\ndistribute = "service"\n')
    found = report(gate)
    assert [f["subject"] for f in of(found, "policy-use")] == ["lab/es"]  # no rule of its own speaks of services
    assert [f["subject"] for f in of(found, "non-commercial")] == [CHAT]


def test_a_release_under_another_license_is_judged(world: World, gate: Any) -> None:
    world.load(CHAT)
    world.policy('[use]\npreset = "research"\nrelease-license = "apache-2.0"\n')
    found = report(gate)
    assert found["exit_code"] == 1
    assert any("Apache License 2.0 would drop terms" in f["message"] for f in of(found, "policy-use"))


def test_a_restriction_of_an_ancestor_counts(world: World, gate: Any) -> None:
    world.publish(**{CHAT: {"license": "mit", "base_model": CLOSED_OFF, "datasets": ["lab/talk"]}})
    world.load(CHAT)
    world.policy(PRODUCT)
    found = report(gate)
    assert {"relicensed-ancestor", "non-commercial"} <= {
        f["rule"] for f in found["findings"] if f["severity"] == "high"
    }


def test_without_a_policy_every_use_counts(world: World, gate: Any) -> None:
    world.load(CLOSED_OFF)
    assert gate().code == 1


def test_what_is_missing_is_no_pass(world: World, gate: Any) -> None:
    world.load("lab/nowhere")
    answer = gate()
    assert answer.code == 3
    assert "train.py:3:27  lab/nowhere missing" in answer.out


@pytest.mark.parametrize("doubts", ["warn", "ignore"])
def test_the_policy_may_let_doubts_pass_but_they_are_told(world: World, gate: Any, doubts: str) -> None:
    world.load("lab/nowhere")
    world.policy(f'undetermined = "{doubts}"\n')
    found = report(gate)
    assert found["exit_code"] == 0
    assert [row["id"] for row in found["incomplete"]] == ["lab/nowhere"]
    assert found["undetermined"]
    assert "could not be told" in gate().out


def test_findings_beat_doubts(world: World, gate: Any) -> None:
    world.load("lab/nowhere", CLOSED_OFF)
    assert gate().code == 1


def test_a_name_known_only_at_run_time_is_listed(world: World, gate: Any) -> None:
    world.write("train.py", "import sys\nfrom transformers import AutoModel\nAutoModel.from_pretrained(sys.argv[1])\n")
    found = report(gate)
    assert [row["kind"] for row in found["references"]] == ["unresolved"]
    (row,) = found["undetermined"]
    assert (row["rule"], row["places"][0]["line"]) == ("unresolved-reference", 3)
    assert found["exit_code"] == 0
    world.policy('[severity]\nunresolved-reference = "high"\n')
    assert gate().code == 3


def test_names_known_only_at_run_time_are_one_row_for_each_file(world: World, gate: Any) -> None:
    loads = "".join(f"    AutoModel.from_pretrained(name_{n})\n" for n in range(40))
    for file in ("a.py", "b.py"):
        world.write(file, f"from transformers import AutoModel\ndef load(**k):\n{loads}")
    found = report(gate)
    assert len(found["references"]) == 80
    assert [(row["subject"], len(row["places"])) for row in found["undetermined"]] == [("a.py", 40), ("b.py", 40)]
    said = gate().out
    assert len(said.splitlines()) == 2
    assert "80 names known only at run time" in said


def test_subjects_that_fail_alike_are_told_once(world: World, gate: Any) -> None:
    world.publish(**{f"lab/odd-{n}": {"license": "cc-by-nc-4.0", "datasets": ["lab/talk"]} for n in range(30)})
    world.load(*(f"lab/odd-{n}" for n in range(30)))
    said = gate().out
    assert said.count("[non-commercial]") == 1
    assert "The same holds for train.py:4 lab/odd-1, 5 lab/odd-2" in said
    assert "and 9 more" in " ".join(said.split())
    assert len(of(report(gate), "non-commercial")) == 30


def test_subjects_that_could_not_be_read_are_told_together(world: World, gate: Any) -> None:
    world.load("lab/gone-1", "lab/gone-2", CLOSED_OFF)
    said = " ".join(gate().out.split())
    assert "2 models and datasets missing" in said
    assert "train.py:3 lab/gone-1, 4 lab/gone-2" in said


def test_references_have_their_places(world: World, gate: Any) -> None:
    world.load(OPEN)
    (row,) = report(gate)["references"]
    assert {k: row[k] for k in ("id", "kind", "file", "line", "revision", "how")} == {
        "id": OPEN, "kind": "model", "file": "train.py", "line": 3, "revision": None, "how": "from_pretrained",
    }  # fmt: skip


def test_pins_can_be_required(world: World, gate: Any) -> None:
    world.load(OPEN)
    assert [f["severity"] for f in of(report(gate), "unpinned-revision")] == ["info"]
    world.policy("require-pins = true\n" + PRODUCT)
    assert gate().code == 1
    world.write(
        "train.py",
        f'from transformers import AutoModel\nAutoModel.from_pretrained("{OPEN}", revision="{COMMIT}")\n',
    )
    assert gate().code == 0


@pytest.mark.parametrize(
    ("policy", "rule"),
    [
        ('[deny]\nlicenses = ["apache-2.0"]\n', "policy-license"),
        ('[allow]\nlicenses = ["MIT"]\n', "policy-license"),
        ('[deny]\nclauses = ["attribution-notice"]\n', "policy-clause"),
        ('[deny]\nmodels = ["lab/*"]\n', "policy-model"),
        ('[deny]\norganizations = ["lab"]\n', "policy-model"),
        ('[allow]\norganizations = ["acme"]\n', "policy-model"),
    ],
)
def test_lists_admit_or_not(world: World, gate: Any, policy: str, rule: str) -> None:
    world.load(OPEN)
    world.policy(PRODUCT)
    assert gate().code == 0
    world.policy(policy + PRODUCT)
    found = report(gate)
    assert found["exit_code"] == 1
    assert rule in {f["rule"] for f in found["findings"]}


def test_lists_that_name_it_admit_it(world: World, gate: Any) -> None:
    world.load(OPEN)
    world.policy('[allow]\nlicenses = ["apache-2.0"]\nmodels = ["lab/*"]\n' + PRODUCT)
    assert gate().code == 0


def test_a_severity_can_be_set_for_a_rule_and_for_a_family(world: World, gate: Any) -> None:
    world.load(CLOSED_OFF)
    world.policy(PRODUCT + '[severity]\nnon-commercial = "low"\nnon-osi-license = "info"\n')
    found = report(gate)
    assert {f["severity"] for f in of(found, "non-commercial")} == {"low"}
    assert found["exit_code"] == 0
    assert gate("--fail-on", "low").code == 1


def test_mistakes_in_the_policy_come_all_at_once_with_their_lines(world: World, gate: Any) -> None:
    world.policy('fail-on = "hihg"\n\n[use]\npurpos = "research"\n')
    answer = gate()
    assert answer.code == 2
    assert "auditor.toml:1: fail-on cannot be 'hihg' (did you mean 'high'?)" in answer.err
    assert "auditor.toml:4: unknown key 'purpos' (did you mean 'purpose'?)" in answer.err


def test_two_formats_at_once(world: World, gate: Any, tmp_path: Path) -> None:
    world.load(CLOSED_OFF)
    file = tmp_path / "report.json"
    answer = gate("--also", f"json={file}")
    assert answer.code == 1
    assert "[non-commercial]" in answer.out
    assert json.loads(file.read_text("utf-8"))["exit_code"] == 1
    assert gate("--also", "json").code == 2
    assert gate("--also", "jsn=x").code == 2


def test_a_hostile_repository_neither_escapes_nor_breaks_it(world: World, gate: Any, tmp_path: Path) -> None:
    world.load(OPEN)
    (tmp_path / "secret.py").write_text('AutoModel.from_pretrained("lab/secret")\n', "utf-8")
    (world.repo / "link.py").symlink_to(tmp_path / "secret.py")
    (world.repo / "loop").symlink_to(world.repo)
    (world.repo / "weights.bin").write_bytes(b"\0" * 1000)
    world.load(CLOSED_OFF, file="\x1b[2J::error::x.py")
    answer = gate()
    assert answer.code == 1
    assert "\x1b" not in answer.out + answer.err
    assert "lab/secret" not in answer.out
    assert len(report(gate)["references"]) == 2


def test_a_part_of_a_repository_is_judged_by_the_policy_above(auditor: Any, world: World) -> None:
    world.policy(
        '[use]\npreset = "product"\n[[paths]]\nmatch = "lab/research/**"\nuse = {preset = "research"}\n'
        '[[waivers]]\nrule = "user-count-cap"\nsubject = "lab/elsewhere"\nreason = "needed in another part"\n'
    )
    world.load(CLOSED_OFF, file="lab/research/a.py")
    world.load(CLOSED_OFF, file="lab/serve/a.py")

    def part(folder: str) -> Any:
        return auditor("gate", str(world.repo / folder), "--source", str(world.hub), "--format", "json")

    assert (part("lab/research").code, part("lab").code, part("lab/serve").code) == (0, 1, 1)
    found = json.loads(part("lab").out)
    assert [p["file"] for p in of(found, "non-commercial")[0]["places"]] == ["serve/a.py"]
    assert not of(found, "waiver-unused")


def test_an_outage_makes_no_waiver_needless(world: World, gate: Any) -> None:
    world.policy(PRODUCT + '[[waivers]]\nrule = "non-commercial"\nsubject = "lab/x"\nreason = "ours"\n')
    world.load("lab/x")
    found = report(gate)
    assert found["exit_code"] == 3
    assert not of(found, "waiver-unused")


def test_no_folder_is_wrong_usage(auditor: Any, tmp_path: Path) -> None:
    assert auditor("gate", str(tmp_path / "nowhere")).code == 2


def test_formats_take_findings_about_the_policy_itself(world: World, gate: Any) -> None:
    world.load(CLOSED_OFF, "lab/nowhere")
    world.policy(
        PRODUCT + '[[waivers]]\nrule = "non-commercial"\nsubject = "lab/x"\nreason = "ours"\nuntil = 2001-01-01\n'
    )
    for form in ("jsonl", "markdown", "csv", "sarif", "github", "junit", "gitlab"):
        assert gate("--format", form).code == 1, form


def test_markdown_is_a_comment_that_github_takes(world: World, gate: Any) -> None:
    odd = {f"lab/odd-{n}": {"license": f"cc-by-nc-{n % 3 + 2}.0", "datasets": ["lab/talk"]} for n in range(300)}
    world.publish(**odd)
    world.load(*odd, OPEN, "lab/nowhere")
    world.policy(PRODUCT)
    page = gate("--format", "markdown").out
    assert len(page) < 65_536
    assert page.startswith("## License audit\n\n❌ **")
    assert "The same holds for train.py:" in page
    assert "`non-commercial`" in page
    assert "### Could not tell" in page
    assert "lab/nowhere" in page
    assert "<summary>Everything in use (302)</summary>" in page
    assert "| none |" in page  # what passes is in the table, too


def test_markdown_of_a_clean_repository_is_short(world: World, gate: Any) -> None:
    world.load(OPEN)
    page = gate("--format", "markdown").out
    assert "✅ **nothing at or over high**" in page
    assert "###" not in page
