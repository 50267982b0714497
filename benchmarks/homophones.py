"""Phrases by sound against phrases by text: `python -m benchmarks.homophones [--json]`.

The demo's Chinese dialogues and made-up history are what was said; `benchmarks.mishearing` writes
them as a recogniser might have. Looked for is every list of phrases of the shipped Chinese
scorecard (single syllables left out: they may not go by sound), in everybody's turns and without
the signals' windows, so that there is more to find by mistake.

- recall: of the places where a phrase was said, the share where one of its list is found;
- false finds: what sounds like a phrase where none was said. Made-up calls vary little, so words of
  pypinyin's dictionary are looked through too: each alone, and in strings of eight;
- ratio: processor seconds of `sound` over `text`, all lists on a five-minute call, the least of
  several runs.
"""

import argparse
import json
import math
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from random import Random

from benchmarks.mishearing import misheard
from qa_pipeline.demo.history import past_calls
from qa_pipeline.demo.scripts import last_night
from qa_pipeline.dialogue import spread_words
from qa_pipeline.language.passage import Passage, passage_of
from qa_pipeline.language.search import Place, search, search_all
from qa_pipeline.language.sounds import n_syllables
from qa_pipeline.records import Match, Turn
from qa_pipeline.scorecard.load import load_scorecard
from qa_pipeline.scorecard.signals import PhraseSignal
from qa_pipeline.settings import SCORECARDS_DIR
from qa_pipeline.spans import Span

SEED = "qa-homophones"
RATES = (0.05, 0.1, 0.2)
#: Syllables a second on the telephone, to give turns a length; five minutes of both parties.
SYLLABLES_PER_S = 4.5
CALL_S = 300.0
Phrases = tuple[str, ...]
#: What is counted apart, by the phrase's syllables.
SIZES = ("2", "3", "4+")


@dataclass(frozen=True, slots=True)
class Recall:
    """Places where phrases were said, those of them that were misheard, and who found them.

    `false` are places that only sound like a phrase and where none was said.
    """

    said: Counter[str] = field(default_factory=Counter)
    misheard: Counter[str] = field(default_factory=Counter)
    by_text: Counter[str] = field(default_factory=Counter)
    by_sound: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Clean:
    """What is found where nothing was misheard; `by_sound` is false, by definition."""

    n_turns: int
    n_syllables: int
    by_text: Counter[str]
    by_sound: Counter[str]


def phrase_lists() -> tuple[Phrases, ...]:
    """Return the lists of phrases of the shipped Chinese scorecard, each group by itself."""
    card = load_scorecard(SCORECARDS_DIR / "order-line.zh.yaml").scorecard
    signals = [s for s in card.signals.values() if isinstance(s, PhraseSignal)]
    groups = [group for s in signals for group in (s.all_of or (s.any_of or (),))]
    longer = (tuple(p for p in group if n_syllables(p) > 1) for group in groups)
    return tuple(dict.fromkeys(phrases for phrases in longer if phrases))


def recorded_calls() -> list[list[str]]:
    """Return the turns of the demo's Chinese dialogues, call by call."""
    scripts = [s for s in last_night() if s.manifest["language"] == "zh"]
    return [[line.text for line in script.lines] for script in scripts]


def made_up_calls() -> list[list[str]]:
    """Return the turns of the made-up history in Chinese, call by call."""
    calls = [call for call in past_calls() if call.manifest["language"] == "zh"]
    return [[turn.text for turn in call.conversation.turns] for call in calls]


def passage(text: str) -> Passage:
    """Return a turn as the pipeline would search it: a word for every character."""
    span = Span(0.0, max(1, n_syllables(text)) / SYLLABLES_PER_S)
    words = spread_words(text, span, "zh")
    return passage_of(Turn("agent", 0, span.start_s, span.end_s, words), "zh")


def dictionary_turns() -> tuple[list[str], list[str]]:
    """Return the words of pypinyin's dictionary, each a turn, and shuffled in strings of eight."""
    from pypinyin.phrases_dict import phrases_dict

    words = sorted(phrases_dict)
    mixed = Random(SEED).sample(words, len(words))
    return words, ["".join(mixed[i : i + 8]) for i in range(0, len(mixed), 8)]


def recall(turns: Iterable[str], lists: Sequence[Phrases], rate: float) -> Recall:
    """Return what is found in `turns` once a share of their characters is misheard."""
    rng, counts = Random(f"{SEED}|{rate}"), Recall()
    for text in turns:
        said, heard = passage(text), passage(misheard(text, rate, rng))
        for phrases in lists:
            by_text = search(heard, phrases, "text")
            by_sound = search(heard, phrases, "sound")
            for place in search(said, phrases, "text"):
                size, chars = _size(place), slice(place.start, place.end)
                counts.said[size] += 1
                counts.misheard[size] += said.text[chars] != heard.text[chars]
                counts.by_text[size] += _is_met(place, by_text)
                counts.by_sound[size] += _is_met(place, by_sound)
            there = search_all(said, phrases, "text")
            false = (p for p in by_sound if p.match == "sound" and not _is_met(p, there))
            counts.false.update(map(_size, false))
    return counts


def clean(turns: Sequence[str], lists: Sequence[Phrases]) -> Clean:
    """Return what `text`, and what `sound` alone, finds in `turns` as they are."""
    found: dict[str, Counter[str]] = {"text": Counter(), "sound": Counter()}
    for text in turns:
        said = passage(text)
        for phrases in lists:
            for place in search(said, phrases, "sound"):
                found[place.match][_size(place)] += 1
    return Clean(len(turns), sum(map(n_syllables, turns)), found["text"], found["sound"])


def cost_ratio(calls: Iterable[list[str]], lists: Sequence[Phrases], repeats: int = 20) -> float:
    """Return the processor seconds of `sound` over `text`, all lists on the first calls."""
    turns = (text for call in calls for text in call)
    said: list[Passage] = []
    while sum(p.script.extents_s[p.turn][1] for p in said) < CALL_S:
        said.append(passage(next(turns)))
    least: dict[Match, float] = {"text": math.inf, "sound": math.inf}
    for _ in range(repeats):
        for how in least:
            begun_s = time.process_time()
            for one in said:
                for phrases in lists:
                    search(one, phrases, how)
            least[how] = min(least[how], time.process_time() - begun_s)
    return least["sound"] / least["text"]


def _is_met(place: Place, found: list[Place]) -> bool:
    return any(one.overlaps(place.start, place.end) for one in found)


def _size(place: Place) -> str:
    n = place.end - place.start
    return str(n) if n < 4 else "4+"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    lists, calls = phrase_lists(), made_up_calls() + recorded_calls()
    turns = [text for call in calls for text in call]
    words, strings = dictionary_turns()
    figures: dict[str, Recall | Clean | float] = {}
    for rate in RATES:
        print(f"{rate:.0%} misheard, {len(turns)} turns", file=sys.stderr, flush=True)
        figures[f"{rate:.0%}"] = recall(turns, lists, rate)
    for name, said in (("calls", turns), ("words", words), ("strings", strings)):
        print(f"nothing misheard, {name}", file=sys.stderr, flush=True)
        figures[name] = clean(said, lists)
    figures["ratio"] = round(cost_ratio(calls, lists), 1)
    if arguments.json:
        print(json.dumps(figures, indent=2, default=_fields))
    else:
        print(_told(figures))


def _fields(one: Recall | Clean) -> dict[str, object]:
    return {part.name: getattr(one, part.name) for part in fields(one)}


def _told(figures: Mapping[str, Recall | Clean | float]) -> str:
    lines = ["| misheard | syllables | said | misheard | by text | by sound | false finds |"]
    lines.append("|" + " --- |" * 7)
    for name, one in figures.items():
        if isinstance(one, Recall):
            lines += [_row(name, size, one) for size in SIZES]
    lines += ["", "| nothing misheard | turns | syllables | by text | by sound alone: 2, 3, 4+ |"]
    lines.append("|" + " --- |" * 5)
    for name, one in figures.items():
        if isinstance(one, Clean):
            alone = ", ".join(str(one.by_sound[size]) for size in SIZES)
            n_text = one.by_text.total()
            lines.append(f"| {name} | {one.n_turns} | {one.n_syllables} | {n_text} | {alone} |")
    return "\n".join([*lines, "", f"processor seconds of sound / text: {figures['ratio']}"])


def _row(rate: str, size: str, one: Recall) -> str:
    said = one.said[size]
    shares = (f"{n / said:.1%} ({n})" for n in (one.by_text[size], one.by_sound[size]))
    cells = (rate, size, said, one.misheard[size], *shares, one.false[size])
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    main()
