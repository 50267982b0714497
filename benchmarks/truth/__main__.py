"""Every detector against the truth set: `python -m benchmarks.truth [--words perfect] [--json]`.

- `perfect`: the dialogues, their words as they were said;
- `spoken`: the recordings' words and times as the synthesiser gave them, no audio: what of `heard`
  is the calls' own doing;
- `heard`: the recordings through the whole journey, recognised by the demo's model or by `--model`.

The figures go to stdout, as tables or with `--json` as one document; progress to stderr. A store
that `--store` names is kept: the recordings are heard once.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

from benchmarks.truth.frozen import Dialogue, read_dialogues
from benchmarks.truth.heard import hear, heard_calls
from benchmarks.truth.measure import (
    Measured,
    by_detector,
    measured,
    perfect,
    truth_of_recordings,
)
from benchmarks.truth.screen import table
from qa_pipeline.cli.run_screen import progress
from qa_pipeline.records import Call
from qa_pipeline.statistics.intervals import Interval

WORDS = ("perfect", "spoken", "heard")
Heard = Iterable[tuple[Dialogue, Call, Call]]
Sums = dict[str, dict[str, Measured]]


def of_dialogues(dialogues: Iterable[Dialogue]) -> Iterator[tuple[Dialogue, Call, Call]]:
    """Yield each dialogue with its call, masked and as it was said."""
    for dialogue in dialogues:
        yield (dialogue, *perfect(dialogue))


def of_recordings(store: Path, model: str | None) -> Iterator[tuple[Dialogue, Call, Call]]:
    """Hear the recordings and yield each with its stored call."""
    known = {dialogue.id: dialogue for dialogue in truth_of_recordings()}
    with progress("en") as show:
        hear(store, model, show)
    for call in heard_calls(store, list(known)):
        yield known[call.call_id], call, call


def sums(heard: Heard) -> Sums:
    """Return the counts by language and detector."""
    found: dict[str, list[tuple[str, Measured]]] = {}
    for dialogue, call, said in heard:
        found.setdefault(dialogue.language, []).extend(measured(dialogue, call, said))
    return {language: by_detector(of_one) for language, of_one in sorted(found.items())}


def document(measured_by: Sums) -> dict[str, Any]:
    """Return counts and rates as plain data."""
    return {
        language: {name: _figures(one) for name, one in detectors.items()}
        for language, detectors in measured_by.items()
    }


def _figures(one: Measured) -> dict[str, Any]:
    errors = [abs(error) for error in one.share_errors]
    return {
        **{
            who: {
                "n_found": counts.n_found,
                "n_missed": counts.n_missed,
                "n_false": counts.n_false,
                "n_traps": counts.n_traps,
                "n_fell": counts.n_fell,
                "n_other_kind": counts.n_other_kind,
                "precision": _rate(counts.precision),
                "recall": _rate(counts.recall),
            }
            for who, counts in (("ours", one.ours), ("peer", one.peer))
        },
        "n_not_measured": one.n_not_measured,
        "share_mean_error": sum(errors) / len(errors) if errors else None,
    }


def _rate(rate: Interval | None) -> list[float] | None:
    return None if rate is None else [rate.value, rate.low, rate.high]


def run(words: str, store: Path, model: str | None) -> Sums:
    """Return the counts for one kind of words, with progress on stderr."""
    if words == "heard":
        return sums(of_recordings(store, model))
    dialogues = list(read_dialogues()) if words == "perfect" else truth_of_recordings()
    console = Console(stderr=True)
    shown = track(dialogues, words, console=console, disable=not console.is_terminal)
    return sums(of_dialogues(shown))


def main() -> None:
    """Measure what is asked for and print it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--words", choices=WORDS, action="append", help="[all three]")
    parser.add_argument("--model", help="recogniser of `heard`, by name or directory [the demo's]")
    parser.add_argument("--store", type=Path, help="folder of the heard calls, kept [none]")
    parser.add_argument("--json", action="store_true", help="one document instead of tables")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = asked.store or Path(folder) / "store"
        results = {words: run(words, store, asked.model) for words in asked.words or WORDS}
    if asked.json:
        json.dump({words: document(one) for words, one in results.items()}, sys.stdout, indent=1)
        sys.stdout.write("\n")
        return
    console = Console(width=None if sys.stdout.isatty() else 132)
    for words, of_one in results.items():
        for language, detectors in of_one.items():
            console.print(table(f"{words} words, {language}", detectors))


if __name__ == "__main__":
    main()
