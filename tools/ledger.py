"""Write down what a run of a page measured, for the pages that list it."""

from __future__ import annotations

import json
from typing import Any

from cells import Page, glued, outputs
from chapters import RUNS


def ledger(page: Page) -> dict[str, Any]:
    """Return what the page measured: usage, claims, results, test-set scores, glued values."""
    notes: dict[str, list] = {"claim": [], "result": [], "holdout": []}
    for heading, out in outputs(page):
        note = dict(out.get("metadata", {}).get("mlmastery", {}))
        if note:
            note["heading"] = heading
            note["page"] = page.path.stem
            note["markdown"] = out.data.get("text/markdown", "")
            notes[note.pop("kind")].append(note)
    return {
        **page.usage,
        "claims": notes["claim"],
        "results": notes["result"],
        "holdouts": notes["holdout"],
        "glue": dict(glued(page)),
    }


def write_ledger(page: Page) -> None:
    """Write the ledger where it changed, so that an unchanged one makes no work."""
    RUNS.mkdir(parents=True, exist_ok=True)
    path = RUNS / f"{page.path.stem}.json"
    # Sorted, since the cache gives metadata back in that order.
    text = json.dumps(ledger(page), indent=1, ensure_ascii=False, sort_keys=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
