"""Files that tools write beside the weights."""

from __future__ import annotations

import json
from typing import Any

import pytest

from auditor.model import Document, RepoContent, RepoId, RepoRecord
from auditor.parse.record import parse


def read(path: str, text: str | dict[str, Any], truncated: bool = False) -> RepoRecord:
    text = text if isinstance(text, str) else json.dumps(text, indent=1)
    content = RepoContent(RepoId("model", "acme/child"), "resolved", documents=(Document(path, text, truncated),))
    return parse(content)


def bases(found: RepoRecord) -> list[tuple[str, str | None, str]]:
    return [(s.value, s.relation, s.how) for s in found.statements if s.field == "base_model"]


def test_adapter() -> None:
    found = read("adapter_config.json", {"peft_type": "LORA", "base_model_name_or_path": "acme/base"})
    assert bases(found) == [("acme/base", "adapter", "declared")]
    (statement,) = [s for s in found.statements if s.field == "base_model"]
    assert (statement.span.file, statement.span.line) == ("adapter_config.json", 3)


@pytest.mark.parametrize("value", [None, "", 5, ["acme/base"]])
def test_adapter_without_a_base_is_a_problem(value: object) -> None:
    found = read("adapter_config.json", {"base_model_name_or_path": value})
    assert bases(found) == []
    assert "does not name" in found.problems[0].value


def test_adapter_of_a_local_folder_is_a_problem() -> None:
    found = read("adapter_config.json", {"base_model_name_or_path": "/content/drive/base"})
    assert bases(found) == []
    assert "local path" in found.problems[0].value


def test_merge_with_all_its_parents() -> None:
    text = """
slices:
  - sources:
      - model: acme/one+acme/lora
        layer_range: [0, 16]
      - model: {model: {path: acme/two}}
models:
  - model: acme/three@main
  - model: 'D:\\models\\four'
  - model: /x/models--acme--five/snapshots/0123
base_model: acme/one
experts:
  - source_model: acme/six
tokenizer_source: union
merge_method: ties
"""
    found = read("mergekit_config.yml", text)
    names = [name for name, _, _ in bases(found)]
    assert names == ["acme/one", "acme/lora", "acme/two", "acme/three", "acme/five", "acme/six"]
    assert {relation for _, relation, _ in bases(found)} == {"merge"}
    assert len(found.problems) == 1
    assert "local path" in found.problems[0].value


def test_broken_merge_keeps_what_came_before() -> None:
    found = read("mergekit_config.yml", "base_model: acme/one\nmodels: [\n")
    assert [name for name, _, _ in bases(found)] == ["acme/one"]
    assert "not valid YAML" in found.problems[0].value


def test_config_names_its_origin_and_its_code() -> None:
    found = read(
        "config.json", {"_name_or_path": "acme/base", "auto_map": {"AutoModel": "m.M"}, "architectures": ["M"]}
    )
    assert bases(found) == [("acme/base", "finetune", "inferred")]
    stated = {s.field: s.value for s in found.statements}
    assert stated["custom_code"] is True
    assert stated["architecture"] == "M"


@pytest.mark.parametrize("origin", ["acme/child", "Acme/Child", "/tmp/out", "output", "", None, 3])
def test_an_origin_that_says_nothing_is_passed_over(origin: object) -> None:
    found = read("config.json", {"_name_or_path": origin})
    assert bases(found) == []
    assert found.problems == ()


def test_quantization_settles_the_relation() -> None:
    assert bases(read("config.json", {"_name_or_path": "acme/base", "quantization_config": {"bits": 4}})) == [
        ("acme/base", "quantized", "inferred")
    ]
    assert bases(read("quantize_config.json", {"bits": 4, "model_name_or_path": "acme/base"})) == [
        ("acme/base", "quantized", "inferred")
    ]


def test_a_component_of_a_pipeline_is_not_the_model() -> None:
    assert read("unet/config.json", {"_name_or_path": "acme/base"}).statements == ()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "5", "[" * 100_000, '{"a": ' * 100_000, "1" * 10_000, "\ud800", "\x00"]
)
@pytest.mark.parametrize("path", ["adapter_config.json", "config.json", "quantize_config.json", "mergekit_config.yml"])
def test_hostile_files_never_raise(path: str, text: str) -> None:
    read(path, text)


def test_a_cut_file_says_so() -> None:
    assert "cut off" in read("config.json", '{"a": ', truncated=True).problems[0].value
