"""Use the auditor from Python: audit a model for a product, and list what stands in the way.

python examples/audit.py lmsys/vicuna-7b-v1.5
"""

from __future__ import annotations

import sys

import auditor


def main(name: str) -> None:
    """Print the verdict, its reasons, and the duties."""
    report = auditor.audit(name, use="product", source="bundled")
    for subject, decision in report.decisions.items():
        print(f"{subject}: {decision.verdict}")
        for reason in (*decision.because, *decision.duties):
            print(f"- {reason.text} ({' <- '.join(reason.path)})")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "lmsys/vicuna-7b-v1.5")
