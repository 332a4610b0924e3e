"""Bytes of legal files: what is text, in which encoding, and what is said where it is none."""

from __future__ import annotations

import codecs

import pytest

from auditor.identify.decode import MAX_BYTES, decode

WORDS = "You may copy this text.\r\nKeep the notice.\n"


def test_utf8_keeps_the_mark_and_the_line_ends() -> None:
    found = decode(b"\xef\xbb\xbf" + WORDS.encode())
    assert found.text == "\ufeff" + WORDS
    assert (found.encoding, found.problem, found.truncated) == ("utf-8", "", False)


@pytest.mark.parametrize("mark", [True, False])
@pytest.mark.parametrize(("codec", "bom"), [("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16-be", codecs.BOM_UTF16_BE)])
def test_utf16_is_read_with_and_without_its_mark(codec: str, bom: bytes, mark: bool) -> None:
    found = decode((bom if mark else b"") + WORDS.encode(codec))
    assert found.text.lstrip("\ufeff") == WORDS
    assert found.encoding == codec
    assert "UTF-16" in found.problem


def test_latin1_is_the_last_resort_and_is_said() -> None:
    found = decode("Société Générale, réservés".encode("latin-1"))
    assert "Société" in found.text
    assert "Latin-1" in found.problem


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"%PDF-1.7 stream", "PDF"),
        (b"PK\x03\x04rest", "zip"),
        (b"\x1f\x8b\x08rest", "gzip"),
        (b"GGUF\x03", "weights"),
        (b"\x00\x01\x02\x03" * 50, "binary"),
        (bytes(range(1, 9)) * 40, "binary"),
    ],
)
def test_what_is_no_text_is_named(data: bytes, name: str) -> None:
    found = decode(data)
    assert (found.text, found.encoding) == ("", None)
    assert name in found.problem


def test_a_long_file_is_cut_and_said_so() -> None:
    found = decode("é".encode() * MAX_BYTES)
    assert found.truncated
    assert len(found.text.encode()) <= MAX_BYTES
    assert found.encoding == "utf-8"
    assert str(MAX_BYTES) in found.problem


def test_a_character_cut_in_two_does_not_make_it_latin1() -> None:
    assert decode(b"a" + "é".encode() * 10, limit=12).encoding == "utf-8"


def test_empty_bytes_are_an_empty_text() -> None:
    assert decode(b"").text == ""
    assert decode(b"").encoding == "utf-8"
