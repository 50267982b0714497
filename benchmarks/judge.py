"""What judging stored calls costs: `python -m benchmarks.judge [--calls 1000] [--repeats 10]`.

Five-minute calls (`benchmarks.stored_calls`) lie in a store; each is read and judged by one of the
shipped scorecards of its language, all criteria, reasons and evidence included. Beside it, on the
same files and in the same process, stands one bare pass: all phrases of the scorecard in one
Aho-Corasick automaton over the call's text, which takes nothing into account (no role, no window,
no marks, no words cut). It reads in three ways:

- `whole`: all that judging has at hand (words, speech, tracks, held sounds), as Python has them
  (`read_parquet(...).iter_rows()`), words joined;
- `rows`: in the same way, the words alone;
- `columns`: nothing but the text, joined inside polars; no quicker way to it is known to us.

The parts take turns in portions of one file (250 calls), `--repeats` times over, and are timed in
processor seconds: what else the machine does falls on all of them alike. A part's figure is the sum
of the least that each portion took, and ratios are of these; beside them stands the median of the
ratios of single turns. Lists of 10 and of 10,000 phrases are compared in a signal of their own, on
calls in memory.

`--processes 2` then reads and judges all calls in as many processes, as often and by the clock: the
most calls a second of any turn, and the median. Machines share their cores: the half of one runs
Python half as fast as long as somebody works on the other half, and no clock of one's own process
tells. So a fixed loop is timed between calls, and beside both figures stands how fast the cores
then were: 100 % is the fastest that the loop ran in all turns.
"""

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from random import Random
from statistics import fmean, median, median_low
from typing import Any, NamedTuple

import polars as pl
from ahocorasick_rs import AhoCorasick

from benchmarks.stored_calls import Kind, make_call, make_store
from qa_pipeline.detectors.detect import Detection
from qa_pipeline.pipeline.processes import collect_rarely, keep_what_is_loaded
from qa_pipeline.records import Call
from qa_pipeline.scorecard.load import LoadedScorecard, load_directory
from qa_pipeline.scorecard.signals import SIGNALS, PhraseSignal
from qa_pipeline.scoring import Bound, bind, judge
from qa_pipeline.settings import SCORECARDS_DIR
from qa_pipeline.store import Store
from qa_pipeline.store.work import MEASURE, WorkRow

#: What is timed, by name.
Parts = Mapping[str, Callable[[], object]]

SEED = "qa-judge"
N_PHRASES = (10, 10_000)
N_CALLS_OF_LISTS = 60
#: What judging is held against.
_PEERS = ("whole", "rows", "columns")
#: The loop that tells how fast a core runs (0.3 ms of a whole one), and after how many calls.
_STEPS, _EVERY = 20_000, 10
_HAN = (0x4E00, 0x9FA0)


@cache
def cards() -> tuple[LoadedScorecard, ...]:
    """Return the shipped scorecards."""
    return load_directory(SCORECARDS_DIR)


def kinds() -> list[Kind]:
    """Return what calls are made of: for every shipped scorecard as many."""
    return [
        Kind(card.scorecard.language, (("scorecard", card.scorecard.scorecard),))
        for card in cards()
    ]


def phrases(card: LoadedScorecard) -> list[str]:
    """Return every phrase that a scorecard lists."""
    found: list[str] = []
    for signal in card.scorecard.signals.values():
        if isinstance(signal, PhraseSignal):
            found += [p for group in signal.all_of or (signal.any_of or (),) for p in group]
            found += signal.except_
    return list(dict.fromkeys(phrase.casefold() for phrase in found))


@cache
def bound_cards() -> Mapping[str, Bound]:
    """Return the shipped scorecards ready to judge, by id."""
    return {card.scorecard.scorecard: bind(card) for card in cards()}


def judged(folder: Path, work: Sequence[WorkRow]) -> int:
    """Read and judge the calls; return the number of findings."""
    bound = bound_cards()
    with Store.open(folder) as store:
        calls = (stored.call for stored in store.measured(work))
        return sum(_n_findings(call, bound) for call in calls)


def _n_findings(call: Call, bound: Mapping[str, Bound]) -> int:
    evaluation = judge(call, bound[str(call.metadata["scorecard"])])
    return sum(len(verdict.findings) for verdict in evaluation.verdicts)


def rows(folder: Path, *more: str, shard: str = "*") -> Iterator[tuple[str, str]]:
    """Yield (scorecard, text) of every call, read as rows, `more` columns too."""
    for path in _files(folder, shard):
        frame = pl.read_parquet(path, columns=["metadata", "turns", *more])
        for metadata, turns, *_ in frame.iter_rows():
            text = "\n".join("".join(word["text"] for word in turn["words"]) for turn in turns)
            yield json.loads(metadata)["scorecard"], text


def columns(folder: Path, *, shard: str = "*") -> Iterator[tuple[str, str]]:
    """Yield (scorecard, text) of every call, joined by polars."""
    word = pl.element().struct.field("words").list.eval(pl.element().struct.field("text"))
    text = pl.col("turns").list.eval(word.list.join("")).list.join("\n")
    for path in _files(folder, shard):
        frame = pl.scan_parquet(path).select("metadata", text).collect()
        for metadata, said in frame.iter_rows():
            yield json.loads(metadata)["scorecard"], said


@cache
def automata() -> Mapping[str, AhoCorasick]:
    """Return the phrases of each shipped scorecard in one automaton."""
    return {card.scorecard.scorecard: AhoCorasick(phrases(card)) for card in cards()}


def bare(texts: Iterator[tuple[str, str]]) -> int:
    """Run one automaton over each text; return the number of matches."""
    made = automata()
    return sum(len(made[card].find_matches_as_indexes(text.casefold())) for card, text in texts)


def lists(n_phrases: int) -> Callable[[], int]:
    """Return what looks for `n_phrases` phrases in some calls."""
    rng = Random(f"{SEED}|{n_phrases}")
    written = ["".join(chr(rng.randrange(*_HAN)) for _ in range(4)) for _ in range(n_phrases)]
    signal = SIGNALS["phrase"].model_validate({"detector": "phrase", "any_of": written})
    detection = Detection({"said": signal})
    calls = [make_call(Kind("zh", ()), number, SEED) for number in range(N_CALLS_OF_LISTS)]
    return lambda: sum(len(detection.of(call)) for call in calls)


def _files(folder: Path, shard: str) -> list[Path]:
    return sorted(folder.glob(f"tables/calls/period=*/{shard}.parquet"))


def portion(folder: Path, shard: str, work: Sequence[WorkRow]) -> Parts:
    """Return what is timed on the calls of one shard."""
    own = [row for row in work if row.shard == shard]
    return {
        "judged": lambda: judged(folder, own),
        "whole": lambda: bare(rows(folder, "speech", "tracks", "sustained", shard=shard)),
        "rows": lambda: bare(rows(folder, shard=shard)),
        "columns": lambda: bare(columns(folder, shard=shard)),
    }


def took_s(portions: Sequence[Parts], repeats: int) -> list[dict[str, list[float]]]:
    """Return the processor seconds of each part in each portion, turn by turn.

    All portions have the same parts; these take turns, once to warm up.
    """
    took: list[dict[str, list[float]]] = [{name: [] for name in parts} for parts in portions]
    for turn in range(repeats + 1):
        for parts, of_portion in zip(portions, took, strict=True):
            keep_what_is_loaded()
            for name, part in parts.items():
                begun_s = time.process_time()
                part()
                if turn:
                    of_portion[name].append(time.process_time() - begun_s)
    return took


def least_s(parts: Parts, repeats: int) -> dict[str, float]:
    """Return the least processor seconds of each part; the parts take turns, once to warm up."""
    return _sum_of_least(took_s([parts], repeats))


def _sum_of_least(took: Sequence[Mapping[str, Sequence[float]]]) -> dict[str, float]:
    return {name: sum(min(one[name]) for one in took) for name in took[0]}


def _median_over(took: Sequence[Mapping[str, Sequence[float]]], part: str) -> float:
    """Return the median of what judging costs beside `part`, over the turns of all portions."""
    turns = [zip(one["judged"], one[part], strict=True) for one in took]
    return median(judging_s / part_s for pairs in turns for judging_s, part_s in pairs)


class Lap(NamedTuple):
    """Calls a second of several processes in one turn, and what the loop took them, in seconds."""

    calls_a_second: float
    loops_s: Sequence[float]


def laps(folder: Path, work: Sequence[WorkRow], n_processes: int, repeats: int) -> list[Lap]:
    """Read and judge the calls in several processes, by the clock.

    `work` is in order of shards: like workers, a process reads whole ones where there are enough.
    """
    borders = [len(work) * i // n_processes for i in range(n_processes + 1)]
    parts = [work[first:last] for first, last in pairwise(borders)]
    found: list[Lap] = []
    with ProcessPoolExecutor(n_processes, get_context("spawn"), collect_rarely) as pool:
        list(pool.map(loops_s, [folder] * n_processes, [part[:5] for part in parts]))  # warm up
        for _ in range(repeats):
            begun_s = time.perf_counter()
            each = list(pool.map(loops_s, [folder] * n_processes, parts))
            rate = len(work) / (time.perf_counter() - begun_s)
            found.append(Lap(rate, [took_s for loops in each for took_s in loops]))
    return found


def loops_s(folder: Path, work: Sequence[WorkRow]) -> list[float]:
    """Read and judge the calls; return what the loop took between them, in seconds."""
    bound, found = bound_cards(), [loop_s()]
    with Store.open(folder) as store:
        for number, stored in enumerate(store.measured(work), start=1):
            _n_findings(stored.call, bound)
            if number % _EVERY == 0:
                found.append(loop_s())
    return found


def loop_s() -> float:
    """Return how long a loop of a fixed length takes just now, in seconds."""
    begun_s = time.perf_counter()
    for _ in range(_STEPS):
        pass
    return time.perf_counter() - begun_s


def rates(found: Sequence[Lap]) -> Mapping[str, Mapping[str, int]]:
    """Return the most calls a second of any turn and the median, and how fast the cores were."""
    least_s = min(took_s for lap in found for took_s in lap.loops_s)
    by_rate = sorted(found)
    chosen = {"most": by_rate[-1], "median": median_low(by_rate)}
    return {
        name: {
            "calls_a_second": round(lap.calls_a_second),
            "percent_of_cores": round(100 * fmean(least_s / took_s for took_s in lap.loops_s)),
        }
        for name, lap in chosen.items()
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=1000)
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        result = measured(Path(name), arguments.calls, arguments.repeats, arguments.processes)
    print(json.dumps(result, indent=2) if arguments.json else told(result))


def measured(folder: Path, n_calls: int, repeats: int, n_processes: int) -> dict[str, Any]:
    """Make the calls and return the figures."""
    collect_rarely()
    make_store(folder, kinds(), n_calls, SEED)
    with Store.open(folder) as store:
        work = sorted(store.ledger.current(MEASURE), key=lambda row: row.shard)
    shards = dict.fromkeys(row.shard for row in work)
    took = took_s([portion(folder, shard, work) for shard in shards], repeats)
    least = _sum_of_least(took)
    of_lists = least_s({str(n): lists(n) for n in N_PHRASES}, repeats)
    few, many = (of_lists[str(n)] for n in N_PHRASES)
    in_processes = rates(laps(folder, work, n_processes, repeats))
    return {
        "n_calls": n_calls,
        "judged_over_whole": round(least["judged"] / least["whole"], 2),
        "judged_over_rows": round(least["judged"] / least["rows"], 2),
        "judged_over_columns": round(least["judged"] / least["columns"], 2),
        "median_of_turns": {
            f"judged_over_{part}": round(_median_over(took, part), 2) for part in _PEERS
        },
        "ms_a_call": {part: round(1000 * s / n_calls, 3) for part, s in least.items()},
        "in_processes": in_processes,
        "n_processes": n_processes,
        "ten_thousand_phrases_over_ten": round(many / few, 2),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "peak_of_children_mib": round(
            resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        ),
    }


def told(result: Mapping[str, Any]) -> str:
    """Return the figures as people read them."""
    ms = result["ms_a_call"]
    medians = " / ".join(str(ratio) for ratio in result["median_of_turns"].values())
    most, middle = (
        f"{turn['calls_a_second']} (cores at {turn['percent_of_cores']} %)"
        for turn in result["in_processes"].values()
    )
    return (
        f"read and judged / bare pass over whole rows   {result['judged_over_whole']}"
        f"   ({ms['judged']} / {ms['whole']} ms a call)\n"
        f"read and judged / bare pass over rows         {result['judged_over_rows']}"
        f"   ({ms['judged']} / {ms['rows']} ms a call)\n"
        f"read and judged / bare pass over columns      {result['judged_over_columns']}"
        f"   ({ms['judged']} / {ms['columns']} ms a call)\n"
        f"the same three, median of single turns        {medians}\n"
        f"calls a second in {result['n_processes']} processes               "
        f"{most}   median of turns {middle}\n"
        f"lists of 10,000 phrases / of 10               {result['ten_thousand_phrases_over_ten']}\n"
        f"peak memory, this process / a judging one     "
        f"{result['peak_mib']} / {result['peak_of_children_mib']} MiB"
    )


if __name__ == "__main__":
    main()
