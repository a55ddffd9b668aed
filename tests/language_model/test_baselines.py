"""Models that count pairs or read a few tokens."""

import pytest
import torch
from language_model.helpers import rng, some_ids
from torch.nn import functional as F

from mlmastery.language_model import BigramModel, MLPModel, bigram_entropy


def test_bigram_model_counts():
    ids = torch.tensor([0, 1, 0, 2, 0, 1])
    p = BigramModel(3).fit(ids, smoothing=0.0)(torch.tensor([[0]])).exp()[0, 0]
    torch.testing.assert_close(p, torch.tensor([0.0, 2 / 3, 1 / 3]))


def test_bigram_entropy_is_the_loss_of_the_best_pair_model():
    ids = some_ids(400, 1, 5)[0]
    best = BigramModel(5).fit(ids, smoothing=1e-9)
    loss = F.cross_entropy(best(ids[None, :-1])[0], ids[1:])
    assert bigram_entropy(ids) == pytest.approx(loss.item(), abs=1e-5)
    other = BigramModel(5).fit(some_ids(400, 1, 5, seed=9)[0])
    assert F.cross_entropy(other(ids[None, :-1])[0], ids[1:]) > bigram_entropy(ids)


def test_mlp_sees_its_reach_and_no_more():
    model, ids = MLPModel(11, reach=4, generator=rng()), some_ids()
    other = ids.clone()
    other[:, 5] = (other[:, 5] + 1) % 11
    moved = (model(ids) - model(other)).abs().amax(dim=(0, 2)) > 0
    assert moved.nonzero().flatten().tolist() == [5, 6, 7, 8]
