"""The ledger: which work is done, which files count, what people decided.

Every write is one transaction. A recording's shard files count from the moment that the
transaction naming them, which also marks its calls done, is committed.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import sqlalchemy as sa

from qa_pipeline.store.database import Database, connect
from qa_pipeline.store.level_rows import Levels
from qa_pipeline.store.migrate import ensure_current
from qa_pipeline.store.needs import Needs
from qa_pipeline.store.people import People
from qa_pipeline.store.work import Work


class Ledger(Work, People, Levels, Needs):
    """The SQL side of a store."""

    @property
    def database(self) -> Database:
        """The database itself, for what people do at the review page (`store.review`)."""
        return self._db

    @classmethod
    def open(cls, folder: Path, database_url: str | None = None) -> "Ledger":
        """Open the ledger of the store in `folder`, made or migrated as needed.

        Raises WrongUse for a database that a newer version made, QaError where none answers.
        """
        database = connect(folder, database_url)
        ensure_current(database)
        return cls(database)

    def columns(
        self, query: sa.Select[Any], schema: Mapping[str, type[pl.DataType]]
    ) -> pl.DataFrame:
        """Return the rows of a query as columns; see `store.columns`."""
        with self._db.reading() as connection:
            rows = connection.execute(query).all()
        return pl.DataFrame(list(map(tuple, rows)), schema=dict(schema), orient="row")
