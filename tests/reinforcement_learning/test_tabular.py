"""Tables of values: updates on paper, ties, and convergence to exact solutions."""

import gymnasium as gym
import numpy as np
import pytest

from mlmastery.reinforcement_learning import (
    Boltzmann,
    EpsilonGreedy,
    GridWorld,
    GymBatch,
    Linear,
    MonteCarlo,
    QLearning,
    Sarsa,
    greedy_action,
    train,
    value_iteration,
)

TWO = gym.spaces.Discrete(2)


def test_the_seeds_update_to_the_digit():
    agent = QLearning(TWO, TWO, gamma=0.5, learning_rate=0.1)
    agent.q[:] = [[1.0, 2.0], [3.0, 5.0]]
    agent.update(0, 1, 4.0, next_state=1, terminated=False)
    assert agent.q[0, 1] == pytest.approx(2 + 0.1 * (4 + 0.5 * 5 - 2))
    agent.update(0, 0, 4.0, next_state=1, terminated=True)
    assert agent.q[0, 0] == pytest.approx(1 + 0.1 * (4 - 1))


def test_sarsa_counts_on_the_action_that_it_then_does():
    worlds = GymBatch(lambda: GridWorld(["S...G"]))
    explore = EpsilonGreedy(1.0)
    agent = Sarsa(
        worlds.observation_space,
        worlds.action_space,
        explore=explore,
        learning_rate=1.0,
    )
    agent.q[:] = np.arange(20).reshape(5, 4)
    states = worlds.reset(0)
    for _ in range(50):
        actions = agent.act(states)
        before = agent.q.copy()
        step = worlds.step(actions)
        agent.learn(states, actions, step)
        if not step.ended[0]:
            following = agent._chosen[0]
            expected = (
                step.reward[0] + 0.99 * before[step.next_observation[0], following]
            )
            assert agent.q[states[0], actions[0]] == pytest.approx(expected)
            assert agent.act(step.observation).tolist() == [following]
            agent._chosen[0] = following
        else:
            assert agent.q[states[0], actions[0]] == step.reward[0]
            assert agent._chosen == {}
        states = step.observation


def test_monte_carlo_completes_a_truncated_return():
    worlds = GymBatch(lambda: gym.wrappers.TimeLimit(GridWorld(["S...G"]), 1))
    agent = MonteCarlo(
        worlds.observation_space, worlds.action_space, gamma=0.5, learning_rate=1.0
    )
    agent.q[1] = [0.0, 0.0, 8.0, 0.0]
    states = worlds.reset(0)
    right = np.array([2])
    agent.learn(states, right, worlds.step(right))
    assert agent.q[0, 2] == 4.0


@pytest.mark.parametrize("method", [QLearning, Sarsa, MonteCarlo])
def test_they_learn_the_values_of_a_small_world(method):
    worlds = GymBatch(lambda: GridWorld(["S..G"]))
    # SARSA and Monte Carlo learn the values of what they do: exploration must end.
    agent = method(
        worlds.observation_space, worlds.action_space, gamma=0.9,
        explore=EpsilonGreedy(Linear(0.5, 0.0, 8000)),
    )  # fmt: skip
    train(agent, worlds, n_steps=12_000)
    optimum = value_iteration(GridWorld(["S..G"]).P, 0.9).values
    np.testing.assert_allclose(agent.q.max(axis=1), optimum, atol=0.02)
    assert agent.best_actions([0, 1, 2]).tolist() == [2, 2, 2]


def test_greedy_draws_ties_evenly():
    rng = np.random.default_rng(0)
    draws = [greedy_action(np.zeros(4), rng) for _ in range(1000)]
    assert ((np.bincount(draws) >= 200) & (np.bincount(draws) <= 300)).all()


def test_a_fresh_agent_tries_all_actions_evenly():
    agent = QLearning(TWO, gym.spaces.Discrete(4), explore=EpsilonGreedy(0.0))
    draws = [int(agent.act(np.array([0]))[0]) for _ in range(1000)]
    assert ((np.bincount(draws) >= 200) & (np.bincount(draws) <= 300)).all()


@pytest.mark.parametrize("explore", [EpsilonGreedy(0.3), Boltzmann(0.5)])
def test_choices_follow_their_probabilities(explore):
    q, rng = np.array([0.0, 1.0, 1.0]), np.random.default_rng(0)
    draws = np.bincount([explore.choose(q, 0, rng) for _ in range(4000)], minlength=3)
    np.testing.assert_allclose(draws / 4000, explore.probabilities(q), atol=0.03)
    assert explore.probabilities(q).sum() == pytest.approx(1)


def test_boltzmann_on_paper_and_without_overflow():
    chances = Boltzmann(2.0).probabilities(np.array([0.0, 2.0]))
    assert chances[1] == pytest.approx(np.e / (1 + np.e))
    assert np.isfinite(Boltzmann(1e-3).probabilities(np.array([0.0, 1000.0]))).all()


def test_epsilon_follows_its_schedule():
    agent = QLearning(TWO, TWO, explore=EpsilonGreedy(Linear(1.0, 0.0, 10)))
    agent.q[0] = [0.0, 1.0]
    assert agent.explore.probabilities(agent.q[0], 0).tolist() == [0.5, 0.5]
    assert agent.explore.probabilities(agent.q[0], 10).tolist() == [0.0, 1.0]


def test_action_zero_is_an_action():
    agent = QLearning(TWO, TWO, explore=EpsilonGreedy(0.0))
    agent.q[0] = [1.0, 0.0]
    assert {int(agent.act(np.array([0]))[0]) for _ in range(20)} == {0}


def test_wrong_spaces_and_numbers_are_named():
    box = gym.spaces.Box(-1, 1, (2,))
    with pytest.raises(ValueError, match="keeps a table and needs a Discrete"):
        QLearning(box, TWO)
    with pytest.raises(ValueError, match="Sarsa needs a Discrete action space"):
        Sarsa(TWO, box)
    with pytest.raises(ValueError, match="starts at 0"):
        QLearning(TWO, gym.spaces.Discrete(2, start=1))
    with pytest.raises(ValueError, match="learning_rate must be"):
        QLearning(TWO, TWO, learning_rate=1.5)
    with pytest.raises(ValueError, match="epsilon must be"):
        EpsilonGreedy(1.1)
    with pytest.raises(ValueError, match="temperature must be a number above 0"):
        Boltzmann(0.0)
    with pytest.raises(ValueError, match="n_steps must be"):
        Linear(1.0, 0.0, 0)
    with pytest.raises(ValueError, match="initial_value must be"):
        QLearning(TWO, TWO, initial_value=np.nan)
    with pytest.raises(ValueError, match=r"explore must be such as .*, got 0\.1"):
        QLearning(TWO, TWO, explore=0.1)
    for state in (-1, 2):
        with pytest.raises(ValueError, match=f"state must be from 0 to 1, got {state}"):
            QLearning(TWO, TWO).act(np.array([state]))
    with pytest.raises(ValueError, match="reward must be finite, got a target of nan"):
        QLearning(TWO, TWO).update(0, 0, np.nan, 1, False)
    with pytest.raises(ValueError, match="q must be numbers"):
        greedy_action(np.array([0.0, np.nan]), np.random.default_rng(0))
