"""Errors say where, what, what was got, and the fix, in both languages."""

import pytest

from qa_pipeline.errors import DocumentRefused, WrongUse
from qa_pipeline.texts import Text, same

FAULT = WrongUse(
    "card.yaml:3:5",
    Text(en="unknown detector", zh="未知的检测器"),
    Text(en="use dead_air", zh="请用 dead_air"),
    got="dead_ear",
)


def test_an_error_reads_well_in_english_and_chinese() -> None:
    english = "card.yaml:3:5: unknown detector (got dead_ear)\nfix: use dead_air"
    assert FAULT.say("en") == str(FAULT) == english
    assert FAULT.say("zh") == "card.yaml:3:5: 未知的检测器（实际为 dead_ear）\n修复：请用 dead_air"


def test_an_error_without_got_has_no_empty_brackets() -> None:
    assert "(" not in WrongUse("here", same("it broke"), same("mend it")).say("en")


def test_a_refusal_tells_every_fault_and_needs_one() -> None:
    other = WrongUse("card.yaml:9:1", same("second"), same("mend it"))
    refused = DocumentRefused((FAULT, other))
    assert refused.say("en").splitlines()[2] == "card.yaml:9:1: second"
    with pytest.raises(ValueError, match="at least one"):
        DocumentRefused(())
