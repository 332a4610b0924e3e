"""What a card's prose says about descent: the examples of every cue, the traps, the places, and hostile text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.engine.apply import apply_rules
from auditor.engine.examples import example_lineage
from auditor.engine.load import find_rule, load_rules
from auditor.engine.rule import Example
from auditor.model import Document, Finding, RepoContent, RepoId, Statement
from auditor.parse.prose import statements
from auditor.parse.prose_names import find_names
from auditor.parse.record import parse
from auditor.resources import load_folder, rules_dir

OWN = "acme/thing"
CUES = {name: raw for name, raw in load_folder(rules_dir() / "prose").items() if "cues" in raw}
BASE = "[Base](https://huggingface.co/lab/base)"
TALK = "[talk](https://huggingface.co/datasets/lab/talk)"


def read(text: str, own: str = OWN) -> tuple[Statement, ...]:
    return statements(text, own, own, "README.md", "abc")


def values(text: str, field: str, own: str = OWN) -> set[Any]:
    return {s.value for s in read(text, own) if s.field == field}


def examples(side: str) -> Iterator[Any]:
    for name, raw in CUES.items():
        for number, cue in enumerate(raw["cues"]):
            for example in cue[side]:
                yield pytest.param(raw["field"], cue, example, id=f"{name}-{number}-{str(example)[:30]}")


@pytest.mark.parametrize(("field", "cue", "example"), list(examples("fires")))
def test_a_cue_finds_what_its_examples_say(field: str, cue: dict[str, Any], example: dict[str, Any]) -> None:
    found = [s for s in read(example["text"], example.get("own", OWN)) if s.field == field]
    assert {s.value for s in found} == set(example["values"])
    assert {s.how for s in found} == {"inferred"}
    assert {s.relation for s in found} <= {cue.get("relation"), None}


@pytest.mark.parametrize(("field", "cue", "example"), list(examples("quiet")))
def test_a_cue_leaves_its_quiet_examples_alone(field: str, cue: dict[str, Any], example: str) -> None:
    assert [s for s in read(example) if s.field == field] == []


@pytest.mark.parametrize("raw", list(CUES.values()), ids=list(CUES))
def test_every_cue_is_shown_both_ways(raw: dict[str, Any]) -> None:
    for cue in raw["cues"]:
        assert cue["fires"]
        assert cue["quiet"]
        known = {
            "after",
            "before",
            "then",
            "relation",
            "gap",
            "lists",
            "made",
            "linked",
            "opens",
            "copies",
            "fires",
            "quiet",
        }
        assert set(cue) <= known


@pytest.mark.parametrize(
    "text",
    [
        "It outperforms Llama 2 7B and is similar to GPT-4.",
        "Its answers were judged by GPT-4 on MT-bench.",
        f"Load it with {BASE} and merge the adapter yourself.",
        f"It uses the tokenizer of {BASE}.",
        "This model is not derived from Llama 2 7B.",
        "It was trained without any GPT-4 data.",
        "It writes GPT-3-like text and was inspired by Llama 2 7B.",
        f"Thanks to the makers of {BASE}!",
        "The model uses the LLaMA architecture, trained from scratch.",
        "The series adopts the architecture of Llama 2 7B but is NOT a derivative of Llama 2 7B.",
        f"You can fine-tune {BASE} on {TALK} in the same way.",
        f"## Evaluation\nIt was fine-tuned from {BASE}.",
        f"## Related models\n- [other](https://huggingface.co/lab/other): fine-tuned from {BASE}.",
        f"- [other-7b](https://huggingface.co/lab/other-7b): fine-tuned from {BASE} on {TALK}.",
        f"# Original model card\nThis model was fine-tuned from {BASE} on {TALK}.",
        f"```\nfine-tuned from {BASE}\n```",
        f"<!-- fine-tuned from {BASE} -->",
        "Fine-tuned on English/German text with fp16/bf16-mixed precision.",
        "ChatGPT, which was fine-tuned from GPT-3, is another matter.",
        "We fine-tuned Chinese-LLaMA-2-7B-Plus.",
        "It was fine-tuned from acme/thing.",
        "Made for the [lab](https://huggingface.co/lab), based on [lab](https://huggingface.co/lab).",
        "该模型不是基于Llama 2 7B微调的。",
        "我们使用GPT-4对回答进行评分。",
        "Do we train on ShareGPT?",
    ],
)
def test_traps_give_no_statement(text: str) -> None:
    assert read(text) == ()


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("Fine-tuned **from**\n[Base](https://huggingface.co/lab/base).", "base_model", "lab/base"),
        ('<p>A fine-tuned version of <a href="https://huggingface.co/lab/base">it</a>.</p>', "base_model", "lab/base"),
        ("> This is based on `lab/base-7b`.", "base_model", "lab/base-7b"),
        ("# GPT-2 fine-tuned on news", "base_model", "openai-community/gpt2"),
        ("Trained on the following datasets:\n\n- [a](https://huggingface.co/datasets/lab/a)\n", "dataset", "lab/a"),
        ("## Training data\n| Set | Size |\n| [a](https://huggingface.co/datasets/lab/a) | 1 |", "dataset", "lab/a"),
        ("## Models merged\n* [one](https://huggingface.co/lab/one)\n", "base_model", "lab/one"),
        ("ChatGLM2-6B 基座语言模型之上；我们由ChatGPT生成了训练数据。", "outputs_of", "chatgpt"),
        ("经过蒸馏，训练数据由GPT-4生成。", "outputs_of", "gpt-4"),
    ],
)
def test_forms_of_saying_it(text: str, field: str, value: str) -> None:
    assert value in values(text, field)


def test_a_family_takes_the_size_of_the_repository() -> None:
    text = "It was trained by fine-tuning LLaMA on talks."
    assert values(text, "base_model", "acme/chat-13b-v1") == {"huggyllama/llama-13b"}
    assert values(text, "base_model", "acme/chat") == {"huggyllama/llama-7b"}
    assert values("Fine-tuned from Qwen2.5.", "base_model") == set()
    assert values("Fine-tuned from Qwen2.5 7B.", "base_model") == {"Qwen/Qwen2.5-7B"}


def test_what_a_quantized_copy_says_of_training_is_its_parents() -> None:
    text = f"GGUF files for {BASE}. The model was fine-tuned from Llama 2 7B on {TALK}."
    assert [(s.value, s.relation) for s in read(text, "acme/base-GGUF")] == [("lab/base", "quantized")]


def test_nothing_descends_from_a_quantized_copy_of_it() -> None:
    assert read("Based on this, quantized with care: a GGUF version of [x](https://huggingface.co/lab/x-GGUF).") == ()


def test_a_statement_has_a_place() -> None:
    text = (
        f"---\r\nlicense: mit\r\n---\r\n# Thing\r\n\r\nSome words. This model was fine-tuned from {BASE} 🦙 today.\r\n"
    )
    (found,) = read(text)
    span = found.span
    assert (span.repo, span.file, span.line, span.revision) == (OWN, "README.md", 6, "abc")
    assert text[span.start : span.end] == BASE
    assert span.quote == f"This model was fine-tuned from {BASE} 🦙 today."


def test_a_long_sentence_is_quoted_around_the_name() -> None:
    (found,) = read(f"This model, {'which is so very good, ' * 40}was fine-tuned from Llama 2 7B{' and more' * 60}.")
    assert "Llama 2 7B" in found.span.quote
    assert len(found.span.quote) < 200


def test_a_value_is_said_once() -> None:
    assert len(read(f"Fine-tuned from {BASE}. Again, it is fine-tuned from {BASE}.")) == 1


@pytest.mark.parametrize(
    "piece",
    [
        "[" * 50,
        "fine-tuned from [a](",
        "<a href=" * 9,
        "`lab/x-1",
        "based on ",
        "\ue000\ue0c9",
        "**",
        "Llama 2 7B, ",
        "由",
        "| a ",
        "# ",
        "- \n",
    ],
)
def test_hostile_text_is_read_without_harm(piece: str) -> None:
    assert len(read("Fine-tuned from Llama 2 7B. " + piece * (60_000 // len(piece)))) <= 1


def test_signs_in_foreign_text_stand_for_nothing() -> None:
    assert read(f"Fine-tuned from \ue000 and \ue0c8. See {BASE}.") == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Llama-2-7b-hf and Mistral 7B v0.1", ["meta-llama/Llama-2-7b-hf", "mistralai/Mistral-7B-v0.1"]),
        ("OPT 1.3B and OPT 13B", ["facebook/opt-1.3b", "facebook/opt-13b"]),
        ("Mistral 7B v0.9 and Llama-2-7b-hf-super", []),
        ("Meta's Llama 3.1 8B", ["meta-llama/Llama-3.1-8B"]),
        ("our Swedish LLaMA 13B", []),
        ("an Alpaca LoRA", []),
    ],
)
def test_names_are_whole_names(text: str, found: list[str]) -> None:
    assert [f.meaning.model for f in find_names(text)] == found


def test_prose_yields_to_declared_bases() -> None:
    def bases(front: str, prose: str) -> list[tuple[Any, str, str | None]]:
        card = Document("README.md", f"---\nlicense: mit\n{front}---\n{prose}\n")
        record = parse(RepoContent(RepoId("model", OWN), "resolved", documents=(card,)))
        return [(s.value, s.how, s.relation) for s in record.statements if s.field == "base_model"]

    assert bases("", f"Based on {BASE}.") == [("lab/base", "inferred", "finetune")]
    assert bases("base_model: lab/other\n", f"Based on {BASE}.") == [("lab/other", "declared", "finetune")]
    assert bases("base_model: Lab/base\n", f"Merged from {BASE}.") == [
        ("Lab/base", "declared", "finetune"),
        ("Lab/base", "inferred", "finetune"),
    ]


def test_of_a_datasets_card_only_the_writers_count() -> None:
    text = f"The data was generated by GPT-4. A model was fine-tuned from {BASE} on {TALK}."
    card = Document("README.md", text)
    record = parse(RepoContent(RepoId("dataset", OWN), "resolved", documents=(card,)))
    assert [(s.field, s.value) for s in record.statements] == [("outputs_of", "gpt-4")]


def findings(rule: str, repos: dict[str, Any]) -> list[Finding]:
    lineage = example_lineage(Example("fires", "", repos, {}))
    found, _ = apply_rules([find_rule(rule, load_rules())], lineage, [OWN])
    return [f for f in found if f.subject == OWN]


def test_prose_alone_carries_terms_but_never_a_high_finding() -> None:
    prose = f"This model was fine-tuned from {BASE} on answers generated by GPT-4."
    repos = {OWN: {"license": "mit", "files": {"README.md": prose}}, "lab/base": {"license": "cc-by-nc-4.0"}}
    for rule, ancestor in (("non-commercial", "lab/base"), ("closed-model-outputs", "gpt-4")):
        (finding,) = findings(rule, repos)
        assert finding.severity == "medium"
        assert finding.path == (OWN, ancestor)
        assert any("fine-tuned from" in span.quote and span.file == "README.md" for span in finding.evidence)
    (undeclared,) = findings("base-undeclared", repos)
    assert "lab/base" in undeclared.message


def test_declared_descent_stays_high_with_prose_beside_it() -> None:
    prose = f"This model was fine-tuned from {BASE}."
    repos = {
        OWN: {"license": "mit", "base_model": "lab/base", "files": {"README.md": prose}},
        "lab/base": {"license": "cc-by-nc-4.0"},
    }
    (finding,) = findings("non-commercial", repos)
    assert finding.severity == "high"
    assert findings("base-undeclared", repos) == []


def test_nothing_heavy_is_loaded_before_prose_is_read() -> None:
    import subprocess
    import sys

    code = (
        "import sys, auditor.parse.record; sys.exit('re2' in sys.modules or 'auditor.parse.prose_cues' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
