import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from kit.networks import close, some_data

from mlmastery.neural_network import Value, build_network, cross_entropy


def scalar_network(net, x, label):
    """Return the loss of one row, number by number, and the parameters as Values."""
    values = {name: np.vectorize(Value)(p) for name, p in net.parameters().items()}
    signal = [Value(v) for v in x]
    depth = len(net.dense)
    for i in range(1, depth + 1):
        W, b = values[f"W{i}"], values[f"b{i}"]
        signal = [
            sum((s * w for s, w in zip(signal, W[:, j], strict=True)), b[j])
            for j in range(W.shape[1])
        ]
        if i < depth:
            signal = [s.tanh() for s in signal]
    loss = sum((s.exp() for s in signal), Value(0.0)).log() - signal[label]
    return loss, values


def test_scalar_engine_equals_the_array_version():
    X, y = some_data(1)
    net = build_network([6, 4, 3, 3], "tanh", rng=np.random.default_rng(5))
    value, gradient = cross_entropy(net.forward(X, training=True), y)
    net.backward(gradient)
    loss, values = scalar_network(net, X[0], y[0])
    loss.backward()
    close(loss.data, value)
    for name, g in net.gradients().items():
        close(np.vectorize(lambda v: v.grad)(values[name]), g)


@settings(deadline=None, max_examples=60)
@given(x=st.floats(0.1, 3), y=st.floats(-3, 3))
def test_scalar_engine_equals_torch_on_an_expression_with_every_operation(x, y):
    def f(a, b, relu):
        c = (a * b + 2.0 - b) / (a + 5.0) + (1.0 - a) * 3.0
        return (c * c + a.exp()).log() + b.tanh() ** 3 - relu(a - b) / a + 1.0 / a - -b

    a, b = Value(x), Value(y)
    ours = f(a, b, lambda v: v.relu())
    ours.backward()
    ta, tb = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (x, y))
    theirs = f(ta, tb, torch.relu)
    theirs.backward()
    close([ours.data, a.grad, b.grad], [theirs.item(), ta.grad, tb.grad], atol=1e-8)


def test_scalar_engine_adds_up_over_paths_and_starts_afresh():
    x = Value(3.0)
    y = x * x + x
    y.backward()
    y.backward()
    assert x.grad == 7.0
    assert repr(x) == "Value(3, grad=7)"


def test_scalar_engine_survives_a_long_chain():
    x = y = Value(1.0)
    for _ in range(20_000):
        y = y + x
    y.backward()
    assert x.grad == 20_001


@settings(deadline=None, max_examples=60)
@given(x=st.floats(0.1, 3), y=st.floats(-3, 3))
def test_powers_of_values_equal_torch(x, y):
    a, b = Value(x), Value(y)
    ours = a**b + 2.0**b
    ours.backward()
    ta, tb = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (x, y))
    theirs = ta**tb + 2.0**tb
    theirs.backward()
    close([ours.data, a.grad, b.grad], [theirs.item(), ta.grad, tb.grad], atol=1e-8)


@pytest.mark.parametrize(("n", "slope"), [(0, 0.0), (1, 1.0), (2, 0.0), (1.5, 0.0)])
def test_powers_at_zero_equal_torch(n, slope):
    x = Value(0)
    y = x**n
    y.backward()
    t = torch.tensor(0.0, requires_grad=True)
    (t**n).backward()
    assert x.grad == slope == t.grad.item()
    assert y.data == 0.0**n


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (lambda: Value(0) ** -1, r"0\*\*-1 is not a finite real number"),
        (lambda: 1 / Value(0), r"0\*\*-1 is not a finite"),
        (lambda: Value(3) / Value(0), r"0\*\*-1 is not a finite"),
        (lambda: Value(0) ** 0.5, r"0\*\*-0.5 is not a finite"),
        (lambda: Value(-2) ** 0.5, r"-2\*\*0.5 is not a finite"),
        (lambda: Value(10) ** 400, "is not a finite real number"),
        (lambda: Value(0) ** Value(2), r"base above 0, got 0\*\*2"),
        (lambda: (-2) ** Value(2), r"base above 0, got -2\*\*2"),
        (lambda: Value(0).log(), "log needs a value above 0, got 0"),
        (lambda: Value(-1).log(), "log needs a value above 0, got -1"),
        (lambda: Value("3"), "Value needs a real number, got '3'"),
        (lambda: Value(2) + "3", "Value needs a real number, got '3'"),
        (lambda: Value(1 + 1j), "Value needs a real number"),
        (lambda: Value(1000).exp(), "exp of 1000 is too large"),
    ],
)
def test_what_has_no_slope_is_named(action, message):
    with pytest.raises(ValueError, match=message):
        action()


def test_powers_beyond_all_numbers_are_named():
    for n in (float("inf"), float("nan")):
        with pytest.raises(ValueError, match="is not a finite real number"):
            Value(2.0) ** n
