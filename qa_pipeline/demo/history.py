"""Two months of made-up calls as finished transcripts, with the truth about each of them.

The same seed gives the same calls on any machine. Nobody in them exists.
"""

import csv
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random

from qa_pipeline.demo.centre import Centre, Group, centre, manners
from qa_pipeline.demo.conversation import Conversation, converse

SEED = "qa-demo"
#: Share of a weekday's calls that come on a Saturday or Sunday.
WEEKEND = 0.6
VIP_SHARE = 0.15
RING_S = (2, 14)
COLUMNS = (
    *("transcript", "call_id", "started_at", "agent_id", "group", "queue", "segment", "product"),
    *("direction", "language", "agent_since", "ring_s", "hangup_by", "demo"),
)


@dataclass(frozen=True, slots=True)
class PastCall:
    """A made-up call: its manifest row, its conversation and the faults in it."""

    manifest: Mapping[str, str]
    conversation: Conversation

    @property
    def call_id(self) -> str:
        """The call's id."""
        return self.manifest["call_id"]


@cache
def past_calls(seed: str = SEED) -> tuple[PastCall, ...]:
    """Return the calls of the centre's months in order of time, about 1,500."""
    made_up = centre()
    return tuple(
        call
        for month in made_up.months
        for day in _days(month)
        for call in _calls_of_day(made_up, day, Random(f"{seed}|{day}"))
    )


def write_history(folder: Path, calls: Iterable[PastCall]) -> Path:
    """Write transcripts and `manifest.csv` into `folder` and return the manifest's path."""
    manifest = folder / "manifest.csv"
    folder.mkdir(parents=True, exist_ok=True)
    with manifest.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        for call in calls:
            path = folder / call.manifest["transcript"]
            path.parent.mkdir(exist_ok=True)
            path.write_text(call.conversation.as_text(), encoding="utf-8")
            table.writerow(call.manifest)
    return manifest


def _days(month: str) -> Iterator[date]:
    first = date.fromisoformat(f"{month}-01")
    for number in range(monthrange(first.year, first.month)[1]):
        yield first + timedelta(days=number)


def _calls_of_day(made_up: Centre, day: date, rng: Random) -> list[PastCall]:
    """Make up one day: who calls when, and who answers."""
    opens, closes = (hour * 3600 for hour in made_up.hours)
    asked: list[tuple[int, Group]] = []
    for group in made_up.groups:
        usual = group.calls_per_day * (WEEKEND if day.weekday() >= 5 else 1 + (1 - WEEKEND) * 2 / 5)
        n_calls = round(rng.gauss(usual, usual**0.5 / 2))
        asked += [(rng.randrange(opens, closes), group) for _ in range(n_calls)]
    asked.sort(key=lambda call: call[0])
    return [
        _call(made_up, group, datetime.combine(day, time()) + timedelta(seconds=at_s), number, rng)
        for number, (at_s, group) in enumerate(asked, start=1)
    ]


def _call(
    made_up: Centre, group: Group, started_at: datetime, number: int, rng: Random
) -> PastCall:
    day = started_at.date().isoformat()
    agent = rng.choice([agent for agent in group.agents if agent.agent_since <= day])
    wanted = frozenset(
        fault
        for fault in made_up.rates
        if rng.random() < made_up.rate(fault, group, agent, day[:7])
    )
    call_id = f"h-{started_at:%m%d}-{number:03}"
    conversation = converse(manners(group.language), wanted, agent.agent_id[1:], rng)
    manifest = {
        "transcript": f"{day[:7]}/{call_id}.txt",
        "call_id": call_id,
        "started_at": started_at.isoformat(),
        "agent_id": agent.agent_id,
        "group": group.group,
        "queue": group.queue,
        "segment": "vip" if rng.random() < VIP_SHARE else "retail",
        "product": conversation.product,
        "direction": "inbound",
        "language": group.language,
        "agent_since": agent.agent_since,
        "ring_s": str(rng.randint(*RING_S)),
        "hangup_by": "agent" if rng.random() < 0.04 * agent.factor else "customer",
        "demo": "true",
    }
    return PastCall(manifest, conversation)
