"""The rows of a run: who holds which, and which are held out."""

from __future__ import annotations

import zipfile
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

from mlmastery.distributed_training.config import DistributedMLConfig
from mlmastery.distributed_training.federated import round_generator
from mlmastery.distributed_training.importing import imported
from mlmastery.distributed_training.partition import dirichlet, iid

TEST_SHARE = 0.2
Rows = tuple[np.ndarray, np.ndarray]


class RunData:
    """The rows that a configuration names.

    Parameters
    ----------
    config : DistributedMLConfig

    Attributes
    ----------
    X, y : ndarray
        All rows that the clients hold, of data that the package brings.
    parts : list of ndarray
        Row numbers of each client, of such data.

    Raises
    ------
    ValueError
        If there are fewer rows than clients, or than a batch draws from all of them.

    Examples
    --------
    >>> data = RunData(DistributedMLConfig(n_clients=4))
    >>> data.rows(0)[0].shape, data.test_rows[0].shape
    ((360, 64), (359, 64))
    """

    def __init__(self, config: DistributedMLConfig):
        self.config = config
        if config.built_in:
            self._deal()

    def _deal(self) -> None:
        config = self.config
        X, y = load_data(config.data)
        order = np.random.default_rng(config.random_state).permutation(len(X))
        test, train = np.split(order, [round(TEST_SHARE * len(X))])
        self.X, self.y, self.X_test, self.y_test = X[train], y[train], X[test], y[test]
        if config.mode == "data_parallel" and config.batch_size > len(train):
            raise ValueError(
                f"batch_size must be at most the {len(train)} rows of {config.data!r}, "
                f"got {config.batch_size}"
            )
        self.parts = self._parts()

    def _parts(self) -> list[np.ndarray]:
        config = self.config
        rng = np.random.default_rng([config.random_state, 1])
        if config.partition == "iid":
            return iid(len(self.X), config.n_clients, rng)
        return dirichlet(self.y, config.n_clients, config.alpha, rng)

    def rows(self, client: int) -> Rows:
        """Return one client's rows, loading no others of data of one's own."""
        if self.config.built_in:
            rows = self.parts[client]
            return self.X[rows], self.y[rows]
        return _load_rows(self.config.loader, self.config.files, client)

    @cached_property
    def test_rows(self) -> Rows:
        """The rows that no client holds."""
        if self.config.built_in:
            return self.X_test, self.y_test
        return _load_rows(self.config.loader, self.config.files, None)

    def batch(self, round_number: int, client: int | None = None) -> np.ndarray:
        """Return the rows of a round's batch, or those of one client of it."""
        config = self.config
        rng = round_generator(config.random_state, round_number)
        rows = rng.choice(len(self.X), config.batch_size, replace=False)
        return rows if client is None else np.split(rows, config.n_clients)[client]


@lru_cache(maxsize=16)
def _load_rows(loader: str, files: str, client: int | None) -> Rows:
    """Load the rows of one client, or those held out, and check what came."""
    name = "test" if client is None else str(client)
    X, y = map(np.asarray, _called(loader, client) if loader else _read(files, name))
    rows = X.ndim > 0 and len(X) > 0 and X.dtype.kind in "biuf"
    if not rows or y.shape != (len(X),) or y.dtype.kind not in "iu":
        raise ValueError(
            f"{loader or files} gives client {name} X of shape {X.shape} and dtype "
            f"{X.dtype}, y of shape {y.shape} and dtype {y.dtype}; it must give rows "
            "of numbers, and one whole number for each"
        )
    if client is None and not np.isfinite(X).all():
        raise ValueError(f"{loader or files} gives held-out rows that are not finite")
    with np.errstate(over="ignore"):  # a client with such rows will diverge
        return np.asarray(X, np.float32), y.astype(np.int64)


def _called(loader: str, client: int | None):
    """Return the two that a loader returns; what goes wrong names loader and client."""
    function = imported("loader", loader)
    try:
        found = function(client)
    except Exception as error:
        why = f"{type(error).__name__}: {error}"
        raise ValueError(
            f"loader {loader!r} fails for client {client}: {why}"
        ) from error
    if not isinstance(found, tuple | list) or len(found) != 2:
        raise TypeError(
            f"loader {loader!r} must return (X, y) for client {client}, "
            f"got {type(found).__name__}"
        )
    return found


def _read(files: str, name: str):
    path = Path(files.replace("{client}", name)).expanduser()
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return arrays["X"], arrays["y"]
    except (KeyError, ValueError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path} must be a .npz with X and y: {error}") from error


@lru_cache(maxsize=2)
def load_data(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return images of digits as rows of numbers from 0 to 1, and their digits."""
    if name == "digits":
        from sklearn.datasets import load_digits

        X, y = load_digits(return_X_y=True)
        return (X / 16).astype(np.float32), y.astype(np.int64)
    from mlmastery.datasets import load_mnist

    table = load_mnist()
    X, y = table.drop(columns="digit").to_numpy(), table["digit"].to_numpy()
    return (X / 255).astype(np.float32), y.astype(np.int64)
