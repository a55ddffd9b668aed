"""Serve recommendations over HTTP and take ratings, which count at once.

>>> import pandas as pd
>>> from mlmastery.recommendation import EASE, Recommender
>>> table = pd.DataFrame({"user_id": [1, 1, 2, 2, 3], "movie_id": [7, 8, 7, 8, 7],
...                       "rating": [5.0, 4.0, 5.0, 4.5, 4.0]})
>>> service = RecommendationService(Recommender(ranker=EASE(1.0, min_likes=1)).fit(table))
>>> service.recommend(99)["reason"]
'user 99 unknown: films that most users like'
>>> service.rate("click-1", user=99, movie=7, rating=5.0)
'stored'
>>> [film["movie_id"] for film in service.recommend(99)["films"]]
[8]
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated, Any

import sqlalchemy as sa
import uvicorn
from fastapi import FastAPI, Query
from pydantic import BaseModel, ConfigDict, Field

from mlmastery.recommendation.recommender import Recommender
from mlmastery.recommendation.store import RatingStore
from mlmastery.validation import check_number
from mlmastery.web import MAX_BODY, serving_app, web_app

__all__ = [
    "KeyReusedError",
    "RecommendationService",
    "UnknownFilmError",
    "create_app",
    "serve",
    "serving",
]

MOST = 100  # films of one answer


class UnknownFilmError(LookupError):
    """A rating is of a film that the model has not learned."""


class KeyReusedError(ValueError):
    """A rating has the key of another."""


class RecommendationService:
    """A recommender and the ratings that arrived since its training, without HTTP.

    Parameters
    ----------
    model : Recommender
        Fitted; its users and films have whole numbers as ids. The ratings stored are
        folded in at once: a restart loses none.
    url : str, default="sqlite://"
        As for `RatingStore`.
    """

    def __init__(self, model: Recommender, url: str = "sqlite://") -> None:
        self.model = model
        self.store = RatingStore(url)
        self._films = set(model.items_.tolist())
        self._writing = threading.Lock()
        arrived: dict[int, dict[int, float]] = {}
        for user, movie, rating in self.store.ratings():
            if movie in self._films:  # the films of a later training may be others
                arrived.setdefault(user, {})[movie] = rating
        for user, films in arrived.items():
            model.fold_in(user, list(films), list(films.values()))

    def close(self) -> None:
        """Close the connection to the database."""
        self.store.close()

    def recommend(
        self, user: int, k: int = 10, exclude_seen: bool = True
    ) -> dict[str, Any]:
        """Return the films to show to a user, best first, each with its reason.

        Parameters
        ----------
        user : int
        k : int, default=10
        exclude_seen : bool, default=True
            Whether films that the user has rated are left out.

        Returns
        -------
        dict
            ``user``, ``reason`` (empty; of an unknown user, or one without liked films,
            that the films are those of most users) and ``films``.
        """
        films = self.model.recommend(user, k, exclude_seen)
        reason = ""
        if user not in self.model.seen_:
            reason = f"user {user} unknown: films that most users like"
        elif not len(self.model._liked(user)):
            reason = f"user {user} likes none of the films learned: those of most users"
        return {"user": user, "reason": reason, "films": [self._film(f) for f in films]}

    def _film(self, suggestion: Any) -> dict[str, Any]:
        fields = asdict(suggestion)
        movie = fields.pop("item")
        return {"movie_id": movie, "title": self.model.titles.get(movie), **fields}

    def rate(self, key: str, user: int, movie: int, rating: float) -> str:
        """Keep a rating, then fold it into the user's factors.

        Parameters
        ----------
        key : str
            The same at each delivery of this rating, another for every other.
        user, movie : int
        rating : float
            Stars, on the scale of the ratings learned.

        Returns
        -------
        {"stored", "duplicate"}

        Raises
        ------
        UnknownFilmError
        KeyReusedError
        ValueError
            If the rating is off the scale or the key is not one.
        """
        if movie not in self._films:
            raise UnknownFilmError(f"film {movie} unknown")
        check_number(rating, "rating", *self.model.rater.data_.scale)
        # One writer at a time: the store and the factors change in the same order.
        with self._writing:
            status = self.store.add(key, user, movie, rating)
            if status == "refused":
                raise KeyReusedError(f"key {key!r} was used for another rating")
            if status == "stored":
                self.model.fold_in(user, [movie], [rating])
        return status


LARGEST = 2**63 - 1  # that a column of the database holds
UserId = Annotated[int, Field(ge=0, le=LARGEST)]


class _Rating(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    key: str
    user: UserId
    movie: int
    rating: float


def create_app(service: RecommendationService, max_body: int = MAX_BODY) -> FastAPI:
    """Return the ASGI application of a service.

    Parameters
    ----------
    service : RecommendationService
    max_body : int, default=65536
        Bytes of a request; a larger one is answered 413.
    """
    # A request may be sent again: a rating that did arrive is a duplicate then.
    fails = (503, "the database does not answer, send this again")
    statuses: dict[type[Exception], int | tuple[int, str]] = {
        UnknownFilmError: 404,
        KeyReusedError: 409,
        ValueError: 422,
        sa.exc.DBAPIError: fails,
        sa.exc.TimeoutError: fails,
    }
    app = web_app(statuses, max_body)

    @app.get("/users/{user}/recommendations")
    def recommend(
        user: UserId,
        k: Annotated[int, Query(ge=1, le=MOST)] = 10,
        exclude_seen: bool = True,
    ) -> dict[str, Any]:
        return service.recommend(user, k, exclude_seen)

    @app.post("/ratings")
    def rate(body: _Rating) -> dict[str, str]:
        return {"status": service.rate(**body.model_dump())}

    return app


def serve(service: RecommendationService, host: str, port: int) -> None:
    """Serve until the process is told to stop.

    Parameters
    ----------
    service : RecommendationService
    host : str
    port : int
    """
    try:
        uvicorn.run(create_app(service), host=host, port=port, log_level="warning")
    finally:
        service.close()


@contextmanager
def serving(model: Recommender, url: str = "sqlite://") -> Iterator[str]:
    """Serve on a free port of this machine until the end of the ``with``.

    Parameters
    ----------
    model : Recommender
    url : str, default="sqlite://"

    Yields
    ------
    str
        The address, without a last slash.
    """
    service = RecommendationService(model, url)
    try:
        with serving_app(create_app(service)) as address:
            yield address
    finally:
        service.close()
