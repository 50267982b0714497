"""A model hub of a few files on this machine: what fetching asks of one, and how it misbehaves."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

COMMIT = "0123456789abcdef0123456789abcdef01234567"
_LARGE = 100


@dataclass
class Hub:
    """Files by path; `asked` holds (path, Range) of each GET; `breaks_at`: bytes, then it hangs up.

    `status`: what every answer is, where it is not 200.
    """

    files: dict[str, bytes]
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    breaks_at: int | None = None
    status: int = 200
    endpoint: str = ""


def of_directory(directory: Path) -> Hub:
    """Return a hub that has the files of a directory."""
    paths = [path for path in directory.rglob("*") if path.is_file()]
    return Hub({p.relative_to(directory).as_posix(): p.read_bytes() for p in paths})


@contextmanager
def serving(hub: Hub) -> Iterator[Hub]:
    """Serve the hub on a free port of this machine; `endpoint` is its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if hub.status != 200:
                _answer(self, hub.status, b"{}")
            elif self.path.startswith("/api/models/"):
                _answer(self, 200, json.dumps(_facts(hub)).encode())
            else:
                _send(self, hub)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    hub.endpoint = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _facts(hub: Hub) -> dict[str, object]:
    siblings = []
    for name, content in hub.files.items():
        sibling: dict[str, object] = {"rfilename": name, "size": len(content)}
        if len(content) > _LARGE:
            sha256 = hashlib.sha256(content).hexdigest()
            sibling["lfs"] = {"size": len(content), "sha256": sha256, "pointerSize": 130}
        siblings.append(sibling)
    return {"id": "owner/model", "sha": COMMIT, "siblings": siblings}


def _send(request: BaseHTTPRequestHandler, hub: Hub) -> None:
    _, owner, name, resolve, revision, path = request.path.split("/", 5)
    asked = request.headers.get("Range")
    hub.asked.append((path, asked))
    if path not in hub.files or resolve != "resolve" or revision != COMMIT:
        _answer(request, 404, b"", {"X-Error-Code": "EntryNotFound"})
        return
    assert (owner, name) == ("owner", "model")
    content = hub.files[path]
    start = int(asked.removeprefix("bytes=").partition("-")[0]) if asked else 0
    headers = {"ETag": '"x"', "X-Repo-Commit": COMMIT}
    if asked:
        headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
    breaks_at = hub.breaks_at
    cut = len(content) if breaks_at is None or path != "model.bin" else max(start, breaks_at)
    _answer(request, 206 if asked else 200, content[start:cut], headers, len(content) - start)


def _answer(
    request: BaseHTTPRequestHandler,
    status: int,
    body: bytes,
    headers: dict[str, str] | None = None,
    length: int | None = None,
) -> None:
    request.send_response(status)
    for name, value in (headers or {}).items():
        request.send_header(name, value)
    request.send_header("Content-Length", str(len(body) if length is None else length))
    request.end_headers()
    request.wfile.write(body)
    if length is not None and length != len(body):
        request.close_connection = True
