"""Speak the held-out test set: calls whose sentences, slot values and noise training never met.

    python make_heldout.py            # into heldout/: manifest.jsonl, recordings/, truth/

Every row of the manifest names a stereo recording (the agent on channel 0), its transcript with
the time of every word, its language and its kind:

- ``pattern``: the cast speaks sentences of the share that is held out by hash;
- ``stranger``: the same by voices that training never heard (``cast.STRANGERS``);
- ``open``: sentences written by hand (``heldout/open.*.txt``), like no pattern;
- ``phrases``: every listed forbidden phrase twice and every filler often, in held-out sentences;
- ``nobody``: silence, noise, tones and music on hold.

It is what ``qa bench asr --truth`` reads.  Some turns start before the one above them ends, some
are broken off; each party is heard on its own channel only.  Needs ``libespeak-ng.so.1``.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cast
import corpus
import make_recordings
import numpy as np
import telephone
from make_recordings import RATE, Spoken

from qa_pipeline.demo.scripts import Line

FOLDER = Path(__file__).parent / "heldout"
SEED = 20261127
CALLS = {"pattern": {"zh": 3, "en": 3}, "stranger": {"zh": 4, "en": 3}}
TURNS_A_CALL = 10
PHRASE_TIMES = 2
OVERLAP_SHARE, OVERLAP_S = 0.12, (0.3, 0.8)
BROKEN_SHARE, BROKEN_WORDS = 0.10, 6  # turns broken off at a word, if they have so many
NOBODY_S = 40
NOBODY = ("silence", "white", "hum", "ringing", "music", "music")

PHRASES = {
    "zh": (
        *(
            "喂",
            "不知道",
            "不清楚",
            "不明白",
            "想好了再打",
            "你这话什么意思",
            "不归我管",
            "不关我的事",
        ),
        *("神经病", "你去死", "你有病", "白痴", "傻子", "滚蛋", "不要脸"),
        *("你姓什么", "您姓什么", "你姓啥", "你叫什么"),
        *("绝对", "百分之百", "肯定没问题", "保证没问题", "最好的"),
    ),
    "en": (
        *("not my problem", "not our problem", "not my job", "not my department", "I don't care"),
        *("I don't know", "I do not know", "what do you want from me", "calm down", "whatever"),
        *("you should have known", "idiot", "moron", "stupid", "shut up", "go to hell"),
        *("I guarantee", "I promise", "a hundred percent", "definitely", "never break"),
    ),
}
FILLERS = {"zh": ("嗯", "呃", "那个", "这个"), "en": ("um", "uh", "er")}

Turn = tuple[str, list[str]]


@dataclass(frozen=True)
class Plan:
    """One call to speak: who says what in which order."""

    id: str
    language: str
    kind: str
    people: dict[str, cast.Person]
    turns: list[Turn]


# What is said.


def fresh(text: str, language: str) -> bool:
    """Whether every sentence of a text is held out, or a short phrase that everybody says."""
    sentences = corpus.sentences_of(text)
    return all(corpus.is_held_out(s) or corpus.is_common(s, language) for s in sentences)


def has_phrase(text: str, phrase: str) -> bool:
    """Whether the text says the phrase (English: as whole words)."""
    plain, wanted = corpus.normalise(text), corpus.normalise(phrase)
    return f" {wanted} " in f" {plain} " if wanted.isascii() else wanted in plain


def bad_sentence(phrase: str, language: str, rng: random.Random) -> str:
    """A held-out sentence with the forbidden phrase, sometimes behind some other clause."""
    patterns, links = (corpus.material(language)[key] for key in ("sentences", "clauses"))
    comma = "，" if language == "zh" else ", "
    while True:
        text = corpus.fill(rng.choice(patterns["bad"]), language, rng)
        if has_phrase(text, phrase) and rng.random() < 0.5:
            link = rng.choice(links)
            text = f"{link[0].upper()}{link[1:]}{comma}{text}"
        if has_phrase(text, phrase) and fresh(text, language):
            return text


def hesitant_sentence(filler: str, role: str, language: str, rng: random.Random) -> str:
    """A held-out sentence that begins with the filler."""
    comma = "，" if language == "zh" else ", "
    while True:
        text = corpus.turn_text(corpus.make_test_turn(role, language, rng)[:1], language)
        lower = text if language == "zh" else text[0].lower() + text[1:]
        text = f"{filler[0].upper()}{filler[1:]}{comma}{lower}"
        if fresh(text, language) and not corpus.is_common(text, language):
            return text


def new_turn(role: str, language: str, rng: random.Random, used: set[str]) -> list[str]:
    """A held-out turn none of whose longer sentences was used before."""
    while True:
        turn = corpus.make_test_turn(role, language, rng)
        long = {corpus.normalise(s) for s in turn if not corpus.is_common(s, language)}
        if not long & used:
            used |= long
            return turn


def phrase_turns(language: str, rng: random.Random) -> list[Turn]:
    """Agent's turns with each phrase, some opened by a filler, and short answers between them."""
    wanted = list(PHRASES[language]) * PHRASE_TIMES
    rng.shuffle(wanted)
    turns: list[Turn] = []
    for number, phrase in enumerate(wanted):
        filler = FILLERS[language][number % len(FILLERS[language])]
        opening = hesitant_sentence(filler, "agent", language, rng)
        turns.append(("agent", [opening, bad_sentence(phrase, language, rng)]))
        if number % 3 == 2:
            turns.append(("customer", [hesitant_sentence(filler, "customer", language, rng)]))
    return turns


def open_turns(language: str) -> list[Turn]:
    """The turns that were written by hand, the parties taking turns."""
    lines = (FOLDER / f"open.{language}.txt").read_text(encoding="utf-8").splitlines()
    return [(("customer", "agent")[n % 2], [text]) for n, text in enumerate(lines)]


def plain_turns(language: str, rng: random.Random, used: set[str]) -> list[Turn]:
    """The turns of one call made of held-out patterns."""
    roles = [("agent", "customer")[number % 2] for number in range(TURNS_A_CALL)]
    return [(role, new_turn(role, language, rng, used)) for role in roles]


def plans(language: str, rng: random.Random) -> Iterator[Plan]:
    """Every call of a language."""
    used: set[str] = set()
    calls = [
        (kind, plain_turns(language, rng, used))
        for kind, counts in CALLS.items()
        for _ in range(counts[language])
    ]
    for kind, turns in (("open", open_turns(language)), ("phrases", phrase_turns(language, rng))):
        step = TURNS_A_CALL if kind == "open" else 2 * TURNS_A_CALL
        calls += [(kind, turns[at : at + step]) for at in range(0, len(turns), step)]
    for number, (kind, turns) in enumerate(calls):
        crowd = cast.STRANGERS if kind == "stranger" else cast.CAST
        people = {}
        for role in ("agent", "customer"):
            fitting = [p for p in crowd if p.language == language and p.role == role]
            people[role] = fitting[number % len(fitting)]
        yield Plan(f"{language}-{number + 1:02d}-{kind}", language, kind, people, turns)


# How it sounds.


def broken_off(spoken: Spoken, rng: random.Random) -> Spoken:
    """The turn as it is, or cut off before one of its words."""
    if rng.random() >= BROKEN_SHARE or len(spoken.words) < BROKEN_WORDS:
        return spoken
    kept = rng.randrange(BROKEN_WORDS // 2, len(spoken.words))
    text, at = spoken.line.text, 0
    for word, _, _ in spoken.words[:kept]:
        at = text.index(word, at) + len(word)
    said = text[: text.index(spoken.words[kept][0], at)].strip()
    line = Line(spoken.line.role, said, spoken.line.gap_s)
    end = round(spoken.words[kept][1] * RATE)
    return Spoken(line, spoken.start, spoken.samples[:end], spoken.words[:kept])


def perform(plan: Plan, levels_db: dict[str, float], rng: random.Random) -> list[Spoken]:
    """Speak all turns and lay them out in time."""
    settings = {role: person.settings(rng) for role, person in plan.people.items()}
    spoken: list[Spoken] = []
    for role, sentences in plan.turns:
        overlapping = bool(spoken) and spoken[-1].line.role != role
        gap_s = rng.uniform(*make_recordings.GAP_S)
        if overlapping and rng.random() < OVERLAP_SHARE:
            gap_s = -rng.uniform(*OVERLAP_S)
        text = corpus.turn_text(sentences, plan.language)
        turn = make_recordings.say(Line(role, text, gap_s), settings[role], levels_db[role])
        turn = broken_off(turn, rng)
        start_s = spoken[-1].end / RATE + gap_s if spoken else rng.uniform(*make_recordings.LEAD_S)
        spoken.append(Spoken(turn.line, round(start_s * RATE), turn.samples, turn.words))
    return spoken


def nobody(kind: str, rng: np.random.Generator) -> np.ndarray:
    """Two channels on which nobody speaks, float [n_samples, 2] at 8 kHz."""
    count = NOBODY_S * RATE
    if kind == "silence":
        return np.zeros((count, 2), np.float32)
    if kind == "music":
        sound = telephone.hold_music(count, rng)
    elif kind == "ringing":
        time = np.arange(count) / RATE
        sound = np.where(time % 5 < 1, np.sin(2 * np.pi * 425 * time), 0.0).astype(np.float32)
    else:
        sound = telephone.make_noise(kind, count, rng)
    loud, soft = telephone.mu_law(0.08 * sound), telephone.mu_law(0.003 * sound)
    return np.stack([loud, soft], axis=1)


def written_words(turn: Spoken) -> list[dict]:
    """The words of a turn with their times, all that is written up to the next word with them.

    That is punctuation, and now and then a word that the synthesiser says in one breath with the
    one before it ("does not").
    """
    text, at, begins = turn.line.text, 0, []
    for word, _, _ in turn.words:
        begins.append(text.index(word, at))
        at = begins[-1] + len(word)
    start_s, rows = turn.start / RATE, []
    for number, (_, first_s, last_s) in enumerate(turn.words):
        end = begins[number + 1] if number + 1 < len(begins) else len(text)
        rows.append(
            {
                "text": text[begins[number] : end].strip(),
                "start_s": round(start_s + first_s, 3),
                "end_s": round(start_s + last_s, 3),
                "role": turn.line.role,
            }
        )
    return rows


def write_call(name: str, row: dict, samples: np.ndarray, spoken: list[Spoken]) -> dict:
    """Write a recording and its transcript; returns its row of the manifest."""
    audio, truth = FOLDER / "recordings" / f"{name}.opus", FOLDER / "truth" / f"{name}.json"
    make_recordings.encode(audio, samples)
    speech: dict[str, list] = {"agent": [], "customer": []}
    for turn in spoken:
        speech[turn.line.role].append([round(turn.start / RATE, 3), round(turn.end / RATE, 3)])
    content = {
        "duration_s": round(len(samples) / RATE, 3),
        "speech": speech,
        "words": [word for turn in spoken for word in written_words(turn)],
    }
    truth.write_text(json.dumps(content, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    places = {"recording": f"recordings/{audio.name}", "transcript": f"truth/{truth.name}"}
    return {"call_id": name, **places, **row, "agent_channel": 0}


def make_call(plan: Plan) -> dict:
    """Speak one call."""
    rng = random.Random(f"{SEED}/{plan.id}")
    noise = np.random.default_rng(list(f"{SEED}/{plan.id}".encode()))
    lines = {role: telephone.draw_line(noise) for role in ("agent", "customer")}
    spoken = perform(plan, {role: line.level_db for role, line in lines.items()}, rng)
    count = max(turn.end for turn in spoken) + round(rng.uniform(*make_recordings.LEAD_S) * RATE)
    voices = {role: np.zeros(count, np.float32) for role in lines}
    for turn in spoken:
        voices[turn.line.role][turn.start : turn.end] += turn.samples
    sides = [telephone.through_line(voices[role], line, noise) for role, line in lines.items()]
    voice = " / ".join(f"{p.sex} {p.variant or 'plain'}" for p in plan.people.values())
    row = {"language": plan.language, "kind": plan.kind, "voice": voice}
    return write_call(plan.id, row, np.stack(sides, axis=1), spoken)


def main() -> None:
    """Make every call and the manifest."""
    for folder in ("recordings", "truth"):
        (FOLDER / folder).mkdir(parents=True, exist_ok=True)
    rows = []
    for language in corpus.LANGUAGES:
        for plan in plans(language, random.Random(f"{SEED}/{language}")):
            rows.append(make_call(plan))
            print(plan.id, flush=True)
    for number, kind in enumerate(NOBODY):
        samples = nobody(kind, np.random.default_rng([SEED, number]))
        row = {"language": corpus.LANGUAGES[number % 2], "kind": "nobody", "voice": kind}
        rows.append(write_call(f"nobody-{number + 1}-{kind}", row, samples, []))
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (FOLDER / "manifest.jsonl").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
