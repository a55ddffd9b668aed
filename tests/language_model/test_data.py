"""Windows of a text, and what they must not share."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from language_model.helpers import rng

from mlmastery.datasets import load_shakespeare
from mlmastery.language_model import (
    fixed_windows,
    random_windows,
    shared_windows,
    split_text,
)


def test_split_is_in_order_and_whole():
    text = load_shakespeare()
    a, b = split_text(text)
    assert a + b == text
    assert len(a) == int(0.9 * len(text))
    with pytest.raises(ValueError, match="share"):
        split_text(text, 1.0)


def test_random_windows_are_shifted_and_reach_both_ends():
    ids = torch.arange(10)
    x, y = random_windows(ids, 500, 4, rng())
    assert torch.equal(y, x + 1)
    assert x.min() == 0
    assert y.max() == 9


@given(st.integers(2, 60), st.integers(1, 20))
@settings(max_examples=40, deadline=None)
def test_fixed_windows_predict_each_token_once(n, context):
    if n <= context:
        with pytest.raises(ValueError, match="more tokens than the context"):
            fixed_windows(torch.arange(n), context)
        return
    x, y = fixed_windows(torch.arange(n), context)
    assert y.flatten().tolist() == list(range(1, y.numel() + 1))
    assert torch.equal(x + 1, y)
    assert n - 1 - y.numel() < context


def test_training_and_validation_share_no_windows():
    train, held = split_text(load_shakespeare()[-60_000:])
    pool = {c: i for i, c in enumerate(sorted(set(train + held)))}
    a, b = ([pool[c] for c in t] for t in (train, held))
    assert shared_windows(a, b, 64) == 0
    assert shared_windows(a, a[100:300], 64) == 1


def test_lists_will_do_and_bad_numbers_are_named():
    assert fixed_windows([0, 1, 2], 2)[0].tolist() == [[0, 1]]
    assert random_windows(list(range(9)), 2, 3, rng())[0].shape == (2, 3)
    assert shared_windows(torch.arange(9), torch.arange(9), 3) == 1
    with pytest.raises(ValueError, match=r"length must be .* from 1 to 2, got 3"):
        shared_windows([1, 2, 3], [1, 2], 3)
    with pytest.raises(ValueError, match="batch must be"):
        random_windows(torch.arange(9), 0, 3, rng())
    with pytest.raises(ValueError, match="share must be a number"):
        split_text("to be", float("nan"))
    with pytest.raises(ValueError, match="ids must be one row"):
        fixed_windows(torch.zeros(4, 9, dtype=torch.long), 3)
    with pytest.raises(ValueError, match="ids must be whole numbers"):
        fixed_windows([0.5] * 9, 3)
