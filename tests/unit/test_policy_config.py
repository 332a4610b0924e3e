"""Policy files: found closest first, read whole, every mistake with its line; the schema agrees with the check."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from auditor.errors import FileMistakes
from auditor.model import Use
from auditor.policy.config import find_policy, fits, load_policy
from auditor.policy.shape import POLICY, faults, folded, schema
from auditor.policy.toml_lines import line_of

WHOLE = """\
fail-on = "medium"
undetermined = "warn"
require_pins = true
exclude = ["third_party/**"]

[use]
preset = "product"
monthly_active_users = 5_000
territories = ["EU"]

[allow]
licenses = ["apache-2.0", "gpl"]
[deny]
clauses = ["non-commercial"]
organizations = ["acme"]

[severity]
closed-weights = "info"

[[paths]]
match = ["research/**", "notebooks"]
use = {preset = "research"}

[[waivers]]
rule = "user-count-cap"
subject = "lab/*"
reason = "we are few"
until = 2027-01-31

[[clarifications]]
subject = "lab/odd"
license = "MIT"
file = "LICENSE"
text-sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
reason = "read by counsel"
"""


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    return tmp_path / "auditor.toml"


def mistakes(path: Path, text: str) -> list[str]:
    path.write_text(text, "utf-8")
    with pytest.raises(FileMistakes) as caught:
        load_policy(path)
    return [str(m).removeprefix(f"{path}:") for m in caught.value.mistakes]


def test_a_whole_policy(policy: Path) -> None:
    policy.write_text(WHOLE, "utf-8")
    found = load_policy(policy)
    assert (found.fail_on, found.undetermined, found.require_pins) == ("medium", "warn", True)
    assert found.use == Use(
        preset="product",
        purpose="commercial",
        distribute="product",
        monthly_active_users=5000,
        territories=("EU",),
        train_other_models=False,
        modify=True,
    )
    assert "Apache-2.0" in found.allow.licenses
    assert "GPL-3.0-only" in found.allow.licenses  # a family stands for its members
    assert found.deny.organizations == ("acme",)
    assert found.use_at("research/deep/a.py").preset == "research"
    assert found.use_at("notebooks/a.ipynb").preset == "research"
    assert found.use_at("notebooks2/a.ipynb").preset == "product"
    assert (found.waivers[0].until, found.waivers[0].line) == ("2027-01-31", 24)
    assert found.clarifications[0].licenses == ("MIT",)


def test_pyproject_holds_one_too(tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text(
        '[project]\nname = "x"\n\n[tool.auditor]\nfail-on = "low"\n[tool.auditor.use]\npurpos = 1\n', "utf-8"
    )
    assert find_policy(tmp_path) == file
    with pytest.raises(FileMistakes, match=r"pyproject.toml:7: unknown key 'purpos' \(did you mean 'purpose'\?\)"):
        load_policy(file)


@pytest.mark.parametrize("text", ["tool = 3\n", "[tool]\nother = 1\n", ""])
def test_a_project_without_a_policy_has_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text, "utf-8")
    (tmp_path / ".git").mkdir()
    assert find_policy(tmp_path) is None


def test_a_policy_that_is_no_table_is_a_mistake(tmp_path: Path) -> None:
    assert mistakes(tmp_path / "pyproject.toml", "[tool]\nauditor = 3\n") == ["2: the policy must be a table, not 3"]


def test_the_closest_wins_whole_and_a_repository_ends_the_search(tmp_path: Path) -> None:
    (tmp_path / "auditor.toml").write_text('fail-on = "low"\n', "utf-8")
    inner = tmp_path / "team" / "project"
    inner.mkdir(parents=True)
    assert find_policy(inner) == tmp_path / "auditor.toml"
    (tmp_path / "team" / "pyproject.toml").write_text("[tool.auditor]\n", "utf-8")
    assert find_policy(inner) == tmp_path / "team" / "pyproject.toml"
    assert load_policy(tmp_path / "team" / "pyproject.toml").fail_on == "high"
    (inner / "pyproject.toml").write_text("[project]\n", "utf-8")
    assert find_policy(inner) == tmp_path / "team" / "pyproject.toml"
    (inner / ".git").mkdir()
    assert find_policy(inner) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('fail-on = "hihg"', "1: fail-on cannot be 'hihg' (did you mean 'high'?)"),
        ("[use]\n\npreset = 3", "3: use.preset cannot be 3: one of research, internal, product, redistribute, distill"),
        ("[use]\nmonthly_active_users = -1", "2: use.monthly-active-users cannot be negative"),
        ("[use]\nmonthly_active_users = true", "2: use.monthly-active-users must be a whole number, not True"),
        ("[alow]", "1: unknown key 'alow' (did you mean 'allow'?)"),
        (
            "[allow]\nclauses = ['non-comercial']",
            "2: there is no clause 'non-comercial' (did you mean 'non-commercial'?)",
        ),
        ("[deny]\nlicenses = ['Acme EULA 7']", "2: the catalogue has no license 'Acme EULA 7'"),
        ("[severity]\nnon-osi = 'low'", "2: there is no rule 'non-osi'"),
        ("[severity]\nnon-osi-license = 'lo'", "2: severity.non-osi-license cannot be 'lo' (did you mean 'low'?)"),
        ("[[waivers]]\nrule='x'\n\n[[waivers]]", "1: waivers lacks the key 'subject'"),
        ("[[paths]]\nuse = {}\nmatch = ''", "3: paths.match is empty"),
        ("require-pins = true\nrequire_pins = true", "1: require_pins and require-pins are one key: keep one of them"),
        ("x = [", "not valid TOML"),
    ],
)
def test_each_mistake_has_its_line_and_a_hint(policy: Path, text: str, expected: str) -> None:
    assert any(expected in found for found in mistakes(policy, text)), mistakes(policy, text)


def test_all_mistakes_come_at_once(policy: Path) -> None:
    text = '[[waivers]]\nrule = "x"\nuntil = "soon"\n[[waivers]]\nruel = "y"\n[use]\ndistribute = "all"\n'
    assert len(mistakes(policy, text)) == 8


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (("use", "preset"), 7),
        (("use", "nothing"), 6),
        (("paths", 0, "use", "preset"), 22),
        (("waivers", 0, "until"), 28),
        (("clarifications", 0), 30),
        (("nowhere",), None),
    ],
)
def test_lines_of_keys(keys: tuple[str | int, ...], line: int | None) -> None:
    assert line_of(WHOLE, keys) == line


def test_lines_are_not_fooled_by_text_that_looks_like_keys() -> None:
    text = 'reason = """\n[use]\npreset = 1\n"""\nlist = [\n  "a=b",\n]\n[use] # here\npreset = "x"\n'
    assert line_of(text, ("use",)) == 8
    assert line_of(text, ("use", "preset")) == 9


def test_patterns() -> None:
    assert fits("lab/a", ("lab/*",))
    assert fits("research/x/y.py", ("research",))
    assert not fits("researching/y.py", ("research",))


SAMPLES: list[Any] = [
    tomllib.loads(WHOLE),
    {},
    {"fail_on": "high"},
    {"fail-on": "hi"},
    {"use": {"modify": "yes"}},
    {"use": {"monthly_active_users": 1.5}},
    {"use": {"monthly-active-users": -1}},
    {"paths": [{"match": ["a", 1], "use": {}}]},
    {"paths": {"match": "a"}},
    {"waivers": [{"rule": "a", "subject": "b"}]},
    {"waivers": [{"rule": "a", "subject": "b", "reason": "c", "text_sha256": "A" * 64}]},
    {"allow": {"licence": []}},
]


@pytest.mark.parametrize("raw", SAMPLES)
def test_the_schema_and_the_check_agree(raw: Any) -> None:
    """A JSON Schema validator says yes exactly where our own check finds no fault."""
    plain = _dates_as_text(raw)
    agreed = jsonschema.Draft202012Validator(schema()).is_valid(plain)
    assert agreed == (not list(faults(folded(raw), POLICY)))


def _dates_as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _dates_as_text(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_dates_as_text(v) for v in value]
    return value.isoformat() if isinstance(value, date) else value
