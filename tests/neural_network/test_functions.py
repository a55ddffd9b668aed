import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from kit.networks import close, tensors
from torch import nn

from mlmastery.neural_network import (
    ACTIVATIONS,
    absolute_error,
    binary_cross_entropy,
    cross_entropy,
    huber_loss,
    leaky_relu,
    leaky_relu_derivative,
    numerical_gradient,
    sigmoid,
    sigmoid_derivative,
    softmax,
    softmax_backward,
    squared_error,
    tanh_derivative,
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


LOSSES = {
    "squared": (squared_error, lambda s, t: ((s - t) ** 2).sum() / (2 * len(s))),
    "absolute": (absolute_error, lambda s, t: (s - t).abs().sum() / len(s)),
    "huber": (
        lambda s, t: huber_loss(s, t, 0.7),
        lambda s, t: (
            nn.functional.huber_loss(s, t, reduction="sum", delta=0.7) / len(s)
        ),
    ),
    "binary": (binary_cross_entropy, nn.functional.binary_cross_entropy_with_logits),
}


@pytest.mark.parametrize("name", LOSSES)
def test_losses_equal_torch_and_finite_differences(name):
    ours, theirs = LOSSES[name]
    rng = np.random.default_rng(1)
    scores, targets = rng.normal(0, 2, (9, 4)), rng.normal(0, 2, (9, 4))
    if name == "binary":
        targets = (targets > 0).astype(float)
    value, gradient = ours(scores, targets)
    (s,) = tensors(scores)
    loss = theirs(s, torch.tensor(targets))
    loss.backward()
    close(value, loss)
    close(gradient, s.grad)
    close(gradient, numerical_gradient(lambda z: ours(z, targets)[0], scores), 1e-8)


def test_huber_joins_its_parts_without_a_jump_or_a_corner():
    near, far = (
        huber_loss(np.array([[d]]), np.zeros((1, 1)), 2.0) for d in (2, 2 + 1e-9)
    )
    close(near[0], far[0], 1e-8)
    close(near[1], far[1], 1e-8)
    assert absolute_error(np.zeros((1, 1)), np.zeros((1, 1)))[1] == 0  # at the corner


@pytest.mark.parametrize("delta", [0, -1, float("nan"), "1"])
def test_huber_needs_a_positive_delta(delta):
    with pytest.raises(ValueError, match="delta must be a number above 0"):
        huber_loss(np.zeros((1, 1)), np.zeros((1, 1)), delta)


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.int64, bool])
def test_whole_numbers_do_not_wrap_around(dtype):
    # Unsigned integers are never negative: 0 - 1 is 255, and a sigmoid of -1 that of 255.
    Z = np.array([[0, 1], [1, 0]], dtype=dtype)
    F = Z.astype(float)
    for function in (sigmoid, softmax, leaky_relu, leaky_relu_derivative):
        np.testing.assert_array_equal(function(Z), function(F))
    for slope in (sigmoid_derivative, tanh_derivative):
        np.testing.assert_array_equal(slope(Z), slope(F))
    pairs = [(squared_error, F[::-1]), (huber_loss, F[::-1]), (absolute_error, F[::-1])]
    for loss, targets in [*pairs, (binary_cross_entropy, F[::-1])]:
        value, gradient = loss(Z, targets.astype(dtype))
        expected = loss(F, targets)
        assert value == expected[0]
        np.testing.assert_array_equal(gradient, expected[1])
    y = np.array([0, 1], dtype=np.uint8)
    assert cross_entropy(Z, y)[0] == cross_entropy(F, y.astype(int))[0]


def test_lists_work_and_texts_and_flat_scores_are_named():
    assert cross_entropy([[0.0, 0.0]], [1])[0] == np.log(2)
    assert squared_error([[3.0]], [[1.0]])[0] == 2
    with pytest.raises(ValueError, match="logits must be numbers, got 'a'"):
        cross_entropy([["a", "b"]], [0])
    with pytest.raises(ValueError, match=r"logits must have one row per.*got \(2,\)"):
        cross_entropy(np.zeros(2), np.array([0]))
    with pytest.raises(ValueError, match=r"one shape, got \(3, 1\) and \(3,\)"):
        huber_loss(np.zeros((3, 1)), np.zeros(3))  # would be broadcast to 3 by 3


def test_float32_stays_float32():
    Z = np.array([[0.5, -2.0]], dtype=np.float32)
    for function in (sigmoid, softmax, leaky_relu, leaky_relu_derivative):
        assert function(Z).dtype == np.float32
    for loss in (squared_error, absolute_error, huber_loss):
        assert loss(Z, np.zeros_like(Z))[1].dtype == np.float32


def test_activations_compute_with_unsigned_integers_as_with_floats():
    for name, (function, _) in ACTIVATIONS.items():
        found = function(np.array([[1, 2]], dtype=np.uint8))
        assert found.dtype == np.float64, name
        np.testing.assert_array_equal(found, function(np.array([[1.0, 2.0]])))


@pytest.mark.parametrize(
    ("loss", "targets"),
    [
        (cross_entropy, np.zeros(0, int)),
        (squared_error, np.zeros((0, 2))),
        (absolute_error, np.zeros((0, 2))),
        (huber_loss, np.zeros((0, 2))),
        (binary_cross_entropy, np.zeros((0, 2))),
    ],
)
def test_a_loss_of_no_rows_or_of_nothing_is_refused(loss, targets):
    with pytest.raises(ValueError, match="must have at least one row"):
        loss(np.zeros((0, 2)), targets)
    with pytest.raises(ValueError, match="must be numbers, got None"):
        loss(None, targets)


def test_softmax_wants_a_table():
    with pytest.raises(ValueError, match=r"Z must have one row per example.*\(2,\)"):
        softmax([1.0, 2.0])
