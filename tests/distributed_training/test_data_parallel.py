"""Many workers, one batch: equal to one process that sees all of it."""

import numpy as np
import pandas as pd
import pytest

from mlmastery.distributed_training.collectives import ring_all_reduce
from mlmastery.distributed_training.communicator import run_ranks
from mlmastery.distributed_training.data_parallel import (
    DataParallelTrainer,
    server_all_reduce,
)
from mlmastery.distributed_training.model import ModelWrapper

LAYERS = (6, 8, 3)


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(0)
    return rng.normal(size=(50, 6)), rng.integers(0, 3, 50)


def network(framework="pytorch", **choices):
    return ModelWrapper(framework, layers=LAYERS, **choices)


def one_process(X, y, model, epochs=3, batch_size=16, learning_rate=0.2):
    """Plain gradient descent on the same batches."""
    rng, losses = np.random.default_rng(0), []
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for rows in np.split(order, range(batch_size, len(X), batch_size)):
            loss, gradient = model.loss_and_gradient(X[rows], y[rows])
            model.set_parameters(model.get_parameters() - learning_rate * gradient)
            losses.append(loss)
    return losses, model.get_parameters()


def trained(data, n, transport="threads", framework="pytorch", **choices):
    X, y = data

    def work(communicator):
        model = network(framework, dtype="float64")
        trainer = DataParallelTrainer(model, communicator, learning_rate=0.2, **choices)
        losses = trainer.fit(X, y, epochs=3, batch_size=16)
        return losses, model.get_parameters()

    return run_ranks(work, n, transport=transport)


@pytest.mark.parametrize("method", ["ring", "server"])
@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_equal_to_one_process_with_the_large_batch(data, method, n):
    X, y = data
    losses, parameters = one_process(X, y, network(dtype="float64"))
    for found, ends in trained(data, n, method=method):
        np.testing.assert_allclose(found, losses, rtol=1e-10)
        np.testing.assert_allclose(ends, parameters, rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("transport", ["tcp", "gloo"])
def test_equal_over_real_connections(data, transport):
    X, y = data
    losses, parameters = one_process(X, y, network(dtype="float64"))
    for found, ends in trained(data, 2, transport=transport):
        np.testing.assert_allclose(found, losses, rtol=1e-10)
        np.testing.assert_allclose(ends, parameters, rtol=1e-8, atol=1e-12)


def test_equal_in_tensorflow(data):
    X, y = data
    losses, _ = one_process(X, y, network(dtype="float64"))
    for found, _ in trained(data, 2, framework="tensorflow"):
        np.testing.assert_allclose(found, losses, rtol=1e-8)


def test_a_batch_smaller_than_the_group_is_trained_on(data):
    X, y = data

    def work(communicator):
        trainer = DataParallelTrainer(network(dtype="float64"), communicator)
        return trainer.gradient(X[:2], y[:2])

    loss, gradient = network(dtype="float64").loss_and_gradient(X[:2], y[:2])
    for found, total in run_ranks(work, 4):
        assert found == pytest.approx(loss)
        np.testing.assert_allclose(total, gradient, atol=1e-14)


def test_unequal_parts_count_by_their_rows(data):
    """The mean of the workers' means is another gradient: 3 rows as 2 + 1."""
    X, y = data

    def work(communicator):
        trainer = DataParallelTrainer(network(dtype="float64"), communicator)
        return trainer.gradient(X[:3], y[:3])[1]

    right = network(dtype="float64").loss_and_gradient(X[:3], y[:3])[1]
    parts = [
        network(dtype="float64").loss_and_gradient(X[a], y[a])[1]
        for a in (slice(0, 2), slice(2, 3))
    ]
    np.testing.assert_allclose(run_ranks(work, 2)[0], right, atol=1e-14)
    assert np.abs(np.mean(parts, axis=0) - right).max() > 1e-3


@pytest.mark.parametrize("n", range(1, 6))
def test_server_adds_up(n):
    arrays = np.random.default_rng(0).normal(size=(n, 7))
    sums = run_ranks(lambda c: server_all_reduce(c, arrays[c.rank]), n)
    for found in sums:
        np.testing.assert_allclose(found, arrays.sum(axis=0))
        np.testing.assert_array_equal(found, sums[0])


def test_the_server_sends_what_the_ring_shares_out():
    array = np.zeros(10_000)

    def sent(method):
        def work(communicator):
            from mlmastery.distributed_training.data_parallel import SUMS

            SUMS[method](communicator, array)
            return communicator.bytes_sent

        return run_ranks(work, 4)

    server, ring = sent("server"), sent("ring")
    assert server[0] == pytest.approx(3 * array.nbytes, rel=0.02)
    assert ring == pytest.approx([1.5 * array.nbytes] * 4, rel=0.02)


def test_ranks_that_start_from_different_models_are_refused(data):
    X, y = data

    def work(communicator):
        model = network(random_state=communicator.rank)
        return DataParallelTrainer(model, communicator).fit(X, y)

    with pytest.raises(ValueError, match="must start from one model"):
        run_ranks(work, 2)


def test_ranks_with_other_shapes_are_refused(data):
    X, y = data

    def work(communicator):
        model = ModelWrapper(layers=(6, 4 + communicator.rank, 3))
        return DataParallelTrainer(model, communicator).fit(X, y)

    with pytest.raises(ValueError, match=r"number of parameters on each: \[43, 53\]"):
        run_ranks(work, 2)


def test_unknown_method_is_refused():
    with pytest.raises(ValueError, match="method must be one of"):
        run_ranks(lambda c: DataParallelTrainer(network(), c, method="star"), 1)


@pytest.mark.parametrize(
    ("name", "differs"),
    [
        ("X", lambda rank, X, y: (X[: 6 - rank], y[: 6 - rank], {})),
        ("X", lambda rank, X, y: (X + rank, y, {})),
        ("y", lambda rank, X, y: (X, np.roll(y, rank), {})),
        ("random_state", lambda rank, X, y: (X, y, {"random_state": rank})),
        ("batch_size", lambda rank, X, y: (X, y, {"batch_size": 2 + rank})),
        ("epochs", lambda rank, X, y: (X, y, {"epochs": 1 + rank})),
    ],
)
def test_ranks_with_other_data_or_shuffling_are_refused(name, differs):
    X, y = np.arange(12.0).reshape(6, 2), np.array([0, 1] * 3)

    def work(communicator):
        own = differs(communicator.rank, X, y)
        trainer = DataParallelTrainer(ModelWrapper(layers=(2, 2)), communicator)
        return trainer.fit(*own[:2], **own[2])

    with pytest.raises(ValueError, match=f"all ranks must have the same {name}"):
        run_ranks(work, 2)


@pytest.mark.parametrize(
    ("shapes", "dtypes"),
    [((1, 3), (float, float)), ((3, 1), (float, float)), ((3, 3), (float, np.float32))],
)
def test_the_server_adds_only_arrays_of_one_shape_and_dtype(shapes, dtypes):
    def work(c):
        return server_all_reduce(c, np.ones(shapes[c.rank], dtypes[c.rank]))

    with pytest.raises(ValueError, match=r"rank 0 adds an array of .* rank 1 sent one"):
        run_ranks(work, 2)


def test_sums_take_lists():
    for add in (server_all_reduce, ring_all_reduce):
        ends = run_ranks(lambda c, add=add: add(c, [1.0, 2.0]), 2)
        assert [end.tolist() for end in ends] == [[2.0, 4.0]] * 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"batch_size": 0}, "batch_size must be a whole number of at least 1, got 0"),
        ({"batch_size": -3}, "batch_size must be a whole number of at least 1, got -3"),
        ({"epochs": -1}, "epochs must be a whole number of at least 1, got -1"),
        ({"epochs": 1.5}, "epochs must be a whole number"),
        ({"y": np.zeros(3, int)}, r"got shapes \(.*\) and \(3,\)"),
        ({"X": np.zeros((0, 5)), "y": np.zeros(0, int)}, "at least one row"),
    ],
)
def test_bad_data_and_settings_are_named(data, options, words):
    X, y = data
    trainer_data = {"X": X, "y": y} | options

    def work(c):
        return DataParallelTrainer(network(), c).fit(**trainer_data)

    with pytest.raises(ValueError, match=words):
        run_ranks(work, 2)


def test_tables_of_pandas_train_as_arrays_do(data):
    X, y = data

    def work(c, X, y):
        return DataParallelTrainer(network(), c).fit(X, y, batch_size=16)

    frames = (pd.DataFrame(X), pd.Series(y))
    assert run_ranks(work, 2, args=frames) == run_ranks(work, 2, args=(X, y))
