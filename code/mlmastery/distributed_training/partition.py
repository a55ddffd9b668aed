"""Who holds which rows: at random, by label skew, or by speaker.

A partition is a list of arrays of row numbers, one for each client; every row goes to
exactly one client.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from mlmastery.validation import check_number

__all__ = [
    "by_speaker",
    "character_windows",
    "dirichlet",
    "iid",
    "label_counts",
    "label_skew",
]

SPEAKER = re.compile(r"^([A-Z][A-Z' -]*):$", re.MULTILINE)


def iid(
    n_samples: int, n_clients: int, rng: np.random.Generator, *, spread: float = 0.0
) -> list[np.ndarray]:
    """Deal the rows out at random.

    Parameters
    ----------
    n_samples, n_clients : int
    rng : Generator
    spread : float, default=0.0
        How unequal the clients' sizes are: 0 for as equal as can be, else the standard
        deviation of the logarithm of their shares. Nobody gets nothing.

    Returns
    -------
    list of n_clients ndarrays of row numbers, each sorted

    Raises
    ------
    ValueError
        If there are fewer rows than clients.

    Examples
    --------
    >>> parts = iid(10, 3, np.random.default_rng(0))
    >>> [len(part) for part in parts]
    [4, 3, 3]
    """
    _check_clients(n_samples, n_clients)
    order = rng.permutation(n_samples)
    shares = np.exp(spread * rng.normal(size=n_clients))
    if spread == 0:
        return [np.sort(part) for part in np.array_split(order, n_clients)]
    spare = np.floor(np.cumsum(shares / shares.sum())[:-1] * (n_samples - n_clients))
    ends = spare.astype(int) + np.arange(1, n_clients)  # one row each, then by share
    return [np.sort(part) for part in np.split(order, ends)]


def dirichlet(
    labels: np.ndarray, n_clients: int, alpha: float, rng: np.random.Generator
) -> list[np.ndarray]:
    """Deal each class out by shares of its own, drawn from a Dirichlet distribution.

    Small ``alpha`` gives clients that hold few classes, large ``alpha`` clients that
    look alike. A client left without a row takes one from the largest.

    Parameters
    ----------
    labels : ndarray of shape (n_samples,)
    n_clients : int
    alpha : float
        Concentration, above 0. 0.1 is strong skew, 100 almost none.
    rng : Generator

    Returns
    -------
    list of n_clients ndarrays of row numbers, each sorted

    Raises
    ------
    ValueError
        If ``alpha`` is not above 0, or there are fewer rows than clients.

    References
    ----------
    .. [1] Hsu, Qi and Brown (2019), "Measuring the Effects of Non-Identical Data
       Distribution for Federated Visual Classification", arXiv:1909.06335.

    Examples
    --------
    >>> labels = np.repeat([0, 1], 50)
    >>> parts = dirichlet(labels, 4, 0.1, np.random.default_rng(0))
    >>> sorted(np.concatenate(parts).tolist()) == list(range(100))
    True
    """
    labels = np.asarray(labels)
    _check_clients(len(labels), n_clients)
    check_number(alpha, "alpha", open=True)
    if labels.dtype.kind == "f" and np.isnan(labels).any():
        raise ValueError(f"labels must have no missing value, got {labels}")
    owner = np.empty(len(labels), dtype=int)
    for value in np.unique(labels):
        rows = rng.permutation(np.flatnonzero(labels == value))
        ends = np.cumsum(rng.dirichlet(np.full(n_clients, alpha)))[:-1] * len(rows)
        pieces = np.split(rows, ends.astype(int))
        for client, piece in enumerate(pieces):
            owner[piece] = client
    _fill_empty(owner, n_clients)
    return [np.flatnonzero(owner == client) for client in range(n_clients)]


def _fill_empty(owner: np.ndarray, n_clients: int) -> None:
    sizes = np.bincount(owner, minlength=n_clients)
    for client in np.flatnonzero(sizes == 0):
        largest = sizes.argmax()
        owner[np.flatnonzero(owner == largest)[0]] = client
        sizes[largest] -= 1
        sizes[client] += 1


def label_counts(labels: np.ndarray, parts: Sequence[np.ndarray]) -> np.ndarray:
    """Count the rows of each class at each client, shape (n_clients, n_classes).

    Examples
    --------
    >>> label_counts(np.array([0, 1, 1, 1]), [np.array([0, 1]), np.array([2, 3])])
    array([[1, 1],
           [0, 2]])
    """
    classes, codes = np.unique(labels, return_inverse=True)
    if not len(parts):
        raise ValueError("parts must hold the rows of at least one client, got none")
    return np.stack([np.bincount(codes[p], minlength=len(classes)) for p in parts])


def label_skew(labels: np.ndarray, parts: Sequence[np.ndarray]) -> float:
    """Return how far clients' classes are from everybody's, between 0 and 1.

    It is the total variation distance between a client's distribution over classes and
    the overall one, averaged over rows: the share of rows that would have to change
    hands for all clients to look alike.

    Examples
    --------
    >>> labels = np.array([0, 0, 1, 1])
    >>> label_skew(labels, [np.array([0, 2]), np.array([1, 3])])
    0.0
    >>> label_skew(labels, [np.array([0, 1]), np.array([2, 3])])
    0.5
    """
    counts = label_counts(labels, parts)
    sizes = counts.sum(axis=1)
    overall = counts.sum(axis=0) / counts.sum()
    distance = np.abs(counts / sizes[:, None] - overall).sum(axis=1) / 2
    return float(distance @ sizes / sizes.sum())


def by_speaker(text: str, *, min_characters: int = 1) -> dict[str, str]:
    r"""Split a play into what each speaker says, most talkative first.

    Parameters
    ----------
    text : str
        Speeches after lines like ``FIRST CITIZEN:``, as `load_shakespeare` gives them.
    min_characters : int, default=1
        Speakers who say less are left out.

    Raises
    ------
    ValueError
        If no speaker says that much.

    Examples
    --------
    >>> by_speaker("ROMEO:\nAy me!\n\nJULIET:\nO Romeo\n\nROMEO:\nShall I")
    {'ROMEO': 'Ay me!\nShall I\n', 'JULIET': 'O Romeo\n'}
    """
    speeches: dict[str, str] = {}
    _, *pieces = SPEAKER.split(text)
    for speaker, speech in zip(pieces[::2], pieces[1::2], strict=True):
        speeches[speaker] = speeches.get(speaker, "") + speech.strip() + "\n"
    kept = {who: said for who, said in speeches.items() if len(said) >= min_characters}
    if not kept:
        raise ValueError(
            f"text must have a speaker who says at least {min_characters} characters, "
            f"got {len(speeches)} speakers"
        )
    return dict(sorted(kept.items(), key=lambda item: -len(item[1])))


def character_windows(
    text: str, alphabet: str, context: int
) -> tuple[np.ndarray, np.ndarray]:
    """Cut a text into windows of characters, one-hot, and the character that follows.

    Returns
    -------
    X : ndarray of shape (len(text) - context, context * len(alphabet)), float32
    y : ndarray of shape (len(text) - context,)
        Position in the alphabet of the next character.

    Raises
    ------
    ValueError
        If the text is no longer than the context or has a character outside the
        alphabet.

    Examples
    --------
    >>> X, y = character_windows("abba", "ab", 2)
    >>> X
    array([[1., 0., 0., 1.],
           [0., 1., 0., 1.]], dtype=float32)
    >>> y
    array([1, 0])
    """
    unknown = set(text) - set(alphabet)
    if unknown or len(text) <= context:
        raise ValueError(
            f"text must be longer than context={context} and written in the alphabet, "
            f"got {len(text)} characters, unknown: {sorted(unknown)[:5]}"
        )
    place = {character: i for i, character in enumerate(alphabet)}
    codes = np.array([place[character] for character in text])
    windows = np.lib.stride_tricks.sliding_window_view(codes[:-1], context)
    one_hot = np.eye(len(alphabet), dtype=np.float32)
    return one_hot[windows].reshape(len(windows), -1), codes[context:]


def _check_clients(n_samples: int, n_clients: int) -> None:
    whole = isinstance(n_clients, int | np.integer)
    if not whole or not 1 <= n_clients <= n_samples:
        raise ValueError(
            f"n_clients must lie between 1 and the {n_samples} samples, got {n_clients}"
        )
