"""Measure who is taken for whom on the held-out calls: agent or customer, in share of speech time.

    python evaluate_roles.py --words said            # the true words, at their true times
    python evaluate_roles.py --words heard           # what demo-asr hears; the cast's calls only

Every step is the journey's own: speech activity, diariser, words to speakers, roles by evidence.
Right is the time in which exactly one person speaks, the journey hears speech, and gives it to that
person's role; where the roles stay undecided nothing is right.
"""

# ruff: noqa: ARG002 - a recogniser that knows the words needs no samples
from __future__ import annotations

import argparse
import json
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qa_pipeline.acoustics.windows import WindowLimits
from qa_pipeline.engines.load import LocalEngines
from qa_pipeline.engines.protocols import Engines, Heard, Samples
from qa_pipeline.pipeline.parties import Parties, hear, with_roles, without_unclear
from qa_pipeline.pipeline.sounds import take_apart
from qa_pipeline.pipeline.transcripts import AgentChannel
from qa_pipeline.settings import DiarisationSettings, Settings
from qa_pipeline.spans import Span, difference, intersection, total_s, union
from qa_pipeline.texts import Language
from qa_pipeline.words import Word

HERE = Path(__file__).resolve().parent
ROLES = ("agent", "customer")


@dataclass(frozen=True)
class Said:
    """A recogniser that makes no mistake: the true words."""

    words: tuple[Word, ...]
    is_demo: bool = True
    window_limits: WindowLimits = field(default_factory=WindowLimits)
    identity: str = "truth"
    fingerprint: str = "truth"

    def language_shares(
        self, samples: Samples, windows: Sequence[Span]
    ) -> Mapping[Language, float]:
        """Not asked: the language is given."""
        raise AssertionError("the language of these calls is given")

    def transcribe(self, samples: Samples, windows: Sequence[Span], language: Language) -> Heard:
        """Return the words that begin in the windows."""
        inside = [w for w in self.words if any(s.start_s <= w.start_s < s.end_s for s in windows)]
        return Heard(tuple(inside))


def said(row: dict[str, Any]) -> Said:
    """The true words of a call; English ones with the space that recognisers put before them."""
    space = " " if row["language"] == "en" else ""
    words = [
        Word(space + text, start, max(end, start + 0.02), 1.0)
        for _, text, start, end in row["words"]
    ]
    return Said(tuple(words))


def parties_of(row: dict[str, Any], engines: Engines, settings: Settings) -> Parties:
    """Who said what in a call, with roles, as the nightly run finds it."""
    path = HERE / "heldout" / f"{row['call_id']}.opus"
    sounds = take_apart(path, engines.activity, settings)
    language: Language = row["language"]
    heard, unclear = without_unclear(
        hear(sounds, language, engines, settings), settings.recognition.min_call_confidence
    )
    return with_roles(heard, unclear, AgentChannel(None, "unknown"), language)


def right_s(row: dict[str, Any], parties: Parties) -> tuple[float, float]:
    """Seconds given to the right role, and seconds in which one person is heard."""
    truth = {
        role: union(Span(s["start_s"], s["end_s"]) for s in row["spans"] if s["speaker"] == role)
        for role in ROLES
    }
    heard = union(span for party in parties.parties for span in party.speech)
    right = alone_s = 0.0
    for role, other in (ROLES, ROLES[::-1]):
        alone = intersection(difference(truth[role], truth[other]), heard)
        alone_s += total_s(alone)
        for party in parties.parties:
            if party.role == role:
                right += total_s(intersection(alone, party.speech))
    return right, alone_s


def main() -> None:
    """Go through the held-out calls."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--words", choices=("said", "heard"), required=True)
    parser.add_argument("--pipeline", default=str(HERE))
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    settings = Settings(diarisation=DiarisationSettings(pipeline=arguments.pipeline))
    engines = LocalEngines(settings).build(1)
    right = alone = 0.0
    n_undecided = 0
    rows = (HERE / "heldout" / "calls.jsonl").read_text(encoding="utf-8").splitlines()
    for row in map(json.loads, rows):
        if arguments.words == "heard" and row["voices"] != "cast":
            continue
        transcriber = said(row) if arguments.words == "said" else engines.transcriber
        parties = parties_of(
            row, Engines(engines.activity, transcriber, engines.diariser), settings
        )
        call_right, call_alone = right_s(row, parties)
        right, alone = right + call_right, alone + call_alone
        n_undecided += parties.role_source == "unknown"
        share = call_right / call_alone
        print(f"{row['call_id']:12} {share:.3f} {' '.join(parties.notes)}", flush=True)
    print(f"right role: {right / alone:.3f} of {alone:.0f} s; undecided calls: {n_undecided}")


if __name__ == "__main__":
    main()
