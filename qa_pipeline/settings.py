"""What operations may choose: one YAML file, every key with a default.

`qa_pipeline.documents` reads the file; faults are told with line and column.
"""

from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, field_validator

from qa_pipeline.documents import fault, nearest, read_document, validated
from qa_pipeline.errors import WrongUse
from qa_pipeline.texts import Language, Text

Share = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class RawFormat(_Declared):
    """What headerless audio is: nothing in the file says it."""

    encoding: Literal["pcm_s16le", "alaw", "mulaw", "gsm"]
    sample_rate_hz: Annotated[int, Field(ge=8_000, le=48_000)] = 8_000
    n_channels: Literal[1, 2] = 1


class SourceSettings(_Declared):
    """Where a manifest row's facts come from when a recorder names them otherwise.

    `columns` maps the manifest's own column names to ours; `name_pattern` reads facts from file
    names where there is no manifest, e.g. `{group}/{agent_id}_{started_at:%Y%m%dT%H%M%S}.wav`;
    `raw_format` declares headerless audio, which is refused otherwise.
    """

    columns: dict[str, str] = Field(default_factory=dict)
    name_pattern: str | None = None
    agent_channel: Literal[0, 1] | None = None
    raw_format: RawFormat | None = None
    defaults: dict[str, str] = Field(default_factory=dict)


class ActivitySettings(_Declared):
    """Speech activity: Silero's probability threshold and the gaps and bursts it may smooth."""

    threshold: Share = 0.5
    min_speech_s: Seconds = 0.10
    min_silence_s: Seconds = 0.25
    pad_s: Seconds = 0.05


class RecognitionSettings(_Declared):
    """The recogniser. `model` is a name or a directory; `device` and `compute_type` as CTranslate2.

    `join_gap_s`: speech closer than this is heard in one window, at most `max_window_s` long; None:
    what the model was made for, as its manifest says, else 1 s and 30 s.
    `min_call_confidence`: below this mean word probability a side's words are not measured. The
    demo model's means: 0.72-0.95 on the demo's calls, 0.17-0.52 on 15 real recordings.
    """

    model: str = "demo-asr"
    device: Literal["auto", "cpu", "cuda"] = "cpu"
    compute_type: str = "int8"
    beam_size: Annotated[int, Field(ge=1, le=20)] = 5
    join_gap_s: Seconds | None = None
    max_window_s: Annotated[float, Field(gt=1, le=30)] | None = None
    window_pad_s: Seconds = 0.2
    min_call_confidence: Share = 0.6


class DiarisationSettings(_Declared):
    """A local pyannote pipeline, by name or directory, or none: then mono words have no role."""

    pipeline: str | None = None


class LevelSettings(_Declared):
    """Inspection levels: the share of failing calls that a week may hold and still be good."""

    acceptable_failed_share: Share = 0.1


class PlaybackSettings(_Declared):
    """The masked copy that reviewers hear. `enabled: false` writes none.

    `mask_margin_s` is masked on both sides of a number, for word times are not exact. Where the
    words of a side were not understood, numbers in them cannot be masked: such a call has no copy
    unless `unread: true` says that reviewers may hear it all the same.
    """

    enabled: bool = True
    kbps_per_channel: Annotated[int, Field(ge=8, le=96)] = 16
    mask: Literal["tone", "silence"] = "tone"
    mask_margin_s: Annotated[float, Field(ge=0, le=5)] = 0.25
    unread: bool = False


class Settings(_Declared):
    """All settings. `time_zone` reads local times and names the calendar of periods."""

    language: Language | None = None
    time_zone: str = "Asia/Shanghai"
    call_language: Language = "zh"
    source: SourceSettings = Field(default_factory=SourceSettings)
    activity: ActivitySettings = Field(default_factory=ActivitySettings)
    recognition: RecognitionSettings = Field(default_factory=RecognitionSettings)
    diarisation: DiarisationSettings = Field(default_factory=DiarisationSettings)
    levels: LevelSettings = Field(default_factory=LevelSettings)
    playback: PlaybackSettings = Field(default_factory=PlaybackSettings)
    database_url: str | None = None

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise fault(
                Text(en="not a time zone of the IANA database", zh="不是 IANA 时区数据库中的时区"),
                nearest(name, available_timezones()),
                got=name,
            )
        return name

    @property
    def zone(self) -> ZoneInfo:
        """The configured time zone."""
        return ZoneInfo(self.time_zone)


def load_settings(path: Path | None) -> Settings:
    """Read the settings file, or return the defaults for None.

    Raises
    ------
    WrongUse
        The file cannot be read.
    DocumentRefused
        With every fault of the file, in order of place.
    """
    if path is None:
        return Settings()
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise WrongUse(
            str(path),
            Text(en="the settings cannot be read", zh="无法读取设置文件"),
            Text(en="check the path and its permissions", zh="请检查路径和权限"),
            got=error.strerror,
        ) from error
    return validated(read_document(raw, str(path)), Settings)


#: Directories beside the package in a checkout: shipped scorecards and models.
ROOT = Path(__file__).resolve().parent.parent
SCORECARDS_DIR = ROOT / "scorecards"
MODELS_DIR = ROOT / "models"
