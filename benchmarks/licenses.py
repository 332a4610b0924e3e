"""Reading license texts: this project beside ScanCode and askalono, in one run on one machine.

    python benchmarks/licenses.py FOLDER --scancode PYTHON --askalono PYTHON [--every N]

FOLDER holds `manifest.jsonl` and `texts/`. PYTHON is the interpreter of an environment in which the other tool is
installed (or AUDITOR_BENCH_SCANCODE, AUDITOR_BENCH_ASKALONO); a tool without one is skipped, and that is said. Each
reads the same files in one process of its own, all of them twice: the second reading is called warm. The tools take
turns, some files each, as a machine is not equally fast all the time. This project identifies each text and reads its
clauses, as the command `auditor license` does; the others identify. The texts come
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
from subprocess import PIPE, Popen
from typing import Any

PARAGRAPH = (
    "Whoever operates the licensed material for more than one thousand customers in a quarter owes the licensor a "
    "share of the proceeds, and stops all use within ten days when that share is not paid."
)
SNEAKED = "for non-commercial purposes only"
AUDITOR = "from auditor.cli.app import main; main()"
HARMLESS = ("plain", "re-wrapped", "untitled")
HARMFUL = ("appended", "inserted")

# One process a tool: for each line of stdin, a file, it prints its answer with the time that it took; at the end, its
# peak memory.
WORKER = """
import json, resource, sys, time
{setup}
for line in sys.stdin:
    began = time.process_time()
    ids, plain = answer(line[:-1])
    print(json.dumps([ids, plain, time.process_time() - began]), flush=True)
print(json.dumps([[], False, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""
TURN = 20  # files
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
        for name in [name for name, (python, _) in tools.items() if not python]:
            print(f"{name}: skipped, no interpreter given", file=sys.stderr)
            del tools[name]
        results = measure(
            {
                name: [python, "-W", "ignore", "-c", WORKER.format(setup=setup)]
                for name, (python, setup) in tools.items()
            },
            files,
        )
        text = next(path for path, (variant, _) in files.items() if variant == "plain")
        results["auditor"]["command, s"] = commands([sys.executable, "-c", AUDITOR, "license", text])
        if "scancode" in results:
            scan = str(Path(chosen.scancode).with_name("scancode"))
            results["scancode"]["command, s"] = commands([scan, "--quiet", "--license", text, "--json", "-"])
        results["auditor"]["import typer, rich, s"] = commands([sys.executable, "-c", "import typer, rich"])
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


def measure(workers: dict[str, list[str]], files: dict[str, tuple[str, str]]) -> dict[str, dict[str, float]]:
    """For each tool: accuracy, CPU milliseconds a text, MiB at the peak, and seconds of a process with one text."""
    plain = next(path for path, (variant, _) in files.items() if variant == "plain")
    cold: dict[str, list[float]] = {name: [] for name in workers}
    for name, worker in [*workers.items()] * 3:
        cold[name].append(command(worker, f"{plain}\n"))
    read = readings(workers, list(files))
    return {name: figures(*read[name], files) | {"cold process, s": statistics.median(cold[name])} for name in workers}


def readings(workers: dict[str, list[str]], paths: list[str]) -> dict[str, tuple[list[dict[str, Any]], float]]:
    """What each tool answered in both rounds, by file, and its peak memory; the tools take turns."""
    running = {name: Popen(words, stdin=PIPE, stdout=PIPE, text=True) for name, words in workers.items()}
    rounds: dict[str, list[dict[str, Any]]] = {name: [{}, {}] for name in workers}
    for number in range(2):
        for first in range(0, len(paths), TURN):
            for name, worker in running.items():
                for path in paths[first : first + TURN]:
                    rounds[name][number][path] = ask(worker, f"{path}\n")
    peaks = {name: json.loads(worker.communicate()[0].splitlines()[-1])[2] for name, worker in running.items()}
    return {name: (rounds[name], peaks[name]) for name in workers}


def ask(worker: Popen[str], line: str) -> Any:
    """The answer to one line: ids, whether they are called plain, seconds."""
    assert worker.stdin
    assert worker.stdout
    worker.stdin.write(line)
    worker.stdin.flush()
    while not (answer := worker.stdout.readline()).startswith("["):
        if not answer:
            raise SystemExit("a tool ended early; what it said stands above")
    return json.loads(answer)


def figures(rounds: list[dict[str, Any]], peak: float, files: dict[str, tuple[str, str]]) -> dict[str, float]:
    """One tool's answers as percentages and means."""
    first, warm = rounds
    told: dict[str, float] = {}
    for variant in HARMLESS:
        paths = [path for path, (kind, _) in files.items() if kind == variant]
        right = sum(any(same(found, files[path][1]) for found in first[path][0]) for path in paths)
        told[f"right, {variant}, %"] = 100 * right / len(paths)
    for variant in HARMFUL:
        paths = [path for path, (kind, _) in files.items() if kind == variant]
        told[f"false plain, {variant}, %"] = 100 * sum(first[path][1] for path in paths) / len(paths)
    plain = [path for path, (kind, _) in files.items() if kind == "plain"]
    known = list(files)[1:]  # the first text pays for loading
    return told | {
        "warm, plain, ms a text": mean(warm, plain),
        "warm, changed, ms a text": mean(warm, [path for path in files if path not in plain]),
        "warm, all, ms a text": mean(warm, list(files)),
        "first reading, ms a text": mean(first, known),
        "peak, MiB": peak,
    }


def mean(answers: dict[str, Any], paths: list[str]) -> float:
    """Milliseconds."""
    return 1000 * statistics.mean(float(answers[path][2]) for path in paths)


def same(found: str, expected: str) -> bool:
    """Ids without the endings that a text cannot tell."""
    return expected.removesuffix("-only") in {part.removesuffix("-only") for part in found.strip("()").split(" ")}


def command(words: list[str], line: str = "") -> float:
    """Seconds of a whole command that gets `line`."""
    began = time.perf_counter()
    subprocess.run(words, input=line, capture_output=True, check=True, text=True)
    return time.perf_counter() - began


def commands(words: list[str]) -> float:
    """The median of three."""
    return statistics.median(command(words) for _ in range(3))


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
