"""Reads a sampling plan and the lists that it names: from bytes, or to every fault in its place."""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Final

from qa_pipeline.documents import Document, Fault, nearest, read_leniently, refusal, shaped
from qa_pipeline.documents.form import MAX_BYTES
from qa_pipeline.errors import WrongUse
from qa_pipeline.sampling.plan import BackCheck, SamplingPlan
from qa_pipeline.sampling.targets import BackCheckList
from qa_pipeline.settings import SCORECARDS_DIR
from qa_pipeline.texts import Text

SHIPPED_PLAN: Final = SCORECARDS_DIR / "sampling.yaml"
#: What a list of ids may weigh; one of a million ids weighs less.
_MAX_LIST_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class LoadedPlan:
    """A plan as read. `sha256` is of the file's bytes and of its lists', in the plan's order."""

    plan: SamplingPlan
    sha256: str
    where: str
    lists: tuple[BackCheckList, ...]
    strata_at: tuple[str, ...]


def load_plan(path: Path) -> LoadedPlan:
    """Read and check a plan; lists lie beside it, or where their path leads from there.

    Raises
    ------
    WrongUse
        The file cannot be read.
    DocumentRefused
        With every fault, in order of place.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise WrongUse(
            str(path),
            Text(en="the sampling plan cannot be read", zh="无法读取抽样方案"),
            Text(
                en="check the path, or name the plan: --plan scorecards/sampling.yaml",
                zh="请检查路径，或指定方案：--plan scorecards/sampling.yaml",
            ),
            got=error.strerror,
        ) from error
    return read_plan(raw, str(path), path.parent)


def read_plan(raw: bytes, where: str, folder: Path) -> LoadedPlan:
    """Check a plan's bytes; raises DocumentRefused with every fault, in order of place."""
    document = read_leniently(raw, where)
    plan, faults = shaped(document, SamplingPlan)
    if plan is None or faults:
        raise refusal(faults)
    digest = hashlib.sha256(raw)
    lists: list[BackCheckList] = []
    wrong: list[Fault] = []
    for i, check in enumerate(plan.back_checks):
        try:
            listed = (folder / check.list).read_bytes()
            digest.update(hashlib.sha256(listed).digest())
            lists.append(BackCheckList(check.id, check.match, _values(listed, check)))
        except (OSError, _ListRefused) as error:
            wrong.append(_list_fault(document, i, check, error))
    if wrong:
        raise refusal(wrong)
    return LoadedPlan(plan, digest.hexdigest(), where, tuple(lists), tuple(_strata_at(document)))


class _ListRefused(Exception):
    """A list is not what it must be."""

    def __init__(self, key: str, what: Text, fix: Text, got: object) -> None:
        super().__init__(key)
        self.key, self.what, self.fix, self.got = key, what, fix, got


def _values(raw: bytes, check: BackCheck) -> tuple[str, ...]:
    """Return the values of the list's column, each once, in order, without blanks.

    A spreadsheet in China saves CSV as GB 18030 where it is not told UTF-8.
    """
    if len(raw) > _MAX_LIST_BYTES:
        what = Text(en="the list is larger than 50 MB", zh="名单超过 50 MB")
        fix = Text(en="look whether it is the right file", zh="请确认是否选错了文件")
        raise _ListRefused("list", what, fix, check.list)
    rows = csv.DictReader(StringIO(_decoded(raw, check), newline=""))
    try:
        names = [name.strip() for name in rows.fieldnames or () if name]
        if check.column not in names:
            what = Text(en="the list has no such column", zh="名单中没有该列")
            raise _ListRefused("column", what, nearest(check.column, names), check.column)
        rows.fieldnames = [name.strip() for name in rows.fieldnames or ()]
        values = [(row[check.column] or "").strip() for row in rows]
    except csv.Error:
        what = Text(en="the list is not CSV", zh="名单不是 CSV 文件")
        fix = Text(en="save it as CSV with a line of column names", zh="请另存为带列名的 CSV")
        raise _ListRefused("list", what, fix, check.list) from None
    return tuple(dict.fromkeys(value for value in values if value))


def _decoded(raw: bytes, check: BackCheck) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    what = Text(en="the list is neither UTF-8 nor GB 18030", zh="名单既不是 UTF-8 也不是 GB 18030")
    fix = Text(en="save it as CSV in UTF-8", zh="请另存为 UTF-8 编码的 CSV")
    raise _ListRefused("list", what, fix, check.list)


def _list_fault(
    document: Document, i: int, check: BackCheck, error: OSError | _ListRefused
) -> Fault:
    rule = document.find(("back_checks", i)).value
    if isinstance(error, OSError):
        what = Text(en="the list cannot be read", zh="无法读取名单")
        fix = Text(
            en="write its path as seen from the plan's folder, and check its permissions",
            zh="请填写相对于方案所在目录的路径，并检查权限",
        )
        return document.fault(document.place(("back_checks", i, "list")), what, fix, got=check.list)
    key = error.key if error.key in rule else "list"
    place = document.place(("back_checks", i, key))
    return document.fault(place, error.what, error.fix, got=error.got)


def _strata_at(document: Document) -> Iterator[str]:
    for i in range(len(document.data["strata"])):
        place = document.place(("strata", i))
        yield f"{document.where}:{place.line}:{place.column}"
