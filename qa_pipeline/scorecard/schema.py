"""The scorecard format as a JSON Schema, with which an editor completes and checks while typing.

Made from the models that load scorecards, so that it says what they say. What a schema cannot say
(known names, expressions, cycles) is left to `qa scorecard check`.
"""

from collections.abc import Iterator
from typing import Any

from qa_pipeline.scorecard.descriptions import DESCRIPTIONS
from qa_pipeline.scorecard.model import RESERVED, Scorecard
from qa_pipeline.scorecard.signal_keys import NAME
from qa_pipeline.scorecard.signals import SIGNALS

#: Rules between keys, which the models tell in words of their own.
_BETWEEN_KEYS: dict[str, dict[str, Any]] = {
    "PhraseSignal": {"oneOf": [{"required": ["any_of"]}, {"required": ["all_of"]}]},
    "SpeechRateSignal": {"anyOf": [{"required": ["min"]}, {"required": ["max"]}]},
    "Criterion": {
        "if": {"properties": {"judged_by": {"const": "human"}}, "required": ["judged_by"]},
        "then": {"not": {"anyOf": [{"required": ["pass_if"]}, {"required": ["examples"]}]}},
        "else": {"required": ["pass_if"]},
    },
}
_ANCHORED = {
    "if": {"required": ["within_s"]},
    "then": {"anyOf": [{"required": ["after"]}, {"required": ["before"]}]},
}


def scorecard_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a scorecard document."""
    schema = Scorecard.model_json_schema(mode="validation", by_alias=True)
    definitions = schema["$defs"]
    schema["properties"]["signals"] = {
        "type": "object",
        "propertyNames": {"pattern": NAME, "maxLength": 64, "not": {"enum": sorted(RESERVED)}},
        "additionalProperties": _any_signal(definitions),
    }
    definitions["Criterion"]["properties"]["id"]["not"] = {"enum": sorted(RESERVED)}
    for name, definition in definitions.items():
        definition.update(_BETWEEN_KEYS.get(name, {}))
    for kind in SIGNALS.values():
        for key in kind.meaningless:
            del definitions[kind.__name__]["properties"][key]
    for owner in (schema, *definitions.values()):
        tidied(owner)
        for name, key in owner.get("properties", {}).items():
            key["description"] = DESCRIPTIONS[name]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Scorecard 评分表 (format 1)",
        **{key: value for key, value in schema.items() if key != "title"},
    }


def _any_signal(definitions: dict[str, Any]) -> dict[str, Any]:
    """Return a signal as an editor reports it best: first the detector, then that one's keys."""
    names = {kind.__name__: name for name, kind in SIGNALS.items()}
    return {
        "type": "object",
        "required": ["detector"],
        "properties": {
            "detector": {
                "enum": sorted(SIGNALS),
                "description": DESCRIPTIONS["detector"],
            }
        },
        "allOf": [
            {
                "if": {
                    "properties": {"detector": {"const": names[definition]}},
                    "required": ["detector"],
                },
                "then": {"$ref": f"#/$defs/{definition}"},
            }
            for definition in definitions
            if definition in names
        ]
        + [_ANCHORED],
    }


def tidied(node: object) -> None:
    """Drop the titles made of Python's names, and say the least length of a list as its own."""
    for child in _children(node):
        if isinstance(child.get("title"), str):
            del child["title"]
        if "minLength" in child and child.get("type") != "string" and "items" in child:
            child["minItems"] = child.pop("minLength")
        elif "minLength" in child and "anyOf" in child:
            del child["minLength"]


def _children(node: object) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for child in node.values():
            yield from _children(child)
    elif isinstance(node, list):
        for child in node:
            yield from _children(child)
