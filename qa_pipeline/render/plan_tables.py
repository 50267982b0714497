"""A sampling plan in the terminal: capacity, strata, and how sure each group's rate will be."""

from collections.abc import Sequence
from math import isinf
from typing import Protocol

from rich import box
from rich.table import Table
from rich.text import Text as Line

from qa_pipeline.render.numbers import NONE, count
from qa_pipeline.render.views import stratum_name
from qa_pipeline.render.wording import words_in
from qa_pipeline.sampling.expect import Expected
from qa_pipeline.texts import Language, Text

_REASONS = {
    "random": Text(en="random", zh="随机"),
    "focus": Text(en="focus", zh="重点"),
}
_DRAWN = Text(en="To hear", zh="拟听")
_WHY = Text(en="Why", zh="原因")
_NEEDED = Text(en="It would take", zh="至少需听")
_PRECISE = Text(en="For ±5 points", zh="±5 个百分点需听")
_TOO_FEW = Text(en="too few", zh="样本太少")


class Stratum(Protocol):
    """What a planned stratum tells."""

    @property
    def stratum(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def n_population(self) -> int: ...
    @property
    def n_drawn(self) -> float: ...


def allocation_table(strata: Sequence[Stratum], language: Language) -> Table:
    """Return what each stratum gets, raised shares apart from the rest."""
    words = words_in(language)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column(words["stratum"], overflow="fold")
    table.add_column(_WHY.say(language), no_wrap=True)
    for heading in (words["population"], _DRAWN.say(language), words["probability"]):
        table.add_column(heading, justify="right")
    for row in strata:
        table.add_row(
            Line(stratum_name(row.stratum, language)),
            _REASONS[row.reason].say(language),
            count(row.n_population),
            _expected(row.n_drawn),
            f"{row.n_drawn / row.n_population:.3f}",
        )
    return table


def precision_table(groups: Sequence[Expected], overall: Expected, language: Language) -> Table:
    """Return the interval that each group's rate will have; where it is too few, what it takes."""
    words = words_in(language)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column(words["group"], overflow="fold")
    for heading in (
        words["calls"],
        _DRAWN.say(language),
        words["n_effective"],
        words["interval"],
        _NEEDED.say(language),
        _PRECISE.say(language),
    ):
        table.add_column(heading, justify="right")
    for group in groups:
        table.add_row(Line(group.group), *_precision(group, language))
    table.add_section()
    table.add_row(words["all_groups"], *_precision(overall, language), style="bold")
    return table


def _precision(group: Expected, language: Language) -> tuple[str, ...]:
    interval = group.interval
    shown = _TOO_FEW.say(language)
    if interval is not None:
        shown = f"{100 * interval.low:.1f}-{100 * interval.high:.1f}%"
    return (
        count(group.n_population),
        _expected(group.n_drawn),
        "∞" if isinf(group.n_effective) else f"{group.n_effective:.1f}",
        shown,
        NONE if group.n_needed is None else count(group.n_needed),
        count(group.n_precise),
    )


def _expected(n: float) -> str:
    return count(round(n)) if abs(n - round(n)) < 1e-9 else f"{n:.1f}"
