"""Front matter as people really write it: what can be read is read, with its place, and nothing raises."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.parse.card import WANTED
from auditor.parse.entries import MAX_DEPTH, from_json
from auditor.parse.front_matter import MAX_YAML, FrontMatter, flat, read_front_matter
from auditor.parse.yaml_entries import read_yaml


def values(front: FrontMatter, key: str) -> list[str]:
    return [item.text for entry in front.entries if entry.key == key for item in entry.items]


def read(text: str) -> FrontMatter:
    return read_front_matter(text, WANTED)


@pytest.mark.parametrize(
    "text",
    [
        "---\nlicense: mit\n---\nbody",
        "\ufeff---\nlicense: mit\n---\n",
        "\n\n \n---\nlicense: mit\n---\n",
        "---\r\nlicense: mit\r\n---\r\nbody",
        "---\rlicense: mit\r---\rbody",
        "---\nlicense: mit\n---",
        "---\nlicense: mit\n---  \n",
        "---\n{license: mit}\n---\n",
    ],
)
def test_usual_shapes_are_read_without_a_fault(text: str) -> None:
    front = read(text)
    assert values(front, "license") == ["mit"]
    assert front.faults == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("--- \nlicense: mit\n---\n", "opening"),
        ("---\nlicense: mit\n...\nbody", "'...'"),
        ("<!-- made by hand -->\n---\nlicense: mit\n---\n", "comment"),
        ("---\nlicense: mit\n\n# Title\n", "no closing"),
        ("license: mit\nlanguage: en\n---\n# Title\n", "without '---'"),
        ("---\nlicense: mit\nlicense: mit\n---\n", "given twice"),
    ],
)
def test_what_the_hub_would_not_read_is_read_and_noted(text: str, words: str) -> None:
    front = read(text)
    assert set(values(front, "license")) == {"mit"}
    assert any(words in fault for _, fault in front.faults), front.faults


@pytest.mark.parametrize("text", ["", "# Title\n", "---\n---\n# T", "no metadata: here\n", "\ufeff", "---"])
def test_cards_without_metadata_give_nothing(text: str) -> None:
    assert read(text).entries == []


def test_two_values_of_a_repeated_key_both_count() -> None:
    assert values(read("---\nlicense: mit\nlicense: cc-by-nc-4.0\n---\n"), "license") == ["mit", "cc-by-nc-4.0"]


def test_a_tab_costs_its_own_key_and_no_other() -> None:
    front = read(
        "---\nlicense: mit\nwidget:\n- text: a\n\tb: {c\nbase_model:\n- acme/base\ndatasets: [squad]\n---\n# T\n"
    )
    assert front.broken
    assert values(front, "license") == ["mit"]
    assert values(front, "base_model") == ["acme/base"]
    assert values(front, "datasets") == ["squad"]


def test_a_rule_in_the_body_that_closes_an_open_block_loses_nothing() -> None:
    front = read("---\nlicense: mit\n# Title\nSome prose that goes on\n\n---\nmore\n")
    assert values(front, "license") == ["mit"]
    assert front.faults


def test_raw_spelling_is_kept() -> None:
    front = read(
        "---\nlicense: no\nlicense_name: 0.10\nlicense_link: 2020-01-01\nlibrary_name: 0x1F\ntags: [on, 1e3]\n---\n"
    )
    assert values(front, "license") == ["no"]
    assert values(front, "license_name") == ["0.10"]
    assert values(front, "license_link") == ["2020-01-01"]
    assert values(front, "library_name") == ["0x1F"]
    assert values(front, "tags") == ["on", "1e3"]


def test_nulls_are_no_values_but_quoted_ones_are() -> None:
    front = read("---\nbase_model: null\ndatasets:\n-\n- ~\n- 'null'\nlicense: ''\n---\n")
    assert values(front, "base_model") == []
    assert values(front, "datasets") == ["null"]
    assert values(front, "license") == [""]


def test_offsets_point_into_the_file_whatever_its_line_ends() -> None:
    text = "\ufeff\r\n---\r\nlanguage: no\r\ntags:\r\n  - é\r\n  - b\r\nlicense: 'mit'\r\n---\r\n"
    front = read(text)
    (entry,) = [e for e in front.entries if e.key == "license"]
    assert text[entry.items[0].start : entry.items[0].end] == "'mit'"
    assert [text[i.start : i.end] for e in front.entries if e.key == "tags" for i in e.items] == ["é", "b"]


def test_body_begins_after_the_block() -> None:
    text = "---\nlicense: mit\n---\nprose"
    assert text[read(text).body :] == "prose"


def test_nested_lists_are_flattened_and_mappings_keep_their_key() -> None:
    front = read("---\nbase_model: [[acme/a], [[acme/b]]]\nlicense: {name: x, link: y}\n---\n")
    assert values(front, "base_model") == ["acme/a", "acme/b"]
    assert [(i.key, i.text) for e in front.entries if e.key == "license" for i in e.items] == [
        ("name", "x"),
        ("link", "y"),
    ]


@pytest.mark.parametrize("bomb", ["[" * 90_000, "- " * 90_000, "{a: " * 40_000, "? " * 50_000])
def test_deep_nesting_is_refused_quickly(bomb: str) -> None:
    front = read(f"---\nlicense: mit\nwidget: {bomb}\n---\n")
    assert values(front, "license") == ["mit"]
    assert front.broken


def test_nesting_below_the_limit_is_fine() -> None:
    assert read_yaml("a: " + "[" * (MAX_DEPTH - 1) + "x" + "]" * (MAX_DEPTH - 1), None)[1] is None
    assert read_yaml("a: " + "[" * MAX_DEPTH + "x" + "]" * MAX_DEPTH, None)[1] is not None


def test_aliases_are_not_followed() -> None:
    front = read("---\nx: &a [mit, mit]\ny: &b [*a, *a]\nlicense: [*b, apache-2.0]\n---\n")
    (entry,) = front.entries
    assert [i.text for i in entry.items] == ["apache-2.0"]
    assert "alias" in entry.faults[0]


@pytest.mark.parametrize(
    "text", ["*a : b", "a: *nowhere", "&x a: *x", "? [a]\n: b", "- a\n- b", "just words", "<<: *a"]
)
def test_odd_yaml_never_raises(text: str) -> None:
    read_yaml(text, None)
    read(f"---\n{text}\n---\n")


def test_oversized_front_matter_is_read_key_by_key() -> None:
    filler = "widget:\n" + "- text: word word word\n" * (MAX_YAML // 20)
    front = read(f"---\n{filler}license: mit\nbase_model:\n- acme/base\n---\n")
    assert values(front, "license") == ["mit"]
    assert values(front, "base_model") == ["acme/base"]
    assert any("over" in words for _, words in front.faults)


def test_keys_that_are_no_strings_are_passed_over() -> None:
    front = read("---\n1: a\ntrue: b\nnull: c\nself: d\nlicense: mit\n---\n")
    assert [e.key for e in front.entries] == ["license"]


def test_control_characters_cost_their_key_alone() -> None:
    front = read("---\nlicense: mit\ntags:\n- a\x00b\n---\n")
    assert values(front, "license") == ["mit"]


def test_lone_surrogates_do_not_raise() -> None:
    assert read("---\nlicense: \ud800\n---\n").faults


def test_flat_keeps_the_length() -> None:
    assert flat("a\r\nb\rc\n") == "a \nb\nc\n"


def test_json_gives_the_same_entries_as_yaml() -> None:
    from_yaml = read("---\nlicense: mit\nbase_model: [acme/a, [acme/b]]\ntags: 5\n---\n").entries
    decoded = from_json({"license": "mit", "base_model": ["acme/a", ["acme/b"]], "tags": 5}, WANTED)
    assert [(e.key, [i.text for i in e.items]) for e in decoded] == [
        (e.key, [i.text for i in e.items]) for e in from_yaml
    ]


def test_json_of_great_depth_is_cut() -> None:
    deep: object = "mit"
    for _ in range(200):
        deep = [deep]
    (entry,) = from_json({"license": deep}, WANTED)
    assert entry.items == []
    assert entry.faults


_MARKS = "---|\n|\r\n|\r|:| |- |[|]|{|}|'|\"|>|&a|*a|#|...|\t|!!|%|<!--|-->|? |,|\ufeff|\u2028|\x85"
_PIECES = st.sampled_from(["|", "license", "base_model", "tags", "mit", "é", *_MARKS.split("|")])


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES, max_size=40).map("".join))
def test_nothing_raises_and_offsets_stay_inside(text: str) -> None:
    for candidate in (text, f"---\n{text}\n---\n"):
        front = read(candidate)
        assert 0 <= front.body <= len(candidate)
        for entry in front.entries:
            assert all(0 <= i.start <= i.end <= len(candidate) for i in entry.items)


def test_long_runs_take_linear_time() -> None:
    """Quadratic work on these would take minutes."""
    assert read(" \n" * 500_000).entries == []
    assert read("---\n" + "a\n" * 200_000).entries == []
