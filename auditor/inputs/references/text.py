"""Places in a text, and the search for loaders and addresses in files that cannot be parsed."""

from __future__ import annotations

import functools
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from auditor.inputs.references.names import address, named
from auditor.inputs.references.reference import Kind, Reference
from auditor.inputs.references.tree import Tree
from auditor.inputs.references.vocabulary import globs


class Lines:
    """Turns offsets into lines and columns, both from 1; a text from within a file begins at `line` and `column`."""

    def __init__(self, text: str, line: int = 1, column: int = 1) -> None:
        self.text, self._line, self._column = text, line, column
        self._starts: list[int] | None = None
        self._split: list[str] | None = None

    def at(self, offset: int) -> tuple[int, int]:
        """The place of a character offset."""
        if self._starts is None:
            self._starts = [0, *accumulate(len(row) + 1 for row in self.text.split("\n"))]
        line = bisect_right(self._starts, offset)
        return line + self._line - 1, offset - self._starts[line - 1] + (self._column if line == 1 else 1)

    def of_ast(self, line: int, byte: int) -> tuple[int, int]:
        """The place of a node of a syntax tree, whose columns count bytes of UTF-8."""
        if self.text.isascii():
            return line, byte + 1
        if self._split is None:
            self._split = self.text.split("\n")
        row = self._split[line - 1] if line <= len(self._split) else ""
        return line, len(row.encode("utf-8", "surrogatepass")[:byte].decode("utf-8", "ignore")) + 1


@functools.cache
def _patterns() -> tuple[Any, Any]:
    import re2

    call = (
        r"\b(from_pretrained|load_dataset|snapshot_download|hf_hub_download|SentenceTransformer|CrossEncoder|LLM|"
        r"from_single_file|InferenceClient|load_lora_weights)\s*\(\s*"
        r"(?:(?:pretrained_model_name_or_path|path|repo_id|model|model_name|model_name_or_path)\s*=\s*)?"
        r"\\?[\"']([^\"'\\\s]{1,200})\\?[\"']"
        r"(?:[^()\n]{0,200}?\brevision\s*=\s*\\?[\"']([^\"'\\\s]{1,200})\\?[\"'])?"
    )
    link = r"(?:https?://(?:www\.)?(?:huggingface\.co|hf\.co|hf-mirror\.com)/|hf://)[A-Za-z0-9._/%@-]+"
    return re2.compile(call), re2.compile(link)


def scan_text(
    file: str, text: str, tree: Tree, *, python: bool = False, how: str = "", lines: Lines | None = None
) -> Iterator[Reference]:
    """Calls of loaders with a literal name, in any text; comments (and in Python docstrings) are left out."""
    lines = lines or Lines(text)
    shown = without_comments(text, docstrings=python)
    for match in _patterns()[0].finditer(shown):
        name = match.group(1)
        kind: Kind = (
            "dataset"
            if name == "load_dataset" or 'repo_type="dataset"' in shown[match.end() : match.end() + 120]
            else "model"
        )
        found = named(match.group(2), kind, tree, file, bare=name in ("from_pretrained", "load_dataset"))
        if (
            found is None
            and name == "SentenceTransformer"
            and globs("prefixed", "sentence-transformers").fit(match.group(2))
        ):
            found = named(f"sentence-transformers/{match.group(2)}", "model", tree, file)
        if found:
            line, column = lines.at(match.start(2) - 1)
            yield Reference(
                found.id, found.kind, file, line, column, match.group(3), how or name, "likely", match.group(2)
            )


def links(file: str, text: str, shown: str | None = None, lines: Lines | None = None) -> Iterator[Reference]:
    """Addresses of repositories in a text whose comments are blanked in `shown`."""
    lines = lines or Lines(text)
    for match in _patterns()[1].finditer(text if shown is None else shown):
        found = address(match.group(0))
        if found and "/" in found.id:
            line, column = lines.at(match.start())
            yield Reference(
                found.id, found.kind, file, line, column, found.revision, "hub-url", "sure", match.group(0)[:300]
            )


def without_comments(text: str, *, docstrings: bool = False, marks: str = "#") -> str:
    """The text with comments as spaces, of the same length; a mark inside quotes or a word is none."""
    out: list[str] = []
    at, quote = 0, ""
    while at < len(text):
        char = text[at]
        if quote:
            if text.startswith(quote, at):
                out.append(" " * len(quote) if len(quote) == 3 else quote)
                at += len(quote)
                quote = ""
                continue
            if char == "\\" and len(quote) == 1:
                out.append(text[at : at + 2])
                at += 2
                continue
            if char == "\n" and len(quote) == 1:
                quote = ""
            out.append(char if len(quote) != 3 or char == "\n" else " ")
        elif docstrings and text.startswith(('"""', "'''"), at):
            quote = text[at : at + 3]
            out.append("   ")
            at += 3
            continue
        elif char in "\"'" and docstrings:
            quote = char
            out.append(char)
        elif char in marks and (at == 0 or text[at - 1] in " \t\n;"):
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            out.append(" " * (end - at))
            at = end
            continue
        else:
            out.append(char)
        at += 1
    return "".join(out)
