"""Inspection levels: how closely an agent or a group is listened to, and why.

A pure state machine over lots (a subject's randomly drawn, reviewed calls of one week), after the
switching rules of ISO 2859-1. The same lots and overrides give the same switches on any machine; a
switch takes effect on the Monday after its lot. The machine reads every call on every level, and
the sampling plan keeps a floor of calls that people hear of those who are exempt.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal

from qa_pipeline.statistics.acceptance import acceptance_number

Level = Literal["full", "half", "sampled", "exempt"]
SubjectKind = Literal["agent", "group"]
Reason = Literal[
    "first_seen", "new_agent", "fatal_finding", "two_of_five_refused", "five_refused_on_half",
    "five_accepted", "switching_score", "lot_refused", "overridden",
]  # fmt: skip

#: Lots looked back on, and how many of them refused make inspection closer (ISO 2859-1, 9.3.1).
LOOK_BACK, MAX_REFUSED = 5, 2
#: Lots accepted in a row that relax inspection (9.3.2); refused ones on half that end it (9.4).
ACCEPTED_IN_ROW, REFUSED_ON_HALF = 5, 5
#: The switching score that exempts (9.3.3.2). A lot adds 3 where one grade stricter would have
#: accepted it too, 2 where the acceptance number is 0 or 1; anything else sets the score to 0.
SCORE_TO_EXEMPT, STRICTER = 30, 1 / 1.6
#: An agent with us for less than this long is new.
NEW_AGENT_DAYS = 30
#: Fewer reviewed calls in a week than this decide nothing: the lot is neither accepted nor refused.
MIN_LOT = 5


@dataclass(frozen=True, slots=True)
class Lot:
    """A subject's week: calls reviewed at random, failed ones, and confirmed fatal findings."""

    subject: str
    week: date
    n_reviewed: int
    n_failed: int
    n_fatal: int = 0
    is_new: bool = False

    def acceptance_number(self, acceptable_share: float) -> int:
        """Return how many failed calls the lot may hold."""
        return acceptance_number(self.n_reviewed, acceptable_share)


@dataclass(frozen=True, slots=True)
class Switch:
    """A change of level, with its reason and the numbers that explain it."""

    subject: str
    level: Level
    effective_on: date
    reason: Reason
    level_before: Level | None = None
    lot: Lot | None = None
    score: int = 0
    note: str = ""
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a subject stands: its level since a day, and what its lots have shown since then."""

    level: Level
    since: date
    recent: tuple[bool, ...] = ()
    n_refused: int = 0
    score: int = 0

    @property
    def n_accepted_in_row(self) -> int:
        """Return the lots accepted since the last refused one, of those looked back on."""
        return next((i for i, ok in enumerate(reversed(self.recent)) if not ok), len(self.recent))


@dataclass(frozen=True, slots=True)
class Replay:
    """What a replay gives: switches in order of time, and where every subject stands after it."""

    switches: tuple[Switch, ...] = ()
    standings: Mapping[str, Standing] = field(default_factory=dict)


def replay(
    lots: Iterable[Lot],
    acceptable_share: float,
    standings: Mapping[str, Standing] | None = None,
    overrides: Sequence[Switch] = (),
) -> Replay:
    """Let lots and overrides pass in order of time, from `standings` or from the beginning.

    Lots of weeks that began before a subject's standing are left out: they have had their say. An
    override of a day goes before the lot of that day's week.
    """
    now = dict(standings or {})
    switches: list[Switch] = []
    events: list[tuple[date, int, str, Lot | Switch]] = [
        (lot.week, 1, lot.subject, lot) for lot in lots
    ]
    events += [(each.effective_on, 0, each.subject, each) for each in overrides]
    for _, _, subject, event in sorted(events, key=lambda e: e[:3]):
        standing = now.get(subject)
        if isinstance(event, Switch):
            switches.append(replace(event, level_before=standing.level if standing else None))
            now[subject] = Standing(event.level, event.effective_on)
            continue
        if standing is None:
            first = _first(event)
            switches.append(first)
            standing = now[subject] = Standing(first.level, first.effective_on)
        if event.week >= standing.since:
            now[subject], switch = step(standing, event, acceptable_share)
            switches += [switch] if switch else []
    return Replay(tuple(switches), now)


def _first(lot: Lot) -> Switch:
    if lot.is_new:
        return Switch(lot.subject, "full", lot.week, "new_agent", lot=lot)
    return Switch(lot.subject, "sampled", lot.week, "first_seen", lot=lot)


def step(standing: Standing, lot: Lot, acceptable_share: float) -> tuple[Standing, Switch | None]:
    """Return where a subject stands after a lot, and the switch that it caused, if it did.

    A switch begins all counts anew.
    """
    seen = _seen(standing, lot, acceptable_share)
    found = _next(seen, lot, standing)
    if found is None or found[0] == standing.level:
        return seen, None
    level, reason = found
    effective_on = lot.week + timedelta(days=7)
    switch = Switch(lot.subject, level, effective_on, reason, standing.level, lot, seen.score)
    return Standing(level, effective_on), switch


def _seen(standing: Standing, lot: Lot, acceptable_share: float) -> Standing:
    """Count a lot; one of too few calls changes nothing."""
    if lot.n_reviewed < MIN_LOT:
        return standing
    number = lot.acceptance_number(acceptable_share)
    accepted = lot.n_failed <= number
    gained = 0
    if accepted and number <= 1:
        gained = 2
    elif lot.n_failed <= lot.acceptance_number(acceptable_share * STRICTER):
        gained = 3
    return replace(
        standing,
        recent=(*standing.recent, accepted)[-LOOK_BACK:],
        n_refused=standing.n_refused + (not accepted),
        score=standing.score + gained if gained else 0,
    )


def _next(seen: Standing, lot: Lot, before: Standing) -> tuple[Level, Reason] | None:
    """Return the level that follows, whether or not it is another one."""
    if lot.n_fatal:
        return "full", "fatal_finding"
    if lot.is_new:
        return "full", "new_agent"
    if lot.n_reviewed < MIN_LOT:
        return None
    relaxes = seen.n_accepted_in_row >= ACCEPTED_IN_ROW
    match before.level:
        case "full":
            return ("half", "five_accepted") if relaxes else None
        case "half":
            if seen.n_refused >= REFUSED_ON_HALF:
                return "full", "five_refused_on_half"
            return ("sampled", "five_accepted") if relaxes else None
        case "sampled":
            if seen.recent.count(False) >= MAX_REFUSED:
                return "half", "two_of_five_refused"
            return ("exempt", "switching_score") if seen.score >= SCORE_TO_EXEMPT else None
        case "exempt":
            return None if seen.recent[-1] else ("sampled", "lot_refused")
