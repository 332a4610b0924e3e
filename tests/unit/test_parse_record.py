"""A repository as a whole: statements with places, relations, legal texts, problems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model import Document, RepoContent, RepoId, RepoRecord, Span, Statement
from auditor.parse.record import parse


def record(
    card: str | None = None,
    info: Mapping[str, Any] | None = None,
    name: str = "acme/child",
    kind: str = "model",
    **files: str,
) -> RepoRecord:
    documents = [Document(path.replace("__", "."), text) for path, text in files.items()]
    if card is not None:
        documents.append(Document("README.md", card))
    ref = RepoId("dataset" if kind == "dataset" else "model", name)
    return parse(RepoContent(ref, "resolved", info=info or {}, documents=tuple(documents), revision="abc"))


def head(*lines: str) -> str:
    return "\n".join(["---", *lines, "---", "# Title", ""])


def values(found: RepoRecord, field: str) -> list[Any]:
    return [s.value for s in found.statements if s.field == field]


def bases(found: RepoRecord) -> dict[str, str | None]:
    return {s.value: s.relation for s in found.statements if s.field == "base_model"}


def problems(found: RepoRecord) -> str:
    return " | ".join(str(p.value) for p in found.problems)


# Licenses


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["license: mit"], ["mit"]),
        (["license: MIT"], ["MIT"]),
        (["license: no"], ["no"]),
        (["license: [mit, apache-2.0]"], ["mit", "apache-2.0"]),
        (["license:", "- cc-by-4.0", "- mit", "- mit"], ["cc-by-4.0", "mit"]),
        (["licenses:", "- unknown"], ["unknown"]),
        (["licence: mit"], ["mit"]),
        (["licence: license"], []),
        (["license: ''"], []),
        (["license:"], []),
        (["language: en"], []),
        (["tags:", "- license:apache-2.0"], ["apache-2.0"]),
        (["license: {name: mit}"], ["mit"]),
    ],
)
def test_licenses_of_a_card(lines: list[str], expected: list[str]) -> None:
    assert values(record(head(*lines)), "license") == expected


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("licence: license", "names no license"),
        ("licence: mit", "not a key"),
        ("license: ''", "license: is empty"),
        ("license: {name: mit}", "mapping"),
        ("license: '[More Information Needed]'", "license: is empty"),
    ],
)
def test_faulty_licenses_are_problems(line: str, words: str) -> None:
    found = record(head(line))
    assert words in problems(found)
    assert found.problems[0].span.line == 2


def test_a_sound_card_has_no_problems() -> None:
    found = record(head("license: other", "license_name: acme-license", "license_link: LICENSE", "language: no"))
    assert found.problems == ()
    assert (values(found, "license"), values(found, "license_name")) == (["other"], ["acme-license"])


def test_license_name_beside_another_license_is_kept() -> None:
    found = record(head("license: apache-2.0", "license_name: acme-license"))
    assert values(found, "license") == ["apache-2.0"]
    assert values(found, "license_name") == ["acme-license"]


def test_the_place_of_a_statement() -> None:
    found = record("\ufeff\r\n---\r\nlanguage: no\r\nlicense: mit\r\n---\r\n")
    (statement,) = [s for s in found.statements if s.field == "license"]
    assert statement.span.file == "README.md"
    assert statement.span.line == 4
    assert statement.span.quote == "license: mit"
    assert statement.span.revision == "abc"
    assert statement.how == "declared"


def test_answer_and_card_are_both_evidence_the_answer_first() -> None:
    found = record(head("license: mit"), {"cardData": {"license": "mit"}, "tags": ["license:mit"]})
    places = [s.span.file for s in found.statements if s.field == "license"]
    assert places == ["api:cardData.license", "api:tags", "README.md"]


def test_the_answer_comes_first_even_for_a_late_card() -> None:
    found = record(head("license: mit"), {"cardData": {"license": "gpl-3.0"}}, adapter_config__json="{}")
    assert values(found, "license") == ["gpl-3.0", "mit"]


# Base models


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("acme/base", {"acme/base": "finetune"}),
        ("[acme/base]", {"acme/base": "finetune"}),
        ("distilbert-base-uncased", {"distilbert-base-uncased": "finetune"}),
        ("[]", {}),
        ("null", {}),
        ("", {}),
        ("https://huggingface.co/acme/base/tree/main", {"acme/base": "finetune"}),
        ("hf://acme/base", {"acme/base": "finetune"}),
        ("[acme/base, acme/base, 'acme/base ']", {"acme/base": "finetune"}),
        ("[acme/one, acme/two]", {"acme/one": "merge", "acme/two": "merge"}),
    ],
)
def test_base_models_of_a_card(value: str, expected: dict[str, str]) -> None:
    found = record(head(f"base_model: {value}"))
    assert bases(found) == expected
    assert found.problems == ()


@pytest.mark.parametrize("path", ["D:/models/base", "/home/me/base", "./base", "'..\\base'"])
def test_a_path_is_a_problem_and_no_base(path: str) -> None:
    found = record(head(f"base_model: [{path}, acme/base]"))
    assert bases(found) == {"acme/base": "finetune"}
    assert "base_model: " in problems(found)
    assert "local path" in problems(found)


@pytest.mark.parametrize("words", ["7", "1.5", "none", "N/A", "false"])
def test_what_names_no_model_is_a_problem(words: str) -> None:
    found = record(head(f"base_model: {words}"))
    assert bases(found) == {}
    assert "names no model" in problems(found)


def test_a_path_into_the_cache_gives_back_its_id() -> None:
    found = record(head("base_model: D:/hub/models--acme--base/snapshots/0123"))
    (statement,) = [s for s in found.statements if s.field == "base_model"]
    assert (statement.value, statement.how) == ("acme/base", "inferred")


def test_a_self_reference_is_stated_and_noted() -> None:
    found = record(head("base_model: acme/child"))
    assert bases(found) == {"acme/child": "finetune"}
    assert "names itself" in problems(found)


def test_older_keys_for_the_origin() -> None:
    found = record(head("duplicated_from: acme/first", "model_link: https://huggingface.co/acme/second"))
    assert bases(found) == {"acme/first": "copy", "acme/second": "merge"}


def test_a_number_key_and_numeric_tags_do_no_harm() -> None:
    assert values(record(head("1: x", "tags: 5", "license: mit")), "tag") == ["5"]


# Relations


@pytest.mark.parametrize(
    ("lines", "info", "expected"),
    [
        (["base_model_relation: merge"], {}, "merge"),
        (["base_model_relation: Quantized"], {}, "quantized"),
        (["base_model_relation: finetune", "library_name: peft"], {}, "finetune"),
        (["library_name: peft"], {}, "adapter"),
        ([], {"siblings": [{"rfilename": "adapter_config.json"}]}, "adapter"),
        (["tags: [gguf]"], {}, "quantized"),
        (["tags: [gguf, merge]"], {}, "quantized"),
        (["tags: [merge]"], {}, "merge"),
        ([], {"tags": ["base_model:quantized:acme/base"]}, "quantized"),
        ([], {"baseModels": {"relation": "adapter", "models": [{"_id": "1", "id": "acme/base"}]}}, "adapter"),
        (["base_model_relation: sideways"], {}, "finetune"),
        ([], {}, "finetune"),
    ],
)
def test_relation(lines: list[str], info: dict[str, Any], expected: str) -> None:
    assert bases(record(head("base_model: acme/base", *lines), info)) == {"acme/base": expected}


@pytest.mark.parametrize("name", ["acme/child-GGUF", "acme/child-awq", "acme/Child_GPTQ", "acme/child-4.0bpw-exl2"])
def test_relation_by_name(name: str) -> None:
    assert bases(record(head("base_model: acme/base"), name=name)) == {"acme/base": "quantized"}


def test_an_unknown_relation_is_a_problem() -> None:
    assert "'sideways'" in problems(record(head("base_model: acme/base", "base_model_relation: sideways")))


def test_one_name_for_a_renamed_base() -> None:
    info = {
        "cardData": {"base_model": "acme/Old-Base"},
        "tags": ["base_model:acme/Base", "base_model:finetune:acme/Base"],
    }
    assert bases(record(head("base_model: acme/Old-Base"), info)) == {"acme/Base": "finetune"}


def test_two_differing_names_are_not_paired_by_guess() -> None:
    info = {"cardData": {"base_model": ["acme/a", "acme/b"]}, "tags": ["base_model:acme/c"]}
    assert set(bases(record(None, info))) == {"acme/a", "acme/b", "acme/c"}


# Datasets


def test_training_data() -> None:
    lines = ["datasets:", "- squad", "- https://huggingface.co/datasets/acme/words", "- some news articles", "- a/b/c"]
    found = record(head(*lines, "- https://example.org/data"))
    assert values(found, "dataset") == ["squad", "acme/words", "some news articles", "a/b", "https://example.org/data"]


def test_sources_of_a_dataset() -> None:
    lines = [
        "source_datasets:",
        "- original",
        "- extended|squad",
        "- extended|other-web",
        "- extended|wiki|news",
        "- acme/x",
    ]
    found = record(head(*lines, "license:", "- cc-by-4.0", "- mit"), kind="dataset")
    assert values(found, "source_dataset") == ["squad", "wiki", "news", "acme/x"]
    assert values(found, "tag") == ["source_datasets:original", "source_datasets:extended|other-web"]
    assert values(found, "license") == ["cc-by-4.0", "mit"]


def test_who_made_the_annotations_is_a_tag() -> None:
    found = record(head("annotations_creators:", "- machine-generated"), kind="dataset")
    assert values(found, "tag") == ["annotations_creators:machine-generated"]


# The Hub's answer


def test_answer_of_the_hub() -> None:
    info = {
        "id": "acme/renamed",
        "gated": "manual",
        "library_name": "transformers",
        "tags": ["transformers", "dataset:squad", "license:mit", "arxiv:1"],
        "config": {"architectures": ["LlamaForCausalLM"], "auto_map": {"AutoModel": "x.Y"}},
        "gguf": {"architecture": "llama"},
    }
    found = record(None, info)
    assert values(found, "gated") == ["manual"]
    assert values(found, "library") == ["transformers"]
    assert values(found, "dataset") == ["squad"]
    assert values(found, "architecture") == ["LlamaForCausalLM", "llama"]
    assert values(found, "custom_code") == [True]
    assert found.aliases == ("acme/renamed",)


def test_open_repositories_state_no_gate() -> None:
    assert values(record(None, {"gated": False}), "gated") == []


def test_adapter_named_in_the_answer() -> None:
    info = {"config": {"peft": {"base_model_name_or_path": "acme/base"}}}
    assert bases(record(None, info)) == {"acme/base": "adapter"}


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["acme/b", "base_model:a/b"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
_KEYS = ["cardData", "tags", "baseModels", "gated", "siblings", "library_name", "config", "gguf", "id"]
_CARD_KEYS = [
    "license",
    "licence",
    "base_model",
    "base_model_relation",
    "datasets",
    "source_datasets",
    "tags",
    "extra_gated_prompt",
]


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(_KEYS), _JSON), st.dictionaries(st.sampled_from(_CARD_KEYS), _JSON))
def test_no_answer_makes_it_raise(info: dict[str, Any], card: dict[str, Any]) -> None:
    record(None, info)
    record(None, {**info, "cardData": card})


# What the source itself knows


def test_curated_statements_pass_through_untouched() -> None:
    curated = Statement("outputs_of", "chatgpt", Span("some/source", url="https://example.org"), "verified")
    odd = Statement("license_details", {"unhashable": []}, Span("some/source"))
    found = parse(RepoContent(RepoId("model", "acme/child"), "resolved", statements=(curated, odd)))
    assert found.statements == (curated, odd)


def test_state_is_handed_on() -> None:
    found = parse(
        RepoContent(RepoId("model", "a/b"), "unreachable", why="down", redirected_from=("a/old",), as_of="2024-12-01")
    )
    assert (found.status, found.why, found.aliases, found.as_of) == ("unreachable", "down", ("a/old",), "2024-12-01")


def test_broken_metadata_is_a_failure_unless_the_hub_knows_better() -> None:
    broken = "---\nlicense: mit\nwidget: [\n---\n"
    assert [f.status for f in record(broken).failures] == ["malformed"]
    assert values(record(broken), "license") == ["mit"]
    assert record(broken, {"cardData": {"license": "mit"}}).failures == ()
