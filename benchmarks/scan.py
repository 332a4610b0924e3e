"""How long a scan of a repository takes, against `git grep` over the same generated tree.

    python benchmarks/scan.py [FILES]      default: 5000

The tree is a git repository of which one file in twenty uses models, three more in twenty only talk of them, and the
rest is plain code and configuration. Prints seconds (best of three) and the ratio.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from auditor.inputs.references import find

LIMIT = 3.0  # seconds for 5,000 files
USES = """
from transformers import AutoModelForCausalLM, AutoTokenizer

MODEL_{n} = "acme/base-{n}"


def load_{n}(name=MODEL_{n}):
    return AutoModelForCausalLM.from_pretrained(name), AutoTokenizer.from_pretrained("acme/tokenizer-{n}")
"""
TALKS = '''
class Model{n}:
    """A model; the dataset is read elsewhere."""

    def __init__(self, model, dataset=None, tokenizer=None):
        self.model, self.dataset, self.tokenizer = model, dataset, tokenizer
        self.path = "assets/model-{n}"
'''
PLAIN = '''
def step_{n}(values, limit={n}):
    """Add what is below the limit."""
    total = 0
    for index, value in enumerate(values):
        if value < limit and index % 3:
            total += value * {n}
    return {{"total": total, "kind": "application/json", "path": "src/part-{n}"}}
'''
CONFIG = "name: part-{n}\nsteps:\n  - uses: actions/checkout@v4\n  - run: make part-{n}\nlevels: [1, 2, 3]\n"


def generate(root: Path, files: int, seed: int = 7) -> None:
    """A repository of `files` files in folders of fifty."""
    chance = random.Random(seed)
    for n in range(files):
        folder = root / f"package_{n // 50}"
        folder.mkdir(exist_ok=True)
        if n % 10 == 9:
            (folder / f"part_{n}.yaml").write_text(CONFIG.format(n=n) * 5)
            continue
        body = "".join(PLAIN.format(n=n * 100 + i) for i in range(chance.randint(5, 25)))
        head = USES if n % 20 == 0 else TALKS if n % 20 in (3, 7, 11) else ""
        (folder / f"part_{n}.py").write_text(head.format(n=n) + body)
    for command in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", "-C", str(root), *command], check=True)


def main(files: int = 5000) -> int:
    """Measure; return 1 when the scan is slower than it may be."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        generate(root, files)
        grep, scan, worked, count = [], [], [], 0
        for _ in range(3):
            began = time.perf_counter()
            subprocess.run(["git", "-C", folder, "grep", "-c", "from_pretrained"], capture_output=True, check=True)
            grep.append(time.perf_counter() - began)
            began, idle = time.perf_counter(), time.process_time()
            count = len(find(root))
            scan.append(time.perf_counter() - began)
            worked.append(time.process_time() - idle)
    limit = LIMIT * files / 5000
    print(f"{files} files, {count} references")
    print(f"git grep -c from_pretrained  {min(grep):6.2f} s")
    print(f"find                         {min(scan):6.2f} s  {min(scan) / min(grep):.1f}x  limit {limit:.1f} s")
    print(f"of which at work             {min(worked):6.2f} s  (the rest waits for a busy machine)")
    return 1 if min(scan) > limit else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
