"""Manifests as recorders and spreadsheets write them: a faulty row fails alone."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from qa_pipeline.errors import WrongUse
from qa_pipeline.settings import Settings
from qa_pipeline.sources.manifest import Manifest, read_manifest

HEADER = "recording,call_id,started_at,agent_id,group"
GOOD = "a.wav,c-1,2026-10-01T09:30:00+08:00,E1,orders"


def csv(
    tmp_path: Path, *rows: str, header: str = HEADER, encoding: str = "utf-8", **settings: object
) -> Manifest:
    path = tmp_path / "calls.csv"
    path.write_bytes("\n".join((header, *rows)).encode(encoding))
    return read_manifest(path, Settings.model_validate(settings))


def codes(manifest: Manifest) -> list[tuple[int | None, str]]:
    return [(fault.number, fault.error.code) for fault in manifest.faults]


def test_a_row(tmp_path: Path) -> None:
    manifest = csv(
        tmp_path,
        GOOD + ",7,retail,1,2024-04-22,4.5,agent,zh-CN,",
        header=HEADER + ",shop,segment,agent_channel,agent_since,ring_s,hangup_by,language,note",
    )
    (row,) = manifest.rows
    assert manifest.faults == ()
    assert (row.number, row.call_id, row.recording, row.transcript) == (2, "c-1", "a.wav", None)
    assert row.started_at == datetime(2026, 10, 1, 1, 30, tzinfo=UTC)
    assert (row.language, row.agent_channel) == ("zh", 1)
    assert dict(row.metadata) == {
        "agent_id": "E1",
        "group": "orders",
        "shop": "7",
        "segment": "retail",
        "agent_channel": 1,
        "agent_since": "2024-04-22",
        "ring_s": 4.5,
        "hangup_by": "agent",
        "language": "zh",
    }


def test_a_local_time_is_read_in_the_configured_zone(tmp_path: Path) -> None:
    row = "a.wav,,2026-10-01 09:30:00,E1,orders"
    shanghai = csv(tmp_path, row).rows[0]
    berlin = csv(tmp_path, row, time_zone="Europe/Berlin").rows[0]
    assert shanghai.started_at.astimezone(UTC).hour == 1
    assert berlin.started_at - shanghai.started_at == timedelta(hours=6)
    assert shanghai.call_id is None


@pytest.mark.parametrize(
    ("row", "code"),
    [
        pytest.param(",c,2026-10-01T09:30:00,E1,g", "missing_recording", id="no-recording"),
        pytest.param("a.wav,c,,E1,g", "missing_started_at", id="no-time"),
        pytest.param("a.wav,c,2026-10-01T09:30:00,,g", "missing_agent_id", id="no-agent"),
        pytest.param("a.wav,c,2026-10-01T09:30:00,E1, ", "missing_group", id="blank-group"),
        pytest.param("a.wav,c,01/10/2026 09:30,E1,g", "bad_started_at", id="not-iso"),
        pytest.param("a.wav,c,0001-01-01T00:00:00,E1,g", "bad_started_at", id="year-one"),
        pytest.param("a.wav,c,9999-12-31T23:00:00-12:00,E1,g", "bad_started_at", id="last-year"),
        pytest.param("a.wav,c,0202-10-01T09:30:00,E1,g", "bad_started_at", id="year-mistyped"),
        pytest.param('a.wav,c,2026-10-01T09:30:00,"E"1,g', "malformed_row", id="stray-quote"),
        pytest.param("a.wav,../c,2026-10-01T09:30:00,E1,g", "bad_call_id", id="id-that-is-a-path"),
        pytest.param("a.wav,..,2026-10-01T09:30:00,E1,g", "bad_call_id", id="id-of-dots"),
        pytest.param("a.wav,c\x00,2026-10-01T09:30:00,E1,g", "bad_call_id", id="id-with-nul"),
        pytest.param(
            "a.wav," + "c" * 129 + ",2026-10-01T09:30:00,E1,g", "bad_call_id", id="long-id"
        ),
        pytest.param("a.wav,c,2026-10-01T09:30:00,E1", "malformed_row", id="too-few-columns"),
        pytest.param("a.wav,c,2026-10-01T09:30:00,E1,g,x", "malformed_row", id="too-many-columns"),
    ],
)
def test_a_faulty_row_fails_alone(tmp_path: Path, row: str, code: str) -> None:
    manifest = csv(tmp_path, GOOD, row, "b.wav,c-2,2026-10-01T09:30:00,E1,g")
    assert codes(manifest) == [(3, code)]
    assert [r.number for r in manifest.rows] == [2, 4]
    assert "calls.csv:3" in manifest.faults[0].error.where


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("agent_channel", "2"),
        ("agent_channel", "left"),
        ("agent_since", "last week"),
        ("ring_s", "-1"),
        ("ring_s", "nan"),
        ("ring_s", "soon"),
        ("language", "de"),
        ("language", "?"),
    ],
)
def test_values_that_are_not_what_their_column_holds(
    tmp_path: Path, column: str, value: str
) -> None:
    manifest = csv(tmp_path, f"{GOOD},{value}", header=f"{HEADER},{column}")
    assert codes(manifest) == [(2, f"bad_{column}")]
    assert manifest.faults[0].error.got == value
    assert manifest.faults[0].call_id == "c-1"


def test_columns_are_mapped_and_blanks_filled(tmp_path: Path) -> None:
    manifest = csv(
        tmp_path,
        "a.wav,2026-10-01T09:30:00,E1,",
        header="文件,开始时间,工号,group",
        source={
            "columns": {"文件": "recording", "开始时间": "started_at", "工号": "agent_id"},
            "defaults": {"group": "orders", "queue": "line-1"},
        },
    )
    assert manifest.faults == ()
    row = manifest.rows[0]
    assert (row.agent_id, row.group, row.metadata["queue"]) == ("E1", "orders", "line-1")


def test_a_missing_column_is_a_wrong_manifest_not_a_thousand_faults(tmp_path: Path) -> None:
    with pytest.raises(WrongUse) as refused:
        csv(tmp_path, "a.wav,2026-10-01T09:30:00,E1", header="recording,start_at,agent_id")
    assert "started_at" in str(refused.value)
    assert "start_at: started_at" in str(refused.value)


def test_a_mapping_onto_a_column_that_is_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongUse):
        csv(tmp_path, GOOD + ",x", header=HEADER + ",team", source={"columns": {"team": "group"}})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_of_spreadsheets(tmp_path: Path, encoding: str) -> None:
    manifest = csv(tmp_path, "录音.wav,c,2026-10-01T09:30:00,E1,订购组", encoding=encoding)
    assert (manifest.rows[0].recording, manifest.rows[0].group) == ("录音.wav", "订购组")


@pytest.mark.parametrize("mark", [";", "\t"])
def test_other_separators(tmp_path: Path, mark: str) -> None:
    manifest = csv(tmp_path, GOOD.replace(",", mark), header=HEADER.replace(",", mark))
    assert manifest.rows[0].group == "orders"


def test_a_quoted_line_break_keeps_the_line_numbers(tmp_path: Path) -> None:
    manifest = csv(tmp_path, 'a.wav,c,2026-10-01T09:30:00,E1,"g\nh"', "b.wav,c,x,E1,g")
    assert manifest.rows[0].group == "g\nh"
    assert codes(manifest) == [(4, "bad_started_at")]


def test_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    good = {
        "recording": "a.wav", "started_at": "2026-10-01T09:30:00Z", "agent_id": 7, "group": "g",
        "vip": True, "tags": ["x"], "weight": 1.5, "none": None,
    }  # fmt: skip
    words = {"words": [{"text": "hi", "start_s": 0, "end_s": 1, "role": "agent"}]}
    inline = {
        "transcript": words,
        "started_at": "2026-10-01T09:30:00Z",
        "agent_id": 7,
        "group": "g",
    }
    lines = [json.dumps(good), "", "{broken", "[1]", json.dumps(inline)]
    path.write_text("\n".join(lines), encoding="utf-8")
    manifest = read_manifest(path, Settings())
    assert codes(manifest) == [(3, "malformed_row"), (4, "malformed_row")]
    first, second = manifest.rows
    assert first.agent_id == "7"
    assert {k: first.metadata[k] for k in ("vip", "tags", "weight")} == {
        "vip": True,
        "tags": '["x"]',
        "weight": 1.5,
    }
    assert "none" not in first.metadata
    assert second.transcript is not None
    assert json.loads(second.transcript) == words


@pytest.mark.parametrize(
    ("value", "code"),
    [
        pytest.param('"\\ud83d"', "malformed_row", id="half-a-character"),
        pytest.param("1" * 5_000, "malformed_row", id="number-of-5000-digits"),
        pytest.param("[" * 100_000, "malformed_row", id="nested-without-end"),
        pytest.param("1" * 400, "bad_ring_s", id="number-beyond-floats"),
    ],
)
def test_a_hostile_json_line_fails_alone(tmp_path: Path, value: str, code: str) -> None:
    path = tmp_path / "calls.jsonl"
    good = '"recording": "a.wav", "started_at": "2026-10-01", "agent_id": 7, "group": "g"'
    path.write_text(f'{{{good}, "ring_s": {value}}}\n{{{good}}}\n', encoding="utf-8")
    manifest = read_manifest(path, Settings())
    assert codes(manifest) == [(1, code)]
    assert [row.number for row in manifest.rows] == [2]


def test_a_number_that_is_none_is_no_value(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    facts = '"recording": "a.wav", "started_at": "2026-10-01", "agent_id": 7, "group": "g"'
    path.write_text(f'{{{facts}, "weight": NaN, "vip": true}}', encoding="utf-8")
    (row,) = read_manifest(path, Settings()).rows
    assert "weight" not in row.metadata
    assert row.metadata["vip"] is True


def test_a_transcript_of_hours_fits_into_a_field(tmp_path: Path) -> None:
    transcript = "客" * 200_000
    manifest = csv(tmp_path, GOOD + "," + transcript, header=HEADER + ",transcript")
    assert manifest.rows[0].transcript == transcript


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "calls.parquet"
    pl.DataFrame(
        {
            "recording": ["a.wav", None],
            "started_at": [datetime(2026, 10, 1, 9, 30), datetime(2026, 10, 1, 9, 31)],
            "agent_id": ["E1", "E2"],
            "group": ["g", "g"],
            "agent_channel": [1, None],
        }
    ).write_parquet(path)
    manifest = read_manifest(path, Settings())
    assert codes(manifest) == [(2, "missing_recording")]
    assert manifest.rows[0].started_at.astimezone(UTC).hour == 1
    assert manifest.rows[0].agent_channel == 1


@pytest.mark.parametrize("name", ["none.csv", "calls.xlsx", "broken.parquet"])
def test_what_is_no_manifest_is_refused(tmp_path: Path, name: str) -> None:
    if name != "none.csv":
        (tmp_path / name).write_bytes(b"x")
    with pytest.raises(WrongUse):
        read_manifest(tmp_path / name, Settings())


def test_an_empty_manifest_is_an_empty_night(tmp_path: Path) -> None:
    assert csv(tmp_path) == Manifest((), ())
