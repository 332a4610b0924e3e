"""Trees that mean harm: nothing outside is read, nothing breaks, nothing heavy is read in silence."""

from __future__ import annotations

import os
import subprocess

import pytest

from auditor.inputs.references import find, scan

USE = "AutoModel.from_pretrained('org/inside')\n"


def test_links_do_not_leave_the_tree(tmp_path):
    outside, tree = tmp_path / "outside", tmp_path / "tree"
    outside.mkdir()
    tree.mkdir()
    (outside / "secret.py").write_text("AutoModel.from_pretrained('org/secret')\n")
    (tree / "file.py").symlink_to(outside / "secret.py")
    (tree / "folder").symlink_to(outside)
    (tree / "loop").symlink_to(tree)
    (tree / "own.py").write_text(USE)
    assert [r.id for r in find(tree)] == ["org/inside"]


def test_a_link_that_git_tracks_is_not_followed_either(tmp_path):
    (tmp_path / "secret.py").write_text("AutoModel.from_pretrained('org/secret')\n")
    tree = tmp_path / "tree"
    tree.mkdir()
    subprocess.run(["git", "init", "-q", str(tree)], check=True)
    (tree / "file.py").symlink_to("../secret.py")
    (tree / "sub").symlink_to("..")
    (tree / "own.py").write_text(USE)
    subprocess.run(["git", "-C", str(tree), "add", "-A"], check=True)
    assert [r.id for r in find(tree)] == ["org/inside"]


def test_a_tracked_folder_that_became_a_link_is_not_followed(tmp_path):
    tree, outside = tmp_path / "tree", tmp_path / "outside"
    for folder in (tree / "sub", outside):
        folder.mkdir(parents=True)
    (tree / "sub" / "a.py").write_text(USE)
    subprocess.run(["git", "init", "-q", str(tree)], check=True)
    subprocess.run(["git", "-C", str(tree), "add", "-A"], check=True)
    (tree / "sub" / "a.py").unlink()
    (tree / "sub").rmdir()
    (outside / "a.py").write_text("AutoModel.from_pretrained('org/secret')\n")
    (tree / "sub").symlink_to(outside)
    assert find(tree) == ()


def test_heavy_files_are_named_and_not_read(tmp_path):
    with (tmp_path / "huge.py").open("wb") as file:
        file.truncate(200_000_000)
    (tmp_path / "own.py").write_text(USE)
    result = scan(tmp_path)
    assert [r.id for r in result.references] == ["org/inside"]
    assert [(s.file, "200,000,000 bytes" in s.why) for s in result.skipped] == [("huge.py", True)]


def test_binaries_pipes_and_odd_names(tmp_path):
    (tmp_path / "binary.py").write_bytes(b"\0\1" + USE.encode())
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "\x1b[31mred\n::error::.py").write_text(USE)
    (tmp_path / os.fsdecode(b"bad\xff.py")).write_text(USE)
    assert [r.id for r in find(tmp_path)] == ["org/inside", "org/inside"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("deep.py", "x = " + "(" * 5000 + ")" * 5000 + "\n"),
        ("chain.py", "x = a" + ".b" * 50_000 + "\n"),
        ("sum.py", "m = " + "+".join(["'a'"] * 5000) + "\nAutoModel.from_pretrained(m)\n"),
        ("circle.py", "a = b\nb = a\ndef f(x):\n    f(x)\n    AutoModel.from_pretrained(x or a)\n"),
        ("fan.py", "".join(f"def f{i}(m, n=g):\n    f{i + 1}(m); f{i + 1}(n)\n" * 8 for i in range(30)) * 2),
        ("nul.py", "AutoModel.from_pretrained('org/\\0x')\n"),
        ("lone.py", "x = {'\\ud800model': 'org/\\ud800'}\nAutoModel.from_pretrained('org/\\udfff')\n"),
        ("lone.ipynb", '{"cells": [{"cell_type": "code", "source": ["from_pretrained(\'\\ud800/x\')"]}]}'),
        ("lone.json", '{"model": "org/\\ud800", "mod\\udfffel": "a/b"}'),
        ("deep.json", '{"model":' * 20_000 + "1" + "}" * 20_000),
        ("deep.yaml", "model: " + "[" * 5000 + "\n"),
        ("bomb.yaml", "a: &a [x,x]\n" + "".join(f"m{i}: &m{i} [*a,*a]\n" for i in range(200)) + "model: org/x y\n"),
        ("open.toml", '[model\nname = "unclosed\n' * 200),
        ("open.sh", "vllm serve '" + "\\\n" * 5000),
        ("quotes.sh", "hf download " + "\"'" * 5000 + "\n"),
        ("bad.ipynb", '{"cells": [{"cell_type": "code", "source": ["from_pretrained(\\ud800'),
        ("Dockerfile", "RUN [" + '"' * 9999 + "\n"),
        ("card.md", "---\nbase_model: &a [*a]\n" + "- " * 3000),
    ],
)
def test_nothing_breaks(tmp_path, name, text):
    (tmp_path / name).write_bytes(text.encode("utf-8", "surrogatepass"))
    (tmp_path / "own.py").write_text(USE)
    assert "org/inside" in [r.id for r in find(tmp_path)]


def test_ignored_and_foreign_folders_are_left_out(tmp_path):
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("private/\n")
    for folder in ("private", "node_modules/x", "build", ".venv/lib", "research", "own"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.py").write_text(USE)
    assert [r.file for r in find(tmp_path)] == ["own/a.py", "research/a.py"]
    assert [r.file for r in find(tmp_path, exclude=["research/**"])] == ["own/a.py"]


def test_a_program_named_in_the_settings_of_a_repository_is_not_run(tmp_path):
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    program = tmp_path / "evil.sh"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    program.chmod(0o755)
    subprocess.run(["git", "-C", str(tmp_path), "config", "core.fsmonitor", str(program)], check=True)
    (tmp_path / "own.py").write_text(USE)
    assert [r.id for r in find(tmp_path)] == ["org/inside"]
    assert not (tmp_path / "ran").exists()


def test_a_missing_folder_is_an_error(tmp_path):
    with pytest.raises(NotADirectoryError):
        find(tmp_path / "nothing")
