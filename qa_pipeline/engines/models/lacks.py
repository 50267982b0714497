"""What keeps a directory from being a model, one thing at a time."""

from dataclasses import dataclass
from pathlib import Path

from qa_pipeline.texts import Text

_POINTER = b"version https://git-lfs"


@dataclass(frozen=True, slots=True)
class Lack:
    """A file (or a key of one) that is missing or not what it must be."""

    file: str
    what: Text
    fix: Text
    got: str | None = None


def is_pointer(path: Path) -> bool:
    """Return whether a file holds Git LFS's note of where the weights are, not the weights."""
    with path.open("rb") as file:
        return file.read(len(_POINTER)) == _POINTER


def pointer(file: str) -> Lack:
    """Return the words for a Git LFS pointer that was carried over instead of the weights."""
    what = Text(
        en="Git LFS's note of the weights, not the weights", zh="这是 Git LFS 指针，而不是权重"
    )
    fix = Text(
        en="run `git lfs pull` where it was cloned, and bring the file again",
        zh="请在克隆处运行 `git lfs pull`，再拷贝该文件",
    )
    return Lack(file, what, fix)
