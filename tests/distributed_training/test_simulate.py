"""Ten thousand simulated clients, against arithmetic."""

import time

import numpy as np
import pandas as pd
import pytest

from mlmastery.distributed_training.simulate import (
    DAY,
    Population,
    make_population,
    simulate_buffered,
    simulate_synchronous,
)

MODES = [simulate_synchronous, simulate_buffered]


def alike(n_clients=100, **options):
    rng = np.random.default_rng(0)
    return make_population(n_clients, rng, spread=0, hours_open=24, **options)


def run(simulate, population, n=10, seed=0, **options):
    options = {"goal": 10, "n_bytes": 1000} | options
    return simulate(population, n, rng=np.random.default_rng(seed), **options)


# --- who is there --------------------------------------------------------------------


def test_availability_follows_the_hours():
    population = Population(
        *(np.ones(3) for _ in range(3)),
        opens_at=np.array([0.0, 23 * 3600.0, 12 * 3600.0]),
        open_for=np.array([3600.0, 7200.0, DAY]),
    )
    assert population.available(1800.0).tolist() == [0, 1, 2]
    assert population.available(3600.0 * 5).tolist() == [2]
    assert population.available(DAY * 3 + 1800.0).tolist() == [0, 1, 2]
    np.testing.assert_allclose(population.seconds_left(1800.0), [1800, 1800, np.inf])


def test_share_available_is_the_share_of_the_day():
    clients = make_population(5000, np.random.default_rng(0), hours_open=6, night=0.0)
    shares = [len(clients.available(h * 3600.0)) / 5000 for h in range(24)]
    assert np.abs(np.array(shares) - 0.25).max() < 5 * np.sqrt(0.25 * 0.75 / 5000)


# --- rounds --------------------------------------------------------------------------


def test_clients_alike_take_the_seconds_of_arithmetic():
    population = alike(rows=100, seconds_per_row=1e-2, seconds_per_byte=1e-4)
    rounds = run(simulate_synchronous, population, epochs=3)
    np.testing.assert_allclose(rounds.seconds, 3 * 100 * 1e-2 + 2 * 1000 * 1e-4)
    assert (rounds.received == 10).all()
    assert rounds.done.all()
    assert (rounds.n_bytes == 1000 * (13 + 10)).all()


@pytest.mark.parametrize("simulate", MODES)
def test_the_servers_one_connection_is_a_queue(simulate):
    """Ten updates that arrive together leave it one after the other."""
    population = alike(rows=100, seconds_per_row=1e-2, seconds_per_byte=0.0)
    rounds = run(simulate, population, n=1, server_seconds_per_byte=1e-3)
    assert rounds.seconds[0] == pytest.approx(1 + 10 * 1000 * 1e-3)


def test_everybody_is_accounted_for():
    population = make_population(2000, np.random.default_rng(1), hours_open=0.5)
    rounds = run(simulate_synchronous, population, n=200, goal=20, deadline=60)
    accounted = rounds.received + rounds.late + rounds.lost
    np.testing.assert_array_equal(accounted, rounds.started)
    np.testing.assert_allclose(rounds.start.diff()[1:], rounds.seconds[:-1])


def test_a_round_is_over_at_its_deadline():
    population = alike(rows=100, seconds_per_row=1.0)
    rounds = run(simulate_synchronous, population, deadline=30.0)
    assert not rounds.done.any()
    assert (rounds.seconds == 30).all()
    assert (rounds.received == 0).all()
    assert (rounds.late == 13).all()


def test_clients_that_leave_before_they_are_done_are_lost():
    population = make_population(
        500, np.random.default_rng(0), seconds_per_row=10.0, hours_open=0.25, night=0
    )
    rounds = run(simulate_synchronous, population, n=30, goal=2, deadline=7200)
    assert rounds.lost.sum() > 0.5 * rounds.started.sum()


def test_nobody_there_costs_the_deadline_and_not_forever():
    population = make_population(
        50, np.random.default_rng(0), hours_open=0.01, night=1.0
    )
    rounds = run(simulate_synchronous, population, n=5)
    assert rounds.seconds.eq(600).all()
    assert not rounds.done.any()
    moves = run(simulate_buffered, population, n=5, goal=50, patience=3600.0)
    assert len(moves) == 0


def test_asking_more_clients_than_needed_cuts_the_wait():
    population = make_population(2000, np.random.default_rng(0), spread=1.0)
    waits = [
        run(
            simulate_synchronous, population, n=50, goal=50, over_selection=o
        ).seconds.mean()
        for o in (1.0, 1.3, 2.0)
    ]
    assert waits == sorted(waits, reverse=True)
    assert waits[0] > 2 * waits[2]


def test_a_buffer_is_faster_but_stale():
    population = make_population(2000, np.random.default_rng(0), spread=1.0)
    waiting = run(simulate_synchronous, population, n=50, goal=50)
    buffered = run(simulate_buffered, population, n=50, goal=50, concurrency=65)
    assert buffered.seconds.mean() < 0.7 * waiting.seconds.mean()
    assert buffered.staleness.mean() > 0.5
    assert (waiting.staleness == 0).all()


def test_a_buffer_counts_what_goes_down_and_up():
    moves = run(simulate_buffered, alike(), n=5)
    assert moves.started.sum() - moves.received.sum() == 9  # at work when it ends
    assert (moves.n_bytes == 1000 * (moves.started + moves.received)).all()


@pytest.mark.parametrize("simulate", MODES)
def test_equal_seeds_give_equal_days(simulate):
    population = make_population(300, np.random.default_rng(0))
    one, two = (run(simulate, population) for _ in range(2))
    pd.testing.assert_frame_equal(one, two)
    assert not one.equals(run(simulate, population, seed=1))


@pytest.mark.parametrize("simulate", MODES)
def test_ten_thousand_clients_take_seconds(simulate):
    population = make_population(10_000, np.random.default_rng(0))
    start = time.process_time()
    rounds = run(simulate, population, n=200, goal=200)
    assert time.process_time() - start < 15
    assert len(rounds) == 200
    assert rounds.received.sum() >= 190 * 200


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: make_population(0, np.random.default_rng(0)), "n_clients"),
        (lambda: alike(night=2), "night"),
        (lambda: make_population(5, np.random.default_rng(0), hours_open=0), "hours"),
        (lambda: make_population(5, np.random.default_rng(0), spread=-1), "spread"),
        (lambda: run(simulate_synchronous, alike(), goal=101), "goal"),
        (lambda: run(simulate_synchronous, alike(), deadline=0), "deadline"),
        (lambda: run(simulate_buffered, alike(), n_bytes=-1), "n_bytes"),
        (lambda: run(simulate_buffered, alike(), concurrency=0), "concurrency"),
    ],
)
def test_bad_input_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
