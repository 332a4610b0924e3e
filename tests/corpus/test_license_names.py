"""Names, links and tags as real model cards write them lead to the right entry of the catalogue."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.identify import catalogue

CORPUS = Path(__file__).parents[2] / "../shared/corpus"
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real cards is not beside this checkout"),
]

# What the names of the cards mean, read off the cards and their repositories by hand.
MEANS = {
    "apple-sample-code-license": "LicenseRef-auditor-apple-ascl",
    "coqui-public-model-license": "LicenseRef-auditor-coqui-cpml-1.0.0",
    "deepseek": "LicenseRef-scancode-deepseek-la-1.0",
    "deepseek-license": "LicenseRef-scancode-deepseek-la-1.0",
    "faipl-1.0-sd": "LicenseRef-scancode-fair-ai-public-1.0-sd",
    "flux-1-dev-non-commercial-license": "LicenseRef-auditor-flux1-dev-2025-06",
    "gemma-terms-of-use": "LicenseRef-scancode-gemma-tou-2025-03-24",
    "llama3": "LicenseRef-auditor-llama-3",
    "mnpl": "LicenseRef-auditor-mistral-mnpl-0.1",
    "qwen": "LicenseRef-scancode-qwen-2024",
    "qwen-research": "LicenseRef-auditor-qwen-research-2024",
    "stabilityai-ai-community": "LicenseRef-scancode-stability-ai-community-2024",
    "tongyi-qianwen": "LicenseRef-scancode-tongyi-qianwen-2023",
    "tongyi-qianwen-research": "LicenseRef-auditor-tongyi-qianwen-research-2023",
}


def _front_matters() -> list[dict[str, Any]]:
    found = []
    for path in sorted((CORPUS / "model_cards").glob("*.md")):
        text = path.read_text("utf-8", errors="replace").lstrip()[:20_000]
        head = text[3:].split("\n---", 1)[0] if text.startswith("---") else ""
        lines = [line for line in head.split("\n") if line.startswith("license")]  # all that is needed, and quick
        try:
            data = yaml.safe_load("\n".join(lines))
        except yaml.YAMLError:
            continue
        if isinstance(data, dict):
            found.append(data)
    return found


def test_names_under_other() -> None:
    cards = [c for c in _front_matters() if str(c.get("license")).lower() == "other" and c.get("license_name")]
    wrong, told = [], Counter[bool]()
    for card in cards:
        resolution = catalogue.resolve("other", card["license_name"], card.get("license_link"))
        told[bool(resolution.ids)] += 1
        means = MEANS.get(str(card["license_name"]))
        if means and resolution.ids != (means,):
            wrong.append((card, resolution))
    assert wrong == []
    assert sum(told.values()) > 100
    assert told[True] / sum(told.values()) >= 0.95


def test_tags_of_cards() -> None:
    tags = {card["license"] for card in _front_matters() if isinstance(card.get("license"), str)}
    unknown = {tag for tag in tags if not catalogue.resolve(tag).ids}
    assert unknown <= {"other", "unknown", "cc", ""}


def test_every_tag_of_the_hub_has_an_entry() -> None:
    kept = json.loads((CORPUS / "hub_api/license_identifiers.json").read_text("utf-8"))
    assert [tag for tag in kept["current"] if catalogue.by_tag(tag) is None] == []


def test_every_license_text_has_an_entry() -> None:
    rows = [json.loads(line) for line in (CORPUS / "licenses/manifest.jsonl").read_text("utf-8").splitlines()]
    named = {row["spdx_id"] for row in rows if row["spdx_id"]}
    assert [name for name in sorted(named) if catalogue.get(name) is None] == []
