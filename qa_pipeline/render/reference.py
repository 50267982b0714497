"""The part of docs/scorecards*.md that follows from the code: every detector, its keys, examples.

    python -m qa_pipeline.render.reference

rewrites what stands between the two marks in both pages; the rest of the pages is written by hand.
Keys come from the classes that load scorecards, examples from the detectors' tested docstrings,
the words for both from `scorecard.descriptions` and `detectors.explained`.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import get_args

from pydantic.fields import FieldInfo

from qa_pipeline.detectors.examples import Example, examples_of
from qa_pipeline.detectors.explained import EXPLAINED
from qa_pipeline.detectors.registry import Detector, Need
from qa_pipeline.detectors.table import DETECTORS
from qa_pipeline.scorecard.descriptions import TEXTS
from qa_pipeline.scorecard.signals import SIGNALS, Signal, Step
from qa_pipeline.settings import SCORECARDS_DIR
from qa_pipeline.texts import Language, Text, same

PAGES: Mapping[Language, Path] = MappingProxyType(
    {
        "en": SCORECARDS_DIR.parent / "docs" / "scorecards.md",
        "zh": SCORECARDS_DIR.parent / "docs" / "scorecards.zh-CN.md",
    }
)
BEGIN = "<!-- from here on made by: python -m qa_pipeline.render.reference -->"
END = "<!-- up to here -->"

_EVERYWHERE = Text(en="Keys of every signal", zh="每个信号都有的键")
_DETECTORS = Text(en="Every detector", zh="全部检测器")
_KEY_HEAD = Text(en="| key | default | meaning |", zh="| 键 | 默认 | 含义 |")
_INDEX_HEAD = Text(en="| detector | finds | is a | needs |", zh="| 检测器 | 找什么 | 性质 | 需要 |")
_REQUIRED = Text(en="required", zh="必填")
_ABSENT = same("-")
_FINDS = Text(en="**Finds:** ", zh="**找什么**：")
_LEAVES_OUT = Text(en="**Does not count:** ", zh="**不算**：")
_EXAMPLE = Text(en="**Example:** ", zh="**示例**：")
_REFUSED = Text(en="Takes none of: ", zh="不能写：")
_VALUE = Text(en="The value is {}.", zh="值（value）为 {}。")
_NOTHING = Text(en="Finds nothing.", zh="没有发现。")
_NOT_MEASURED = Text(en="Not measured.", zh="无法测量。")
_SECONDS = Text(en="{} s", zh="{} 秒")
_LISTED: Mapping[Language, str] = MappingProxyType({"en": ", ", "zh": "、"})
_POLARITIES = MappingProxyType(
    {
        "fault": Text(en="fault", zh="过失"),
        "merit": Text(en="merit", zh="优点"),
        "fact": Text(en="fact", zh="事实"),
    }
)
_NEEDS: Mapping[Need, Text] = MappingProxyType(
    {
        "words": Text(en="words", zh="文字"),
        "roles": Text(en="who speaks", zh="说话人"),
        "speech": Text(en="times of speech", zh="说话时间"),
        "speech_per_role": Text(en="times of each party's speech", zh="双方各自的说话时间"),
        "tracks": Text(en="audio", zh="录音"),
        "metadata": Text(en="telephone facts", zh="话务数据"),
    }
)
_FOUND = re.compile(
    r"finds: (?:(?P<start>[\d.]+)-(?P<end>[\d.]+))?(?: ?\[(?P<kind>[^]]+)\])? ?(?P<quote>.*)"
)


def reference(language: Language) -> str:
    """Return the made part of a page: the index, the shared keys, a section for each detector."""
    parts = [
        f"## {_DETECTORS.say(language)}",
        _index(language),
        f"### {_EVERYWHERE.say(language)}",
        _keys(Signal.model_fields, language),
        *chain.from_iterable(_section(one, language) for one in DETECTORS.values()),
    ]
    return "\n\n".join(parts)


def with_reference(page: str, language: Language) -> str:
    """Return the page with its made part made anew; the marks must stand in it, in order."""
    written, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{written}{BEGIN}\n\n{reference(language)}\n\n{END}{after}"


def _index(language: Language) -> str:
    rows = [
        f"| [`{one.name}`](#{one.name}) | {EXPLAINED[one.name].title.say(language)} "
        f"| {_POLARITIES[SIGNALS[one.name].polarity].say(language)} | {_needs(one, language)} |"
        for one in DETECTORS.values()
    ]
    return "\n".join((_INDEX_HEAD.say(language), "| --- | --- | --- | --- |", *rows))


def _needs(detector: Detector, language: Language) -> str:
    needs = (text for need, text in _NEEDS.items() if need in detector.needs)
    return _LISTED[language].join(text.say(language) for text in needs)


def _section(detector: Detector, language: Language) -> Iterator[str]:
    """Yield the paragraphs about a detector."""
    explained, kind = EXPLAINED[detector.name], SIGNALS[detector.name]
    yield f"### {detector.name}"
    yield f"{_FINDS.say(language)}{explained.finds.say(language)}"
    yield f"{_LEAVES_OUT.say(language)}{explained.not_counted.say(language)}"
    own = dict(_own(kind))
    if own:
        yield _keys(own, language)
    if kind.meaningless:
        refused = (f"`{key}`" for key in Signal.model_fields if key in kind.meaningless)
        yield f"{_REFUSED.say(language)}{_LISTED[language].join(refused)}"
    examples = [one for one in examples_of(detector) if one.language == language]
    for example, shows in zip(examples, explained.shows(language), strict=True):
        yield f"{_EXAMPLE.say(language)}{shows}"
        yield f"```yaml\n{example.signals}\n```"
        yield f"```\n{example.dialogue}\n```"
        yield "\n".join(f"- {line}" for line in _results(example, language))


def _own(kind: type[Signal]) -> Iterator[tuple[str, FieldInfo]]:
    """Yield the keys that the kind adds to those of every signal, or restricts."""
    for name, field in kind.model_fields.items():
        shared = Signal.model_fields.get(name)
        if name != "detector" and (shared is None or shared.annotation != field.annotation):
            yield field.alias or name, field
        elif shared is not None and name != "detector" and shared.default != field.default:
            yield name, field
        if name == "steps":
            yield from ((f"{name}: {key}", step) for key, step in Step.model_fields.items())


def _keys(fields: Mapping[str, FieldInfo], language: Language) -> str:
    rows = [
        f"| `{name}` | {_default(field).say(language)} | {_meaning(name, field).say(language)} |"
        for name, field in fields.items()
    ]
    return "\n".join((_KEY_HEAD.say(language), "| --- | --- | --- |", *rows))


def _meaning(name: str, field: FieldInfo) -> Text:
    """Return what a key means; of `role`, whose speech this detector can look at."""
    if name != "role":
        return TEXTS[name.rpartition(" ")[2]]
    choices = get_args(field.annotation)
    en, zh = ", ".join(f"`{one}`" for one in choices), "、".join(f"`{one}`" for one in choices)
    return Text(en=f"Whose speech: {en}.", zh=f"谁说的：{zh}。")


def _default(field: FieldInfo) -> Text:
    """Return a key's default as it would be written in YAML."""
    if field.is_required():
        return _REQUIRED
    match field.default:
        case None | ():
            return _ABSENT
        case bool() as flag:
            return same(f"`{str(flag).lower()}`")
        case tuple() as several:
            return same(f"`[{', '.join(several)}]`")
        case other:
            return same(f"`{other}`")


def _results(example: Example, language: Language) -> Iterator[str]:
    """Yield what comes out of an example, in words."""
    for line in example.results:
        if line == "finds: nothing":
            yield _NOTHING.say(language)
        elif line == "finds: not measured":
            yield _NOT_MEASURED.say(language)
        elif line.startswith("value: "):
            yield _VALUE.say(language).format(line.removeprefix("value: "))
        elif found := _FOUND.fullmatch(line):
            yield _found(found, language)


def _found(found: "re.Match[str]", language: Language) -> str:
    """Return a finding: when, what, of which kind."""
    start, end = found["start"], found["end"]
    times = start if start == end else f"{start}-{end}"
    parts = [_SECONDS.say(language).format(times)] if start else []
    if found["quote"]:
        parts.append({"en": f'"{found["quote"]}"', "zh": f"“{found['quote']}”"}[language])
    if found["kind"]:
        parts.append(f"`{found['kind']}`")
    return {"en": ", ", "zh": "，"}[language].join(parts)


def main() -> None:
    """Make the reference in both pages anew."""
    for language, path in PAGES.items():
        path.write_text(with_reference(path.read_text("utf-8"), language), encoding="utf-8")


if __name__ == "__main__":
    main()
