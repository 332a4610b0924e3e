"""How long commands take to start, against `import typer, rich`; the ratios that we hold ourselves to.

    python benchmarks/startup.py [RUNS]

Each command runs RUNS times (default 15), in turn with the others so that a busy machine hits them alike;
the medians count.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

YARDSTICK = "import typer, rich"
COMMANDS = {
    "auditor --help": (["--help"], 2.0),
    "auditor explain non-commercial": (["explain", "non-commercial"], 2.5),
    "auditor check gpt2 --source bundled": (["check", "gpt2", "--source", "bundled"], 4.0),
}
RUN = "from auditor.cli.app import main; main()"


def seconds(code: str, arguments: list[str]) -> float:
    """Wall time of one fresh interpreter."""
    began = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    took = time.perf_counter() - began
    if done.returncode not in (0, 1, 3):
        raise SystemExit(f"{arguments} failed:\n{done.stderr}")
    return took


def main(runs: int = 15) -> int:
    """Print a table; return 1 when a command takes longer than it may."""
    for _, (arguments, _) in COMMANDS.items():
        seconds(RUN, arguments)  # fills the caches of parsed files, as any second run finds them
    base: list[float] = []
    took: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(runs):
        base.append(seconds(YARDSTICK, []))
        for name, (arguments, _) in COMMANDS.items():
            took[name].append(seconds(RUN, arguments))
    yard = statistics.median(base)
    print(f"{'python -c ' + repr(YARDSTICK):<40} {yard * 1000:6.0f} ms")
    slow = 0
    for name, (_, limit) in COMMANDS.items():
        median = statistics.median(took[name])
        late = median > limit * yard
        slow += late
        print(f"{name:<40} {median * 1000:6.0f} ms  {median / yard:4.2f}x of {limit}x{'  too slow' if late else ''}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
