"""Use the auditor from Python: audit a model for a product, and list what stands in the way.

python examples/audit.py lmsys/vicuna-7b-v1.5
"""

from __future__ import annotations

import sys

from auditor.inputs.targets import parse_target
from auditor.pipeline import audit, open_source
from auditor.policy.use import make_use


def main(name: str) -> None:
    """Print the verdict, its reasons, and the duties."""
    target = parse_target(name)
    if target.ref is None:
        raise SystemExit(target.answer or f"{name} is not a repository")
    report = audit([(target.ref, target.revision)], open_source("bundled"), make_use("product"))
    for subject, decision in report.decisions.items():
        print(f"{subject}: {decision.verdict}")
        for reason in (*decision.because, *decision.duties):
            print(f"- {reason.text} ({' <- '.join(reason.path)})")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "lmsys/vicuna-7b-v1.5")
