"""The made-up history is the same everywhere, reads as dialogue, and holds what was planted."""

import os
import subprocess
import sys
from collections import Counter
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest

from qa_pipeline.demo.centre import centre, manners
from qa_pipeline.demo.history import PastCall, past_calls, write_history
from qa_pipeline.demo.scripts import DIALOGUES_DIR, last_night
from qa_pipeline.dialogue import parse_dialogue
from qa_pipeline.texts import Language

#: What must, and what must not, be heard where a fault was planted, and where it was not.
SAID = {
    ("zh", "bare_hello"): manners("zh").pools["greeting_bare"],
    ("zh", "rude_name"): manners("zh").pools["ask_name_rude"],
    ("zh", "no_read_back"): manners("zh").pools["noted"],
    ("zh", "early_cross_sell"): None,
    ("zh", "insult"): manners("zh").pools["answer_insult"],
    ("zh", "no_apology"): manners("zh").pools["apology_missing"],
    ("zh", "no_closing"): manners("zh").pools["closing_short"],
    ("en", "no_greeting"): manners("en").pools["greeting_short"],
    ("en", "no_read_back"): manners("en").pools["noted"],
    ("en", "insult"): manners("en").pools["answer_insult"],
    ("en", "no_apology"): manners("en").pools["apology_missing"],
    ("en", "no_closing"): manners("en").pools["closing_short"],
}


def said_by_agent(call: PastCall) -> str:
    return "\n".join(turn.text for turn in call.conversation.turns if turn.role == "agent")


def test_another_process_makes_up_the_same_calls() -> None:
    code = (
        "from qa_pipeline.demo.history import past_calls\n"
        "from hashlib import sha256\n"
        "said = ''.join(c.call_id + c.conversation.as_text() for c in past_calls()[:200])\n"
        "print(sha256(said.encode()).hexdigest())"
    )
    said = "".join(c.call_id + c.conversation.as_text() for c in past_calls()[:200])
    other = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert other.stdout.strip() == sha256(said.encode()).hexdigest()
    assert past_calls("another")[0] != past_calls()[0]


def test_it_is_two_months_of_a_call_centre() -> None:
    calls = past_calls()
    assert 1_400 < len(calls) < 1_600
    assert len({call.call_id for call in calls}) == len(calls)
    months = Counter(call.manifest["started_at"][:7] for call in calls)
    assert set(months) == {"2026-09", "2026-10"}
    known = {agent.agent_id: agent for group in centre().groups for agent in group.agents}
    assert {call.manifest["agent_id"] for call in calls} == set(known)
    for call in calls:
        since = known[call.manifest["agent_id"]].agent_since
        assert since <= call.manifest["started_at"][:10], call.call_id


def test_last_nights_agents_are_the_same_people() -> None:
    now = {s.manifest["agent_id"]: s.manifest["agent_since"] for s in last_night()}
    assert now == {a.agent_id: a.agent_since for g in centre().groups for a in g.agents}
    groups = {s.manifest["agent_id"]: s.manifest["group"] for s in last_night()}
    assert groups == {a.agent_id: g.group for g in centre().groups for a in g.agents}


def test_every_call_reads_as_a_dialogue_with_times() -> None:
    for call in past_calls()[::4]:
        language: Language = "zh" if call.manifest["language"] == "zh" else "en"
        read = parse_dialogue(call.conversation.as_text(), call.call_id, language)
        assert read.timed
        assert read.turns is not None
        assert len(read.turns) == len(call.conversation.turns)
        assert "{" not in call.conversation.as_text()


@pytest.mark.parametrize(("language", "fault"), sorted(k for k, v in SAID.items() if v))
def test_a_planted_fault_is_said_exactly_where_it_was_planted(language: str, fault: str) -> None:
    words = SAID[language, fault] or ()
    hits = 0
    for call in past_calls():
        if call.manifest["language"] != language or "fillers" in call.conversation.planted:
            continue
        is_said = any(line in said_by_agent(call).splitlines() for line in words)
        if fault in call.conversation.beyond:
            continue
        assert is_said == (fault in call.conversation.planted), call.call_id
        hits += is_said
    assert hits > 0


def test_faults_made_of_time_are_in_the_times() -> None:
    for call in past_calls():
        turns = call.conversation.turns
        ends = [max(t.end_s for t in turns[: i + 1]) for i in range(len(turns))]
        gaps = [b.start_s - end_s for end_s, b in zip(ends, turns[1:], strict=False)]
        cuts = sum(b.role == "agent" and a.end_s - b.start_s > 0.7 for a, b in pairwise(turns))
        held = any(line in said_by_agent(call) for line in manners("zh").pools["hold"])
        held |= any(line in said_by_agent(call) for line in manners("en").pools["hold"])
        if "dead_air" in call.conversation.planted:
            assert max(gaps) > 20
        elif not held and "fillers" not in call.conversation.planted:
            assert max(gaps) < 2
        assert ("interruption" in call.conversation.planted) <= (cuts > 0)


def test_worse_agents_commit_more_faults() -> None:
    faults: Counter[str] = Counter()
    calls: Counter[str] = Counter()
    for call in past_calls():
        calls[call.manifest["agent_id"]] += 1
        faults[call.manifest["agent_id"]] += len(call.conversation.planted)
    per_call = {agent: faults[agent] / calls[agent] for agent in calls}
    assert per_call["A1001"] < per_call["A1002"] < per_call["A1004"] < per_call["A1003"]
    assert per_call["E3001"] < per_call["E3002"]


def test_written_history_is_one_file_a_call(tmp_path: Path) -> None:
    calls = past_calls()[:50]
    manifest = write_history(tmp_path, calls)
    lines = manifest.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 51
    for call in calls:
        path = tmp_path / call.manifest["transcript"]
        assert path.read_text(encoding="utf-8") == call.conversation.as_text()


@pytest.mark.parametrize("path", sorted(DIALOGUES_DIR.glob("*.txt")), ids=lambda p: p.stem)
def test_the_scripts_read_as_dialogues_too(path: Path) -> None:
    script = next(s for s in last_night() if s.call_id == path.stem)
    language: Language = "zh" if script.manifest["language"] == "zh" else "en"
    call = parse_dialogue(path.read_text(encoding="utf-8"), path.name, language)
    assert not call.timed
    assert [turn.text for turn in call.turns or ()] == [line.text for line in script.lines]
    assert call.metadata["agent_id"] == script.manifest["agent_id"]
