"""The scripts of the demo's last night: 24 made-up dialogues that somebody has to speak.

A script is a dialogue in the project's own notation (`role: text`, `# key: value` metadata), so
`qa try` reads it too. Lines `#! word ...` are stage directions for the synthesiser and notes for
the tests; to every other reader they are comments:

- `#! pause 12`: 12 s of silence before the next turn;
- `#! overlap 1.5`: the next turn starts 1.5 s before the turn above it ends;
- `#! agent_on 1`: the agent's channel where the manifest must not tell it;
- `#! planted fault ...`: the faults that were written into the dialogue on purpose.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

DIALOGUES_DIR = Path(__file__).parent / "dialogues"
RECORDINGS_DIR = Path(__file__).parent / "recordings"

#: Metadata that describes the file and not the call: left out of the manifest.
_FILE_KEYS = frozenset({"channels"})
_TURN = re.compile(r"(agent|customer): (.+)")
_METADATA = re.compile(r"# ([a-z_]+): (.+)")
_DIRECTION = re.compile(r"#! ([a-z_]+) (.+)")


@dataclass(frozen=True, slots=True)
class Line:
    """One turn to speak. `gap_s` after the turn above: None as usual, negative to overlap it."""

    role: Literal["agent", "customer"]
    text: str
    gap_s: float | None


@dataclass(frozen=True, slots=True)
class Script:
    """A dialogue with what its recording must be. `agent_channel` is where the agent speaks."""

    manifest: Mapping[str, str]
    n_channels: int
    agent_channel: int
    planted: frozenset[str]
    lines: tuple[Line, ...]

    @property
    def call_id(self) -> str:
        """The call's id, which is also the script's file name."""
        return self.manifest["call_id"]


def parse_script(text: str) -> Script:
    """Read one script; a line that is nothing known raises `ValueError`."""
    metadata: dict[str, str] = {}
    directions: dict[str, str] = {}
    lines: list[Line] = []
    for line in text.splitlines():
        if turn := _TURN.fullmatch(line):
            role: Literal["agent", "customer"] = "agent" if turn[1] == "agent" else "customer"
            lines.append(Line(role, turn[2], _gap_s(directions)))
        elif direction := _DIRECTION.fullmatch(line):
            directions[direction[1]] = direction[2]
        elif pair := _METADATA.fullmatch(line):
            metadata[pair[1]] = pair[2]
        elif line and not line.startswith("# "):
            raise ValueError(f"no line of a script: {line!r}")
    return Script(
        manifest=MappingProxyType({k: v for k, v in metadata.items() if k not in _FILE_KEYS}),
        n_channels=int(metadata["channels"]),
        agent_channel=int(metadata.get("agent_channel", directions.get("agent_on", "0"))),
        planted=frozenset(directions.get("planted", "").split()),
        lines=tuple(lines),
    )


def _gap_s(directions: dict[str, str]) -> float | None:
    """Take the direction that times the next turn, if one stands above it."""
    if (pause_s := directions.pop("pause", None)) is not None:
        return float(pause_s)
    if (overlap_s := directions.pop("overlap", None)) is not None:
        return -float(overlap_s)
    return None


@cache
def last_night() -> tuple[Script, ...]:
    """Return the scripts of the last night, in order of call id."""
    files = sorted(DIALOGUES_DIR.glob("*.txt"))
    return tuple(parse_script(file.read_text(encoding="utf-8")) for file in files)
