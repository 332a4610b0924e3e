"""The phrases that tell where a wording may stand: every match holds them, in texts of every shape."""

import itertools

import pytest

from auditor.identify.clause_rules import ClauseRule, Wording, clause_rules, examples
from auditor.identify.finder import Finder, stretches
from auditor.identify.patterns import compile_source, search_source
from auditor.identify.phrases import bare, is_han, needed, worth_a_look
from auditor.identify.plain import plain
from auditor.identify.stamps import stamped


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
    blobs = [plain(text).encode() for text in given]
    copies = [stamped(blob, finder.stamps) for blob in blobs]
    pairs = list(zip(blobs, copies, strict=True))
    found = [{id(w) for _, some in finder.candidates(*pair, han=True) for w, _ in some} for pair in pairs]
    for wording in itertools.chain.from_iterable(rule.wordings for rule in rules):
        passed = [
            pair[bool(wording.stamps)] for pair, known in zip(pairs, found, strict=True) if id(wording) not in known
        ]
        match = compile_source(wording.say).search(b"\n".join(passed))
        assert not match, (match.group(), wording.say)


def test_a_text_in_bare_form() -> None:
    assert bare(b"non-commercial" + b" " * 37 + b"use  only\n  x") == b"non commercial use only\n x"
    assert is_han("使用")
    assert not is_han("use")


def wording(say: str) -> Wording:
    stamps = {"A": r"\b(?:may|must) not\b"} if "A+" in say else {}
    return Wording(say, "", "", {}, 0, needed(say), stamps, han=False, fixed=True, gap=9, catches=False)


def candidates(finder: Finder, blob: bytes) -> list[tuple[ClauseRule, list[tuple[Wording, int]]]]:
    return finder.candidates(blob, stamped(blob, finder.stamps), han=False)


def test_where_a_wording_may_stand() -> None:
    finder = Finder(
        (ClauseRule("a", (wording("you may .*sing"),)), ClauseRule("b", (wording("dance"), wording("fly"))))
    )
    blob = b"you may sing\nnobody\nthey sing\nyou may dance\nyou  may\nfly"
    ends = [at for at, byte in enumerate(blob) if byte == 10] + [len(blob)]
    found = {
        (rule.id, one.say): [blob[slice(*bounds)] for bounds in stretches(where, ends)]
        for rule, some in candidates(finder, blob)
        for one, where in some
    }
    assert found == {
        ("a", "you may .*sing"): [b"you may sing"],
        ("b", "dance"): [b"you may dance"],
        ("b", "fly"): [b"fly"],
    }


def test_a_stamped_fragment_is_needed_where_the_wording_holds_it() -> None:
    finder = Finder((ClauseRule("a", (wording("A+ .*sing"),)),))
    blob = b"you may sing\nyou may not sing\nyou must not"
    ((_, ((_, where),)),) = candidates(finder, blob)
    assert stretches(where, [12, 29, 42]) == [(13, 29)]
    assert stamped(blob, finder.stamps) == b"you may sing\nyou AAAAAAA sing\nyou AAAAAAAA"


def test_the_rarest_phrases_are_looked_for_and_a_stamp() -> None:
    sample = b"\n".join([b"the model and the weights"] * 9 + [b"a song about the model", b"songs"])
    row = (("the model",), ("A",), ("weights",), ("song", "songs"), ("dance",))
    assert worth_a_look(row, sample) == (("dance",), ("song", "songs"), ("weights",), ("A",))
    assert worth_a_look(row[:3], sample) == (("weights",), ("the model",), ("A",))
    assert worth_a_look((("A",),), sample) == (("A",),)


def test_a_wording_without_phrases_may_stand_everywhere() -> None:
    finder = Finder((ClauseRule("a", (wording(r"\w+"),)),))
    ((_, ((_, where),)),) = candidates(finder, b"so it is\nhere")
    assert stretches(where, [8, 13]) == [(0, 13)]


@pytest.mark.parametrize("lines", [1, 40, 4096, 4097, 9000])
def test_long_texts_are_cut_into_few_stretches(lines: int) -> None:
    finder = Finder((ClauseRule("a", (wording("dance"),)),))
    blob = b"\n".join([*[b"quiet"] * (lines - 1), b"dance"])
    ends = [*range(5, 6 * (lines - 1), 6), len(blob)]
    ((_, ((_, where),)),) = candidates(finder, blob)
    ((start, end),) = stretches(where, ends)
    assert end == len(blob)
    assert end - start <= 6 * 3
    assert blob[start:end].endswith(b"dance")


def test_many_stretches_are_searched_as_one() -> None:
    finder = Finder((ClauseRule("a", (wording("dance"),)),))
    blob = b"\n".join([b"a", *[b"dance"] * 60, b"b"])
    ends = [at for at, byte in enumerate(blob) if byte == 10] + [len(blob)]
    ((_, ((_, where),)),) = candidates(finder, blob)
    assert stretches(where, ends) == [(2, len(blob) - 2)]
