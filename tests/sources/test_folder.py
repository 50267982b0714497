"""A folder of recordings: joined with its manifest, and never left."""

import hashlib
import os
from pathlib import Path

import pytest

from qa_pipeline.errors import RecordingFailed, WrongUse
from qa_pipeline.settings import Settings
from qa_pipeline.sources.folder import FolderSource, is_inline
from qa_pipeline.sources.patterns import compile_pattern
from qa_pipeline.sources.rows import ManifestRow

HEADER = "recording,call_id,started_at,agent_id,group,transcript\n"
AT = "2026-10-01T09:30:00"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "source"
    (root / "deep").mkdir(parents=True)
    for name in ("a.wav", "b.wav", "deep/c.mp3", "notes.txt", ".hidden.wav"):
        (root / name).write_bytes(name.encode())
    (tmp_path / "secret.wav").write_bytes(b"secret")
    return root


def night(
    folder: Path, *rows: str, **settings: object
) -> tuple[list[str | None], list[tuple[str, str]]]:
    manifest = folder.parent / "calls.csv"
    manifest.write_text(HEADER + "\n".join(rows), encoding="utf-8")
    found = FolderSource.open(folder).night(manifest, Settings.model_validate(settings))
    heard = [row.recording for row in found.rows]
    return heard, sorted((fault.recording, fault.error.code) for fault in found.faults)


def row(recording: str, call_id: str = "", transcript: str = "") -> str:
    return f"{recording},{call_id},{AT},E1,g,{transcript}"


def test_rows_files_and_everything_that_does_not_match(folder: Path) -> None:
    heard, faults = night(folder, row("a.wav"), row("none.wav"))
    assert heard == ["a.wav"]
    assert faults == [
        ("b.wav", "not_in_manifest"),
        ("deep/c.mp3", "not_in_manifest"),
        ("none.wav", "file_absent"),
    ]


def test_a_file_whose_row_is_faulty_is_told_once(folder: Path) -> None:
    _, faults = night(folder, f"a.wav,,{AT},,g,", row("b.wav"), row("./deep/c.mp3"))
    assert faults == [("a.wav", "missing_agent_id")]


@pytest.mark.parametrize(
    "path", ["../secret.wav", "deep/../../secret.wav", "link.wav", "linked/x.wav"]
)
def test_no_path_leads_out(folder: Path, path: str) -> None:
    (folder / "link.wav").symlink_to(folder.parent / "secret.wav")
    outside = folder.parent / "outside"
    outside.mkdir()
    (outside / "x.wav").write_bytes(b"x")
    (folder / "linked").symlink_to(outside)
    heard, faults = night(folder, row(path))
    assert heard == []
    assert (path, "outside_source") in faults


def test_an_absolute_path_is_outside_even_when_it_is_inside(folder: Path) -> None:
    heard, faults = night(folder, row(str(folder / "a.wav")))
    assert heard == []
    assert (str(folder / "a.wav"), "outside_source") in faults


@pytest.mark.parametrize("path", ["deep", "a.wav/x", "a" * 300 + ".wav"])
def test_what_is_no_file_is_absent(folder: Path, path: str) -> None:
    _, faults = night(folder, row(path))
    assert (path, "file_absent") in faults


def test_a_link_in_a_circle_is_absent(folder: Path) -> None:
    (folder / "circle.wav").symlink_to("circle.wav")
    heard, faults = night(folder, row("a.wav"), row("circle.wav"))
    assert heard == ["a.wav"]
    assert ("circle.wav", "file_absent") in faults


@pytest.mark.parametrize("has_manifest", [True, False])
def test_a_name_in_another_encoding_is_told_as_text(folder: Path, has_manifest: bool) -> None:
    gbk = "电_20261001.wav".encode("gb18030")
    (folder / os.fsdecode(gbk)).write_bytes(b"x")
    source, settings = (
        FolderSource.open(folder),
        {"name_pattern": "{group}_{started_at:%Y%m%d}.wav"},
    )
    manifest = folder.parent / "calls.csv"
    manifest.write_text(HEADER, encoding="utf-8")
    found = source.night(
        manifest if has_manifest else None, Settings.model_validate({"source": settings})
    )
    (fault,) = (fault for fault in found.faults if fault.error.code == "file_name")
    assert fault.recording == "\\xb5\\xe7_20261001.wav"
    assert found.rows == ()


def test_one_id_over_what_cannot_be_read_is_quarantined(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(hashlib, "file_digest", refuse)
    heard, faults = night(folder, row("a.wav", "c"), row("b.wav", "c"))
    assert heard == []
    assert ("a.wav", "duplicate_call_id") in faults


def test_one_id_over_different_bytes_is_quarantined(folder: Path) -> None:
    heard, faults = night(folder, row("a.wav", "c"), row("b.wav", "c"), row("deep/c.mp3", "d"))
    assert heard == ["deep/c.mp3"]
    assert faults == [("a.wav", "duplicate_call_id"), ("b.wav", "duplicate_call_id")]


def test_one_id_over_the_same_bytes_is_one_call(folder: Path) -> None:
    (folder / "b.wav").write_bytes((folder / "a.wav").read_bytes())
    heard, faults = night(folder, row("a.wav", "c"), row("b.wav", "c"), row("deep/c.mp3"))
    assert (heard, faults) == (["a.wav", "deep/c.mp3"], [])


def test_transcripts_are_pulled_from_files_and_from_the_row(folder: Path) -> None:
    source = FolderSource.open(folder)
    manifest = folder.parent / "calls.csv"
    inline = '"agent: hello\ncustomer: hi"'
    manifest.write_text(HEADER + "\n".join((row("", "x", "notes.txt"), row("", "y", inline))))
    first, second = source.night(manifest, Settings()).rows
    assert source.pull(first).transcript == b"notes.txt"
    assert source.pull(first).recording is None
    assert source.pull(second).transcript == b"agent: hello\ncustomer: hi"


@pytest.mark.parametrize(
    ("transcript", "expected"),
    [
        ("calls/1.txt", False),
        ("agent: one line.txt", False),
        ("customer/1.txt", False),
        ("agent 0.0-3.2: 我的卡号是六二二二", True),
        ("客户：我姓王", True),
        ('{"words": []}', True),
        ("agent 0-1: a\ncustomer 1-2: b", True),
    ],
)
def test_inline_or_a_path(transcript: str, expected: bool) -> None:
    assert is_inline(transcript) is expected


def test_a_file_gone_since_listing_fails_its_call(folder: Path) -> None:
    source = FolderSource.open(folder)
    manifest = folder.parent / "calls.csv"
    manifest.write_text(HEADER + row("a.wav"))
    (only,) = source.night(manifest, Settings()).rows
    (folder / "a.wav").unlink()
    with pytest.raises(RecordingFailed) as failed:
        source.pull(only)
    assert failed.value.code == "file_absent"


# -- file names ---------------------------------------------------------------------------------


def by_names(
    folder: Path, pattern: str | None, **source: object
) -> tuple[list[ManifestRow], list[str]]:
    settings = Settings.model_validate({"source": {"name_pattern": pattern, **source}})
    found = FolderSource.open(folder).night(None, settings)
    return list(found.rows), [fault.error.code for fault in found.faults]


def test_facts_from_names(folder: Path) -> None:
    (folder / "orders").mkdir()
    (folder / "orders" / "E1_7_20261001T093000.wav").write_bytes(b"x")
    rows, codes = by_names(folder, "{group}/{agent_id}_{shop}_{started_at:%Y%m%dT%H%M%S}.wav")
    (only,) = rows
    assert codes == ["name_pattern"] * 3
    assert (only.recording, only.group, only.agent_id) == (
        "orders/E1_7_20261001T093000.wav",
        "orders",
        "E1",
    )
    assert only.metadata["shop"] == "7"
    assert only.started_at.isoformat() == "2026-10-01T09:30:00+08:00"


def test_defaults_fill_what_names_do_not_say(folder: Path) -> None:
    for path in folder.rglob("*.*"):
        path.unlink()
    (folder / "20261001093000.wav").write_bytes(b"x")
    pattern = "{started_at:%Y%m%d%H%M%S}.wav"
    rows, codes = by_names(folder, pattern, defaults={"agent_id": "?", "group": "g"})
    assert [r.group for r in rows] == ["g"]
    assert by_names(folder, pattern)[1] == ["missing_agent_id"]
    assert codes == []


def test_an_impossible_date_does_not_match() -> None:
    pattern = compile_pattern("{agent_id}_{started_at:%Y%m%d}.wav")
    assert pattern.facts("E1_20261001.wav") is not None
    assert pattern.facts("E1_20261301.wav") is None


@pytest.mark.parametrize(
    "pattern",
    ["{agent_id}.wav", "{started_at}.wav", "{a}{a}{started_at:%Y}", "{started_at:%B}.wav"],
)
def test_patterns_that_cannot_work_are_refused(pattern: str) -> None:
    with pytest.raises(WrongUse):
        compile_pattern(pattern)


def test_neither_manifest_nor_pattern(folder: Path) -> None:
    with pytest.raises(WrongUse) as refused:
        by_names(folder, None)
    assert "--manifest" in str(refused.value)


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(WrongUse):
        FolderSource.open(tmp_path / "none")
