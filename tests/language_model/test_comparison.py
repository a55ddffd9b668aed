"""Means over a text whose windows depend on each other."""

import numpy as np
import pytest
from language_model.helpers import small, some_ids

from mlmastery.language_model import (
    block_mean,
    evaluate,
    fixed_windows,
    window_losses,
)


def test_window_losses_are_those_of_the_evaluation():
    model, ids = small(dropout=0.5), some_ids(200, 1)[0]
    model.train()
    losses = window_losses(model, ids, 12, batch=5)
    assert losses.shape == (len(fixed_windows(ids, 12)[0]),)
    assert losses.mean() == pytest.approx(evaluate(model, ids, 12), rel=1e-6)
    assert model.training
    alone = [evaluate(model, ids[12 * i : 12 * i + 13], 12) for i in range(3)]
    assert losses[:3] == pytest.approx(alone, rel=1e-5)


def test_blocks_of_one_give_the_naive_error():
    x = np.random.default_rng(0).normal(size=50)
    found = block_mean(x, block=1)
    assert found.mean == pytest.approx(x.mean())
    assert found.error == pytest.approx(x.std(ddof=1) / np.sqrt(50))
    assert found.blocks == 50


def test_interval_covers_where_neighbours_are_alike_and_the_naive_one_does_not():
    rng = np.random.default_rng(1)
    covered = {1: 0, 20: 0}
    for _ in range(300):
        scenes = np.repeat(rng.normal(size=20), 20)
        x = scenes + 0.3 * rng.normal(size=400)
        for block in covered:
            found = block_mean(x, block=block)
            covered[block] += found.low <= 0 <= found.high
    assert covered[20] / 300 == pytest.approx(0.95, abs=0.04)
    assert covered[1] / 300 < 0.5


def test_what_is_left_over_joins_the_last_block():
    x = np.arange(7.0)
    found = block_mean(x, block=3)
    assert found.blocks == 2
    assert found.mean == pytest.approx(x.mean())
    # blocks of 3 and 4 windows with means 1 and 4.5; twice the squared sums
    error = np.sqrt(2 * ((3 * (1 - 3)) ** 2 + (4 * (4.5 - 3)) ** 2)) / 7
    assert found.error == pytest.approx(error)
    width = 12.7062 * error  # t with one degree of freedom
    assert (found.low, found.high) == pytest.approx((3 - width, 3 + width), rel=1e-4)


@pytest.mark.parametrize(
    ("losses", "block", "message"),
    [
        ([1.0, 2.0, 3.0], 2, "block must fit twice into the 3 losses, got 2"),
        ([1.0, np.nan, 3.0], 1, "losses"),
        ([1.0, 2.0], 0, "block must be"),
    ],
)
def test_block_mean_refuses(losses, block, message):
    with pytest.raises(ValueError, match=message):
        block_mean(losses, block=block)
