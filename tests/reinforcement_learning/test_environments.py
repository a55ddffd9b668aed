"""Several environments at once: ends, restarts, seeds, and equality with Gymnasium."""

import itertools

import gymnasium as gym
import numpy as np
import pytest

from mlmastery.reinforcement_learning import GymBatch, VectorCartPole


def walk(envs, n_steps, seed=0):
    rng = np.random.default_rng(seed)
    states, rows = envs.reset(seed), []
    for _ in range(n_steps):
        actions = rng.integers(2, size=envs.n_envs)
        step = envs.step(actions)
        rows.append((states, actions, step))
        states = step.observation
    return rows


def test_our_physics_equal_gymnasiums_step_by_step():
    poles, reference = VectorCartPole(1), gym.make("CartPole-v1")
    rng = np.random.default_rng(0)
    poles.reset(0)
    ends = 0
    for _ in range(500):
        reference.reset(seed=0)
        reference.unwrapped.state = poles.state[0].copy()
        action = rng.integers(2, size=1)
        seen, _, terminated, _, _ = reference.step(int(action[0]))
        step = poles.step(action)
        np.testing.assert_array_equal(step.next_observation[0], seen)
        assert step.terminated[0] == terminated
        ends += terminated
    assert ends > 10


@pytest.mark.parametrize("make", [VectorCartPole, lambda n: GymBatch("CartPole-v1", n)])
def test_transitions_add_up_to_episodes_and_join_no_two(make):
    rows = walk(make(4), 300)
    stored = sum(len(actions) for _, actions, _ in rows)
    lengths, running = [], np.zeros(4, int)
    for (_, _, step), following in itertools.pairwise(rows):
        running += 1
        lengths += running[step.ended].tolist()
        running[step.ended] = 0
        # What is acted on next is a start, what was reached is the fallen pole.
        assert (np.abs(step.observation[step.ended]) <= 0.05).all()
        assert (np.abs(step.next_observation[step.terminated]).max(axis=1) > 0.05).all()
        same = ~step.ended
        np.testing.assert_array_equal(
            step.observation[same], step.next_observation[same]
        )
        np.testing.assert_array_equal(following[0], step.observation)
    assert sum(lengths) + running.sum() + 4 == stored


def test_gymnasiums_vector_default_loses_a_step_at_every_end():
    envs = gym.make_vec("CartPole-v1", 1, vectorization_mode="sync")
    assert envs.metadata["autoreset_mode"].value == "NextStep"
    envs.reset(seed=0)
    ended = False
    while not ended:
        _, _, terminated, truncated, _ = envs.step(np.array([1]))
        ended = bool(terminated[0] or truncated[0])
    seen, reward, terminated, _, _ = envs.step(np.array([1]))
    assert reward[0] == 0  # the action was ignored
    assert not terminated[0]
    assert (np.abs(seen) <= 0.05).all()


def test_the_time_limit_truncates_and_does_not_terminate():
    poles = VectorCartPole(2, max_steps=3)
    steps = [step for _, _, step in walk(poles, 3)]
    assert [s.truncated.tolist() for s in steps] == [
        [False] * 2,
        [False] * 2,
        [True] * 2,
    ]
    assert not steps[-1].terminated.any()


def test_rewards_of_both_units():
    plain, fall = (walk(VectorCartPole(4, reward=r), 200) for r in ("survival", "fall"))
    assert all((step.reward == 1).all() for _, _, step in plain)
    for (_, _, a), (_, _, b) in zip(plain, fall, strict=True):
        np.testing.assert_array_equal(b.reward, np.where(a.terminated, -1.0, 0.0))
        assert (b.score == 1).all()


@pytest.mark.parametrize("make", [VectorCartPole, lambda n: GymBatch("CartPole-v1", n)])
def test_ten_episodes_start_in_ten_places_and_a_seed_repeats_them(make):
    def starts():
        rows = walk(make(1), 400, seed=3)
        return [tuple(s.observation[0]) for _, _, s in rows if s.ended[0]][:10]

    first = starts()
    assert len(set(first)) == 10
    assert first == starts()


def test_environments_of_one_batch_start_differently():
    assert len(np.unique(GymBatch("CartPole-v1", 5).reset(seed=0), axis=0)) == 5


@pytest.mark.parametrize("name", ["FrozenLake-v1", "CartPole-v1", "Taxi-v4"])
def test_a_saved_state_goes_on_to_the_bit(name):
    envs, rng = GymBatch(name, 3), np.random.default_rng(0)
    n_actions = int(envs.action_space.n)
    envs.reset(seed=0)
    actions = rng.integers(n_actions, size=(250, 3))
    for row in actions[:40]:
        envs.step(row)
    saved = envs.state_dict()
    expected = [envs.step(row) for row in actions[40:]]
    other = GymBatch(name, 3)
    other.reset(seed=5)
    other.load_state_dict(saved)
    for row, step in zip(actions[40:], expected, strict=True):
        again = other.step(row)
        np.testing.assert_array_equal(again.observation, step.observation)
        np.testing.assert_array_equal(again.truncated, step.truncated)


def test_lunar_lander_says_that_it_cannot_be_saved():
    pytest.importorskip("Box2D")
    envs = GymBatch("LunarLander-v3")
    envs.reset(seed=0)
    with pytest.raises(TypeError, match="cannot be saved"):
        envs.state_dict()


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="reward must be one of survival, fall"):
        VectorCartPole(2, reward="sparse")
    with pytest.raises(ValueError, match="n_envs must be"):
        GymBatch("CartPole-v1", 0)
    for envs in (VectorCartPole(3), GymBatch("CartPole-v1", 3)):
        envs.reset(0)
        with pytest.raises(ValueError, match=r"actions must be 3, got shape \(1,\)"):
            envs.step(np.array([1]))
        with pytest.raises(ValueError, match="actions must be from 0 to 1, got 7"):
            envs.step([0, 7, 1])
        with pytest.raises(ValueError, match="actions must be from 0 to 1, got -1"):
            envs.step([0, -1, 1])
        assert envs.step([0, 1, 1]).reward.tolist() == [1, 1, 1]
