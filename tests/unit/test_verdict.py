"""From terms and a declared use to a verdict, its reasons and its duties."""

from __future__ import annotations

from auditor.lineage.terms import gaps_of, terms_of
from auditor.model import Clause, Decision, Edge, LicenseCall, Lineage, Node, RepoId, RepoRecord, Status, Use
from auditor.policy.use import make_use
from auditor.policy.verdict import decide

NC = Clause("non-commercial", section="2")
CAP = Clause("user-count-cap", {"threshold": 700_000_000, "unit": "MAU"}, section="2")
NOTICE = Clause("attribution-notice")
NO_TRAIN = Clause("no-train-other-models", {"scope": "both"})
PERMISSIVE = LicenseCall(known=True, stated=True, concluded=("MIT",), osi=True, clauses=(NOTICE,))
NOTHING = LicenseCall(known=True, stated=True)


def licensed(*clauses: Clause) -> LicenseCall:
    return LicenseCall(known=True, stated=True, clauses=clauses)


def lineage(
    licenses: dict[str, LicenseCall],
    *edges: Edge,
    status: dict[str, Status] | None = None,
    closed: frozenset[str] = frozenset(),
) -> Lineage:
    records = {}
    for name in licenses:
        kind = "closed" if name in closed else "dataset" if name.startswith("datasets/") else "model"
        state: Status = (status or {}).get(name, "closed" if name in closed else "resolved")
        records[name] = RepoRecord(RepoId(kind, name.removeprefix("datasets/")), state, why=f"{name} is {state}")  # type: ignore[arg-type]
    terms = terms_of(licenses, edges, closed)
    gaps = gaps_of(records, licenses, edges)
    nodes = {n: Node(records[n].ref, records[n], licenses[n], terms[n], gaps[n]) for n in licenses}
    return Lineage(targets=(next(iter(licenses)),), nodes=nodes, edges=edges)


def verdict(found: Lineage, use: Use | None = None) -> Decision:
    return decide(found.targets[0], found, use or Use())


def test_a_license_without_conditions_is_allowed() -> None:
    assert verdict(lineage({"m": NOTHING})).verdict == "allow"


def test_a_notice_duty_makes_conditions_only_where_copies_are_passed_on() -> None:
    found = lineage({"m": PERMISSIVE})
    assert verdict(found, make_use("research")).verdict == "allow"
    passed_on = verdict(found, make_use("redistribute"))
    assert (passed_on.verdict, [d.clause for d in passed_on.duties]) == ("conditions", ["attribution-notice"])


def test_non_commercial_denies_commerce_and_allows_research() -> None:
    found = lineage({"m": PERMISSIVE, "base": licensed(NC)}, Edge("m", "base", "finetune", "declared"))
    denied = verdict(found, make_use("product"))
    assert (denied.verdict, denied.because[0].path) == ("deny", ("m", "base"))
    assert "section 2" in denied.because[0].text
    assert verdict(found, make_use("research")).verdict == "allow"


def test_a_cap_denies_every_use_asks_when_open_and_vanishes_when_kept() -> None:
    found = lineage({"m": licensed(CAP)})
    assert verdict(found).verdict == "deny"
    asked = verdict(found, make_use("product"))
    assert asked.verdict == "conditions"
    assert "700,000,000" in asked.duties[0].text
    assert verdict(found, make_use("product", monthly_active_users=10)).verdict == "allow"


def test_what_is_inferred_or_contested_never_denies() -> None:
    inferred = lineage({"m": NOTHING, "base": licensed(NC)}, Edge("m", "base", "finetune", "inferred"))
    contested = lineage({"m": NOTHING, "datasets/d": licensed(NC)}, Edge("m", "datasets/d", "trained-on", "declared"))
    for found, word in ((inferred, "inferred"), (contested, "contested")):
        answer = verdict(found, make_use("product"))
        assert answer.verdict == "conditions"
        assert word in answer.duties[0].text


def test_a_providers_terms_are_a_risk_to_accept_not_a_breach() -> None:
    found = lineage(
        {"m": NOTHING, "chat": licensed(NO_TRAIN)},
        Edge("m", "chat", "trained-on-outputs-of", "declared"),
        closed=frozenset({"chat"}),
    )
    answer = verdict(found, make_use("distill"))
    assert answer.verdict == "conditions"
    assert "account holder" in answer.duties[0].text


def test_a_closed_models_own_terms_bind_its_user() -> None:
    found = lineage({"chat": licensed(NO_TRAIN)}, closed=frozenset({"chat"}))
    assert verdict(found, make_use("distill")).verdict == "deny"


def test_an_unreadable_base_leaves_the_verdict_open_but_a_denial_stands() -> None:
    base = Edge("m", "gone", "finetune", "declared")
    found = lineage({"m": NOTHING, "gone": LicenseCall()}, base, status={"gone": "missing"})
    answer = verdict(found)
    assert (answer.verdict, answer.open_questions) == ("undetermined", ("gone: gone is missing",))
    denied = lineage({"m": licensed(NC), "gone": LicenseCall()}, base, status={"gone": "missing"})
    assert verdict(denied, make_use("product")).verdict == "deny"


def test_an_unreadable_dataset_is_a_duty_to_find_out() -> None:
    found = lineage(
        {"m": NOTHING, "datasets/d": LicenseCall()},
        Edge("m", "datasets/d", "trained-on", "declared"),
        status={"datasets/d": "missing"},
    )
    answer = verdict(found)
    assert answer.verdict == "conditions"
    assert "datasets/d is missing" in answer.duties[0].text


def test_no_license_is_never_clean() -> None:
    answer = verdict(lineage({"m": LicenseCall()}))
    assert answer.verdict == "undetermined"
    assert "states no license" in answer.open_questions[0]


def test_a_threshold_that_only_asks_for_branding_is_a_duty() -> None:
    mild = Clause("user-count-cap", {"threshold": 100_000_000, "unit": "MAU", "effect": "branding-required"})
    answer = verdict(lineage({"m": licensed(mild)}))
    assert (answer.verdict, [d.clause for d in answer.duties]) == ("conditions", ["user-count-cap"])
    assert "100,000,000" in answer.duties[0].text


def test_what_is_sure_and_weighs_most_comes_first() -> None:
    own = licensed(NOTICE, Clause("license-copy-required"), Clause("use-restriction-flowdown"))
    guessed = Edge("a/chat", "lab/base", "finetune", "inferred")
    decision = decide("a/chat", lineage({"a/chat": own, "lab/base": licensed(NC)}, guessed), make_use("product"))
    assert decision.verdict == "conditions"
    assert [(duty.clause, duty.doubt) for duty in decision.duties] == [
        ("use-restriction-flowdown", ""),
        ("attribution-notice", ""),
        ("license-copy-required", ""),
        ("non-commercial", "inferred"),
    ]


def test_weights_that_nobody_has_cannot_be_passed_on() -> None:
    found = lineage({"gpt-4": NOTHING}, closed=frozenset({"gpt-4"}))
    told = verdict(found, make_use("redistribute"))
    assert (told.verdict, [d.clause for d in told.duties]) == ("conditions", ["closed-weights"])
    assert verdict(found, make_use("product")).verdict == "allow"
