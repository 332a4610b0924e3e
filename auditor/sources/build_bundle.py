"""Builds data/hub from cards and recorded Hub answers: `python -m auditor.sources.build_bundle FOLDER... -o data/hub`.

A folder of cards holds `manifest.jsonl` (`hub_id`, `era`, `file` a line) beside the cards. A folder of recordings holds
JSON files with `request.url` and `response.body`. Only metadata facts are kept: no prose, no access forms, no texts.
Where two folders or two eras know a repository, the newer one wins; recordings of the Hub's own answer beat cards.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

CARD_KEYS = (
    "license", "licenses", "licence", "license_name", "license_link", "license_details",
    "base_model", "base_model_relation", "datasets", "dataset", "source_datasets", "annotations_creators",
    "duplicated_from", "extra_gated_eu_disallowed", "library_name",
)  # fmt: skip
# Tags that say how a repository was made; the rest of a card's tags is about its subject.
MAKING_TAGS = (
    "gguf", "ggml", "awq", "gptq", "exl2", "mlx", "bnb", "4-bit", "8-bit", "quantized", "peft", "lora", "adapter",
    "merge", "mergekit", "lazymergekit", "moe", "distillation", "custom_code", "gpt4", "chatgpt", "openai", "synthetic",
)  # fmt: skip
LINKING_PREFIXES = ("license:", "base_model:", "dataset:")
LONGEST_VALUE = 300  # characters; a longer value is prose that strayed into the metadata
LONGEST_FRONT_MATTER = 200_000

Line = dict[str, Any]


def main(argv: list[str] | None = None) -> int:
    """Write `models.jsonl` and `datasets.jsonl`; says how many lines each got."""
    parser = argparse.ArgumentParser(prog="python -m auditor.sources.build_bundle", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, help="folders of cards or of recorded answers")
    parser.add_argument("-o", "--output", required=True, type=Path, help="where the two files go")
    options = parser.parse_args(argv)
    found: dict[str, dict[str, Line]] = {"model": {}, "dataset": {}}
    for folder in options.folders:
        for kind, line in _lines(folder):
            known = found[kind].get(line["id"].casefold())
            if known is None or line["as_of"] >= known["as_of"]:
                found[kind][line["id"].casefold()] = line
    options.output.mkdir(parents=True, exist_ok=True)
    for kind, lines in found.items():
        path = options.output / f"{kind}s.jsonl"
        path.write_text("".join(write_line(lines[key]) for key in sorted(lines)), "utf-8")
        print(f"{path}: {len(lines)} repositories, {path.stat().st_size} bytes")
    days = Counter(line["as_of"] for lines in found.values() for line in lines.values())
    about = {"as_of": days.most_common(1)[0][0]}
    (options.output / "about.json").write_text(json.dumps(about) + "\n", "utf-8")
    return 0


def write_line(line: Line) -> str:
    """One line of a bundle: `id` first, so that a reader can find it without parsing."""
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"


def _lines(folder: Path) -> Iterator[tuple[str, Line]]:
    for text in (folder / "manifest.jsonl").read_text("utf-8").splitlines():
        entry = json.loads(text)
        path = folder / entry["file"]
        if "url" in entry:
            line = from_recording(json.loads(path.read_text("utf-8")))
            if line:
                yield "dataset" if "/api/datasets/" in entry["url"] else "model", line
        elif entry.get("hub_id"):
            card = path.read_text("utf-8", errors="replace")
            yield entry["kind"], {"id": entry["hub_id"], "as_of": _day(entry["era"]), "info": from_card(card)}


def _day(era: str) -> str:
    """`2024-12 top-liked` is the first of that month; of a year alone the last day, for it was no later."""
    return f"{era[:7]}-01" if era[4:5] == "-" else f"{era[:4]}-12-31"


def from_card(text: str) -> dict[str, Any]:
    """The metadata of a card as the Hub would answer it. `gated` is True where the card holds an access form."""
    card = front_matter(text)
    info: dict[str, Any] = {}
    kept = {key: value for key in CARD_KEYS if key in card and (value := _bounded(card[key])) is not None}
    if kept:
        info["cardData"] = kept
    if tags := making_tags(card.get("tags")):
        info["tags"] = tags
    if any(key.startswith("extra_gated_") for key in card):
        info["gated"] = True
    if isinstance(library := card.get("library_name"), str):
        info["library_name"] = library
    return info


def from_recording(recorded: dict[str, Any]) -> Line | None:
    """The line of a recorded answer, None where it describes no repository in full (a redirect, a partial answer)."""
    body = recorded.get("response", {}).get("body")
    if not isinstance(body, dict) or "tags" not in body or "id" not in body:
        return None
    card = body.get("cardData") or {}
    info: dict[str, Any] = {"_id": body["_id"]} if "_id" in body else {}
    info["cardData"] = {k: v for k in CARD_KEYS if k in card and (v := _bounded(card[k])) is not None}
    info["tags"] = making_tags(body["tags"])
    info |= {key: body[key] for key in ("sha", "gated", "library_name", "disabled") if key in body}
    return {"id": body["id"], "as_of": recording_date(recorded), "info": info}


def recording_date(recorded: dict[str, Any]) -> str:
    """The ISO day on which an answer was recorded, from its Date header."""
    from email.utils import parsedate_to_datetime

    headers = {key.casefold(): value for key, value in recorded["response"]["headers"].items()}
    value = headers["date"]
    return parsedate_to_datetime(value[0] if isinstance(value, list) else value).date().isoformat()


def making_tags(tags: Any) -> list[str]:
    """Those tags that say how a repository came to be: licenses, parents, formats. Merges name their parents there."""
    if not isinstance(tags, list):
        return []
    words = [tag for tag in tags if isinstance(tag, str) and len(tag) <= LONGEST_VALUE]
    merged = any(tag.casefold() in ("merge", "mergekit", "lazymergekit") for tag in words)
    return [
        tag
        for tag in words
        if tag.casefold() in MAKING_TAGS or tag.startswith(LINKING_PREFIXES) or (merged and tag.count("/") == 1)
    ]


def front_matter(text: str) -> dict[str, Any]:
    """The YAML block that opens a card; {} where there is none or it is broken, for a build is no place to guess."""
    lines = text.lstrip("\ufeff \r\n\t").splitlines()
    if not lines or lines[0].rstrip() != "---":
        return {}
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() in ("---", "..."):
            block = "\n".join(lines[1:number])[:LONGEST_FRONT_MATTER]
            break
    else:
        return {}
    try:
        card = yaml.load(block.replace("\t", " "), Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    except yaml.YAMLError:
        return {}
    return {str(key): value for key, value in card.items()} if isinstance(card, dict) else {}


def _bounded(value: Any) -> Any:
    """Short strings, truth values and lists of strings; None for anything else. Cards are read without types."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        if value.casefold() in ("true", "false"):
            return value.casefold() == "true"
        return value if 0 < len(value) <= LONGEST_VALUE and value not in ("null", "~") else None
    if isinstance(value, list):
        kept = [item for item in value if isinstance(item, str) and isinstance(_bounded(item), str)]
        return kept if kept or not value else None
    return None


if __name__ == "__main__":
    raise SystemExit(main())
