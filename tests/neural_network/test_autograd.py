import numpy as np
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
