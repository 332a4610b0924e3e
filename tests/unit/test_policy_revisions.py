"""One repository at several revisions: each is audited, and told apart."""

from __future__ import annotations

from pathlib import Path

from auditor.gate import gate
from auditor.model import RepoContent, RepoId, Report
from auditor.policy.config import Lists, Policy, Waiver
from auditor.policy.lock import LockSource, read_lock, write_lock
from auditor.policy.scene import look
from auditor.policy.use import PRESETS
from auditor.report.address import of_node, of_span, purl
from auditor.sources.memory import MemorySource

TODAY = "2030-01-01"
LATER = "b" * 40


class Historic:
    """A model that was open at first and is not any more."""

    kind, parallel, as_of = "memory", 1, None

    def fetch(self, ref: RepoId, revision: str | None = None) -> RepoContent:
        now = revision in (None, LATER)
        card = {"license": "cc-by-nc-4.0" if now else "apache-2.0", "revision": LATER if now else "a" * 40}
        return MemorySource({"lab/chat-7b": card}).fetch(ref)


def loads(folder: Path, *revisions: str | None) -> Path:
    calls = "".join(f'AutoModel.from_pretrained("lab/chat-7b"{f", revision={r!r}" if r else ""})\n' for r in revisions)
    (folder / "train.py").write_text(f"from transformers import AutoModel\n{calls}", "utf-8")
    return folder


def audited(folder: Path, policy: Policy | None = None) -> Report:
    policy = policy or Policy(use=PRESETS["product"])
    return gate(look(folder, policy), policy, Historic(), today=TODAY)


def grave(report: Report) -> dict[str, list[int]]:
    return {f.subject: [p.line for p in f.places] for f in report.findings if f.rule == "non-commercial"}


def test_each_revision_is_audited_at_its_own_lines(tmp_path: Path) -> None:
    report = audited(loads(tmp_path, "v1", LATER, "v1"))
    assert set(report.decisions) == {"lab/chat-7b", f"lab/chat-7b@{LATER}"}
    assert report.decisions["lab/chat-7b"].verdict == "conditions"
    assert grave(report) == {f"lab/chat-7b@{LATER}": [3]}


def test_the_name_alone_stands_for_the_default_branch_where_that_is_used(tmp_path: Path) -> None:
    report = audited(loads(tmp_path, "v1", None, "main"))
    assert grave(report) == {"lab/chat-7b": [3, 4]}
    assert "lab/chat-7b@v1" in report.decisions


def test_one_revision_keeps_the_plain_name(tmp_path: Path) -> None:
    assert set(audited(loads(tmp_path, "v1", "v1")).decisions) == {"lab/chat-7b"}


def test_decisions_of_people_hold_for_every_revision(tmp_path: Path) -> None:
    waivers = tuple(Waiver(r, "ours", "auditor.toml", 1, "lab/chat-7b") for r in ("non-commercial", "non-osi-license"))
    report = audited(loads(tmp_path, "v1", LATER), Policy(use=PRESETS["product"], waivers=waivers))
    assert report.exit_code == 0
    denied = Policy(use=PRESETS["product"], deny=Lists(models=("lab/chat-7b",)))
    rows = audited(loads(tmp_path, "v1", LATER), denied).findings
    assert sum(f.rule == "policy-model" for f in rows) == 2


def test_the_lock_keeps_each(tmp_path: Path) -> None:
    report = audited(loads(tmp_path, "v1", LATER))
    file = tmp_path / "auditor.lock"
    file.write_text(write_lock(report, TODAY), "utf-8")
    lock, policy = read_lock(file), Policy(use=PRESETS["product"])
    again = gate(look(tmp_path, policy), policy, LockSource(lock), today=TODAY, lock=lock, locked=True)
    assert grave(again) == grave(report)
    assert {n: d.verdict for n, d in again.decisions.items()} == {n: d.verdict for n, d in report.decisions.items()}
    assert not again.incomplete


def test_addresses_lead_to_the_repository(tmp_path: Path) -> None:
    report = audited(loads(tmp_path, "v1", LATER))
    node = report.lineage.nodes[f"lab/chat-7b@{LATER}"]
    assert of_node(node) == "https://huggingface.co/lab/chat-7b"
    assert purl(node) == f"pkg:huggingface/lab/chat-7b@{LATER}"
    assert "@" not in of_span(node.license.declared[0].span)
