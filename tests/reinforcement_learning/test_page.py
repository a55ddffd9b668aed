"""What the page shows failing keeps failing, and what it shows working works."""

import numpy as np
import pandas as pd
import pytest
from gymnasium.wrappers import TimeLimit

from mlmastery.inference import paired_interval
from mlmastery.ledger import recorded_table
from mlmastery.reinforcement_learning import (
    GridWorld,
    GymBatch,
    QLearning,
    checks_by_seed,
    learning_curve,
    make_agent,
    summarise,
    train,
    train_on_cartpole,
)


@pytest.mark.slow
def test_the_hard_target_with_reward_one_collapses():
    broken = train_on_cartpole(
        "DQN", 0, reward="survival", target="hard", updates_per_step=1
    )
    checks = broken.training.history["check"]
    assert checks.max() > checks.iloc[-1] + 100


@pytest.mark.slow
@pytest.mark.parametrize("seed", [301, 304])
def test_dqn_balances_the_pole(seed):
    assert train_on_cartpole("DQN", seed).best.mean() >= 475


@pytest.mark.parametrize("name", ["A2C", "REINFORCE"])
def test_policy_gradients_balance_the_pole(name):
    outcome = train_on_cartpole(name, 302)
    assert outcome.best.mean() >= 475
    assert outcome.best.shape == (100,)
    table = summarise({name: {302: outcome}})
    assert table.loc[(name, 302), "steps"] == outcome.n_steps
    assert f"{outcome.n_steps:,} steps" in outcome.report()


def test_curves_keep_the_last_value_of_a_run_that_stopped():
    logs = pd.DataFrame(
        {"step": [1, 2, 3, 1], "check": [1.0, 2.0, 3.0, 5.0], "seed": [0, 0, 0, 1]}
    )
    curve = learning_curve(checks_by_seed(logs))
    assert curve["mean"].tolist() == [3.0, 3.5, 4.0]
    assert (curve["low"] < curve["mean"]).all()


def test_agents_are_made_by_name():
    assert make_agent("A2C", 0, lam=0.5).lam == 0.5
    assert np.isclose(make_agent("DQN", 0).tau, 0.02)
    with pytest.raises(ValueError, match="name must be one of DQN, A2C, REINFORCE"):
        make_agent("PPO", 0)
    with pytest.raises(ValueError, match="n_steps must be"):
        train_on_cartpole("A2C", 0, n_steps=0)


def test_the_best_policy_is_judged_where_it_is_not_the_last(monkeypatch):
    import torch

    from mlmastery.reinforcement_learning import race

    scores = iter([1.0, 5.0, 2.0, 7.0, 8.0])  # three checks, then last and best
    monkeypatch.setattr(race, "evaluate", lambda *a: np.full(100, next(scores)))
    outcome = train_on_cartpole("A2C", 0, n_steps=61_440, stop=False)
    assert (outcome.last.mean(), outcome.best.mean()) == (7.0, 8.0)
    assert outcome.training.best_step == 40_960
    weights = outcome.agent.policy_state()
    assert all(torch.equal(weights[k], v) for k, v in outcome.training.best.items())
    assert not torch.equal(weights["0.weight"], outcome.last_policy["0.weight"])


class EndsAtLimit(QLearning):
    def _update(self, env, state, action, reward, reached, terminated, ended):
        self.update(state, action, reward, reached, ended)


@pytest.mark.parametrize(
    ("method", "worth"), [(QLearning, 10.0), (EndsAtLimit, 1 / 0.28)]
)
def test_a_time_limit_taken_for_the_end_costs_most_of_the_value(method, worth):
    room = GymBatch(lambda: TimeLimit(GridWorld(["S#G"], step_reward=1), 5))
    agent = method(
        room.observation_space, room.action_space, gamma=0.9, learning_rate=0.02
    )
    train(agent, room, 20_000)
    assert agent.q[0].max() == pytest.approx(worth, abs=0.4)


def test_the_recorded_ablation_says_what_the_page_says():
    table = recorded_table("reinforcement_learning", "ablation")
    last, best = (
        table.pivot(index="seed", columns="change", values=part)
        for part in ("last", "best")
    )
    assert (best["as in the chapter"] >= 475).all()
    assert (best["no target network"] < 20).all()
    assert (best["no replay"] >= 475).all()
    assert (last["no replay"] < 100).sum() >= 3
    gain = paired_interval(last["no replay"], last["as in the chapter"], 0)
    assert gain.high < 0


def test_every_seed_has_starts_and_weights_of_its_own(monkeypatch):
    from mlmastery.reinforcement_learning import race

    seen, real = [], race.train

    def watched(agent, env, n_steps, *, random_state, **settings):
        seen.append((random_state, agent.policy_state()["0.weight"].sum().item()))
        return real(agent, env, n_steps, random_state=random_state, **settings)

    monkeypatch.setattr(race, "train", watched)
    for seed in (301, 302):
        train_on_cartpole("REINFORCE", seed, n_steps=320)
    assert seen[0][0] != seen[1][0]
    assert seen[0][1] != seen[1][1]
