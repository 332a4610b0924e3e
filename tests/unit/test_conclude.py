"""What follows from tags and texts together. Texts are stand-ins, except the Apache License of this repository."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from auditor.identify import clauses, match
from auditor.identify.conclude import conclude
from auditor.model import (
    Clause,
    Failure,
    LegalRole,
    LegalText,
    LicenseCall,
    RepoId,
    RepoRecord,
    Span,
    Statement,
    TextMatch,
)

APACHE = (Path(__file__).parents[2] / "LICENSE").read_text("utf-8")
LLAMA_2 = "LicenseRef-scancode-llama-2-license-2023"
LLAMA_3 = "LicenseRef-auditor-llama-3"
GEMMA_OLD, GEMMA = "LicenseRef-scancode-gemma-tou-2024-04-01", "LicenseRef-scancode-gemma-tou-2025-03-24"


def said(field: str, value: Any, line: int = 3) -> Statement:
    return Statement(field, value, Span("acme/model", "README.md", line, str(value)))


def record(*statements: Statement, legal: tuple[LegalText, ...] = (), failures: tuple[Failure, ...] = ()) -> RepoRecord:
    return RepoRecord(
        RepoId("model", "acme/model"),
        "resolved",
        revision="c0ffee",
        statements=statements,
        legal=legal,
        failures=failures,
    )


def file(text: str, path: str = "LICENSE", role: LegalRole = "license", offset: int = 0) -> LegalText:
    return LegalText(path, text, role, offset)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Stands in for the matcher and the clause reader: texts are told by their first word, clauses by `[id]`."""
    known: dict[str, TextMatch] = {}

    def identify(text: str) -> tuple[TextMatch, ...]:
        found = known.get(text.split()[0])
        return (found or TextMatch(None, "none"),)

    def read_clauses(text: str) -> tuple[Clause, ...]:
        found = []
        for piece in text.split("[")[1:]:
            name = piece.partition("]")[0]
            at = text.index(f"[{name}]")
            found.append(Clause(name, {}, Span("", start=at, end=at + len(name) + 2, quote=f"[{name}]")))
        return tuple(found)

    monkeypatch.setattr(match, "identify", identify)
    monkeypatch.setattr(clauses, "read_clauses", read_clauses)
    return known


def ids(call: LicenseCall) -> set[str]:
    return {c.id for c in call.clauses}


def test_a_tag_alone() -> None:
    call = conclude(record(said("license", "llama2")))
    assert call.concluded == (LLAMA_2,)
    assert (call.known, call.stated, call.osi) == (True, True, False)
    assert {"user-count-cap", "no-train-other-models"} <= ids(call)
    assert call.conflicts == ()


def test_nothing_is_stated() -> None:
    call = conclude(record(said("tag", "text-generation")))
    assert (call.concluded, call.known, call.stated, call.osi, call.clauses) == ((), False, False, None, ())
    assert call.why == "no license is stated"


@pytest.mark.parametrize("value", ["other", "unknown", "cc", "my-own-words", True, 7])
def test_stated_but_not_known(value: Any) -> None:
    call = conclude(record(said("license", value)))
    assert (call.concluded, call.known, call.stated, call.osi) == ((), False, True, None)


def test_name_and_link_under_other() -> None:
    call = conclude(record(said("license", "other"), said("license_name", "llama3"), said("license_link", "LICENSE")))
    assert call.concluded == (LLAMA_3,)
    assert call.conflicts == ()
    assert "llama3" in call.why


def test_a_list_counts_together() -> None:
    call = conclude(record(said("license", ["mit", "cc-by-nc-4.0"])))
    assert call.concluded == ("MIT", "CC-BY-NC-4.0")
    assert call.osi is False
    assert {"non-commercial", "attribution-notice"} <= ids(call)
    assert conclude(record(said("license", "mit"), said("license", "apache-2.0"))).osi is True


def test_an_unknown_member_of_a_list_is_not_shown_as_approved() -> None:
    call = conclude(record(said("license", ["mit", "openmdw-1.1"])))
    assert call.osi is None


def test_name_contradicts_tag() -> None:
    call = conclude(record(said("license", "mit"), said("license_name", "microsoft-research-license", 4)))
    assert call.concluded == ("MIT", "LicenseRef-auditor-msr-license")
    assert call.osi is False
    assert [c.span.line for c in call.conflicts] == [4]


def test_a_name_tells_the_member_of_a_family() -> None:
    call = conclude(record(said("license", "cc"), said("license_name", "cc-by-nc-4.0")))
    assert call.concluded == ("CC-BY-NC-4.0",)
    call = conclude(record(said("license", "gpl"), said("license_name", "gplv3")))
    assert (call.concluded, call.conflicts) == (("GPL-3.0-only",), ())


def test_the_real_apache_text_gives_places() -> None:
    call = conclude(record(said("license", "apache-2.0"), legal=(file(APACHE),)))
    assert (call.concluded, call.osi, call.conflicts) == (("Apache-2.0",), True, ())
    notice = next(c for c in call.clauses if c.id == "modification-notice")
    assert notice.span is not None
    assert (notice.span.repo, notice.span.file, notice.span.revision) == ("acme/model", "LICENSE", "c0ffee")
    assert notice.span.start is not None
    assert notice.span.end is not None
    assert APACHE[notice.span.start : notice.span.end] == notice.span.quote
    assert APACHE.split("\n")[(notice.span.line or 0) - 1] in APACHE[notice.span.start - 200 : notice.span.end + 200]


def test_text_wins_over_the_tag(reader: Any) -> None:
    reader["LLAMA"] = TextMatch(LLAMA_2, "exact", 1.0, end=20)
    call = conclude(record(said("license", "mit"), legal=(file("LLAMA 2 agreement"),)))
    assert call.concluded == (LLAMA_2,)
    assert call.osi is False
    assert len(call.conflicts) == 1
    assert "declares MIT License" in call.conflicts[0].value
    assert "another license" in call.conflicts[0].value
    assert call.conflicts[0].span.file == "LICENSE"


def test_another_version(reader: Any) -> None:
    reader["LLAMA"] = TextMatch(LLAMA_3, "exact", 1.0, end=20)
    call = conclude(record(said("license", "llama2"), legal=(file("LLAMA 3 agreement"),)))
    assert call.concluded == (LLAMA_3,)
    assert "another version" in call.conflicts[0].value


def test_an_edition_without_a_name_of_its_own_is_what_the_tag_says(reader: Any) -> None:
    reader["GEMMA"] = TextMatch(GEMMA_OLD, "exact", 1.0, end=20)
    call = conclude(record(said("license", "gemma"), legal=(file("GEMMA terms"),)))
    assert (call.concluded, call.conflicts) == ((GEMMA_OLD,), ())


def test_model_license_before_license(reader: Any) -> None:
    reader["APACHE"] = TextMatch("Apache-2.0", "exact", 1.0)
    reader["MODEL"] = TextMatch("LicenseRef-auditor-chatglm-6b", "exact", 1.0)
    legal = (file("APACHE text"), file("MODEL text", "MODEL_LICENSE", "model-license"))
    call = conclude(record(legal=legal))
    assert call.concluded == ("LicenseRef-auditor-chatglm-6b",)
    assert call.osi is False
    assert len(call.detected) == 2


def test_the_codes_license_says_nothing_of_the_weights(reader: Any) -> None:
    reader["APACHE"] = TextMatch("Apache-2.0", "exact", 1.0)
    call = conclude(record(legal=(file("APACHE text", "LICENSE-CODE", "code-license"),)))
    assert (call.concluded, call.stated, call.osi) == ((), False, None)
    assert "only the code's license" in call.why


def test_a_second_restrictive_text_beside_the_declared_one(reader: Any) -> None:
    reader["APACHE"] = TextMatch("Apache-2.0", "exact", 1.0)
    reader["LLAMA"] = TextMatch(LLAMA_3, "exact", 1.0)
    reader["MIT"] = TextMatch("MIT", "exact", 1.0)
    legal = (file("APACHE text"), file("LLAMA text", "llama_3_license.txt"))
    call = conclude(record(said("license", "apache-2.0"), legal=legal))
    assert call.concluded == ("Apache-2.0", LLAMA_3)
    assert (call.osi, len(call.conflicts)) == (False, 1)
    call = conclude(record(said("license", "apache-2.0"), legal=(file("APACHE text"), file("MIT text", "LICENSE-MIT"))))
    assert (call.concluded, call.osi, call.conflicts) == (("Apache-2.0", "MIT"), True, ())


def test_an_altered_text_that_restricts_is_not_approved(reader: Any) -> None:
    reader["MIT"] = TextMatch("MIT", "modified", 0.8)
    call = conclude(record(said("license", "mit"), legal=(file("MIT words [user-count-cap]"),)))
    assert call.osi is False
    assert "user-count-cap" in ids(call)
    assert "altered" in call.why


def test_an_altered_text_cannot_be_told_to_be_approved(reader: Any) -> None:
    reader["MIT"] = TextMatch("MIT", "modified", 0.9)
    call = conclude(record(said("license", "mit"), legal=(file("MIT words and more"),)))
    assert (call.concluded, call.osi) == (("MIT",), None)


def test_a_clause_struck_from_the_text_does_not_bind(reader: Any) -> None:
    reader["LLAMA"] = TextMatch(LLAMA_2, "modified", 0.9, missing=60)
    legal = (file("LLAMA text [user-count-cap] and no more"),)
    struck = conclude(record(legal=legal))
    assert "user-count-cap" in ids(struck)
    assert "no-train-other-models" not in ids(struck)
    cut = conclude(record(legal=legal, failures=(Failure("malformed", "too long", "LICENSE"),)))
    assert "no-train-other-models" in ids(cut)


def test_all_words_there_keeps_every_clause(reader: Any) -> None:
    reader["LLAMA"] = TextMatch(LLAMA_2, "modified", 0.9, missing=0)
    assert "no-train-other-models" in ids(conclude(record(legal=(file("LLAMA text with more"),))))


def test_clauses_outside_the_licenses_own_words_are_added(reader: Any) -> None:
    text = "APACHE text [non-commercial] then the end [military-restriction]"
    reader["APACHE"] = TextMatch("Apache-2.0", "exact", 1.0, end=text.index("then"))
    call = conclude(record(legal=(file(text),)))
    assert "military-restriction" in ids(call)
    assert "non-commercial" not in ids(call)


def test_an_unknown_text_beside_a_tag(reader: Any) -> None:
    call = conclude(record(said("license", "mit"), legal=(file("OWN words [non-commercial]"),)))
    assert call.concluded == ("MIT",)
    assert call.osi is False
    assert "non-commercial" in ids(call)
    assert "adds: " in call.conflicts[0].value
    assert call.conflicts[0].span.quote == "[non-commercial]"
    short = conclude(record(said("license", "mit"), legal=(file("Copyright me"),)))
    assert (short.osi, short.conflicts) == (True, ())
    long = conclude(record(said("license", "mit"), legal=(file("word " * 200),)))
    assert (long.osi, long.conflicts) == (None, ())


def test_an_unknown_text_alone_still_gives_its_clauses(reader: Any) -> None:
    call = conclude(record(said("license", "other"), legal=(file("OWN words [research-only]"),)))
    assert (call.concluded, call.known, call.stated, call.osi) == ((), False, True, False)
    assert ids(call) == {"research-only"}


def test_a_use_policy_adds_clauses_and_is_no_license(reader: Any) -> None:
    reader["POLICY"] = TextMatch("LicenseRef-auditor-llama-2-aup", "exact", 1.0)
    legal = (file("POLICY text [military-restriction]", "USE_POLICY.md", "use-policy"),)
    call = conclude(record(said("license", "apache-2.0"), legal=legal))
    assert call.concluded == ("Apache-2.0",)
    assert "military-restriction" in ids(call)


def test_a_notice_adds_nothing(reader: Any) -> None:
    call = conclude(record(said("license", "mit"), legal=(file("NOTICE [non-commercial]", "NOTICE", "notice"),)))
    assert (call.osi, len(call.detected)) == (True, 1)
    assert "non-commercial" not in ids(call)


def test_a_gate_that_holds_a_license(reader: Any) -> None:
    reader["LLAMA"] = TextMatch(LLAMA_3, "exact", 1.0, end=50)
    call = conclude(record(said("license", "other"), legal=(file("LLAMA text", "README.md", "gated-prompt", 120),)))
    assert (call.concluded, call.known) == ((LLAMA_3,), True)
    polite = conclude(
        record(said("license", "mit"), legal=(file("Please be kind [research-only]", "README.md", "gated-prompt"),))
    )
    assert (polite.concluded, polite.osi) == (("MIT",), True)


def test_offsets_count_from_the_start_of_the_file(reader: Any) -> None:
    call = conclude(record(legal=(file("OWN [research-only]", "README.md", "card-prose", 1000),)))
    span = call.clauses[0].span
    assert span is not None
    assert (span.start, span.line) == (1004, None)


def test_a_short_file_that_points_at_the_license(reader: Any) -> None:
    words = "Please refer to license: https://github.com/facebookresearch/llama/blob/main/LICENSE"
    call = conclude(record(legal=(file(words),)))
    assert call.concluded == (LLAMA_2,)
    assert "a pointer to" in call.why
    assert "user-count-cap" in ids(call)


def test_an_id_that_the_catalogue_does_not_have(reader: Any) -> None:
    reader["RARE"] = TextMatch("Rare-1.0", "exact", 1.0)
    call = conclude(record(legal=(file("RARE text [attribution-notice]"),)))
    assert (call.concluded, call.known, call.osi) == (("Rare-1.0",), True, None)
    assert ids(call) == {"attribution-notice"}


def test_it_is_deterministic() -> None:
    one = record(said("license", ["mit", "llama2"]), legal=(file(APACHE),))
    assert conclude(one) == conclude(one)


def test_what_others_know_against_the_tag_is_a_conflict() -> None:
    said = Statement("license", "apache-2.0", Span("lab/base", "api:cardData.license"))
    known = Statement("license", "llama2", Span("elsewhere/notes", "README.md", quote="under the Llama 2 license"))
    record = RepoRecord(RepoId("model", "lab/base"), "resolved", statements=(said, known))
    call = conclude(record)
    assert [c.span.repo for c in call.conflicts] == ["elsewhere/notes"]
    assert "Apache" in str(call.conflicts[0].value)
    assert "Llama 2" in str(call.conflicts[0].value)
    agreed = conclude(replace(record, statements=(said, replace(known, value="Apache License 2.0"))))
    assert agreed.conflicts == ()


def test_a_clause_stated_outside_any_text_is_in_force() -> None:
    said = Statement("license", "mit", Span("lab/base", "api:cardData.license"))
    form = Statement("clause", {"id": "registration-or-approval-required", "params": {"for": "commerce"}}, Span("x"))
    call = conclude(RepoRecord(RepoId("model", "lab/base"), "resolved", statements=(said, form)))
    (clause,) = [c for c in call.clauses if c.id == "registration-or-approval-required"]
    assert (clause.params, clause.span) == ({"for": "commerce"}, Span("x"))
