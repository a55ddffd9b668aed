"""Keep ratings that arrive, each once, in a database that outlives the process.

>>> store = RatingStore("sqlite://")
>>> [store.add("click-1", 5, 7, 4.0) for _ in range(2)]
['stored', 'duplicate']
>>> store.ratings()
[(5, 7, 4.0)]
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from mlmastery.validation import check_number

__all__ = ["RatingStore"]

metadata = sa.MetaData()
table = sa.Table(
    "ratings",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),  # counts up: the order of arrival
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("user_id", sa.Integer, nullable=False),
    sa.Column("movie_id", sa.Integer, nullable=False),
    sa.Column("rating", sa.Double, nullable=False),
)


class RatingStore:
    """Ratings in the order of their arrival.

    A rating has a key that its client chooses: sent again after a timeout, it is a
    duplicate, also when the user has since rated the film anew.

    Parameters
    ----------
    url : str, default="sqlite://"
        Of SQLite: ``sqlite:///ratings.db`` is a file; the default is lost when the
        process ends.

    Raises
    ------
    ValueError
        If the URL is not of SQLite.
    """

    def __init__(self, url: str = "sqlite://") -> None:
        if not url.startswith("sqlite://"):
            raise ValueError(f"url must be of SQLite, got {url!r}")
        # SQLite has one writer: threads wait for the one connection in turn.
        self.engine = sa.create_engine(
            url,
            poolclass=sa.pool.QueuePool,
            pool_size=1,
            max_overflow=0,
            connect_args={"check_same_thread": False, "timeout": 60},
        )
        sa.event.listen(self.engine, "connect", _flush_every_commit)
        metadata.create_all(self.engine)

    def add(self, key: str, user: int, movie: int, rating: float) -> str:
        """Keep a rating; once this returns, it is on the disk.

        Parameters
        ----------
        key : str
            1 to 200 printable characters, another for each rating.
        user, movie : int
        rating : float
            Stars.

        Returns
        -------
        {"stored", "duplicate", "refused"}
            Refused is a key that came before with other content.

        Raises
        ------
        ValueError
            If the key is empty, too long or not printable, or the rating no finite number.
        """
        if not isinstance(key, str) or not (1 <= len(key) <= 200 and key.isprintable()):
            raise ValueError(
                f"key must have 1 to 200 printable characters, got {key!r:.40}"
            )
        row = {
            "user_id": user,
            "movie_id": movie,
            "rating": check_number(rating, "rating"),
        }
        with self.engine.begin() as connection:
            known = connection.execute(
                sa.select(table.c.user_id, table.c.movie_id, table.c.rating).where(
                    table.c.key == key
                )
            ).first()
            if known is None:
                connection.execute(sa.insert(table), {"key": key, **row})
                return "stored"
        return "duplicate" if tuple(known) == tuple(row.values()) else "refused"

    def ratings(self) -> list[tuple[int, int, float]]:
        """Return user, film and stars of all ratings, in the order of arrival."""
        columns = (table.c.user_id, table.c.movie_id, table.c.rating)
        with self.engine.connect() as connection:
            rows = connection.execute(sa.select(*columns).order_by(table.c.id))
            return [tuple(row) for row in rows]

    def close(self) -> None:
        """Close the connection to the database."""
        self.engine.dispose()


def _flush_every_commit(connection: Any, _: Any) -> None:
    """Let readers go on while one writes; a commit survives kill and power cut."""
    connection.execute("PRAGMA journal_mode = WAL").close()
    connection.execute("PRAGMA synchronous = FULL").close()
