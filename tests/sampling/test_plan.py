"""The plan as people write it: what is refused, where, with which fix; and the published schema."""

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from qa_pipeline.documents import read_leniently
from qa_pipeline.errors import DocumentRefused, QaError, WrongUse
from qa_pipeline.sampling.plan_load import SHIPPED_PLAN, LoadedPlan, load_plan, read_plan
from qa_pipeline.sampling.plan_schema import plan_schema
from qa_pipeline.scorecard.load import load_directory, scorecard_files
from qa_pipeline.settings import SCORECARDS_DIR
from tests.conftest import ROOT

PLAN = """\
sampling: monthly
calls: 150
strata: [group, machine_verdict]
random_floor: 0.4
focus:
  - {id: new_staff, agent_since_days: 90, share: 0.3}
double_review: 0.1
exclude_own_team: true
capacity:
  reviewers:
    - {name: 周敏, team: 一组, languages: [zh]}
    - {name: 李雷, hours: 3}
"""
SCHEMA = plan_schema()
VALIDATOR = Draft202012Validator(SCHEMA)


def edited(old: str, new: str) -> str:
    assert PLAN.count(old) == 1
    return PLAN.replace(old, new)


def read(text: str, folder: Path = Path()) -> LoadedPlan:
    return read_plan(text.encode(), "plan.yaml", folder)


def faults(text: str, folder: Path = Path()) -> tuple[QaError, ...]:
    with pytest.raises(DocumentRefused) as refused:
        read(text, folder)
    return refused.value.errors


VALID = {
    "as-it-is": ("calls: 150", "calls: 150"),
    "by-capacity": ("calls: 150\n", ""),
    "one-focus-after-another": (
        "share: 0.3}",
        "share: 0.6, until: 2026-10-31}\n  - {id: b, share: 0.6, when: {product: [x, 7]}, "
        "from: 2026-11-01}",
    ),
    "focus-of-both-kinds": ("agent_since_days: 90", "agent_since_days: 90, when: {queue: orders}"),
    "flags": (
        "calls: 150", "calls: 150\nflagged: [{rule: undecided}, {rule: fatal_failed, most: 1}]",
    ),
    "one-day": ("share: 0.3", "share: 0.3, from: 2026-10-01, until: 2026-10-01"),
    "quota": ("calls: 150", "calls: 150\nper_agent: 2\nallocation: neyman\nminimum: 2"),
    "levels": ("calls: 150", "calls: 150\nlevels: {full: 0.5, half: 0.5, exempt: 0.5}"),
}  # fmt: skip


@pytest.mark.parametrize("edit", VALID.values(), ids=VALID)
def test_plans_that_hold(edit: tuple[str, str]) -> None:
    text = edited(*edit)
    assert read(text).plan.sampling == "monthly"
    assert VALIDATOR.is_valid(read_leniently(text.encode(), "plan.yaml").data)


#: id -> (what to replace, by what, where it is told, what is told, the fix)
REFUSED = {
    "nearest-key": (
        "calls: 150", "call: 150\ncalls: 2", "2:1", "unknown key", "did you mean calls?",
    ),
    "no-size": (
        PLAN[PLAN.index("calls") :], "strata: [group]\n", "1:1", "nothing says how many",
        "add calls: 150",
    ),
    "stratum-twice": (
        "[group, machine_verdict]", "[group, group]", "3:9", "stands here twice", "delete one",
    ),
    "no-strata": ("[group, machine_verdict]", "[]", "3:9", "empty", "at least one"),
    "focus-of-nothing": (
        "agent_since_days: 90, ", "", "6:10", "names no calls", "agent_since_days",
    ),
    "ends-before-it-begins": (
        "share: 0.3", "share: 0.3, from: 2026-10-02, until: 2026-10-01", "6:80",
        "until lies before from", "exchange",
    ),
    "no-date": ("share: 0.3", "share: 0.3, from: October", "6:61", "not a date", "2026-10-01"),
    "more-focus-than-calls": (
        "share: 0.3}", "share: 0.3}\n  - {id: b, share: 0.31, when: {product: x}}", "6:3",
        "new_staff + b + random_floor are more than all calls", "lower the shares",
    ),
    "no-floor": ("random_floor: 0.4", "random_floor: 0", "4:15", "must be > 0", "a number > 0"),
    "twice-the-same-reviewer": (
        "name: 李雷", "name: 周敏", "11:5", "stands here twice", "tells them apart",
    ),
    "blank-around-a-name": ("name: 李雷", "name: ' 李雷'", "12:14", "spelling", "match"),
    "unknown-language": ("[zh]", "[zh, jp]", "11:44", "not one of the valid values", "en, zh"),
    "no-team-to-exclude": ("team: 一组, ", "", "8:19", "no reviewer has a team", "add team:"),
    "one-reviewer-two-hearings": (
        "    - {name: 李雷, hours: 3}\n", "", "7:16", "only one reviewer", "double_review: 0",
    ),
    "flag-of-a-kind-unknown": (
        "calls: 150", "calls: 150\nflagged: [{rule: fatal_fail}]", "3:18", "not one of the valid",
        "did you mean fatal_failed?",
    ),
    "a-stricter-level-hears-less": (
        "calls: 150", "calls: 150\nlevels: {half: 0.01}", "3:10", "a stricter level hears fewer",
        "full >= half >= exempt",
    ),
    "exempt-from-everything": (
        "calls: 150", "calls: 150\nlevels: {exempt: 0}", "3:18", "must be > 0", "a number > 0",
    ),
    "minimum-of-one": ("calls: 150", "calls: 150\nminimum: 1", "3:10", "must be >= 2", ">= 2"),
    "a-share-in-percent": (
        "double_review: 0.1", "double_review: 10", "7:16", "must be <= 1", "<= 1",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_plans_that_contradict_themselves(case: tuple[str, str, str, str, str]) -> None:
    old, new, where, what, fix = case
    error = faults(edited(old, new))[0]
    assert error.where == f"plan.yaml:{where}"
    assert what in error.say("en").split("\n")[0]
    assert fix in error.fix.en
    assert error.what.zh != error.what.en


_ONLY_THE_PROGRAM = {
    "stratum-twice", "ends-before-it-begins", "more-focus-than-calls", "twice-the-same-reviewer",
    "no-team-to-exclude", "one-reviewer-two-hearings", "a-stricter-level-hears-less",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(REFUSED.keys() - _ONLY_THE_PROGRAM))
def test_what_a_schema_can_say_it_says(name: str) -> None:
    text = edited(*REFUSED[name][:2])
    assert not VALIDATOR.is_valid(read_leniently(text.encode(), "plan.yaml").data)


def test_the_published_schema_is_that_of_the_code() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    file = SCORECARDS_DIR / "sampling.schema.json"
    assert json.loads(file.read_text("utf-8")) == SCHEMA, "qa plan schema > that file"


@pytest.mark.parametrize(
    "path", [SHIPPED_PLAN, ROOT / "qa_pipeline" / "demo" / "sampling.yaml"], ids=["shipped", "demo"]
)
def test_our_own_plans_hold_and_name_the_schema(path: Path) -> None:
    assert load_plan(path).plan.calls == 150
    text = path.read_text("utf-8")
    assert VALIDATOR.is_valid(read_leniently(text.encode(), "plan.yaml").data)
    named = text.splitlines()[0].partition("$schema=")[2]
    assert (path.parent / named).resolve() == SCORECARDS_DIR / "sampling.schema.json"


def test_what_the_shipped_plan_has_commented_out_holds_too() -> None:
    """A lead takes the `#` away: what comes to light must be a plan, contradictions included."""
    hidden = re.compile(r"# (?=per_agent|- {id: new|double|exclude|reviewers|  - {name)")
    plan = read(hidden.sub("", SHIPPED_PLAN.read_text("utf-8"))).plan
    assert [reviewer.name for reviewer in plan.capacity.reviewers] == ["周敏", "李雷", "新同事"]
    assert (plan.per_agent, plan.double_review, len(plan.focus)) == (2, 0.1, 2)


def test_a_plan_beside_scorecards_is_not_taken_for_one(tmp_path: Path) -> None:
    for name in ("sampling.yaml", "sampling.night.yml"):
        (tmp_path / name).write_text(PLAN, "utf-8")
    assert scorecard_files(tmp_path) == []
    assert load_directory(SCORECARDS_DIR)


def test_a_plan_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="cannot be read"):
        load_plan(tmp_path / "no.yaml")


LISTED = (
    "calls: 150\nback_checks: [{id: complaints, list: list.csv, column: 订单号, match: order_id}]"
)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("订单号,x\n7,a\n 8 ,b\n7,c\n,d\n".encode(), id="utf8"),
        pytest.param("\ufeff订单号,x\n7,a\n8,b\n".encode(), id="utf8-with-a-mark"),
        pytest.param("x, 订单号 \r\na,7\r\nb,8\r\n".encode("gb18030"), id="from-a-spreadsheet"),
        pytest.param("订单号\n7\n8\n9,".replace("9,", "").encode(), id="one-column"),
    ],
)
def test_a_list_is_read_as_people_save_it(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "list.csv").write_bytes(raw)
    [listed] = read(edited("calls: 150", LISTED), tmp_path).lists
    assert (listed.match, listed.wanted) == ("order_id", ("7", "8"))


@pytest.mark.parametrize(
    ("raw", "column", "what", "fix"),
    [
        pytest.param(None, 38, "cannot be read", "plan's folder", id="not-there"),
        pytest.param("订单,x\n7,a\n".encode(), 56, "no such column", "did you mean 订单?",
                     id="nearest-column"),
        pytest.param(b"", 56, "no such column", "no name is valid", id="empty"),
        pytest.param(b"\xff\xfe\x00\x01\x81", 38, "neither UTF-8 nor", "UTF-8", id="no-text"),
        pytest.param(b"\0" * 9, 56, "no such column", "use one of", id="zeros"),
        pytest.param(b"x", 38, "larger than 50 MB", "right file", id="too-large"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_used(
    tmp_path: Path, raw: bytes | None, column: int, what: str, fix: str
) -> None:
    if raw is not None:
        (tmp_path / "list.csv").write_bytes(raw * (50_000_001 if raw == b"x" else 1))
    [error] = faults(edited("calls: 150", LISTED), tmp_path)
    assert error.where == f"plan.yaml:3:{column}"
    assert what in error.what.en
    assert fix in error.fix.en


def test_another_list_is_another_plan(tmp_path: Path) -> None:
    shas = []
    for ids in ("7\n", "7\n8\n"):
        (tmp_path / "list.csv").write_text(f"订单号\n{ids}", "utf-8")
        shas.append(read(edited("calls: 150", LISTED), tmp_path).sha256)
    assert shas[0] != shas[1]


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"[]", b"- a", b"sampling: !!python/object x", b"a: &a [*a]", b"\xff", b"{" * 5000,
        b"sampling: x\nsampling: y\n", b"strata: {}\n", b"strata: 3\ncalls: 1\nsampling: a\n",
    ],
)  # fmt: skip
def test_hostile_yaml_is_refused_with_a_place(raw: bytes) -> None:
    with pytest.raises(DocumentRefused) as refused:
        read_plan(raw, "plan.yaml", Path())
    assert refused.value.errors[0].where.startswith("plan.yaml:")
