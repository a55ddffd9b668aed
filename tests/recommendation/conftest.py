"""Small tables of ratings."""

import numpy as np
import pandas as pd
import pytest


@pytest.fixture(scope="session")
def table():
    """About 1,600 ratings by 40 users of 60 films, on half stars, with a time."""
    rng = np.random.default_rng(0)
    user, film = np.nonzero(rng.random((40, 60)) < 0.65)
    taste, kind = rng.normal(size=(40, 3)), rng.normal(size=(60, 3))
    stars = 3.2 + np.einsum("nf,nf->n", taste[user], kind[film]) / 2
    stars = np.clip(np.round(2 * (stars + rng.normal(0, 0.4, len(user)))) / 2, 0.5, 5)
    shuffled = rng.permutation(len(user))
    return pd.DataFrame(
        {
            "user_id": user[shuffled] + 1,
            "movie_id": 10 * film[shuffled] + 5,
            "rating": stars[shuffled],
            "timestamp": rng.permutation(len(user)),
        }
    )


@pytest.fixture(scope="session")
def films():
    """The 60 films and two that no one has rated."""
    ids = [10 * n + 5 for n in range(62)]
    genres = [("Comedy|Romance", "War", "Drama|War")[n % 3] for n in range(62)]
    return pd.DataFrame(
        {
            "movie_id": ids,
            "title": [f"Story {'abc'[n % 3] * 4} {n}" for n in range(62)],
            "genres": genres,
            "year": [1950 + n for n in range(62)],
        }
    )
