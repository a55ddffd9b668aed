"""Returns, targets and advantages, against sums written out by hand."""

import numpy as np
import pytest

from mlmastery.reinforcement_learning import discounted_returns, gae, td_target


def random_rollout(seed=0, n=12):
    rng = np.random.default_rng(seed)
    rewards, values, next_values = rng.normal(size=(3, n))
    ended = np.zeros(n, bool)
    ended[[4, 8, n - 1]] = True
    terminated = ended.copy()
    terminated[8] = False  # truncated
    return rewards, values, next_values, terminated, ended


def test_discounted_returns_equal_the_definition():
    rewards = np.random.default_rng(0).normal(size=20)
    slow = [sum(0.9**k * r for k, r in enumerate(rewards[t:])) for t in range(20)]
    np.testing.assert_allclose(discounted_returns(rewards, 0.9), slow)


def test_a_truncated_step_keeps_the_value_of_its_next_state():
    terminated = np.array([True, False])
    target = td_target(np.ones(2), np.full(2, 50.0), terminated, 0.99)
    np.testing.assert_allclose(target, [1.0, 50.5])


def test_gae_on_paper_three_steps():
    no = [False] * 3
    advantages = gae([1, 1, 1], [2, 1, 0.5], [1, 0.5, 0], no, no, 0.5, 0.5)
    # TD errors −0.5, 0.25, 0.5; then 0.5, 0.25 + 0.5/4, −0.5 + 0.375/4
    np.testing.assert_allclose(advantages, [-0.40625, 0.375, 0.5])


def test_gae_at_lambda_zero_is_the_td_error():
    rewards, values, next_values, terminated, ended = random_rollout()
    errors = td_target(rewards, next_values, terminated, 0.9) - values
    found = gae(rewards, values, next_values, terminated, ended, 0.9, 0.0)
    np.testing.assert_allclose(found, errors)


def test_gae_at_lambda_one_is_monte_carlo_minus_the_value():
    rewards, values, next_values, terminated, ended = random_rollout(n=12)
    next_values[:-1] = np.where(ended[:-1], next_values[:-1], values[1:])
    found = gae(rewards, values, next_values, terminated, ended, 0.9, 1.0)
    expected, start = [], 0
    for end in np.flatnonzero(ended):
        after = 0.0 if terminated[end] else next_values[end]
        part = slice(start, end + 1)
        expected += list(discounted_returns(rewards[part], 0.9, after) - values[part])
        start = end + 1
    np.testing.assert_allclose(found, expected)


def test_gae_handles_several_environments_as_columns():
    columns = [random_rollout(seed) for seed in (1, 2)]
    together = gae(
        *(np.stack(part, axis=1) for part in zip(*columns, strict=False)), 0.9, 0.8
    )
    for i, column in enumerate(columns):
        np.testing.assert_allclose(together[:, i], gae(*column, 0.9, 0.8))


def test_bad_input_is_named():
    with pytest.raises(ValueError, match=r"gamma must be .* at most 1, got 1\.01"):
        discounted_returns([1.0], 1.01)
    with pytest.raises(ValueError, match="rewards must be numbers, got 'high'"):
        discounted_returns(["high"], 0.9)
    with pytest.raises(ValueError, match="must have one shape"):
        gae([1.0], [1.0, 2.0], [1.0], [False], [False], 0.9, 0.9)
    with pytest.raises(ValueError, match="terminated must count as ended"):
        gae([1.0], [1.0], [1.0], [True], [False], 0.9, 0.9)
    with pytest.raises(ValueError, match="lam must be"):
        gae([1.0], [1.0], [1.0], [True], [True], 0.9, -0.1)
    with pytest.raises(ValueError, match="next_values must be finite, got nan"):
        gae([1.0], [1.0], [np.nan], [False], [True], 0.9, 0.9)
    with pytest.raises(ValueError, match="rewards must be finite, got nan"):
        discounted_returns([1.0, None], 0.9)
    with pytest.raises(ValueError, match="after must be finite, got inf"):
        discounted_returns([1.0], 0.9, after=np.inf)
    with pytest.raises(ValueError, match=r"one axis, got shape \(1, 2\)"):
        discounted_returns([[1.0, 2.0]], 0.9)
    with pytest.raises(ValueError, match="gamma must be"):
        td_target(1.0, 50.0, False, 2.0)
