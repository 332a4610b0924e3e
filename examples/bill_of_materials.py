"""Writes a CycloneDX ML-BOM of a model, then reads its lineage back from it."""

import json
import tempfile
from pathlib import Path

import auditor

report = auditor.audit("vicuna", source="bundled")

file = Path(tempfile.mkdtemp()) / "vicuna.cdx.json"
file.write_text(report.render("cyclonedx"), "utf-8")

bom = json.loads(file.read_text("utf-8"))
for component in (bom["metadata"]["component"], *bom["components"]):
    licenses = [entry["license"] for entry in component.get("licenses", ())]
    concluded = [entry.get("id") or entry["name"] for entry in licenses if entry["acknowledgement"] == "concluded"]
    print(f"{component['name']}: {' AND '.join(concluded) or 'not told'}")
    for entry in component["properties"]:
        if entry["name"].startswith("auditor:lineage:") and not entry["name"].endswith(":evidence"):
            print(f"  {entry['name'].removeprefix('auditor:lineage:')} {entry['value']}")
