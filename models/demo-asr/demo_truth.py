"""Write the demo's recordings with their truth as a manifest that ``qa bench asr`` reads.

python demo_truth.py > demo.jsonl
qa bench asr --model . --truth demo.jsonl --source ../../qa_pipeline/demo/recordings --by tier
"""

from __future__ import annotations

import csv
import json

from qa_pipeline.demo.scripts import RECORDINGS_DIR


def dialogue(call_id: str) -> str:
    """What was said in a recording, as dialogue text with the time of every turn."""
    lines = (RECORDINGS_DIR / "truth" / f"{call_id}.jsonl").read_text(encoding="utf-8").splitlines()
    turns = [json.loads(line) for line in lines]
    return "".join(f"{t['role']} {t['start_s']}-{t['end_s']}: {t['text']}\n" for t in turns)


def main() -> None:
    """Print a row for every recording of the demo."""
    with (RECORDINGS_DIR / "manifest.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names = ("recording", "call_id", "language", "agent_channel")
            kept = {name: row[name] for name in names if row[name]}
            print(json.dumps({**kept, "transcript": dialogue(row["call_id"])}, ensure_ascii=False))


if __name__ == "__main__":
    main()
