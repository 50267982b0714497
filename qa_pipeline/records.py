"""Frozen facts that travel between floors: the call as measured, and what was found in it.

Times are seconds from the start of the recording, spans half-open. `None` means "not measured";
an empty tuple means "measured, and there was nothing".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from qa_pipeline.later import once
from qa_pipeline.spans import Span, union
from qa_pipeline.texts import Language
from qa_pipeline.words import Word, Words

Role = Literal["agent", "customer"]
Tier = Literal["dual_channel", "mono_diarised", "imported", "mono_undiarised"]
RoleSource = Literal["manifest", "settings", "evidence", "transcript", "unknown"]
Match = Literal["text", "sound", "regex"]
Outcome = Literal["pass", "fail", "not_applicable", "not_measured", "pending"]
Value = str | int | float | bool | None

#: Weakest first: `min_tier` compares by position. `mono_undiarised` is one channel whose speakers
#: nobody told apart: its words have no role.
TIERS: tuple[Tier, ...] = ("mono_undiarised", "imported", "mono_diarised", "dual_channel")


@dataclass(frozen=True, slots=True)
class Recording:
    """Facts of an audio file, no samples. `recording_sha256` is of the file's bytes."""

    path: str
    recording_sha256: str
    duration_s: float
    sample_rate_hz: int
    n_channels: int
    codec: str
    n_bytes: int


class Turn(NamedTuple):  # there are many in a call
    """One role's stretch of talk. `role` is None where nobody told the speakers apart."""

    role: Role | None
    channel: int | None
    start_s: float
    end_s: float
    words: Sequence[Word]

    @property
    def text(self) -> str:
        """The words as one string, ends stripped."""
        words = self.words
        if isinstance(words, Words):
            return words.text.strip()
        return "".join(word.text for word in words).strip()

    @property
    def span(self) -> Span:
        """The stretch of time that the turn covers."""
        return Span(self.start_s, self.end_s)


@dataclass(frozen=True, slots=True)
class Speech:
    """Where a party speaks: tidy spans. `role` None: one channel, speakers not told apart."""

    role: Role | None
    channel: int | None
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Track:
    """A feature sampled every `hop_s` seconds on one channel; value i is at `i * hop_s`.

    `kind` "level_dbfs": RMS level, dB re full scale; "pitch_hz": fundamental, None where unvoiced.
    """

    kind: Literal["level_dbfs", "pitch_hz"]
    channel: int
    role: Role | None
    hop_s: float
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Sustained:
    """Where one sound is held on a channel, steady in pitch and spectrum: tidy spans.

    Whether words lie there is not asked: drawn-out words are held as hesitations are.
    """

    channel: int
    spans: Sequence[Span]


@dataclass(frozen=True, slots=True)
class ChannelHealth:
    """What the samples say of one channel. Levels in dBFS; shares 0-1 of samples or frames."""

    channel: int
    level_dbfs: float | None
    noise_dbfs: float | None
    clipped_share: float
    is_empty: bool
    bleed_db: float | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """What produced a call: engines, models and the content key that the ledger uses."""

    recording_sha256: str | None
    transcript_sha256: str | None
    transcriber: str | None
    diariser: str | None
    activity: str | None
    pipeline_version: str
    fingerprint: str


@dataclass(frozen=True)  # no slots: it keeps what every signal asks of it anew
class Call:
    """A conversation as measured: words, turns, speech and tracks, and no samples.

    `turns` None: words were not measured. `speech` None: who speaks when was not measured.
    `sustained` None: there is no audio, or a version heard the call that did not look for it.
    `timed` False: a dialogue without times, whose turn i stands at `[i, i+1)` only for order.
    `is_dual_mono`: two channels that carry the same signal, treated as one.
    `is_redacted`: redaction has been over its words, as over those of every stored call.
    `n_dropped_words` counts words that overlapped no speech on their own channel.
    `notes` are stable codes of what a reader must know (`roles_by_evidence`, `demo_model`, ...);
    `unclear_agent` / `unclear_customer`: that side's words were too uncertain and are not in
    `turns`, so that nothing is measured on them.
    """

    call_id: str
    language: Language
    tier: Tier
    duration_s: float
    turns: tuple[Turn, ...] | None
    speech: tuple[Speech, ...] | None
    tracks: tuple[Track, ...] | None = None
    sustained: tuple[Sustained, ...] | None = None
    role_source: RoleSource = "unknown"
    timed: bool = True
    started_at: datetime | None = None
    metadata: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))
    channels: tuple[ChannelHealth, ...] = ()
    is_dual_mono: bool = False
    n_dropped_words: int = 0
    notes: tuple[str, ...] = ()
    is_redacted: bool = field(default=False, compare=False)

    @property
    def roles_inferred(self) -> bool:
        """True where roles were guessed on one channel: weak evidence for a fatal criterion."""
        return self.tier == "mono_diarised"

    @once
    def unclear(self) -> frozenset[Role]:
        """The roles whose words were heard too uncertainly to be measured."""
        roles: tuple[Role, ...] = ("agent", "customer")
        return frozenset(role for role in roles if f"unclear_{role}" in self.notes)

    def speech_of(self, role: Role | None) -> tuple[Span, ...] | None:
        """Return the tidy speech of `role`, of anyone for None; None where not measured."""
        known = self._speech_of
        if role not in known:
            known[role] = self._union_of(role)
        return known[role]

    def turns_of(self, role: Role | None) -> tuple[tuple[int, Turn], ...] | None:
        """Return (index, turn) of `role`, of anyone for None; None where not measured."""
        known = self._turns_of
        if role not in known:
            known[role] = self._indexed(role)
        return known[role]

    @once
    def _speech_of(self) -> dict[Role | None, tuple[Span, ...] | None]:
        return {}

    @once
    def _turns_of(self) -> dict[Role | None, tuple[tuple[int, Turn], ...] | None]:
        return {}

    def _union_of(self, role: Role | None) -> tuple[Span, ...] | None:
        if self.speech is None:
            return None
        if role is None:
            return union([span for speech in self.speech for span in speech.spans])
        if any(speech.role is None for speech in self.speech):
            return None
        return union([span for s in self.speech if s.role == role for span in s.spans])

    def _indexed(self, role: Role | None) -> tuple[tuple[int, Turn], ...] | None:
        if self.turns is None or role in self.unclear or (role is None and self.unclear):
            return None
        if role is None:
            return tuple(enumerate(self.turns))
        if None in [turn.role for turn in self.turns]:
            return None
        return tuple([(i, turn) for i, turn in enumerate(self.turns) if turn.role == role])

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is worked out from the rest."""
        return {name: vars(self)[name] for name in self.__dataclass_fields__}


class Finding(NamedTuple):  # there are many in a call
    """A piece of evidence. `turn` is an index into the call's turns; `quote` is the original text.

    Times are None in a call without times. `value` and `kind` are the detector's own.
    """

    signal: str
    detector: str
    role: Role | None
    start_s: float | None
    end_s: float | None
    quote: str | None = None
    match: Match | None = None
    value: float | None = None
    kind: str | None = None
    turn: int | None = None


class Verdict(NamedTuple):  # there are many in a call
    """One criterion's outcome. `points_won` is None unless the outcome is pass or fail."""

    criterion: str
    section: str
    severity: str
    outcome: Outcome
    points: float
    points_won: float | None
    reason: str
    findings: tuple[Finding, ...]
    fatal: bool = False


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A scorecard applied to a call. `counted` are findings of the scorecard's `count` signals."""

    call_id: str
    scorecard_id: str
    scorecard_version: int
    scorecard_sha256: str
    score: float | None
    passed: bool | None
    coverage: float | None
    verdicts: tuple[Verdict, ...]
    counted: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """A recording that could not be evaluated, with the reason in both languages."""

    call_id: str
    recording: str
    stage: str
    code: str
    message_en: str
    message_zh: str
    failed_at: datetime
