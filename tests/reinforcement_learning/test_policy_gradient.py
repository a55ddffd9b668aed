"""REINFORCE and A2C: gradients by finite differences, baselines, detached targets."""

import gymnasium as gym
import numpy as np
import pytest
import torch
from torch import nn

from mlmastery.reinforcement_learning import (
    ActorCritic,
    Reinforce,
    VectorCartPole,
    critic_loss,
    episode_gradients,
    gae,
    log_probabilities,
)

BOX, THREE = gym.spaces.Box(-1, 1, (2,)), gym.spaces.Discrete(3)


def episode(n=6, seed=0):
    rng = np.random.default_rng(seed)
    states = rng.normal(size=(n, 2)).astype(np.float32)
    return states, rng.integers(3, size=n), rng.normal(size=n)


def test_log_probabilities_pass_the_gradient_check():
    policy = nn.Linear(2, 3).double()
    states = torch.randn(4, 2, dtype=torch.float64, requires_grad=True)
    actions = torch.tensor([0, 2, 1, 2])
    assert torch.autograd.gradcheck(
        lambda x: log_probabilities(policy, x, actions), states
    )
    expected = torch.distributions.Categorical(logits=policy(states)).log_prob(actions)
    torch.testing.assert_close(log_probabilities(policy, states, actions), expected)


def test_the_loss_raises_what_was_followed_by_large_returns():
    agent = Reinforce(BOX, THREE, baseline=False)
    states, actions, returns = episode()
    logs = torch.distributions.Categorical(
        logits=agent.policy(torch.from_numpy(states))
    ).log_prob(torch.from_numpy(actions))
    expected = -np.mean(logs.detach().numpy() * returns)
    assert agent.policy_loss(states, actions, returns).item() == pytest.approx(expected)


def test_a_baseline_is_subtracted_and_gets_no_gradient_from_the_policys_loss():
    agent = Reinforce(BOX, THREE)
    states, actions, returns = episode()
    less = Reinforce(BOX, THREE, baseline=False)
    advantages = returns - agent.state_values(states)
    expected = less.policy_loss(states, actions, advantages)
    loss = agent.policy_loss(states, actions, returns)
    torch.testing.assert_close(loss, expected)
    loss.backward()
    assert all(p.grad is None for p in agent.value.parameters())


def test_a_constant_baseline_leaves_the_mean_gradient_on_paper():
    # p(1) = 1/2, returns 10 and 11: the estimates are −5 and 5.5, or 1/4 and 1/4.
    for b, estimates in ((0.0, [-5.0, 5.5]), (10.5, [0.25, 0.25])):
        theta = torch.zeros(1, requires_grad=True)
        found = []
        for action, value in ((0, 10.0), (1, 11.0)):
            logits = torch.cat([torch.zeros(1), theta])[None]
            log = logits.log_softmax(1)[0, action]
            found.append(torch.autograd.grad(log * (value - b), theta)[0].item())
        assert found == pytest.approx(estimates)
        assert np.mean(found) == pytest.approx(0.25)


def test_both_gradients_are_of_the_same_episodes():
    poles = VectorCartPole(1)
    agent = Reinforce(poles.observation_space, poles.action_space)
    gradients = episode_gradients(agent, 40)
    nn.init.zeros_(agent.value[-1].weight)
    nn.init.zeros_(agent.value[-1].bias)
    agent.rng = np.random.default_rng(0)
    again = episode_gradients(agent, 40)  # a baseline of zero changes nothing
    np.testing.assert_array_equal(again["returns"], again["advantages"])
    assert gradients["returns"].shape == (40, 4610)
    assert agent.baseline


def test_a_truncated_return_is_completed_by_the_value():
    poles = VectorCartPole(1, max_steps=2)
    agent = Reinforce(poles.observation_space, poles.action_space, gamma=0.5)
    states = poles.reset(0)
    for _ in range(2):
        actions = agent.act(states)
        step = poles.step(actions)
        agent.learn(states, actions, step)
        states = step.observation
    after = agent.state_values(step.next_observation)[0]
    returns = agent._done[0][2]
    np.testing.assert_allclose(returns, [1 + 0.5 * (1 + 0.5 * after), 1 + 0.5 * after])


def test_actions_are_drawn_with_the_policys_probabilities():
    agent = Reinforce(BOX, THREE)
    states = np.full((6000, 2), 0.5, dtype=np.float32)
    with torch.no_grad():
        nn.init.normal_(
            agent.policy[-1].weight, generator=torch.Generator().manual_seed(0)
        )
        chances = agent.policy(torch.from_numpy(states[:1])).softmax(1)[0].numpy()
    counts = np.bincount(agent.act(states), minlength=3) / 6000
    np.testing.assert_allclose(counts, chances, atol=0.03)
    assert agent.best_actions(states[:1])[0] == chances.argmax()


def test_no_gradient_flows_through_the_critics_target():
    value = nn.Linear(2, 1)
    states = torch.randn(4, 2, requires_grad=True)
    following = torch.randn(4, 2, requires_grad=True)
    loss = critic_loss(value, states, torch.ones(4), following, torch.zeros(4), 0.99)
    loss.backward()
    assert following.grad is None
    assert states.grad.abs().sum() > 0
    with torch.no_grad():
        y = 1 + 0.99 * value(following).squeeze(1)
        expected = (value(states).squeeze(1) - y).square().mean()
    torch.testing.assert_close(loss.detach(), expected)


def test_an_update_of_a2c_equals_plain_pytorch():
    rng = np.random.default_rng(0)
    states = rng.normal(size=(4, 5, 2)).astype(np.float32)
    reached = rng.normal(size=(4, 5, 2)).astype(np.float32)
    actions, rewards = rng.integers(3, size=(4, 5)), rng.normal(size=(4, 5))
    ended = rng.random((4, 5)) < 0.3
    terminated = ended & (rng.random((4, 5)) < 0.5)
    settings = {"learning_rate": 0.01, "entropy_weight": 0.1, "lam": 0.8}
    agent, other = (ActorCritic(BOX, THREE, **settings) for _ in range(2))
    agent.update(states, actions, rewards, reached, terminated, ended)

    flat = torch.from_numpy(states.reshape(-1, 2))
    with torch.no_grad():
        values = other.value(flat).reshape(4, 5).double().numpy()
        following = other.value(torch.from_numpy(reached.reshape(-1, 2)))
        following = following.reshape(4, 5).double().numpy()
    a = gae(rewards, values, following, terminated, ended, 0.99, 0.8)
    returns, a = (torch.from_numpy(x.ravel()).float() for x in (a + values, a))
    a = (a - a.mean()) / (a.std() + 1e-8)
    spread = torch.distributions.Categorical(logits=other.policy(flat))
    loss = -(spread.log_prob(torch.from_numpy(actions.ravel())) * a).mean()
    loss = loss + 0.5 * (other.value(flat).squeeze(1) - returns).square().mean()
    (loss - 0.1 * spread.entropy().mean()).backward()
    nn.utils.clip_grad_norm_(other.parameters(), 0.5)
    torch.optim.Adam(other.parameters(), 0.01).step()
    for ours, theirs in zip(agent.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs)


def test_updates_come_when_the_rollout_is_full_and_rates_fall():
    poles = VectorCartPole(2)
    agent = ActorCritic(
        poles.observation_space, poles.action_space, rollout_steps=4, n_updates=10
    )
    states, counts = poles.reset(0), []
    for _ in range(8):
        actions = agent.act(states)
        step = poles.step(actions)
        agent.learn(states, actions, step)
        counts.append(agent.n_updates)
        states = step.observation
    assert counts == [0, 0, 0, 1, 1, 1, 1, 2]
    assert agent.optimizer.param_groups[0]["lr"] == pytest.approx(7e-3 * 0.9)


def test_wrong_spaces_and_settings_are_named():
    with pytest.raises(ValueError, match="ActorCritic needs a Discrete action space"):
        ActorCritic(BOX, BOX)
    with pytest.raises(ValueError, match="Reinforce needs a Box observation space"):
        Reinforce(THREE, THREE)
    with pytest.raises(ValueError, match="lam must be"):
        ActorCritic(BOX, THREE, lam=1.1)
    with pytest.raises(ValueError, match="must be finite, got nan"):
        ActorCritic(BOX, THREE).act([[np.nan, 0.0]])
    with pytest.raises(ValueError, match="learning_rate must be a number above 0"):
        ActorCritic(BOX, THREE, learning_rate=0)


def test_a_rollout_of_one_step_in_one_environment_leaves_finite_weights():
    poles = VectorCartPole(1)
    agent = ActorCritic(poles.observation_space, poles.action_space, rollout_steps=1)
    states = poles.reset(0)
    agent.learn(states, np.array([0]), poles.step(np.array([0])))
    assert agent.n_updates == 1
    assert all(p.isfinite().all() for p in agent.parameters())


def test_gradients_complete_a_truncated_return(monkeypatch):
    from mlmastery.reinforcement_learning import experiments

    two_steps = lambda n: VectorCartPole(n, max_steps=2)  # noqa: E731
    monkeypatch.setattr(experiments, "VectorCartPole", two_steps)
    poles = VectorCartPole(1)
    agent = Reinforce(poles.observation_space, poles.action_space, gamma=0.5)
    nn.init.zeros_(agent.value[-1].weight)
    nn.init.constant_(agent.value[-1].bias, 8.0)
    [(_, _, returns)] = experiments._play(agent, 1, seed=0)
    np.testing.assert_allclose(returns, [1 + 0.5 * (1 + 0.5 * 8), 1 + 0.5 * 8])
