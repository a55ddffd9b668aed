"""Clipping by sample, noise of the right size, and an accountant that agrees."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.special import gammaln, logsumexp

from mlmastery.distributed_training.model import ModelWrapper
from mlmastery.distributed_training.privacy import (
    ORDERS,
    PrivacyAccountant,
    clip,
    dp_sgd,
    noise_for,
    private_mean,
    renyi_divergence,
    sample_poisson,
)

GRID = list(product((0.5, 0.8, 1.0, 2.0, 8.0), (1e-3, 0.03, 0.5, 1.0)))


@pytest.mark.filterwarnings("ignore:Optimal order is the:UserWarning")
def test_epsilon_is_opacuss_over_a_grid():
    from opacus.accountants.analysis import rdp

    compared = 0
    for z, q in GRID:
        one = np.array(
            rdp.compute_rdp(q=q, noise_multiplier=z, steps=1, orders=ORDERS.tolist())
        )
        for n, delta in product((1, 100, 10_000), (1e-3, 1e-5, 1e-7)):
            accountant = PrivacyAccountant()
            accountant.step(noise_multiplier=z, sample_rate=q, n_steps=n)
            theirs, _ = rdp.get_privacy_spent(
                orders=ORDERS.tolist(), rdp=n * one, delta=delta
            )
            if theirs > 0:
                compared += 1
                assert accountant.epsilon(delta) == pytest.approx(theirs, rel=1e-6)
    assert compared > 100


def test_the_accountant_of_opacus_itself_agrees():
    from opacus.accountants import RDPAccountant

    theirs, ours = RDPAccountant(), PrivacyAccountant()
    for z, q, n in [(1.1, 0.02, 300), (0.9, 0.01, 500)]:
        ours.step(noise_multiplier=z, sample_rate=q, n_steps=n)
        for _ in range(n):
            theirs.step(noise_multiplier=z, sample_rate=q)
    expected = theirs.get_epsilon(1e-5, alphas=list(ORDERS))
    assert ours.epsilon(1e-5) == pytest.approx(expected, rel=1e-6)


def test_divergence_of_whole_orders_is_the_binomial_sum():
    for z, q in [(0.6, 0.3), (1.0, 0.01), (4.0, 0.9)]:
        for a in (2, 5, 30):
            k = np.arange(a + 1)
            log_choose = gammaln(a + 1) - gammaln(k + 1) - gammaln(a - k + 1)
            log_power = k * np.log(q) + (a - k) * np.log1p(-q)
            terms = log_choose + log_power + (k**2 - k) / (2 * z**2)
            expected = logsumexp(terms) / (a - 1)
            (ours,) = renyi_divergence(z, q, np.array([float(a)]))
            assert ours == pytest.approx(expected, rel=1e-8, abs=1e-12)


def test_epsilon_is_above_the_exact_one_and_not_far():
    """Without sampling, n steps are one Gaussian mechanism, whose curve is known."""
    z, n, delta = 4.0, 10, 1e-5
    accountant = PrivacyAccountant()
    accountant.step(noise_multiplier=z, sample_rate=1.0, n_steps=n)
    ours, mu = accountant.epsilon(delta), np.sqrt(n) / z

    def exact_delta(epsilon):  # Balle and Wang (2018), theorem 8
        a, b = mu / 2 - epsilon / mu, -mu / 2 - epsilon / mu
        return stats.norm.cdf(a) - np.exp(epsilon) * stats.norm.cdf(b)

    assert exact_delta(ours) <= delta
    assert exact_delta(0.85 * ours) > delta


@settings(deadline=None, max_examples=40)
@given(st.floats(0.3, 5), st.floats(0.001, 1), st.integers(1, 1000))
def test_less_noise_more_rows_and_more_steps_cost_more(z, q, n):
    def epsilon(z, q, n):
        accountant = PrivacyAccountant()
        accountant.step(noise_multiplier=z, sample_rate=q, n_steps=n)
        return accountant.epsilon(1e-5)

    here = epsilon(z, q, n) * (1 - 1e-9)
    assert here <= epsilon(z * 0.9, q, n)
    assert here <= epsilon(z, min(1.0, 1.1 * q), n)
    assert here <= epsilon(z, q, n + 1)


@pytest.mark.parametrize("budget", [0.5, 2.0, 10.0])
def test_noise_for_a_budget_spends_it(budget):
    z = noise_for(budget, 1e-5, sample_rate=0.05, n_steps=200)
    accountant = PrivacyAccountant()
    accountant.step(noise_multiplier=z, sample_rate=0.05, n_steps=200)
    assert accountant.epsilon(1e-5) == pytest.approx(budget, rel=1e-3)


def test_clipping_is_by_sample_not_of_the_sum():
    """One huge gradient among small ones may move the mean by C / m, no more."""
    rng = np.random.default_rng(0)
    small = 0.1 * rng.normal(size=(20, 5)) / np.sqrt(5)
    huge = np.vstack([small, 1e6 * np.ones((1, 5))])
    options = {"max_norm": 1.0, "noise_multiplier": 0.0, "expected": 21, "rng": rng}
    moved = private_mean(huge, **options) - private_mean(small, **options)
    assert np.linalg.norm(moved) == pytest.approx(1 / 21)


@settings(deadline=None, max_examples=40)
@given(st.floats(1e-3, 1e3), st.integers(0, 99))
def test_clipped_rows_are_short_enough_and_point_the_same_way(max_norm, seed):
    rows = (
        np.random.default_rng(seed).normal(size=(6, 4))
        * 10.0 ** np.arange(-2, 4)[:, None]
    )
    clipped = clip(rows, max_norm)
    norms = np.linalg.norm(rows, axis=1)
    assert (np.linalg.norm(clipped, axis=1) <= max_norm * (1 + 1e-12)).all()
    np.testing.assert_array_equal(clipped[norms <= max_norm], rows[norms <= max_norm])
    cosine = (clipped * rows).sum(axis=1) / np.linalg.norm(clipped, axis=1) / norms
    np.testing.assert_allclose(cosine, 1)


def test_a_row_of_zeros_stays():
    np.testing.assert_array_equal(clip(np.zeros((1, 3)), 1.0), np.zeros((1, 3)))


def test_noise_has_the_promised_size():
    rng = np.random.default_rng(0)
    rows = np.zeros((3, 50_000))
    noise = private_mean(rows, max_norm=2.0, noise_multiplier=1.5, expected=4, rng=rng)
    assert stats.kstest(noise, stats.norm(0, 1.5 * 2.0 / 4).cdf).pvalue > 1e-3


def test_clipping_agrees_with_opacus_on_a_real_gradient():
    """Opacus's per-sample gradients of a linear layer, clipped and averaged."""
    import torch
    from opacus import GradSampleModule

    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(12, 5)), rng.integers(0, 3, 12)
    model = ModelWrapper(layers=(5, 3), dtype="float64")
    layer = torch.nn.Linear(5, 3, dtype=torch.float64)
    W = model.get_parameters()[:15].reshape(5, 3)
    layer.weight.data, layer.bias.data = (
        torch.tensor(W.T),
        torch.zeros(3, dtype=torch.float64),
    )
    module = GradSampleModule(layer, loss_reduction="sum")
    loss = torch.nn.functional.cross_entropy(
        module(torch.tensor(X, requires_grad=True)), torch.tensor(y), reduction="sum"
    )
    loss.backward()
    weights, biases = (p.grad_sample.numpy() for p in module.parameters())
    theirs = np.hstack([weights.transpose(0, 2, 1).reshape(12, -1), biases])
    norms = np.linalg.norm(theirs, axis=1, keepdims=True)
    expected = (theirs * np.minimum(1, 0.7 / norms)).mean(axis=0)
    ours = private_mean(
        model.per_sample_gradients(X, y),
        max_norm=0.7,
        noise_multiplier=0.0,
        expected=12,
        rng=rng,
    )
    np.testing.assert_allclose(ours, expected, atol=1e-12)


def test_poisson_sampling_has_binomial_size():
    rng = np.random.default_rng(0)
    sizes = np.array([len(sample_poisson(100, 0.3, rng)) for _ in range(2000)])
    expected = stats.binom(100, 0.3)
    assert abs(sizes.mean() - 30) < 5 * expected.std() / np.sqrt(2000)
    assert 0.85 < sizes.var() / expected.var() < 1.15


def test_dp_sgd_learns_and_survives_empty_batches():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 2))
    y = (X[:, 0] > 0).astype(int)
    model = ModelWrapper(layers=(2, 2))
    spent = dp_sgd(
        model,
        X,
        y,
        n_steps=60,
        batch_size=50,
        learning_rate=1.0,
        max_norm=1.0,
        noise_multiplier=1.0,
        rng=rng,
    )
    assert model.score(X, y) > 0.9
    reference = PrivacyAccountant()
    reference.step(noise_multiplier=1.0, sample_rate=1 / 6, n_steps=60)
    assert spent.epsilon(1e-4) == reference.epsilon(1e-4)
    dp_sgd(
        model,
        X,
        y,
        n_steps=2,
        batch_size=1e-9,
        learning_rate=1.0,
        max_norm=1.0,
        noise_multiplier=1.0,
        rng=rng,
    )


def test_nothing_done_costs_nothing():
    assert PrivacyAccountant().epsilon(1e-5) == 0
    accountant = PrivacyAccountant()
    accountant.step(noise_multiplier=1.0, sample_rate=0.0, n_steps=1000)
    assert accountant.epsilon(1e-5) == 0


RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: clip(np.ones((1, 2)), 0.0), "max_norm"),
        (lambda: clip(np.array([[np.inf]]), 1.0), "finite"),
        (lambda: clip(np.array([[np.nan]]), 1.0), "finite"),
        (
            lambda: private_mean(
                np.ones((1, 2)), max_norm=1, noise_multiplier=-1, expected=1, rng=RNG
            ),
            "noise_multiplier",
        ),
        (
            lambda: private_mean(
                np.ones((1, 2)), max_norm=1, noise_multiplier=1, expected=0, rng=RNG
            ),
            "expected",
        ),
        (lambda: renyi_divergence(0.0, 0.1), "noise_multiplier"),
        (lambda: renyi_divergence(1.0, 1.1), "sample_rate"),
        (lambda: PrivacyAccountant().epsilon(0.0), "delta"),
        (
            lambda: PrivacyAccountant().step(
                noise_multiplier=1, sample_rate=0.1, n_steps=-1
            ),
            "n_steps",
        ),
        (
            lambda: noise_for(0.0, 1e-5, sample_rate=0.1, n_steps=10),
            "no noise multiplier",
        ),
    ],
)
def test_bad_input_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_without_noise_epsilon_is_infinite_and_training_works():
    X, y = np.array([[-1.0], [1.0]] * 20), np.array([0, 1] * 20)
    model = ModelWrapper(layers=(1, 2))
    options = {"n_steps": 5, "batch_size": 10, "learning_rate": 0.5, "max_norm": 1.0}
    rng = np.random.default_rng(0)
    spent = dp_sgd(model, X, y, noise_multiplier=0.0, rng=rng, **options)
    assert spent.epsilon(1e-5) == np.inf
    assert model.score(X, y) == 1.0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("noise_multiplier", -1.0),
        ("noise_multiplier", np.nan),
        ("max_norm", 0),
        ("batch_size", 41),
        ("batch_size", 0),
        ("n_steps", -1),
        ("learning_rate", np.inf),
    ],
)
def test_dp_sgd_refuses_before_it_trains(name, value):
    X, y = np.array([[-1.0], [1.0]] * 20), np.array([0, 1] * 20)
    model = ModelWrapper(layers=(1, 2))
    start = model.get_parameters()
    options = {"n_steps": 5, "batch_size": 10, "learning_rate": 0.5, "max_norm": 1.0}
    options |= {"noise_multiplier": 1.0} | {name: value}
    with pytest.raises(ValueError, match=name):
        dp_sgd(model, X, y, **options)
    np.testing.assert_array_equal(model.get_parameters(), start)


def test_a_step_without_noise_is_never_forgotten():
    accountant = PrivacyAccountant()
    accountant.step(noise_multiplier=0.0, sample_rate=0.1, n_steps=0)
    assert accountant.epsilon(1e-5) == 0.0
    accountant.step(noise_multiplier=0.0, sample_rate=0.1)
    accountant.step(noise_multiplier=5.0, sample_rate=0.1)
    assert accountant.epsilon(1e-5) == np.inf


def test_hardly_any_noise_is_counted_at_once():
    spent = PrivacyAccountant()
    spent.step(noise_multiplier=1e-6, sample_rate=0.1)
    assert spent.epsilon(1e-5) > 1e9


def test_faint_noise_is_bounded_from_above():
    exact = renyi_divergence(0.1, 0.5)
    bounded = renyi_divergence(0.0999999, 0.5)
    assert (bounded >= exact).all()
