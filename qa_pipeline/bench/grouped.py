"""Figures summed over groups of recordings, and phrases over all: worst first.

Languages are never mixed: one counts characters, the other words.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from qa_pipeline.bench.asr import Scored
from qa_pipeline.bench.phrases import Listed
from qa_pipeline.bench.scores import Figures, Finds, total
from qa_pipeline.records import Value
from qa_pipeline.texts import Language

#: How the program itself breaks figures down, beside columns of the manifest.
ALL, TIER = "all", "tier"
Tier = Literal["stereo", "mono"]


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of the recordings of one language whose `by` is `value`."""

    language: Language
    by: str
    value: Value
    figures: Figures


@dataclass(frozen=True, slots=True)
class PhraseFigures:
    """A phrase over all recordings of its language; `finds` None: could not be looked for."""

    listed: Listed
    finds: Finds | None
    duration_s: float

    @property
    def is_faultless(self) -> bool:
        """Whether it was found wherever it was said and nowhere else."""
        finds = self.finds
        return finds is not None and finds.n_found == finds.n_truth and finds.n_false == 0


def tier_of(scored: Scored) -> Tier:
    """Return whether two channels were heard, or one."""
    return "stereo" if scored.is_stereo else "mono"


def grouped(scored: Sequence[Scored], by: Sequence[str]) -> tuple[Group, ...]:
    """Return each language's figures: all, by tier, by the columns `by` in their order."""
    return tuple(
        group
        for language in _languages(scored)
        for group in _of_language([s for s in scored if s.language == language], by)
    )


def _languages(scored: Sequence[Scored]) -> list[Language]:
    order: tuple[Language, ...] = ("zh", "en")
    return [language for language in order if any(s.language == language for s in scored)]


def _of_language(scored: Sequence[Scored], by: Sequence[str]) -> Iterator[Group]:
    language = scored[0].language
    yield Group(language, ALL, None, total(s.figures for s in scored))
    for name in (TIER, *by):
        groups: Mapping[Value, list[Figures]] = defaultdict(list)
        for one in scored:
            value: Value = tier_of(one) if name == TIER else one.columns.get(name)
            groups[value].append(one.figures)
        for value in sorted(groups, key=lambda v: (v is None, str(v))):
            yield Group(language, name, value, total(groups[value]))


def phrase_figures(scored: Sequence[Scored]) -> tuple[PhraseFigures, ...]:
    """Return every phrase that stands in the truth or was found: worst recall first.

    Then those that were only found where nobody said them; those that could not be looked for last.
    """
    finds: dict[Listed, Finds | None] = {}
    for one in scored:
        for phrase, found in one.phrases.items():
            before = finds.get(phrase, Finds())
            finds[phrase] = None if before is None or found is None else before + found
    seconds: dict[Language, float] = defaultdict(float)
    for one in scored:
        seconds[one.language] += one.figures.duration_s
    told = [
        PhraseFigures(phrase, found, seconds[phrase.language])
        for phrase, found in finds.items()
        if found is None or found.n_truth or found.n_false
    ]
    return tuple(sorted(told, key=_badness))


def _badness(phrase: PhraseFigures) -> tuple[int, float, int, str]:
    finds = phrase.finds
    if finds is None:
        return 2, 0.0, 0, phrase.listed.phrase
    recall = finds.recall
    if recall is None:
        return 1, 0.0, -finds.n_false, phrase.listed.phrase
    return 0, recall.value, -finds.n_truth, phrase.listed.phrase
