"""What a person may point at."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.errors import UsageError
from auditor.inputs.targets import Names, parse_target
from auditor.lineage.knowledge import System
from auditor.model import RepoId

SYSTEMS = {
    "otter": System("otter", ("otter", "otter-v2"), "model", "acme/otter-7b", "A chat model.", None),
    "pond": System("pond", ("pond",), "dataset", "datasets/acme/pond", "A dataset.", None),
    "oracle": System("oracle", ("oracle",), "closed", "oracle-api", "A service.", None),
    "toolbox": System("toolbox", ("toolbox",), "software", None, "Software around models.", "MIT"),
    "acmelab": System("acmelab", ("acme lab",), "organisation", None, "A laboratory.", None),
}
CLOSED = {"oracle-api": "oracle-api", "acme/oracle": "oracle-api"}
IDS = ["gpt2", "distilbert-base-uncased", "acme/otter-7b", "datasets/squad", "datasets/acme/pond"]


def system(name: str) -> System | None:
    return next((s for s in SYSTEMS.values() if name.lower() in (s.id, *s.names)), None)


NAMES = Names(
    closed=lambda name: CLOSED.get(name.lower()),
    system=system,
    dataset={"old-pond": "acme/pond"}.get,
    plain=lambda: [*CLOSED, *(n for s in SYSTEMS.values() for n in s.names)],
    ids=lambda: IDS,
)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HF_ENDPOINT", raising=False)


@pytest.mark.parametrize(
    ("words", "kind", "name", "revision"),
    [
        ("acme/model", "model", "acme/model", None),
        (" acme/model ", "model", "acme/model", None),
        ("acme/model@v1", "model", "acme/model", "v1"),
        ("acme/model@refs/pr/1", "model", "acme/model", "refs/pr/1"),
        ("datasets/acme/words", "dataset", "acme/words", None),
        ("datasets/squad", "dataset", "squad", None),
        ("datasets/acme/words@abc", "dataset", "acme/words", "abc"),
        ("hf://datasets/acme/words@main", "dataset", "acme/words", "main"),
        ("hf://acme/model", "model", "acme/model", None),
        ("https://huggingface.co/acme/model", "model", "acme/model", None),
        ("https://huggingface.co/acme/model/tree/dev", "model", "acme/model", "dev"),
        ("https://huggingface.co/acme/model/tree/refs/pr/2", "model", "acme/model", "refs/pr/2"),
        ("https://huggingface.co/datasets/acme/words/blob/abc/README.md", "dataset", "acme/words", "abc"),
        ("https://hf.co/acme/model/resolve/abc/config.json", "model", "acme/model", "abc"),
        ("https://huggingface.co/roberta-base", "model", "roberta-base", None),
        ("huggingface.co/acme/model", "model", "acme/model", None),
        ("gpt2", "model", "gpt2", None),
        ("GPT2@main", "model", "gpt2", "main"),
        ("otter", "model", "acme/otter-7b", None),
        ("Otter-v2@v3", "model", "acme/otter-7b", "v3"),
        ("pond", "dataset", "acme/pond", None),
        ("old-pond", "dataset", "acme/pond", None),
        ("squad", "dataset", "squad", None),
        ("oracle-api", "closed", "oracle-api", None),
        ("acme/oracle", "closed", "oracle-api", None),
        ("oracle", "closed", "oracle-api", None),
    ],
)
def test_words_and_what_they_mean(words: str, kind: str, name: str, revision: str | None) -> None:
    target = parse_target(words, NAMES)
    assert target.ref is not None
    assert (target.ref.kind, target.ref.name, target.revision) == (kind, name, revision)
    assert target.folder is None
    assert target.answer == ""


def test_a_plain_name_says_what_it_was_taken_for() -> None:
    assert parse_target("otter", NAMES).note == "otter: acme/otter-7b"
    assert parse_target("squad", NAMES).note == "squad: datasets/squad"
    assert parse_target("acme/model", NAMES).note == ""


@pytest.mark.parametrize(("word", "kind"), [("toolbox", "software"), ("acme lab", "organisation")])
def test_what_is_no_repository_gets_an_answer(word: str, kind: str) -> None:
    target = parse_target(word, NAMES)
    assert target.ref is None
    assert kind in target.answer
    assert SYSTEMS[target.answer.partition(" (")[0].replace(" ", "")].summary in target.answer


def test_the_answer_names_the_license() -> None:
    assert "MIT" in parse_target("toolbox", NAMES).answer


@pytest.mark.parametrize(
    ("word", "suggestion"),
    [
        ("oter", "otter"),
        ("gpt-2", "gpt2"),
        ("oracle-ap", "oracle-api"),
        ("distilbert-base-uncase", "distilbert-base-uncased"),
        ("otter-7", "acme/otter-7b"),
    ],
)
def test_a_slip_gets_a_suggestion(word: str, suggestion: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_target(word, NAMES)
    assert suggestion in error.value.remedy


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("x" * 1000, "too long"),
        ("acme/mo\x1b[31mdel", "control"),
        ("acme/model\nother", "control"),
        ("a/b/c", "two parts"),
        ("acme/..", "no repository id"),
        ("acme/mo del", "no repository id"),
        ("acme/" + "x" * 97, "no repository id"),
        ("https://github.com/acme/model", "outside the Hub"),
        ("https://huggingface.co/spaces/acme/demo", "Space"),
        ("./missing", "no folder"),
        ("/missing/folder", "no folder"),
        ("~nobody-here/x", "no folder"),
        ("D:\\models\\x", "no folder"),
        ("acme/model@../../etc", "no revision"),
        ("acme/model@-x", "no revision"),
        ("hf://acme/model@a b", "no revision"),
        ("zzzzqqqq", "is called zzzzqqqq"),
    ],
)
def test_what_names_nothing_is_refused_with_a_remedy(words: str, part: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_target(words, NAMES)
    assert part in error.value.message
    assert error.value.remedy


def test_folders(tmp_path: Path) -> None:
    (tmp_path / "otter").mkdir()
    (tmp_path / "acme" / "model").mkdir(parents=True)
    assert parse_target("./otter", NAMES).folder == Path("otter")
    assert parse_target(str(tmp_path), NAMES).folder == tmp_path
    assert parse_target(".", NAMES).note == ""
    by_name = parse_target("acme/model", NAMES)
    assert by_name.folder == Path("acme/model")
    assert "folder" in by_name.note


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "card.md").write_text("x", "utf-8")
    with pytest.raises(UsageError):
        parse_target("./card.md", NAMES)


def test_another_hub_is_known_by_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "https://hub.example:8443/")
    assert parse_target("https://hub.example:8443/acme/model", NAMES).ref == RepoId("model", "acme/model")


def test_an_id_never_asks_for_the_bundled_ids() -> None:
    def refuse() -> list[str]:
        raise AssertionError("read for nothing")

    names = Names(NAMES.closed, NAMES.system, NAMES.dataset, refuse, refuse)
    assert parse_target("acme/model", names).ref == RepoId("model", "acme/model")
    assert parse_target("otter", names).ref == RepoId("model", "acme/otter-7b")
