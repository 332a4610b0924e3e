"""Facts of systems and datasets, closed models and their terms: the shipped data holds together and answers."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from auditor.identify import catalogue
from auditor.lineage import knowledge
from auditor.lineage.evidence import dataset_ref, model_or_closed
from auditor.lineage.relations import relations
from auditor.model import How, RepoId
from auditor.resources import data_dir, load_folder
from auditor.sources.bundled import BundledSource

TRUTH = Path(__file__).resolve().parents[2] / "../shared/truth/systems.jsonl"
FIELDS = {
    "license", "former_license", "base_model", "dataset", "source_dataset", "outputs_of", "alias", "gated",
    "custom_code", "clause", "code_license", "conflict", "withdrawn",
}  # fmt: skip


def every_fact() -> list[tuple[str, str, dict[str, Any]]]:
    """(file, repository, fact) of all data files."""
    return [
        (f"{folder}/{file}", repo, fact)
        for folder in ("systems", "datasets")
        for file, raw in load_folder(data_dir() / folder).items()
        for repo, entry in raw.get("repos", {}).items()
        for fact in entry["facts"]
    ]


def values(fact: dict[str, Any]) -> list[Any]:
    stated = [fact["value"], *fact.get("value_for", {}).values()]
    return [one for value in stated for one in (value if isinstance(value, list) else [value]) if one is not None]


def test_every_fact_is_well_formed() -> None:
    for file, repo, fact in every_fact():
        place = f"{file}: {repo}: {fact['field']}"
        assert fact["field"] in FIELDS, place
        assert fact["how"] in get_args(How), place
        assert fact.get("relation") is None or (fact["field"] == "base_model" and fact["relation"] in relations()), (
            place
        )
        assert (fact["field"] == "base_model") == ("relation" in fact), place
        source = fact["source"]
        assert source.get("repo") or source.get("name"), place
        assert len(source.get("quote", "").split()) < 20, place
        assert source.get("quote") or source.get("note"), place
        assert fact["how"] == "inferred" or source.get("quote"), f"{place}: declared without a quote"


def test_no_repository_stands_twice_in_a_file() -> None:
    class Strict(yaml.SafeLoader):
        """Refuses a key that stands twice in one mapping: the second would silently win."""

    def mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[Any, Any]:
        keys = [loader.construct_object(key) for key, _ in node.value]
        assert len(keys) == len(set(keys)), f"{node.start_mark}: a key stands twice: {Counter(keys).most_common(1)}"
        return yaml.SafeLoader.construct_mapping(loader, node, deep=True)

    Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
    for folder in ("systems", "datasets", "providers"):
        for path in (data_dir() / folder).glob("*.yaml"):
            yaml.load(path.read_text("utf-8"), Loader=Strict)


def test_files_are_named_by_their_id() -> None:
    for folder in ("systems", "datasets", "providers"):
        for file, raw in load_folder(data_dir() / folder).items():
            assert file == f"{raw['id']}.yaml"


def test_no_name_means_two_things() -> None:
    for folder in ("systems", "datasets"):
        seen: dict[str, str] = {}
        for file, raw in load_folder(data_dir() / folder).items():
            for name in {knowledge.fold(n) for n in (raw["id"], *raw["names"])}:
                assert seen.setdefault(name, file) == file, f"{name} stands in {file} and {seen[name]}"


def test_no_closed_name_means_two_things() -> None:
    seen: dict[str, str] = {}
    for raw in load_folder(data_dir() / "providers").values():
        for system in raw["systems"]:
            for name in {knowledge.fold(n) for n in (system["id"], system["name"], *system.get("aliases", ()))}:
                assert seen.setdefault(name, system["id"]) == system["id"], name


def test_every_parent_is_in_the_bundle_or_closed_or_known_to_be_gone() -> None:
    source = BundledSource()
    for file, repo, fact in every_fact():
        for value in values(fact):
            if fact["field"] in ("base_model", "outputs_of"):
                ref = model_or_closed(value)
            elif fact["field"] in ("dataset", "source_dataset"):
                ref = dataset_ref(value)
            else:
                continue
            if ref.kind != "closed":
                answer = source.fetch(ref)
                assert answer.status != "missing" or "removed" in answer.why, f"{file}: {repo}: {value}"


def test_every_target_is_in_the_bundle() -> None:
    source = BundledSource()
    for system in knowledge.systems():
        if system.kind == "closed":
            assert system.target
            assert knowledge.closed_system(system.target)
        elif system.kind in ("model", "dataset"):
            assert system.target
            name = system.target.removeprefix("datasets/")
            ref = RepoId("dataset" if name != system.target else "model", name)
            assert source.fetch(ref).status in ("resolved", "gated"), system.id
        else:
            assert system.target is None


def test_terms_and_licenses_are_in_the_catalogue() -> None:
    for system in knowledge.closed_systems():
        assert system.terms, system.id
        for terms in system.terms:
            assert catalogue.get(terms.license) or " " in terms.license, f"{system.id}: {terms.license}"
    for file, repo, fact in every_fact():
        if fact["field"] == "license":
            assert catalogue.resolve(fact["value"]).ids, f"{file}: {repo}: {fact['value']}"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("ChatGPT", "chatgpt"),
        ("openai/text-davinci-003", "gpt-3"),
        ("openai/gpt-3.5-turbo", "gpt-3.5"),
        ("gpt-3.5-turbo-0301", "gpt-3.5"),
        ("GPT4", "gpt-4"),
        ("gpt-4-0613", "gpt-4"),
        ("gpt-4-1106-preview", "gpt-4"),
        ("gpt-4o-2024-05-13", "gpt-4"),
        ("openai/api", "openai-api"),
        ("google/bard", "bard"),
        ("PaLM 2", "palm-2"),
        ("claude-3-opus-20240229", "claude-3"),
        ("grok-api", "grok-api"),
    ],
)
def test_a_closed_model_is_known_by_its_names(name: str, meant: str) -> None:
    system = knowledge.closed_system(name)
    assert system is not None
    assert system.id == meant


@pytest.mark.parametrize(
    "name",
    [
        "openai/whisper-large-v3", "openai/gpt-oss-20b", "openai/clip-vit-base-patch32", "gpt2", "openai-gpt",
        "gpt-neo", "openai-community/gpt2", "google/gemma-2-9b", "google/flan-t5-xxl", "xai-org/grok-1",
        "Qwen/Qwen2.5-7B", "mistralai/Mistral-7B-v0.1", "acme/chatgpt", "acme/gpt-4", "",
    ],
)  # fmt: skip
def test_an_open_or_unknown_model_is_never_closed(name: str) -> None:
    assert knowledge.closed_system(name) is None


def test_a_closed_model_comes_with_all_terms_newest_first() -> None:
    content = knowledge.closed_content(RepoId("closed", "GPT-4"))
    assert (content.ref.name, content.status) == ("gpt-4", "closed")
    licenses = [s.value for s in content.statements if s.field == "license"]
    assert licenses[0] != licenses[-1] == "LicenseRef-scancode-openai-tou-20230314"
    assert all(s.span.url for s in content.statements)
    assert "2023-03-14" in content.statements[-1].span.quote


def test_an_unknown_closed_name_is_missing_not_clean() -> None:
    assert knowledge.closed_content(RepoId("closed", "nobody-9")).status == "missing"


def test_facts_carry_their_place() -> None:
    facts = knowledge.statements_for(RepoId("model", "LMSYS/Vicuna-13b-v1.5"))
    base = next(s for s in facts if s.field == "base_model")
    assert (base.value, base.relation, base.how) == ("meta-llama/Llama-2-13b-hf", "finetune", "declared")
    assert base.span.repo == "lm-sys/FastChat"
    assert base.span.url == f"https://github.com/lm-sys/FastChat/blob/{base.span.revision}/{base.span.file}"


def test_what_nobody_checked_is_inferred_and_says_so() -> None:
    (fact,) = [s for s in knowledge.statements_for(RepoId("model", "decapoda-research/llama-7b-hf")) if s.relation]
    assert fact.how == "inferred"
    assert fact.span.repo.startswith("general knowledge, not verified: ")
    assert not fact.span.quote


def test_a_dataset_is_known_by_its_plain_name() -> None:
    assert knowledge.dataset_alias("ShareGPT") == "anon8231489123/ShareGPT_Vicuna_unfiltered"
    assert knowledge.dataset_alias("no such thing") is None
    by_name = knowledge.statements_for(RepoId("dataset", "Ultra-Chat"))
    assert {s.value for s in by_name if s.field == "outputs_of"} == {"openai/gpt-3.5-turbo"}


def test_a_model_of_the_same_id_gets_no_facts_of_a_dataset() -> None:
    assert knowledge.statements_for(RepoId("model", "tatsu-lab/alpaca")) == ()


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("llama", "huggyllama/llama-7b"),
        ("Llama 2", "meta-llama/Llama-2-7b-hf"),
        ("codellama", "codellama/CodeLlama-7b-hf"),
        ("Vicuna", "lmsys/vicuna-7b-v1.5"),
        ("self-instruct", "datasets/yizhongw/self_instruct"),
        ("chatglm-6b", "THUDM/chatglm-6b"),
        ("coati", "hpcai-tech/ColossalChat"),
        ("palm 2", "palm-2"),
        ("tensorflow", None),
    ],
)
def test_plain_names(name: str, target: str | None) -> None:
    system = knowledge.system_by_name(name)
    assert system is not None
    assert system.target == target
    assert system.summary


def test_what_does_not_exist_is_said_so() -> None:
    system = knowledge.system_by_name("bloom-2")
    assert system is not None
    assert (system.kind, system.target) == ("nonexistent", None)


@pytest.mark.skipif(not TRUTH.exists(), reason="needs the table of expected answers beside the checkout")
def test_every_system_of_the_table_has_a_file_and_its_closed_upstreams() -> None:
    files = {raw["id"] for raw in load_folder(data_dir() / "systems").values()}
    for line in TRUTH.read_text("utf-8").splitlines():
        row = json.loads(line)
        assert row["id"] in files
        for upstream in row["closed_upstreams"]:
            named = upstream["id"] if isinstance(upstream, dict) else upstream
            words = named.split(" ")[0]
            if "*" not in words:
                assert knowledge.closed_system(words), f"{row['id']}: {named}"
