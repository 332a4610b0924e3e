"""The phrases that tell where a wording may stand: every match holds them, in texts of every shape."""

import itertools

import pytest
import re2

from auditor.identify.clause_rules import ClauseRule, Wording, clause_rules, examples
from auditor.identify.finder import Finder, in_order, stretches
from auditor.identify.patterns import search_source
from auditor.identify.phrases import bare, is_han, needed
from auditor.identify.plain import plain


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("you may .. distribute", ((("you may",), ("distribute",)),)),
        ("(?:remote|afar)ly", ((("afarly", "remotely"),),)),
        ("colou?r of models?", ((("color of model", "colour of model"),),)),
        ("sell or (?:re)?sell", ((("sell or resell", "sell or sell"),),)),
        ("weights|a .. code", ((("weights",),), (("code",),))),
        ("a|weights", ()),
        (r"\w+ or \d+", ()),
        ("(?:models?)? weights", ((("weights",),),)),
        ("non-commercial", ((("non commercial", "noncommercial"),),)),
        ("(?:you|.*) models{2,3}", ((("model",),),)),
        ("to (?:train .{0,20}? models|improve them)", ((("improve them", "models"),),)),
        ("不得..军事", ((("不得",), ("军事",)),)),
        (r"price\.", ((("price.",),),)),
    ],
)
def test_phrases_of_a_pattern(pattern: str, expected: object) -> None:
    assert needed(search_source(pattern, {})) == expected


@pytest.mark.parametrize("source", ["(?i)model", r"\pN model", "[[:alpha:]] model", r"\Qmodel\E"])
def test_syntax_that_is_not_read_needs_nothing(source: str) -> None:
    assert needed(source) == ()


def test_every_match_of_a_shipped_wording_is_found() -> None:
    rules = clause_rules()
    given = [e if isinstance(e, str) else e["text"] for kinds in examples().values() for e in kinds.get("match", ())]
    finder = Finder(rules)
    for text in given:
        blob = plain(text).encode()
        found = {id(wording) for _, some in finder.candidates(blob, han=True) for wording, _ in some}
        for wording in itertools.chain.from_iterable(rule.wordings for rule in rules):
            if id(wording) not in found:
                assert not re2.search(wording.say.encode(), blob), (text, wording.say)


def test_a_text_in_bare_form() -> None:
    assert bare(b"non-commercial" + b" " * 37 + b"use  only\n  x") == b"non commercial use only\n x"
    assert is_han("使用")
    assert not is_han("use")


def wording(say: str) -> Wording:
    return Wording(say, "", "", {}, 0, needed(say), han=False, fixed=True, gap=9, catches=False)


def test_where_a_wording_may_stand() -> None:
    finder = Finder(
        (ClauseRule("a", (wording("you may .*sing"),)), ClauseRule("b", (wording("dance"), wording("fly"))))
    )
    blob = b"you may sing\nnobody\nthey sing\nyou may dance\nyou  may\nfly"
    ends = [at for at, byte in enumerate(blob) if byte == 10] + [len(blob)]
    found = {
        (rule.id, one.say): [blob[slice(*bounds)] for bounds in stretches(where, ends)]
        for rule, some in finder.candidates(blob, han=False)
        for one, where in some
    }
    assert found == {
        ("a", "you may .*sing"): [b"you may sing"],
        ("b", "dance"): [b"you may dance"],
        ("b", "fly"): [b"fly"],
    }


@pytest.mark.parametrize(
    ("sentence", "may"),
    [
        (b"you may not sing a song", True),
        (b"a song you may not sing", False),
        (b"you  may-not hum a song", True),
        (b"you may dance", False),
        (b"dance, you may", True),
    ],
)
def test_phrases_stand_in_their_order(sentence: bytes, may: bool) -> None:
    assert in_order(wording("you may not .*song|dance,? .*may"), sentence) is may


def test_a_wording_without_phrases_may_stand_everywhere() -> None:
    finder = Finder((ClauseRule("a", (wording(r"\w+"),)),))
    ((_, ((_, where),)),) = finder.candidates(b"so it is\nhere", han=False)
    assert stretches(where, [8, 13]) == [(0, 13)]


@pytest.mark.parametrize("lines", [1, 40, 4096, 4097, 9000])
def test_long_texts_are_cut_into_few_stretches(lines: int) -> None:
    finder = Finder((ClauseRule("a", (wording("dance"),)),))
    blob = b"\n".join([*[b"quiet"] * (lines - 1), b"dance"])
    ends = [*range(5, 6 * (lines - 1), 6), len(blob)]
    ((_, ((_, where),)),) = finder.candidates(blob, han=False)
    ((start, end),) = stretches(where, ends)
    assert end == len(blob)
    assert end - start <= 6 * 3
    assert blob[start:end].endswith(b"dance")


def test_many_stretches_are_searched_as_one() -> None:
    finder = Finder((ClauseRule("a", (wording("dance"),)),))
    blob = b"\n".join([b"a", *[b"dance"] * 60, b"b"])
    ends = [at for at, byte in enumerate(blob) if byte == 10] + [len(blob)]
    ((_, ((_, where),)),) = finder.candidates(blob, han=False)
    assert stretches(where, ends) == [(2, len(blob) - 2)]
