"""Builds the index of standard texts: `python -m auditor.identify.build_index FOLDER... -o data/fingerprints`.

A folder holds `manifest.jsonl` (slug, title, spdx_id or null, sha256, source, kind) and `texts/<slug>.txt`. What is
written holds figures, titles and sources, no text. Of texts with the same words the first one counts; a further text
under an SPDX id that adds words to the first is a license of its own.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from array import array
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate, chain
from pathlib import Path
from typing import Any, NamedTuple

from auditor.identify import fingerprints
from auditor.identify.decode import decode
from auditor.identify.match import nearest
from auditor.identify.tolerance import is_copyright_line
from auditor.identify.worddiff import align
from auditor.identify.words import fold, is_chinese, split

_RARE = 0.02  # a word in fewer of the texts than this share is taken for a name
_NAME = 0.1  # the same for a word that ids are made of: families have many members
_SHORTEST = 20  # words
_TITLE_LINES = 3


class Text(NamedTuple):
    """A text on its way into the index; `title` counts the words of each line of its heading."""

    id: str
    row: dict[str, Any]
    words: list[str]
    title: list[int]


def build(folders: list[Path], out: Path) -> list[str]:
    """Writes the index of `folders` into `out`; returns what was not taken as it came. Raises OSError, KeyError."""
    left_out: list[str] = []
    out.mkdir(parents=True, exist_ok=True)
    texts = list(_chosen((t for f in folders for t in read_folder(f)), left_out))
    order, telling = _vocabulary(texts)
    numbers = {word: n for n, word in enumerate(order, 1)}
    sequences = [fingerprints.little(array("H", [numbers[w] for w in t.words])) for t in texts]
    runs = [fingerprints.sampled_runs(s) for s in sequences]
    grouped = _grouped(runs)
    rows = [_row(t, s, r) for t, s, r in zip(texts, sequences, runs, strict=True)]
    head = {"format": 2, "words": len(order), "telling": telling}
    head |= {"runs": len(grouped.hashes), "groups": len(grouped.ends), "grouped": len(grouped.texts)}
    length = sum(len(t.words) for t in texts)
    (out / "texts.json").write_text(_described({**head, "length": length}, rows), "utf-8")
    hashed = sorted((fingerprints.word_hash(word), number) for word, number in numbers.items())
    hashes, of_hash = array("Q", [h for h, _ in hashed]), array("H", [n for _, n in hashed])
    (out / "words.bin").write_bytes(fingerprints.little(hashes) + fingerprints.little(of_hash))
    (out / "sequences.bin").write_bytes(b"".join(sequences))
    (out / "runs.bin").write_bytes(b"".join(map(fingerprints.little, grouped)))
    describe_nearest(out)
    return left_out


def describe_nearest(out: Path) -> None:
    """Adds to `texts.json` what is nearest to each text, which only a whole index can tell."""
    head = json.loads((out / "texts.json").read_text("utf-8"))
    rows = head.pop("texts")
    index = fingerprints.load(out)
    for number, row in enumerate(rows):
        row["near"] = nearest(index, number)
    (out / "texts.json").write_text(_described(head, rows), "utf-8")


def _described(head: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows)
    return f'{json.dumps(head)[:-1]}, "texts": [\n{lines}\n]}}\n'


def _grouped(runs: list[set[int]]) -> fingerprints.Runs:
    """The runs of each text turned round: which texts hold a run."""
    holders: dict[int, list[int]] = {}
    for number, found in enumerate(runs):
        for run in found:
            holders.setdefault(run, []).append(number)
    groups: dict[tuple[int, ...], int] = {}
    of_run = [groups.setdefault(tuple(holders[run]), len(groups)) for run in sorted(holders)]
    ends = accumulate(map(len, groups))
    texts = chain.from_iterable(groups)
    return fingerprints.Runs(array("I", sorted(holders)), array("H", of_run), array("I", ends), array("H", texts))


def read_folder(folder: Path) -> Iterator[Text]:
    """The texts of one folder, standard ones first. Raises OSError, KeyError, and ValueError on a wrong hash."""
    rows = [json.loads(line) for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines() if line.strip()]
    rows.sort(key=lambda row: row["slug"].lower() != (row.get("spdx_id") or "").lower().removesuffix("-only"))
    for row in rows:
        data = (folder / "texts" / f"{row['slug']}.txt").read_bytes()
        if hashlib.sha256(data).hexdigest() != row["sha256"]:
            raise ValueError(f"{folder}: {row['slug']}: the text does not have the hash of the manifest")
        yield read_text(row, decode(data).text)


def read_text(row: dict[str, Any], text: str) -> Text:
    """The words of `text` without its copyright lines."""
    lines = [" " * len(line) if is_copyright_line(line) else line for line in text.split("\n")]
    words = split(fold("\n".join(lines)))
    return Text(row.get("spdx_id") or _own_id(row), row, words, _title(lines))


def _own_id(row: dict[str, Any]) -> str:
    """The id of a text that no list names; SPDX allows no plus sign in it."""
    return f"LicenseRef-auditor-{row['slug'].replace('+', '-plus')}"


def _title(lines: list[str]) -> list[int]:
    """How many words the lines of the heading have: the short capitalised ones before the first sentence."""
    counts: list[int] = []
    heads = [line.strip() for line in lines if split(fold(line))][:_TITLE_LINES]
    for line in heads:
        shown = line.replace("#", " ").replace("*", " ").split()
        letters = [w for w in shown if w[0].isalpha() and len(w) > 3]
        capital = sum(any(c.isupper() or is_chinese(c) for c in w) for w in letters)
        numbered = split(fold(line))[0].isdecimal()
        if numbered or len(line) > 100 or line.endswith((".", ";", ":", ",", "。")) or capital * 3 < len(letters) * 2:
            break
        counts.append(len(split(fold(line))))
    return counts


def _chosen(texts: Iterator[Text], left_out: list[str]) -> Iterator[Text]:
    """The texts that belong in the index: each sequence once, nothing tiny, no enlarged text under a standard id."""
    seen: dict[tuple[str, ...], str] = {}
    first: dict[str, Text] = {}
    for text in texts:
        slug, key = text.row["slug"], tuple(text.words)
        if len(text.words) < _SHORTEST or len(text.words) > fingerprints.MAX_WORDS:
            left_out.append(f"{slug}: left out, {len(text.words)} words")
        elif key in seen:
            left_out.append(f"{slug}: left out, the same words as {seen[key]}")
        else:
            if text.id in first and not text.id.startswith("LicenseRef-") and _adds(first[text.id], text):
                left_out.append(f"{slug}: adds words to {text.id}, so it goes by its own name")
                text = text._replace(id=_own_id(text.row))
            seen[key] = slug
            first.setdefault(text.id, text)
            yield text


def _adds(standard: Text, other: Text) -> bool:
    """Whether `other` has words after its heading that `standard` lacks."""
    numbers = {w: n for n, w in enumerate(sorted({*standard.words, *other.words}), 1)}
    mine, theirs = (fingerprints.little(array("H", [numbers[w] for w in t.words])) for t in (standard, other))
    blocks = align(mine, theirs)
    extra = len(other.words) - sum(block.size for block in blocks)
    return extra > sum(other.title)


def _vocabulary(texts: list[Text]) -> tuple[list[str], int]:
    """All words, those that tell versions and families apart first, and how many these are."""
    spread = Counter(word for text in texts for word in set(text.words))
    rare, name = max(1, int(len(texts) * _RARE)), int(len(texts) * _NAME)
    names = {word for text in texts for word in split(fold(text.id))}

    def tells(word: str) -> bool:
        named = word in names and spread[word] <= name
        return spread[word] <= rare or named or any(c.isdecimal() for c in word)

    telling = sorted(word for word in spread if tells(word))
    common = sorted(word for word in spread if not tells(word))
    if len(spread) > fingerprints.MAX_WORDS:
        raise ValueError(f"{len(spread)} words do not fit into 16 bits")
    return telling + common, len(telling)


def _row(text: Text, sequence: bytes, runs: set[int]) -> dict[str, Any]:
    row = text.row
    return {
        "id": text.id,
        "slug": row["slug"],
        "name": row["title"],
        "kind": row.get("kind", "license"),
        "words": len(text.words),
        "title": text.title,
        "runs": len(runs),
        "sha256": row["sha256"],
        "source": row["source"],
    }


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("-o", "--out", required=True, type=Path)
    chosen = parser.parse_args()
    for line in build(chosen.folders, chosen.out):
        print(line, file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
