"""Repository ids as people write them."""

from __future__ import annotations

import pytest

from auditor.parse.ids import is_id, read_id


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("acme/base", ("acme/base", None, None)),
        ("  'acme/base' ", ("acme/base", None, None)),
        ("gpt2", ("gpt2", None, None)),
        ("acme/base@v1.2", ("acme/base", "v1.2", None)),
        ("acme/base@refs/pr/1", ("acme/base", "refs/pr/1", None)),
        ("datasets/acme/words", ("acme/words", None, "dataset")),
        ("hf://datasets/acme/words@main", ("acme/words", "main", "dataset")),
        ("hf://acme/base", ("acme/base", None, None)),
        ("https://huggingface.co/acme/base", ("acme/base", None, None)),
        ("https://huggingface.co/acme/base/tree/main", ("acme/base", "main", None)),
        ("https://huggingface.co/acme/base/blob/abc/LICENSE#top", ("acme/base", "abc", None)),
        ("https://huggingface.co/acme/base/resolve/refs%2Fpr%2F3/x", ("acme/base", "refs/pr/3", None)),
        ("https://huggingface.co/datasets/squad/tree/main?x=1", ("squad", "main", "dataset")),
        ("https://huggingface.co/gpt2/tree/main", ("gpt2", "main", None)),
        ("huggingface.co/acme/base", ("acme/base", None, None)),
        ("https://hf.co/acme/base/", ("acme/base", None, None)),
        ("https://huggingface.co/api/datasets/acme/words", ("acme/words", None, "dataset")),
        ("acme/some--truncated-name", ("acme/some--truncated-name", None, None)),
        ("C:\\hub\\models--acme--base\\snapshots\\0123abc", ("acme/base", "0123abc", "model")),
        ("/root/.cache/huggingface/hub/datasets--acme--words", ("acme/words", None, "dataset")),
    ],
)
def test_ids_are_read(text: str, expected: tuple[str, str | None, str | None]) -> None:
    assert read_id(text)[:3] == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("''", "empty"),
        ("/data/models/base", "local path"),
        ("./out", "local path"),
        ("../out", "local path"),
        ("~/out", "local path"),
        ("D:/Uni/models/base", "local path"),
        ("C:base", "local path"),
        ("models\\base", "local path"),
        ("$MODEL_DIR/base", "local path"),
        ("model.safetensors", "local path"),
        ("out/", "local path"),
        ("acme/base/checkpoint-100", "more than two parts"),
        ("spaces/acme/demo", "Space"),
        ("https://github.com/acme/base", "outside the Hub"),
        ("https://huggingface.co.evil.example/acme/base", "outside the Hub"),
        ("https://evilhuggingface.co/acme/base", "outside the Hub"),
        ("ftp://huggingface.co/acme/base", "outside the Hub"),
        ("acme/..", "no repository id"),
        ("-acme/base", "no repository id"),
        ("acme /base", "no repository id"),
        ("a" * 97, "no repository id"),
        ("acme/ba\x1b[31mse", "control characters"),
        ("acmé/base", "no repository id"),
    ],
)
def test_what_names_no_repository_says_why(text: str, why: str) -> None:
    parsed = read_id(text)
    assert parsed.id is None
    assert why in parsed.why


def test_an_id_from_a_cache_path_is_marked_as_inferred() -> None:
    assert read_id("/x/models--acme--base/snapshots/1").inferred
    assert not read_id("acme/base").inferred


def test_other_hosts_must_be_named() -> None:
    assert read_id("https://hub.example/acme/base").id is None
    assert read_id("https://hub.example/acme/base", ("hub.example",)).id == "acme/base"


def test_free_text_is_no_id() -> None:
    assert is_id("squad")
    assert not is_id("some news articles")
    assert not is_id("a/b/c")
