"""Brings a ledger to this version's schema, and refuses one made by a newer version."""

from importlib.resources import as_file, files
from typing import Final

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from qa_pipeline.errors import WrongUse
from qa_pipeline.store.database import Database, unreachable
from qa_pipeline.texts import Text

#: The newest migration in `migrations/versions`; a test keeps it so. Known here so that opening
#: a ledger that is up to date needs no Alembic.
HEAD: Final = "0004"


def ensure_current(database: Database) -> None:
    """Create the tables or run the migrations that this ledger has not seen yet.

    Raises WrongUse where a newer version of the program made the ledger.
    """
    try:
        if revision_of(database) != HEAD:
            _upgrade(database)
    except OperationalError as error:
        raise unreachable(database.where, error) from error


def revision_of(database: Database) -> str | None:
    """Return the ledger's schema revision, None for an empty database."""
    with database.reading() as connection:
        return _seen_by(connection)


def _seen_by(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _upgrade(database: Database) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    with as_file(files("qa_pipeline.store") / "migrations") as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        with database.writing() as connection:
            revision = _seen_by(connection)
            if revision is not None and revision not in known:
                raise _too_new(database.where, revision)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _too_new(where: str, revision: str) -> WrongUse:
    return WrongUse(
        where,
        Text(
            en=f"a newer version of qa-pipeline made this ledger; this one knows schema {HEAD}",
            zh=f"该台账由更新版本的 qa-pipeline 创建；本版本只认识结构 {HEAD}",
        ),
        Text(
            en="install the newer version (pip install -U qa-pipeline), or use another store",
            zh="安装更新的版本（pip install -U qa-pipeline），或改用其他存储目录",
        ),
        got=revision,
    )
