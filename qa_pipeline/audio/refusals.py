"""Why a recording is refused: each reason once, in both languages, with what to do about it.

Codes are counted in reports and stay stable.
"""

from pathlib import Path

from qa_pipeline.errors import RecordingFailed
from qa_pipeline.texts import Text

_EXPORT_AGAIN = Text(
    en="export the recording from the recorder again",
    zh="请从录音系统重新导出该录音",
)
_TO_WAV = Text(
    en="export it as WAV (PCM or G.711), MP3, FLAC, Ogg/Opus, M4A or AMR",
    zh="请导出为 WAV（PCM 或 G.711）、MP3、FLAC、Ogg/Opus、M4A 或 AMR",
)


def _refusal(
    path: Path, code: str, what: Text, fix: Text, *, stage: str = "decode", got: str | None = None
) -> RecordingFailed:
    return RecordingFailed(path.name, what, fix, stage=stage, code=code, got=got)


def empty(path: Path) -> RecordingFailed:
    """Return the refusal of a file of zero bytes or without a single sample."""
    what = Text(en="the recording is empty", zh="录音为空")
    return _refusal(path, "empty", what, _EXPORT_AGAIN, stage="probe")


def too_short(path: Path, duration_s: float) -> RecordingFailed:
    """Return the refusal of a recording too short to hold a word."""
    what = Text(en="the recording is too short to hold a word", zh="录音太短，不足以容纳一个词")
    return _refusal(
        path, "too_short", what, _EXPORT_AGAIN, stage="probe", got=f"{duration_s:.3f} s"
    )


def too_long(path: Path, duration_s: float, limit_s: float) -> RecordingFailed:
    """Return the refusal of a recording longer than any call."""
    what = Text(
        en=f"the recording is longer than {limit_s / 3600:.0f} hours, which no call is",
        zh=f"录音超过 {limit_s / 3600:.0f} 小时，不可能是一通电话",
    )
    fix = Text(
        en="split it into calls, or export it again if its header is wrong",
        zh="请按通话拆分；若文件头有误请重新导出",
    )
    return _refusal(path, "too_long", what, fix, stage="probe", got=f"{duration_s / 3600:.1f} h")


def not_audio(path: Path, detail: str) -> RecordingFailed:
    """Return the refusal of a file that no decoder recognises; `detail` is the decoder's word."""
    what = Text(en="no decoder recognises this as audio", zh="无法识别为音频文件")
    return _refusal(path, "not_audio", what, _TO_WAV, stage="probe", got=detail)


def headerless(path: Path, kind: str) -> RecordingFailed:
    """Return the refusal of raw audio, whose rate and channels can only be guessed."""
    what = Text(
        en="headerless audio: its sample rate and channels can only be guessed",
        zh="无文件头的裸音频：采样率与声道数只能猜测",
    )
    fix = Text(
        en="declare source.raw_format in the settings, or export with a container (WAV)",
        zh="请在设置中声明 source.raw_format，或以带文件头的格式（WAV）导出",
    )
    return _refusal(path, "headerless", what, fix, stage="probe", got=kind)


def too_many_channels(path: Path, n_channels: int) -> RecordingFailed:
    """Return the refusal of more than two channels: nobody says who is on which."""
    what = Text(
        en="more than two channels: who speaks on which is not known",
        zh="超过两个声道：无法得知各声道是谁在说话",
    )
    fix = Text(
        en="export one channel for the agent and one for the customer",
        zh="请导出为坐席、客户各一声道的双声道录音",
    )
    return _refusal(path, "too_many_channels", what, fix, stage="probe", got=str(n_channels))


def rate_out_of_range(
    path: Path, sample_rate_hz: int, low_hz: int, high_hz: int
) -> RecordingFailed:
    """Return the refusal of a sample rate that no telephone recorder writes."""
    what = Text(
        en=f"the sample rate is outside {low_hz}-{high_hz} Hz",
        zh=f"采样率不在 {low_hz}-{high_hz} Hz 之内",
    )
    got = f"{sample_rate_hz} Hz"
    return _refusal(path, "sample_rate", what, _EXPORT_AGAIN, stage="probe", got=got)


def unreadable(path: Path, detail: str) -> RecordingFailed:
    """Return the failure of a file that cannot be opened or read from disk."""
    what = Text(en="the file cannot be read", zh="文件无法读取")
    fix = Text(
        en="check that it exists and may be read by this user", zh="请确认文件存在且当前用户可读"
    )
    return _refusal(path, "unreadable", what, fix, stage="probe", got=detail)


def truncated(path: Path, decoded_s: float, declared_s: float) -> RecordingFailed:
    """Return the failure of a recording that decodes to less than its container states."""
    what = Text(
        en="the recording is truncated or damaged: less sound than its container states",
        zh="录音被截断或损坏：解码时长少于文件声明的时长",
    )
    got = f"{decoded_s:.1f} s / {declared_s:.1f} s"
    return _refusal(path, "truncated", what, _EXPORT_AGAIN, got=got)


def damaged(path: Path, detail: str) -> RecordingFailed:
    """Return the failure of a recording with stretches that no decoder understands."""
    what = Text(
        en="the recording is truncated or damaged: parts of it cannot be decoded",
        zh="录音被截断或损坏：部分内容无法解码",
    )
    return _refusal(path, "truncated", what, _EXPORT_AGAIN, got=detail)


def not_finite(path: Path, n_samples: int) -> RecordingFailed:
    """Return the failure of float audio with NaN or infinite samples."""
    what = Text(
        en="samples that are not numbers (NaN or infinite)", zh="存在非数值采样（NaN 或无穷大）"
    )
    return _refusal(path, "not_finite", what, _EXPORT_AGAIN, got=str(n_samples))


def out_of_scale(path: Path, peak: float) -> RecordingFailed:
    """Return the failure of float audio that is not scaled to -1..1."""
    what = Text(
        en="float samples far outside -1..1: levels would mean nothing",
        zh="浮点采样远超 -1..1：电平没有意义",
    )
    fix = Text(
        en="export it scaled to -1..1, or as 16-bit PCM", zh="请归一化到 -1..1 或导出为 16 位 PCM"
    )
    return _refusal(path, "out_of_scale", what, fix, got=f"{peak:.0f}")
