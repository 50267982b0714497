"""Hostile scorecards are refused with their place, in both languages, and hold nobody up."""

import re
import time

import pytest

from qa_pipeline.documents import MAX_ERRORS
from qa_pipeline.errors import DocumentRefused
from qa_pipeline.scorecard.load import read_scorecard
from qa_pipeline.scoring import check
from tests.scorecard.cards import CARD, edited
from tests.scorecard.hostile import EXPRESSIONS, FORM, PATTERNS

HOSTILE = {
    f"{kind}-{name}": raw
    for kind, files in (("form", FORM), ("expression", EXPRESSIONS), ("pattern", PATTERNS))
    for name, raw in files.items()
}
#: What a person is told may quote the file's own words, and nothing else of Latin letters.
_ENGLISH = re.compile(r"\b(?:the|is|are|of|for|with|write|must)\b")


def refusal(raw: bytes) -> tuple[DocumentRefused, float]:
    """Return the refusal of a file, and the processor time that it took in seconds."""
    start_s = time.process_time()
    with pytest.raises(DocumentRefused) as caught:
        check(read_scorecard(raw, "card.yaml"))
    return caught.value, time.process_time() - start_s


def test_there_are_more_than_fifty() -> None:
    assert len(HOSTILE) > 50


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_at_a_place_and_soon(name: str) -> None:
    """Each takes well under a second of an idle machine; the bound leaves room for a busy one."""
    error, spent_s = refusal(HOSTILE[name])
    assert spent_s < 4
    for one in error.errors:
        assert re.fullmatch(r"card\.yaml:\d+:\d+", one.where)
        assert one.what.en
        assert one.fix.en
        assert len(one.got or "") <= 80
        assert "\n" not in (one.got or "")


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_told_in_chinese(name: str) -> None:
    for one in refusal(HOSTILE[name])[0].errors:
        for text in (one.what.zh, one.fix.zh):
            assert re.search(r"[\u4e00-\u9fff]", text) or text.startswith("RE2"), text
            assert not _ENGLISH.search(text) or text.startswith("RE2"), text


def test_many_patterns_of_a_size_that_is_allowed_are_answered_soon() -> None:
    patterns = ",\n    ".join(f"'{n}(?:投诉|退款|差评){{50}}'" for n in range(900))
    card = edited(("any_of: [投诉]", f"match: regex, any_of: [{patterns}]"))
    start_s = time.process_time()
    read_scorecard(card.encode(), "card.yaml")
    assert time.process_time() - start_s < 8


def _of_many_signals(n_unknown: int) -> bytes:
    """Return a scorecard of 900 signals whose criteria name others, 60 in each."""
    signals = "".join(
        f"  greeting_of_day_{i:03d}: {{detector: ring, max_s: 9}}\n" for i in range(900)
    )
    named = [f"greeting_of_dax_{i:05d}" for i in range(n_unknown)]
    formulas = [" or ".join(named[i : i + 60]) for i in range(0, n_unknown, 60)]
    criteria = "".join(
        f"      - {{id: c{i}, severity: B, points: 5, pass_if: {formula}}}\n"
        for i, formula in enumerate(formulas)
    )
    return edited(
        ("signals:\n", f"signals:\n{signals}"),
        ("    criteria:\n", f"    criteria:\n{criteria}"),
    ).encode()


@pytest.mark.parametrize("n_unknown", [480, 15_000])
def test_many_unknown_names_are_answered_soon(n_unknown: int) -> None:
    """A second of an idle machine for the first, two for the other; it was a minute and more."""
    error, spent_s = refusal(_of_many_signals(n_unknown))
    assert spent_s < 6
    assert len(error.errors) == MAX_ERRORS + 1
    first, *_, last = error.errors
    assert (first.what.en, first.got) == ("unknown signal", '"greeting_of_dax_00000"')
    assert first.fix.en == "did you mean greeting_of_day_000?"
    assert last.what.en == f"{n_unknown - MAX_ERRORS} more faults"


@pytest.mark.parametrize(
    ("change", "nearest"),
    [
        (("min_s: 8", "mins: 8"), "min_s"),
        (("detector: dead_air", "detector: deadair"), "dead_air"),
        (("pass_if: greeting", "pass_if: greting"), "greeting"),
        (("silence.count", "silence.cout"), "count"),
        (("after: complaint", "after: complant"), "complaint"),
        (("severity: B, points: 5", "severity: b, points: 5"), "A, B"),
        (("role: customer", "role: custmer"), "customer"),
        (("pass_mark: 80", "pass_mark: 80\npas_mark: 1"), "pass_mark"),
        (("language: zh", "language: fr"), "en, zh"),
        (("points: 5", "point: 5"), "points"),
        (("- id: language", "- idd: language"), "id"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[1][:24],
)
def test_what_was_meant_is_named_in_both_languages(change: tuple[str, str], nearest: str) -> None:
    errors = refusal(edited(change, card=CARD).encode())[0].errors
    assert any(nearest in one.fix.en and nearest in one.fix.zh for one in errors)
