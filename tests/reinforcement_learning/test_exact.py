"""Exact solutions: paper, two algorithms against each other, and published worlds."""

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from mlmastery.reinforcement_learning import (
    GridWorld,
    Model,
    finite_horizon_values,
    greedy_policy,
    policy_iteration,
    policy_values,
    value_iteration,
)


def world(name):
    return gym.make(name).unwrapped


def test_four_cells_on_paper():
    values = value_iteration(GridWorld(["S..G"], slip=0.2).P, 0.9).values
    ratio = 0.8 * 0.9 / (1 - 0.2 * 0.9)
    nearest = 0.8 / (1 - 0.2 * 0.9)
    np.testing.assert_allclose(
        values, [nearest * ratio**2, nearest * ratio, nearest, 0]
    )


def test_first_sweeps_on_paper():
    P = GridWorld(["S..G"], slip=0.2).P
    model, values = Model(P), np.zeros(4)
    sweeps = []
    for _ in range(2):
        values = model.q_values(values, 0.9).max(axis=1)
        sweeps.append(values)
    np.testing.assert_allclose(sweeps, [[0, 0, 0.8, 0], [0, 0.576, 0.944, 0]])


def test_taxi_optimum_over_its_300_starts():
    taxi = world("Taxi-v4")
    starts = taxi.initial_state_distrib
    assert (starts > 0).sum() == 300
    assert value_iteration(taxi.P, 1.0).values @ starts == pytest.approx(7.93)
    assert value_iteration(taxi.P, 0.99).values @ starts == pytest.approx(
        6.3275, abs=5e-5
    )


def test_frozen_lake_optimum_and_its_time_limit():
    lake = world("FrozenLake-v1")
    solved = value_iteration(lake.P, 0.99)
    assert solved.values[0] == pytest.approx(0.5420, abs=5e-5)
    within = finite_horizon_values(lake.P, 100, solved.policy)[0]
    assert within == pytest.approx(0.7402, abs=5e-5)
    assert finite_horizon_values(lake.P, 100)[0] == pytest.approx(0.7442, abs=5e-5)


def test_cliff_optimum():
    assert value_iteration(world("CliffWalking-v1").P, 1.0).values[36] == -13


@pytest.mark.parametrize("name", ["FrozenLake-v1", "FrozenLake8x8-v1", "Taxi-v4"])
def test_policy_iteration_agrees_with_value_iteration(name):
    P = Model(world(name).P)
    by_values, by_policies = value_iteration(P, 0.99), policy_iteration(P, 0.99)
    np.testing.assert_allclose(by_values.values, by_policies.values, atol=1e-7)
    assert by_policies.n_sweeps < by_values.n_sweeps


def test_values_of_a_policy_equal_simulated_returns():
    grid = GridWorld(["S.X", "..G"], slip=0.3)
    chances = np.full((6, 4), 0.25)
    exact = policy_values(grid.P, chances, 0.9)[0]
    rng, returns = np.random.default_rng(0), []
    grid.reset(seed=0)
    for _ in range(3000):
        grid.reset()
        total, weight, end = 0.0, 1.0, False
        while not end:
            _, reward, end, _, _ = grid.step(int(rng.integers(4)))
            total, weight = total + weight * reward, 0.9 * weight
        returns.append(total)
    error = np.std(returns) / 3000**0.5
    assert abs(np.mean(returns) - exact) < 4 * error


def test_finite_horizon_counts_the_steps():
    loop = {0: {0: [(1.0, 0, 1.0, False)]}}
    np.testing.assert_allclose(finite_horizon_values(loop, 3, gamma=0.5), [1.75])
    assert finite_horizon_values(loop, 0)[0] == 0
    two = {0: {0: [(1.0, 0, 1.0, False)], 1: [(1.0, 0, 3.0, False)]}}
    assert finite_horizon_values(two, 2, policy=[0])[0] == 2
    assert finite_horizon_values(two, 2)[0] == 6


def test_greedy_ties_survive_rounding_errors():
    P = {0: {0: [(1.0, 0, 0.3, True)], 1: [(1.0, 0, 0.1 + 0.2, True)]}}
    assert greedy_policy(P, np.zeros(1), 0.9).tolist() == [0]


def test_a_world_without_end_is_refused():
    loop = {0: {0: [(1.0, 0, 1.0, False)]}}
    with pytest.raises(RuntimeError, match="still change by 1 after 50 sweeps"):
        value_iteration(loop, 1.0, max_sweeps=50)
    with pytest.raises(ValueError, match="may go on for ever"):
        policy_values(loop, [0], 1.0)


def test_probabilities_that_do_not_sum_to_one_are_named():
    with pytest.raises(ValueError, match=r"state 0, action 1 must sum to 1, got 0\.9"):
        Model({0: {0: [(1.0, 0, 0, True)], 1: [(0.9, 0, 0, True)]}})


def test_our_grid_passes_gymnasiums_checker():
    grid = GridWorld(["S.#G", "..X.", "...."], slip=0.1)
    check_env(grid, skip_render_check=True)


def test_walls_edges_and_traps():
    grid = GridWorld(["S#G", ".X."], step_reward=-0.1)
    assert grid.P[0][2] == [(1.0, 0, -0.1, False)]  # a wall
    assert grid.P[0][0] == [(1.0, 0, -0.1, False)]  # the edge
    assert grid.P[0][3] == [(1.0, 0, -0.1, False)]  # the upper edge
    assert grid.P[3][2] == [(1.0, 4, -1.0, True)]  # a trap
    assert grid.P[5][3] == [(1.0, 2, 1.0, True)]  # the goal
    assert grid.P[2][0] == [(1.0, 2, 0.0, True)]  # nothing follows the goal


def test_the_grid_moves_with_its_probabilities():
    grid = GridWorld(["S.G"], slip=0.25)
    grid.reset(seed=0)
    stayed = 0
    for _ in range(2000):
        grid.reset()
        stayed += grid.step(2)[0] == 0
    assert 400 < stayed < 600


def test_the_map_is_drawn():
    grid = GridWorld(["S.", "#G"], render_mode="ansi")
    grid.reset(seed=0)
    grid.step(2)
    assert grid.render() == "S@\n#G"
    assert GridWorld().render() is None


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["S.", "G"], "one length"),
        (["SxG"], "signs S, G, X"),
        (["S.."], "at least one G"),
        (["SSG"], "one S"),
    ],
)
def test_bad_maps_are_refused(rows, message):
    with pytest.raises(ValueError, match=message):
        GridWorld(rows)


def test_bad_actions_are_refused():
    grid = GridWorld()
    grid.reset(seed=0)
    with pytest.raises(ValueError, match="action must be 0, 1, 2 or 3, got 4"):
        grid.step(4)


def test_empty_worlds_and_missing_rewards_are_named():
    with pytest.raises(ValueError, match="at least one state and one action"):
        Model({})
    with pytest.raises(ValueError, match="rewards of state 0, action 0 must be finite"):
        Model({0: {0: [(1.0, 0, float("nan"), True)]}})
    with pytest.raises(ValueError, match="must sum to 1, got nan"):
        Model({0: {0: [(float("nan"), 0, 1.0, True)]}})
    with pytest.raises(ValueError, match="next states must be from 0 to 0, got -1"):
        Model({0: {0: [(1.0, -1, 1.0, True)]}})
    with pytest.raises(ValueError, match=r"actions 0 to 0 in state 1, got \[0, 1\]"):
        Model({s: {a: [(1.0, 0, 1.0, True)] for a in range(s + 1)} for s in (0, 1)})
    with pytest.raises(ValueError, match="P must be a dict of dicts"):
        value_iteration([[[(1.0, 0, 1.0, True)]]], 0.9)
    end = {0: {0: [(1.0, 0, 1.0, True)]}}
    for values in (policy_values, lambda p, a, g: finite_horizon_values(p, 3, a, g)):
        with pytest.raises(ValueError, match="policy must have 1 actions"):
            values(end, [0, 0], 0.9)
        with pytest.raises(ValueError, match="actions from 0 to 0, got"):
            values(end, [1], 0.9)
    with pytest.raises(ValueError, match="rows must be a list of texts"):
        GridWorld("S.G")
