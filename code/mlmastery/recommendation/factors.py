"""Matrix factorisation: FunkSVD, and SVD++ in time linear in the ratings."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from mlmastery.validation import check_count, check_number

from .base import RatingModel, codes_of
from .ratings import Ratings, check_stars

# Untyped, as numba leaves the functions that it compiles.
njit: Any = numba.njit

__all__ = ["FunkSVD", "SVDPlusPlus", "funk_epochs", "plusplus_epochs"]


@njit(cache=True, fastmath=True)
def funk_epochs(user, item, value, mean, bu, bi, P, Q, n_epochs, rate, penalty):
    """Run stochastic gradient descent over the ratings in their order, in place.

    Parameters
    ----------
    user, item : ndarray of int, shape (n_ratings,)
    value : ndarray of float, shape (n_ratings,)
        Stars.
    mean : float
    bu, bi : ndarray of shape (n_users,), (n_items,)
        Biases, in stars.
    P, Q : ndarray of shape (n_users, n_factors), (n_items, n_factors)
    n_epochs : int
    rate, penalty : float
    """
    for _ in range(n_epochs):
        for n in range(len(value)):
            u, i = user[n], item[n]
            error = value[n] - mean - bu[u] - bi[i]
            for f in range(P.shape[1]):
                error -= P[u, f] * Q[i, f]
            bu[u] += rate * (error - penalty * bu[u])
            bi[i] += rate * (error - penalty * bi[i])
            for f in range(P.shape[1]):
                p, q = P[u, f], Q[i, f]
                P[u, f] += rate * (error * q - penalty * p)
                Q[i, f] += rate * (error * p - penalty * q)


@njit(cache=True, fastmath=True)
def plusplus_epochs(start, item, value, mean, bu, bi, P, Q, Y, n_epochs, rate, penalty):
    """Run the epochs of SVD++, in place; ratings lie user by user.

    Every step changes the vectors ``Y[j]`` of all films that the user rated, and all by
    the same rule ``y -> keep * y + push``. So the user's block needs only their sum;
    ``kept`` and ``pushed`` collect the rules, which are applied once, at its end.

    Parameters
    ----------
    start : ndarray of int, shape (n_users + 1,)
        User u has the ratings from ``start[u]`` up to ``start[u + 1]``.
    item, value, mean, bu, bi, P, Q, n_epochs, rate, penalty
        As in `funk_epochs`.
    Y : ndarray of shape (n_items, n_factors)
        One vector per film, for having been rated.
    """
    n_factors = P.shape[1]
    keep = 1 - rate * penalty
    total, pushed = np.empty(n_factors), np.empty(n_factors)
    for _ in range(n_epochs):
        for u in range(len(start) - 1):
            first, last = start[u], start[u + 1]
            if first == last:
                continue
            root = np.sqrt(last - first)
            kept = 1.0
            total[:] = 0.0
            pushed[:] = 0.0
            for n in range(first, last):
                total += Y[item[n]]
            for n in range(first, last):
                i = item[n]
                error = value[n] - mean - bu[u] - bi[i]
                for f in range(n_factors):
                    error -= Q[i, f] * (P[u, f] + total[f] / root)
                bu[u] += rate * (error - penalty * bu[u])
                bi[i] += rate * (error - penalty * bi[i])
                kept *= keep
                for f in range(n_factors):
                    p, q, implicit = P[u, f], Q[i, f], total[f] / root
                    push = rate * error * q / root
                    P[u, f] += rate * (error * q - penalty * p)
                    Q[i, f] += rate * (error * (p + implicit) - penalty * q)
                    total[f] = keep * total[f] + (last - first) * push
                    pushed[f] = keep * pushed[f] + push
            for n in range(first, last):
                for f in range(n_factors):
                    Y[item[n], f] = kept * Y[item[n], f] + pushed[f]


class FunkSVD(RatingModel):
    """Mean, biases, and a product of factors of user and film.

    Parameters
    ----------
    n_factors : int, default=100
    n_epochs : int, default=60
        Passes over the ratings.
    learning_rate : float, default=0.008
    penalty : float, default=0.1
        Strength of the L2 penalty, per rating.
    random_state : int or None, default=0
        Seed of the initial factors and of the order of the ratings.

    Attributes
    ----------
    mean_ : float
    user_bias_, item_bias_ : ndarray
        In stars.
    user_factors_, item_factors_ : ndarray of shape (n_users or n_items, n_factors)

    Raises
    ------
    ValueError
        From ``fit``, if a setting is out of its range or the factors diverge.

    References
    ----------
    .. [1] Funk (2006), "Netflix Update: Try This at Home".
    .. [2] Koren, Bell and Volinsky (2009), "Matrix Factorization Techniques for
       Recommender Systems", Computer 42(8).
    """

    def __init__(
        self,
        n_factors: int = 100,
        n_epochs: int = 60,
        learning_rate: float = 0.008,
        penalty: float = 0.1,
        random_state: int | None = 0,
    ) -> None:
        self.n_factors = n_factors
        self.n_epochs = n_epochs
        self.learning_rate = learning_rate
        self.penalty = penalty
        self.random_state = random_state

    def _fit(self, data: Ratings) -> None:
        self._start(data)
        order = self._rng.permutation(len(data.value))
        triples = (data.user[order], data.item[order], data.value[order])
        funk_epochs(*triples, self.mean_, *self._parameters(), *self._settings())
        self._check_finite()

    def _start(self, data: Ratings) -> None:
        check_count(self.n_factors, "n_factors")
        check_count(self.n_epochs, "n_epochs", minimum=0)
        check_number(self.learning_rate, "learning_rate", open=True)
        check_number(self.penalty, "penalty")
        self._rng = np.random.default_rng(self.random_state)
        self.mean_ = float(data.value.mean())
        n_users, n_items = data.shape
        self.user_bias_, self.item_bias_ = np.zeros(n_users), np.zeros(n_items)
        self.user_factors_ = self._rng.normal(0, 0.1, (n_users, self.n_factors))
        self.item_factors_ = self._rng.normal(0, 0.1, (n_items, self.n_factors))

    def _parameters(self) -> tuple[np.ndarray, ...]:
        return self.user_bias_, self.item_bias_, self.user_factors_, self.item_factors_

    def _settings(self) -> tuple[int, float, float]:
        return self.n_epochs, self.learning_rate, self.penalty

    def _check_finite(self) -> None:
        if not all(np.isfinite(array).all() for array in self._parameters()):
            raise ValueError(
                "the factors diverge: learning_rate must be smaller, "
                f"got {self.learning_rate}"
            )

    def _raw(self, user: np.ndarray, item: np.ndarray) -> np.ndarray:
        user_bias, item_bias = (
            np.append(self.user_bias_, 0),
            np.append(self.item_bias_, 0),
        )
        both = (user >= 0) & (item >= 0)
        product = np.einsum("nf,nf->n", self.taste_[user], self.item_factors_[item])
        return self.mean_ + user_bias[user] + item_bias[item] + both * product

    @property
    def taste_(self) -> np.ndarray:
        """The vectors of the users that are multiplied with those of the films."""
        return self.user_factors_

    def scores(self, users: Any) -> np.ndarray:
        """Return the expected rating of every film, shape (n_users, n_items)."""
        rows = codes_of(self.data_.users, users, "users")
        product = self.taste_[rows] @ self.item_factors_.T
        return self.mean_ + self.user_bias_[rows, None] + self.item_bias_ + product

    def fold_in(
        self, items: Any, ratings: Any, prior: float = 10.0
    ) -> tuple[float, np.ndarray]:
        """Return bias and factors of a user from some ratings, in closed form.

        Films stay as they are, so that the user's best bias and factors solve a ridge
        regression of the ratings on the factors of the films.

        Parameters
        ----------
        items : sequence of ids
            Films known to the model.
        ratings : sequence of float
            Stars, one for each.
        prior : float, default=10.0
            Added to the penalty, whatever the number of ratings: a user with few of
            them stays near the mean.
        """
        check_number(prior, "prior")
        codes = codes_of(self.data_.items, list(items), "items")
        stars = check_stars(ratings, len(codes), self.data_.scale)
        rest = stars - self.mean_ - self.item_bias_[codes]
        X = np.column_stack([np.ones(len(codes)), self.item_factors_[codes]])
        # The penalty of SGD acts once per rating, hence the number of ratings.
        ridge = (self.penalty * max(len(codes), 1) + prior) * np.eye(X.shape[1])
        bias, *factors = np.linalg.solve(X.T @ X + ridge, X.T @ rest)
        return float(bias), np.array(factors)


class SVDPlusPlus(FunkSVD):
    """FunkSVD, with a vector for each film that says: this user has rated it.

    Parameters
    ----------
    n_factors, n_epochs, learning_rate, penalty, random_state
        As in `FunkSVD`; the defaults are those of Surprise.

    References
    ----------
    .. [1] Koren (2008), "Factorization Meets the Neighborhood", KDD, equation 15.
    """

    def __init__(
        self,
        n_factors: int = 20,
        n_epochs: int = 20,
        learning_rate: float = 0.007,
        penalty: float = 0.02,
        random_state: int | None = 0,
    ) -> None:
        super().__init__(n_factors, n_epochs, learning_rate, penalty, random_state)

    def _fit(self, data: Ratings) -> None:
        self._start(data)
        self.implicit_ = self._rng.normal(0, 0.1, self.item_factors_.shape)
        order = np.lexsort((self._rng.random(len(data.value)), data.user))
        counts = np.bincount(data.user, minlength=data.shape[0])
        start = np.concatenate([[0], counts.cumsum()])
        triples = (start, data.item[order], data.value[order])
        plusplus_epochs(
            *triples, self.mean_, *self._parameters(), self.implicit_, *self._settings()
        )
        self._check_finite()
        rated = data.matrix(np.ones(len(data.value)))
        self._taste = (
            self.user_factors_ + rated @ self.implicit_ / np.sqrt(counts)[:, None]
        )

    @property
    def taste_(self) -> np.ndarray:
        """The user's own factors plus the mean of the rated films' vectors."""
        return self._taste
