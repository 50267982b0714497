"""The masked copy that reviewers hear: nothing masked is audible, nothing stops a night."""

import io
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from qa_pipeline.audio.decode import ENGINE_RATE_HZ, Samples
from qa_pipeline.audio.playback import PEAKS_HZ, PEAKS_MAGIC, playback_of
from qa_pipeline.pipeline.copies import Copy, keep_copy
from qa_pipeline.pipeline.measure import Measured
from qa_pipeline.pipeline.night import Night, run_night
from qa_pipeline.settings import PlaybackSettings, Settings
from qa_pipeline.spans import Span
from qa_pipeline.store import Store
from qa_pipeline.store.playback import playback_path, remove_playback, write_playback
from qa_pipeline.store.work import PLAYBACK
from tests.night.scripted import made_night
from tests.pipeline.heard import channel, heard, words, write

QUIET = PlaybackSettings(mask="silence", mask_margin_s=0.0)


def tone(pitch_hz: float, seconds: float) -> Samples:
    at_s = np.arange(int(seconds * ENGINE_RATE_HZ), dtype=np.float32) / ENGINE_RATE_HZ
    return np.asarray(0.5 * np.sin(2 * np.pi * pitch_hz * at_s), dtype=np.float32)


def decoded(opus: bytes) -> tuple[Samples, int]:
    with av.open(io.BytesIO(opus)) as container:
        frames = [f.to_ndarray() for f in container.decode(audio=0)]
        rate_hz = int(container.streams.audio[0].rate or 0)
    return np.concatenate(frames, axis=1), rate_hz


def level(samples: Samples, rate_hz: int, start_s: float, end_s: float) -> float:
    part = samples[:, round(start_s * rate_hz) : round(end_s * rate_hz)]
    return float(np.sqrt(np.mean(part**2)))


def test_a_copy_keeps_both_lanes_and_their_length() -> None:
    made = playback_of((tone(300, 2), np.zeros(ENGINE_RATE_HZ, np.float32)), (), QUIET)
    samples, rate_hz = decoded(made.opus)
    assert samples.shape[0] == 2
    assert samples.shape[1] / rate_hz == pytest.approx(2.0, abs=0.05)
    assert level(samples[:1], rate_hz, 0.5, 1.5) == pytest.approx(0.35, rel=0.2)
    assert level(samples[1:], rate_hz, 0.5, 1.5) < 0.01


@pytest.mark.parametrize("n_channels", [1, 2])
def test_what_is_masked_is_silent_on_every_channel(n_channels: int) -> None:
    made = playback_of((tone(300, 4),) * n_channels, (Span(1.0, 2.0),), QUIET)
    samples, rate_hz = decoded(made.opus)
    assert level(samples, rate_hz, 1.05, 1.95) < 0.01
    assert level(samples, rate_hz, 0.2, 0.9) > 0.2
    assert level(samples, rate_hz, 2.1, 3.5) > 0.2


def test_a_tone_says_that_something_was_masked_and_its_margin_is_masked_too() -> None:
    settings = PlaybackSettings(mask_margin_s=0.5)
    samples, rate_hz = decoded(playback_of((tone(1500, 4),), (Span(1.5, 2.0),), settings).opus)
    part = samples[0, round(1.1 * rate_hz) : round(2.4 * rate_hz)]
    spectrum = np.abs(np.fft.rfft(part))
    pitch_hz = float(np.fft.rfftfreq(part.size, 1 / rate_hz)[spectrum.argmax()])
    assert pitch_hz == pytest.approx(440, abs=5)
    assert 0.01 < level(samples, rate_hz, 1.1, 2.4) < 0.1


@pytest.mark.parametrize(
    "span", [Span(0.0, 0.1), Span(1.9, 9.0), Span(5.0, 6.0)], ids=["start", "over-end", "beyond"]
)
def test_masks_at_the_edges_leave_the_length(span: Span) -> None:
    samples, rate_hz = decoded(playback_of((tone(300, 2),), (span,), PlaybackSettings()).opus)
    assert samples.shape[1] / rate_hz == pytest.approx(2.0, abs=0.05)


def test_peaks_follow_the_sound_and_show_nothing_of_what_is_masked() -> None:
    made = playback_of((tone(300, 2), 0.5 * tone(300, 2)), (Span(1.0, 1.5),), QUIET)
    assert made.peaks.startswith(PEAKS_MAGIC + b"\x02")
    assert int.from_bytes(made.peaks[6:8], "little") == PEAKS_HZ
    n_peaks = int.from_bytes(made.peaks[8:12], "little")
    lanes = np.frombuffer(made.peaks[12:], np.uint8).reshape(2, n_peaks)
    assert n_peaks == 2 * PEAKS_HZ
    assert int(lanes[0, 5]) == pytest.approx(127, abs=2)
    assert int(lanes[1, 5]) == pytest.approx(64, abs=2)
    assert not lanes[:, PEAKS_HZ + 1 : PEAKS_HZ + 9].any()


IDS = {
    "plain": ("call-7.b_C", "call-7.b_C.opus"),
    "climbs": ("../../etc/passwd", None),
    "root": ("/etc/passwd", None),
    "hidden": (".hidden", None),
    "dots": ("..", None),
    "zero": ("a\0b", None),
    "chinese": ("通话一", None),
    "long": ("x" * 255, None),
    "looks-hashed": ("=abc", None),
    "empty": ("", None),
}


@pytest.mark.parametrize(("call_id", "name"), IDS.values(), ids=IDS)
def test_no_id_leads_out_of_the_folder(call_id: str, name: str | None, tmp_path: Path) -> None:
    path = playback_path(tmp_path, "playback", call_id)
    assert path.parent == tmp_path / "playback"
    assert len(path.name.encode()) < 200
    assert path.name == name if name else path.name.startswith("=")


def test_different_ids_have_different_files(tmp_path: Path) -> None:
    paths = {playback_path(tmp_path, "peaks", call_id) for call_id, _ in IDS.values()}
    assert len(paths) == len(IDS)


def test_files_are_written_whole_and_removed_together(tmp_path: Path) -> None:
    write_playback(tmp_path, "c", b"old", b"old")
    write_playback(tmp_path, "c", b"new", b"new")
    assert playback_path(tmp_path, "playback", "c").read_bytes() == b"new"
    assert len(list((tmp_path / "playback").iterdir())) == 1
    remove_playback(tmp_path, "c")
    remove_playback(tmp_path, "c")
    assert not list((tmp_path / "playback").iterdir())
    assert not list((tmp_path / "peaks").iterdir())


@pytest.fixture
def measured(tmp_path: Path) -> Measured:
    left = channel(3.0, [(0.2, 1.0)], hz=150, seed=1)
    path = write(tmp_path / "call.wav", left, channel(3.0, [(1.5, 2.5)], hz=220, seed=9))
    return heard(path, words((0.2, 1.0, "您好。")), words((1.5, 2.5, "你好。")), agent_channel=0)


NO_COPY = {
    "turned-off": (PlaybackSettings(enabled=False), ()),
    "unclear-side": (PlaybackSettings(), ("unclear_customer",)),
}


@pytest.mark.parametrize(("settings", "notes"), NO_COPY.values(), ids=NO_COPY)
def test_no_copy_is_kept_where_none_may_be_heard(
    settings: PlaybackSettings, notes: tuple[str, ...], measured: Measured, tmp_path: Path
) -> None:
    assert keep_copy(tmp_path, measured, PlaybackSettings()).sha256
    assert playback_path(tmp_path, "playback", "c-1").is_file()
    unread = replace(measured, call=replace(measured.call, notes=notes))
    assert keep_copy(tmp_path, unread, settings) == Copy()
    assert not playback_path(tmp_path, "playback", "c-1").exists()


def test_unread_words_may_be_heard_where_the_settings_say_so(
    measured: Measured, tmp_path: Path
) -> None:
    unread = replace(measured, call=replace(measured.call, turns=None))
    assert keep_copy(tmp_path, unread, PlaybackSettings()) == Copy()
    assert keep_copy(tmp_path, unread, PlaybackSettings(unread=True)).sha256


def test_words_without_times_cannot_be_masked(measured: Measured, tmp_path: Path) -> None:
    untimed = replace(measured, call=replace(measured.call, timed=False))
    assert keep_copy(tmp_path, untimed, PlaybackSettings()) == Copy()


def playback_rows(store: Path) -> dict[str, str]:
    with Store.open(store) as opened:
        return {w.call_id: w.fingerprint for w in opened.ledger.current(PLAYBACK)}


def test_a_night_writes_copies_once_and_counts_them(tmp_path: Path) -> None:
    made = made_night(tmp_path, 2)
    report = run_night(made.night())
    assert (report.n_playback, report.n_playback_missed) == (2, 0)
    rows = playback_rows(made.root / "store")
    assert set(rows) == {"c00", "c01"}
    before = playback_path(made.root / "store", "playback", "c00").stat().st_mtime_ns
    assert run_night(made.night()).n_playback == 0
    assert playback_path(made.root / "store", "playback", "c00").stat().st_mtime_ns == before
    assert playback_rows(made.root / "store") == rows


def test_a_night_without_space_for_copies_does_not_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("qa_pipeline.pipeline.copies.write_playback", full)
    made = made_night(tmp_path, 2)
    report = run_night(made.night())
    assert (report.n_evaluated, report.n_playback, report.n_playback_missed) == (2, 0, 2)
    assert report.exit_code == 0
    assert playback_rows(made.root / "store") == {}


def test_a_night_that_writes_no_copies_removes_those_of_before(tmp_path: Path) -> None:
    made = made_night(tmp_path, 1)
    run_night(made.night())
    off = Settings(playback=PlaybackSettings(enabled=False))
    again: Night = replace(made.night(version="2"), settings=off)
    assert run_night(again).n_playback == 0
    assert playback_rows(made.root / "store") == {}
    assert not playback_path(made.root / "store", "playback", "c00").exists()


def test_an_imported_transcript_has_no_copy(tmp_path: Path) -> None:
    made = made_night(tmp_path, 0, more=[",talk.txt,t1,2026-10-31T10:00:00,A1,east,orders,zh,"])
    (made.root / "in" / "talk.txt").write_text("agent 0-3: 您好\ncustomer 4-5: 你好\n")
    report = run_night(made.night())
    assert (report.n_evaluated, report.n_playback, report.n_playback_missed) == (1, 0, 0)
    assert playback_rows(made.root / "store") == {}
