"""Which texts may hold terms, and where they begin."""

from __future__ import annotations

import pytest

from auditor.model import Document, LegalText, RepoContent, RepoId
from auditor.parse.legal import role_of
from auditor.parse.record import parse

PROMPT = "You accept our terms."


def texts(card: str = "", info: dict[str, object] | None = None, **files: str) -> tuple[LegalText, ...]:
    documents = [Document(path, text) for path, text in files.items()] + [Document("README.md", card)]
    return parse(RepoContent(RepoId("model", "acme/m"), "resolved", info=info or {}, documents=tuple(documents))).legal


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("LICENSE", "license"),
        ("LICENSE.txt", "license"),
        ("LICENSE-2.0", "license"),
        ("LICENSE.acme", "license"),
        ("licence.md", "license"),
        ("COPYING", "license"),
        ("original/LICENSE", "license"),
        ("LICENSES/MIT.txt", "license"),
        ("Acme License Agreement.txt", "license"),
        ("模型许可协议.txt", "model-license"),
        ("MODEL_LICENSE", "model-license"),
        ("LICENSE-MODEL.md", "model-license"),
        ("LICENSE-CODE", "code-license"),
        ("Acme-Coder-LICENSE", "license"),
        ("code/LICENSE", "code-license"),
        ("WEIGHTS_LICENSE", "model-license"),
        ("Model License.pdf", "model-license"),
        ("LISENCE", "license"),
        ("COPYRIGHT.txt", None),
        ("TOS.md", "license"),
        ("LICENSE-3RD-PARTY.txt", "notice"),
        ("AUP.md", "use-policy"),
        ("photos.txt", None),
        ("USE_POLICY.md", "use-policy"),
        ("Acceptable_Use.md", "use-policy"),
        ("NOTICE", "notice"),
        ("THIRD_PARTY.md", "notice"),
        ("README.md", None),
        ("config.json", None),
        ("license.py", None),
        ("licenses.json", None),
        ("notes.txt", None),
    ],
)
def test_roles(path: str, role: str | None) -> None:
    assert role_of(path) == role


def test_a_file_that_license_link_names_is_legal() -> None:
    card = "---\nlicense_link: https://huggingface.co/acme/m/blob/main/permission.txt\n---\n"
    (found,) = texts(card, **{"permission.txt": "All may use it.", "other.txt": "x"})
    assert (found.path, found.role) == ("permission.txt", "license")


def test_a_link_to_another_repository_names_no_file_here() -> None:
    card = "---\nlicense_link: https://huggingface.co/acme/other/blob/main/permission.txt\n---\n"
    assert texts(card, **{"permission.txt": "All may use it."}) == ()


def test_an_empty_license_file_is_no_text() -> None:
    assert texts(LICENSE=" \n") == ()


def test_prompt_of_the_gate_from_the_answer_and_once_only() -> None:
    card = f"---\nextra_gated_prompt: {PROMPT}\n---\n"
    (found,) = texts(card, {"cardData": {"extra_gated_prompt": PROMPT}})
    assert (found.path, found.role, found.text) == ("api:cardData.extra_gated_prompt", "gated-prompt", PROMPT)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_prompt_in_the_card_begins_at_its_offset(newline: str) -> None:
    card = newline.join(
        ["\ufeff---", "extra_gated_prompt: >-", "  You accept", "  our terms.", "license: mit", "---", ""]
    )
    (found,) = texts(card)
    assert found.role == "gated-prompt"
    assert found.text.split() == PROMPT.split()
    assert card[found.offset :].startswith("  You accept")
    assert card[found.offset : found.offset + len(found.text)].split() == PROMPT.split()


def test_check_boxes_of_the_gate() -> None:
    card = "---\nextra_gated_fields:\n  Name: text\n  I will not sell it: checkbox\n---\n"
    (found,) = texts(card)
    assert found.text == "I will not sell it"


@pytest.mark.parametrize(
    "heading",
    [
        "## License",
        "# Licence:",
        "### 4. Licensing Information",
        "**License**",
        "License\n-------",
        "## 使用协议",
        "## 📜 License",
    ],
)
def test_license_section_of_the_card(heading: str) -> None:
    card = f"---\nlicense: mit\n---\n# Model\nwords\n\n{heading}\nFree for all.\n\n# Citation\nnone\n"
    (found,) = texts(card)
    assert (found.path, found.role) == ("README.md", "card-prose")
    assert found.text.strip() == "Free for all."
    assert card[found.offset : found.offset + len(found.text)] == found.text


def test_section_holds_its_subsections_once() -> None:
    (found,) = texts("## License\nA.\n### Model license\nB.\n## Next\nC.\n")
    assert "A." in found.text
    assert "B." in found.text
    assert "C." not in found.text


def test_headings_in_code_are_none() -> None:
    assert texts("```\n# License\nFree.\n```\n") == ()
    (found,) = texts("## License\nA.\n```\n# comment\n```\nB.\n")
    assert "B." in found.text


def test_empty_section_is_no_text() -> None:
    assert texts("## License\n\n## Next\nwords") == ()


def test_a_sentence_about_licenses_is_no_heading() -> None:
    assert texts("**The license of this model lets you use it for anything at all, says its author.**\nmore\n") == ()


def test_a_line_that_grants_counts_where_no_section_does() -> None:
    line = "The model is licensed under the MIT License."
    (found,) = texts(f"# Chat\n\nHello.\n{line}\n")
    assert (found.role, found.text.strip(), found.offset) == ("card-prose", line, len("# Chat\n\nHello.\n"))
    (section,) = texts(f"# Chat\n{line}\n## License\nMIT\n")
    assert section.text == "MIT\n"
    assert texts("# Chat\nThe data were released under CC0.\n") == ()
