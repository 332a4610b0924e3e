"""Real cards: none raises, and every license, base model and dataset that a plain YAML reader sees is found."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.model import Document, RepoContent, RepoId, RepoRecord
from auditor.parse.record import parse

CORPUS = Path(__file__).resolve().parents[2] / ".." / "shared" / "corpus"
FOLDERS = ("model_cards", "model_cards_other", "dataset_cards", "dataset_cards_2022")
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real cards is not beside this checkout"),
]
# The Hub's own notion of front matter; what else is read is judged by the unit tests.
FRONT_MATTER = re.compile(r"^(\s*---(?:\r\n|\r|\n))([\S\s]*?)((?:\r\n|\r|\n)---[ \t]*(\r\n|\n|$))")
SOURCES_WITHOUT_A_NAME = re.compile(r"original$|extended$|extended\|other")


def cards(folder: str) -> Iterator[tuple[str, str]]:
    for path in sorted((CORPUS / folder).glob("*.md")):
        yield path.stem, path.read_bytes().decode("utf-8")


def parsed(name: str, text: str, folder: str) -> RepoRecord:
    ref = RepoId("dataset" if folder.startswith("dataset") else "model", name.replace("__", "/"))
    return parse(RepoContent(ref, "resolved", documents=(Document("README.md", text),)))


def plain(text: str) -> dict[str, Any]:
    found = FRONT_MATTER.match(text)
    try:
        data = yaml.load(found[2], Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) if found else None
    except yaml.YAMLError:
        return {}
    return data if isinstance(data, dict) else {}


def strings(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [item.strip() for item in items if isinstance(item, str) and item.strip()]


def is_found(value: str, stated: set[str]) -> bool:
    """Found as it stands, or as the repository that a longer path or URL leads to."""
    return value in stated or any("/" in s and s in value for s in stated)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_plain_value_is_stated(folder: str) -> None:
    missed: list[str] = []
    count = 0
    for name, text in cards(folder):
        record = parsed(name, text, folder)
        data = plain(text)
        for key, field in (
            ("license", "license"),
            ("licenses", "license"),
            ("base_model", "base_model"),
            ("datasets", "dataset"),
        ):
            stated = {str(s.value) for s in record.statements if s.field == field}
            for value in strings(data.get(key)):
                count += 1
                if not is_found(value, stated):
                    missed.append(f"{name}: {key} {value}")
        sources = {str(s.value) for s in record.statements if s.field == "source_dataset"}
        for value in strings(data.get("source_datasets")):
            if not SOURCES_WITHOUT_A_NAME.match(value) and " " not in value:
                count += 1
                if not set(value.removeprefix("extended|").split("|")) <= sources:
                    missed.append(f"{name}: source_datasets {value}")
    assert missed == []
    assert count > 50


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_place_lies_in_its_card(folder: str) -> None:
    for name, text in cards(folder):
        record = parsed(name, text, folder)
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        flowing = " ".join(text.split())
        for statement in (*record.statements, *record.problems):
            line = statement.span.line
            assert line is not None, name
            if statement.how == "inferred":  # a sentence of the prose may run over several lines
                assert statement.span.quote in flowing, name
                assert (text[statement.span.start] if statement.span.start else "") in lines[line - 1], name
            else:
                assert statement.span.quote in lines[line - 1], name
        for legal in record.legal:
            assert 0 <= legal.offset <= len(text), name


def test_few_cards_have_problems() -> None:
    """A rise means that usual cards are taken for faulty ones."""
    faulty = [name for name, text in cards("model_cards") if parsed(name, text, "model_cards").problems]
    assert 5 <= len(faulty) <= 30, faulty


def test_recorded_answers_of_the_hub() -> None:
    seen = 0
    for path in sorted((CORPUS / "hub_api").glob("GET_200*.json")):
        body = json.loads(path.read_bytes()).get("response", {}).get("body")
        if not isinstance(body, dict) or "tags" not in body:
            continue
        seen += 1
        record = parse(RepoContent(RepoId("model", body["id"]), "resolved", info=body))
        card = body.get("cardData") or {}
        stated = {str(s.value) for s in record.statements if s.field == "license"}
        assert set(strings(card.get("license"))) <= stated, path.name
        tagged = {t.rpartition(":")[2] for t in body["tags"] if t.startswith("base_model:")}
        assert tagged == {s.value for s in record.statements if s.field == "base_model"}, path.name
    assert seen > 20


def test_recorded_configurations() -> None:
    parents: set[str] = set()
    for path in sorted((CORPUS / "hub_configs").iterdir()):
        if path.name != "manifest.jsonl":
            document = Document(path.name.rpartition("__")[2], path.read_bytes().decode("utf-8"))
            record = parse(RepoContent(RepoId("model", "acme/child"), "resolved", documents=(document,)))
            parents |= {s.value for s in record.statements if s.field == "base_model"}
    assert {"ai4bharat/hercule-fr", "unsloth/Meta-Llama-3.1-8B-Instruct", "Nos-PT/Llama-Carvalho-PT-GL"} <= parents
    assert "VAGOsolutions/Llama-3.1-SauerkrautLM-8b-Instruct" in parents
    assert not [p for p in parents if ":" in p or p.count("/") > 1]
