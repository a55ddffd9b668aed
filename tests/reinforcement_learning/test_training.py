"""The loop: logs, stops, checkpoints, and a training that survives kill -9."""

import os
import pickle
import signal
import subprocess
import sys
import time

import gymnasium as gym
import numpy as np
import pytest
import torch

from mlmastery.checkpoints import CheckpointError, load_checkpoint, save_checkpoint
from mlmastery.reinforcement_learning import (
    DQN,
    ActorCritic,
    EpsilonGreedy,
    GymBatch,
    MonteCarlo,
    QLearning,
    Reinforce,
    Sarsa,
    VectorCartPole,
    evaluate,
    record_episode,
    train,
)

SMALL = {"batch_size": 32, "hidden": (16, 16), "buffer_size": 300}


def poles(**settings):
    return VectorCartPole(4, **settings)


def network_agent(kind, **settings):
    env = poles()
    own = SMALL if kind is DQN else {"hidden": (16, 16)}
    return kind(env.observation_space, env.action_space, **own, **settings)


def tabular_agent(kind):
    env = GymBatch("FrozenLake-v1")
    return kind(env.observation_space, env.action_space, explore=EpsilonGreedy(0.3))


def bits(agent):
    """Return all that learning depends on, as bytes."""

    def plain(value):
        if isinstance(value, torch.Tensor):
            return value.numpy().tobytes()
        if isinstance(value, np.ndarray):
            return value.tobytes()
        if isinstance(value, dict):
            return {k: plain(v) for k, v in value.items()}
        return [plain(v) for v in value] if isinstance(value, list | tuple) else value

    return pickle.dumps(plain(agent.state_dict()))


class Stop(Exception):
    pass


def stop_at(step):
    def watch(training):
        if training.rows[-1]["step"] >= step:
            raise Stop

    return watch


@pytest.mark.parametrize(
    "kind", [DQN, Reinforce, ActorCritic, QLearning, Sarsa, MonteCarlo]
)
def test_a_resumed_training_ends_with_the_same_bits(tmp_path, kind):
    networks = kind in (DQN, Reinforce, ActorCritic)
    make = (lambda: network_agent(kind)) if networks else (lambda: tabular_agent(kind))
    env = poles if networks else (lambda: GymBatch("FrozenLake-v1"))
    check = (lambda a: float(evaluate(a, poles(), 7).mean())) if networks else None
    path = tmp_path / "agent.pt"
    # 108 falls inside a rollout, an episode and between two updates.
    settings = {"check_every": 108, "check": check}
    whole, resumed = make(), make()
    first = train(whole, env(), 1000, **settings)
    with pytest.raises(Stop):
        train(resumed, env(), 1000, checkpoint=path, on_check=stop_at(540), **settings)
    fresh = make()
    second = train(fresh, env(), 1000, checkpoint=path, **settings)
    assert bits(fresh) == bits(whole)
    assert second.history.equals(first.history)
    assert second.best_step == first.best_step


CHILD = """
import sys
import torch
from mlmastery.reinforcement_learning import DQN, VectorCartPole, train
torch.set_num_threads(1)
env = VectorCartPole(4)
agent = DQN(env.observation_space, env.action_space, batch_size=32, hidden=(16, 16),
            buffer_size=300)
train(agent, env, 6000, check_every=200, checkpoint=sys.argv[1])
"""


def test_a_training_killed_by_kill_9_resumes_to_the_bit(tmp_path):
    path = tmp_path / "agent.pt"
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(path)])
    patience = time.monotonic() + 60
    while not path.exists() and time.monotonic() < patience:
        time.sleep(0.005)
    os.kill(child.pid, signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    saved = load_checkpoint(path, "agent")["progress"]["step"]
    assert 0 < saved < 6000
    whole, resumed = network_agent(DQN), network_agent(DQN)
    train(whole, poles(), 6000, check_every=200)
    train(resumed, poles(), 6000, check_every=200, checkpoint=path)
    assert bits(whole) == bits(resumed)


def test_two_runs_are_equal_in_every_action():
    def actions():
        seen = []
        agent = tabular_agent(QLearning)
        choose = agent.act
        agent.act = lambda states: seen.append(choose(states)) or seen[-1]
        train(agent, GymBatch("FrozenLake-v1"), 500)
        return np.concatenate(seen).tolist()

    assert actions() == actions()


def test_the_log_counts_episodes_and_their_scores():
    env = poles(max_steps=10)
    training = train(network_agent(DQN), env, 400, check_every=100)
    assert training.history["step"].tolist() == [100, 200, 300, 400]
    assert training.history["score"].max() <= 10
    assert training.history["episodes"].sum() >= 40


def test_it_stops_when_the_goal_is_reached_twice_in_a_row():
    scores = iter([5.0, 1.0, 5.0, 5.0, 5.0])
    training = train(
        network_agent(DQN), poles(), 800, check_every=100, goal=5, patience=2,
        check=lambda agent: next(scores),
    )  # fmt: skip
    assert training.history["check"].tolist() == [5, 1, 5, 5]
    assert training.stopped
    assert training.best_step == 400  # the last of equal checks


def test_the_best_policy_is_kept_as_it_was():
    scores = iter([1.0, 9.0, 2.0, 3.0])
    agent, kept = network_agent(DQN), []
    training = train(
        agent, poles(), 1600, check_every=400, check=lambda a: next(scores),
        on_check=lambda t: kept.append(agent.policy_state()),
    )  # fmt: skip
    assert training.best_step == 800
    for key, value in training.best.items():
        assert torch.equal(value, kept[1][key])
        assert not torch.equal(value, kept[3][key])
    agent.load_policy(training.best)
    assert torch.equal(agent.online[0].weight, training.best["0.weight"])


def test_evaluation_counts_the_first_episode_alone():
    class Push:
        def best_actions(self, states):
            return np.ones(len(states), int)

    scores = evaluate(Push(), VectorCartPole(50), 0)
    assert ((scores >= 7) & (scores <= 12)).all()
    assert (evaluate(Push(), VectorCartPole(3), 0, max_steps=5) == 5).all()
    env = gym.make("CartPole-v1")
    env.reset(seed=int(np.random.SeedSequence(0).generate_state(1)[0]))
    steps, end = 0, False
    while not end:
        _, _, end, _, _ = env.step(1)
        steps += 1
    assert evaluate(Push(), GymBatch("CartPole-v1"), 0)[0] == steps
    assert len(record_episode(Push(), "CartPole-v1", 0)) == steps + 1


def test_an_agent_in_another_environment_is_refused():
    with pytest.raises(
        ValueError, match="the spaces of the agent, 4 inputs and 2 actions"
    ):
        train(network_agent(DQN), GymBatch("Acrobot-v1"), 100)
    with pytest.raises(ValueError, match="the spaces of the agent"):
        train(tabular_agent(QLearning), GymBatch("Taxi-v4"), 100)


@pytest.fixture
def checkpoint(tmp_path):
    path = tmp_path / "agent.pt"
    train(network_agent(DQN), poles(), 200, checkpoint=path)
    return path


@pytest.mark.parametrize(
    ("make", "seed", "message"),
    [
        (lambda: network_agent(ActorCritic), 0, "agent is 'DQN' there"),
        (lambda: network_agent(DQN, gamma=0.9), 0, "gamma is 0.99 there, expected 0.9"),
        (lambda: network_agent(DQN), 1, "random_state is 0 there, expected 1"),
        (lambda: network_agent(DQN, epsilon=0.1), 0, "epsilon is 'Linear"),
        (lambda: network_agent(DQN, learning_rate=0.1), 0, "learning_rate is 'Linear"),
    ],
)
def test_a_checkpoint_of_another_training_is_refused(checkpoint, make, seed, message):
    with pytest.raises(CheckpointError, match=message):
        train(make(), poles(), 300, checkpoint=checkpoint, random_state=seed)


def test_a_checkpoint_of_another_environment_is_refused(checkpoint, tmp_path):
    # Rewards of another unit would be mixed with those in the replay buffer.
    with pytest.raises(CheckpointError, match="reward is 'survival' there"):
        train(network_agent(DQN), poles(reward="fall"), 300, checkpoint=checkpoint)
    with pytest.raises(CheckpointError, match="env is 'VectorCartPole' there"):
        train(
            network_agent(DQN), GymBatch("CartPole-v1", 4), 300, checkpoint=checkpoint
        )
    path = tmp_path / "table.pt"
    train(tabular_agent(QLearning), GymBatch("FrozenLake-v1"), 100, checkpoint=path)
    other = tabular_agent(QLearning)
    other.explore = EpsilonGreedy(0.1)
    with pytest.raises(CheckpointError, match="explore is"):
        train(other, GymBatch("FrozenLake-v1"), 200, checkpoint=path)


def test_a_checkpoint_without_a_training_is_named(tmp_path):
    save_checkpoint(tmp_path / "a.pt", {"q": np.zeros(2)}, "agent")
    with pytest.raises(CheckpointError, match="lacks agent, env, identity, training"):
        train(network_agent(DQN), poles(), 100, checkpoint=tmp_path / "a.pt")


def test_bad_numbers_are_named():
    with pytest.raises(ValueError, match="n_steps must be"):
        train(network_agent(DQN), poles(), 0)
    with pytest.raises(ValueError, match="patience must be"):
        train(network_agent(DQN), poles(), 10, patience=0)
    with pytest.raises(ValueError, match="env must have a method step, got 'CartPole"):
        train(network_agent(DQN), "CartPole-v1", 10)
    with pytest.raises(ValueError, match="agent must have a method learn, got None"):
        train(None, poles(), 10)
    with pytest.raises(ValueError, match="goal needs a check"):
        train(network_agent(DQN), poles(), 10, goal=500)
