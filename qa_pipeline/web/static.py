"""Our scripts and styles, and those of others that ship with us: read once, served from memory.

So that no request is ever turned into a path.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response

_KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file to be served; `mark` changes with its content."""

    content: bytes
    kind: str
    mark: str


@cache
def shelf() -> Mapping[str, StaticFile]:
    """Return what is served, by name."""
    found: dict[str, StaticFile] = {}
    root = files("qa_pipeline.web") / "static"
    for folder, prefix in ((root, ""), (root / "vendor", "vendor/")):
        for file in folder.iterdir():
            kind = _KINDS.get("." + file.name.rpartition(".")[2])
            if kind is not None and file.is_file():
                content = file.read_bytes()
                mark = hashlib.sha256(content).hexdigest()[:12]
                found[prefix + file.name] = StaticFile(content, kind, mark)
    return found


@cache
def whole_mark() -> str:
    """Return what changes when any file does: modules import one another by plain names."""
    marks = "".join(file.mark for _, file in sorted(shelf().items()))
    return hashlib.sha256(marks.encode()).hexdigest()[:12]


def address_of(name: str) -> str:
    """Return where a file is served; another address when it changes. Raises KeyError."""
    shelf()[name]
    return f"/static/{whole_mark()}/{name}"


async def serve(request: Request) -> Response:
    """Answer a request for one of our files."""
    file = shelf().get(request.path_params["name"])
    if file is None or request.path_params["mark"] != whole_mark():
        return Response(status_code=404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(file.content, media_type=f"{file.kind}; charset=utf-8", headers=headers)
