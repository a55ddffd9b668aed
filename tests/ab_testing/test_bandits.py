"""Bandits: rules by hand, regret against published values, delays and contexts."""

import numpy as np
import pytest
from scipy import stats
from sklearn.linear_model import Ridge

from mlmastery.ab_testing.bandits import (
    UCB1,
    BanditPolicy,
    EpsilonGreedy,
    LinUCB,
    ThompsonSampling,
    WithoutContext,
    bernoulli_divergence,
    lai_robbins_slope,
    random_argmax,
    simulate,
    simulate_contextual,
)

MEANS = [0.1] + [0.05] * 3 + [0.02] * 3 + [0.01] * 3
POLICIES = [EpsilonGreedy(0.1), UCB1(), ThompsonSampling()]
THETA = [[0.1, 0.6], [0.7, -0.6]]


def names(value: object) -> str:
    return type(value).__name__


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def near(sample: np.ndarray, value: float, errors: float = 5.0) -> bool:
    """Return whether a mean is within some standard errors of a value rounded to 1."""
    spread = sample.std(ddof=1) / np.sqrt(len(sample))
    return abs(sample.mean() - value) < errors * spread + 0.5


@pytest.mark.parametrize(
    ("policy", "steps", "regret"),
    [
        (UCB1(), 1000, 62),
        (UCB1(), 10_000, 501),
        (ThompsonSampling(), 1000, 40),
        (ThompsonSampling(), 10_000, 79),
    ],
)
def test_regret_is_the_known_one(policy, steps, regret):
    assert near(simulate(policy, MEANS, steps)[:, -1], regret)


def test_thompson_may_lie_below_the_line_of_lai_and_robbins():
    """The bound is a slope: 'no algorithm is below the line' is false."""
    line = lai_robbins_slope(MEANS) * np.log(10_000)
    assert line == pytest.approx(160.7, abs=0.05)
    final = simulate(ThompsonSampling(), MEANS, 10_000)[:, -1]
    assert final.mean() + 5 * final.std(ddof=1) / np.sqrt(200) < line


class FirstOfEquals(EpsilonGreedy):
    """ε-greedy with NumPy's argmax, as it is often written."""

    def choose(self, rng):
        runs, n_arms = self.pulls.shape
        explore = rng.random(runs) < self.epsilon
        chance = rng.integers(n_arms, size=runs)
        return np.where(explore, chance, self.means.argmax(axis=1))


def test_ties_by_order_flatter_the_arm_that_is_listed_first():
    first, last = (
        simulate(FirstOfEquals(0.1), m, 1000)[:, -1] for m in (MEANS, MEANS[::-1])
    )
    assert last.mean() > 3 * first.mean()
    ours = [
        simulate(EpsilonGreedy(0.1), m, 1000, seed=seed)[:, -1]
        for seed, m in enumerate((MEANS, MEANS[::-1]))
    ]
    assert stats.ttest_ind(*ours).pvalue > 0.001


def test_epsilon_greedy_explores_so_often():
    policy = EpsilonGreedy(0.3).reset(runs=40_000, n_arms=4)
    policy.update(np.full(40_000, 2), np.ones(40_000))
    arms = np.bincount(policy.choose(rng()), minlength=4) / 40_000
    assert arms == pytest.approx([0.075, 0.075, 0.775, 0.075], abs=0.01)


def test_epsilon_greedy_costs_in_proportion_to_time():
    """Half of its exploration hits the worse arm, for ever."""
    regret = simulate(EpsilonGreedy(0.2), [0.9, 0.1], 4000)
    late = (regret[:, -1] - regret[:, 1999]) / 2000
    assert late.mean() == pytest.approx(0.2 / 2 * 0.8, rel=0.02)
    assert near(simulate(EpsilonGreedy(1.0), [0.9, 0.1], 1000)[:, -1], 400)


def test_ucb1_bounds_by_hand():
    policy = UCB1().reset(runs=2, n_arms=3)
    assert np.isinf(policy.bounds()).all()
    for arms, rewards in [([0, 2], [1, 0.5]), ([1, 2], [0, 0.5])]:
        policy.update(np.array(arms), np.array(rewards))
    width = np.sqrt(2 * np.log(2))
    expected = [
        [1 + width, width, np.inf],
        [np.inf, np.inf, 0.5 + np.sqrt(np.log(2))],
    ]
    np.testing.assert_allclose(policy.bounds(), expected)
    assert policy.choose(rng())[0] == 2


def test_ucb1_pulls_every_arm_first():
    simulate(policy := UCB1(), MEANS, steps=10, runs=50)
    assert (policy.pulls == 1).all()


def test_nine_of_ten_is_ten_twelfths():
    """Adding exposures instead of failures to b would give 10/21."""
    policy = ThompsonSampling().reset(runs=1, n_arms=2)
    for reward in [1, 1, 1, 1, 0, 1, 1, 1, 1, 1]:
        policy.update(np.array([0]), np.array([reward]))
    assert policy.posterior_mean()[0].tolist() == [10 / 12, 0.5]
    a, b = policy.posterior()
    assert (a[0].tolist(), b[0].tolist()) == ([10, 1], [2, 1])


def test_thompson_pulls_an_arm_as_often_as_it_is_best():
    policy = ThompsonSampling().reset(runs=40_000, n_arms=2)
    for arm, reward in [(0, 1), (0, 0), (1, 1)]:
        policy.update(np.full(40_000, arm), np.full(40_000, reward))
    # P(Beta(2, 1) > Beta(2, 2)) = ∫ F(x) 2x dx with F(x) = 3x² - 2x³, which is 0.7.
    share = (policy.choose(rng()) == 1).mean()
    assert share == pytest.approx(0.7, abs=0.01)


def test_a_prior_is_part_of_the_posterior():
    policy = ThompsonSampling(prior=(2, 8)).reset(runs=1, n_arms=2)
    policy.update(np.array([1]), np.array([0]))
    assert policy.posterior_mean()[0].tolist() == pytest.approx([2 / 10, 2 / 11])


@pytest.mark.parametrize("policy", POLICIES, ids=names)
@pytest.mark.parametrize("delay", [0, 7])
def test_regret_never_falls_and_is_a_sum_of_gaps(policy, delay):
    regret = simulate(policy, [0.5, 0.2, 0.1], 300, runs=20, delay=delay)
    steps = np.diff(regret, axis=1, prepend=0)
    assert regret.shape == (20, 300)
    assert np.isin(steps.round(9), (0, 0.3, 0.4)).all()


@pytest.mark.parametrize("policy", POLICIES, ids=names)
def test_the_policy_holds_the_rewards_that_arrived(policy):
    simulate(policy, [1.0, 0.0], 50, runs=3, delay=0)
    assert (policy.pulls.sum(axis=1) == 50).all()
    np.testing.assert_array_equal(policy.totals[:, 0], policy.pulls[:, 0])
    assert (policy.totals[:, 1] == 0).all()
    simulate(policy, [1.0, 0.0], 50, runs=3, delay=8)
    assert (policy.pulls.sum(axis=1) == 42).all()
    simulate(policy, [1.0, 0.0], 50, runs=3, delay=50)
    assert (policy.pulls == 0).all()


@pytest.mark.parametrize("policy", POLICIES, ids=names)
def test_a_reward_belongs_to_the_arm_of_its_own_step(policy):
    """Credited to the arm pulled on arrival, the worse arm would seem as good."""
    simulate(policy, [1.0, 0.0], 400, runs=20, delay=20)
    assert (policy.means[:, 0] == 1).all()
    assert (policy.means[:, 1] == 0).all()


@pytest.mark.parametrize("policy", POLICIES, ids=names)
def test_nothing_is_learned_before_the_first_reward(policy):
    late = simulate(policy, [0.9, 0.1], 500, delay=500)[:, -1]
    assert near(late, 200)  # each arm half of the time
    assert simulate(policy, [0.9, 0.1], 500, delay=0)[:, -1].mean() < 100


@pytest.mark.parametrize("policy", POLICIES, ids=names)
def test_seeds_repeat_and_runs_differ(policy):
    one, two = (simulate(policy, MEANS, 200, runs=10, seed=3) for _ in range(2))
    np.testing.assert_array_equal(one, two)
    assert len(np.unique(one[:, -1].round(9))) > 1
    assert (simulate(policy, MEANS, 200, runs=10, seed=4) != one).any()


def test_many_runs_and_one_run_have_the_same_law():
    together = simulate(ThompsonSampling(), [0.6, 0.4], 200, runs=300)[:, -1]
    alone = [
        simulate(ThompsonSampling(), [0.6, 0.4], 200, runs=1, seed=s)[0, -1]
        for s in range(100)
    ]
    assert stats.mannwhitneyu(together, alone).pvalue > 0.001


def test_equals_are_drawn_by_lot():
    values = np.tile([1.0, 3.0, 3.0, 2.0], (10_000, 1))
    counts = np.bincount(random_argmax(values, rng()), minlength=4)
    assert counts[[0, 3]].tolist() == [0, 0]
    assert abs(counts[1] - 5000) < 4 * 50
    negative = np.array([[-3.0, -1.0, -2.0], [np.inf, 1.0, 0.0]])
    assert random_argmax(negative, rng()).tolist() == [1, 0]


def test_the_slope_of_lai_and_robbins():
    assert lai_robbins_slope(MEANS) == pytest.approx(17.45, abs=0.005)
    by_hand = 0.25 / (0.25 * np.log(0.25 / 0.5) + 0.75 * np.log(0.75 / 0.5))
    assert lai_robbins_slope([0.25, 0.5]) == pytest.approx(by_hand)
    assert lai_robbins_slope([0.3, 0.3]) == 0
    assert lai_robbins_slope([0.3, 1.0]) == 0  # one failure tells
    for p, q in [(0.1, 0.3), (0.0, 0.5), (1.0, 0.5), (0.2, 0.2)]:
        reference = stats.entropy([p, 1 - p], [q, 1 - q])
        assert bernoulli_divergence(p, q) == pytest.approx(reference)


def test_linucb_is_one_ridge_regression_for_each_arm():
    draw = rng()
    policy = LinUCB(alpha=0.7, penalty=2.5).reset(runs=3, n_arms=2, n_features=4)
    X, arms = draw.normal(size=(60, 3, 4)), draw.integers(2, size=(60, 3))
    rewards = draw.random((60, 3))
    for step in zip(X, arms, rewards, strict=True):
        policy.update(*step)
    context = draw.normal(size=(3, 4))
    for run in range(3):
        for arm in range(2):
            mine = arms[:, run] == arm
            ridge = Ridge(alpha=2.5, fit_intercept=False)
            ridge.fit(X[mine, run], rewards[mine, run])
            np.testing.assert_allclose(policy.coefficients()[run, arm], ridge.coef_)
            A = 2.5 * np.eye(4) + X[mine, run].T @ X[mine, run]
            x = context[run]
            bound = ridge.coef_ @ x + 0.7 * np.sqrt(x @ np.linalg.solve(A, x))
            assert policy.bounds(context)[run, arm] == pytest.approx(bound)
    np.testing.assert_array_equal(
        policy.choose(context, rng()), policy.bounds(context).argmax(axis=1)
    )


def test_linucb_learns_what_a_bandit_without_context_cannot():
    blind = WithoutContext(ThompsonSampling())
    seeing, not_seeing = (
        simulate_contextual(p, THETA, 2000, runs=100) for p in (LinUCB(0.5), blind)
    )
    # Without the context every arm is best for half: the mean gap is 0.3, half missed.
    assert near(not_seeing[:, -1], 2000 * 0.3 / 2)
    gain = not_seeing[:, -1] - seeing[:, -1]
    assert gain.mean() - 5 * gain.std(ddof=1) / 10 > 200
    late, early = (np.diff(seeing[:, ends]).mean() for ends in ([999, 1999], [0, 999]))
    assert late < early / 2
    assert (np.diff(seeing, axis=1) >= 0).all()


def test_a_greedy_linucb_can_stay_with_the_wrong_arm():
    greedy = simulate_contextual(LinUCB(alpha=0), THETA, 2000, runs=100)[:, -1]
    usual = simulate_contextual(LinUCB(alpha=1), THETA, 2000, runs=100)[:, -1]
    assert np.quantile(greedy, 0.9) > 2 * usual.max()


def test_contexts_wait_with_their_rewards():
    """With the context of the arrival, LinUCB would learn nothing."""
    late = simulate_contextual(LinUCB(0.5), THETA, 2000, runs=50, delay=100)[:, -1]
    blind = 2000 * 0.3 / 2
    assert late.mean() < blind / 2
    policy = LinUCB()
    simulate_contextual(policy, THETA, 30, runs=2, delay=30)
    assert (policy.moment == 0).all()
    simulate_contextual(policy, [[1.0], [0.0]], 30, runs=2, delay=10)
    # Each pull adds 1 to A, so that 1/A = 1/(1 + pulls): 20 rewards have arrived.
    assert (1 / policy.inverse - 1).sum() == pytest.approx(2 * 20)


def test_probabilities_may_reach_their_limits():
    assert simulate_contextual(LinUCB(), [[0, 1], [1, -1]], 5, runs=2).shape == (2, 5)
    assert simulate(UCB1(), [0, 1], 5, runs=2).shape == (2, 5)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: EpsilonGreedy(1.1), "epsilon must be .* at most 1, got 1.1"),
        (lambda: EpsilonGreedy(-0.1), "epsilon must be a number of at least 0"),
        (lambda: ThompsonSampling((0, 1)), r"prior\[0\] must be a number above 0"),
        (lambda: ThompsonSampling((1, 0)), r"prior\[1\] must be a number above 0"),
        (lambda: LinUCB(alpha=-1), "alpha must be a number of at least 0"),
        (lambda: LinUCB(penalty=0), "penalty must be a number above 0"),
        (lambda: LinUCB().reset(1, 2, 0), "n_features must be a whole number"),
        (lambda: LinUCB().reset(0, 2, 1), "runs must be a whole number of at least 1"),
        (lambda: LinUCB().reset(1, 1, 1), "n_arms must be a whole .* at least 2"),
        (lambda: UCB1().reset(0, 2), "runs must be a whole number of at least 1"),
        (lambda: UCB1().reset(1, 1), "n_arms must be a whole number of at least 2"),
        (lambda: simulate(UCB1(), [0.1, 1.1], 5), "means must be at least two"),
        (lambda: simulate(UCB1(), [0.1, -0.1], 5), "means must be at least two"),
        (lambda: simulate(UCB1(), [0.1], 5), "means must be at least two numbers"),
        (lambda: simulate(UCB1(), [[0.1, 0.2]], 5), "means must be at least two"),
        (lambda: simulate(UCB1(), [0.1, np.nan], 5), "means must be at least two"),
        (lambda: simulate(UCB1(), MEANS, 0), "steps must be a whole number"),
        (lambda: simulate(UCB1(), MEANS, 5, delay=-1), "delay must be a whole number"),
        (lambda: lai_robbins_slope([0.5]), "means must be at least two numbers"),
        (
            lambda: simulate_contextual(LinUCB(), [0.1, 0.2], 5),
            r"coefficients must have shape .* got \(2,\)",
        ),
        (
            lambda: simulate_contextual(LinUCB(), [[0.1, 0.2]], 5),
            r"coefficients must have shape .* got \(1, 2\)",
        ),
        (
            lambda: simulate_contextual(LinUCB(), np.zeros((2, 0)), 5),
            r"coefficients must have shape .* got \(2, 0\)",
        ),
        (
            lambda: simulate_contextual(LinUCB(), [[0.5, 0.6], [0.1, 0.1]], 5),
            "between 0 and 1, got 0.1 to 1.1",
        ),
        (
            lambda: simulate_contextual(LinUCB(), [[0.5, -0.6], [0.1, 0.1]], 5),
            "between 0 and 1, got -0.1 to 0.5",
        ),
        (lambda: simulate_contextual(LinUCB(), THETA, 0), "steps must be a whole"),
        (
            lambda: simulate_contextual(LinUCB(), THETA, 5, delay=-1),
            "delay must be a whole number",
        ),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()


@pytest.mark.parametrize("reward", [-0.1, 1.1, np.nan])
def test_rewards_lie_in_the_unit_interval(reward):
    policy = UCB1().reset(runs=1, n_arms=2)
    with pytest.raises(ValueError, match="rewards must lie between 0 and 1, got"):
        policy.update(np.array([0]), np.array([reward]))
    assert (policy.pulls == 0).all()
    policy.update(np.array([0]), np.array([0.5]))


def test_thompson_takes_successes_and_failures_only():
    policy = ThompsonSampling().reset(runs=2, n_arms=2)
    with pytest.raises(ValueError, match=r"rewards must be 0 or 1, got \[0.5 1. \]"):
        policy.update(np.array([0, 0]), np.array([0.5, 1]))


def test_a_policy_must_choose():
    with pytest.raises(NotImplementedError):
        BanditPolicy().choose(rng())


@pytest.mark.parametrize("arms", [[-1], [2], [0.5], ["a"], [True], [0, 1], [], 0])
def test_an_arm_that_is_none_is_refused(arms):
    """-1 was the last arm, without a word."""
    for policy in (UCB1().reset(1, 2), ThompsonSampling().reset(1, 2)):
        with pytest.raises(
            ValueError, match="arms must hold a whole number from 0 to 1"
        ):
            policy.update(arms, np.array([1.0]))
    linear = LinUCB().reset(1, 2, 1)
    with pytest.raises(ValueError, match="arms must hold a whole number from 0 to 1"):
        linear.update(np.ones((1, 1)), arms, np.array([1.0]))


@pytest.mark.parametrize(("context", "reward"), [(np.nan, 1.0), (1.0, np.nan)])
def test_a_linear_bandit_refuses_what_is_not_finite(context, reward):
    policy = LinUCB().reset(1, 2, 1)
    with pytest.raises(ValueError, match="contexts and rewards must be finite"):
        policy.update(np.array([[context]]), np.array([0]), np.array([reward]))
