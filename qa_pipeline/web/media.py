"""What a call's page plays and draws: the masked copy by ranges, peaks, words, level and pitch."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from starlette.responses import JSONResponse, Response, StreamingResponse

from qa_pipeline.records import Turn
from qa_pipeline.store.playback import Kind, playback_path
from qa_pipeline.store.review import audit
from qa_pipeline.web.access import NotFound
from qa_pipeline.web.office import Case
from qa_pipeline.web.visit import Visit

_RANGE = re.compile(r"bytes=([0-9]{1,15})?-([0-9]{1,15})?")
_BLOCK: Final = 256 * 1024
#: A player asks for many ranges of one hearing: one audit row for those of this many seconds.
_PLAY_S: Final = 300


def audio(visit: Visit) -> Response:
    """Send the masked copy, or the range of it that is asked for; every play is told of."""
    case, path = _file(visit, "playback")
    n_bytes = path.stat().st_size
    asked = visit.request.headers.get("range")
    found = None if asked is None else parse_range(asked, n_bytes)
    headers = {"Accept-Ranges": "bytes", "Cache-Control": "private, no-store"}
    if asked is not None and found is None:
        headers["Content-Range"] = f"bytes */{n_bytes}"
        return Response(status_code=416, headers=headers)
    start, end = found or (0, n_bytes)
    if visit.office.plays.is_new((visit.who.user, case.call.call_id), _PLAY_S):
        audit.record(visit.office.database, visit.who.user, "played", f"call {case.call.call_id}")
    headers["Content-Length"] = str(end - start)
    if found is not None:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{n_bytes}"
    status = 200 if found is None else 206
    blocks = _blocks(path, start, end)
    return StreamingResponse(blocks, status, headers=headers, media_type="audio/ogg")


def parse_range(header: str, n_bytes: int) -> tuple[int, int] | None:
    """Return [start, end) of a single byte range, None where it asks for nothing there is.

    Source: RFC 9110, section 14.1.2.
    """
    match = _RANGE.fullmatch(header.strip())
    if match is None or match.groups() == (None, None):
        return None
    first, last = match.groups()
    if first is None:
        start, end = max(0, n_bytes - int(last)), n_bytes
    else:
        start = int(first)
        end = n_bytes if last is None else min(n_bytes, int(last) + 1)
    return (start, end) if start < end else None


def peaks(visit: Visit) -> Response:
    """Send the peaks file."""
    _, path = _file(visit, "peaks")
    return Response(path.read_bytes(), media_type="application/octet-stream")


def words(visit: Visit) -> Response:
    """Send each turn's words as [length in characters, start s, end s]."""
    call = _case(visit).call
    timed = call.turns is not None and call.timed
    return JSONResponse({"turns": [_places(turn) for turn in (call.turns or () if timed else ())]})


def _places(turn: Turn) -> list[list[float]]:
    """Return where the words stand in the turn's text, whose ends are stripped."""
    raw = "".join(word.text for word in turn.words)
    hidden = len(raw) - len(raw.lstrip())
    places: list[list[float]] = []
    for word in turn.words:
        shown = len(word.text) - min(hidden, len(word.text))
        hidden -= len(word.text) - shown
        places.append([shown, round(word.start_s, 2), round(word.end_s, 2)])
    return places


def tracks(visit: Visit) -> Response:
    """Send level (dBFS) and pitch (Hz) of each channel."""
    call = _case(visit).call
    return JSONResponse(
        {
            "tracks": [
                {
                    "kind": track.kind,
                    "role": track.role or "",
                    "hop": track.hop_s,
                    "values": [None if v is None else round(v) for v in track.values],
                }
                for track in call.tracks or ()
            ]
        }
    )


def _case(visit: Visit) -> Case:
    if visit.about.case is None:
        raise NotFound
    return visit.about.case


def _file(visit: Visit, kind: Kind) -> tuple[Case, Path]:
    case = _case(visit)
    path = playback_path(visit.office.store.path, kind, case.call.call_id)
    if not case.has_audio or not path.is_file():
        raise NotFound
    return case, path


def _blocks(path: Path, start: int, end: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        left = end - start
        while left > 0 and (block := file.read(min(_BLOCK, left))):
            left -= len(block)
            yield block
