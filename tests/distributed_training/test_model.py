"""One model behind two frameworks: equal numbers, equal complaints."""

import subprocess
import sys

import numpy as np
import pytest
from scipy.optimize import check_grad

from mlmastery.distributed_training.model import (
    FRAMEWORKS,
    ModelWrapper,
    as_module,
    first_parameters,
    from_module,
    shapes_of,
    unflatten,
)

LAYERS = (5, 7, 4, 3)


@pytest.fixture(params=FRAMEWORKS)
def framework(request):
    return request.param


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    return rng.normal(size=(40, 5)), rng.integers(0, 3, 40)


def wrapped(framework, **choices):
    return ModelWrapper(framework, layers=LAYERS, random_state=1, **choices)


def by_hand(vector, X, y):
    """The network once more, in plain NumPy with relu."""
    parts = unflatten(vector, shapes_of(LAYERS))
    for W, b in zip(parts[:-2:2], parts[1:-2:2], strict=True):
        X = np.maximum(X @ W + b, 0)
    scores = X @ parts[-2] + parts[-1]
    logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return logs, -logs[np.arange(len(y)), y].mean()


def test_loss_and_probabilities_equal_numpy(framework, data):
    X, y = data
    model = wrapped(framework, dtype="float64")
    logs, loss = by_hand(model.get_parameters(), X, y)
    np.testing.assert_allclose(model.predict_proba(X), np.exp(logs), rtol=1e-10)
    assert model.loss_and_gradient(X, y)[0] == pytest.approx(loss, rel=1e-12)


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
def test_gradient_equals_finite_differences(framework, activation, data):
    X, y = data
    model = wrapped(framework, activation=activation, dtype="float64")

    def at(vector):
        model.set_parameters(vector)
        return model.loss_and_gradient(X, y)

    start = model.get_parameters()
    error = check_grad(lambda v: at(v)[0], lambda v: at(v)[1], start)
    assert error < 1e-5


def test_both_frameworks_give_equal_gradients_and_train_alike(data):
    X, y = data
    models = [wrapped(f, dtype="float64") for f in FRAMEWORKS]
    gradients = [m.loss_and_gradient(X, y)[1] for m in models]
    np.testing.assert_allclose(*gradients, rtol=1e-9, atol=1e-14)
    losses = [m.train(X, y, epochs=5, batch_size=8, proximal=0.1) for m in models]
    assert losses[0] == pytest.approx(losses[1], rel=1e-10)
    np.testing.assert_allclose(*[m.get_parameters() for m in models], rtol=1e-8)


def test_gradients_of_single_rows_have_the_batch_as_their_mean(framework, data):
    X, y = data
    model = wrapped(framework, dtype="float64")
    each = model.per_sample_gradients(X, y)
    assert each.shape == (40, model.n_parameters)
    np.testing.assert_allclose(each.mean(axis=0), model.loss_and_gradient(X, y)[1])
    np.testing.assert_allclose(
        each[3], model.loss_and_gradient(X[3:4], y[3:4])[1], atol=1e-12
    )


def test_one_epoch_in_one_batch_is_one_step(framework, data):
    X, y = data
    model = wrapped(framework, dtype="float64")
    start, (loss, gradient) = model.get_parameters(), model.loss_and_gradient(X, y)
    reported = model.train(X, y, epochs=1, batch_size=40, learning_rate=0.3)
    np.testing.assert_allclose(model.get_parameters(), start - 0.3 * gradient)
    assert reported == pytest.approx(loss)


def test_reported_loss_is_the_mean_over_rows_when_the_last_batch_is_short(data):
    X, y = data
    model = wrapped("pytorch", dtype="float64")
    whole = model.loss_and_gradient(X, y)[0]
    assert model.train(X, y, batch_size=32, learning_rate=0.0) == pytest.approx(whole)


def test_proximal_term_pulls_back_to_the_start(framework, data):
    X, y = data
    model = wrapped(framework, dtype="float64")
    start = model.get_parameters()
    moved = {}
    for proximal in (0.0, 2.0):
        model.set_parameters(start)
        model.train(X, y, epochs=20, batch_size=40, proximal=proximal)
        moved[proximal] = model.get_parameters() - start
    assert np.linalg.norm(moved[2.0]) < 0.5 * np.linalg.norm(moved[0.0])


def test_proximal_step_follows_its_formula(data):
    X, y = data
    model = wrapped("pytorch", dtype="float64")
    start, gradient = model.get_parameters(), model.loss_and_gradient(X, y)[1]
    first = start - 0.1 * gradient
    model.set_parameters(first)
    second = first - 0.1 * (model.loss_and_gradient(X, y)[1] + 3 * (first - start))
    model.set_parameters(start)
    model.train(X, y, epochs=2, batch_size=40, learning_rate=0.1, proximal=3.0)
    np.testing.assert_allclose(model.get_parameters(), second)


def test_generator_decides_the_order_of_rows(data):
    X, y = data
    ends = []
    for seed in (0, 0, 1):
        model = wrapped("pytorch")
        rng = np.random.default_rng(seed)
        model.train(X, y, batch_size=4, generator=rng)
        ends.append(model.get_parameters())
    np.testing.assert_array_equal(ends[0], ends[1])
    assert (ends[0] != ends[2]).any()


def test_parameters_are_copies(framework):
    model = wrapped(framework)
    vector = model.get_parameters()
    vector[:] = 0
    assert (model.get_parameters() != 0).any()
    model.set_parameters(vector)
    vector[:] = 1
    assert (model.get_parameters() == 0).all()


def test_first_weights_have_the_variance_of_he():
    parts = unflatten(first_parameters((500, 400, 2), 0), shapes_of((500, 400, 2)))
    assert parts[0].var() == pytest.approx(2 / 500, rel=0.02)
    assert (parts[1] == 0).all()


def test_a_model_without_a_seed_starts_where_seed_0_does():
    start = ModelWrapper(layers=LAYERS).get_parameters()
    np.testing.assert_array_equal(start, first_parameters(LAYERS, 0))


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
def test_as_module_computes_the_same_and_comes_back(activation, data):
    import torch

    X, _ = data
    model = wrapped("pytorch", activation=activation, dtype="float64")
    module = as_module(model)
    probabilities = module(torch.from_numpy(X)).softmax(dim=1).detach().numpy()
    np.testing.assert_allclose(probabilities, model.predict_proba(X))
    np.testing.assert_array_equal(from_module(module), model.get_parameters())


def test_score_is_the_share_of_right_answers(framework, data):
    X, _ = data
    model = wrapped(framework)
    assert model.score(X, model.predict(X)) == 1.0
    assert model.score(X, (model.predict(X) + 1) % 3) == 0.0


def test_learns_what_can_be_learned(framework):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 5))
    y = (X[:, 0] * X[:, 1] > 0).astype(int)  # no line separates these
    model = wrapped(framework)
    model.train(X, y, epochs=60, batch_size=20, learning_rate=0.1)
    assert model.score(X, y) > 0.9


@pytest.mark.slow
def test_tensorflow_is_imported_only_when_chosen():
    program = (
        "import sys; from mlmastery.distributed_training.model import ModelWrapper; "
        "ModelWrapper(layers=(2, 2)); sys.exit('tensorflow' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], timeout=60).returncode == 0


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"framework": "jax"}, "framework must be one of pytorch, tensorflow"),
        ({"activation": "gelu"}, "activation must be one of"),
        ({"dtype": "int8"}, "dtype must be one of"),
        ({"layers": (5,)}, "at least two positive whole numbers"),
        ({"layers": (5, 0, 3)}, "at least two positive whole numbers"),
        ({"layers": (5, 2.5)}, "at least two positive whole numbers"),
    ],
)
def test_bad_models_are_refused(choices, message):
    with pytest.raises(ValueError, match=message):
        ModelWrapper(**choices)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m, X, y: m.set_parameters(np.zeros(3)), r"must have shape \(89,\)"),
        (lambda m, X, y: m.loss_and_gradient(X[:, :4], y), "5 columns"),
        (lambda m, X, y: m.loss_and_gradient(X[:0], y[:0]), "at least one row"),
        (lambda m, X, y: m.loss_and_gradient(X, y[:-1]), "one class for each"),
        (lambda m, X, y: m.loss_and_gradient(X, y + 1), "integers from 0 to 2"),
        (lambda m, X, y: m.loss_and_gradient(X, y * 1.0), "integers from 0 to 2"),
        (lambda m, X, y: m.train(X, y, epochs=0), "epochs must be"),
        (lambda m, X, y: m.train(X, y, batch_size=0), "batch_size must be"),
        (lambda m, X, y: m.train(X, y, learning_rate=-1.0), "learning_rate must be"),
        (lambda m, X, y: m.train(X, y, proximal=-1.0), "proximal must be"),
    ],
)
def test_bad_input_is_refused_with_its_name(framework, data, call, message):
    with pytest.raises(ValueError, match=message):
        call(wrapped(framework), *data)
