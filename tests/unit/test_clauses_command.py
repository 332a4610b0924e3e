"""`auditor license`: formats, exit codes, stdin, and hostile text."""

import io
import json
import sys
from pathlib import Path

import pytest

from auditor.cli.license import license_command
from auditor.errors import UsageError
from auditor.model import Clause, Difference, Span, TextMatch
from auditor.report.license_text import Reading, document, render

TEXT = """\ufeffAcme Weights License\r
\r
1. You may not use the model for any commercial purpose.\r
2. You must give every recipient a copy of this license.\r
"""


@pytest.fixture
def text_file(tmp_path: Path) -> Path:
    path = tmp_path / "LICENSE"
    path.write_bytes(TEXT.encode())
    return path


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_one_json_line_a_file_with_offsets_into_it(text_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert license_command([str(text_file), str(text_file)], "jsonl", None) == 0
    first, second = lines(capsys)
    assert first == second
    assert first["file"] == str(text_file)
    assert first["license"]["match"] == "none"
    clauses = {clause["id"]: clause for clause in first["clauses"]}
    assert set(clauses) == {"non-commercial", "license-copy-required"}
    for clause in clauses.values():
        assert TEXT[clause["start"] : clause["end"]] == clause["quote"]
    assert clauses["license-copy-required"]["section"] == "2"


def test_json_is_a_list(text_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    assert license_command([str(text_file)], "json", str(out)) == 0
    assert len(json.loads(out.read_text("utf-8"))) == 1


def test_stdin(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    assert license_command(["-"], "jsonl", None) == 0
    (found,) = lines(capsys)
    assert found["file"] == "-"
    assert len(found["clauses"]) == 2


def test_what_is_no_text_cannot_be_decided(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "LICENSE.pdf"
    path.write_bytes(b"%PDF-1.7\n\x00\x01")
    assert license_command([str(path)], "jsonl", None) == 3
    (found,) = lines(capsys)
    assert "PDF" in found["problem"]
    assert found["clauses"] == []
    assert license_command([str(path)], "text", None) == 3
    assert "could not tell" in capsys.readouterr().out


def test_utf_16_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "LICENSE"
    path.write_bytes(TEXT.lstrip("\ufeff").encode("utf-16"))
    assert license_command([str(path)], "jsonl", None) == 0
    (found,) = lines(capsys)
    assert {clause["id"] for clause in found["clauses"]} == {"non-commercial", "license-copy-required"}


def test_wrong_usage(tmp_path: Path, text_file: Path) -> None:
    with pytest.raises(UsageError, match="no file"):
        license_command([str(tmp_path / "missing")], "text", None)
    with pytest.raises(UsageError, match="folder"):
        license_command([str(tmp_path)], "text", None)
    with pytest.raises(UsageError, match="'yaml' is no format"):
        license_command([str(text_file)], "yaml", None)


def reading() -> Reading:
    span = Span(repo="", start=0, end=9, quote="evil \x1b[31m words")
    clauses = (
        Clause("attribution-notice", {}, span, "9"),
        Clause("user-count-cap", {"threshold": 5_000_000, "unit": "MAU"}, span, "2"),
    )
    difference = Difference(3, 8, "an added sentence")
    return Reading("a\x07b", (TextMatch("MIT", "modified", 0.97, (("MIT", 0.97),), (difference,), 2),), clauses)


def test_text_for_people() -> None:
    text = render([reading()])
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "MIT License  modified, 97.0% of the words in common" in text
    assert "“an added sentence”" in text
    assert "2 words of the standard text are missing" in text
    assert "threshold: 5,000,000; unit: MAU" in text
    assert text.index("User-count cap") < text.index("Attribution"), "what decides an adoption comes first"
    assert "section 2" in text
    assert "\x1b[" in render([reading()], color=True)
    assert max(map(len, text.splitlines())) <= 100


def test_several_licenses_in_one_file() -> None:
    both = Reading("x", (TextMatch("MIT", "exact", 1.0), TextMatch("ISC", "exact", 1.0)), ())
    assert [match["id"] for match in document(both)["others"]] == ["ISC"]
    assert "ISC License" in render([both])
