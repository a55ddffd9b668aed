"""Searchers: parity with references, no repeats, failures, rounds."""

import numpy as np
import pytest
from scipy import stats
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import Matern

from mlmastery.automl.race import OptunaSearch, race_searchers, seeds_of
from mlmastery.automl.regret import regret_curve, run_search
from mlmastery.automl.search.base import SpaceExhausted
from mlmastery.automl.search.evolution import EvolutionSearch, mutate
from mlmastery.automl.search.gaussian_process import (
    GaussianProcess,
    GaussianProcessSearch,
    cholesky_with_jitter,
    expected_improvement,
    matern,
    most_likely_process,
)
from mlmastery.automl.search.grid import GridSearch
from mlmastery.automl.search.random import RandomSearch
from mlmastery.automl.search.tpe import (
    CountDensity,
    ParzenDensity,
    TPESearch,
    split_good_bad,
)
from mlmastery.automl.space import Choice, Float, Integer, Space

SEARCHERS = [RandomSearch, GaussianProcessSearch, TPESearch, EvolutionSearch]
BOWL = Space({"x": Float(0, 1), "y": Float(0, 1), "noise": Choice("a", "b", "c")})
TINY = Space({"a": Integer(1, 4), "b": Choice("x", "y", "z")})


def bowl(config):
    return (config["x"] - 0.3) ** 2 + (config["y"] - 0.8) ** 2


def data(n=40, d=3, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.random((n, d))
    return X, np.sin(6 * X[:, 0]) + 0.1 * rng.normal(size=n), rng.random((25, d))


@pytest.mark.parametrize(("scale", "noise"), [(0.3, 1e-4), (0.7, 0.01), (1.5, 0.1)])
def test_the_process_equals_scikit_learns(scale, noise):
    X, y, new = data()
    ours = GaussianProcess(scale, noise).fit(X, y)
    theirs = GaussianProcessRegressor(
        Matern(scale, nu=2.5), alpha=noise, optimizer=None
    )
    theirs.fit(X, y)
    mean, sd = theirs.predict(new, return_std=True)
    np.testing.assert_allclose(ours.predict(new)[0], mean, atol=1e-9)
    np.testing.assert_allclose(ours.predict(new)[1], sd, atol=1e-7)
    assert ours.log_marginal_likelihood_ == pytest.approx(
        theirs.log_marginal_likelihood_value_
    )


def test_the_likeliest_process_is_chosen():
    X, y, _ = data(60, 1)
    y = (y - y.mean()) / y.std()
    chosen = most_likely_process(X, y)
    others = [
        GaussianProcess(s, n).fit(X, y)
        for s in (0.15, 0.3, 0.6, 1.2)
        for n in (1e-4, 1e-2, 1e-1)
    ]
    best = max(m.log_marginal_likelihood_ for m in others)
    assert chosen.log_marginal_likelihood_ == best


def test_one_observation_on_paper():
    """A correlation of k keeps k of the surprise, and takes k² of the doubt."""
    model = GaussianProcess(1.0, 0.0).fit([[0.0]], [2.0])
    k = matern([[0.0]], [[0.7]], 1.0)[0, 0]
    mean, sd = model.predict([[0.7]])
    assert mean[0] == pytest.approx(2 * k)
    assert sd[0] ** 2 == pytest.approx(1 - k**2)


def test_equal_rows_do_not_break_the_factor():
    X = np.array([[0.2], [0.5], [0.5], [0.5]])
    model = GaussianProcess(0.5, noise=0.0).fit(X, [1.0, 0.0, 0.0, 0.0])
    assert 0 < model.jitter_ < 1e-6
    assert model.predict([[0.5]])[0][0] == pytest.approx(0.0, abs=1e-4)
    assert cholesky_with_jitter(np.eye(3))[1] == 0
    with pytest.raises(ValueError, match="positive semidefinite"):
        cholesky_with_jitter(-np.eye(3))


def test_expected_improvement_on_paper_and_by_integration():
    known = expected_improvement([0.0, -0.2, 1.0, -1.0], [1.0, 0.1, 0.0, 0.0], 0.0)
    np.testing.assert_allclose(known, [0.39894228, 0.20084907, 0.0, 1.0], atol=1e-7)
    x = np.linspace(-20, 20, 200_001)
    for mean, sd, best in ((0.5, 2.0, 0.1), (-1.0, 0.3, -0.8)):
        slow = np.trapezoid(np.maximum(best - x, 0) * stats.norm.pdf(x, mean, sd), x)
        assert expected_improvement(mean, sd, best) == pytest.approx(slow, abs=1e-6)


def test_the_mixture_equals_truncated_normals():
    density = ParzenDensity([0.1, 0.25, 0.9])
    # The larger distance to a neighbour or end: 0.15, 0.65, 0.65; at least 1/5.
    np.testing.assert_allclose(density.sds, [0.2, 0.65, 0.65, 1.0])
    u = np.linspace(0, 1, 11)
    slow = np.mean(
        [
            stats.truncnorm.pdf(u, -m / s, (1 - m) / s, m, s)
            for m, s in zip(density.means, density.sds, strict=True)
        ],
        axis=0,
    )
    np.testing.assert_allclose(np.exp(density.log_density(u)), slow)
    drawn = density.sample(20_000, np.random.default_rng(0))
    assert 0 <= drawn.min() <= drawn.max() <= 1
    share = np.mean(drawn < 0.3)
    assert share == pytest.approx(
        np.trapezoid(np.exp(density.log_density(g := np.linspace(0, 0.3, 301))), g),
        abs=0.02,
    )


def test_tpe_ratio_of_a_choice_on_paper():
    kernel = Choice("G", "L")
    good = CountDensity(kernel, [0.25, 0.25, 0.25, 0.75])
    bad = CountDensity(kernel, [0.25] + [0.75] * 5)
    ratio = good.shares / bad.shares
    np.testing.assert_allclose(ratio, [8 / 3, 4 / 9])


def test_tpe_sums_log_ratios_over_active_parameters():
    space = Space({"kind": Choice("a", "b"), "x": Float(0, 1)}, {"x": ("kind", ("b",))})
    searcher = TPESearch(space, share=0.4)
    for kind, x, loss in (
        ("a", 0, 3),
        ("b", 0.2, 1),
        ("b", 0.9, 4),
        ("b", 0.3, 2),
        ("a", 0, 5),
    ):
        config = {"kind": kind} if kind == "a" else {"kind": kind, "x": x}
        searcher.tell(config, loss)
    units = np.array([[0.25, 0.5], [0.75, 0.25]])
    kinds = [np.log(1 / 4 / (3 / 5)), np.log(3 / 4 / (2 / 5))]
    x = (
        ParzenDensity([0.2, 0.3]).log_density([0.25])
        - ParzenDensity([0.9]).log_density([0.25])
    )[0]
    np.testing.assert_allclose(searcher.log_ratio(units), [kinds[0], kinds[1] + x])


def test_at_least_one_is_good_and_ties_keep_their_order():
    good, bad = split_good_bad([2.0, 1.0, 1.0], 0.1)
    assert good.tolist() == [1]
    assert bad.tolist() == [2, 0]


@pytest.mark.parametrize("make", [GaussianProcessSearch, TPESearch, EvolutionSearch])
def test_learning_beats_drawing(make):
    ours = [run_search(make(BOWL, random_state=s), bowl, 50)[1].min() for s in range(6)]
    drawn = [
        run_search(RandomSearch(BOWL, random_state=s), bowl, 50)[1].min()
        for s in range(6)
    ]
    assert np.mean(ours) < np.mean(drawn)


@pytest.mark.parametrize("make", SEARCHERS)
def test_no_point_is_proposed_twice_and_the_end_is_said(make):
    searcher = make(TINY)
    configs, _ = run_search(searcher, lambda c: float(c["a"]), 99)
    assert len({TINY.key(c) for c in configs}) == len(configs) == 12
    with pytest.raises(SpaceExhausted, match="all 12"):
        searcher.ask()


@pytest.mark.parametrize("make", SEARCHERS)
def test_pending_points_are_not_proposed_again(make):
    searcher = make(TINY)
    for _ in range(9):
        config = searcher.ask()
        searcher.tell(config, float(config["a"]))
    waiting = [TINY.key(searcher.ask()) for _ in range(3)]
    assert len(set(waiting)) == 3
    assert set(searcher.pending) == set(waiting)


def test_a_pending_point_counts_as_it_was_predicted():
    searcher = GaussianProcessSearch(BOWL, random_state=0)
    run_search(searcher, bowl, 12)
    waiting = searcher.ask()
    at = BOWL.encode_units(BOWL.units(waiting)[None])
    mean, sd = searcher.model_.predict(at)
    searcher.ask()
    mean_then, sd_then = searcher.model_.predict(at)
    assert mean_then == pytest.approx(mean, abs=1e-6)
    assert sd_then < sd


@pytest.mark.parametrize("make", SEARCHERS)
def test_failures_teach_and_do_not_stop(make):
    searcher = make(BOWL, random_state=1)
    _, losses = run_search(
        searcher, lambda c: np.nan if c["noise"] == "a" else bowl(c), 60
    )
    assert np.isnan(losses).any()
    assert searcher.best[1] == np.nanmin(losses)
    if make in (GaussianProcessSearch, TPESearch):
        assert np.isnan(losses[30:]).mean() < np.isnan(losses[:30]).mean() + 0.05


def test_only_failures_leave_no_best():
    searcher = RandomSearch(BOWL)
    searcher.tell(searcher.ask(), np.inf)
    with pytest.raises(ValueError, match="no evaluation has succeeded"):
        _ = searcher.best


@pytest.mark.parametrize("make", SEARCHERS)
def test_the_same_seed_gives_the_same_search(make):
    first, again = (run_search(make(BOWL, random_state=7), bowl, 20)[0] for _ in "ab")
    other = run_search(make(BOWL, random_state=8), bowl, 20)[0]
    assert first == again != other


@pytest.mark.parametrize("make", SEARCHERS)
def test_a_queue_comes_first_and_repeats_nothing(make):
    searcher = make(TINY)
    start = [{"a": 2, "b": "x"}, {"a": 2, "b": "x"}, {"a": 3, "b": "z"}]
    searcher.enqueue(start)
    assert [searcher.ask(), searcher.ask()] == [start[0], start[2]]
    assert searcher.ask() not in start
    with pytest.raises(ValueError, match="config must have"):
        searcher.enqueue([{"a": 2}])


def test_a_grid_comes_in_order_or_shuffled():
    space = Space({"x": Float(0, 1), "k": Choice(1, 2)})
    plain = run_search(GridSearch(space, points=3), lambda c: 0.0, 99)[0]
    mixed = run_search(GridSearch(space, points=3, shuffle=True), lambda c: 0.0, 99)[0]
    assert [c["x"] for c in plain] == [0.0, 0.0, 0.5, 0.5, 1.0, 1.0]
    assert plain != mixed
    assert sorted(map(str, plain)) == sorted(map(str, mixed))


def test_a_child_differs_in_one_active_parameter():
    space = Space(
        {"kind": Choice("a", "b", "c"), "n": Integer(1, 9), "x": Float(0, 1)},
        {"x": ("kind", ("b",))},
    )
    rng = np.random.default_rng(0)
    parent = {"kind": "a", "n": 5}
    changed = set()
    for _ in range(200):
        child = mutate(space, parent, rng)
        different = {k for k in parent if child[k] != parent[k]}
        assert len(different) <= 1
        assert ("x" in child) == (child["kind"] == "b")
        changed |= different
    assert changed == {"kind", "n"}


def test_the_oldest_dies_and_not_the_worst():
    searcher = EvolutionSearch(BOWL, population=3, sample=2)
    for i in range(5):
        config = searcher.ask()
        searcher.tell(config, [0.0, 9.0, 8.0, 7.0, np.nan][i])
    assert [loss for _, loss in searcher.alive] == [9.0, 8.0, 7.0]


def test_regret_on_paper():
    np.testing.assert_allclose(regret_curve([0.5, 0.2, 0.4], 0.1, 0.6), [0.8, 0.2, 0.2])
    np.testing.assert_allclose(regret_curve([np.nan, 3.0], 1.0, 5.0), [1.0, 0.5])
    with pytest.raises(ValueError, match="worst must be above best"):
        regret_curve([1.0], 1.0, 1.0)


def test_a_batch_is_told_after_it_was_asked():
    searcher = RandomSearch(TINY)
    configs, losses = run_search(searcher, lambda c: float(c["a"]), 7, batch_size=3)
    assert len(configs) == len(losses) == 7
    assert not searcher.pending


def test_each_task_has_seeds_of_its_own():
    assert not set(seeds_of(0, 50)) & set(seeds_of(1, 50))


def test_optuna_fails_a_nan_and_repeats_on_a_finite_space():
    searcher = OptunaSearch(TINY)
    configs, _ = run_search(
        searcher, lambda c: np.nan if c["a"] == 1 else float(c["a"]), 40
    )
    assert len({TINY.key(c) for c in configs}) < 40
    states = [t.state.name for t in searcher.study.trials]
    assert states.count("FAIL") == sum(c["a"] == 1 for c in configs)


def test_optuna_takes_conditions_and_floats():
    space = Space(
        {"kind": Choice("a", "b"), "x": Float(0.01, 1, log=True)},
        {"x": ("kind", ("b",))},
    )
    configs, _ = run_search(OptunaSearch(space), lambda c: c.get("x", 0.5), 15)
    for config in configs:
        space.check(config)


def test_a_race_counts_time_and_repeats():
    import pandas as pd

    from mlmastery.automl.benchmarks import task_of_table

    table = pd.DataFrame({"a": range(10), "loss": np.arange(10.0)})
    tasks = [task_of_table(name, table, ["a"]) for name in ("one", "two")]
    curves = race_searchers(
        tasks, {"random": RandomSearch, "Optuna": OptunaSearch}, 12, 3
    )
    assert curves.shape == (12, 12)
    assert curves.attrs["repeats"]["random"] == 0
    assert curves.attrs["repeats"]["Optuna"] > 0
    random = curves.xs("random", level="searcher")
    assert (random[10] == 0).all()
    first = random.xs(0, level="seed") if 0 in random.index.unique("seed") else random
    assert not first.empty
