"""Aggregation against the published formulas, and against clients that lie."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from mlmastery.distributed_training.strategies import (
    STRATEGIES,
    fedavg,
    krum,
    krum_scores,
    make_strategy,
    median,
    multi_krum,
    trimmed_mean,
)

ROBUST = ("median", "trimmed_mean", "krum", "multi_krum")


@pytest.fixture
def updates():
    return np.random.default_rng(0).normal(size=(7, 11))


def test_fedavg_is_the_published_formula_with_unequal_sizes(updates):
    sizes = np.array([3, 50, 1, 7, 200, 12, 9])
    expected = np.zeros(11)
    for n_k, delta in zip(sizes, updates, strict=True):  # w <- sum_k n_k / n w_k
        expected += n_k / sizes.sum() * delta
    np.testing.assert_allclose(fedavg(updates, sizes), expected, rtol=1e-12)
    assert not np.allclose(fedavg(updates, sizes), updates.mean(axis=0))


def test_fedavg_of_updates_is_fedavg_of_parameters(updates):
    sizes, start = np.arange(1, 8), np.linspace(-3, 3, 11)
    moved, _ = make_strategy("fedavg").step(start, updates, sizes, {})
    np.testing.assert_allclose(moved, fedavg(start + updates, sizes), atol=1e-12)


def test_fedavg_sums_in_float64():
    updates = np.full((20_000, 1), 0.1, np.float32)
    result = fedavg(updates, np.ones(20_000))
    assert result.dtype == np.float32
    assert abs(result[0] - np.float32(0.1)) < 1e-8


@settings(deadline=None, max_examples=40)
@given(st.permutations(range(7)), st.sampled_from(STRATEGIES))
def test_order_of_clients_does_not_matter(order, name):
    rng = np.random.default_rng(1)
    updates, sizes = rng.normal(size=(7, 5)), rng.integers(1, 99, 7)
    strategy = make_strategy(name)
    order = list(order)
    one = strategy.aggregate(updates, sizes)
    np.testing.assert_allclose(strategy.aggregate(updates[order], sizes[order]), one)


def test_momentum_is_the_published_recursion(updates):
    strategy = make_strategy("fedavgm", momentum=0.7, learning_rate=0.5)
    parameters, state = np.zeros(11), strategy.start(11, float)
    v, x = np.zeros(11), np.zeros(11)
    for delta in updates:
        parameters, state = strategy.step(parameters, delta[None], np.ones(1), state)
        v = 0.7 * v + delta
        x = x + 0.5 * v
    np.testing.assert_allclose(parameters, x)


def test_fedadam_is_algorithm_2_written_out_by_coordinate(updates):
    eta, b1, b2, tau = 0.05, 0.8, 0.95, 1e-2
    strategy = make_strategy(
        "fedadam", learning_rate=eta, beta_1=b1, beta_2=b2, tau=tau
    )
    parameters, state = np.zeros(11), strategy.start(11, float)
    for delta in updates:
        parameters, state = strategy.step(parameters, delta[None], np.ones(1), state)
    for j in range(11):
        m = v = x = 0.0
        for delta in updates[:, j]:
            m = b1 * m + (1 - b1) * delta
            v = b2 * v + (1 - b2) * delta * delta
            x = x + eta * m / (v**0.5 + tau)
        assert parameters[j] == pytest.approx(x, rel=1e-12)


def test_fedadam_without_decay_agrees_with_torch():
    """With tau as eps, torch's Adam differs by its bias correction alone."""
    import torch

    b1, b2 = 0.9, 0.99
    strategy = make_strategy("fedadam", beta_1=b1, beta_2=b2, tau=1e-12)
    moved, _ = strategy.step(
        np.zeros(3), np.array([[1.0, -2.0, 3.0]]), np.ones(1), strategy.start(3, float)
    )
    weight = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    weight.grad = -torch.tensor([1.0, -2.0, 3.0], dtype=torch.float64)
    torch.optim.Adam([weight], lr=0.01, betas=(b1, b2), eps=1e-12).step()
    correction = (1 - b1) / (1 - b2) ** 0.5
    np.testing.assert_allclose(moved, weight.detach().numpy() * correction, rtol=1e-6)


def test_trimmed_mean_is_scipys(updates):
    expected = stats.trim_mean(updates, 2 / 7, axis=0)
    np.testing.assert_allclose(trimmed_mean(updates, trim=2 / 7), expected)


def test_krum_is_the_obvious_loop(updates):
    n, f = 7, 2
    scores = []
    for i in range(n):
        gaps = sorted(sum((updates[i] - updates[j]) ** 2) for j in range(n) if j != i)
        scores.append(sum(gaps[: n - f - 2]))
    np.testing.assert_allclose(krum_scores(updates, f), scores)
    np.testing.assert_array_equal(
        krum(updates, n_byzantine=f), updates[int(np.argmin(scores))]
    )
    kept = np.argsort(scores)[: n - f]
    np.testing.assert_allclose(
        multi_krum(updates, n_byzantine=f), updates[kept].mean(axis=0)
    )


@pytest.mark.parametrize("name", ROBUST)
@pytest.mark.parametrize("lie", [-20.0, 1e6, -1e30])
def test_two_liars_of_eleven_move_the_average_but_not_a_robust_aggregate(name, lie):
    rng = np.random.default_rng(3)
    honest = 1 + 0.1 * rng.normal(size=(9, 50))
    updates = np.vstack([honest, lie * np.ones((2, 50))])
    sizes = np.r_[np.ones(9), 1e6, 1e6]  # liars also claim to be large
    options = {"n_byzantine": 2} if "krum" in name else {}
    result = make_strategy(name, **options).aggregate(updates, sizes)
    assert np.abs(result - 1).max() < 0.5
    assert np.abs(fedavg(updates, sizes) - 1).max() > 10


@settings(deadline=None, max_examples=40)
@given(st.integers(2, 9), st.integers(1, 5))
def test_robust_aggregates_stay_within_the_honest_range(n_honest, n_parameters):
    rng = np.random.default_rng(n_honest)
    honest = rng.normal(size=(n_honest, n_parameters))
    updates = np.vstack([honest, np.full((1, n_parameters), 1e9)])
    for result in (median(updates), trimmed_mean(updates, trim=1 / (n_honest + 1))):
        assert (result <= honest.max(axis=0) + 1e-12).all()
        assert (result >= honest.min(axis=0) - 1e-12).all()


@pytest.mark.parametrize("name", STRATEGIES)
def test_dtype_and_shape_are_kept(name):
    updates = np.ones((6, 4), np.float32)
    strategy = make_strategy(name)
    state = strategy.start(4)
    parameters, state = strategy.step(
        np.zeros(4, np.float32), updates, np.ones(6), state
    )
    assert parameters.dtype == np.float32
    assert parameters.shape == (4,)
    assert {array.dtype for array in state.values()} <= {np.dtype(np.float32)}


@pytest.mark.parametrize("name", STRATEGIES)
def test_state_in_a_checkpoint_resumes_bit_exactly(name, updates):
    strategy = make_strategy(name)
    rounds = [updates + i for i in range(4)]

    def run(rounds, parameters, state):
        for batch in rounds:
            parameters, state = strategy.step(parameters, batch, np.ones(7), state)
        return parameters, state

    whole, _ = run(rounds, np.zeros(11), strategy.start(11, float))
    half, state = run(rounds[:2], np.zeros(11), strategy.start(11, float))
    state = {name: array.copy() for name, array in state.items()}
    resumed, _ = run(rounds[2:], half, state)
    np.testing.assert_array_equal(resumed, whole)


@pytest.mark.parametrize(
    ("updates", "weights", "words"),
    [
        (np.ones(3), np.ones(3), "shape"),
        (np.ones((0, 3)), np.ones(0), "at least one"),
        (np.array([[1.0], [np.nan]]), np.ones(2), "row 1"),
        (np.ones((2, 3)), np.ones(3), "one number for each of 2"),
        (np.ones((2, 3)), np.zeros(2), "not all 0"),
        (np.ones((2, 3)), np.array([1, -1]), "at least 0"),
        (np.ones((2, 3)), np.array([1, np.inf]), "finite"),
    ],
)
def test_bad_updates_and_weights_are_refused(updates, weights, words):
    with pytest.raises(ValueError, match=words):
        fedavg(updates, weights)


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("fedsgd", {}, "fedavg, fedprox.*got 'fedsgd'"),
        ("fedavg", {"momentum": 0.9}, "no option 'momentum'"),
        ("fedavgm", {"momentum": 1.0}, "momentum of fedavgm.*below 1"),
        ("fedprox", {"proximal": -1.0}, "proximal"),
        ("trimmed_mean", {"trim": 0.5}, "trim"),
        ("fedadam", {"tau": 0.0}, "tau"),
    ],
)
def test_bad_strategies_are_refused(name, options, words):
    with pytest.raises(ValueError, match=words):
        make_strategy(name, **options)


def test_trim_is_not_rounded_up_by_floating_point():
    updates = np.arange(25.0)[:, None] ** 2  # 0.28 * 25 is 7.000000000000001
    assert trimmed_mean(updates, trim=0.28) == (np.arange(7, 18.0) ** 2).mean()


def test_too_few_clients_for_krum_and_for_trimming(updates):
    with pytest.raises(ValueError, match="more than 6 clients, got 5"):
        krum(updates[:5], n_byzantine=2)
    with pytest.raises(ValueError, match="leaves none"):
        trimmed_mean(updates[:2], trim=0.4)


def test_an_update_of_another_model_is_refused(updates):
    strategy = make_strategy("fedavg")
    with pytest.raises(ValueError, match="12 coordinates of the parameters, got 11"):
        strategy.step(np.zeros(12), updates, np.ones(7), {})


@pytest.mark.parametrize("aggregate", [fedavg, median, trimmed_mean, multi_krum])
def test_whole_numbers_are_averaged_without_cutting_the_fraction(aggregate):
    updates = [[0, 1], [1, 2], [1, 2], [2, 4], [2, 5], [3, 5]]
    got = aggregate(updates, np.ones(6))
    want = aggregate(np.array(updates, float), np.ones(6))
    np.testing.assert_array_equal(got, want)
    assert (got != got.round()).any()


def test_updates_of_text_are_refused_by_name():
    with pytest.raises(ValueError, match=r"^updates must be numbers, got 'a'"):
        fedavg([["a"]], [1])


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("fedavgm", {"momentum": "a"}, "momentum of fedavgm must be a number, got 'a'"),
        ("fedadam", {"tau": None}, "tau of fedadam must be a number, got None"),
        ("krum", {"n_byzantine": 1.5}, "n_byzantine of krum must be a whole number"),
        ("fedprox", {"proximal": True}, "proximal of fedprox must be a number"),
    ],
)
def test_options_that_are_no_numbers_are_refused(name, options, words):
    with pytest.raises(ValueError, match=words):
        make_strategy(name, **options)
