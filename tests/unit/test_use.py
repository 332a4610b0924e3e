"""Whether a clause touches a declared use."""

from __future__ import annotations

import pytest

from auditor.errors import UsageError
from auditor.identify.vocabulary import vocabulary
from auditor.model import Clause, Use
from auditor.policy.use import PRESETS, binding, make_use

CAP = Clause("user-count-cap", {"threshold": 700_000_000, "unit": "MAU"})
REVENUE = Clause("revenue-cap", {"amount": 1_000_000, "currency": "USD"})
EUROS = Clause("revenue-cap", {"amount": 1_000_000, "currency": "EUR"})
NOT_EU = Clause("territorial-exclusion", {"territories": ["EU", "UK"]})


def touches(clause: Clause, use: Use) -> str:
    return binding(clause, vocabulary()[clause.id].binds, use)


@pytest.mark.parametrize(
    ("clause", "use", "expected"),
    [
        (CAP, Use(), "yes"),
        (CAP, make_use("product"), "maybe"),
        (CAP, make_use("product", monthly_active_users=700_000_000), "no"),
        (CAP, make_use("product", monthly_active_users=700_000_001), "yes"),
        (CAP, make_use("research"), "no"),
        (REVENUE, make_use("product", annual_revenue_usd=2_000_000), "yes"),
        (REVENUE, make_use("product", annual_revenue_usd=999_999), "no"),
        (EUROS, make_use("product", annual_revenue_usd=2_000_000), "maybe"),
        (EUROS, make_use("research"), "no"),
        (Clause("non-commercial"), make_use("product"), "yes"),
        (Clause("non-commercial"), make_use("research"), "no"),
        (Clause("non-commercial"), make_use(purpose=None, modify=True), "maybe"),
        (Clause("no-train-other-models", {"scope": "both"}), make_use("distill"), "yes"),
        (Clause("no-train-other-models", {"scope": "both"}), make_use("product"), "no"),
        (NOT_EU, make_use("product"), "maybe"),
        (NOT_EU, make_use("product", territories=("US", "de")), "yes"),
        (NOT_EU, make_use("product", territories=("GB",)), "yes"),
        (NOT_EU, make_use("product", territories=("US", "JP")), "no"),
        (Clause("use-restrictions"), make_use("research"), "yes"),
    ],
)
def test_binding(clause: Clause, use: Use, expected: str) -> None:
    assert touches(clause, use) == expected


def test_single_answers_go_over_the_preset() -> None:
    use = make_use("research", purpose="commercial", monthly_active_users=12)
    assert (use.preset, use.purpose, use.monthly_active_users, use.distribute) == ("research", "commercial", 12, "none")


def test_an_unknown_preset_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="no preset 'hobby'") as caught:
        make_use("hobby")
    assert all(name in caught.value.remedy for name in PRESETS)


def test_negative_numbers_are_refused() -> None:
    with pytest.raises(UsageError, match="monthly_active_users"):
        make_use("product", monthly_active_users=-1)
