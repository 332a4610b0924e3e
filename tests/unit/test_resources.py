"""Shipped YAML through its cache, and where the cache lies."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs
import pytest

from auditor.errors import FileMistakes
from auditor.resources import cache_dir, load_file, load_folder, write_atomically


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AUDITOR_CACHE", str(tmp_path / "cache"))


@pytest.mark.parametrize("xdg", [None, "/somewhere/else", "not/absolute", " "])
def test_the_cache_lies_where_platformdirs_puts_it(monkeypatch: pytest.MonkeyPatch, xdg: str | None) -> None:
    monkeypatch.delenv("AUDITOR_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    if xdg is not None:
        monkeypatch.setenv("XDG_CACHE_HOME", xdg)
    expected = Path(platformdirs.user_cache_dir("auditor", appauthor=False))
    assert cache_dir() == expected or not expected.is_absolute()
    assert cache_dir().is_absolute()


def test_an_edited_a_new_and_a_lost_file_are_noticed(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    write_atomically(folder / "a.yaml", "x: 1")
    assert load_folder(folder) == {"a.yaml": {"x": 1}}
    write_atomically(folder / "a.yaml", "x: 22")
    write_atomically(folder / "deep" / "b.yaml", "day: 2024-01-02")
    assert load_folder(folder) == {"a.yaml": {"x": 22}, "deep/b.yaml": {"day": "2024-01-02"}}
    assert load_folder(folder, skip=("deep/",)) == {"a.yaml": {"x": 22}}
    (folder / "a.yaml").unlink()
    assert list(load_folder(folder)) == ["deep/b.yaml"]


def test_the_second_reading_comes_from_the_cache_and_a_damaged_cache_is_no_matter(tmp_path: Path) -> None:
    file = tmp_path / "one.yaml"
    write_atomically(file, "x: [1, yes, 'text']")
    assert load_file(file) == {"x": [1, True, "text"]}
    (kept,) = (tmp_path / "cache" / "parsed").iterdir()
    kept.write_text('{"one.yaml": {"x": "kept"}}', "utf-8")
    assert load_file(file) == {"x": "kept"}
    kept.write_text("{broken", "utf-8")
    assert load_file(file) == {"x": [1, True, "text"]}


def test_a_syntax_error_names_file_and_line(tmp_path: Path) -> None:
    write_atomically(tmp_path / "bad.yaml", "a: 1\nb: [\n")
    with pytest.raises(FileMistakes) as caught:
        load_file(tmp_path / "bad.yaml")
    (mistake,) = caught.value.mistakes
    assert mistake.file.endswith("bad.yaml")
    assert mistake.line == 3


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out.txt"
    write_atomically(target, "old")

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_atomically(target, "new")
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["out.txt"]
    assert target.read_text("utf-8") == "old"


def test_a_written_file_can_be_read_by_whom_the_umask_lets(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        write_atomically(tmp_path / "out.txt", "text")
    finally:
        os.umask(old)
    assert (tmp_path / "out.txt").stat().st_mode & 0o777 == 0o644
