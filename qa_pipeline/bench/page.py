"""The bench's page: one self-contained HTML file, the only place that shows what was said.

Everything that people wrote or a machine heard is escaped; no script runs, nothing is fetched.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from jinja2 import Environment

from qa_pipeline.bench.alignment import Step
from qa_pipeline.bench.asr import AsrReport, Scored
from qa_pipeline.bench.diarisation import DiarisationReport
from qa_pipeline.bench.documents import asr_document
from qa_pipeline.bench.grouped import grouped, phrase_figures
from qa_pipeline.bench.reading import reading_asr, reading_diarisation
from qa_pipeline.bench.scores import TEN_MINUTES_S, starts_told
from qa_pipeline.bench.speaker_documents import diarisation_document, speaker_groups
from qa_pipeline.bench.spoken import Spoken
from qa_pipeline.bench.streams import Aligned
from qa_pipeline.bench.truth import Failed
from qa_pipeline.bench.wording import group_name, interval, language_name, number, rate, words_in
from qa_pipeline.render.numbers import NONE, clock
from qa_pipeline.render.pages import csp_hash, environment, style
from qa_pipeline.texts import Language

#: How a stretch of an alignment is marked: `del` was said and not heard so, `ins` was heard.
Mark = str


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text and its mark: "", "del" or "ins"."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class TurnView:
    """One turn of the truth with what was heard of it; `at` is empty where it has no time."""

    at: str
    role: str | None
    pieces: tuple[Piece, ...]


def asr_page(report: AsrReport, language: Language) -> str:
    """Return the page of `qa bench asr`."""
    groups = grouped(report.scored, report.by)
    spoken = dict.fromkeys(group.language for group in groups)
    phrases = phrase_figures(report.scored)
    return _page(
        "bench_asr.html.j2",
        language,
        title="asr_title",
        engine=report.transcriber,
        tables=[
            (language_name(one, language), [g for g in groups if g.language == one])
            for one in spoken
        ],
        phrases=phrases,
        scored=sorted(report.scored, key=_error_rate, reverse=True),
        failures=_failures(report.failures, language),
        reading=reading_asr(language),
        data=asr_document(report, with_text=False),
    )


def diarisation_page(report: DiarisationReport, language: Language) -> str:
    """Return the page of `qa bench diarisation`; it shows no words."""
    groups = list(speaker_groups(report.scored, report.by)) if report.scored else []
    rows = [(one.recording, one.n_speakers, one.figures) for one in report.scored]
    rows += [(group_name(g.by, g.value, language), None, g.figures) for g in groups]  # type: ignore[misc]
    return _page(
        "bench_diarisation.html.j2",
        language,
        title="diarisation_title",
        engine=report.diariser,
        rows=rows,
        n_recordings=len(report.scored),
        total=groups[0].figures if groups else None,
        failures=_failures(report.failures, language),
        reading=reading_diarisation(language),
        data=diarisation_document(report),
    )


def _page(template: str, language: Language, *, title: str, **shown: Any) -> str:
    words = words_in(language)
    sheet = style(("qa_pipeline.bench", "bench.css"))
    html = (
        _environment()
        .get_template(template)
        .render(
            language=language,
            w=words,
            title=words[title],
            style=sheet,
            style_hash=csp_hash(sheet),
            group_name=group_name,
            starts_told=starts_told,
            turns_of=turns_of,
            dash=NONE,
            ten_minutes_s=TEN_MINUTES_S,
            **shown,
        )
    )
    return html.strip() + "\n"


@cache
def _environment() -> Environment:
    filters: dict[str, Callable[..., object]] = {
        "rate": rate,
        "number": number,
        "interval": interval,
    }
    return environment("qa_pipeline.bench", filters)


def _error_rate(scored: Scored) -> float:
    """Return the error rate; words heard where none were said are as bad as can be."""
    errors = scored.figures.errors
    return errors.rate if errors.rate is not None else float(errors.n_inserted)


def _failures(failures: Sequence[Failed], language: Language) -> list[tuple[str, str, str]]:
    return [(f.recording, f.error.code, f.error.say(language)) for f in failures]


def turns_of(stream: Aligned, *, timed: bool) -> list[TurnView]:
    """Return the truth's turns with errors marked; what was heard too much stands where it was."""
    by_turn = groupby(_located(stream), key=lambda located: located[0])
    said = stream.stream.said
    return [
        TurnView(
            clock(said[index].start_s) if said and timed else "",
            said[index].role if said else None,
            tuple(_pieces([step for _, step in steps], stream)),
        )
        for index, steps in by_turn
    ]


def _located(stream: Aligned) -> Iterator[tuple[int, Step]]:
    """Yield each step with the truth's turn it belongs to: an insertion, to the one before."""
    turn = stream.said[0].turn if stream.said else 0
    for step in stream.steps:
        turn = turn if step.truth is None else stream.said[step.truth].turn
        yield turn, step


def _pieces(steps: Sequence[Step], stream: Aligned) -> Iterator[Piece]:
    """Yield right stretches as they are, wrong ones as what was said and then what was heard."""
    for is_right, run in groupby(steps, key=lambda step: step.kind == "equal"):
        own = list(run)
        said = _text(stream.said, [s.truth for s in own])
        if is_right:
            yield Piece("", said)
            continue
        if said:
            yield Piece("del", said)
        if heard := _text(stream.heard, [s.heard for s in own]):
            yield Piece("ins", heard)


def _text(units: Sequence[Spoken], indexes: Sequence[int | None]) -> str:
    return "".join(units[i].text for i in indexes if i is not None)
