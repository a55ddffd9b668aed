import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from kit.networks import close, tensors
from torch import nn

from mlmastery.neural_network import (
    binary_cross_entropy,
    cross_entropy,
    sigmoid,
    softmax,
    softmax_backward,
    squared_error,
)


def test_softmax_and_its_gradient_equal_torch():
    rng = np.random.default_rng(0)
    Z, upstream = rng.normal(0, 3, (6, 4)), rng.normal(size=(6, 4))
    (z,) = tensors(Z)
    a = torch.softmax(z, dim=1)
    a.backward(torch.tensor(upstream))
    close(softmax(Z), a)
    close(softmax_backward(upstream, softmax(Z)), z.grad)


@pytest.mark.parametrize("loss", ["cross_entropy", "binary", "squared"])
def test_loss_and_its_gradient_equal_torch(loss):
    rng = np.random.default_rng(0)
    scores = rng.normal(0, 4, (9, 4))
    (s,) = tensors(scores)
    if loss == "cross_entropy":
        y = rng.integers(0, 4, 9)
        ours, gradient = cross_entropy(scores, y)
        theirs = nn.functional.cross_entropy(s, torch.tensor(y))
    elif loss == "binary":
        y = rng.integers(0, 2, (9, 4)).astype(float)
        ours, gradient = binary_cross_entropy(scores, y)
        theirs = nn.functional.binary_cross_entropy_with_logits(s, torch.tensor(y))
    else:
        y = rng.normal(size=(9, 4))
        ours, gradient = squared_error(scores, y)
        theirs = nn.functional.mse_loss(s, torch.tensor(y), reduction="sum") / 18
    theirs.backward()
    close(ours, theirs)
    close(gradient, s.grad)


def test_no_overflow_at_extreme_scores():
    huge = np.array([[1e4, -1e4, 0.0]])
    assert np.isfinite(softmax(huge)).all()
    assert cross_entropy(huge, np.array([1]))[0] == pytest.approx(2e4)
    assert binary_cross_entropy(huge, np.array([[0.0, 1.0, 1.0]]))[0] > 6e3
    np.testing.assert_array_equal(sigmoid(huge), [[1, 0, 0.5]])


@given(st.floats(-500, 500))
def test_softmax_does_not_see_a_shift(shift):
    Z = np.array([[0.3, -1.0, 2.0]])
    np.testing.assert_allclose(softmax(Z + shift), softmax(Z), atol=1e-12)


@pytest.mark.parametrize(
    ("scores", "y", "message"),
    [
        (np.zeros((3, 2)), np.array([1, 2, 1]), r"from 0 to 1.*got 1, 2 \(int64\)"),
        (np.zeros((3, 2)), np.array([-1, 0, 1]), "from 0 to 1"),
        (np.zeros((3, 2)), np.array([0.0, 1.0, 0.0]), r"whole numbers.*float64"),
        (np.zeros((3, 2)), np.array([0, 1]), r"shape \(3,\), got \(2,\)"),
        (np.zeros((3, 2)), np.eye(3, 2, dtype=int), r"shape \(3,\), got \(3, 2\)"),
    ],
)
def test_cross_entropy_names_labels_that_are_not_classes(scores, y, message):
    with pytest.raises(ValueError, match=message):
        cross_entropy(scores, y)


def test_other_losses_name_bad_targets():
    with pytest.raises(ValueError, match=r"only 0 and 1, got 0\.5"):
        binary_cross_entropy(np.zeros(2), np.full(2, 0.5))
    with pytest.raises(ValueError, match=r"one shape, got \(2, 1\) and \(2,\)"):
        squared_error(np.zeros((2, 1)), np.zeros(2))
