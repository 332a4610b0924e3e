"""The license catalogue: its files are in order, and tags, names and links lead to the right entries."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.identify import catalogue
from auditor.identify.catalogue_check import _of, _of_clause, _shared, differences, validate
from auditor.model import Clause

LLAMA_2 = "LicenseRef-scancode-llama-2-license-2023"
LLAMA_3 = "LicenseRef-auditor-llama-3"
DEEPSEEK = "LicenseRef-scancode-deepseek-la-1.0"
FLUX = "LicenseRef-auditor-flux1-dev-2025-06"


def test_every_file_is_in_order() -> None:
    assert [str(mistake) for mistake in validate()] == []


def test_it_is_large_enough() -> None:
    assert len(catalogue.all_ids()) >= 200


@pytest.mark.parametrize(
    ("tag", "name", "link", "ids"),
    [
        ("mit", None, None, ("MIT",)),
        ("MIT", None, None, ("MIT",)),
        ("Apache-2.0", None, None, ("Apache-2.0",)),
        (" apache 2.0 ", None, None, ("Apache-2.0",)),
        ("gpl-3.0", None, None, ("GPL-3.0-only",)),
        ("GPL-3.0-only", None, None, ("GPL-3.0-only",)),
        ("bsl-1.0", None, None, ("BSL-1.0",)),
        ("openrail++", None, None, ("LicenseRef-scancode-bigscience-open-rail-m2",)),
        ("openrail", None, None, ("LicenseRef-auditor-family-openrail",)),
        ("llama2", None, None, (LLAMA_2,)),
        ("PUBLIC DOMAIN NOTICE", None, None, ("LicenseRef-auditor-us-public-domain",)),
        ("MIT OR Apache-2.0", None, None, ("MIT", "Apache-2.0")),
        ("(mit AND cc-by-4.0)", None, None, ("MIT", "CC-BY-4.0")),
        ("MIT AND something-else", None, None, ()),
        ("other", "llama3", "LICENSE", (LLAMA_3,)),
        ("other", "Llama 3 Community License Agreement", None, (LLAMA_3,)),
        (None, "llama3", None, (LLAMA_3,)),
        ("other", "llama", None, ("LicenseRef-auditor-family-llama",)),
        ("other", "deepseek", None, (DEEPSEEK,)),
        ("other", "FLUX-1-dev Non-Commercial License", None, (FLUX,)),
        ("other", None, "https://huggingface.co/black-forest-labs/FLUX.1-dev/resolve/main/LICENSE.md", (FLUX,)),
        ("other", None, "http://www.llama.meta.com/llama3/license/", (LLAMA_3,)),
        (
            "other",
            "qwen",
            "https://huggingface.co/Qwen/Qwen2.5-3B/blob/main/LICENSE",
            ("LicenseRef-auditor-qwen-research-2024",),
        ),
        ("https://www.apache.org/licenses/LICENSE-2.0.html", None, None, ("Apache-2.0",)),
        ("mit", "microsoft-research-license", None, ("MIT",)),
    ],
)
def test_words_that_mean_a_license(tag: Any, name: Any, link: Any, ids: tuple[str, ...]) -> None:
    assert catalogue.resolve(tag, name, link).ids == ids


@pytest.mark.parametrize(
    ("tag", "name", "link"),
    [
        ("other", None, None),
        ("unknown", None, None),
        ("cc", None, None),
        ("other", "license", "LICENSE"),
        ("other", "freeuse", "LICENSE"),
        ("other", "my own words", "https://example.org/?see=llama.meta.com/llama3/license"),
        ("other", "a" * 5000, "https://" + "b" * 5000),
        (None, None, None),
        (True, 3.5, ["mit"]),
        ({"name": "mit"}, None, None),
        ("", "  ", ""),
        ("license agreement", None, None),
        ("AND", None, None),
    ],
)
def test_words_that_mean_none(tag: Any, name: Any, link: Any) -> None:
    resolution = catalogue.resolve(tag, name, link)
    assert resolution.ids == ()
    assert resolution.how in ("none", "tag", "name")
    assert resolution.why


def test_a_link_decides_over_a_name() -> None:
    resolution = catalogue.resolve("other", "nvidia-open-model-license", "https://ai.google.dev/gemma/terms")
    assert resolution.how == "link"
    assert resolution.ids == ("LicenseRef-scancode-gemma-tou-2025-03-24",)


def test_llama_versions_differ_where_they_differ() -> None:
    def clause(license_id: str, name: str) -> Any:
        entry = catalogue.get(license_id)
        assert entry is not None
        return next((c for c in entry.clauses if c.id == name), None)

    old, new = (
        clause(LLAMA_2, "no-train-other-models"),
        clause("LicenseRef-scancode-llama-3.1-license-2024", "naming-requirement"),
    )
    assert old.params["scope"] == "both"
    assert "Llama 2" in old.params["exception"]
    assert clause("LicenseRef-scancode-llama-3.1-license-2024", "no-train-other-models") is None
    assert new.params == {"prefix": "Llama", "applies_to": "both"}
    assert clause(LLAMA_2, "user-count-cap").params["threshold"] == 700_000_000
    assert clause("LicenseRef-scancode-llama-3.2-license-2024", "territorial-exclusion").params["territories"] == ["EU"]
    assert clause("LicenseRef-scancode-llama-3.3-license-2024", "territorial-exclusion") is None  # no multimodal models


@pytest.mark.parametrize(
    ("license_id", "osi", "data"),
    [
        ("MIT", True, False),
        ("CC-BY-4.0", False, True),
        ("CC0-1.0", False, True),
        ("ODbL-1.0", False, True),
        ("CDLA-Permissive-2.0", False, True),
        ("LicenseRef-auditor-openmdw-1.1", None, False),
        (LLAMA_2, False, False),
        ("LicenseRef-auditor-family-gpl", True, False),
    ],
)
def test_approval_and_data(license_id: str, osi: bool | None, data: bool) -> None:
    entry = catalogue.get(license_id)
    assert entry is not None
    assert (entry.osi, entry.data_license) == (osi, data)


def test_a_clause_leads_to_its_license() -> None:
    entry = catalogue.get(LLAMA_2)
    assert entry is not None
    cap = next(c for c in entry.clauses if c.id == "user-count-cap")
    assert cap.section == "2"
    assert cap.span is not None
    assert (cap.span.repo, cap.span.file) == (LLAMA_2, "LICENSE")
    assert "700 million" in cap.span.quote
    assert cap.span.url == entry.references[0]


def test_an_unknown_id_has_no_entry() -> None:
    assert catalogue.get("No-Such-License") is None
    assert catalogue.get("mit") is None  # ids are exact; `resolve` forgives spelling


def _entry(**changes: Any) -> dict[str, Any]:
    raw: dict[str, Any] = {
        "id": "X",
        "name": "X License",
        "category": "permissive",
        "osi": False,
        "fsf": None,
        "hub_tags": ["x"],
        "names": [],
        "links": [],
        "clauses": [],
        "references": [],
        "reviewed": "2026-01-01",
    }
    return raw | changes


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"category": "nice"}, "unknown category 'nice'"),
        ({"osi": "yes"}, "osi is 'yes'"),
        ({"predecessor": "Y"}, "refers to 'Y'"),
        ({"colour": "red"}, "unknown key 'colour'"),
        ({"id": "Z"}, "named otherwise"),
        ({"clauses": [{"id": "be-nice"}]}, "unknown clause 'be-nice'"),
        ({"explained": ["non-commercial"]}, "no mapping"),
        ({"explained": {"be-nice": "because"}}, "explains the unknown clause 'be-nice'"),
        ({"explained": {"non-commercial": " "}}, "without a reason"),
    ],
)
def test_mistakes_are_named(changes: dict[str, Any], words: str) -> None:
    mistakes = list(_of("X.yaml", _entry(**changes), {"X", "Z"}))
    assert len(mistakes) == 1
    assert words in mistakes[0]


def test_missing_fields_are_named() -> None:
    assert list(_of("X.yaml", {"id": "X", "name": "X"}, {"X"})) != []


def test_clauses_are_checked() -> None:
    assert list(_of_clause({"id": "non-commercial", "params": {"size": 1}})) == [
        "non-commercial has the unknown parameter 'size'"
    ]
    assert list(_of_clause({"id": "non-commercial", "quote": "word " * 20})) == [
        "non-commercial quotes 20 words or more"
    ]
    assert list(_of_clause({"id": "non-commercial", "quote": "word " * 19})) == []


def test_an_entry_is_held_against_its_text() -> None:
    entry = _entry(
        clauses=[
            {"id": "user-count-cap", "params": {"threshold": 700, "unit": "MAU"}},
            {"id": "territorial-exclusion", "params": {"territories": ["UK", "EU"]}},
            {"id": "governing-law", "params": {"jurisdiction": "Ireland / California"}},
            {"id": "share-alike"},
            {"id": "royalty"},
            {"id": "military-restriction", "section": "Use policy 2"},
        ]
    )
    read = [
        Clause("user-count-cap", {"threshold": 100, "unit": "MAU"}),
        Clause("territorial-exclusion", {"territories": ["EU", "UK"]}),
        Clause("governing-law", {"jurisdiction": "California"}),
        Clause("non-commercial", {}),
    ]
    readable = {"user-count-cap", "territorial-exclusion", "share-alike", "military-restriction", "non-commercial"}
    assert differences(entry, read, readable) == {
        "user-count-cap": "threshold is 700 in the entry, 100 in the text",
        "share-alike": "is in the entry, not in the text",
        "non-commercial": "is in the text, not in the entry",
    }


def test_shared_spellings_are_found() -> None:
    twins = {"X.yaml": _entry(), "Y.yaml": _entry(id="Y", name="Y", hub_tags=["X"], names=["x-LICENSE"])}
    assert sorted(str(m) for m in _shared(twins)) == [
        "data/licenses/Y.yaml: has the name 'x', as X.yaml has",
        "data/licenses/Y.yaml: has the name 'xlicense', as X.yaml has",
        "data/licenses/Y.yaml: has the tag 'x', as X.yaml has",
    ]
