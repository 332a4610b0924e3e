"""Which files are read, how long a refusal asks to wait, and which names are sound."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from auditor.sources.choice import LEGAL_BYTES, MOST_LEGAL_FILES, choose
from auditor.sources.names import is_hub_name, is_revision
from auditor.sources.pace import asked_to_wait

READ = [
    "README.md", "config.json", "adapter_config.json", "mergekit_config.yml", "quantize_config.json",
    "LICENSE", "LICENSE.md", "license.txt", "LICENCE", "COPYING", "COPYING.LESSER", "MODEL_LICENSE", "LICENSE-MODEL",
    "NOTICE", "Notice.txt", "USE_POLICY.md", "Tongyi Qianwen LICENSE AGREEMENT", "original/LICENSE", "模型许可协议.md",
    "LICENSE_FAQ.rst",
]  # fmt: skip
LEFT = [
    "model.safetensors", "tokenizer.json", "license_plates.csv", "licenses.json", "license.png", "a/b/LICENSE",
    "original/README.md", "sub/config.json", "modeling_x.py", "README_zh.md", "generation_config.json",
]  # fmt: skip


@pytest.mark.parametrize("path", READ)
def test_files_that_are_read(path: str) -> None:
    assert [p for p, _ in choose([path], {})[0]] == [path]


@pytest.mark.parametrize("path", LEFT)
def test_files_that_are_left_alone(path: str) -> None:
    assert choose([path], {}) == ([], [])


CONFIGS = ["adapter_config.json", "config.json", "mergekit_config.yml", "quantize_config.json"]
API = {"id": "acme/chat", "config": {"architectures": ["A"]}}


@pytest.mark.parametrize(
    ("info", "read"),
    [
        (API, CONFIGS),
        (API | {"cardData": {"base_model": "lab/base"}}, ["mergekit_config.yml"]),
        (API | {"tags": ["base_model:quantized:lab/base"]}, ["mergekit_config.yml"]),
        (API | {"baseModels": {"relation": "adapter", "models": [{"id": "lab/base"}]}}, ["mergekit_config.yml"]),
        (API | {"config": {"peft": {"base_model_name_or_path": "lab/base"}}}, ["mergekit_config.yml"]),
        # Names that cannot be followed settle nothing.
        (API | {"cardData": {"base_model": "acme/chat"}}, CONFIGS),
        (API | {"cardData": {"base_model": "/home/me/llama"}}, CONFIGS),
        (API | {"cardData": {"base_model": []}}, CONFIGS),
        (API | {"cardData": {"base_model": "none"}}, CONFIGS),
        # A mirror that tells nothing of the configuration.
        ({"id": "acme/chat", "cardData": {"base_model": "lab/base"}}, ["mergekit_config.yml"]),
    ],
)
def test_configurations_are_read_only_for_what_the_metadata_leaves_open(
    info: dict[str, object], read: list[str]
) -> None:
    assert [path for path, _ in choose(CONFIGS, info)[0]] == read


def test_a_configuration_is_read_where_code_lies_beside_it_and_the_metadata_does_not_tell_of_it() -> None:
    files, based = ["config.json", "modeling_x.py"], {"id": "acme/chat", "cardData": {"base_model": "lab/base"}}
    assert [path for path, _ in choose(files, based)[0]] == ["config.json"]
    assert choose(files, based | {"config": {"auto_map": {}}})[0] == []
    assert choose(["config.json", "scripts/convert.py"], based)[0] == []


def test_nothing_is_guessed_from_a_configuration_where_the_parents_are_known() -> None:
    assert [path for path, _ in choose(CONFIGS, API, parents_known=True)[0]] == CONFIGS[::2]


@pytest.mark.parametrize("path", ["LICENSE.doc", "Community License.RTF", "模型许可协议.odt", "license.docx"])
def test_terms_that_cannot_be_read_are_said(path: str) -> None:
    chosen, failures = choose([path], {})
    assert chosen == []
    assert [(f.path, f.status) for f in failures] == [(path, "malformed")]
    assert "not read" in failures[0].why


@pytest.mark.parametrize(
    "link",
    [
        "CONDITIONS.md",
        "./CONDITIONS.md",
        "https://huggingface.co/acme/chat/blob/main/CONDITIONS.md",
        "https://hf.co/acme/chat/raw/x/CONDITIONS.md",
    ],
)
def test_the_file_that_the_card_links_to_is_read(link: str) -> None:
    info = {"id": "acme/chat", "cardData": {"license_link": link}}
    assert choose(["CONDITIONS.md", "OTHER.md"], info)[0] == [("CONDITIONS.md", LEGAL_BYTES)]


@pytest.mark.parametrize("card", [None, 5, {"license_link": 5}, {"license_link": "https://elsewhere/CONDITIONS.md"}])
def test_other_links_are_not(card: object) -> None:
    assert choose(["CONDITIONS.md"], {"id": "acme/chat", "cardData": card}) == ([], [])


def test_too_many_legal_files_are_counted_not_dropped() -> None:
    paths = [f"LICENSE-{n:03}" for n in range(MOST_LEGAL_FILES + 5)]
    chosen, failures = choose(paths, {})
    assert len(chosen) == MOST_LEGAL_FILES
    assert [f.path for f in failures] == paths[MOST_LEGAL_FILES:]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"ratelimit": '"api";r=0;t=55'}, 56),
        ({"ratelimit": '"api"; r=0; t=0', "retry-after": "9"}, 1),
        ({"ratelimit": '"api";r=3;t=55'}, None),
        ({"ratelimit": '"api";r=3;t=55', "retry-after": "9"}, 9),
        ({"retry-after": "120"}, 120),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0),
        ({"retry-after": "soon"}, None),
        ({"ratelimit": "x;r=0;t=-5"}, None),
        ({}, None),
    ],
)
def test_how_long_a_refusal_asks_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert asked_to_wait(headers) == seconds


def test_a_date_to_wait_for() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    wait = asked_to_wait({"retry-after": later})
    assert wait is not None
    assert 60 < wait <= 90


@pytest.mark.parametrize("name", ["gpt2", "acme/chat", "a-b.c_d/E--f.1", "01-ai/Yi-34B"])
def test_names_of_the_hub(name: str) -> None:
    assert is_hub_name(name)


@pytest.mark.parametrize(
    "name", ["", "/", "a/", "/a", "a/b/c", "a b", "..", "a/..", "a/.", "a..b", "a/b?x", "ü", "a\n", "x" * 201]
)
def test_names_that_the_hub_cannot_have(name: str) -> None:
    assert not is_hub_name(name)


def test_revisions() -> None:
    assert all(map(is_revision, ["main", "v1.0", "refs/pr/1", "c" * 40, "release/2024 final"]))
    assert not any(map(is_revision, ["", ".", "..", "a/../b", "a\n", "\0", "x" * 201]))
