"""Where terms live, end to end: files, cards and metadata of a repository, parsed and concluded together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.identify.conclude import conclude
from auditor.model import LicenseCall, RepoId
from auditor.parse.record import parse
from auditor.sources.memory import MemorySource

APACHE = (Path(__file__).parents[2] / "LICENSE").read_text("utf-8")
CORPUS = Path(__file__).parents[2] / "../shared/corpus/licenses/texts"
LLAMA_2, LLAMA_31 = "LicenseRef-scancode-llama-2-license-2023", "LicenseRef-scancode-llama-3.1-license-2024"


def call(prose: str = "", files: dict[str, str] | None = None, **card: Any) -> LicenseCall:
    every = dict(files or {}) | ({"README.md": prose} if prose else {})
    source = MemorySource({"acme/chat": {**card, "files": every}})
    return conclude(parse(source.fetch(RepoId("model", "acme/chat"))))


def real(slug: str) -> str:
    path = CORPUS / f"{slug}.txt"
    if not path.is_file():
        pytest.skip("the corpus of real license texts is not beside the checkout")
    return path.read_bytes().decode()


def words(found: LicenseCall) -> str:
    return " | ".join(str(c.value) for c in found.conflicts)


def test_a_line_that_names_the_license() -> None:
    found = call(files={"LICENSE": "Use is governed by the Llama 3.1 Community License Agreement.\n"})
    assert (found.concluded, found.osi) == ((LLAMA_31,), False)
    assert "LICENSE is a pointer to Llama 3.1" in found.why


def test_an_spdx_tag_is_a_claim_that_is_held_against_the_card() -> None:
    found = call(files={"LICENSE": "SPDX-License-Identifier: CC-BY-NC-4.0\n"}, license="mit")
    assert found.concluded == ("CC-BY-NC-4.0",)
    assert "declares MIT License, but LICENSE names another license" in words(found)


def test_prose_alone_tells_the_license() -> None:
    found = call(
        "# Chat\n\n## License\nThe weights come under the Gemma Terms of Use, the code under the MIT License.\n"
    )
    assert found.concluded == ("LicenseRef-scancode-gemma-tou-2025-03-24",)
    assert (found.known, found.stated, found.osi) == (True, True, False)
    assert "README.md names Gemma" in found.why


def test_a_line_outside_any_section_tells_it_too() -> None:
    found = call("# Chat\n\nThis model is licensed under CC-BY-NC-SA-4.0.\n")
    assert found.concluded == ("CC-BY-NC-SA-4.0",)


def test_prose_against_the_tag() -> None:
    found = call("## License\nThe model is released under the CC-BY-NC-4.0 license.\n", license="mit")
    assert found.concluded == ("MIT", "CC-BY-NC-4.0")
    assert found.osi is False
    assert "names Creative Commons Attribution Non Commercial" in words(found)
    assert found.conflicts[0].span.quote == "the CC-BY-NC-4.0 license"


def test_prose_that_agrees_or_speaks_of_the_code_is_no_conflict() -> None:
    prose = "## License\nThe code is under the MIT License, the weights under the Llama 2 Community License.\n"
    found = call(prose, license="llama2")
    assert (found.concluded, found.conflicts) == ((LLAMA_2,), ())


def test_a_choice_of_licenses() -> None:
    offer = "You may use it under either the GNU General Public License v3.0 or the MIT License, at your option."
    found = call(files={"LICENSE": offer})
    assert set(found.concluded) == {"GPL-3.0-only", "MIT"}
    assert (found.osi, "a choice" in found.why) == (True, True)
    mixed = call(license="CC-BY-NC-4.0 OR MIT")
    assert (mixed.osi, "a choice" in mixed.why) == (True, True)
    both = call(license="CC-BY-NC-4.0 AND MIT")
    assert (both.osi, "a choice" in both.why) == (False, False)


def test_the_weights_license_beside_the_codes() -> None:
    found = call(files={"LICENSE": APACHE, "MODEL_LICENSE": real("chatglm-6b")}, license="apache-2.0")
    assert found.concluded == ("LicenseRef-auditor-chatglm-6b",)
    assert "MODEL_LICENSE is the text of another license" in words(found)


def test_version_drift() -> None:
    found = call(files={"LICENSE": real("llama-2")}, license="llama3")
    assert found.concluded == (LLAMA_2,)
    assert "another version" in words(found)
    assert found.conflicts[0].span.line == 1


def test_two_licenses_in_one_file() -> None:
    found = call(files={"LICENSE": f"{APACHE}\n\n-----\n\n{real('mit')}"})
    assert set(found.concluded) == {"Apache-2.0", "MIT"}
    assert found.osi is True


def test_a_whole_license_in_the_cards_prose() -> None:
    found = call(f"# Chat\n\n## License\n\n{real('deepseek-v3-model')}\n", license="other")
    assert found.concluded == ("LicenseRef-scancode-deepseek-la-1.0",)
    assert {"use-restrictions", "use-restriction-flowdown"} <= {c.id for c in found.clauses}


def test_a_license_in_the_gates_prompt() -> None:
    found = call(license="other", extra_gated_prompt=real("llama-2"))
    assert found.concluded == (LLAMA_2,)


def test_a_policy_beside_a_free_license_adds_its_clauses() -> None:
    found = call(files={"LICENSE": APACHE, "USE_POLICY.md": real("llama-2-aup")}, license="apache-2.0")
    assert found.concluded == ("Apache-2.0",)
    assert {"use-restrictions", "military-restriction"} <= {c.id for c in found.clauses}


def test_an_inserted_condition_is_not_the_plain_license() -> None:
    altered = APACHE.replace(
        "You may reproduce and distribute", "You may for non-commercial purposes only reproduce and distribute"
    )
    assert altered != APACHE
    found = call(files={"LICENSE": altered}, license="apache-2.0")
    assert found.osi is False
    assert "an altered text of" in found.why
