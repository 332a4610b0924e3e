"""Headers of weight files: what is read off them, how little is fetched, and that no bytes break the reader."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model import RepoId
from auditor.parse.headers import Head, read_head
from auditor.sources.choice import choose_header
from auditor.sources.headers import FIRST_BYTES, MOST_BYTES
from auditor.sources.hub import HubSource
from tests.support.hub_server import Fault, LocalHub, Repo

CARD = "---\nlicense: mit\n---\n"


def gguf(values: Mapping[str, Any], order: str = "<", version: int = 3) -> bytes:
    """A GGUF header with strings, lists of strings, and whole numbers."""
    wide = "Q" if version > 1 else "I"

    def text(words: str) -> bytes:
        raw = words.encode()
        return struct.pack(order + wide, len(raw)) + raw

    def value(item: Any) -> bytes:
        if isinstance(item, str):
            return struct.pack(order + "I", 8) + text(item)
        if isinstance(item, list):
            return struct.pack(f"{order}II{wide}", 9, 8, len(item)) + b"".join(map(text, item))
        return struct.pack(order + "II", 4, item)

    pairs = b"".join(text(key) + value(item) for key, item in values.items())
    return b"GGUF" + struct.pack(f"{order}I{wide}{wide}", version, 0, len(values)) + pairs


def safetensors(metadata: Mapping[str, str], tensors: int = 1, *, last: bool = False) -> bytes:
    """A safetensors header; `last` puts the metadata behind the tensors."""
    rows = {f"layer.{n}": {"dtype": "F16", "shape": [1], "data_offsets": [0, 2]} for n in range(tensors)}
    said = {"__metadata__": dict(metadata)}
    body = json.dumps({**rows, **said} if last else {**said, **rows}).encode()
    return struct.pack("<Q", len(body)) + body


GGUF = {
    "general.architecture": "llama",
    "general.name": "Chat",
    "general.license": "llama2",
    "general.license.link": "https://example.org/terms",
    "general.base_model.count": 1,
    "general.base_model.0.repo_url": "https://huggingface.co/lab/base",
    "general.datasets": ["lab/talk", "lab/more-talk"],
    "llama.context_length": 4096,
    "tokenizer.ggml.tokens": ["a", "b"],
}


def said(head: Head) -> list[tuple[str, Any, str | None]]:
    assert all(s.how == "detected" for s in head.statements)
    return [(s.field, s.value, s.relation) for s in head.statements]


@pytest.mark.parametrize(("order", "version"), [("<", 1), ("<", 2), ("<", 3), (">", 3)])
def test_what_a_gguf_header_says(order: str, version: int) -> None:
    head = read_head(gguf(GGUF, order, version), "chat.gguf", "lab/chat-gguf", "c1")
    assert said(head) == [
        ("base_model", "lab/base", "finetune"),
        ("license", "llama2", None),
        ("license_link", "https://example.org/terms", None),
        ("dataset", "lab/talk", None),
        ("dataset", "lab/more-talk", None),
        ("architecture", "llama", None),
    ]
    assert (head.whole, head.fault) == (True, "")
    place = head.statements[1].span
    assert (place.repo, place.file, place.revision) == ("lab/chat-gguf", "chat.gguf", "c1")
    assert place.quote == "general.license: llama2"


@pytest.mark.parametrize(
    ("values", "bases"),
    [
        ({"general.source.repo_url": "https://huggingface.co/lab/chat"}, [("base_model", "lab/chat", "quantized")]),
        ({"general.source.huggingface.repository": "lab/chat"}, [("base_model", "lab/chat", "quantized")]),
        ({"general.source.url": "https://example.org/chat"}, []),
        ({"general.name": "lab/chat"}, [("base_model", "lab/chat", "quantized")]),
        ({"general.name": "Chat 7B"}, []),
        ({"general.base_model.0.name": "Base 7B"}, [("unfollowed_base", "Base 7B", None)]),
        ({"general.base_model.0.name": "base"}, [("unfollowed_base", "base", None)]),
        (
            {"general.base_model.0.name": "Base 7B", "general.base_model.0.organization": "Lab"},
            [("unfollowed_base", "Lab Base 7B", None)],
        ),
        (
            {"general.source.repo_url": "https://hf.co/lab/chat", "general.base_model.0.name": "Base 7B"},
            [("base_model", "lab/chat", "quantized")],
        ),
        (
            {
                "general.base_model.0.repo_url": "https://hf.co/a/b",
                "general.base_model.1.repo_url": "https://hf.co/c/d",
            },
            [("base_model", "a/b", "finetune"), ("base_model", "c/d", "finetune")],
        ),
        ({"general.base_model.0.repo_url": "https://huggingface.co/lab/own"}, []),
    ],
)
def test_bases_of_a_gguf_file(values: dict[str, Any], bases: list[tuple[str, str, str | None]]) -> None:
    assert said(read_head(gguf(values), "m.gguf", "lab/own", None)) == bases


@pytest.mark.parametrize(
    ("metadata", "bases"),
    [
        ({"format": "pt"}, []),
        (
            {"ss_sd_model_name": "lab/pictures", "ss_network_module": "networks.lora"},
            [("base_model", "lab/pictures", "adapter")],
        ),
        ({"ss_sd_model_name": "pictures_v1.safetensors"}, [("unfollowed_base", "pictures_v1.safetensors", None)]),
        (
            {"modelspec.merged_from": "lab/a, Painter V2"},
            [("base_model", "lab/a", "merge"), ("unfollowed_base", "Painter V2", None)],
        ),
        ({"modelspec.license": "CreativeML Open RAIL-M"}, [("license_name", "CreativeML Open RAIL-M", None)]),
    ],
)
@pytest.mark.parametrize("last", [False, True])
def test_what_a_safetensors_header_says(metadata: dict[str, str], bases: list[Any], last: bool) -> None:
    head = read_head(safetensors(metadata, last=last) + b"\0" * 99, "m.safetensors", "lab/own", None)
    assert (said(head), head.whole) == (bases, True)


def test_metadata_that_stands_first_is_read_without_the_rest() -> None:
    blob = safetensors({"modelspec.license": "mit"}, tensors=5000)
    assert said(read_head(blob[:9000], "m.safetensors", "x/y", None)) == [("license_name", "mit", None)]
    late = safetensors({"modelspec.license": "mit"}, tensors=5000, last=True)
    assert read_head(late[:9000], "m.safetensors", "x/y", None).whole is False


HOSTILE = {
    "another format": b"PK\x03\x04" + b"\0" * 50,
    "nothing": b"",
    "a length without end": b"GGUF" + struct.pack("<IQQ", 3, 0, 2**64 - 1) + struct.pack("<Q", 2**63),
    "an endless array": b"GGUF"
    + struct.pack("<IQQ", 3, 0, 1)
    + struct.pack("<Q", 1)
    + b"k"
    + struct.pack("<IIQ", 9, 8, 2**62),
    "arrays in arrays": b"GGUF"
    + struct.pack("<IQQ", 3, 0, 1)
    + struct.pack("<Q", 1)
    + b"k"
    + struct.pack("<I", 9)
    + struct.pack("<IQ", 9, 1) * 5000,
    "an unknown type": b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 1) + b"k" + struct.pack("<I", 77),
    "a future version": b"GGUF" + struct.pack("<IQQ", 99, 0, 1),
    "nested JSON": struct.pack("<Q", 200_000) + b'{"a":' + b"[" * 100_000,
    "no object": struct.pack("<Q", 4) + b"null",
    "metadata that is no object": struct.pack("<Q", 18) + b'{"__metadata__":5}',
}


@pytest.mark.parametrize("name", ["m.gguf", "m.safetensors"])
@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_headers_say_nothing(case: str, name: str) -> None:
    head = read_head(HOSTILE[case], name, "x/y", None)
    assert head.statements == ()
    assert len(head.fault) <= 200


@given(blob=st.binary(max_size=300), cut=st.integers(0, 400), place=st.integers(0, 300))
def test_no_bytes_break_the_reader(blob: bytes, cut: int, place: int) -> None:
    good = gguf(GGUF)
    broken = good[:place] + blob[:8] + good[place + 8 :]
    for name, bytes_ in (
        ("m.gguf", blob),
        ("m.gguf", broken[:cut]),
        ("m.safetensors", blob),
        ("m.safetensors", safetensors({"modelspec.license": "mit"})[:cut] + blob),
    ):
        head = read_head(bytes_, name, "x/y", None)
        assert isinstance(head, Head)
        assert all(isinstance(s.value, str) and len(s.value) <= 2000 for s in head.statements)


def test_control_characters_stay_data() -> None:
    head = read_head(gguf({"general.license": "mit\x1b[2J"}), "m.gguf", "x/y", None)
    assert said(head) == [("license", "mit\x1b[2J", None)]


BASED = {"cardData": {"license": "mit", "base_model": "lab/base"}, "id": "x/y"}


@pytest.mark.parametrize(
    ("paths", "info", "chosen"),
    [
        (["b.gguf", "a.gguf", "a-mmproj.gguf"], {}, "a.gguf"),
        (["q-00001-of-00003.gguf", "q-00002-of-00003.gguf"], {}, "q-00001-of-00003.gguf"),
        (["a.gguf"], BASED, None),
        (["a.gguf"], {**BASED, "cardData": {"base_model": "lab/base"}}, "a.gguf"),
        (["a.gguf"], {"id": "x/y", "cardData": {"license": "mit", "base_model": "x/y"}}, "a.gguf"),
        (["lora.safetensors"], {}, "lora.safetensors"),
        (["lora.safetensors"], BASED, None),
        (["model.safetensors", "config.json"], {}, None),
        (["model.safetensors", "adapter_config.json"], {}, None),
        (["unet/model.safetensors", "model_index.json"], {}, None),
        (["README.md"], {}, None),
    ],
)
def test_when_a_header_is_worth_a_request(paths: list[str], info: dict[str, Any], chosen: str | None) -> None:
    assert choose_header(paths, info) == chosen


# Through the Hub


def fetched(hub: LocalHub, name: str = "lab/chat-gguf") -> Any:
    return HubSource(hub.url, token=False, timeout=2, patience=0, backoff=0.001).fetch(RepoId("model", name))


def test_a_header_is_read_by_a_range() -> None:
    weights = gguf(GGUF) + b"\0" * (FIRST_BYTES * 2)
    repo = Repo({"README.md": CARD, "a.gguf": weights, "b.gguf": weights}, lfs=frozenset(["a.gguf", "b.gguf"]))
    with LocalHub({"lab/chat-gguf": repo}) as hub:
        content = fetched(hub)
        assert (content.status, content.failures) == ("resolved", ())
        assert ("base_model", "lab/base") in [(s.field, s.value) for s in content.statements]
        assert (hub.asked_for("/resolve/"), hub.asked_for("/cdn/"), hub.asked_for("b.gguf")) == (2, 1, 0)
        assert 206 in hub.statuses


def test_a_card_that_names_the_base_stands_before_the_header() -> None:
    card = "---\nbase_model: lab/chat\n---\n"
    with LocalHub({"lab/chat-gguf": Repo({"README.md": card, "a.gguf": gguf(GGUF)})}) as hub:
        content = fetched(hub)
    assert [s.field for s in content.statements if s.field in ("base_model", "license")] == ["license"]


def test_a_long_header_is_read_further_up_to_a_bound() -> None:
    padding = {f"other.{n}": "x" * 1000 for n in range(1500)}
    with LocalHub({"lab/chat-gguf": Repo({"README.md": CARD, "a.gguf": gguf({**padding, **GGUF})})}) as hub:
        content = fetched(hub)
        assert hub.asked_for("a.gguf") == 2
    assert ("license", "llama2") in [(s.field, s.value) for s in content.statements]
    endless = gguf({f"other.{n}": "x" * 10_000 for n in range(1 + MOST_BYTES // 10_000)})
    with LocalHub({"lab/chat-gguf": Repo({"README.md": CARD, "a.gguf": endless})}) as hub:
        content = fetched(hub)
        assert hub.asked_for("a.gguf") == 4
    assert [(f.path, f.status) for f in content.failures] == [("a.gguf", "malformed")]


def test_a_header_that_an_outage_hides_shows_in_the_status() -> None:
    with LocalHub({"lab/chat-gguf": Repo({"README.md": CARD, "a.gguf": gguf(GGUF)})}) as hub:
        hub.faults["a.gguf"] = [Fault(500)]
        content = fetched(hub)
    assert content.status == "unreachable"
    assert "a.gguf" in content.why


@pytest.mark.parametrize("blob", [b"", b"not weights at all"])
def test_a_file_that_is_no_gguf_is_said(blob: bytes) -> None:
    with LocalHub({"lab/chat-gguf": Repo({"README.md": CARD, "a.gguf": blob})}) as hub:
        content = fetched(hub)
    assert content.status == "resolved"
    assert [(f.path, f.status) for f in content.failures] == [("a.gguf", "malformed")]
