"""A table's rows as they stand in CSV, JSONL or Parquet, each with its number.

The number is the line of a text file and the row of a Parquet, from 1.
"""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

from qa_pipeline.errors import WrongUse
from qa_pipeline.sources.rows import Record, RowRefused
from qa_pipeline.texts import Text

#: Characters of one CSV field, which may hold a transcript of hours (Python stops at 131,072).
_MAX_FIELD = 1 << 26


def read_records(path: Path) -> list[tuple[int, Record | RowRefused]]:
    """Return (number, record) of every row; a row that cannot be read is its refusal.

    Raises
    ------
    WrongUse
        The file cannot be read at all.
    """
    try:
        match path.suffix.lower():
            case ".csv" | ".tsv":
                return list(_csv_records(_text(path)))
            case ".jsonl" | ".ndjson":
                return list(_json_records(_text(path)))
            case ".parquet":
                return list(_parquet_records(path))
    except OSError as fault:
        what = Text(en="the manifest cannot be read", zh="清单文件无法读取")
        fix = Text(en="check the path", zh="请检查路径")
        raise WrongUse(str(path), what, fix, got=fault.strerror) from fault
    what = Text(en="a manifest is CSV, JSONL or Parquet", zh="清单须为 CSV、JSONL 或 Parquet")
    fix = Text(en="name it .csv, .jsonl or .parquet", zh="请使用 .csv、.jsonl 或 .parquet 扩展名")
    raise WrongUse(str(path), what, fix, got=path.suffix or "no suffix")


def _text(path: Path) -> str:
    """Decode UTF-8 (with or without BOM), else GB 18030, which Chinese spreadsheets write."""
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    what = Text(
        en="the manifest is neither UTF-8 nor GB 18030", zh="清单既不是 UTF-8 也不是 GB 18030 编码"
    )
    fix = Text(en="save it as UTF-8", zh="请另存为 UTF-8")
    raise WrongUse(str(path), what, fix)


def _csv_records(text: str) -> Iterator[tuple[int, Record | RowRefused]]:
    csv.field_size_limit(_MAX_FIELD)
    header = text.partition("\n")[0]
    delimiter = next((mark for mark in ",\t;" if mark in header), ",")
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            # the inner reader's number: the outer one's stays behind when a row is faulty
            yield reader.reader.line_num, _malformed(str(fault))
            continue
        if None in record or None in record.values():
            yield reader.line_num, _malformed(None)
        else:
            yield reader.line_num, {str(key).strip(): value for key, value in record.items()}


def _malformed(got: str | None) -> RowRefused:
    what = Text(en="the row has other columns than the header", zh="该行的列数与表头不一致")
    fix = Text(
        en="quote values that hold a separator or a line break", zh="含分隔符或换行的值请加引号"
    )
    return RowRefused("malformed_row", what, fix, got)


def _json_records(text: str) -> Iterator[tuple[int, Record | RowRefused]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            json.dumps(record, ensure_ascii=False).encode()  # half a surrogate pair is no text
        except (ValueError, RecursionError):  # ValueError: also numbers of thousands of digits
            record = None
        if isinstance(record, dict):
            yield number, record
        else:
            what = Text(en="the line is no JSON object", zh="该行不是 JSON 对象")
            fix = Text(en="write one JSON object a line", zh="每行写一个 JSON 对象")
            yield number, RowRefused("malformed_row", what, fix)


def _parquet_records(path: Path) -> Iterator[tuple[int, Record]]:
    import polars as pl

    try:
        table = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, pl.exceptions.ComputeError) as fault:
        what = Text(en="the manifest is no Parquet file", zh="清单不是有效的 Parquet 文件")
        fix = Text(en="write it again", zh="请重新生成")
        raise WrongUse(str(path), what, fix) from fault
    yield from enumerate(table.iter_rows(named=True), start=1)
