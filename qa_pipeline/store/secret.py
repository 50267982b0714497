"""The redaction key: 32 random bytes a store, made once, readable by its owner alone."""

import os
import secrets
from pathlib import Path

from qa_pipeline.errors import WrongUse
from qa_pipeline.store.shards import sync_folder
from qa_pipeline.texts import Text

_N_BYTES = 32


def redaction_key(folder: Path, *, create: bool) -> bytes:
    """Return the store's key; with `create`, make it where there is none.

    Raises WrongUse where it is missing or damaged: tokens made under another key would no longer
    match those in the store.
    """
    path = folder / "redaction.key"
    if create and not path.exists():
        _make(path)
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        key = b""
    if len(key) != _N_BYTES:
        raise WrongUse(
            str(path),
            Text(
                en="the key that masked numbers were made with is missing or damaged",
                zh="用于号码脱敏的密钥缺失或已损坏",
            ),
            Text(
                en="restore redaction.key from your backup, or start a new store",
                zh="请从备份恢复 redaction.key，或新建存储目录",
            ),
            got=f"{len(key)} bytes",
        )
    return key


def _make(path: Path) -> None:
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, secrets.token_bytes(_N_BYTES))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    try:
        os.link(unfinished, path)  # unlike a rename, never replaces a key that stands there
    except FileExistsError:
        pass
    finally:
        unfinished.unlink()
    sync_folder(path.parent)
