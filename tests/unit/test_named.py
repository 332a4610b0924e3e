"""Licenses that a few words name: which, for what, and what is no naming at all."""

from __future__ import annotations

import pytest

from auditor.identify.named import namings

LLAMA_2 = "LicenseRef-scancode-llama-2-license-2023"
GEMMA = "LicenseRef-scancode-gemma-tou-2025-03-24"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Apache 2.0", [("Apache-2.0", None)]),
        ("SPDX-License-Identifier: MIT\n", [("MIT", None)]),
        ("# SPDX-License-Identifier: GPL-3.0-only OR MIT", [("GPL-3.0-only", None), ("MIT", None)]),
        ("The weights are offered under the CC-BY-NC-4.0 license, see below for more.", [("CC-BY-NC-4.0", "weights")]),
        (
            "Our code is under the MIT License. The model weights are published under the Gemma Terms of Use.",
            [("MIT", "code"), (GEMMA, "weights")],
        ),
        ("Both code and weights are shared under Apache 2.0, with thanks to everyone.", [("Apache-2.0", "weights")]),
        (
            "This has [its license](https://huggingface.co/meta-llama/Llama-2-7b-hf/blob/main/LICENSE.txt) there.",
            [(LLAMA_2, None)],
        ),
        ("模型权重采用 Apache 2.0 许可证发布", [("Apache-2.0", "weights")]),
        ("Model License: llama2", [(LLAMA_2, "weights")]),
        ("The annotations are available under CC BY-SA 4.0 for everyone who needs them.", [("CC-BY-SA-4.0", "data")]),
    ],
)
def test_what_is_named(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert [(n.id, n.about) for n in namings(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "We thank the authors of Llama 2 and of Gemma, on whose work all of this stands, for their license to think.",
        "The base model is licensed under the Llama 2 Community License, which its users should read with care.",
        "It is not released under the MIT License, whatever the badge above may say about that matter.",
        "Outputs of the service are subject to the OpenAI Terms of Use, as are the prompts that people sent to it.",
        "Please read the license before you download anything, and write to us with any question about it.",
        "",
    ],
)
def test_what_names_no_license_of_its_own(text: str) -> None:
    assert namings(text) == ()


def test_a_choice_is_told() -> None:
    both = namings("You may use it under either the MIT License or the Apache License 2.0, at your option.")
    assert [(n.id, n.choice) for n in both] == [("MIT", True), ("Apache-2.0", True)]
    assert not any(n.choice for n in namings("Code or tools are under the MIT License and weights under Apache 2.0."))


def test_places_are_exact_and_long_junk_is_cut() -> None:
    text = "Intro.\nThe model is under the MIT License.\n" + "under license x " * 100_000
    (naming,) = namings(text)
    assert text[naming.start : naming.end] == "the MIT License"
