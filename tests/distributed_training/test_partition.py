"""Every row goes to one client, as skewed as asked."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from mlmastery.distributed_training.offices import twenty_offices
from mlmastery.distributed_training.partition import (
    by_speaker,
    character_windows,
    dirichlet,
    iid,
    label_counts,
    label_skew,
)


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 12), st.integers(0, 40), st.floats(0, 2), st.integers(0, 99))
def test_iid_gives_every_row_to_one_client(n_clients, extra, spread, seed):
    n_samples = n_clients + extra
    rng = np.random.default_rng(seed)
    parts = iid(n_samples, n_clients, rng, spread=spread)
    assert len(parts) == n_clients
    assert min(map(len, parts)) >= 1
    np.testing.assert_array_equal(np.sort(np.concatenate(parts)), np.arange(n_samples))


@settings(deadline=None, max_examples=40)
@given(
    st.integers(1, 12),
    st.integers(0, 60),
    st.sampled_from([1e-3, 0.1, 1, 1e3]),
    st.integers(0, 99),
)
def test_dirichlet_gives_every_row_to_one_client(n_clients, extra, alpha, seed):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 4, n_clients + extra)
    parts = dirichlet(labels, n_clients, alpha, rng)
    assert len(parts) == n_clients
    assert min(map(len, parts)) >= 1
    together = np.sort(np.concatenate(parts))
    np.testing.assert_array_equal(together, np.arange(len(labels)))


def test_shares_of_a_class_follow_the_dirichlet_distribution():
    """A coordinate of a symmetric Dirichlet is Beta(alpha, (n - 1) alpha)."""
    labels, rng = np.zeros(2000, int), np.random.default_rng(0)
    shares = [len(dirichlet(labels, 4, 0.5, rng)[0]) / 2000 for _ in range(300)]
    assert stats.kstest(shares, stats.beta(0.5, 1.5).cdf).pvalue > 1e-3


def test_skew_falls_as_alpha_grows():
    labels = np.repeat(np.arange(10), 200)
    rng = np.random.default_rng(0)
    skews = [
        label_skew(labels, dirichlet(labels, 10, alpha, rng))
        for alpha in (0.05, 0.5, 5, 500)
    ]
    assert skews == sorted(skews, reverse=True)
    assert skews[0] > 0.6
    assert skews[-1] < 0.05


def test_iid_has_the_skew_of_chance_and_sizes_that_differ_by_one():
    labels = np.repeat(np.arange(10), 200)
    parts = iid(2000, 7, np.random.default_rng(0))
    sizes = [len(part) for part in parts]
    assert max(sizes) - min(sizes) <= 1
    table = label_counts(labels, parts)
    assert stats.chi2_contingency(table).pvalue > 1e-3
    assert table.sum() == 2000


def test_equal_seeds_give_equal_parts():
    labels = np.arange(100) % 5
    one, two = (dirichlet(labels, 5, 0.3, np.random.default_rng(9)) for _ in range(2))
    for a, b in zip(one, two, strict=True):
        np.testing.assert_array_equal(a, b)


def test_speakers_of_shakespeare_keep_their_words():
    from mlmastery.datasets import load_shakespeare

    text = load_shakespeare()
    roles = by_speaker(text, min_characters=20_000)
    sizes = [len(said) for said in roles.values()]
    assert sizes == sorted(sizes, reverse=True)
    assert min(sizes) >= 20_000
    for said in roles.values():
        assert said[:30].splitlines()[0] in text
    everyone = by_speaker(text)
    spoken = sum(map(len, everyone.values()))
    assert 0.9 * len(text) < spoken < len(text)


def test_windows_are_the_obvious_loop():
    text, alphabet = "to be or not", "".join(sorted(set("to be or not")))
    X, y = character_windows(text, alphabet, 3)
    assert X.shape == (9, 3 * len(alphabet))
    for i in range(9):
        seen = "".join(alphabet[j] for j in X[i].reshape(3, -1).argmax(axis=1))
        assert (seen, alphabet[y[i]]) == (text[i : i + 3], text[i + 3])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda rng: iid(3, 4, rng), "between 1 and the 3 samples, got 4"),
        (lambda rng: iid(3, 0, rng), "got 0"),
        (lambda rng: dirichlet(np.zeros(3), 2, 0.0, rng), "alpha"),
        (lambda rng: dirichlet(np.zeros(3), 2, np.nan, rng), "alpha"),
        (lambda rng: by_speaker("no play"), "got 0 speakers"),
        (lambda rng: character_windows("abc", "ab", 1), r"unknown: \['c'\]"),
        (lambda rng: character_windows("ab", "ab", 2), "longer than context=2"),
    ],
)
def test_bad_input_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call(np.random.default_rng(0))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda rng: dirichlet([0, 1], 2.0, 1.0, rng), "n_clients must lie between"),
        (lambda rng: dirichlet([0, 1], 2, "a", rng), "alpha must be a number above 0"),
        (
            lambda rng: dirichlet([0, np.nan], 2, 1.0, rng),
            "labels must have no missing",
        ),
        (lambda rng: iid(10, "2", rng), "n_clients must lie between"),
        (lambda rng: label_counts([0, 1], []), "parts must hold the rows of at least"),
    ],
)
def test_other_kinds_of_input_are_named(call, words):
    with pytest.raises(ValueError, match=words):
        call(np.random.default_rng(0))


def test_the_twenty_offices_are_those_of_the_first_page():
    page = Path(__file__).parents[2] / "book/distributed_training.md"
    deal = "offices = dirichlet(y, 20, alpha=0.1, rng=np.random.default_rng(22))"
    assert deal in page.read_text(encoding="utf-8")
    forms = twenty_offices()
    again = dirichlet(forms.y, 20, alpha=0.1, rng=np.random.default_rng(22))
    assert all((a == b).all() for a, b in zip(forms.parts, again, strict=True))
