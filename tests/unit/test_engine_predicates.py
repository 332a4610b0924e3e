"""What rules compute: names that lack words, licenses that were others."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.engine.predicates import PREDICATES
from auditor.facts.values import Unknown

lacks = PREDICATES["subject-name-lacks-words"]
drifted = PREDICATES["license-was-another"]


@pytest.mark.parametrize(
    ("params", "name", "lacking"),
    [
        ({"params.prefix": "Llama 3"}, "llama-3-chat", False),
        ({"params.prefix": "Llama 3"}, "Llama3Chat", False),
        ({"params.prefix": "Llama 3"}, "chat-llama-3", True),
        ({"params.contains": "MiniCPM"}, "chat-minicpm-2b", False),
        ({"params.contains": "MiniCPM"}, "chat", True),
        ({}, "chat", False),
        ({"params.prefix": 3}, "chat", False),
    ],
)
def test_words_in_names(params: dict[str, Any], name: str, lacking: bool) -> None:
    assert lacks(params, {"name": name}) is lacking


def test_an_unknown_demand_stays_unknown() -> None:
    assert lacks({"params.prefix": Unknown("deleted")}, {"name": "chat"}) == Unknown("deleted")


@pytest.mark.parametrize(
    ("former", "now", "changed"),
    [
        ([], ["MIT"], False),
        (["mit"], ["MIT"], False),
        (["cc-by-nc-4.0"], ["MIT"], True),
        (["a license nobody knows"], ["MIT"], True),
        (["mit"], [], True),
        (["mit"], ["MIT", "Apache-2.0"], False),
    ],
)
def test_drift(former: list[str], now: list[str], changed: bool) -> None:
    facts = {"license.former": former, "license.ids": now}
    assert drifted(facts, facts) is changed


def test_drift_of_an_unread_license_is_unknown() -> None:
    facts = {"license.former": ["mit"], "license.ids": Unknown("deleted")}
    assert drifted(facts, facts) == Unknown("deleted")
