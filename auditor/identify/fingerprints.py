"""The index of standard texts: their sequences of word numbers, and hashes of word runs that find candidates.

The files hold figures only. `texts.json` says what each text is, `words.bin` holds the sorted 64-bit hashes of all
words and then their numbers (from 1; 0 is a word that no standard text has), `sequences.bin` the texts as 16-bit word
numbers, `runs.bin` one in four of the hashes of five words in a row, then for each of them the number of a group of
texts, where each group ends, and the groups: runs that stand in the same texts share one.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import json
import sys
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable
from itertools import chain
from pathlib import Path
from struct import Struct
from typing import NamedTuple
from zlib import crc32

from auditor.identify.worddiff import WIDTH
from auditor.identify.words import fold, split
from auditor.resources import data_dir

RUN = 5  # words
SAMPLE = 3  # a run counts where its hash has none of these bits: one in four
LIKELY = 0.3  # share of a text's runs below which it is no candidate
MAX_WORDS = 0xFFFF
_RUN_BYTES = Struct(f"{RUN * WIDTH}s")


class Runs(NamedTuple):
    """Sorted hashes of runs, the group of each, where the groups end in `texts`, and the texts of all groups."""

    hashes: array[int]
    groups: array[int]
    ends: array[int]
    texts: array[int]


class Words(NamedTuple):
    """Sorted hashes of words, the number of each, and the numbers of the words that some input had before."""

    hashes: array[int]
    numbers: array[int]
    met: dict[str, int]


class Standard(NamedTuple):
    """One text of the index; `start` and `size` in words, `title` those of its heading's lines, `runs` its hashes.

    `near` are the texts nearest to it with their scores; None where a text with its words must be compared to be sure.
    """

    id: str
    slug: str
    name: str
    start: int
    size: int
    title: tuple[int, ...]
    runs: int
    near: tuple[tuple[int, float], ...] | None


class Index(NamedTuple):
    """All texts, `sized` by their sizes; word numbers up to `telling` are of names and figures: they make a version."""

    standards: list[Standard]
    sized: dict[int, list[int]]
    words: Words
    telling: int
    sequences: bytes
    runs: Runs

    def sequence(self, number: int) -> bytes:
        """The word numbers of text `number`, two bytes each."""
        standard = self.standards[number]
        return self.sequences[standard.start * WIDTH : (standard.start + standard.size) * WIDTH]

    def whole(self, sequence: bytes) -> int | None:
        """The text that has exactly these words."""
        same = self.sized.get(len(sequence) // WIDTH, ())
        return next((number for number in same if self.sequence(number) == sequence), None)


@functools.cache
def shipped() -> Index:
    """The index that ships with the project."""
    return load(data_dir() / "fingerprints")


def load(folder: Path) -> Index:
    """The index in `folder`. Raises OSError, or ValueError where the files do not belong together."""
    described = json.loads((folder / "texts.json").read_text("utf-8"))
    of_words, of_runs, groups, grouped = (described.get(key, 0) for key in ("words", "runs", "groups", "grouped"))
    words = _parts(folder / "words.bin", "QH", (of_words, of_words))
    runs = _parts(folder / "runs.bin", "IHIH", (of_runs, of_runs, groups, grouped))
    sequences = (folder / "sequences.bin").read_bytes()
    if words is None or runs is None or len(sequences) != described["length"] * WIDTH:
        raise ValueError(f"{folder}: the files of the index do not belong together; build it again")
    standards: list[Standard] = []
    sized: dict[int, list[int]] = {}
    start = 0
    for number, row in enumerate(described["texts"]):
        title, near, size = tuple(row["title"]), row.get("near"), row["words"]
        near = None if near is None else tuple((n, score) for n, score in near)
        standards.append(Standard(row["id"], row["slug"], row["name"], start, size, title, row["runs"], near))
        sized.setdefault(size, []).append(number)
        start += size
    return Index(standards, sized, Words(words[0], words[1], {}), described["telling"], sequences, Runs(*runs))


def _parts(path: Path, kinds: str, lengths: tuple[int, ...]) -> list[array[int]] | None:
    """The arrays that `path` holds one after the other; None where it has another size."""
    data = path.read_bytes()
    sizes = (array(kind).itemsize * length for kind, length in zip(kinds, lengths, strict=True))
    ends = list(itertools.accumulate(sizes))
    parts = [data[start:end] for start, end in itertools.pairwise((0, *ends))]
    return list(map(_array, kinds, parts)) if len(data) == ends[-1] else None


def word_hash(word: str) -> int:
    """64 bits: too many for a chance meeting of two words."""
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def numbered(index: Index, words: list[str]) -> bytes:
    """`words` as word numbers, two bytes each; 0 where no standard text has the word."""
    hashes, numbers, met = index.words
    strange = 0
    for word in set(words).difference(met):
        known = word_hash(word)
        at = bisect_left(hashes, known)
        if at < len(hashes) and hashes[at] == known:
            met[word] = numbers[at]
        else:
            strange += 1
    found = map(met.get, words, itertools.repeat(0)) if strange else map(met.__getitem__, words)
    return little(array("H", list(found)))


def word_numbers(sequence: bytes) -> array[int]:
    """The word numbers of a sequence."""
    return _array("H", sequence)


def little(values: array[int]) -> bytes:
    """The bytes of `values`, low byte first on every machine."""
    if sys.byteorder == "big":
        values = values[:]
        values.byteswap()
    return values.tobytes()


def sampled_runs(sequence: bytes) -> set[int]:
    """One in four of the hashes of five words in a row."""
    size, width = len(sequence), RUN * WIDTH
    rows = (sequence[at : at + (size - at) // width * width] for at in range(0, min(size, width), WIDTH))
    runs = chain.from_iterable(chain.from_iterable(map(_RUN_BYTES.iter_unpack, rows)))
    return {run for run in map(crc32, runs) if not run & SAMPLE}


def candidates(index: Index, sequence: bytes, exclude: Collection[str] = ()) -> list[tuple[int, float]]:
    """Texts that share many runs with `sequence`, most alike first: number, and the share of its runs that were met."""
    hashes, groups, ends, texts = index.runs
    last = len(hashes)
    places = [(bisect_left(hashes, run), run) for run in sampled_runs(sequence)]
    met = Counter([groups[at] for at, run in places if at < last and hashes[at] == run])
    hits = [0] * len(index.standards)
    for group, times in met.items():
        for number in texts[ends[group - 1] if group else 0 : ends[group]]:
            hits[number] += times
    ranked = []
    for number, (standard, hit) in enumerate(zip(index.standards, hits, strict=True)):
        if hit and hit >= standard.runs * LIKELY and standard.id not in exclude and standard.slug not in exclude:
            ranked.append((-hit * hit / standard.runs, standard.size, number, hit / standard.runs))
    ranked.sort()
    return [(number, share) for _, _, number, share in ranked]


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


def _array(kind: str, data: bytes) -> array[int]:
    values: array[int] = array(kind)
    values.frombytes(data)
    if sys.byteorder == "big":
        values.byteswap()
    return values
