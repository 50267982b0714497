"""How well hesitations that the recogniser dropped are found: `filler` with `uncovered: true`.

The recordings of ``hesitations.py`` go through the program's own measurement; the detector then
gets words without any hesitation in them, with three kinds of times: ``true`` ones, ``off`` by
what the demo's recogniser is off (borders moved, median 0.1 s, 90 % within 0.25 s), or those of the
words that it ``heard`` (set ``cast`` only: it knows no other voices; its fillers are taken away).

    python evaluate_hesitations.py --set heldout
    python evaluate_hesitations.py --set cast --heard
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import hesitations
import soundfile
from hesitations import Recording

from qa_pipeline.detectors.detect import detect_all
from qa_pipeline.detectors.registry import Detected
from qa_pipeline.engines.load import LocalEngines
from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.pipeline.measure import measure
from qa_pipeline.pipeline.sounds import take_apart
from qa_pipeline.records import Call, Speech
from qa_pipeline.scorecard.signals import FillerSignal
from qa_pipeline.settings import Settings
from qa_pipeline.sources.rows import ManifestRow
from qa_pipeline.spans import Span, total_s
from qa_pipeline.turns import assemble
from qa_pipeline.words import Word

SIGNAL = FillerSignal(detector="filler", lexicon=(), ambiguous=(), uncovered=True)
BORDER_OFF_S = 0.148  # of a normal distribution: median 0.10 s, 90 % within 0.24 s
LEAST_WORD_S = 0.02
LONG_S = 0.3
SETTINGS = Settings()


@dataclass
class Tally:
    """Counts over recordings."""

    found: int = 0
    right: int = 0
    true: dict[str, int] | None = None
    recalled: dict[str, int] | None = None
    speech_s: float = 0.0

    def __post_init__(self) -> None:
        """Count short and long hesitations apart."""
        self.true, self.recalled = defaultdict(int), defaultdict(int)

    def line(self) -> str:
        """The figures in words."""
        wrong = self.found - self.right
        shares = ", ".join(
            f"{kind} {self.recalled[kind] / max(1, n):.3f} of {n}" for kind, n in self.true.items()
        )
        return (
            f"precision {self.right / max(1, self.found):.3f} of {self.found}; recall {shares}; "
            f"{wrong * 60 / self.speech_s:.2f} wrong a minute of speech"
        )


def count(tally: Tally, recording: Recording, call: Call) -> None:
    """Add what the detector finds in a call."""
    detected = detect_all(call, {"it": SIGNAL})["it"]
    assert isinstance(detected, Detected), detected
    found = [Span(f.start_s, f.end_s) for f in detected.findings]
    true = [Span(*span) for span in recording.hesitations]
    hits = [[f for f in found if f.overlap_s(t) >= f.duration_s / 2] for t in true]
    tally.found += len(found)
    tally.right += sum(any(f in of_one for of_one in hits) for f in found)
    tally.speech_s += total_s(call.speech_of(None) or ())
    for span, of_one in zip(true, hits, strict=True):
        for kind in ("all", f">= {LONG_S} s" if span.duration_s >= LONG_S else f"< {LONG_S} s"):
            tally.true[kind] += 1
            tally.recalled[kind] += bool(of_one)


def true_words(recording: Recording) -> list[Word]:
    """The words with the synthesiser's times."""
    return [Word(text, start, end) for turn in recording.turns for text, start, end in turn]


def words_off(recording: Recording) -> list[Word]:
    """The words with borders moved; words that touch go on touching."""
    rng = random.Random(recording.row["seed"])
    words: list[Word] = []
    for turn in recording.turns:
        start_s = turn[0][1] + rng.gauss(0, BORDER_OFF_S)
        for (text, _, end_s), after in [*pairwise(turn), (turn[-1], None)]:
            moved_s = max(start_s + LEAST_WORD_S, end_s + rng.gauss(0, BORDER_OFF_S))
            words.append(Word(text, max(0.0, start_s), max(LEAST_WORD_S, moved_s)))
            if after is None:
                continue
            touches = after[1] - end_s < LEAST_WORD_S
            start_s = moved_s if touches else max(moved_s, after[1] + rng.gauss(0, BORDER_OFF_S))
    return words


def words_stretched(recording: Recording) -> list[Word]:
    """The words without pauses: before each one, the word before or it itself lasts longer."""
    rng = random.Random(recording.row["seed"])
    words: list[Word] = []
    for turn in recording.turns:
        borders = [rng.choice((before[2], after[1])) for before, after in pairwise(turn)]
        starts, ends = [turn[0][1], *borders], [*borders, turn[-1][2]]
        words += map(Word, (word for word, _, _ in turn), starts, ends)
    return words


def call_of(path: Path, recording: Recording, words: list[Word], activity: object) -> Call:
    """The call of a recording with given words."""
    sounds = take_apart(path, activity, SETTINGS)
    speech = tuple(Speech(None, i, s) for i, s in zip(sounds.numbers, sounds.speech, strict=True))
    return Call(
        call_id=path.stem,
        language=recording.row["language"],
        tier="mono_undiarised",
        duration_s=sounds.duration_s,
        turns=assemble([(None, 0, word) for word in words], speech),
        speech=speech,
        sustained=sounds.sustained,
    )


def heard_call(path: Path, recording: Recording, engines: object) -> Call:
    """The call as it was heard, without the fillers that the recogniser knows."""
    language = recording.row["language"]
    at = datetime(2026, 11, 27, tzinfo=UTC)
    row = ManifestRow(1, path.stem, path.name, None, at, "A1", "demo", language=language)
    call = measure(path, row, engines, SETTINGS, b"0" * 32).call
    lists = lexicon(language)
    fillers = {*lists.fillers, *lists.ambiguous, "额", "哦", "哎", "唉", "诶"}
    kept = [
        (turn.role, turn.channel, word)
        for turn in call.turns or ()
        for word in turn.words
        if word.text.strip(" ，。？！,.?!").lower() not in fillers
    ]
    return replace(call, turns=assemble(kept, call.speech))


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--set", choices=hesitations.SETS, default="heldout")
    parser.add_argument("--heard", action="store_true", help="also with words really heard")
    arguments = parser.parse_args()
    engines = LocalEngines(SETTINGS).build(1)
    ways: dict[str, Callable[[Path, Recording], Call]] = {
        "true": lambda path, r: call_of(path, r, true_words(r), engines.activity),
        "off": lambda path, r: call_of(path, r, words_off(r), engines.activity),
    }
    ways["stretched"] = lambda path, r: call_of(path, r, words_stretched(r), engines.activity)
    if arguments.heard:
        ways["heard"] = lambda path, r: heard_call(path, r, engines)
    tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
    with tempfile.TemporaryDirectory() as folder:
        for row in hesitations.listed(arguments.set):
            recording = hesitations.record(row)
            path = Path(folder, "call.wav")
            soundfile.write(path, recording.samples, hesitations.RATE, subtype="PCM_16")
            for name, way in ways.items():
                count(tallies[row["language"], name], recording, way(path, recording))
    for (language, name), tally in sorted(tallies.items()):
        print(f"{arguments.set} {language} {name:6} {tally.line()}")


if __name__ == "__main__":
    main()
