"""A snapshot says what was recorded, whatever names and files the repositories have."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from auditor.errors import UsageError
from auditor.model import Document, Failure, RepoContent, RepoId, Span, Statement
from auditor.sources.snapshot import SnapshotSource, write_snapshot
from tests.support.hub_server import LocalHub, Repo

REF = RepoId("model", "acme/chat")
FULL = RepoContent(
    REF,
    "resolved",
    hub_id="6" * 24,
    revision="c" * 40,
    info={"cardData": {"license": "mit", "odd": "\ud800"}, "tags": ["许可"]},
    documents=(Document("README.md", "line\r\nend\r许可"), Document("../../LICENSE", "x", truncated=True)),
    statements=(Statement("withdrawn", True, Span("acme/chat", line=3, url="https://x"), "verified", "copy"),),
    failures=(Failure("malformed", "PDF, not read", "L.pdf"),),
    redirected_from=("old/chat",),
)


def test_everything_comes_back_as_it_was(tmp_path: Path) -> None:
    assert write_snapshot([FULL], tmp_path / "s", origin="here") == 1
    source = SnapshotSource(tmp_path / "s")
    kept = source.fetch(REF)
    assert kept.as_of == source.as_of is not None
    assert RepoContent(**{f: getattr(kept, f) for f in kept.__slots__} | {"as_of": None}) == FULL
    assert source.fetch(RepoId("model", "old/chat")) == kept
    assert source.fetch(RepoId("dataset", "old/chat")).status == "missing"


def test_the_words_it_was_asked_by_find_it_again(tmp_path: Path) -> None:
    write_snapshot([FULL], tmp_path / "s", asked={"acme/chat": "v1"})
    source = SnapshotSource(tmp_path / "s")
    assert source.fetch(REF, "v1").status == "resolved"
    assert source.fetch(REF, "v2").status == "missing"
    assert "v2" in source.fetch(REF, "v2").why


NAMES = [
    "../../up",
    "/abs/olute",
    "C:\\x/y",
    "con/nul",
    "a/aux.txt",
    "..",
    "a/..",
    "a./b.",
    "a:b/c|d",
    "ü/ß",
    "x" * 300,
    "a/b/c",
]


def test_no_name_leads_out_of_the_folder(tmp_path: Path) -> None:
    contents = [RepoContent(RepoId("model", n), "missing", "gone", documents=(Document(n, n),)) for n in NAMES]
    folder = tmp_path / "in" / "s"
    write_snapshot(contents, folder)
    assert [p.name for p in tmp_path.iterdir()] == ["in"]
    assert [p.name for p in (tmp_path / "in").iterdir()] == ["s"]
    source = SnapshotSource(folder)
    for content in contents:
        kept = source.fetch(content.ref)
        assert (kept.status, kept.documents) == ("missing", content.documents)
    for path in folder.rglob("*"):
        stem = path.name.partition(".")[0].lower()
        assert stem not in ("con", "nul", "aux")
        assert not set(path.name) & set('<>:"|?*\\')
        assert not path.name.endswith((".", " "))


def test_names_that_differ_by_case_keep_apart(tmp_path: Path) -> None:
    both = (Document("LICENSE", "one"), Document("license", "two"))
    write_snapshot([RepoContent(REF, "resolved", documents=both)], tmp_path / "s")
    assert SnapshotSource(tmp_path / "s").fetch(REF).documents == both
    names = [p.name.lower() for p in (tmp_path / "s" / "models/acme/chat/files").iterdir()]
    assert len(set(names)) == 2


def test_a_copy_of_a_copy_gets_no_younger(tmp_path: Path) -> None:
    older = replace(FULL, as_of="2024-12-01")
    write_snapshot([older, RepoContent(RepoId("model", "lab/base"), "missing", "gone")], tmp_path / "s")
    source = SnapshotSource(tmp_path / "s")
    assert (source.as_of, source.fetch(REF).as_of) == ("2024-12-01", "2024-12-01")


def test_days_do_not_mix(tmp_path: Path) -> None:
    write_snapshot([FULL], tmp_path / "s")
    with pytest.raises(UsageError):
        write_snapshot([], tmp_path / "s")


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a snapshot"):
        SnapshotSource(tmp_path)
    (tmp_path / "snapshot.json").write_text('{"schema": "auditor.snapshot/9", "date": "x", "names": {}}')
    with pytest.raises(UsageError, match="schema"):
        SnapshotSource(tmp_path)


def damage(folder: Path, **changes: object) -> RepoContent:
    path = folder / "models/acme/chat/info.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    return SnapshotSource(folder).fetch(REF)


@pytest.mark.parametrize(
    "changes",
    [
        {"documents": [{"path": "README.md", "truncated": False, "file": "../info.json"}]},
        {"documents": [{"path": "README.md", "truncated": False, "file": ".."}]},
        {"documents": [{"path": "README.md", "truncated": False, "file": "gone"}]},
        {"documents": [{"path": "README.md", "truncated": False, "file": "\0"}]},
        {"documents": [{"path": 5, "truncated": False, "file": "README.md"}]},
        {"documents": 5},
        {"status": "splendid"},
        {"info": []},
        {"ref": {"kind": "model", "name": "lab/other"}},
        {"ref": {"kind": "closed", "name": "gpt-4"}},
        {"statements": [{"field": "license"}]},
    ],
)
def test_a_damaged_record_is_malformed(tmp_path: Path, changes: dict[str, object]) -> None:
    write_snapshot([FULL], tmp_path / "s")
    assert damage(tmp_path / "s", **changes).status == "malformed"


def test_links_out_of_a_snapshot_are_not_followed(tmp_path: Path) -> None:
    write_snapshot([FULL], tmp_path / "s")
    (tmp_path / "secret").write_text("private key")
    card = tmp_path / "s" / "models/acme/chat/files/README.md"
    card.unlink()
    card.symlink_to(tmp_path / "secret")
    content = SnapshotSource(tmp_path / "s").fetch(REF)
    assert (content.status, content.documents) == ("malformed", ())


def test_the_command_keeps_a_lineage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from auditor.cli.app import run

    with LocalHub(HUB) as local, pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_ENDPOINT", local.url)
        patch.setenv("AUDITOR_CACHE", str(tmp_path / "cache"))
        assert run(["snapshot", "acme/chat@v1", "-o", str(tmp_path / "s")]) == 0
        assert run(["snapshot", "acme/none", "-o", str(tmp_path / "none")]) == 3
    assert "acme/none" in capsys.readouterr().err
    assert run(["snapshot", "acme/chat", "-o", str(tmp_path / "s")]) == 2
    source = SnapshotSource(tmp_path / "s")
    assert source.fetch(REF, "v1").status == "resolved"
    assert source.fetch(RepoId("model", "lab/base")).documents[0].text == HUB["lab/base"].files["README.md"]


HUB = {
    "acme/chat": Repo(
        {"README.md": "---\nlicense: mit\n---\n"},
        revisions={"v1": {"README.md": "---\nlicense: mit\nbase_model: lab/base\n---\n"}},
    ),
    "lab/base": Repo({"README.md": "---\nlicense: apache-2.0\n---\n# Base\n"}),
}
