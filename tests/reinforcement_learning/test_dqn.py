"""DQN: targets on paper, replay, target networks, and one update against PyTorch."""

import gymnasium as gym
import numpy as np
import pytest
import torch
from torch import nn

from mlmastery.reinforcement_learning import (
    DQN,
    DuelingNetwork,
    ReplayBuffer,
    VectorCartPole,
    make_network,
    q_targets,
    soft_update,
)

BOX, TWO = gym.spaces.Box(-1, 1, (3,)), gym.spaces.Discrete(2)


class Fixed(nn.Module):
    def __init__(self, *rows):
        super().__init__()
        self.rows = torch.tensor(rows)

    def forward(self, x):
        return self.rows


def batch(n=8, seed=0):
    rng = np.random.default_rng(seed)
    return (
        rng.normal(size=(n, 3)).astype(np.float32),
        rng.integers(2, size=n),
        rng.normal(size=n).astype(np.float32),
        rng.normal(size=(n, 3)).astype(np.float32),
        (rng.random(n) < 0.3).astype(np.float32),
    )


@pytest.mark.parametrize(
    ("double", "expected"), [(False, [5.0, 1.0]), (True, [3.5, 1.0])]
)
def test_targets_on_paper(double, expected):
    online = Fixed([1.0, 4.0, 2.0], [0.0, 0.0, 1.0])
    target = Fixed([6.0, 3.0, 5.0], [9.0, 9.0, 9.0])
    rewards, ends = torch.tensor([2.0, 1.0]), torch.tensor([0.0, 1.0])
    y = q_targets(online, target, rewards, torch.zeros(2, 1), ends, 0.5, double)
    assert y.tolist() == expected


def test_the_targets_values_come_from_the_target_network():
    agent = DQN(BOX, TWO, double=False)
    soft_update(agent.target, make_network(3, (64, 64), 2, random_state=9), 1.0)
    _states, _actions, rewards, following, ends = batch()
    y = q_targets(
        agent.online, agent.target, torch.from_numpy(rewards),
        torch.from_numpy(following), torch.from_numpy(ends), 0.99, False,
    )  # fmt: skip
    with torch.no_grad():
        best = agent.target(torch.from_numpy(following)).max(1).values.numpy()
    np.testing.assert_allclose(y, rewards + 0.99 * best * (1 - ends), rtol=1e-6)


def test_one_update_equals_the_same_in_plain_pytorch():
    agent = DQN(BOX, TWO, target="hard", double=False, learning_rate=0.01)
    states, actions, rewards, following, ends = batch()
    copy = make_network(3, (64, 64), 2, random_state=0)
    adam = torch.optim.Adam(copy.parameters(), 0.01)
    with torch.no_grad():
        y = copy(torch.from_numpy(following)).max(1).values
        y = torch.from_numpy(rewards) + 0.99 * y * (1 - torch.from_numpy(ends))
    q = copy(torch.from_numpy(states))[torch.arange(8), torch.from_numpy(actions)]
    expected = nn.HuberLoss()(q, y)
    expected.backward()
    nn.utils.clip_grad_norm_(copy.parameters(), 10.0)
    adam.step()
    loss = agent.update(states, actions, rewards, following, ends)
    assert loss == pytest.approx(expected.item(), rel=1e-6)
    for ours, theirs in zip(agent.online.parameters(), copy.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs)


@pytest.mark.parametrize(("kind", "after"), [("hard", [0, 0, 1]), ("soft", [1, 1, 1])])
def test_target_networks_follow(kind, after):
    agent = DQN(BOX, TWO, target=kind, target_every=3, tau=0.5)
    first = [p.clone() for p in agent.target.parameters()]
    for moved in after:
        before = [p.clone() for p in agent.target.parameters()]
        agent.update(*batch())
        now = list(agent.target.parameters())
        assert bool(moved) != all(map(torch.equal, before, now))
        if kind == "soft":
            for old, new, online in zip(
                before, now, agent.online.parameters(), strict=False
            ):
                torch.testing.assert_close(new, (old + online) / 2)
    if kind == "hard":
        assert all(
            map(torch.equal, agent.target.parameters(), agent.online.parameters())
        )
    assert not all(map(torch.equal, first, agent.target.parameters()))


def test_without_a_target_network_the_online_one_is_used():
    agent = DQN(BOX, TWO, target="none")
    before = [p.clone() for p in agent.target.parameters()]
    agent.update(*batch())
    assert all(map(torch.equal, before, agent.target.parameters()))


def test_dueling_heads_add_up():
    net = DuelingNetwork(3, (8, 8), 4, random_state=1)
    x = torch.randn(5, 3, generator=torch.Generator().manual_seed(0))
    features = net.body(x)
    advantage = net(x) - net.value(features)
    torch.testing.assert_close(advantage.mean(1), torch.zeros(5), atol=1e-6, rtol=0)
    raw = net.advantage(features)
    torch.testing.assert_close(advantage, raw - raw.mean(1, keepdim=True))


def test_replay_forgets_the_oldest_and_draws_evenly():
    buffer = ReplayBuffer(4, 1)
    for x in range(6):
        buffer.add([[x]], [x % 2], [x], [[x + 0.5]], [x == 5])
    assert sorted(buffer.rewards.tolist()) == [2, 3, 4, 5]
    rows = buffer.sample(4000, np.random.default_rng(0))
    states, actions, rewards, following, ends = rows
    np.testing.assert_array_equal(states[:, 0], rewards)
    np.testing.assert_array_equal(following[:, 0], rewards + 0.5)
    np.testing.assert_array_equal(actions, rewards % 2)
    np.testing.assert_array_equal(ends, rewards == 5)
    counts = np.bincount(rewards.astype(int), minlength=6)[2:]
    assert ((counts > 850) & (counts < 1150)).all()


def test_replay_never_draws_an_empty_place():
    buffer = ReplayBuffer(100, 1)
    buffer.add([[1.0]] * 3, [1] * 3, [1.0] * 3, [[1.0]] * 3, [True] * 3)
    assert (buffer.sample(500, np.random.default_rng(0))[2] == 1).all()
    with pytest.raises(ValueError, match="buffer is empty"):
        ReplayBuffer(3, 1).sample(1, np.random.default_rng(0))
    with pytest.raises(ValueError, match="at most 2 fit at once, got 3"):
        ReplayBuffer(2, 1).add([[1]] * 3, [0] * 3, [0] * 3, [[1]] * 3, [0] * 3)


def test_epsilon_falls_with_the_iterations():
    agent = DQN(BOX, TWO, epsilon=lambda i: float(i < 1))
    states = np.zeros((2000, 3))
    assert 900 < agent.act(states).sum() < 1100
    agent.n_iterations = 1
    assert (agent.act(states) == agent.best_actions(states)).all()


def test_a_truncated_step_is_stored_as_not_terminated():
    poles = VectorCartPole(2, max_steps=1)
    agent = DQN(poles.observation_space, poles.action_space)
    states = poles.reset(0)
    step = poles.step(np.array([0, 1]))
    agent.learn(states, np.array([0, 1]), step)
    assert step.truncated.all()
    assert agent.buffer.terminated[:2].tolist() == [0, 0]
    np.testing.assert_array_equal(
        agent.buffer.next_observations[:2], step.next_observation
    )


def test_two_agents_of_one_seed_act_alike_and_leave_the_global_generator_alone():
    before = torch.random.get_rng_state()
    agents = [DQN(BOX, TWO, random_state=s) for s in (3, 3, 4)]
    states = np.random.default_rng(0).normal(size=(200, 3))
    acts = [agent.act(states).tolist() for agent in agents]
    assert acts[0] == acts[1] != acts[2]
    assert torch.equal(before, torch.random.get_rng_state())


@pytest.mark.parametrize(
    ("spaces", "message"),
    [
        ((BOX, gym.spaces.Box(-1, 1, (1,))), "DQN needs a Discrete action space"),
        ((gym.spaces.Discrete(4), TWO), "DQN needs a Box observation space"),
        ((gym.spaces.Box(0, 1, (8, 8)), TWO), "with one axis"),
    ],
)
def test_wrong_spaces_are_named(spaces, message):
    with pytest.raises(ValueError, match=message):
        DQN(*spaces)


@pytest.mark.parametrize(
    ("observation", "message"),
    [
        ([[0.0, np.nan, 0.0]], "must be finite, got nan in row 0, column 1"),
        ([[0.0, np.inf, 0.0]], "must be finite, got inf"),
        ([[0.0, 1.0]], r"must have shape \(n_envs, 3\), got \(1, 2\)"),
        ([0.0, 1.0, 2.0], r"must have shape \(n_envs, 3\), got \(3,\)"),
    ],
)
def test_bad_observations_are_named(observation, message):
    with pytest.raises(ValueError, match=message):
        DQN(BOX, TWO).act(observation)


def test_bad_settings_are_named():
    with pytest.raises(ValueError, match="target must be one of soft, hard, none"):
        DQN(BOX, TWO, target="slow")
    with pytest.raises(ValueError, match="tau must be a number above 0"):
        DQN(BOX, TWO, tau=0)
    with pytest.raises(ValueError, match="learning_rate must be a number above 0"):
        DQN(BOX, TWO, learning_rate=0)
    with pytest.raises(ValueError, match=r"epsilon must be .* at most 1, got 2"):
        DQN(BOX, TWO, epsilon=2)
    with pytest.raises(ValueError, match="at most buffer_size, 100, got 256"):
        DQN(BOX, TWO, buffer_size=100)
    with pytest.raises(ValueError, match="hidden must be a whole number"):
        DQN(BOX, TWO, hidden=(0,))
    with pytest.raises(ValueError, match="hidden must have at least one width"):
        DQN(BOX, TWO, hidden=(), dueling=True)


def test_an_epsilon_of_zero_is_greedy_and_not_the_default():
    agent, states = DQN(BOX, TWO, epsilon=0), np.zeros((500, 3))
    assert (agent.act(states) == agent.best_actions(states)).all()
