"""Figures as people read them: the cells of the group table, for page and terminal alike."""

from dataclasses import dataclass
from typing import Literal

from qa_pipeline.aggregate.figures import Change, GroupMonth, MachineRate
from qa_pipeline.render.numbers import (
    count,
    effective,
    percent,
    percent_range,
    points,
    points_range,
)
from qa_pipeline.render.wording import WORDS, words_in
from qa_pipeline.sampling.cells import TOGETHER
from qa_pipeline.sampling.strata import stratum_values
from qa_pipeline.texts import Language, Text


@dataclass(frozen=True, slots=True)
class ChangeCell:
    """A change in points. `value` is None where the months cannot be compared; then `note` stands.

    `before` is the rate of the month before. `direction` is None without evidence: nothing may look
    like an arrow then.
    """

    before: str | None
    value: str | None
    interval: str | None
    direction: Literal["up", "down"] | None
    note: str

    @property
    def arrow(self) -> str:
        """The arrow to show, empty without evidence."""
        return {"up": "▲", "down": "▼", None: ""}[self.direction]


@dataclass(frozen=True, slots=True)
class RateCell:
    """A rate with its interval, or the `note` that says why there is none. `n` counts its calls."""

    value: str | None
    interval: str | None
    n: str
    note: str | None
    change: ChangeCell


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One row of the group table."""

    name: str
    is_overall: bool
    n_calls: str
    n_undecided: str
    n_failures: str
    n_effective: str
    machine: RateCell
    human: RateCell


def group_row(group: GroupMonth, language: Language) -> GroupRow:
    """Return the group's row in words of `language`."""
    return GroupRow(
        name=group.group if group.group is not None else WORDS["all_groups"].say(language),
        is_overall=group.group is None,
        n_calls=count(group.machine.n_calls),
        n_undecided=count(group.machine.n_undecided),
        n_failures=count(group.n_failures),
        n_effective=effective(group.human.n_effective),
        machine=_machine_cell(group.machine, language),
        human=_human_cell(group, language),
    )


def _machine_cell(rate: MachineRate, language: Language) -> RateCell:
    change = change_cell(rate.change, language)
    n = count(rate.n_decided)
    if rate.interval is None or not rate.is_enough:
        undecided = "none_decided" if rate.n_calls else "no_calls"
        note = WORDS["too_few" if rate.n_decided else undecided].say(language)
        return RateCell(None, None, n, note, change)
    return RateCell(percent(rate.interval.value), percent_range(rate.interval), n, None, change)


def _human_cell(group: GroupMonth, language: Language) -> RateCell:
    rate = group.human
    change = change_cell(rate.change, language)
    n = f"{count(rate.n_reviewed)} / {count(rate.n_drawn)}"
    if rate.status != "rate" or rate.interval is None:
        why = rate.status if group.machine.n_calls else "no_calls"
        return RateCell(None, None, n, WORDS[why].say(language), change)
    return RateCell(percent(rate.interval.value), percent_range(rate.interval), n, None, change)


def change_cell(change: Change | None, language: Language) -> ChangeCell:
    """Return the change in words of `language`."""
    if change is None:
        return ChangeCell(None, None, None, None, WORDS["not_compared"].say(language))
    direction = change.direction
    return ChangeCell(
        percent(change.before.value),
        points(change.difference.value),
        points_range(change.difference, language),
        direction,
        WORDS[direction or "no_evidence"].say(language),
    )


def stratum_name(stratum: str, language: Language) -> str:
    """Return a stratum's name as people read it: `Orders · passed by machine`."""
    words = words_in(language)
    verdicts = {key: words[key] for key in ("pass", "fail")}
    verdicts["undecided"] = words["undecided_by_machine"]
    verdicts[TOGETHER] = words["together"]
    return " · ".join(
        verdicts.get(value) or _special_part(value, language) for value in stratum_values(stratum)
    )


def _special_part(value: str, language: Language) -> str:
    """Return `focus=new` and its like (see `sampling.members`) in words, anything else as it is."""
    kind, is_special, name = value.partition("=")
    special = _SPECIAL_PARTS.get(kind)
    return f"{special.say(language)} {name}" if is_special and special else value


_SPECIAL_PARTS = {
    "focus": Text(en="focus", zh="重点"),
    "level": Text(en="level", zh="检验等级"),
    "agent": Text(en="agent", zh="坐席"),
    "group": Text(en="group", zh="组"),
    "queue": Text(en="queue", zh="队列"),
}
