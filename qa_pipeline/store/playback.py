"""Where a call's playback copy and peaks lie: written whole, and no id leads elsewhere."""

import hashlib
import os
import re
import secrets
from pathlib import Path
from typing import Final, Literal

from qa_pipeline.store.shards import sync_folder

Kind = Literal["playback", "peaks"]

_SUFFIXES: Final[dict[Kind, str]] = {"playback": ".opus", "peaks": ".peaks"}
_PLAIN = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,119}")


def playback_path(folder: Path, kind: Kind, call_id: str) -> Path:
    """Return the file of a call in the store at `folder`.

    An id of letters, digits, `.`, `_` and `-` names its file; any other stands for itself as
    `=SHA-256`, a name that no plain id has.
    """
    plain = _PLAIN.fullmatch(call_id) is not None
    name = call_id if plain else "=" + hashlib.sha256(call_id.encode()).hexdigest()
    return folder / kind / f"{name}{_SUFFIXES[kind]}"


def write_playback(folder: Path, call_id: str, opus: bytes, peaks: bytes) -> str:
    """Write both files whole and return the copy's SHA-256.

    Raises OSError where there is no space; nothing half-written is left.
    """
    _write_whole(playback_path(folder, "peaks", call_id), peaks)
    _write_whole(playback_path(folder, "playback", call_id), opus)
    return hashlib.sha256(opus).hexdigest()


def remove_playback(folder: Path, call_id: str) -> None:
    """Remove what there is: a copy that was masked by older words must not be heard any more."""
    for kind in _SUFFIXES:
        playback_path(folder, kind, call_id).unlink(missing_ok=True)


def _write_whole(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    unfinished = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)
    sync_folder(path.parent)
