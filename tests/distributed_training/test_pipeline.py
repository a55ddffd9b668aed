"""Layers on several workers: the same gradient, and the promised waiting."""

import numpy as np
import pytest

from mlmastery.distributed_training.communicator import run_ranks
from mlmastery.distributed_training.model import ModelWrapper
from mlmastery.distributed_training.pipeline import (
    bubble_fraction,
    most_remembered,
    pipeline_gradient,
    schedule,
    stage_layers,
    timeline,
)

LAYERS = (6, 8, 7, 5, 3)


@pytest.fixture(scope="module")
def batch():
    rng = np.random.default_rng(0)
    return rng.normal(size=(22, 6)), rng.integers(0, 3, 22)


def network():
    return ModelWrapper(layers=LAYERS, activation="tanh", dtype="float64")


@pytest.mark.parametrize("kind", ["gpipe", "1f1b"])
@pytest.mark.parametrize(("n_stages", "n_micro"), [(1, 3), (2, 1), (3, 4), (4, 8)])
def test_pipeline_equals_sequential(batch, kind, n_stages, n_micro):
    X, y = batch
    stages = run_ranks(
        lambda c: pipeline_gradient(c, network(), X, y, n_micro=n_micro, kind=kind),
        n_stages,
    )
    loss, gradient = network().loss_and_gradient(X, y)
    assert sum(s.loss for s in stages) == pytest.approx(loss, rel=1e-12)
    together = np.concatenate([s.gradient for s in stages])
    np.testing.assert_allclose(together, gradient, rtol=1e-9, atol=1e-15)


def test_pipeline_over_sockets_equals_sequential(batch):
    X, y = batch
    stages = run_ranks(
        lambda c: pipeline_gradient(c, network(), X, y), 2, transport="tcp"
    )
    together = np.concatenate([s.gradient for s in stages])
    np.testing.assert_allclose(together, network().loss_and_gradient(X, y)[1])


@pytest.mark.parametrize("n_stages", [1, 2, 4, 7])
@pytest.mark.parametrize("n_micro", [1, 3, 16])
@pytest.mark.parametrize("kind", ["gpipe", "1f1b"])
def test_waiting_is_the_bubble_of_the_formula(n_stages, n_micro, kind):
    times = timeline(schedule(kind, n_stages, n_micro))
    whole = max(end for _, end in times.values())
    assert len(times) == 2 * n_stages * n_micro
    idle = 1 - 3 * n_micro / whole  # a stage works 1 + 2 for each micro-batch
    assert idle == pytest.approx(bubble_fraction(n_stages, n_micro))


def test_no_pass_starts_before_what_it_needs():
    times = timeline(schedule("1f1b", 3, 5))
    for (stage, kind, k), (start, _) in times.items():
        if kind == "forward" and stage:
            assert start >= times[stage - 1, kind, k][1]
        if kind == "backward":
            assert start >= times[stage, "forward", k][1]
            if stage < 2:
                assert start >= times[stage + 1, kind, k][1]


def test_one_forward_one_backward_remembers_less(batch):
    X, y = batch

    def remembered(kind):
        stages = run_ranks(
            lambda c: pipeline_gradient(c, network(), X, y, n_micro=8, kind=kind), 3
        )
        return [s.remembered for s in stages]

    assert remembered("gpipe") == [8, 8, 8]
    assert remembered("1f1b") == [3, 2, 1]
    assert [most_remembered(o) for o in schedule("1f1b", 3, 8)] == [3, 2, 1]


def test_orders_that_wait_for_each_other_are_found():
    with pytest.raises(ValueError, match="wait for each other"):
        timeline([[("backward", 0), ("forward", 0)]])


def test_stages_share_layers_evenly():
    assert [len(part) for part in stage_layers(7, 3)] == [3, 2, 2]
    with pytest.raises(ValueError, match="n_stages must lie between 1 and the 7"):
        stage_layers(7, 8)


def test_stages_of_two_schedules_notice(batch):
    X, y = batch

    def mixed(communicator):
        kind = ("gpipe", "1f1b")[communicator.rank]
        choices = {"n_micro": 4 + communicator.rank, "kind": kind, "timeout": 1.0}
        return pipeline_gradient(communicator, network(), X, y, **choices)

    with pytest.raises((ValueError, TimeoutError, ConnectionError)):
        run_ranks(mixed, 2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: schedule("zigzag", 2, 2), "schedule must be one of"),
        (lambda: schedule("gpipe", 0, 2), "must be at least 1"),
        (lambda: schedule("gpipe", 2, 0), "must be at least 1"),
    ],
)
def test_bad_schedules_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_too_many_micro_batches_are_refused(batch):
    X, y = batch
    with pytest.raises(ValueError, match="between 1 and 22 rows"):
        run_ranks(lambda c: pipeline_gradient(c, network(), X, y, n_micro=23), 1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: schedule("gpipe", 1.5, 2), "n_stages must be a whole number"),
        (lambda: schedule("gpipe", 2, "2"), "n_micro must be a whole number"),
        (lambda: bubble_fraction(0, 3), "n_stages must be a whole number of at least"),
        (lambda: bubble_fraction(2, 1.5), "n_micro must be a whole number"),
        (lambda: timeline([], forward=-1), "forward must be a number of at least 0"),
        (lambda: timeline([], backward=None), "backward must be a number"),
    ],
)
def test_bad_counts_and_times_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_two_stages_on_paper():
    whole = timeline(schedule("gpipe", 2, 1))
    cut = timeline(schedule("gpipe", 2, 3))
    assert max(end for _, end in whole.values()) == 6
    assert cut[1, "forward", 0][0] == 1
    assert cut[1, "backward", 0][0] == 4
    assert cut[0, "backward", 0][0] == 6
    assert cut[1, "backward", 2][1] == 10
    assert cut[0, "backward", 2][1] == 12
