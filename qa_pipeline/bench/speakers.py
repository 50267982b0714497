"""Who truly speaks when: from an RTTM, a transcript, or two channels of which each holds one party.

Labels are roles (`agent`, `customer`) wherever the truth tells roles.
"""

import math

from qa_pipeline.bench.der import Speakers
from qa_pipeline.bench.reference import Reference
from qa_pipeline.engines.imported import written
from qa_pipeline.errors import RecordingFailed
from qa_pipeline.pipeline.sounds import Sounds
from qa_pipeline.spans import Span, union
from qa_pipeline.texts import Text

_DAY_S = 86_400.0
_NAMES = {"客服": "agent", "坐席": "agent", "客户": "customer", "客戶": "customer"}


def read_rttm(raw: bytes, where: str, stem: str) -> Speakers:
    """Return the spans of each speaker of a NIST RTTM.

    Where it tells of several files, only lines of the file `stem` count. Lines of other kinds than
    SPEAKER are passed over.

    Raises
    ------
    RecordingFailed
        Code `rttm_unreadable`, with the line; `rttm_other_file` where no line is of this file.
    """
    files: dict[str, dict[str, list[Span]]] = {}
    for number, line in enumerate(written(raw).split("\n"), start=1):
        fields = line.split()
        if not fields or fields[0] != "SPEAKER":
            continue
        span = _span(fields)
        if span is None:
            raise _unreadable(f"{where}:{number}")
        label = _NAMES.get(fields[7], fields[7].lower() if fields[7].isascii() else fields[7])
        files.setdefault(fields[1], {}).setdefault(label, []).append(span)
    chosen = next(iter(files.values())) if len(files) == 1 else files.get(stem)
    if chosen is None:
        raise _other_file(where, stem)
    return {label: union(spans) for label, spans in chosen.items()}


def _span(fields: list[str]) -> Span | None:
    try:
        start_s, length_s = float(fields[3]), float(fields[4])
    except (IndexError, ValueError):
        return None
    is_time = all(math.isfinite(s) and 0 <= s <= _DAY_S for s in (start_s, length_s))
    return Span(start_s, start_s + length_s) if len(fields) >= 8 and is_time else None


def of_reference(reference: Reference, where: str, agent_channel: int | None) -> Speakers:
    """Return the spans of each party of a transcript: by role, else by channel.

    Raises
    ------
    RecordingFailed
        The transcript tells no times, or not who speaks.
    """
    if reference.speech is None:
        raise _tells_nobody(where)
    told: dict[str, list[Span]] = {}
    for one in reference.speech:
        label = one.role
        if label is None and one.channel is not None and agent_channel is not None:
            label = "agent" if one.channel == agent_channel else "customer"
        if label is None and one.channel is None:
            raise _tells_nobody(where)
        told.setdefault(label or f"channel {one.channel}", []).extend(one.spans)
    return {label: union(spans) for label, spans in told.items()}


def of_channels(sounds: Sounds, agent_channel: int | None) -> Speakers:
    """Return where each of two channels speaks, by role where the agent's channel is known."""
    told: dict[str, tuple[Span, ...]] = {}
    for number, spans in zip(sounds.numbers, sounds.speech, strict=True):
        role = "agent" if number == agent_channel else "customer"
        told[f"channel {number}" if agent_channel is None else role] = spans
    return told


def _unreadable(where: str) -> RecordingFailed:
    what = Text(en="the line is no RTTM", zh="该行不是有效的 RTTM")
    fix = Text(
        en="write `SPEAKER file 1 start_s length_s <NA> <NA> speaker <NA> <NA>`",
        zh="应为 `SPEAKER 文件 1 起始秒 时长秒 <NA> <NA> 说话人 <NA> <NA>`",
    )
    return RecordingFailed(where, what, fix, stage="truth", code="rttm_unreadable")


def _other_file(where: str, stem: str) -> RecordingFailed:
    what = Text(en="the RTTM has no line of this recording", zh="RTTM 中没有该录音的行")
    fix = Text(
        en=f"name the file in its second column {stem}, or give a file of this recording alone",
        zh=f"第二列请写 {stem}，或为该录音单独提供文件",
    )
    return RecordingFailed(where, what, fix, stage="truth", code="rttm_other_file")


def _tells_nobody(where: str) -> RecordingFailed:
    what = Text(en="the truth does not say who speaks when", zh="标注没有说明谁在何时说话")
    fix = Text(
        en="give lines with times and roles, `speech` by role, or a column rttm",
        zh="请给出带时间和角色的话轮、按角色的 speech，或 rttm 列",
    )
    return RecordingFailed(where, what, fix, stage="truth", code="no_speakers")
