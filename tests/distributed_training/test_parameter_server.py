"""The parameter server: equal to one process when all wait for all, bounded otherwise."""

import threading
import time

import numpy as np
import pytest

from mlmastery.distributed_training.communicator import TRANSPORTS, run_ranks
from mlmastery.distributed_training.parameter_server import run_parameter_server
from mlmastery.distributed_training.wire import Message, PeerLost

RNG = np.random.default_rng(0)
X, TRUTH = RNG.normal(size=(12, 24, 5)), np.arange(5.0)  # batches of 24 rows
Y = X @ TRUTH + RNG.normal(size=(12, 24))


def gradient_on(rank, n_workers, pause=0.0):
    """Return the gradient of mean squared error on one worker's rows of each batch."""

    def gradient(parameters, step):
        time.sleep(pause)
        A = np.split(X[step], n_workers)[rank - 1]
        b = np.split(Y[step], n_workers)[rank - 1]
        return 2 * A.T @ (A @ parameters - b) / len(b)

    return gradient


def serve(n_workers, transport="threads", pauses=None, **options):
    def work(c):
        pause = (pauses or {}).get(c.rank, 0.0)
        gradient = gradient_on(c.rank, n_workers, pause)
        return run_parameter_server(c, np.zeros(5), gradient, **options)

    return run_ranks(work, n_workers + 1, transport)[0]


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("n_workers", [1, 2, 4])
def test_synchronous_equals_one_process_with_the_large_batch(transport, n_workers):
    alone = np.zeros(5)
    for step in range(12):
        alone -= 0.1 * gradient_on(1, 1)(alone, step)
    result = serve(n_workers, transport, n_steps=12)
    np.testing.assert_allclose(result.parameters, alone, rtol=1e-12)
    assert set(result.ages) == {0}


@pytest.mark.parametrize("staleness", [1, 3])
def test_nobody_is_further_ahead_than_the_bound_and_it_is_reached(staleness):
    pauses = {1: 0.0, 2: 0.02, 3: 0.0}
    result = serve(3, pauses=pauses, n_steps=12, staleness=staleness)
    assert max(result.leads) == staleness
    assert max(result.ages) >= 1
    assert result.steps == {1: 12, 2: 12, 3: 12}


def test_stale_gradients_still_find_the_minimum():
    def work(c):
        def gradient(parameters, step):
            return parameters - TRUTH

        options = {"n_steps": 200, "staleness": 2, "learning_rate": 0.1}
        return run_parameter_server(c, np.zeros(5), gradient, **options)

    result = run_ranks(work, 4)[0]
    np.testing.assert_allclose(result.parameters, TRUTH, atol=1e-6)


def serve_with_one_that_leaves(n_steps, staleness, **options):
    """Return the result where the second of three workers leaves in its fourth step."""

    def work(c):
        def gradient(parameters, step):
            if c.rank == 2:
                time.sleep(0.01)  # the others are ahead of it when it leaves
            if c.rank == 2 and step == 3:
                c.close()
            return parameters - TRUTH

        try:
            return run_parameter_server(
                c,
                np.zeros(5),
                gradient,
                n_steps=n_steps,
                staleness=staleness,
                **options,
            )
        except RuntimeError:  # rank 2 has closed its communicator
            return None

    return run_ranks(work, 4)[0]


@pytest.mark.parametrize("staleness", [0, 2])
def test_a_worker_that_leaves_is_not_waited_for(staleness):
    result = serve_with_one_that_leaves(100, staleness)
    assert result.lost == [2]
    assert result.steps == {1: 100, 3: 100}
    np.testing.assert_allclose(result.parameters, TRUTH, atol=1e-3)


@pytest.mark.parametrize("staleness", [0, 4])
def test_a_worker_that_leaves_in_its_last_step_is_not_waited_for(staleness):
    """The others have sent all that they will: no message follows that would tell."""
    told = []
    result = serve_with_one_that_leaves(
        4, staleness, timeout=1.0, on_round=lambda n_done, *_: told.append(n_done)
    )
    assert result.lost == [2]
    assert result.steps == {1: 4, 3: 4}
    assert told == [1, 2, 3, 4]


@pytest.mark.parametrize("n_messages", [1, 2])
def test_a_worker_that_leaves_before_its_answer_costs_itself_alone(n_messages):
    """It asks for parameters, or does its last step, and does not wait for what comes."""
    gone = threading.Event()

    def work(c):
        if c.rank == 0 and n_messages == 1:
            gone.wait(5)
        if c.rank != 2:
            return run_parameter_server(c, np.zeros(5), late, n_steps=1, staleness=1)
        c.send(0, Message("pull", {"step": 0}))
        if n_messages == 2:
            c.receive(0, 5)
            arrays = {"gradient": np.zeros(5), "loss": np.array(0.0)}
            c.send(0, Message("push", {"step": 0}, arrays))
        c.close()
        gone.set()

    def late(parameters, step):
        gone.wait(5)
        return parameters - TRUTH

    result = run_ranks(work, 3)[0]
    assert result.steps[1] == 1
    assert (result.parameters != 0).any()


def test_no_worker_left():
    def work(c):
        if c.rank > 0:
            return None
        with pytest.raises(PeerLost):
            run_parameter_server(c, np.zeros(1), None, n_steps=3)

    run_ranks(work, 2)


def test_a_silent_worker_has_a_deadline():
    def work(c):
        if c.rank > 0:
            time.sleep(0.6)
            return None
        with pytest.raises(TimeoutError):
            run_parameter_server(c, np.zeros(1), None, n_steps=3, timeout=0.3)

    run_ranks(work, 2)


@pytest.mark.parametrize(
    ("n", "options", "words"),
    [
        (1, {}, "at least one worker"),
        (2, {"staleness": -1}, "staleness must be at least 0, got -1"),
    ],
)
def test_bad_arguments(n, options, words):
    def work(c):
        run_parameter_server(c, np.zeros(1), None, n_steps=1, **options)

    with pytest.raises(ValueError, match=words):
        run_ranks(work, n)


def test_a_gradient_of_another_shape_is_named():
    def work(c):
        return run_parameter_server(
            c, np.zeros(4), lambda parameters, step: np.zeros(5), n_steps=1
        )

    with pytest.raises(ValueError, match=r"worker 1 sent a gradient of shape \(5,\)"):
        run_ranks(work, 2)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"n_steps": 0}, "n_steps must be a whole number of at least 1, got 0"),
        ({"n_steps": 1.5}, "n_steps must be a whole number"),
        ({"staleness": 1.5}, "staleness must be a whole number"),
        ({"staleness": "a"}, "staleness must be a whole number"),
        ({"learning_rate": np.nan}, "learning_rate must be a number"),
        ({"learning_rate": -1}, "learning_rate must be a number of at least 0, got -1"),
    ],
)
def test_settings_that_are_no_numbers_of_their_kind_are_named(options, words):
    def work(c):
        run_parameter_server(c, np.zeros(1), None, **{"n_steps": 1} | options)

    with pytest.raises(ValueError, match=words):
        run_ranks(work, 2)


def test_a_gradient_may_be_a_list():
    def work(c):
        return run_parameter_server(
            c, np.zeros(2), lambda parameters, step: [1.0, 2.0], n_steps=1
        )

    np.testing.assert_allclose(run_ranks(work, 2)[0].parameters, [-0.1, -0.2])


@pytest.mark.parametrize(
    ("rate", "late"), [(1.0, [0, -8, -8, 0, 8, 8, 0]), (0.25, [6, 4, 2.5, 1.5])]
)
def test_late_gradients_on_paper(rate, late):
    """As the page says of w squared / 2: harmless at a small rate, else for ever."""
    path = [8.0]
    for step in range(len(late)):
        path.append(path[-1] - rate * path[max(0, step - 1)])
    assert path[1:] == late
