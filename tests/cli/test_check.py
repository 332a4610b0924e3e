"""`auditor check` and `auditor lineage`: options reach the audit, answers reach the right stream."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.model import Use
from tests.golden.sample import CHAT, sample

FLAGS = (
    "--for", "product", "--monthly-active-users", "7_000", "--territory", "EU", "--territory", "UK",
    "--train-other-models", "--no-modify", "--release-license", "mit", "--fail-on", "low", "--max-depth", "3",
)  # fmt: skip


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What the audit is called with; it answers with the sample report."""
    seen: dict[str, object] = {}

    def audit(targets, source, use, **more):  # type: ignore[no-untyped-def]
        seen.update(more, targets=targets, source=source, use=use)
        return sample()

    monkeypatch.setattr("auditor.pipeline.audit", audit)
    return seen


def test_the_exit_code_is_the_reports_in_every_format(auditor, asked: dict[str, object]) -> None:
    for form in ("text", "json", "jsonl"):
        answer = auditor("check", "gpt2", "--source", "bundled", "--format", form)
        assert answer.code == sample().exit_code == 1
        assert answer.err == ""
        assert CHAT in answer.out


def test_flags_become_the_use(auditor, asked: dict[str, object]) -> None:
    auditor("check", "gpt2", "--source", "bundled", *FLAGS)
    use = asked["use"]
    assert isinstance(use, Use)
    assert (use.preset, use.purpose, use.distribute) == ("product", "commercial", "product")
    assert use.monthly_active_users == 7000
    assert use.territories == ("EU", "UK")
    assert use.train_other_models is True
    assert use.modify is False
    assert use.release_license == "mit"
    assert (asked["fail_on"], asked["max_depth"], asked["max_repos"]) == ("low", 3, None)


def test_without_flags_no_use_is_declared(auditor, asked: dict[str, object]) -> None:
    auditor("check", "gpt2", "--source", "bundled")
    assert asked["use"] == Use()


def test_revisions_of_targets_win_over_the_option(auditor, asked: dict[str, object]) -> None:
    auditor("check", "acme/a@v1", "acme/b", "--revision", "v2", "--source", "bundled")
    targets = asked["targets"]
    assert isinstance(targets, list)
    assert [(ref.id, revision) for ref, revision in targets] == [("acme/a", "v1"), ("acme/b", "v2")]


def test_a_file_gets_the_answer_whole_and_stdout_none(auditor, asked: dict[str, object], tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    answer = auditor("check", "gpt2", "--source", "bundled", "--format", "json", "-o", str(file))
    assert answer.out == ""
    assert "wrote" in answer.err
    assert json.loads(file.read_text("utf-8"))["schema"] == "auditor.report/1"


def test_a_file_that_cannot_be_written_is_an_error_of_usage(auditor, asked: dict[str, object], tmp_path: Path) -> None:
    answer = auditor("check", "gpt2", "--source", "bundled", "-o", str(tmp_path))
    assert answer.code == 2
    assert "cannot be written" in answer.err


def test_a_folder_is_a_target(auditor, asked: dict[str, object], tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("---\nlicense: mit\n---\n", "utf-8")
    auditor("check", str(tmp_path), "--source", "bundled")
    targets = asked["targets"]
    assert isinstance(targets, list)
    assert targets[0][0].name == tmp_path.name


def test_a_name_that_is_no_model_is_answered(auditor, asked: dict[str, object]) -> None:
    answer = auditor("check", "pytorch", "--source", "bundled")
    assert answer.code == 0
    assert "software" in answer.out
    assert not asked


def test_that_answer_is_a_report_in_json(auditor) -> None:
    report = json.loads(auditor("check", "pytorch", "--source", "bundled", "--format", "json").out)
    assert report["targets"] == []
    assert "software" in report["notes"][0]


@pytest.mark.parametrize("form", ["tree", "mermaid", "json"])
def test_lineage_has_three_shapes(auditor, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    monkeypatch.setattr("auditor.pipeline.trace_lineage", lambda *_, **__: sample().lineage)
    answer = auditor("lineage", "gpt2", "--source", "bundled", "--format", form)
    assert answer.code == 0
    assert "lab/base-7b" in answer.out


def test_a_name_that_stands_for_nothing_is_never_clean(auditor) -> None:
    answer = auditor("check", "bloom-2", "--source", "bundled")
    assert answer.code == 3
    assert "There is no BLOOM 2" in " ".join(answer.out.split())
