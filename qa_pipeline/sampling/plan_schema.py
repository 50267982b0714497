"""The sampling plan's format as a JSON Schema, with which an editor completes and checks it.

Made from the model that loads plans. What a schema cannot say (shares that fit into one whole,
lists that are there) is left to `qa plan check`.
"""

from typing import Any

from qa_pipeline.sampling.plan import SamplingPlan
from qa_pipeline.sampling.plan_words import DESCRIPTIONS
from qa_pipeline.scorecard.schema import tidied

_SIZED: dict[str, Any] = {
    "anyOf": [
        {"required": ["calls"]},
        {
            "required": ["capacity"],
            "properties": {
                "capacity": {
                    "required": ["reviewers"],
                    "properties": {"reviewers": {"minItems": 1}},
                }
            },
        },
    ]
}
_SAYS_WHICH: dict[str, Any] = {
    "anyOf": [
        {"required": ["agent_since_days"]},
        {"required": ["when"], "properties": {"when": {"minProperties": 1}}},
    ]
}


def plan_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a sampling plan."""
    schema = SamplingPlan.model_json_schema(mode="validation", by_alias=True)
    schema["$defs"]["Focus"] |= _SAYS_WHICH
    for owner in (schema, *schema["$defs"].values()):
        tidied(owner)
        for name, key in owner.get("properties", {}).items():
            key["description"] = DESCRIPTIONS[name]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Sampling plan 抽样方案 (format 1)",
        **{key: value for key, value in schema.items() if key != "title"},
        **_SIZED,
    }
