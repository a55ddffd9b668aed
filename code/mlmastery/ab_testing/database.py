"""Tables of experiments, exposures and conversions, in SQLite or PostgreSQL.

>>> from mlmastery.ab_testing.database import open_database
>>> open_database("sqlite://").dialect.name
'sqlite'
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

__all__ = [
    "conversions",
    "experiments",
    "exposures",
    "insert_once",
    "open_database",
    "refusals",
]

metadata = sa.MetaData()

experiments = sa.Table(
    "experiments",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("definition", sa.Text, nullable=False),  # JSON
)

# The primary keys are what makes a second delivery of the same event harmless.
exposures = sa.Table(
    "exposures",
    metadata,
    sa.Column("experiment", sa.Text, primary_key=True),
    sa.Column("unit", sa.Text, primary_key=True),
    sa.Column("arm", sa.Text, nullable=False),
    sa.Column("at", sa.Double, nullable=False),  # seconds since 1970
    sa.Column("skewed", sa.Boolean, nullable=False),
)

conversions = sa.Table(
    "conversions",
    metadata,
    sa.Column("experiment", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("value", sa.Double, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
    sa.Column("skewed", sa.Boolean, nullable=False),
    sa.Index("conversions_of_unit", "experiment", "unit"),
)

refusals = sa.Table(
    "refusals",
    metadata,
    sa.Column("experiment", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),  # "exposure" or "conversion"
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("claim", sa.Text, primary_key=True),
)


def open_database(url: str) -> sa.Engine:
    """Return an engine whose tables exist.

    Parameters
    ----------
    url : str
        Of SQLAlchemy: ``sqlite://`` in memory, ``sqlite:///events.db`` in a file,
        ``postgresql+psycopg://user:password@host/database``.

    Raises
    ------
    ValueError
        If the URL is not one of these two databases.
    sqlalchemy.exc.OperationalError
        If the database does not answer.
    """
    try:
        dialect = sa.make_url(url).get_backend_name()
    except sa.exc.ArgumentError:
        dialect = ""
    if dialect == "sqlite":
        engine = _sqlite(url)
    elif dialect == "postgresql":
        engine = sa.create_engine(url, pool_size=10, max_overflow=0)
    else:
        raise ValueError(f"url must be of SQLite or PostgreSQL, got {dialect or url!r}")
    _create_tables(engine)
    return engine


def _sqlite(url: str) -> sa.Engine:
    # SQLite has one writer: threads wait for the one connection in turn, instead of
    # finding the file locked. In memory, the connection is the database.
    engine = sa.create_engine(
        url,
        poolclass=sa.pool.QueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=60,
        connect_args={"check_same_thread": False, "timeout": 60},
    )
    sa.event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: Any, _: Any) -> None:
    """Let readers go on while one writes; a killed process then loses no commit."""
    connection.execute("PRAGMA journal_mode = WAL").close()
    connection.execute("PRAGMA synchronous = NORMAL").close()


def _create_tables(engine: sa.Engine) -> None:
    """Create what is missing; two servers may start at the same moment."""
    try:
        metadata.create_all(engine)
    except (sa.exc.IntegrityError, sa.exc.OperationalError, sa.exc.ProgrammingError):
        metadata.create_all(engine)  # the other was faster


def insert_once(
    connection: sa.Connection, table: sa.Table, values: dict[str, Any]
) -> bool:
    """Insert a row unless its primary key is there; return whether it was new.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    table : sqlalchemy.Table
    values : dict
        Of all columns.
    """
    statement = _insert_statement(table, connection.dialect.name)
    return connection.scalar(statement, values) is not None


@lru_cache  # to put a statement together takes longer than to execute it
def _insert_statement(table: sa.Table, dialect: str) -> sa.Executable:
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[dialect]
    # A row comes back where one went in; drivers disagree about counts of rows.
    return insert(table).on_conflict_do_nothing().returning(sa.literal(1))
