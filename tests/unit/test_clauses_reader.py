"""The clause reader: offsets in every shape of a text, sections, limits, hostile input."""

import random

import pytest

from auditor.identify.clauses import MAX_QUOTE, read_clauses
from auditor.identify.numbers import read_number
from auditor.identify.plain import plain
from auditor.identify.sentences import MAX_TEXT
from auditor.model import Clause

LICENSE = """Acme Open Weights Agreement

1. Grant. You get a limited, non-exclusive, revocable license to the Acme Model.

2. Conditions
   a. You must give every recipient a copy of this agreement.
   b. You shall not use outputs of the Acme Model to train other AI models (excluding Acme Models).
   c. If your products had more than 250 million monthly active users in the preceding calendar
      month, you must request a license from us, which we may grant in our sole discretion.

3.1 You agree not to use the model in any of the following ways:
   (i) for military purposes;
   (ii) to harm minors.

第四条 您不得将模型用于任何商业用途。
"""
WANTED = {
    "revocable",
    "license-copy-required",
    "no-train-other-models",
    "user-count-cap",
    "commercial-license-on-request",
    "use-restrictions",
    "military-restriction",
    "non-commercial",
}


def by_id(text: str) -> dict[str, Clause]:
    return {clause.id: clause for clause in read_clauses(text)}


def shapes() -> list[str]:
    wrapped = LICENSE.replace(
        "users in the preceding calendar\n      month", "users in\nthe preceding\n\tcalendar month"
    )
    return [
        LICENSE,
        LICENSE.replace("\n", "\r\n"),
        "\ufeff" + LICENSE,
        wrapped,
        LICENSE.replace("non-exclusive", "**non-exclusive**").replace("(excluding", "(_excluding_"),
        LICENSE.replace(" ", "\u00a0"),
        "“Licensor” — Ünïcødé 😀\n\n" + LICENSE,
    ]


@pytest.mark.parametrize("text", shapes())
def test_the_same_clauses_in_every_shape_with_quotes_at_their_offsets(text: str) -> None:
    clauses = read_clauses(text)
    assert {c.id for c in clauses} >= WANTED
    for clause in clauses:
        span = clause.span
        assert span is not None
        assert text[span.start : span.end] == span.quote
        assert 0 < len(span.quote) <= MAX_QUOTE


def test_sections() -> None:
    found = by_id(LICENSE)
    assert found["revocable"].section == "1"
    assert found["license-copy-required"].section == "2.a"
    assert found["user-count-cap"].section == "2.c"
    assert found["military-restriction"].section == "3.1.i"
    assert found["non-commercial"].section == "第四条"


def test_parameters() -> None:
    found = by_id(LICENSE)
    cap, training = found["user-count-cap"].params, found["no-train-other-models"].params
    assert (cap["threshold"], cap["unit"], cap["effect"]) == (250_000_000, "MAU", "licence-required")
    assert training["scope"] == "outputs"
    assert training["exception"] == "Acme Models"


def test_each_set_of_parameters_once() -> None:
    caps = read_clauses("Above 5 million monthly active users ask us. Above 5 million monthly active users ask us.")
    assert len(caps) == 1


@pytest.mark.parametrize("text", ["", " \n\t", "\ufeff", "\x00" * 50, "Hello.", "\ud800 lone", "%PDF-1.4 \x01\x02"])
def test_nothing_to_read(text: str) -> None:
    assert read_clauses(text) == ()


def test_a_lone_surrogate_moves_no_offset() -> None:
    text = "\ud800 You may not use the model for any commercial purpose."
    (clause,) = (c for c in read_clauses(text) if c.id == "non-commercial")
    assert text[clause.span.start : clause.span.end] == clause.span.quote


def test_only_the_first_mebibyte_is_read() -> None:
    clause = "\n\nYou may not use the model for any commercial purpose.\n\n"
    filler = "word " * (MAX_TEXT // 5 + 10)
    assert "non-commercial" in by_id(clause + filler)
    assert "non-commercial" not in by_id(filler + clause)


@pytest.mark.parametrize("piece", ["you may not ", "more than 1 ", "(a) ", "license ", "不得", "revenue $1 ", "\n1.\n"])
def test_repeated_openings_come_to_an_end(piece: str) -> None:
    assert isinstance(read_clauses(piece * (60_000 // len(piece))), tuple)


def test_noise_is_read_without_harm() -> None:
    noise = random.Random(7)
    text = "".join(
        chr(noise.choice((noise.randrange(32, 127), noise.randrange(0x4E00, 0x9FFF)))) for _ in range(20_000)
    )
    for clause in read_clauses(text):
        assert text[clause.span.start : clause.span.end] == clause.span.quote


@pytest.mark.parametrize("text", [*shapes(), "İstanbul İ ß ﬁ", "a\u2028b", "x" * 5000])
def test_the_plain_form_is_as_long_as_the_text(text: str) -> None:
    assert len(plain(text)) == len(text)


def test_wrapped_sentences_stay_whole_and_items_part() -> None:
    form = plain("You may\nuse it. You must nevertheless\n\nask first, and\n(a) pay;\n(b) wait.\n\nNext part")
    assert [" ".join(line.split()) for line in form.split("\n") if line.strip()] == [
        "you may use it.",
        "you must nevertheless ask first, and pay;",
        "wait.",
        "next part",
    ]


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("700 million", 700_000_000),
        ("2,000,000", 2_000_000),
        ("one hundred million", 100_000_000),
        ("1.5 million", 1_500_000),
        ("10m", 10_000_000),
        ("1亿", 100_000_000),
        ("3000万", 30_000_000),
        ("一百万", 1_000_000),
        ("二百五十", 250),
        ("many", None),
        ("", None),
    ],
)
def test_numbers(words: str, number: int | None) -> None:
    assert read_number(words) == number


@pytest.mark.parametrize(
    "text",
    [
        "Customers will not: (a) sell accounts; (b) use outputs to train other AI models; or (c) do harm.",
        "Customers may not:\n\n2.2.1 sell accounts\n2.2.2 use outputs to train other AI models\n",
        "You may NOT:\n❌ sell accounts\n❌ use outputs to train other AI models\n",
        "You must not use it:\n\n* to mislead, including:\n\n    * by lies\n\n* for outputs to train other AI models\n",
        "Prohibited Uses\n\n- Selling accounts\n- Using outputs to train other AI models\n",
        "You may not:\n\n(a) sell accounts.\n\nThis includes swaps.\n\n(b) use outputs to train other AI models;\n",
        "You will not:\n\nsell accounts;\n\nuse outputs to train other AI models; or\n\nbe rude.\n",
        "Licensee shall not (a) sell accounts; (b) use outputs to train other AI models; or (c) be rude.",
    ],
)
def test_each_item_of_a_list_is_read_with_the_prohibition_before_it(text: str) -> None:
    [clause] = [c for c in read_clauses(text) if c.id == "no-train-other-models"]
    assert "train other AI models" in clause.span.quote


@pytest.mark.parametrize(
    "text",
    [
        "If you share a derivative, you must:\n\n(i) give a copy;\n\n(ii) license it under these same terms.",
        "You shall:\n- pay;\n- license derivatives under the same terms as this license.",
    ],
)
def test_each_item_of_a_list_is_read_with_the_duty_before_it(text: str) -> None:
    assert "share-alike" in by_id(text)


@pytest.mark.parametrize(
    "text",
    [
        "You may not:\n- sell it\n\nYou may:\n- use outputs to train other AI models",
        "Permitted uses\n\n- Use of outputs to train other AI models",
        "Prohibited uses\n\n- Spam\n\nFree uses\n\n- Use of outputs to train other AI models",
        "Restrictions\n\nYou must be kind.\n\n- You may use outputs to train other AI models.",
    ],
)
def test_a_prohibition_ends_where_something_else_begins(text: str) -> None:
    assert "no-train-other-models" not in by_id(text)


def test_what_the_text_does_not_apply_to_is_no_prohibition() -> None:
    found = read_clauses("These terms do not apply to: (a) talks; (b) outputs to train other AI models; (c) art.")
    assert "no-train-other-models" not in {c.id for c in found}


def test_asterisks_down_a_comment_block_part_no_sentence() -> None:
    text = "/*\n  * You may not use the\n  * name of the authors to\n  * endorse or promote products.\n  */\n"
    assert "trademark-restriction" in {c.id for c in read_clauses(text)}
