"""Secure sums in few bits: the same sum, a quarter of the bytes, the same promise."""

import numpy as np
import pytest

from mlmastery.distributed_training.config import DistributedMLConfig
from mlmastery.distributed_training.engine import train
from mlmastery.distributed_training.grid import Grid, clipped_grid
from mlmastery.distributed_training.job import Job
from mlmastery.distributed_training.privacy import PrivacyAccountant

SHORT = {
    "secure": True,
    "privacy": {"clip": 1.0, "noise_multiplier": 0.0},
    "compression": {"method": "quantise", "bits": 8},
    "layers": (64, 10),
    "n_clients": 6,
    "rounds": 2,
}


@pytest.mark.parametrize("n_clients", [2, 100, 257, 258, 259, 5000])
def test_a_sum_of_the_largest_numbers_fits_into_the_bits_that_are_sent(n_clients):
    grid = clipped_grid(0.5, 8, n_clients)
    for sign in (1, -1):
        one = grid.encode(np.array([sign * 0.5]))
        total = np.multiply(one, np.uint64(n_clients)).astype(grid.dtype)
        assert grid.decode(total) == pytest.approx(sign * 0.5 * n_clients)


def test_masks_cut_to_the_same_bits_still_cancel():
    grid = clipped_grid(1.0, 8, 2)
    mask = np.random.default_rng(0).integers(2**64, size=9, dtype=np.uint64)
    x, y = np.linspace(-1, 1, 9), np.linspace(1, -0.5, 9)
    sent = [(grid.encode(x) + mask).astype(grid.dtype)]
    sent += [(grid.encode(y) - mask).astype(grid.dtype)]
    np.testing.assert_allclose(grid.decode(sent[0] + sent[1]), x + y, atol=grid.step)


def test_rounding_never_makes_an_update_longer_than_the_clip():
    job = Job(DistributedMLConfig(engine="local", learning_rate=5.0, epochs=3, **SHORT))
    parameters = job.model.get_parameters()
    for client in range(6):
        term = job.aggregation.summand(job.update(parameters, 0, client))
        rounded = job.aggregation.grid.decode(job.aggregation.grid.encode(term))
        assert 0.8 < np.linalg.norm(rounded) <= 1.0
        assert (term[-2:] == 0).all()  # neither rows nor loss are told


def test_a_number_beyond_the_bound_is_refused():
    for wrong in (1.01, np.nan, np.inf):
        with pytest.raises(ValueError, match="vectors must be finite and at most"):
            Grid(step=0.25, bound=1.0, width=16).encode(np.array([wrong]))


def test_short_sums_train_as_long_ones_do_and_send_a_quarter(tmp_path):
    runs = {}
    for name, changes in (("short", {}), ("long", {"compression": "none"})):
        config = DistributedMLConfig(
            engine="local", directory=str(tmp_path / name), **SHORT | changes
        )
        runs[name] = train(config)
    sent = {name: run.summary()["bytes"] for name, run in runs.items()}
    vectors = 2 * 6 * 652  # rounds, clients, numbers
    assert sent["long"] - sent["short"] == vectors * (8 - 2)
    gap = np.abs(runs["short"].parameters - runs["long"].parameters).max()
    assert 0 < gap < 0.1


def test_engines_agree_to_the_bit(tmp_path):
    ends = [
        train(
            DistributedMLConfig(
                engine=engine, directory=str(tmp_path / engine), **SHORT
            )
        ).parameters
        for engine in ("local", "processes")
    ]
    np.testing.assert_array_equal(*ends)


@pytest.mark.parametrize(("bits", "layers"), [(1, (64, 10)), (2, (64, 10))])
def test_levels_too_coarse_for_the_clip_are_refused(bits, layers):
    compression = {"method": "quantise", "bits": bits}
    config = DistributedMLConfig(
        engine="local", **SHORT | {"compression": compression, "layers": layers}
    )
    with pytest.raises(ValueError, match=f"compression to {bits} bits is too coarse"):
        Job(config)


def test_the_bound_of_rounding_is_what_the_worst_vector_reaches():
    grid = clipped_grid(1.0, 8, 100)
    worst = np.full(400, 0.499 * grid.step)
    moved = np.linalg.norm(grid.decode(grid.encode(worst)) - worst)
    assert 0.99 * grid.rounding(400) < moved <= grid.rounding(400)


PRIVATE = {
    "secure": True,
    "compression": {"method": "quantise", "bits": 8},
    "privacy": {"clip": 1.0, "noise_multiplier": 1.0, "delta": 1e-3},
    "client_fraction": 0.5,
}


def private_job():
    return Job(
        DistributedMLConfig(engine="local", layers=(64, 10), n_clients=6, **PRIVATE)
    )


def test_a_sum_beyond_what_its_clients_can_send_is_not_believed():
    job = private_job()
    ending, parameters = job.aggregation, job.model.get_parameters()
    total = np.zeros(parameters.size + 2)
    total[0] = 2.01 * ending.grid.bound
    closed = ending.close_sum(parameters, ending.start(), total, 2)
    assert (closed.n_clients, "some client lied" in closed.why_not) == (0, True)
    assert (closed.parameters != parameters).any()  # by the noise
    assert ending.close_sum(parameters, ending.start(), total, 3).n_clients == 3


def test_a_sum_that_is_too_long_is_brought_back_before_the_noise():
    job = private_job()
    ending, parameters = job.aggregation, job.model.get_parameters()
    ending._noisy = lambda total, privacy: total
    total = np.append(np.full(parameters.size, 1.0), [0.0, 0.0])
    closed = ending.close_sum(parameters, ending.start(), total, 3)
    moved = np.linalg.norm(closed.parameters - parameters)
    np.testing.assert_allclose(moved, 3.0, rtol=1e-4)


def test_a_round_is_charged_at_its_rate_and_divided_by_whom_it_expects():
    ending = private_job().aggregation
    expected = PrivacyAccountant()
    expected.step(noise_multiplier=1.0, sample_rate=0.5)
    assert ending.epsilon(ending.charge(ending.start())) == expected.epsilon(1e-3)
    ending.noise = np.random.default_rng(0)
    noise = np.random.default_rng(0).normal(size=5)
    mean = ending._noisy(np.ones(5), ending.privacy)
    np.testing.assert_allclose(mean, (1 + noise) / 3)


def test_coins_and_noise_follow_from_nothing_that_clients_know():
    one, other = private_job(), private_job()
    assert [one.clients(n) for n in range(9)] != [other.clients(n) for n in range(9)]
    assert one.aggregation.noise.normal() != other.aggregation.noise.normal()
