"""A folder of recordings: what lies there, joined with the manifest, pulled safely.

A path from a manifest never leads out of the folder, neither by `..` nor by a link.
"""

import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from qa_pipeline.errors import RecordingFailed, WrongUse
from qa_pipeline.settings import Settings
from qa_pipeline.sources.manifest import Fault, Manifest, read_manifest, renamed
from qa_pipeline.sources.patterns import compile_pattern
from qa_pipeline.sources.rows import ManifestRow, RowRefused, row_of
from qa_pipeline.texts import Text

#: The code of a recording in the folder that the manifest does not name.
UNNAMED = "not_in_manifest"
_LONE_TURN = re.compile(r"\s*(agent|customer|客服|客户)[\s\d.:-]*[:：](?!.*\.(txt|json)$)", re.I)
#: What a folder may hold that is a recording, by suffix; other files beside them are ignored.
SUFFIXES = frozenset(
    {
        ".wav",
        ".wave",
        ".mp3",
        ".flac",
        ".ogg",
        ".oga",
        ".opus",
        ".m4a",
        ".mp4",
        ".aac",
        ".amr",
        ".awb",
        ".3gp",
        ".wma",
        ".webm",
        ".au",
        ".aiff",
        ".raw",
        ".pcm",
        ".al",
        ".ul",
        ".alaw",
        ".ulaw",
        ".sln",
        ".gsm",
        ".vox",
        ".g729",
    }
)


@dataclass(frozen=True, slots=True)
class Pulled:
    """A row's files at hand: the recording's local path, and the transcript's bytes."""

    recording: Path | None
    transcript: bytes | None


@dataclass(frozen=True, slots=True)
class FolderSource:
    """A folder of recordings (`root` is its real path)."""

    root: Path

    @staticmethod
    def open(root: Path) -> "FolderSource":
        """Return the source of an existing folder."""
        if not root.is_dir():
            what = Text(en="there is no such folder of recordings", zh="录音文件夹不存在")
            raise WrongUse(str(root), what, Text(en="check the path", zh="请检查路径"))
        return FolderSource(root.resolve())

    def night(self, manifest: Path | None, settings: Settings) -> Manifest:
        """Return the rows to hear and everything that cannot be heard, with reasons.

        Reported as faults: faulty rows, rows whose file is absent, recordings that no row names,
        and rows that share a call id over different bytes (all of them: nobody knows which is
        the call). A row that repeats another's call id and bytes is dropped.
        """
        read = self._by_names(settings) if manifest is None else read_manifest(manifest, settings)
        present, absent = self._split_by_presence(read.rows)
        unique, clashing = self._split_by_identity(present)
        strays = () if manifest is None else self._strays(read, manifest)
        return Manifest(tuple(unique), (*read.faults, *absent, *clashing, *strays))

    def pull(self, row: ManifestRow) -> Pulled:
        """Return the row's recording and transcript.

        Raises
        ------
        RecordingFailed
            A file is absent, or its path leads out of the source.
        """
        recording = None if row.recording is None else self._inside(row.recording)
        if row.transcript is None:
            return Pulled(recording, None)
        if is_inline(row.transcript):
            return Pulled(recording, row.transcript.encode())
        return Pulled(recording, self._inside(row.transcript).read_bytes())

    def recordings(self) -> Iterator[str]:
        """Yield the relative paths of files that look like recordings, sorted."""
        for folder, folders, files in os.walk(self.root):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(files):
                if Path(name).suffix.lower() in SUFFIXES and not name.startswith("."):
                    yield (Path(folder) / name).relative_to(self.root).as_posix()

    def _inside(self, relative: str) -> Path:
        try:
            path = (self.root / relative).resolve()
            is_inside = path.is_relative_to(self.root) and not Path(relative).is_absolute()
            is_file = is_inside and path.is_file()
        except (ValueError, OSError, RuntimeError):  # RuntimeError: links that lead in a circle
            is_inside, is_file = True, False
        if not is_inside:
            what = Text(en="the path leads out of the source", zh="路径越出了录音来源目录")
            fix = Text(en="write a path inside the source", zh="请写来源目录之内的相对路径")
            raise RecordingFailed(relative, what, fix, stage="pull", code="outside_source")
        if not is_file:
            what = Text(en="the manifest names a file that is not there", zh="清单所列文件不存在")
            fix = Text(en="bring the file, or correct its path", zh="请补齐文件或更正路径")
            raise RecordingFailed(relative, what, fix, stage="pull", code="file_absent")
        return path

    def _by_names(self, settings: Settings) -> Manifest:
        if settings.source.name_pattern is None:
            what = Text(en="neither a manifest nor a name pattern", zh="既没有清单也没有文件名模式")
            fix = Text(
                en="give --manifest, or set source.name_pattern",
                zh="请给出 --manifest，或设置 source.name_pattern",
            )
            raise WrongUse(str(self.root), what, fix)
        pattern = compile_pattern(settings.source.name_pattern)
        rows: list[ManifestRow] = []
        faults: list[Fault] = []
        for number, relative in enumerate(self.recordings(), start=1):
            if _readable_name(relative) != relative:
                faults.append(_misnamed(relative, number))
                continue
            facts = pattern.facts(relative)
            if facts is None:
                faults.append(_unmatched(relative, number))
                continue
            try:
                record = renamed(facts, settings.source) | {"recording": relative}
                rows.append(row_of(record, number, settings))
            except RowRefused as refused:
                error = RecordingFailed(
                    relative, refused.what, refused.fix, stage="manifest", code=refused.code
                )
                faults.append(Fault(number, None, relative, error))
        return Manifest(tuple(rows), tuple(faults))

    def _split_by_presence(
        self, rows: Iterable[ManifestRow]
    ) -> tuple[list[ManifestRow], list[Fault]]:
        present: list[ManifestRow] = []
        absent: list[Fault] = []
        for row in rows:
            try:
                self._check_files(row)
                present.append(row)
            except RecordingFailed as error:
                absent.append(Fault(row.number, row.call_id, row.recording or "", error))
        return present, absent

    def _check_files(self, row: ManifestRow) -> None:
        if row.recording is not None:
            self._inside(row.recording)
        if row.transcript is not None and not is_inline(row.transcript):
            self._inside(row.transcript)

    def _split_by_identity(
        self, rows: Iterable[ManifestRow]
    ) -> tuple[list[ManifestRow], list[Fault]]:
        by_id: dict[str, list[ManifestRow]] = defaultdict(list)
        unique: list[ManifestRow] = []
        for row in rows:
            if row.call_id is None:
                unique.append(row)
            else:
                by_id[row.call_id].append(row)
        clashing: list[Fault] = []
        for same in by_id.values():
            if len(same) == 1 or len({self._content(row) for row in same}) == 1:
                unique.append(same[0])
            else:
                clashing.extend(_quarantined(row) for row in same)
        return sorted(unique, key=lambda row: row.number), clashing

    def _content(self, row: ManifestRow) -> str:
        try:
            pulled = self.pull(row)
            digest = hashlib.sha256(pulled.transcript or b"")
            if pulled.recording is not None:
                with pulled.recording.open("rb") as file:
                    digest.update(hashlib.file_digest(file, "sha256").digest())
        except OSError:
            return f"unreadable: row {row.number}"  # like no other
        return digest.hexdigest()

    def _strays(self, read: Manifest, manifest: Path) -> Iterator[Fault]:
        named = {row.recording for row in read.rows} | {fault.recording for fault in read.faults}
        tidy = {Path(name).as_posix() for name in named if name}
        for relative in self.recordings():
            if _readable_name(relative) != relative:
                yield _misnamed(relative, None)
            elif relative not in tidy:
                what = Text(en="the manifest does not name this recording", zh="清单未包含该录音")
                fix = Text(en="add its row, or move it away", zh="请补上该行，或移走文件")
                error = RecordingFailed(
                    relative, what, fix, stage="manifest", code=UNNAMED, got=manifest.name
                )
                yield Fault(None, None, relative, error)


def is_inline(transcript: str) -> bool:
    """Return whether a transcript column holds the transcript itself rather than its path.

    A lone turn counts too: taken for a path, an error would quote what was said.
    """
    is_long = "\n" in transcript or len(transcript) > 1024
    return is_long or transcript.lstrip().startswith("{") or bool(_LONE_TURN.match(transcript))


def _readable_name(relative: str) -> str:
    """Return a file's name as text: bytes that are not UTF-8 as `\\xb5`."""
    return relative.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _misnamed(relative: str, number: int | None) -> Fault:
    what = Text(en="the file's name is not UTF-8", zh="文件名不是 UTF-8 编码")
    fix = Text(
        en="rename the file (convmv -f gbk -t utf8 does it for a folder)",
        zh="请重命名文件（convmv -f gbk -t utf8 可批量转换）",
    )
    name = _readable_name(relative)
    error = RecordingFailed(name, what, fix, stage="manifest", code="file_name")
    return Fault(number, None, name, error)


def _unmatched(relative: str, number: int) -> Fault:
    what = Text(
        en="the file's name does not match source.name_pattern",
        zh="文件名不符合 source.name_pattern",
    )
    fix = Text(en="rename the file or correct the pattern", zh="请重命名文件或修改模式")
    error = RecordingFailed(relative, what, fix, stage="manifest", code="name_pattern")
    return Fault(number, None, relative, error)


def _quarantined(row: ManifestRow) -> Fault:
    what = Text(en="another recording has the same call_id", zh="另有录音使用相同的 call_id")
    fix = Text(en="give each call its own call_id", zh="请为每通电话分配唯一的 call_id")
    where = row.recording or f"row {row.number}"
    error = RecordingFailed(
        where, what, fix, stage="manifest", code="duplicate_call_id", got=row.call_id
    )
    return Fault(row.number, row.call_id, row.recording or "", error)
