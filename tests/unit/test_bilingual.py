"""Texts in two languages that disagree with themselves. All sentences are made up."""

from __future__ import annotations

from auditor.identify.bilingual import disagreements, is_bilingual
from auditor.identify.conclude import conclude
from auditor.model import LegalText, RepoId, RepoRecord

ENGLISH = "Everyone may run the model and show it to friends as long as the notices stay where they are today. " * 12
CHINESE = "任何人都可以运行本模型并展示给朋友，只要保留现有的声明。我们对此不作任何保证，也不承担任何责任。\n" * 8
CAP = "If your products have more than 700 million monthly active users, you must request a license from us.\n"
CAP_ZH = "如果您的产品或服务的月活跃用户数超过1亿，您必须向许可方申请许可。\n"
SAME_ZH = "如果您的产品或服务的月活跃用户数超过7亿，您必须向许可方申请许可。\n"


def told(text: str) -> list[str]:
    return [d.words for d in disagreements(text)]


def test_one_language_has_no_halves() -> None:
    assert not is_bilingual(ENGLISH + CAP)
    assert not is_bilingual(CHINESE + CAP_ZH)
    assert is_bilingual(f"{ENGLISH}\n{CHINESE}")
    assert told(ENGLISH + CAP) == []


def test_figures_that_differ_are_told_with_both() -> None:
    text = f"{ENGLISH}\n{CAP}\n{CHINESE}\n{CAP_ZH}"
    (found,) = disagreements(text)
    assert "English part says 700,000,000" in found.words
    assert "Chinese part 100,000,000" in found.words
    assert found.span.start is not None
    assert found.span.end is not None
    assert "1亿" in text[found.span.start : found.span.end]


def test_halves_that_agree_are_quiet() -> None:
    assert told(f"{ENGLISH}\n{CAP}\n{CHINESE}\n{SAME_ZH}") == []


def test_a_restriction_that_only_one_half_has() -> None:
    text = f"{ENGLISH}\n{CHINESE}\n您不得将本模型用于任何商业目的。\n"
    assert told(text) == ["its Chinese part has a clause that its English part lacks: non-commercial only"]
    assert (
        told(f"{ENGLISH}\nAny commercial purpose needs a word with us.\n{CHINESE}\n您不得将本模型用于任何商业目的。\n")
        == []
    )


def test_a_repositorys_license_that_disagrees_is_a_conflict() -> None:
    text = f"{ENGLISH}\n{CAP}\n{CHINESE}\n{CAP_ZH}"
    record = RepoRecord(RepoId("model", "acme/m"), "resolved", legal=(LegalText("LICENSE", text, "license"),))
    (found,) = conclude(record).conflicts
    assert found.value.startswith("LICENSE disagrees with itself: its English part")
    assert (found.span.repo, found.span.file) == ("acme/m", "LICENSE")
    assert found.span.line == text[: text.index(CAP_ZH)].count("\n") + 1
