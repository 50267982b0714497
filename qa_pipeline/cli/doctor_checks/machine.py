"""The machine itself: Python, SQLite, fonts, the disk, the terminal."""

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

from qa_pipeline.cli.doctor_checks.check import Check
from qa_pipeline.texts import Text

_GIB = 1 << 30
#: Source: SQLite release notes, "WAL-reset bug", 3.7.0 to 3.51.2.
_WAL_BUG = ((3, 7, 0), (3, 51, 2))


def python() -> Check:
    """Look whether Python is one that the project runs on."""
    got = ".".join(str(part) for part in sys.version_info[:3])
    if (3, 11) <= sys.version_info[:2] < (3, 13):
        return Check("python", "ok", got)
    remedy = Text(en="use Python 3.11 or 3.12", zh="请使用 Python 3.11 或 3.12")
    return Check("python", "fail", got, remedy)


def sqlite() -> Check:
    """Look whether SQLite has the bug that loses commits."""
    got = sqlite3.sqlite_version
    if _WAL_BUG[0] <= sqlite3.sqlite_version_info <= _WAL_BUG[1]:
        remedy = Text(
            en="this version can lose a commit when two processes write (WAL-reset bug, fixed in "
            "3.51.3); the store writes from one process, keep other writers away from its database",
            zh="该版本在两个进程同时写入时可能丢失提交（WAL 重置缺陷，3.51.3 修复）；本系统只用"
            "一个进程写入，请勿让其他程序写同一数据库",
        )
        return Check("sqlite", "warn", got, remedy)
    return Check("sqlite", "ok", got)


def fonts() -> Check:
    """Look for a font with Chinese characters, for pictures of reports."""
    lister = shutil.which("fc-list")
    if lister is None:
        remedy = Text(
            en="fc-list is missing, so fonts could not be looked up: apt-get install fontconfig",
            zh="缺少 fc-list，无法检查字体：apt-get install fontconfig",
        )
        return Check("chinese fonts", "warn", "-", remedy)
    listed = subprocess.run(
        [lister, ":lang=zh", "family"], capture_output=True, text=True, timeout=20, check=False
    ).stdout.splitlines()
    families = sorted({line.split(",")[0].strip() for line in listed if line.strip()})
    if families:
        return Check("chinese fonts", "ok", ", ".join(families[:3]))
    remedy = Text(
        en="Chinese shows as boxes in pictures of reports: apt-get install fonts-noto-cjk",
        zh="报告图片中的中文会显示为方框：apt-get install fonts-noto-cjk",
    )
    return Check("chinese fonts", "warn", "-", remedy)


def disk() -> Check:
    """Look whether a night fits on the disk."""
    free = shutil.disk_usage(Path.cwd()).free
    got = f"{free / _GIB:.1f} GiB"
    remedy = Text(en="free some space before the night", zh="请在夜间任务前清理磁盘空间")
    if free < _GIB:
        return Check("free disk", "fail", got, remedy)
    return (
        Check("free disk", "warn", got, remedy)
        if free < 5 * _GIB
        else Check("free disk", "ok", got)
    )


def terminal() -> Check:
    """Look whether the terminal shows Chinese."""
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    if encoding == "utf8":
        return Check("terminal", "ok", "UTF-8")
    remedy = Text(en="set LANG=C.UTF-8", zh="请设置 LANG=C.UTF-8")
    return Check("terminal", "warn", encoding or "-", remedy)
