#!/usr/bin/env python3
"""Fills fuzz/corpus/ from CommonMark's examples, our lessons and the journal's test lines."""
import json
import pathlib
import re

root = pathlib.Path(__file__).resolve().parent.parent
render, journal = (root / "fuzz" / "corpus" / name for name in ("render", "journal"))
for folder in (render, journal):
    folder.mkdir(parents=True, exist_ok=True)

WIDTHS = [80, 20, 40, 7, 1, 300]
texts = [json.loads(line)["markdown"] for line in (root / "tests/commonmark/spec.jsonl").open(encoding="utf-8")]
for lesson in sorted(root.glob("lessons/*.md")):
    # By section: a fuzzer makes nothing of 50 KB at once.
    texts += re.split(r"(?m)^(?=## )", lesson.read_text(encoding="utf-8"))
for nth, text in enumerate(texts):
    width = WIDTHS[nth % len(WIDTHS)].to_bytes(2, "little")
    (render / f"{nth:05}").write_bytes(width + text.encode())

lines = re.findall(r'r#"(\{"id".*\})"#', (root / "src/journal/tests.rs").read_text(encoding="utf-8"))
for nth, line in enumerate(lines):
    (journal / f"{nth:03}").write_text(line, encoding="utf-8")
print(f"{len(texts)} inputs for render, {len(lines)} for journal")
