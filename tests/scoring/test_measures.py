"""The measures of a signal, with and without findings, times and speech."""

import pytest

from qa_pipeline.detectors.registry import Detected, NotMeasured
from qa_pipeline.scorecard.expressions import Measure
from qa_pipeline.scoring.measures import Absent, measure
from tests.scoring.made import finding, found

TWO = found(finding(start_s=10, length_s=4), finding(start_s=12, length_s=8), value=210.0)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("count", 2.0),
        ("per_minute", 2.0),
        ("total_s", 10.0),  # of the union: 10-20
        ("longest_s", 8.0),
        ("share", 0.1),
        ("first_start_s", 10.0),
        ("value", 210.0),
        ("thanked", 0.0),
    ],
)
def test_with_findings(name: Measure, value: float) -> None:
    assert measure(TWO, name) == pytest.approx(value)


@pytest.mark.parametrize("name", ["count", "per_minute", "total_s", "longest_s", "share"])
@pytest.mark.parametrize("speech_s", [None, 0.0, 60.0])
def test_without_findings_the_first_five_are_zero(name: Measure, speech_s: float | None) -> None:
    assert measure(found(speech_s=speech_s, talk_s=speech_s), name) == 0.0


@pytest.mark.parametrize("name", ["first_start_s", "value"])
def test_without_findings_the_others_are_absent(name: Measure) -> None:
    assert measure(found(), name) == Absent()


def test_a_value_needs_no_findings() -> None:
    assert measure(found(value=0.0), "value") == 0.0


def test_a_rate_needs_ten_seconds_of_speech() -> None:
    assert measure(found(finding(), speech_s=10.0), "per_minute") == 6.0
    too_little = measure(found(finding(), speech_s=9.9), "per_minute")
    assert isinstance(too_little, NotMeasured)
    assert "9.9 s" in too_little.reason.en
    assert isinstance(measure(found(finding(), speech_s=None), "per_minute"), NotMeasured)


@pytest.mark.parametrize("name", ["total_s", "longest_s", "share", "first_start_s"])
def test_findings_without_times_have_no_lengths(name: Measure) -> None:
    untimed: Detected = found(finding(start_s=None))
    assert isinstance(measure(untimed, name), NotMeasured)
    assert measure(untimed, "count") == 1.0


def test_a_share_needs_talk() -> None:
    assert isinstance(measure(found(finding(), talk_s=None), "share"), NotMeasured)


def test_thanked_counts_values_of_one() -> None:

    holds = found(finding()._replace(value=1.0), finding(start_s=9)._replace(value=0.0))
    assert measure(holds, "thanked") == 1.0


def test_lengths_are_rounded_to_the_microsecond() -> None:
    silence = finding(start_s=10.1, length_s=22.1 - 10.1)  # 12.000000000000002
    assert measure(found(silence), "longest_s") == 12.0
    assert measure(found(silence), "total_s") == 12.0


def test_ten_seconds_of_speech_are_ten_in_floats_too() -> None:
    speech_s = sum([0.1] * 100)  # 9.99999999999998
    assert measure(found(finding(start_s=1.0), speech_s=speech_s), "per_minute") == 6.0
