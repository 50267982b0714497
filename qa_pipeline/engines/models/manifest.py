"""`manifest.yaml` of a model directory: what the model is, where it comes from, each file's hash.

A manifest may lie in a directory whose weights are not there yet: it then says what to bring.
"""

import re
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from ruamel.yaml import YAML

from qa_pipeline.documents import fault, read_document, validated
from qa_pipeline.texts import Text

MANIFEST = "manifest.yaml"
Task = Literal["asr", "diarisation"]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Line = Annotated[str, Field(min_length=1)]
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")


class Purpose(BaseModel):
    """What a model is for, in both languages."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    zh: Line
    en: Line


class Windows(BaseModel):
    """What speech a recogniser hears best together; the defaults suit Whisper (30 s)."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    join_gap_s: Annotated[float, Field(ge=0)] = 1.0
    max_window_s: Annotated[float, Field(gt=1, le=30)] = 30.0


class ModelManifest(BaseModel):
    """What `manifest.yaml` says.

    `source` is a hub's repository (`OWNER/NAME`) or says in words where the model was made;
    `revision` is the hub's commit, or the model's own number, and may be absent where nobody has
    pinned it yet. `files` and `sizes` (bytes) name the same files, relative to the directory.
    `languages` is empty where the model does not depend on one. `demo`: synthetic voices only.
    `windows` is for a recogniser that was not trained as Whisper was.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    task: Task
    source: Line
    licence: Line
    purpose: Purpose
    revision: str = ""
    languages: Annotated[tuple[str, ...], Field(strict=False)] = ()
    demo: bool = False
    windows: Windows = Windows()
    files: dict[str, Sha256] = Field(default_factory=dict)
    sizes: dict[str, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)

    @field_validator("files", "sizes")
    @classmethod
    def _inside(cls, files: dict[str, object]) -> dict[str, object]:
        for name in files:
            path = PurePosixPath(name)
            if not name or path.is_absolute() or ".." in path.parts or "\\" in name:
                what = Text(en="a file outside the model's directory", zh="文件不在模型目录之内")
                fix = Text(en="write a path relative to the directory", zh="请写相对于该目录的路径")
                raise fault(what, fix, got=name)
        return files

    @model_validator(mode="after")
    def _same_files(self) -> Self:
        if self.files.keys() != self.sizes.keys():
            what = Text(en="files and sizes do not name the same files", zh="files 与 sizes 不一致")
            fix = Text(
                en="give each file its sha256 and its size in bytes",
                zh="请为每个文件同时写出 sha256 和字节数",
            )
            got = ", ".join(sorted(self.files.keys() ^ self.sizes.keys()))
            raise fault(what, fix, at="sizes", got=got)
        return self

    @property
    def hub_id(self) -> str | None:
        """The repository on a hub, None where the model comes from none."""
        return self.source if _HUB_ID.fullmatch(self.source) and not self.demo else None

    @property
    def label(self) -> str:
        """Name and revision, a commit by its first twelve digits."""
        return f"{self.name} {self.revision[:12]}".strip()


def read_manifest(directory: Path) -> ModelManifest | None:
    """Return the directory's manifest, None where it has none.

    Raises
    ------
    DocumentRefused
        With every fault of the file.
    """
    path = directory / MANIFEST
    if not path.is_file():
        return None
    return validated(read_document(path.read_bytes(), str(path)), ModelManifest)


def write_manifest(directory: Path, manifest: ModelManifest, comment: str) -> None:
    """Write the directory's manifest below one line of comment."""
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 100
    usual = {"windows"} if manifest.windows == Windows() else set()
    with (directory / MANIFEST).open("w", encoding="utf-8") as file:
        file.write(f"# {comment}\n")
        yaml.dump(manifest.model_dump(mode="json", exclude=usual), file)


def undescribed(name: str, task: Task) -> ModelManifest:
    """Return what is known of a directory without a manifest: its name and what it does."""
    return ModelManifest(
        name=re.sub(r"[^A-Za-z0-9._-]+", "-", name).lstrip("._-") or "unnamed",
        task=task,
        source="a local directory without a manifest",
        licence="not stated",
        purpose=Purpose(zh="没有清单，用途未说明", en="no manifest says"),
    )
