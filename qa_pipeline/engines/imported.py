"""Finished transcripts: dialogue text, or JSON with words and, perhaps, speech spans.

Without spans nobody knows who spoke when: timing detectors are then not measured.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from qa_pipeline.dialogue import parse_dialogue
from qa_pipeline.errors import DocumentRefused, RecordingFailed
from qa_pipeline.records import Role, Speech, Turn, Value
from qa_pipeline.spans import Span, union
from qa_pipeline.texts import Language, Text
from qa_pipeline.words import Word

#: A word, the role or the channel that said it (or neither).
SaidWord = tuple[Role | None, int | None, Word]
_Time = Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)]
_Pair = Annotated[tuple[_Time, _Time], Field()]
_HAN = re.compile(r"[\u3400-\u9fff]")
_LETTER = re.compile(r"[A-Za-z]")


class _JsonWord(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    text: Annotated[str, Field(min_length=1)]
    start_s: _Time
    end_s: _Time
    role: Role | None = None
    channel: Literal[0, 1] | None = None
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None

    @model_validator(mode="after")
    def _forward(self) -> "_JsonWord":
        if self.end_s < self.start_s:
            raise ValueError("a word ends before it starts")
        return self


class _JsonTranscript(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    words: tuple[_JsonWord, ...]
    speech: dict[Role, tuple[_Pair, ...]] | None = None
    duration_s: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def _spans_run_forward(self) -> "_JsonTranscript":
        for pairs in (self.speech or {}).values():
            if any(end_s < start_s for start_s, end_s in pairs):
                raise ValueError("a speech span ends before it starts")
        return self


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was imported. Dialogue text brings `turns` as written, JSON brings `words` to join."""

    turns: tuple[Turn, ...] | None
    words: tuple[SaidWord, ...]
    speech: tuple[Speech, ...] | None
    duration_s: float
    timed: bool
    metadata: Mapping[str, Value]


def written(raw: bytes) -> str:
    """Return the text of a transcript: UTF-8 (with or without BOM), else GB 18030."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")


def script_of(text: str) -> Language:
    """Return the language that a text is written in: zh where a fifth of its letters are Han."""
    n_han, n_latin = len(_HAN.findall(text)), len(_LETTER.findall(text))
    return "zh" if n_han and n_han >= 0.2 * (n_han + n_latin) else "en"


def read_transcript(raw: bytes, where: str, language: Language) -> Transcript:
    """Return the transcript in `raw`; JSON where it begins with a brace, else dialogue text.

    Raises
    ------
    RecordingFailed
        Neither: code `transcript_unreadable`, with the first fault and its line.
    """
    text = written(raw)
    if text.lstrip().startswith("{"):
        return _from_json(text, where, language)
    try:
        call = parse_dialogue(text, where, language, tier="imported")
    except DocumentRefused as refused:
        first = refused.errors[0]
        raise _unreadable(first.where, first.what, first.fix) from refused
    return Transcript(call.turns, (), call.speech, call.duration_s, call.timed, call.metadata)


def _from_json(text: str, where: str, language: Language) -> Transcript:
    try:
        read = _JsonTranscript.model_validate_json(text)
    except ValidationError as refused:
        fault = refused.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in fault["loc"])
        what = Text(
            en=f"the transcript's JSON is not as agreed at {place or 'its start'}",
            zh=f"转写 JSON 在 {place or '开头'} 处不符合约定",
        )
        fix = Text(
            en='write {"words": [{"text", "start_s", "end_s", "role" or "channel"}], "speech"?}',
            zh='应为 {"words": [{"text", "start_s", "end_s", "role" 或 "channel"}], "speech"?}',
        )
        raise _unreadable(where, what, fix) from None
    spans = None
    if read.speech is not None:
        spoken = {word.role for word in read.words}
        for role in _ROLES:
            if role in spoken and role not in read.speech:
                raise _without_speech(where, role)
        spans = tuple(
            Speech(role, None, union(Span(a, b) for a, b in read.speech.get(role, ())))
            for role in _ROLES
        )
    last_s = max(
        [w.end_s for w in read.words] + [s.end_s for x in spans or () for s in x.spans],
        default=0.0,
    )
    return Transcript(
        turns=None,
        words=_said(read.words, language),
        speech=spans,
        duration_s=max(read.duration_s or 0.0, last_s),
        timed=True,
        metadata=MappingProxyType({}),
    )


_ROLES: tuple[Role, ...] = ("agent", "customer")


def _said(words: Sequence[_JsonWord], language: Language) -> tuple[SaidWord, ...]:
    """Order words by time; English words that bring no spaces of their own get one each."""
    has_spaces = any(word.text != word.text.strip() for word in words)
    space = " " if language == "en" and not has_spaces else ""
    return tuple(
        (w.role, w.channel, Word(space + w.text, w.start_s, w.end_s, w.confidence))
        for w in sorted(words, key=lambda w: (w.start_s, w.end_s))
    )


def _without_speech(where: str, role: str) -> RecordingFailed:
    what = Text(
        en=f"the transcript has words of the {role}, but its speech does not tell the {role}'s",
        zh=f"转写中有 {role} 的词语，但 speech 中没有 {role} 的语音时段",
    )
    fix = Text(
        en=f'add "{role}": [[start_s, end_s], ...] to "speech", or leave "speech" out',
        zh=f'请在 "speech" 中添加 "{role}": [[start_s, end_s], ...]，或去掉整个 "speech"',
    )
    return _unreadable(where, what, fix)


def _unreadable(where: str, what: Text, fix: Text) -> RecordingFailed:
    return RecordingFailed(where, what, fix, stage="import", code="transcript_unreadable")
