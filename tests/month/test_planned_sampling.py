"""A plan at work on a store: nightly batches, late calls, levels, lists, reviewers, faults."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from shutil import copytree
from types import MappingProxyType
from typing import Any

import pytest
import sqlalchemy as sa

from qa_pipeline.errors import WrongUse
from qa_pipeline.pipeline.sample_plan import PlanReport, plan_period
from qa_pipeline.pipeline.samples import Drawn, draw_sample
from qa_pipeline.records import Call, Evaluation
from qa_pipeline.sampling.plan_load import LoadedPlan, read_plan
from qa_pipeline.settings import Settings
from qa_pipeline.store import Judged, Result, SampleRow, Store
from qa_pipeline.store import tables as t
from tests.month.made_up import _MADE_BY, BEFORE, PERIOD, ZONE, fill

TWO = "capacity: {reviewers: [{name: 周敏, languages: [zh]}, {name: 李雷}]}\n"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = fill(tmp_path_factory.mktemp("planned") / "store")
    add_call(path, f"{PERIOD}-last", 31, {})
    return path


@pytest.fixture
def store(filled: Path, tmp_path: Path) -> Path:
    return copytree(filled, tmp_path / "store")


def plan(text: str = "", folder: Path = Path(), calls: int = 60) -> LoadedPlan:
    head = f"sampling: small\ncalls: {calls}\nstrata: [group, machine_verdict]\n"
    return read_plan((head + text).encode(), "plan.yaml", folder)


def draw(store: Path, loaded: LoadedPlan, until: int | None = None) -> Drawn:
    day = None if until is None else date(2026, 10, until)
    return draw_sample(store, PERIOD, Settings(), loaded, until=day)


def frozen(store: Path) -> tuple[SampleRow, ...]:
    with Store.open(store) as opened:
        return opened.ledger.samples(PERIOD)


def labels(store: Path) -> dict[str, dict[str, Any]]:
    with Store.open(store) as opened:
        rows = opened.read("evaluations", PERIOD).to_dicts()
    return {row["call_id"]: row for row in rows}


def add_call(store: Path, call_id: str, day: int, metadata: Mapping[str, Any]) -> None:
    """Write a call that came late, or by another road."""
    call = Call(
        call_id=call_id,
        language="zh",
        tier="imported",
        duration_s=60.0,
        turns=(),
        speech=None,
        started_at=datetime(2026, 10, day, 2, tzinfo=UTC),
        metadata=MappingProxyType({"group": "订购一组", "agent_id": "订1", **metadata}),
    )
    evaluation = Evaluation(call_id, "order-line", 3, "d" * 64, 100.0, True, 1.0, ())
    with Store.open(store) as opened, opened.writing("night", ZONE, "0.1.0") as writer:
        writer.commit(
            (Result(call, _MADE_BY, "c" * 64, (Judged(evaluation, "j" * 64, "{}"),)),), ()
        )


def set_level(store: Path, kind: str, subject: str, level: str, day: int = 1) -> None:
    engine = sa.create_engine(f"sqlite:///{store / 'ledger.sqlite'}")
    with engine.begin() as connection:
        values = {
            "subject_kind": kind, "subject": subject, "level": level, "reason": "made up",
            "effective_on": date(2026, 10, day), "decided_at": datetime(2026, 10, day, tzinfo=UTC),
        }  # fmt: skip
        connection.execute(sa.insert(t.levels).values(**values))
    engine.dispose()


def test_nightly_batches_take_the_months_share_and_each_call_keeps_its_chance(store: Path) -> None:
    for day in (5, 10, 15, 20, 25, 31):
        drawn = draw(store, plan(calls=90), day)
    rows = frozen(store)
    assert {row.batch for row in rows} == {f"{n:03d}" for n in range(1, 7)}
    assert 80 <= len(drawn.rows) <= 110, "the last day has one call"
    cells = Counter((row.batch, row.stratum) for row in rows)
    taken = Counter((row.batch, row.stratum) for row in rows if row.purpose == "random")
    for row in rows:
        key = row.batch, row.stratum
        assert (row.n_population, row.n_drawn) == (cells[key], taken[key])
        assert row.inclusion_probability == taken[key] / cells[key] > 0
    with Store.open(store) as opened:
        batches = opened.ledger.batches(PERIOD)
    assert [batch.until.day for batch in batches if batch.until] == [5, 10, 15, 20, 25, 31]
    assert sum(batch.n_wanted for batch in batches) == 90


def test_what_the_machine_passed_is_always_heard_too(store: Path) -> None:
    by_group = read_plan(b"{sampling: s, calls: 12, strata: [group]}", "plan.yaml", store)
    for day in (5, 12, 31):
        draw(store, by_group, day)
    passed = labels(store)
    heard = {row.batch for row in frozen(store) if row.purpose == "random" and
             passed[row.call_id]["passed"]}  # fmt: skip
    assert heard == {"001", "002", "003"}


def test_late_calls_come_next_under_their_own_month_and_disturb_nothing(store: Path) -> None:
    first = draw(store, plan(TWO), 10)
    add_call(store, "late-1", 3, {})
    second = draw(store, plan(TWO), 10)
    assert second.new_batch == "002"
    assert [r.call_id for r in frozen(store) if r.batch == "002"] == ["late-1"]
    assert tuple(r for r in second.rows if r.batch == "001") == first.rows
    assert second.assignments[: len(first.assignments)] == first.assignments
    assert draw(store, plan(TWO), 10).new_batch is None


def test_two_stores_draw_and_assign_alike(filled: Path, tmp_path: Path) -> None:
    loaded = plan(TWO + "double_review: 0.2\nflagged: [{rule: fatal_failed}]\nper_agent: 2\n")
    results = []
    for name in ("one", "two"):
        store = copytree(filled, tmp_path / name)
        for day in (9, 31):
            drawn = draw(store, loaded, day)
        rows = [replace(row, drawn_at=datetime.min) for row in frozen(store)]
        work = [replace(row, assigned_at=datetime.min, due_on=None) for row in drawn.assignments]
        results.append((rows, work))
    assert results[0] == results[1]


def test_another_seed_is_another_draw(filled: Path, tmp_path: Path) -> None:
    chosen = []
    for seed in ("", "seed: other\n"):
        store = copytree(filled, tmp_path / (seed[:4] or "none"))
        chosen.append({row.call_id for row in draw(store, plan(seed)).rows})
    assert len(chosen[0]) == len(chosen[1])
    assert chosen[0] != chosen[1]


def test_a_late_call_without_a_column_that_the_month_has_is_drawn(store: Path) -> None:
    add_call(store, "shop-1", 2, {"shop": "north"})
    loaded = read_plan(b"{sampling: s, calls: 40, strata: [shop]}", "plan.yaml", store)
    draw(store, loaded)
    add_call(store, "late-1", 2, {})
    draw(store, loaded)
    assert {r.call_id: (r.batch, r.stratum) for r in frozen(store)}["late-1"] == ("002", "-/pass")


def test_a_focus_raises_the_share_and_says_so(store: Path) -> None:
    loaded = plan("focus: [{id: one, share: 0.5, when: {agent_id: 订2}}]\n")
    drawn = draw(store, loaded)
    agents = {call_id: row["agent_id"] for call_id, row in labels(store).items()}
    focus = [row for row in drawn.rows if row.reason == "focus"]
    assert len(focus) == 30
    assert {agents[row.call_id] for row in focus} == {"订2"}
    assert all(row.purpose == "random" for row in focus)
    chance = {agents[row.call_id] == "订2": row.inclusion_probability for row in drawn.rows}
    assert chance[True] > chance[False]


def test_new_staff_are_known_by_their_first_day(store: Path) -> None:
    for number, since in enumerate(("2026-08-01", "2026-07-04", "2026-07-03", "soon", None)):
        add_call(store, f"new-{number}", 1, {"agent_since": since, "agent_id": f"N{number}"})
    loaded = plan("focus: [{id: new_staff, share: 0.1, agent_since_days: 89}]\n")
    draw(store, loaded)
    found = {row.call_id for row in frozen(store) if "focus=new_staff" in row.stratum}
    assert found == {"new-0", "new-1"}, "89 days before 1 October is 4 July"


@pytest.mark.parametrize(
    ("dates", "days"),
    [
        pytest.param("from: 2026-10-05, until: 2026-10-07", {5, 6, 7}, id="both-days-count"),
        pytest.param("until: 2026-10-02", {1, 2}, id="no-beginning"),
        pytest.param("from: 2026-10-28", {31}, id="no-end"),
        pytest.param("from: 2026-11-01", set(), id="not-yet"),
    ],
)
def test_a_focus_holds_on_its_days(store: Path, dates: str, days: set[int]) -> None:
    focus = f"focus: [{{id: one, share: 0.5, when: {{group: 订购一组}}, {dates}}}]\n"
    draw(store, plan(focus))
    found = labels(store)
    in_focus = {found[r.call_id]["local_date"].day for r in frozen(store) if "focus" in r.stratum}
    assert in_focus == days


def test_levels_in_force_are_honoured(store: Path) -> None:
    set_level(store, "agent", "订1", "full")
    set_level(store, "agent", "订2", "half")
    set_level(store, "agent", "售1", "sampled")
    set_level(store, "group", "售后支持组", "exempt")
    set_level(store, "agent", "订3", "full", day=31)
    drawn = draw(store, plan(), 30)
    found = labels(store)
    heard = Counter(found[row.call_id]["agent_id"] for row in drawn.rows)
    calls = Counter(found[row.call_id]["agent_id"] for row in frozen(store))
    assert heard["订1"] == calls["订1"]
    assert heard["订2"] == -(-calls["订2"] // 2)
    assert heard["订3"] < calls["订3"], "full only from the 31st on"
    exempt = [r for r in frozen(store) if found[r.call_id]["group"] == "售后支持组"
              and found[r.call_id]["agent_id"] != "售1"]  # fmt: skip
    n_exempt = sum(row.purpose == "random" for row in exempt)
    assert 5 <= n_exempt <= 8
    assert all(row.inclusion_probability > 0 for row in exempt)
    reasons = {found[r.call_id]["agent_id"]: r.reason for r in drawn.rows}
    assert (reasons["订1"], reasons["订2"]) == ("focus", "focus")
    assert {row.reason for row in exempt} == {"random", None}


def test_an_exempt_agent_heard_day_by_day_costs_the_floor_and_not_more(store: Path) -> None:
    set_level(store, "agent", "订1", "exempt")
    for day in range(1, 32):
        drawn = draw(store, plan(), day)
    found = labels(store)
    n_heard = sum(found[row.call_id]["agent_id"] == "订1" for row in drawn.rows)
    n_days = len({row["local_date"] for row in found.values() if row["agent_id"] == "订1"})
    assert 5 <= n_heard <= n_days


def test_quotas_reach_every_agent_over_nightly_batches(store: Path) -> None:
    """Agents of the first group have calls until the 26th; the quota is due by the 25th."""
    for day in range(3, 32, 4):
        drawn = draw(store, plan("per_agent: 6\n", calls=60), day)
    found = labels(store)
    heard = Counter(found[row.call_id]["agent_id"] for row in drawn.rows)
    assert all(heard[f"订{n}"] >= 6 for n in range(1, 6)), heard


def test_flagged_and_listed_calls_are_targeted_and_unknown_ids_are_told(
    store: Path, tmp_path: Path
) -> None:
    ids = [call_id for call_id in sorted(labels(store)) if call_id.startswith(f"{PERIOD}-售后")][:9]
    (tmp_path / "list.csv").write_text("\n".join(["call_id", *ids, "nobody", "=1+1"]), "utf-8")
    loaded = plan(
        "flagged: [{rule: fatal_failed, most: 3}]\n"
        "back_checks: [{id: complaints, list: list.csv}]\n",
        tmp_path,
    )
    drawn = draw(store, loaded)
    reasons = Counter(row.reason for row in drawn.targeted)
    assert reasons["flagged"] == 3
    at_random = {row.call_id for row in drawn.rows}
    assert {r.call_id for r in drawn.targeted if r.reason == "back_check"} == set(ids) - at_random
    assert not at_random & {row.call_id for row in drawn.targeted}
    assert {row.purpose for row in drawn.targeted} == {"targeted"}
    [note] = [note for note in drawn.notes if "complaints" in note.en]
    assert "2 of 11 values name no call" in note.en
    assert draw(store, loaded).new_batch is None


def test_a_list_that_grows_adds_a_batch_of_its_own(store: Path, tmp_path: Path) -> None:
    listed = tmp_path / "list.csv"
    checks = "back_checks: [{id: complaints, list: list.csv}]\n"
    listed.write_text("call_id\n", "utf-8")
    first = draw(store, plan(checks, tmp_path))
    later = next(row.call_id for row in frozen(store) if row.purpose == "frame")
    listed.write_text(f"call_id\n{later}\n", "utf-8")
    second = draw(store, plan(checks, tmp_path))
    assert (first.new_batch, second.new_batch) == ("001", "002")
    assert [(row.call_id, row.batch) for row in second.targeted] == [(later, "002")]
    assert second.rows == first.rows
    assert "changed since batch 001" in second.notes[0].en


def test_double_reviews_are_blind_and_by_somebody_else(store: Path) -> None:
    drawn = draw(store, plan(TWO + "double_review: 0.25\nblind: false\n"))
    first = {r.call_id: r for r in drawn.assignments if r.reason != "double"}
    second = [r for r in drawn.assignments if r.reason == "double"]
    doubled = {r.call_id for r in drawn.rows if r.double}
    assert len(doubled) == 15
    language = {call_id: row["language"] for call_id, row in labels(store).items()}
    assert {r.call_id for r in second} == {c for c in doubled if language[c] == "zh"}
    for row in second:
        assert row.blind
        assert first[row.call_id].blind
        assert row.reviewer != first[row.call_id].reviewer
        assert row.purpose == "random"
    assert not any(r.blind for r in first.values() if r.call_id not in doubled)
    n_english = sum(language[c] == "en" for c in doubled)
    assert f"{n_english} calls want a second reviewer" in drawn.notes[-1].en


def test_double_reviews_keep_their_share_over_small_batches(store: Path) -> None:
    for day in range(2, 32, 3):
        drawn = draw(store, plan(TWO + "double_review: 0.1\n"), day)
    n_doubled = sum(row.double for row in drawn.rows)
    assert abs(n_doubled - 0.1 * len(drawn.rows)) <= 0.5


def test_assignments_say_whose_when_and_how_long(store: Path) -> None:
    drawn = draw(store, plan(TWO + "due_days: 5\n"))
    assert {r.call_id for r in drawn.assignments} == {r.call_id for r in drawn.rows}
    today = datetime.now(ZONE).date()
    found = labels(store)
    for row in drawn.assignments:
        facts = found[row.call_id]
        assert (row.group, row.agent_id) == (facts["group"], facts["agent_id"])
        assert row.due_on in (today + timedelta(days=5), today + timedelta(days=6))
        assert row.expected_min == pytest.approx(facts["duration_s"] / 60 + 2.5)
        assert row.blind


def test_without_reviewers_nobody_is_assigned_and_a_later_plan_does_it(store: Path) -> None:
    first = draw(store, plan())
    assert first.assignments == ()
    assert "60 calls have no reviewer" in first.notes[-1].en
    second = draw(store, plan(TWO))
    assert second.new_batch is None
    assert len(second.assignments) == len(first.rows)
    third = draw(store, plan("capacity: {reviewers: [{name: 王芳}]}\n"))
    assert third.assignments == second.assignments, "an issued assignment is never withdrawn"


def test_calls_that_nobody_may_hear_are_told_and_the_rest_goes_on(store: Path) -> None:
    zh_only = "capacity: {reviewers: [{name: 周敏, languages: [zh]}]}\n"
    drawn = draw(store, plan(zh_only))
    english = {c for c, row in labels(store).items() if row["language"] == "en"}
    n_english = len(english & {row.call_id for row in drawn.rows})
    assert len(drawn.assignments) == len(drawn.rows) - n_english > 0
    assert f"{n_english} calls are in a language" in drawn.notes[-1].en


def test_a_changed_plan_counts_from_the_next_batch_on(store: Path) -> None:
    first = draw(store, plan(), 10)
    second = draw(store, plan("minimum: 2\n"), 20)
    assert tuple(r for r in second.rows if r.batch == "001") == first.rows
    assert "count from batch 002 on" in second.notes[0].en
    with Store.open(store) as opened:
        shas = [batch.plan_sha256 for batch in opened.ledger.batches(PERIOD)]
    assert shas[0] != shas[1]


def test_an_unknown_stratum_is_told_where_the_plan_writes_it(store: Path) -> None:
    loaded = read_plan(b"sampling: s\ncalls: 9\nstrata: [group, shop]\n", "plan.yaml", store)
    with pytest.raises(WrongUse, match=r"plan\.yaml:3:17: no call has this column"):
        draw(store, loaded)
    assert frozen(store) == ()


def test_strata_by_flag_and_by_a_manifest_column(store: Path) -> None:
    add_call(store, "shop-1", 2, {"shop": "north/1"})
    loaded = read_plan(b"{sampling: s, calls: 40, strata: [flag, shop]}", "plan.yaml", store)
    draw(store, loaded)
    strata = {row.stratum for row in frozen(store)}
    assert "-/north%2F1/pass" in strata
    assert {"fatal_failed/-/fail", "undecided/-/undecided", "-/-/pass"} <= strata


def planned(store: Path, loaded: LoadedPlan, period: str = PERIOD) -> PlanReport:
    return plan_period(store, period, Settings(), loaded)


def test_the_plan_tells_what_the_draw_will_do(store: Path) -> None:
    focus = "focus: [{id: f, share: 0.3, when: {agent_id: 订2}}]\n"
    loaded = plan(TWO + "double_review: 0.1\n" + focus, calls=120)
    report = planned(store, loaded)
    drawn = draw(store, loaded)
    assert report.capacity.n_random == len(drawn.rows) == 120
    assert report.capacity.n_double == sum(row.double for row in drawn.rows)
    heard = Counter((r.stratum.partition("/focus")[0], r.reason) for r in drawn.rows)
    assert {(s.stratum, s.reason): s.n_drawn for s in report.strata} == heard
    assert {group.group for group in report.groups} == {
        row["group"] for row in labels(store).values()
    }
    assert sum(group.n_drawn for group in report.groups) == pytest.approx(120)


def test_a_month_to_come_is_planned_with_the_one_before(store: Path) -> None:
    report = planned(store, plan(), "2026-11")
    assert (report.period, report.volume_of) == ("2026-11", PERIOD)
    with pytest.raises(WrongUse, match="no judged call"):
        planned(store, plan(), "2026-12")
    with pytest.raises(WrongUse, match="calendar month"):
        planned(store, plan(), "October")


def test_groups_with_too_few_are_told_with_what_it_would_take(store: Path) -> None:
    report = planned(store, read_plan(b"{sampling: s, calls: 12, strata: [group], minimum: 2}",
                                      "plan.yaml", store))  # fmt: skip
    few = [group for group in report.groups if group.interval is None]
    assert few
    for group in few:
        assert group.n_effective < 10
        assert group.n_needed is not None
        assert group.n_drawn < group.n_needed < group.n_population


@pytest.mark.parametrize(
    ("text", "calls", "says"),
    [
        pytest.param("per_agent: 20\n", 60, "minimums, quotas and levels take", id="quota"),
        pytest.param(
            "capacity: {days: 1, reviewers: [{name: a, hours: 0.5}]}\n", 60, "more: lower calls",
            id="short",
        ),
        pytest.param(
            "capacity: {reviewers: [{name: a}, {name: b, team: 订购一组, languages: [zh]},"
            " {name: c, team: 'x', languages: [en]}]}\nexclude_own_team: true\n", 60, None,
            id="everybody-has-work",
        ),
        pytest.param("focus: [{id: f, share: 0.1, when: {shop: x}}]\n", 60,
                     "no call has the column shop", id="focus-of-nothing"),
        pytest.param("capacity: {reviewers: [{name: a, languages: [zh]}]}\n", 60,
                     "may be heard by nobody", id="english-calls"),
    ],
)  # fmt: skip
def test_what_a_lead_should_know_of_a_plan(
    store: Path, text: str, calls: int, says: str | None
) -> None:
    notes = [note.en for note in planned(store, plan(text, calls=calls)).notes]
    told = [note for note in notes if "nobody has reviewed" not in note]
    assert len(told) == (says is not None)
    assert says is None or says in told[0]


def test_a_reviewer_who_may_hear_nothing_is_named(store: Path) -> None:
    people = "[{name: a}, {name: b, team: 'Night <script>alert(1)</script>', languages: [en]}]"
    loaded = plan(f"capacity: {{reviewers: {people}}}\nexclude_own_team: true\n")
    [note] = [n for n in planned(store, loaded).notes if n.en.startswith("b ")]
    assert "may hear none of these calls" in note.en
    assert draw(store, loaded).assignments[0].reviewer == "a"


def test_calls_as_capacity_allows(store: Path) -> None:
    text = b"sampling: s\nstrata: [group]\ntargeted_share: 0\n"
    people = b"capacity: {days: 2, utilisation: 1, score_min: 4, admin_min: 1, speed: 4, "
    people += b"reviewers: [{name: a, hours: 2}, {name: b, hours: 1}]}\n"
    loaded = read_plan(text + people, "plan.yaml", store)
    report = planned(store, loaded)
    assert report.capacity.n_hearings == 2 * (report.capacity.reviews_a_day or 0)
    assert len(draw(store, loaded).rows) == report.capacity.n_random == report.capacity.n_hearings


def test_the_month_before_is_not_touched(store: Path) -> None:
    draw(store, plan(TWO))
    with Store.open(store) as opened:
        assert opened.ledger.samples(BEFORE) == ()
        assert opened.ledger.assignments(BEFORE) == ()
