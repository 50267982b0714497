"""Facts from file names, where a folder has no manifest.

A pattern is a path with fields in braces: `{group}/{agent_id}_{started_at:%Y%m%dT%H%M%S}.wav`.
A field matches anything but `/`; `started_at` has a strptime format.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from qa_pipeline.errors import WrongUse
from qa_pipeline.texts import Text

_FIELD = re.compile(r"\{([a-z][a-z0-9_]*)(?::([^{}]+))?\}")
_DIRECTIVES = {
    "Y": r"\d{4}",
    "y": r"\d{2}",
    "m": r"\d{2}",
    "d": r"\d{2}",
    "H": r"\d{2}",
    "M": r"\d{2}",
    "S": r"\d{2}",
    "f": r"\d{1,6}",
    "j": r"\d{3}",
    "z": r"(?:Z|[+-]\d{2}:?\d{2})",
    "%": "%",
}


@dataclass(frozen=True, slots=True)
class NamePattern:
    """A compiled pattern."""

    source: str
    regex: re.Pattern[str]
    time_format: str

    def facts(self, relative: str) -> Mapping[str, str] | None:
        """Return the fields of a file's relative path; None where it does not match."""
        found = self.regex.fullmatch(relative)
        if found is None:
            return None
        facts = found.groupdict()
        try:
            at = datetime.strptime(facts["started_at"], self.time_format)
        except ValueError:
            return None
        return facts | {"started_at": at.isoformat()}


def compile_pattern(source: str) -> NamePattern:
    """Return the compiled pattern.

    Raises
    ------
    WrongUse
        No `{started_at:FORMAT}`, a field twice, or a time directive that has no fixed form.
    """
    parts, at, formats, seen = [], 0, [], set()
    for match in _FIELD.finditer(source):
        name, time_format = match.group(1), match.group(2)
        if name in seen:
            raise _refused(source, Text(en="a field stands twice", zh="字段重复"), name)
        seen.add(name)
        parts.append(re.escape(source[at : match.start()]))
        if name == "started_at" and time_format:
            formats.append(time_format)
            parts.append(f"(?P<started_at>{_time_regex(source, time_format)})")
        else:
            parts.append(f"(?P<{name}>[^/]+?)")
        at = match.end()
    parts.append(re.escape(source[at:]))
    if not formats:
        what = Text(en="the pattern has no {started_at:FORMAT}", zh="模式缺少 {started_at:格式}")
        raise _refused(source, what, None)
    return NamePattern(source, re.compile("".join(parts)), formats[0])


def _time_regex(source: str, time_format: str) -> str:
    parts = []
    for directive, literal in re.findall(r"%(.)|([^%]+)", time_format):
        if literal:
            parts.append(re.escape(literal))
        elif directive in _DIRECTIVES:
            parts.append(_DIRECTIVES[directive])
        else:
            what = Text(en="a time directive without a fixed form", zh="时间格式符没有固定形式")
            raise _refused(source, what, f"%{directive}")
    return "".join(parts)


def _refused(source: str, what: Text, got: str | None) -> WrongUse:
    fix = Text(
        en="write e.g. {group}/{agent_id}_{started_at:%Y%m%dT%H%M%S}.wav",
        zh="例如 {group}/{agent_id}_{started_at:%Y%m%dT%H%M%S}.wav",
    )
    return WrongUse(f"source.name_pattern {source!r}", what, fix, got=got)
