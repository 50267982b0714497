"""A signal whose phrases are said nowhere is not looked for, and nothing else changes by that."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_pipeline.detectors import detect
from qa_pipeline.detectors.detect import detect_all
from qa_pipeline.detectors.registry import Detected, NotMeasured
from qa_pipeline.records import Call
from tests.detectors.looking import drawn, signal

_TEXTS = ("您好", "请稍等。", "我想退货", "这个我不清楚。", "嗯", "…", "[phone 11]", "再见，您好")
_PHRASES = st.lists(
    st.sampled_from(["您好", "清楚", "再见", "没有", "退货"]), min_size=1, max_size=2
)
_ROLES = st.sampled_from(["agent", "customer", "any"])
_WINDOWS = st.sampled_from(
    [{}, {"first_s": 3}, {"last_turns": 1}, {"after": ["greeted"]}, {"before": ["greeted"]}]
)


@st.composite
def calls(draw: st.DrawFn) -> Call:
    """Dialogues with times and without, some with nobody's words."""
    timed = draw(st.booleans())
    lines = draw(
        st.lists(st.tuples(_ROLES.filter("any".__ne__), st.sampled_from(_TEXTS)), max_size=6)
    )
    told = [
        f"{role} {3 * at}-{3 * at + 2}: {text}" if timed else f"{role}: {text}"
        for at, (role, text) in enumerate(lines or [("agent", "嗯")])
    ]
    return drawn("\n".join(told))


@settings(deadline=None, max_examples=150)
@given(calls(), _PHRASES, _PHRASES, _ROLES, _WINDOWS, st.sampled_from(["text", "sound"]))
def test_what_is_said_nowhere_is_not_found_in_any_way(
    call: Call, some: list[str], others: list[str], role: str, window: dict[str, object], how: str
) -> None:
    where = {"role": role, "match": how, **window}
    signals = {
        "greeted": signal("phrase", any_of=["您好"]),
        "one": signal("phrase", any_of=some, **where),
        "all": signal("phrase", all_of=[some, others], **where),
    }
    shortly = detect_all(call, signals)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(detect, "lists_needed", lambda _: ())
        assert detect_all(call, signals) == shortly


def test_what_was_not_measured_comes_before_what_was_not_said() -> None:
    call = drawn("agent: 您好\ncustomer: 我想退货")
    signals = {
        "greeted": signal("phrase", any_of=["再见"], first_s=10),
        "sorry": signal("phrase", any_of=["抱歉"], after=["greeted"]),
        "thanks": signal("phrase", any_of=["谢谢"]),
    }
    found = detect_all(call, signals)
    assert isinstance(found["greeted"], NotMeasured)
    assert isinstance(found["sorry"], NotMeasured)
    assert found["thanks"] == Detected("thanks", (), None, None, None)
