"""A local folder is one repository; the rest comes from elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from auditor.errors import UsageError
from auditor.model import RepoId
from auditor.sources.folder import FolderSource
from auditor.sources.memory import MemorySource
from tests.unit.test_sources_headers import gguf

PARENTS = MemorySource({"lab/base": {"license": "mit"}})


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "my-model"
    (folder / "original").mkdir(parents=True)
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "README.md").write_bytes(b"---\r\nlicense: mit\r\n---\r\n")
    (folder / "LICENSE").write_text("Do as you like.\n")
    (folder / "original" / "LICENSE.txt").write_text("Ask first.\n")
    (folder / "a" / "b" / "LICENSE").write_text("of something else\n")
    (folder / "adapter_config.json").write_text("{}")
    (folder / "weights.gguf").write_bytes(b"\0")
    return folder


def test_its_files_become_a_repository(model: Path) -> None:
    source = FolderSource(model, PARENTS)
    content = source.fetch(source.ref)
    assert (content.ref, content.status) == (RepoId("model", "my-model"), "resolved")
    texts = {d.path: d.text for d in content.documents}
    assert set(texts) == {"README.md", "LICENSE", "original/LICENSE.txt", "adapter_config.json"}
    assert texts["README.md"] == "---\r\nlicense: mit\r\n---\r\n"  # line ends are kept
    assert {"rfilename": "weights.gguf"} in content.info["siblings"]


def test_parents_come_from_the_other_source(model: Path) -> None:
    source = FolderSource(model, PARENTS)
    assert source.fetch(RepoId("model", "lab/base")).info["cardData"] == {"license": "mit"}
    assert source.fetch(RepoId("model", "lab/none")).status == "missing"


def test_links_out_of_the_folder_are_not_followed(model: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("private key")
    (model / "NOTICE").symlink_to(tmp_path / "secret")
    content = FolderSource(model, PARENTS).fetch(RepoId("model", "my-model"))
    assert "NOTICE" not in [d.path for d in content.documents]
    assert [f.path for f in content.failures if f.path != "weights.gguf"] == ["NOTICE"]


def test_the_hubs_own_cache_is_a_folder_of_links(tmp_path: Path) -> None:
    snapshot, blobs = tmp_path / "models--a--b" / "snapshots" / ("c" * 40), tmp_path / "models--a--b" / "blobs"
    snapshot.mkdir(parents=True)
    blobs.mkdir()
    (blobs / "1234").write_text("Do as you like.\n")
    (snapshot / "LICENSE").symlink_to("../../blobs/1234")
    source = FolderSource(snapshot, PARENTS)
    assert [d.text for d in source.fetch(source.ref).documents] == ["Do as you like.\n"]


def test_pipes_are_no_files(model: Path) -> None:
    os.mkfifo(model / "COPYING")  # reading one would wait for ever
    assert FolderSource(model, PARENTS).fetch(RepoId("model", "my-model")).status == "resolved"


def test_there_must_be_a_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        FolderSource(tmp_path / "none", PARENTS)


def test_a_folder_has_no_revisions(model: Path) -> None:
    assert FolderSource(model, PARENTS).fetch(RepoId("model", "my-model"), "v1").status == "missing"


def with_header(folder: Path, card: str) -> dict[str, list[object]]:
    """What a folder with a card and a GGUF file that names lab/base states."""
    folder.mkdir()
    (folder / "README.md").write_text(card)
    pairs = {"general.license": "mit", "general.base_model.0.repo_url": "https://huggingface.co/lab/base"}
    (folder / "weights.Q4.gguf").write_bytes(gguf(pairs))
    source = FolderSource(folder, PARENTS)
    said: dict[str, list[object]] = {}
    for statement in source.fetch(source.ref).statements:
        assert (statement.span.repo, statement.span.file) == (folder.name, "weights.Q4.gguf")
        said.setdefault(statement.field, []).append(statement.value)
    return said


def test_headers_of_weights_are_read_as_on_the_hub(tmp_path: Path) -> None:
    said = with_header(tmp_path / "a", "# Model\n")
    assert (said["license"], said["base_model"]) == (["mit"], ["lab/base"])
    said = with_header(tmp_path / "b", "---\nbase_model: lab/other\n---\n")
    assert said["license"] == ["mit"]
    assert "base_model" not in said  # a file may name its base's base


def test_a_header_that_cannot_be_read_is_said(model: Path, tmp_path: Path) -> None:
    source = FolderSource(model, PARENTS)
    assert [(f.path, f.status) for f in source.fetch(source.ref).failures] == [("weights.gguf", "malformed")]
    (tmp_path / "elsewhere.gguf").write_bytes(gguf({"general.license": "mit"}))
    (model / "weights.gguf").unlink()
    (model / "weights.gguf").symlink_to(tmp_path / "elsewhere.gguf")
    content = source.fetch(source.ref)
    assert content.statements == ()
    assert ["leads out" in f.why for f in content.failures] == [True]
