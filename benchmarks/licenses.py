"""Reading license texts: this project beside ScanCode and askalono, in one run on one machine.

    python benchmarks/licenses.py FOLDER --scancode PYTHON --askalono PYTHON [--every N]

FOLDER holds `manifest.jsonl` and `texts/`. PYTHON is the interpreter of an environment in which the other tool is
installed (or AUDITOR_BENCH_SCANCODE, AUDITOR_BENCH_ASKALONO); a tool without one is skipped, and that is said. Each
reads the same files in one process of its own, all of them twice: the second reading is called warm. This project
identifies each text and reads its clauses, as the command `auditor license` does; the others identify. The texts come
as they are and changed: re-wrapped, without their title, with a restrictive paragraph appended, and with "for
non-commercial purposes only" inside. The first two should still be recognised; "false plain" counts those of the last
two that are still called a plain license.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path
from typing import Any

PARAGRAPH = (
    "Whoever operates the licensed material for more than one thousand customers in a quarter owes the licensor a "
    "share of the proceeds, and stops all use within ten days when that share is not paid."
)
SNEAKED = "for non-commercial purposes only"
AUDITOR = "from auditor.cli.app import main; main()"
HARMLESS = ("plain", "re-wrapped", "untitled")
HARMFUL = ("appended", "inserted")

# One process a tool: reads a list of files from stdin, twice where there are several, and prints one line a file with
# the time of both readings, and one line with its peak memory.
WORKER = """
import json, resource, sys, time
{setup}
paths = sys.stdin.read().split("\\n")
first = []
for path in paths:
    began = time.process_time()
    ids, plain = answer(path)
    first.append([path, ids, plain, time.process_time() - began])
for row in first:
    began = time.process_time()
    if len(paths) > 1:
        answer(row[0])
    print(json.dumps([*row, time.process_time() - began]))
print(json.dumps(["", [], False, 0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""
OURS = """
from pathlib import Path
from auditor.identify.clauses import read_clauses
from auditor.identify.decode import decode
from auditor.identify.match import identify
def answer(path):
    text = decode(Path(path).read_bytes()).text
    found = identify(text)
    read_clauses(text)
    return [m.id for m in found if m.id], all(m.match == "exact" for m in found)
"""
SCANCODE = """
from licensedcode.detection import detect_licenses
def answer(path):
    ids = [d.license_expression_spdx for d in detect_licenses(location=path)]
    return ids, len(ids) == 1 and " " not in ids[0]
"""
ASKALONO = """
import askalono
def answer(path):
    found = askalono.identify(open(path, encoding="utf-8", errors="replace").read())
    return [found.name] if found.score >= 0.8 else [], found.score >= 0.9
"""


def main() -> int:
    """Command line."""
    here = Path(__file__).resolve().parents[1]
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=here / "../shared/corpus/licenses")
    parser.add_argument("--scancode", default=os.environ.get("AUDITOR_BENCH_SCANCODE"), metavar="PYTHON")
    parser.add_argument("--askalono", default=os.environ.get("AUDITOR_BENCH_ASKALONO"), metavar="PYTHON")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="every Nth text only, for a quick run")
    chosen = parser.parse_args()
    if not (chosen.folder / "manifest.jsonl").is_file():
        print(f"{chosen.folder} holds no manifest.jsonl", file=sys.stderr)
        return 2
    tools = {"auditor": (sys.executable, OURS), "scancode": (chosen.scancode, SCANCODE)}
    tools["askalono"] = (chosen.askalono, ASKALONO)
    with tempfile.TemporaryDirectory() as folder:
        files = write_variants(chosen.folder, Path(folder), chosen.every)
        results = {}
        for name, (python, setup) in tools.items():
            if python:
                results[name] = measure(python, setup, files)
            else:
                print(f"{name}: skipped, no interpreter given", file=sys.stderr)
        text = next(path for path, (variant, _) in files.items() if variant == "plain")
        results["auditor"]["command, s"] = command([sys.executable, "-c", AUDITOR, "license", text])
        if "scancode" in results:
            scan = str(Path(chosen.scancode).with_name("scancode"))
            results["scancode"]["command, s"] = command([scan, "--quiet", "--license", text, "--json", "-"])
        results["auditor"]["import typer, rich, s"] = command([sys.executable, "-c", "import typer, rich"])
    show(results)
    return 0


def write_variants(source: Path, out: Path, every: int) -> dict[str, tuple[str, str]]:
    """Every text in its variants below `out`: path to (variant, expected id); only texts with a public id."""
    draw = random.Random(5)
    files: dict[str, tuple[str, str]] = {}
    rows = [json.loads(line) for line in (source / "manifest.jsonl").read_text("utf-8").splitlines()]
    for row in [row for row in rows if row["spdx_id"]][::every]:
        text = (source / "texts" / f"{row['slug']}.txt").read_bytes().decode("utf-8", "replace")
        for variant, changed in variants(text, draw).items():
            path = out / f"{row['slug']}.{variant}.txt"
            path.write_text(changed, "utf-8")
            files[str(path)] = (variant, row["spdx_id"])
    return files


def variants(text: str, draw: random.Random) -> dict[str, str]:
    """The text as it is, and changed."""
    blocks = text.replace("\r\n", "\n").split("\n\n")
    words = text.split(" ")
    words.insert(draw.randrange(len(words) // 4, len(words)), SNEAKED)
    titled = len(blocks) > 1 and len(blocks[0].split()) <= 20
    return {
        "plain": text,
        "re-wrapped": "\n\n".join(textwrap.fill(" ".join(block.split()), 64) for block in blocks),
        "untitled": "\n\n".join(blocks[1:]) if titled else text,
        "appended": f"{text}\n\n{PARAGRAPH}\n",
        "inserted": " ".join(words),
    }


def measure(python: str, setup: str, files: dict[str, tuple[str, str]]) -> dict[str, float]:
    """Accuracy, CPU milliseconds a text when warm, MiB at the peak, and seconds of a process with one text."""
    rows = run(python, setup, list(files))
    answers = {row[0]: row for row in rows[:-1]}
    plain = [path for path, (variant, _) in files.items() if variant == "plain"]
    cold = []
    for _ in range(3):
        began = time.perf_counter()
        run(python, setup, plain[:1])
        cold.append(time.perf_counter() - began)
    figures: dict[str, float] = {}
    for variant in HARMLESS:
        paths = [path for path, (kind, _) in files.items() if kind == variant]
        right = sum(any(same(found, files[path][1]) for found in answers[path][1]) for path in paths)
        figures[f"right, {variant}, %"] = 100 * right / len(paths)
    for variant in HARMFUL:
        paths = [path for path, (kind, _) in files.items() if kind == variant]
        figures[f"false plain, {variant}, %"] = 100 * sum(answers[path][2] for path in paths) / len(paths)
    changed = [path for path in files if path not in plain]
    known = [path for path in files if path != next(iter(files))]  # the first text pays for loading
    return figures | {
        "warm, plain, ms a text": 1000 * statistics.mean(answers[path][4] for path in plain),
        "warm, changed, ms a text": 1000 * statistics.mean(answers[path][4] for path in changed),
        "warm, all, ms a text": 1000 * statistics.mean(answers[path][4] for path in files),
        "first reading, ms a text": 1000 * statistics.mean(answers[path][3] for path in known),
        "cold process, s": statistics.median(cold),
        "peak, MiB": rows[-1][4],
    }


def run(python: str, setup: str, paths: list[str]) -> list[list[Any]]:
    """The lines that a worker printed."""
    done = subprocess.run(
        [python, "-W", "ignore", "-c", WORKER.format(setup=setup)],
        input="\n".join(paths),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{python} failed:\n{done.stderr[-2000:]}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]


def same(found: str, expected: str) -> bool:
    """Ids without the endings that a text cannot tell."""
    return expected.removesuffix("-only") in {part.removesuffix("-only") for part in found.strip("()").split(" ")}


def command(words: list[str]) -> float:
    """Seconds of a whole command, the median of three."""
    times = []
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run(words, capture_output=True, check=True)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def show(results: dict[str, dict[str, float]]) -> None:
    """One row a figure; ratios are to this project."""
    ours = results["auditor"]
    print(f"{'':28}" + "".join(f"{name:>22}" for name in results))
    for figure, value in ours.items():
        cells = []
        for name, result in results.items():
            if figure not in result:
                cells.append("")
            elif name == "auditor" or figure.endswith("%") or not value:
                cells.append(f"{result[figure]:.3g}")
            else:
                cells.append(f"{result[figure]:.3g} ({result[figure] / value:.1f}x)")
        print(f"{figure:28}" + "".join(f"{cell:>22}" for cell in cells))


if __name__ == "__main__":
    raise SystemExit(main())
