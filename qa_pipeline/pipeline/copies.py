"""The masked copy of a call that reviewers hear: whether there may be one, and writing it.

A copy is a convenience beside the facts: where it cannot be written, the night goes on without it.
"""

from dataclasses import dataclass
from pathlib import Path

from qa_pipeline.pipeline.measure import Measured
from qa_pipeline.records import Call
from qa_pipeline.settings import PlaybackSettings
from qa_pipeline.store.playback import remove_playback, write_playback


@dataclass(frozen=True, slots=True)
class Copy:
    """What came of a call's copy: its SHA-256 where there is one; `missed` where writing failed."""

    sha256: str | None = None
    missed: bool = False


def keep_copy(folder: Path, measured: Measured, settings: PlaybackSettings) -> Copy:
    """Write the masked copy and the peaks of a call that was just heard.

    None where there is no audio, where it is turned off, or where numbers may have been said that
    nobody could mask. An older copy does not outlive that.
    """
    call_id = measured.call.call_id
    may_be_heard = settings.unread or is_read(measured.call)
    if not (settings.enabled and measured.channels and may_be_heard):
        remove_playback(folder, call_id)
        return Copy()
    import av

    from qa_pipeline.audio.playback import playback_of

    try:
        made = playback_of(measured.channels, measured.masked, settings)
        return Copy(write_playback(folder, call_id, made.opus, made.peaks))
    except (OSError, av.FFmpegError):
        remove_playback(folder, call_id)
        return Copy(missed=True)


def is_read(call: Call) -> bool:
    """Return whether every side's words are known with their times: else numbers go unmasked."""
    return call.turns is not None and call.timed and not call.unclear
