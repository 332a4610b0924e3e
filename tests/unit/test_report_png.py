"""The picture in pixels: the same bytes twice, letters where the machine has no font, a remedy where it cannot be."""

from __future__ import annotations

import dataclasses
import importlib.util
import struct
import sys
from pathlib import Path
from typing import Any

import pytest

from auditor.errors import UsageError
from auditor.model import Lineage, Span, Statement
from auditor.report import FORMATS, content, png, render, svg
from tests.golden.sample import sample
from tests.support.hostile import TEXTS, hostile
from tests.support.lineages import report_of

pytest.importorskip("resvg_py", reason="the extra png is not installed")


def _size(picture: bytes) -> tuple[int, int]:
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


def test_it_is_the_svg_at_twice_its_size_the_same_bytes_twice() -> None:
    lineage = report_of(5).lineage
    picture = png.render(lineage)
    width, height = map(int, png._SIZE.findall(svg.render(lineage))[0])
    assert _size(picture) == (2 * width, 2 * height)
    assert png.render(lineage) == picture == content(dataclasses.replace(sample(), lineage=lineage), "png")


def test_a_large_lineage_stays_within_its_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(png, "_PIXELS", 100_000)
    width, height = _size(png.render(report_of(30).lineage))
    assert 90_000 < width * height < 102_000


def test_nothing_is_asked_of_the_machine_for_plain_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """So words appear where no font is installed, and look alike everywhere."""
    import resvg_py

    asked: list[dict[str, Any]] = []

    def record(**options: Any) -> bytes:
        asked.append(options)
        return b""

    monkeypatch.setattr(resvg_py, "svg_to_bytes", record)
    png.render(sample().lineage)
    png.render(_named("自定义许可证"))
    assert [options["skip_system_fonts"] for options in asked] == [True, False]
    assert all(Path(options["font_files"][0]).is_file() for options in asked)
    assert "var(" not in asked[0]["svg_string"]
    assert "@media" not in asked[0]["svg_string"]


def _named(license_: str) -> Lineage:
    lineage = report_of(2).lineage
    node = lineage.nodes["lab/parent-1"]
    said = (Statement("license", license_, Span("lab/parent-1")),)
    call = dataclasses.replace(node.license, concluded=(), known=False, declared=said)
    return dataclasses.replace(
        lineage, nodes={**lineage.nodes, "lab/parent-1": dataclasses.replace(node, license=call)}
    )


def test_every_sign_of_the_pictures_is_in_the_font() -> None:
    """A letter that is missing comes out as a box, always the same."""
    import resvg_py

    def drawn(letter: str) -> bytes:
        text = f"<text x='4' y='24' font-family='&quot;{png._FONT}&quot;' font-size='20'>{letter}</text>"
        return resvg_py.svg_to_bytes(
            svg_string=f"<svg xmlns='http://www.w3.org/2000/svg' width='40' height='40'>{text}</svg>",
            skip_system_fonts=True,
            font_files=[png._font() or ""],
        )

    missing = drawn("\u8a31")
    assert missing == drawn("\u4eba") != drawn(" ")
    assert [letter for letter in sorted(png._SIGNS) if drawn(letter) == missing] == []
    latin = [chr(code) for code in range(0x21, png._KNOWN) if chr(code).isalpha()]
    assert [letter for letter in latin[::7] if drawn(letter) == missing] == []


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_hostile_names_leave_a_picture_of_the_same_size(text: str) -> None:
    assert _size(png.render(hostile(text).lineage)) == _size(png.render(hostile("x").lineage))


@pytest.mark.parametrize("lacking", ["resvg_py", "fontpkg_source_sans_3"])
def test_without_the_extra_it_says_what_to_install(lacking: str, monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setitem(sys.modules, lacking, None)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name == lacking else find(name, *rest))
    with pytest.raises(UsageError, match="needs the packages") as caught:
        png.render(sample().lineage)
    assert "[png]" in caught.value.remedy


def test_a_picture_is_no_text() -> None:
    with pytest.raises(UsageError, match="no text"):
        render(sample(), "png")
    assert all(isinstance(content(sample(), form), bytes if form == "png" else str) for form in FORMATS)
