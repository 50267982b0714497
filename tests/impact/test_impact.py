"""What an edit would have done: figures by hand, edges of the question, and the list of calls."""

import json
from pathlib import Path

import pytest

from qa_pipeline.aggregate.impact import Impact
from qa_pipeline.errors import DocumentRefused, WrongUse
from qa_pipeline.pipeline.impact import Question, impact_of
from qa_pipeline.pipeline.impact.tally import N_EXAMPLES
from qa_pipeline.pipeline.progress import Progress
from qa_pipeline.pipeline.rescore import Rescore, run_rescore
from qa_pipeline.records import Call
from qa_pipeline.settings import Settings
from qa_pipeline.store import Store
from tests.impact.made import CARD, CURT, DEAF, GOOD, RUDE, SLOW, call, fill, question, result_of

STRICT = CARD.replace("version: 1", "version: 2").replace("pass_mark: 60", "pass_mark: 90")
LATER = CARD.replace("version: 1", "version: 2").replace("any_of: [您好]", "any_of: [您好, 你说]")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """20 good calls in the east, 12 of every other kind, the silent ones in the west."""
    calls = [call(f"good{i:02}", GOOD) for i in range(20)]
    for name, dialogue in (("curt", CURT), ("rude", RUDE), ("deaf", DEAF)):
        calls += [call(f"{name}{i:02}", dialogue) for i in range(12)]
    calls += [call(f"slow{i:02}", SLOW, group="west") for i in range(12)]
    calls += [call(f"other{i}", GOOD, queue="vip") for i in range(3)]
    calls += [call("september", GOOD, month=9)]
    return fill(tmp_path_factory.mktemp("impact") / "store", calls)


def answered(asked: Question) -> Impact:
    with impact_of(asked) as run:
        return run.impact


def test_figures_are_those_counted_by_hand(store: Path) -> None:
    impact = answered(question(store, STRICT))
    overall = impact.overall
    assert (impact.n_stored, impact.n_outside, impact.failed) == (71, 3, ())
    assert (overall.n_calls, overall.n_decided_by_both) == (68, 56)
    assert (overall.n_undecided_before, overall.n_undecided_now) == (12, 12)
    assert overall.rate is not None
    assert overall.rate.before == 32 / 56
    assert overall.rate.now == 20 / 56
    assert (overall.n_now_fail, overall.n_now_pass) == (12, 0)
    assert overall.rate.direction == "down"
    assert overall.rate.difference.low < -12 / 56 < overall.rate.difference.high < 0
    east, west = impact.groups
    assert (east.group, west.group) == ("east", "west")
    assert east.rate is not None
    assert east.rate.direction is None
    assert west.rate is not None
    assert (west.rate.before, west.rate.now) == (1.0, 0.0)


def test_classes_and_criteria_that_did_not_move(store: Path) -> None:
    impact = answered(question(store, STRICT))
    fatal, major = impact.classes
    assert (fatal.severity, fatal.is_fatal) == ("A", True)
    assert (fatal.n_failed_before, fatal.n_failed_now, fatal.n_calls_now) == (12, 12, 12)
    assert (major.n_failed_before, major.n_failed_now, major.n_calls_now) == (24, 24, 24)
    assert [one.n_moved for one in impact.criteria] == [0, 0, 0]
    (cause,) = impact.causes
    assert (cause.before, cause.now, cause.steps, cause.n) == ("pass", "fail", (), 12)


SILENCE = "id: silence, title: {zh: 冷场, en: Silence}, severity: B, points: 5"
NOT_FATAL = STRICT.replace("pass_mark: 90", "pass_mark: 60").replace("fatal: true", "fatal: false")
LENIENT = STRICT.replace("pass_mark: 90", "pass_mark: 60")
#: Edits after which every criterion has the outcome that it had: what turned calls, which way,
#: how many, the criteria that stand as evidence, and a part of a reason.
Turned = tuple[str, str, tuple[tuple[str, str], ...], list[str], str]
WEIGHED: dict[str, tuple[str, list[Turned]]] = {
    "pass-mark": (STRICT, [("pass", "fail", (), ["silence"], "发现冷场 1 处")]),
    "class": (
        LENIENT.replace(SILENCE, SILENCE.replace("severity: B", "severity: A")),
        [("pass", "fail", (("silence", "fatal"),), ["silence"], "发现冷场 1 处")],
    ),
    "no-longer-fatal": (
        NOT_FATAL,
        [("fail", "pass", (("insult", "not_fatal"),), ["insult"], "客服说了“神经病”")],
    ),
    "least-coverage": (
        NOT_FATAL.replace("pass_mark: 60", "pass_mark: 60\nmin_coverage: 0.1"),
        [
            ("fail", "pass", (("insult", "not_fatal"),), ["insult"], "客服说了“神经病”"),
            ("undecided", "pass", (("insult", "not_fatal"),), ["insult"], "未识别出文字"),
        ],
    ),
    "least-coverage-alone": (
        NOT_FATAL.replace("pass_mark: 60", "pass_mark: 60\nmin_coverage: 0.1"),
        [("undecided", "pass", (), ["greeting", "insult"], "未识别出文字")],
    ),
    "points-of-what-failed-and-of-what-passed": (
        LENIENT.replace("points: 10", "points: 1"),
        [
            ("pass", "fail", (), ["silence"], "发现冷场 1 处"),
            ("fail", "pass", (("greeting", "points"),), ["greeting"], "没有说“您好”"),
        ],
    ),
}


@pytest.mark.parametrize("name", WEIGHED)
@pytest.mark.parametrize("is_known", [True, False], ids=["judged-before", "judged-now"])
def test_a_call_that_weights_or_limits_turned_has_its_evidence(
    store: Path, judged_store: Path, name: str, is_known: bool
) -> None:
    new, expected = WEIGHED[name]
    old = NOT_FATAL if name == "least-coverage-alone" else CARD
    with impact_of(question(judged_store if is_known else store, new, old=old)) as run:
        causes, calls = run.impact.causes, [json.loads(line) for line in run.flips.lines()]
    assert len(causes) == len(expected)
    for before, now, turns, evidence, reason in expected:
        (cause,) = (one for one in causes if (one.before, one.now) == (before, now))
        assert tuple((step.criterion, step.change) for step in cause.steps) == turns
        for flip in cause.flips:
            assert flip.moved == ()
            assert [one.criterion for one in flip.weighed] == evidence
            assert all(one.now and reason in one.now.reason for one in flip.weighed)
    assert all(
        side["reason"] for c in calls for m in c["weighed"] for side in (m["before"], m["now"])
    )


def test_points_that_weigh_the_other_way_turned_nothing(store: Path) -> None:
    """The failed criterion counts less than before: that the call fails is the mark's doing."""
    milder = STRICT.replace(SILENCE, SILENCE.replace("points: 5", "points: 4"))
    (cause,) = answered(question(store, milder)).causes
    assert (cause.before, cause.now, cause.steps) == ("pass", "fail", ())
    assert [one.criterion for one in cause.flips[0].weighed] == ["silence"]


@pytest.mark.parametrize(
    ("edit", "before", "evidence"),
    [
        pytest.param(("pass_mark: 60", "pass_mark: 90"), "pass", ["silence"], id="pass mark"),
        pytest.param(
            ("pass_mark: 60", "pass_mark: 60\nmin_coverage: 0.1"),
            "undecided",
            ["greeting", "insult"],
            id="coverage",
        ),
    ],
)
def test_what_is_worth_no_points_turned_nothing(
    store: Path, edit: tuple[str, str], before: str, evidence: list[str]
) -> None:
    """A criterion for show that moves in the same calls does not hide the limit that decided."""
    old = NOT_FATAL if before == "undecided" else CARD
    shows = "      - {id: show, title: {zh: 显示, en: Show}, severity: B, points: 0, pass_if: "
    asked = question(
        store, old.replace(*edit) + shows + "insult}\n", old=old + shows + "not insult}\n"
    )
    causes = answered(asked).causes
    (cause,) = (one for one in causes if one.before == before)
    assert cause.steps == ()
    assert [one.criterion for one in cause.flips[0].weighed] == evidence


def test_a_fatal_failure_is_the_only_cause(store: Path) -> None:
    """That points of another failed criterion changed as well turned no call."""
    fatal = LENIENT.replace("severity: B, points: 10", "severity: A, points: 20")
    curt = answered(question(store, fatal, old=CARD.replace("pass_mark: 60", "pass_mark: 40")))
    (cause,) = curt.causes
    assert [(step.criterion, step.change) for step in cause.steps] == [("greeting", "fatal")]


def test_a_criterion_that_moves_is_the_cause_and_its_evidence_is_kept(store: Path) -> None:
    impact = answered(question(store, LATER))
    first = impact.criteria[0]
    assert (first.criterion, first.n_moved) == ("greeting", 12)
    assert (first.n_failed_before, first.n_failed_now) == (12, 0)
    assert first.n_not_measured_before == first.n_not_measured_now == 12
    (cause,) = impact.causes
    assert [(s.criterion, s.before, s.now) for s in cause.steps] == [("greeting", "fail", "pass")]
    assert (cause.n, len(cause.flips)) == (12, N_EXAMPLES)
    moved = cause.flips[0].moved[0]
    assert moved.before is not None
    assert moved.now is not None
    assert "没有说“您好”" in moved.before.reason
    assert [f.quote for f in moved.now.findings] == ["你说"]


def test_every_call_that_moves_is_in_the_list_once(store: Path) -> None:
    with impact_of(question(store, STRICT)) as run:
        calls = [json.loads(line) for line in run.flips.lines()]
        again = [json.loads(line) for line in run.flips.lines()]
    assert calls == again
    assert sorted(c["call_id"] for c in calls) == [f"slow{i:02}" for i in range(12)]
    assert calls[0]["started_at"] == "2026-10-10T12:00:00+08:00"
    assert (calls[0]["before"], calls[0]["now"], calls[0]["score_now"]) == ("pass", "fail", 75.0)


def test_a_new_criterion_and_a_gone_one_are_told_from_one_that_moved(store: Path) -> None:
    new = STRICT.replace("pass_mark: 90", "pass_mark: 60").replace(
        "      - {id: silence, title: {zh: 冷场, en: Silence}, severity: B, points: 5, "
        "pass_if: not silence}\n",
        "      - {id: calm, severity: A, points: 5, pass_if: silence.longest_s < 9}\n",
    )
    impact = answered(question(store, new))
    known = {one.criterion: (one.is_in_old, one.is_in_new) for one in impact.criteria}
    assert known["calm"] == (False, True)
    assert known["silence"] == (True, False)
    assert known["greeting"] == (True, True)
    (cause,) = impact.causes
    assert [(s.criterion, s.before, s.now) for s in cause.steps] == [("calm", None, "fail")]


def test_calls_that_one_version_alone_applies_to_stand_apart(store: Path) -> None:
    wider = STRICT.replace("pass_mark: 90", "pass_mark: 60").replace("[orders]", "[orders, vip]")
    impact = answered(question(store, wider))
    assert (impact.overall.n_newly_covered, impact.overall.n_no_longer_covered) == (3, 0)
    assert (impact.overall.n_decided_by_both, impact.n_outside, impact.n_flipped) == (56, 0, 0)
    back = answered(question(store, CARD, old=wider))
    assert (back.overall.n_newly_covered, back.overall.n_no_longer_covered) == (0, 3)
    assert back.classes[1].n_failed_before == 24, "classes are of the same calls"


def test_dates_of_effect_are_not_asked_for(store: Path) -> None:
    tomorrow = STRICT.replace("language: zh", "language: zh\neffective_from: 2099-01-01")
    assert answered(question(store, tomorrow)).overall.n_now_fail == 12


def test_a_call_that_becomes_decided_is_in_no_rate(store: Path) -> None:
    lenient = STRICT.replace("pass_mark: 90", "pass_mark: 60\nmin_coverage: 0.1").replace(
        "fatal: true", "fatal: false"
    )
    impact = answered(question(store, lenient))
    assert impact.overall.n(("undecided",), ("pass", "fail")) == 12
    assert impact.overall.n_decided_by_both == 56
    assert impact.n_moved == impact.n_flipped + 12


def test_two_processes_say_what_one_says(store: Path) -> None:
    assert answered(question(store, LATER)) == answered(question(store, LATER, n_workers=2))


@pytest.mark.slow
def test_two_processes_and_many_chunks_say_what_one_says(tmp_path: Path) -> None:
    kinds = (GOOD, CURT, SLOW, RUDE, DEAF)
    calls = [call(f"c{i:04}", kinds[i % 5], group=f"g{i % 3}") for i in range(900)]
    folder = fill(tmp_path / "store", calls)
    lists = []
    for n_workers in (0, 2):
        with impact_of(question(folder, LATER, n_workers=n_workers)) as run:
            lists.append((run.impact, list(run.flips.lines())))
    assert lists[0] == lists[1]
    assert lists[0][0].overall.n_calls == 900


def test_a_call_that_breaks_the_program_is_counted_by_place_alone(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qa_pipeline.pipeline.impact import comparing

    judge_both = comparing.judge_both

    def broken(made: Call, *others: object) -> object:
        if made.call_id == "good03":
            raise KeyError("客户说的话")
        return judge_both(made, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(comparing, "judge_both", broken)
    impact = answered(question(store, STRICT))
    ((where, n),) = impact.failed
    assert n == 1
    assert where.startswith("KeyError at impact/test_impact.py:")
    assert impact.overall.n_decided_by_both == 55


def test_progress_has_a_time_left(store: Path) -> None:
    seen: list[Progress] = []
    with impact_of(question(store, STRICT), seen.append):
        pass
    assert {p.stage for p in seen} == {"compare"}
    assert (seen[0].n_done, seen[0].n_total, seen[-1].n_done, seen[-1].eta_s) == (0, 71, 71, 0)


def test_a_version_that_judged_can_be_named(tmp_path: Path) -> None:
    folder = fill(tmp_path / "store", [call(f"c{i}", SLOW) for i in range(12)])
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "line.yaml").write_text(CARD, "utf-8")
    run_rescore(Rescore(folder, "2026-10", tmp_path / "cards", n_workers=0))
    (tmp_path / "cards" / "line.yaml").write_text(STRICT, "utf-8")
    asked = Question("line@1", str(tmp_path / "cards/line.yaml"), folder, "2026-10", n_workers=0)
    impact = answered(asked)
    assert (impact.old.version, impact.old.where, impact.n_flipped) == (1, "line@1", 12)


@pytest.fixture(scope="module")
def judged_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Calls of every kind that the old scorecard has judged, and some that came since."""
    root = tmp_path_factory.mktemp("judged")
    kinds = {"good": GOOD, "curt": CURT, "slow": SLOW, "rude": RUDE, "deaf": DEAF}
    calls = [call(f"{name}{i:02}", text) for name, text in kinds.items() for i in range(11)]
    folder = fill(root / "store", calls)
    (root / "cards").mkdir()
    (root / "cards" / "line.yaml").write_text(CARD, "utf-8")
    run_rescore(Rescore(folder, "2026-10", root / "cards", n_workers=0))
    with (
        Store.open(folder) as opened,
        opened.writing("night", Settings().zone, "0") as writer,
    ):
        writer.commit([result_of(call(f"late{i}", CURT)) for i in range(3)])
    return folder


EDITS = {
    "pass-mark": STRICT,
    "phrase": LATER,
    "points": STRICT.replace("points: 10", "points: 1"),
    "class": STRICT.replace("severity: A, points: 5", "severity: B, points: 5"),
    "gone": "".join(line for line in LATER.splitlines(True) if "insult" not in line),
}


@pytest.mark.parametrize("name", EDITS)
def test_what_was_judged_before_gives_the_figures_of_judging_anew(
    judged_store: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    from qa_pipeline.pipeline.impact import comparing

    n_known = 0
    judge_both = comparing.judge_both

    def counted(made: Call, both: object, known: object = None) -> object:
        nonlocal n_known
        n_known += known is not None
        return judge_both(made, both, known)  # type: ignore[arg-type]

    monkeypatch.setattr(comparing, "judge_both", counted)
    from_store = answered(question(judged_store, EDITS[name]))
    assert n_known == 55, "all but the calls that came since"
    monkeypatch.setattr(comparing.Comparer, "_known", lambda *_: {})
    assert answered(question(judged_store, EDITS[name])) == from_store
    assert from_store.overall.n_calls == 58


def test_an_edited_old_scorecard_takes_nothing_from_the_store(
    judged_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qa_pipeline.store.store import Store as Opened

    monkeypatch.setattr(Opened, "outcomes", None)
    judged_anew = answered(question(judged_store, STRICT, old=CARD + "# not what judged\n"))
    assert judged_anew.overall.n_calls == 58


REFUSED = {
    "unknown-version": ("line@7", "no call here was judged by this version"),
    "no-such-file": ("nothing.yaml", "the scorecard cannot be read"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_scorecard_that_is_none_is_refused(store: Path, name: str) -> None:
    asked = question(store, STRICT)
    wrong = Question(REFUSED[name][0], asked.new, store, "2026-10", n_workers=0)
    with pytest.raises(WrongUse) as caught:
        answered(wrong)
    assert caught.value.what.en == REFUSED[name][1]


def test_a_version_whose_bytes_were_not_kept_is_told(tmp_path: Path) -> None:
    from tests.store.calls import put, result

    with Store.open(tmp_path / "old-store", create=True) as opened:
        put(opened, result())
        with pytest.raises(WrongUse, match="not kept when it judged"):
            opened.scorecard("order-line", 3)


def test_equal_bytes_are_refused(store: Path) -> None:
    with pytest.raises(WrongUse, match="byte for byte"):
        answered(question(store, CARD))


def test_a_comment_alone_flips_nothing(store: Path) -> None:
    impact = answered(question(store, CARD + "# a comment\n"))
    assert (impact.n_moved, impact.overall.n_decided_by_both) == (0, 56)


def test_a_broken_edit_is_refused_with_all_its_faults(store: Path) -> None:
    broken = CARD.replace("not silence", "not silense").replace("points: 10", "points: -1")
    with pytest.raises(DocumentRefused) as caught:
        answered(question(store, broken))
    assert [error.where.rpartition("new.yaml:")[2] for error in caught.value.errors] == [
        "18:73",
        "20:90",
    ]


@pytest.mark.parametrize(
    ("period", "what"),
    [("2026-01", "the store holds no call of this period"), ("october", "a period is a calendar")],
)
def test_a_period_without_calls_is_refused(store: Path, period: str, what: str) -> None:
    asked = question(store, STRICT)
    with pytest.raises(WrongUse, match=what):
        answered(Question(asked.old, asked.new, store, period, n_workers=0))


def test_a_month_of_which_neither_takes_a_call_is_refused(store: Path) -> None:
    nobody = CARD.replace("[orders]", "[nobody]")
    with pytest.raises(WrongUse, match="neither scorecard applies to any of the 71 calls"):
        answered(question(store, nobody + "# edited\n", old=nobody))
