"""Checks a document against a pydantic model and tells every fault where it stands.

Unknown keys and names come with the nearest valid one.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from qa_pipeline.documents.keys import valid_keys
from qa_pipeline.documents.places import (
    MAX_ERRORS,
    NULL,
    Document,
    Fault,
    Path,
    Place,
    and_more,
    refusal,
)
from qa_pipeline.texts import Text, same

M = TypeVar("M", bound=BaseModel)

#: How much of two names must be the same letters in the same order for one to be meant.
_ALIKE = 0.5
_FAULT = "qa_fault"


def fault(what: Text, fix: Text, *, at: str | None = None, got: object = None) -> Exception:
    """Return the exception that a model's validator raises for a fault told in both languages.

    `at` is the key that is to blame inside the validated mapping; `got` is what stood there.
    """
    context = {"what": what, "fix": fix, "at": at, "got": got}
    return PydanticCustomError(_FAULT, "a fault that is told by its context", context)


def closest(name: str, valid: Iterable[str]) -> str | None:
    """Return the valid name that is spelt most alike, None where none is near."""
    from rapidfuzz.distance import Indel  # only a fault needs it
    from rapidfuzz.process import extractOne

    found = extractOne(name, sorted(valid), scorer=Indel.normalized_similarity, score_cutoff=_ALIKE)
    return found[0] if found else None


def nearest(name: str, valid: Iterable[str]) -> Text:
    """Return the advice for an unknown name: the nearest valid one, else all of them."""
    names = sorted(valid)
    close = closest(name, names)
    return one_of(names) if close is None else meant(close)


def meant(close: str) -> Text:
    """Return the advice to write `close`."""
    return Text(en=f"did you mean {close}?", zh=f"是否想写 {close}？")


def one_of(valid: Iterable[str]) -> Text:
    """Return the advice to write one of the `valid` names: the first of them are listed."""
    names = sorted(valid)
    shown = ", ".join(names[:20]) + (", ..." if len(names) > 20 else "")
    return Text(en=f"use one of: {shown}", zh=f"可用：{shown}") if names else _NOTHING_FITS


_NOTHING_FITS = Text(en="delete it; no name is valid here", zh="请删除；此处没有可用的名称")


def validated(document: Document, model: type[M]) -> M:
    """Return the document as a `model`.

    A union chosen by a key must tag its members `key=name`, so that a fault can name both.

    Raises
    ------
    DocumentRefused
        With every fault, in order of place.
    """
    checked, faults = shaped(document, model)
    if checked is None or faults:
        raise refusal(faults)
    return checked


def shaped(document: Document, model: type[M]) -> tuple[M | None, tuple[Fault, ...]]:
    """Return the document as a `model` (None where it is not one) and all its faults so far."""
    try:
        return model.model_validate(document.data, by_alias=True, by_name=False), document.faults
    except ValidationError as error:
        items = error.errors(include_url=False)
    known = {fault.place for fault in document.faults}
    located = sorted(
        ((_place(document, item), n, item) for n, item in enumerate(items)), key=lambda t: t[:2]
    )
    located = [found for found in located if found[0] not in known]
    faults = [_told(document, model, place, item) for place, _, item in located[:MAX_ERRORS]]
    if len(located) > MAX_ERRORS:
        next_one = located[MAX_ERRORS][0]
        faults.append(and_more(next_one, document.say(next_one), len(located) - MAX_ERRORS))
    return None, (*document.faults, *faults)


def _in_document(data: Any, loc: tuple[int | str, ...]) -> Path:
    """Return the part of pydantic's location that exists in the data (not tags of unions)."""
    path: list[str | int] = []
    for part in loc:
        is_there = isinstance(data, dict) and part in data
        if is_there or (isinstance(data, list) and isinstance(part, int) and part < len(data)):
            path.append(part)
            data = data[part]
    return tuple(path)


def _place(document: Document, item: ErrorDetails) -> Place:
    """Return where a fault is told: a missing key at its mapping's first key."""
    loc = item["loc"]
    kind = item["type"]
    is_key = kind == "extra_forbidden" or loc[-1:] == ("[key]",)
    path = _in_document(document.data, loc)
    here: Any = document.find(path)
    if (
        kind == _FAULT
        and isinstance(at := item["ctx"].get("at"), str)
        and isinstance(here.value, dict)
    ):
        if at in here.value:
            return document.place((*path, at))
        kind = "missing"
    if kind == "union_tag_invalid":
        return document.place((*path, item["ctx"]["tag"].partition("=")[0]))
    if kind in ("missing", "union_tag_not_found") and isinstance(here.value, dict) and here.value:
        return document.place((*path, next(iter(here.value))), key=True)
    return document.place(path, key=is_key)


def _told(document: Document, model: type[BaseModel], place: Place, item: ErrorDetails) -> Fault:
    what, fix, got = _words(model, item)
    return document.fault(place, what, fix, got=got)


def _words(model: type[BaseModel], item: ErrorDetails) -> tuple[Text, Text, object]:
    """Return what is wrong, how to mend it, and what stood there."""
    kind, loc, context = item["type"], item["loc"], item.get("ctx", {})
    name = str(loc[-2] if loc[-1:] == ("[key]",) and len(loc) > 1 else loc[-1]) if loc else ""
    if kind == _FAULT:
        return context["what"], context["fix"], context["got"]
    if kind == "missing":
        return *_missing(name), None
    if kind == "union_tag_not_found" and isinstance(item["input"], dict):
        return *_missing(str(context["discriminator"]).strip("'").removesuffix("()")), None
    if kind == "union_tag_invalid":
        key, _, tag = context["tag"].partition("=")
        names = re.findall(rf"'{key}=([^']*)'", context["expected_tags"])
        return Text(en=f"unknown {key}", zh=f"未知的 {key}"), nearest(tag, names), tag
    if kind == "extra_forbidden":
        what = Text(en="unknown key", zh="未知的键")
        return what, nearest(name, valid_keys(model, loc[:-1])), name
    if kind in ("literal_error", "enum"):
        names = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        what = Text(en="not one of the valid values", zh="不是有效的值")
        return what, nearest(str(item["input"]), names), item["input"]
    got = item["input"]
    return *_type_words(kind, context, item), NULL if got is None else got


def _missing(name: str) -> tuple[Text, Text]:
    return (
        Text(en=f"the key {name} is missing", zh=f"缺少键 {name}"),
        Text(en=f"add {name}: ...", zh=f"请添加 {name}: ..."),
    )


_WANTED: Mapping[str, tuple[Text, Text]] = {
    "string_type": (
        Text(en="a text is needed", zh="此处应为文本"),
        Text(
            en='write a text; put a number or a word like true in quotes: "400"',
            zh='请写文本；数字或 true 之类请加引号："400"',
        ),
    ),
    "number": (
        Text(en="a number is needed", zh="此处应为数值"),
        Text(en="write a number without quotes or unit", zh="请写不带引号和单位的数值"),
    ),
    "int": (
        Text(en="a whole number is needed", zh="此处应为整数"),
        Text(en="write a whole number without quotes", zh="请写不带引号的整数"),
    ),
    "size": (
        Text(en="the number is too large", zh="数值过大"),
        Text(en="write a smaller number", zh="请写较小的数值"),
    ),
    "bool_type": (
        Text(en="true or false is needed", zh="此处应为 true 或 false"),
        Text(en="write true or false without quotes", zh="请写不带引号的 true 或 false"),
    ),
    "mapping": (
        Text(en="a mapping is needed", zh="此处应为键值对"),
        Text(en="write key: value, one on each line, indented", zh="请写 键: 值，每行一个并缩进"),
    ),
    "list": (
        Text(en="a list is needed", zh="此处应为列表"),
        Text(
            en="write [a, b] or one item on each line after -",
            zh="请写 [a, b]，或每行一项并以 - 开头",
        ),
    ),
}
_KINDS: Mapping[str, str] = {
    "float_type": "number", "float_parsing": "number", "finite_number": "number",
    "int_type": "int", "int_parsing": "int", "int_from_float": "int",
    "bool_parsing": "bool_type", "dict_type": "mapping", "model_type": "mapping",
    "model_attributes_type": "mapping", "mapping_type": "mapping",
    "path_type": "string_type", "int_parsing_size": "size",
    "tuple_type": "list", "list_type": "list", "union_tag_not_found": "mapping",
}  # fmt: skip
_BOUNDS: Mapping[str, tuple[str, str]] = {
    "greater_than": ("gt", ">"), "greater_than_equal": ("ge", ">="),
    "less_than": ("lt", "<"), "less_than_equal": ("le", "<="),
}  # fmt: skip


def _type_words(kind: str, context: Mapping[str, Any], item: ErrorDetails) -> tuple[Text, Text]:
    if (wanted := _KINDS.get(kind, kind)) in _WANTED:
        return _WANTED[wanted]
    if kind in _BOUNDS:
        key, sign = _BOUNDS[kind]
        bound = f"{sign} {context[key]:g}"
        return (
            Text(en=f"must be {bound}", zh=f"必须 {bound}"),
            Text(en=f"write a number {bound}", zh=f"请写 {bound} 的数值"),
        )
    if kind == "string_too_long":
        most = context["max_length"]
        return (
            Text(en=f"more than {most} characters", zh=f"超过 {most} 个字符"),
            Text(en=f"write at most {most} characters", zh=f"请写不超过 {most} 个字符"),
        )
    if kind in ("too_short", "string_too_short"):
        return (
            Text(en="empty, or too short", zh="为空或过短"),
            Text(en="write at least one", zh="请至少写一项"),
        )
    if kind == "string_pattern_mismatch":
        return (
            Text(en="the spelling is not allowed", zh="写法不符合要求"),
            Text(en=f"match {context['pattern']}", zh=f"须符合 {context['pattern']}"),
        )
    return same(item["msg"]), Text(en="write another value", zh="请改写此值")
