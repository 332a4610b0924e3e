"""The index of standard texts: their sequences of word numbers, and hashes of word runs that find candidates.

The files hold figures only. `texts.json` says what each text is, `words.bin` holds the 64-bit hash of every word in the
order of the words' numbers (from 1; 0 is a word that no standard text has), `sequences.bin` the texts as 16-bit word
numbers, `runs.bin` one in four of the hashes of five words in a row and then the texts that they stand in.
"""

from __future__ import annotations

import functools
import hashlib
import json
import sys
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from auditor.identify.worddiff import WIDTH
from auditor.identify.words import fold, split
from auditor.resources import data_dir

RUN = 5  # words
SAMPLE = 3  # a run counts where its hash has none of these bits: one in four
MAX_WORDS = 0xFFFF


class Standard(NamedTuple):
    """One text of the index; `start` and `size` in words, `title` those of its heading's lines, `runs` its hashes."""

    id: str
    slug: str
    name: str
    start: int
    size: int
    title: tuple[int, ...]
    runs: int


class Index(NamedTuple):
    """Numbers up to `telling` belong to names and figures: words that make a version or a family."""

    standards: list[Standard]
    numbers: dict[int, int]
    telling: int
    sequences: bytes
    run_hashes: array[int]
    run_texts: array[int]

    def sequence(self, number: int) -> bytes:
        """The word numbers of text `number`, two bytes each."""
        standard = self.standards[number]
        return self.sequences[standard.start * WIDTH : (standard.start + standard.size) * WIDTH]


@functools.cache
def shipped() -> Index:
    """The index that ships with the project."""
    return load(data_dir() / "fingerprints")


def load(folder: Path) -> Index:
    """The index in `folder`. Raises OSError, or ValueError where the files do not belong together."""
    described = json.loads((folder / "texts.json").read_text("utf-8"))
    words = _read(folder / "words.bin", "Q")
    runs = (folder / "runs.bin").read_bytes()
    count = described["runs"]
    sequences = (folder / "sequences.bin").read_bytes()
    if len(words) != described["words"] or len(runs) != count * 6 or len(sequences) != described["length"] * WIDTH:
        raise ValueError(f"{folder}: the files of the index do not belong together; build it again")
    standards: list[Standard] = []
    start = 0
    for row in described["texts"]:
        title = tuple(row["title"])
        standards.append(Standard(row["id"], row["slug"], row["name"], start, row["words"], title, row["runs"]))
        start += row["words"]
    numbers = dict(zip(words, range(1, len(words) + 1), strict=True))
    hashes, texts = _array("I", runs[: count * 4]), _array("H", runs[count * 4 :])
    return Index(standards, numbers, described["telling"], sequences, hashes, texts)


def word_hash(word: str) -> int:
    """64 bits: too many for a chance meeting of two words."""
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def numbered(index: Index, words: list[str]) -> bytes:
    """`words` as word numbers, two bytes each; 0 where no standard text has the word."""
    numbers = {word: index.numbers.get(word_hash(word), 0) for word in set(words)}
    return little(array("H", [numbers[word] for word in words]))


def little(values: array[int]) -> bytes:
    """The bytes of `values`, low byte first on every machine."""
    if sys.byteorder == "big":
        values = values[:]
        values.byteswap()
    return values.tobytes()


def sampled_runs(sequence: bytes) -> set[int]:
    """One in four of the hashes of five words in a row."""
    width = RUN * WIDTH
    hashes = {crc32(sequence[at : at + width]) for at in range(0, len(sequence) - width + 1, WIDTH)}
    return {h for h in hashes if not h & SAMPLE}


def candidates(index: Index, sequence: bytes, exclude: Collection[str] = ()) -> list[tuple[int, float]]:
    """Texts that share runs with `sequence`, most alike first: number, and the share of its runs that were met."""
    hits: dict[int, int] = {}
    hashes, texts = index.run_hashes, index.run_texts
    for run in sampled_runs(sequence):
        at = bisect_left(hashes, run)
        if at < len(hashes) and hashes[at] == run:
            for place in range(at, bisect_right(hashes, run, at)):
                number = texts[place]
                hits[number] = hits.get(number, 0) + 1
    standards = index.standards
    kept = [n for n in hits if standards[n].id not in exclude and standards[n].slug not in exclude]
    kept.sort(key=lambda n: (-hits[n] * hits[n] / standards[n].runs, standards[n].size, n))
    return [(n, hits[n] / standards[n].runs) for n in kept]


def name_of(license_id: str) -> str | None:
    """The title of a shipped standard text; the catalogue may not know all of them."""
    return next((s.name for s in shipped().standards if s.id == license_id), None)


@functools.cache
def shipped_titles() -> frozenset[str]:
    """`id_words` of the shipped index."""
    return id_words(shipped().standards)


def id_words(standards: Iterable[Standard]) -> frozenset[str]:
    """The words that ids are made of."""
    return frozenset(word for s in standards for word in split(fold(s.id)))


def _read(path: Path, kind: str) -> array[int]:
    return _array(kind, path.read_bytes())


def _array(kind: str, data: bytes) -> array[int]:
    values: array[int] = array(kind)
    values.frombytes(data)
    if sys.byteorder == "big":
        values.byteswap()
    return values
