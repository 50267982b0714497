"""Who spoke when, told and true: diarisation error and role accuracy. Spans in, seconds out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from qa_pipeline.bench.scores import Adding
from qa_pipeline.errors import EngineMissing
from qa_pipeline.records import Role
from qa_pipeline.spans import Span, intersection, total_s
from qa_pipeline.texts import Text

Speakers = Mapping[str, tuple[Span, ...]]
#: Seconds on each side of a true boundary that are not scored. Source: NIST RT-09 evaluation plan;
#: pyannote.metrics calls the whole gap, twice this, its collar.
COLLARS_S = (0.0, 0.25)
_ROLES: tuple[Role, ...] = ("agent", "customer")


@dataclass(frozen=True, slots=True)
class Der(Adding):
    """Seconds of true speech and of each kind of error; overlapping speech counts for everyone."""

    speech_s: float = 0.0
    missed_s: float = 0.0
    false_alarm_s: float = 0.0
    confusion_s: float = 0.0

    @property
    def rate(self) -> float | None:
        """The diarisation error rate, None where nobody speaks."""
        wrong_s = self.missed_s + self.false_alarm_s + self.confusion_s
        return wrong_s / self.speech_s if self.speech_s > 0 else None


@dataclass(frozen=True, slots=True)
class RoleTime(Adding):
    """Seconds of true speech of agent and customer, and how many were told as that role's."""

    speech_s: float = 0.0
    right_s: float = 0.0
    n_recordings: int = 0
    n_undecided: int = 0

    @property
    def share(self) -> float | None:
        """The share of speech time told right, None where nobody speaks."""
        return self.right_s / self.speech_s if self.speech_s > 0 else None


@dataclass(frozen=True, slots=True)
class Collared(Adding):
    """Errors without a collar and with 0.25 s on each side of every true boundary."""

    strict: Der = field(default_factory=Der)
    lenient: Der = field(default_factory=Der)


@dataclass(frozen=True, slots=True)
class SpeakerFigures(Adding):
    """What is counted on some recordings. One `Der` for each of `COLLARS_S`.

    `engine` is what the pipeline answers, `journey` what the program makes of it: held against the
    speech that was measured, nothing of which is left without a speaker.
    """

    n_recordings: int = 0
    duration_s: float = 0.0
    spent_s: float = 0.0
    engine: Collared = field(default_factory=Collared)
    journey: Collared = field(default_factory=Collared)
    roles: RoleTime = field(default_factory=RoleTime)


def diarisation_errors(truth: Speakers, told: Speakers, duration_s: float) -> Collared:
    """Return the errors of `told`, its labels laid on the truth's in the best way.

    Raises
    ------
    EngineMissing
        pyannote.metrics is not installed.
    """
    strict, lenient = (_errors(truth, told, duration_s, collar_s) for collar_s in COLLARS_S)
    return Collared(strict, lenient)


def _errors(truth: Speakers, told: Speakers, duration_s: float, collar_s: float) -> Der:
    try:
        from pyannote.core import Segment, Timeline
        from pyannote.metrics.diarization import DiarizationErrorRate
    except ImportError as fault:
        raise _missing() from fault
    metric = DiarizationErrorRate(collar=2 * collar_s, skip_overlap=False)
    scored = Timeline([Segment(0.0, duration_s)])
    parts: Any = metric(_annotation(truth), _annotation(told), uem=scored, detailed=True)
    return Der(
        float(parts["total"]),
        float(parts["missed detection"]),
        float(parts["false alarm"]),
        float(parts["confusion"]),
    )


def _annotation(speakers: Speakers) -> Any:
    from pyannote.core import Annotation, Segment

    annotation = Annotation()
    for label, spans in speakers.items():
        for i, span in enumerate(spans):
            annotation[Segment(span.start_s, span.end_s), f"{label} {i}"] = label
    return annotation


def role_time(truth: Speakers, told: Mapping[Role, Sequence[Span]] | None) -> RoleTime:
    """Return how much of each role's true speech was told as that role's; None: undecided."""
    right_s = 0.0
    for role in _ROLES:
        if told is not None:
            right_s += total_s(intersection(truth.get(role, ()), told.get(role, ())))
    speech_s = sum(total_s(truth.get(role, ())) for role in _ROLES)
    return RoleTime(speech_s, right_s, 1, int(told is None))


def has_roles(truth: Speakers) -> bool:
    """Return whether the truth's labels are roles, all of them."""
    return bool(truth) and set(truth) <= set(_ROLES)


def _missing() -> EngineMissing:
    what = Text(en="pyannote.metrics is not installed", zh="未安装 pyannote.metrics")
    fix = Text(
        en="pip install 'qa-pipeline[diarisation]'", zh="pip install 'qa-pipeline[diarisation]'"
    )
    return EngineMissing("qa bench diarisation", what, fix)
