"""Dialogues as people write them: one turn a line, `role start-end: text`.

The same text serves `qa try`, a scorecard's examples and transcripts in the manifest. A line's
span is that role's speech; its words lie evenly in it.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from qa_pipeline.errors import DocumentRefused, QaError, WrongUse
from qa_pipeline.records import Call, Role, Speech, Tier, Turn, Value
from qa_pipeline.spans import Span, union
from qa_pipeline.texts import Language, Text
from qa_pipeline.words import Word

_ROLES: dict[str, Role] = {
    "agent": "agent",
    "客服": "agent",
    "customer": "customer",
    "客户": "customer",
    "客戶": "customer",
}
_TIME = r"\d{1,4}:[0-5]\d(?:\.\d{1,9})?|\d{1,6}(?:\.\d{1,9})?"
_LINE = re.compile(
    rf"\s*(?P<role>{'|'.join(_ROLES)})"
    rf"(?:\s*(?P<start>{_TIME})\s*[-–－]\s*(?P<end>{_TIME}))?\s*[:：](?P<text>.*)",
    re.IGNORECASE,
)
_METADATA = re.compile(r"\s*#\s*(?P<key>[a-z_]+)\s*[:：]\s*(?P<value>.*?)\s*")
#: A Han character, or a run of other letters and digits, is a word of a Chinese line.
_ZH_WORD = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff〇]|[^\W_\u3400-\u4dbf\u4e00-\u9fff〇]+")
_EN_WORD = re.compile(r"\S+")
_EXAMPLE = "agent 0.0-3.2: ..."


@dataclass(frozen=True, slots=True)
class _Line:
    """A turn's line: `span` is None where the dialogue has no times."""

    number: int
    role: Role
    span: Span | None
    text: str


def parse_dialogue(
    text: str,
    where: str,
    language: Language,
    call_id: str = "dialogue",
    *,
    tier: Tier = "dual_channel",
) -> Call:
    """Return the dialogue as a call; `where` names it in errors.

    Roles are given, not inferred, and the spans are the speech, so a dialogue may stand for the
    best evidence; `tier` says otherwise for a transcript that comes in through the manifest.
    Without times `timed` is False and `speech` None.

    Raises
    ------
    DocumentRefused
        With every line that is neither turn, comment nor metadata.
    """
    errors: list[QaError] = []
    lines: list[_Line] = []
    metadata: dict[str, Value] = {}
    length_at = where
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff")), start=1):
        try:
            if line.lstrip().startswith("#"):
                key = _read_comment(line, f"{where}:{number}", metadata)
                length_at = f"{where}:{number}" if key == "duration_s" else length_at
            elif line.strip():
                lines.append(_read_line(line, number, where))
        except WrongUse as error:
            errors.append(error)
    errors += _disagreements(lines, where)
    duration_s = _duration_s(lines, metadata, length_at, errors)
    if errors:
        raise DocumentRefused(tuple(errors))
    timed = all(line.span is not None for line in lines)
    return Call(
        call_id=call_id,
        language=language,
        tier=tier,
        duration_s=duration_s,
        turns=_turns(lines, language),
        speech=_speech(lines) if timed else None,
        role_source="transcript",
        timed=timed,
        metadata=MappingProxyType(metadata),
    )


def spread_words(text: str, span: Span, language: Language) -> tuple[Word, ...]:
    """Return the words of `text` lying evenly in `span`: zh by character, en by word.

    Punctuation takes no time and stays with the word before it; the words' texts together are
    `text`.
    """
    pattern = _ZH_WORD if language == "zh" else _EN_WORD
    found = [m for m in pattern.finditer(text) if any(c.isalnum() for c in m.group())]
    weights = [len(m.group()) if language == "zh" else 1 for m in found]
    total = sum(weights)
    words: list[Word] = []
    said = 0
    for i, match in enumerate(found):
        start = match.start() if i else 0
        end = found[i + 1].start() if i + 1 < len(found) else len(text)
        if language == "en" and i:
            start = _with_space(text, match.start())
        if language == "en" and i + 1 < len(found):
            end = _with_space(text, found[i + 1].start())
        start_s = span.start_s + span.duration_s * said / total
        said += weights[i]
        end_s = span.start_s + span.duration_s * said / total
        words.append(Word(text[start:end], start_s, min(end_s, span.end_s)))
    return tuple(words)


def _with_space(text: str, start: int) -> int:
    """Return where the white space before `start` begins: English words carry it."""
    while start > 0 and text[start - 1].isspace():
        start -= 1
    return start


def _read_comment(line: str, where: str, metadata: dict[str, Value]) -> str | None:
    """Keep what the line says of the call and return its key, None where it is a mere comment."""
    match = _METADATA.fullmatch(line)
    if match is None or not match["value"]:
        return None
    if match["key"] in metadata:
        raise WrongUse(
            where,
            Text(en=f"{match['key']} is given twice", zh=f"{match['key']} 重复出现"),
            Text(en="keep one of the lines", zh="请只保留其中一行"),
        )
    metadata[match["key"]] = _value(match["value"])
    return match["key"]


def _value(written: str) -> Value:
    """Return a number where one is written (YAML 1.2: 010 is an id), else the text."""
    if re.fullmatch(r"[-+]?(0|[1-9]\d{0,14})", written):
        return int(written)
    if re.fullmatch(r"[-+]?(0|[1-9]\d{0,14})\.\d{1,15}", written):
        return float(written)
    return written


def _read_line(line: str, number: int, where: str) -> _Line:
    match = _LINE.fullmatch(line)
    if match is None:
        raise WrongUse(
            f"{where}:{number}",
            Text(en="this line is no turn, comment or blank", zh="该行不是话轮、注释或空行"),
            Text(
                en=f"write it as `{_EXAMPLE}`, roles agent or customer, times in seconds or m:ss",
                zh=f"请写成 `{_EXAMPLE}`，角色为 客服 或 客户，时间用秒或 m:ss",
            ),
        )
    text = match["text"].strip()
    if not text:
        raise WrongUse(
            f"{where}:{number}",
            Text(en="a turn without text", zh="话轮没有内容"),
            Text(
                en="write what was said, or … for speech without words",
                zh="请写出所说内容；有声但无词请写 …",
            ),
        )
    span = None
    if match["start"] is not None:
        start_s, end_s = _seconds(match["start"]), _seconds(match["end"])
        if end_s <= start_s:
            raise WrongUse(
                f"{where}:{number}",
                Text(en="the turn ends before it starts", zh="话轮的结束时间不晚于开始时间"),
                Text(en="write start-end, start before end", zh="请按“开始-结束”书写，开始在前"),
                got=f"{match['start']}-{match['end']}",
            )
        span = Span(start_s, end_s)
    return _Line(number, _ROLES[match["role"].lower()], span, text)


def _seconds(written: str) -> float:
    minutes, _, seconds = written.rpartition(":")
    return 60.0 * int(minutes or 0) + float(seconds)


def _disagreements(lines: list[_Line], where: str) -> list[QaError]:
    """Return an error where some lines have times and others none."""
    if not lines:
        return []
    timed = lines[0].span is not None
    odd = next((line for line in lines if (line.span is not None) != timed), None)
    if odd is None:
        return []
    return [
        WrongUse(
            f"{where}:{odd.number}",
            Text(en="some lines have times and others none", zh="有的行有时间，有的行没有"),
            Text(
                en="give every line a time, or leave the times out of all",
                zh="请给每一行写上时间，或全部不写",
            ),
        )
    ]


def _duration_s(
    lines: list[_Line], metadata: Mapping[str, Value], where: str, errors: list[QaError]
) -> float:
    """Return the call's length: `duration_s` where given, else the last end."""
    last_s = max((line.span.end_s if line.span else 0.0 for line in lines), default=0.0)
    given = metadata.get("duration_s")
    if given is None:
        if not lines and not errors:
            errors.append(
                WrongUse(
                    where,
                    Text(en="there is no turn", zh="没有任何话轮"),
                    Text(
                        en=f"write turns as `{_EXAMPLE}`; a silent call needs `# duration_s: 60`",
                        zh=f"请按 `{_EXAMPLE}` 写话轮；无人说话的通话需写 `# duration_s: 60`",
                    ),
                )
            )
        return last_s if last_s > 0 else float(len(lines))
    if isinstance(given, str) or not math.isfinite(given) or given <= 0 or given < last_s:
        errors.append(
            WrongUse(
                where,
                Text(
                    en="duration_s is no length that holds every turn",
                    zh="duration_s 不是能容纳全部话轮的时长",
                ),
                Text(
                    en="write seconds, at least the last turn's end",
                    zh="请写秒数，不小于最后一个话轮的结束时间",
                ),
                got=str(given),
            )
        )
        return last_s
    return float(given)


def _turns(lines: list[_Line], language: Language) -> tuple[Turn, ...]:
    """Return the turns by start; without times turn i stands at `[i, i+1)`, only for order."""
    spans = [line.span or Span(float(i), float(i + 1)) for i, line in enumerate(lines)]
    order = sorted(range(len(lines)), key=lambda i: (spans[i].start_s, i))
    return tuple(
        Turn(
            role=lines[i].role,
            channel=None,
            start_s=spans[i].start_s,
            end_s=spans[i].end_s,
            words=spread_words(lines[i].text, spans[i], language),
        )
        for i in order
    )


def _speech(lines: list[_Line]) -> tuple[Speech, ...]:
    roles: tuple[Role, ...] = ("agent", "customer")
    return tuple(
        Speech(role, None, union(x.span for x in lines if x.span and x.role == role))
        for role in roles
    )
