"""Secure aggregation: the sum exactly, whoever is lost, and nothing else."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from mlmastery.distributed_training.secure import (
    PRIME,
    STEPS,
    SecureAggregationError,
    SecureAggregator,
    SecureClient,
    SecureServer,
    from_fixed,
    join_shares,
    pseudorandom,
    split_secret,
    to_fixed,
)


def entropy(seed):
    return np.random.default_rng(seed).bytes


def test_every_pattern_of_losses_gives_the_plain_sum_or_is_refused():
    """Five fates for each of four clients: lost before one of the steps, or never."""
    vectors = dict(enumerate(np.random.default_rng(0).normal(size=(4, 5))))
    aggregator = SecureAggregator(4, threshold=3, entropy=entropy(0))
    refused = 0
    for fates in product([*STEPS, None], repeat=4):
        lost = {u: step for u, step in enumerate(fates) if step is not None}
        if sum(step is None for step in fates) < 3:
            refused += 1
            with pytest.raises(SecureAggregationError, match="threshold"):
                aggregator.sum(vectors, lost)
            continue
        result = aggregator.sum(vectors, lost)
        delivered = [u for u in range(4) if lost.get(u, "reveal") == "reveal"]
        assert list(result.survivors) == delivered
        plain = sum(vectors[u] for u in delivered)
        np.testing.assert_allclose(result.total, plain, atol=4 * 2.0**-25)
    assert refused == 5**4 - 1 - 4 * 4


@pytest.mark.parametrize("step", STEPS)
def test_half_the_clients_are_lost_at_once(step):
    vectors = dict(enumerate(np.random.default_rng(0).normal(size=(8, 300))))
    lost = {u: step for u in (1, 3, 4, 6)}
    result = SecureAggregator(8, threshold=4).sum(vectors, lost)
    kept = [u for u in vectors if step == "reveal" or u not in lost]
    np.testing.assert_allclose(result.total, sum(vectors[u] for u in kept), atol=1e-6)
    with pytest.raises(SecureAggregationError, match="threshold is 5"):
        SecureAggregator(8).sum(vectors, lost)  # more than half must live


@settings(deadline=None, max_examples=40)
@given(st.integers(2, 6), st.integers(0, 40), st.data())
def test_sum_is_exact_for_any_size(n_clients, size, data):
    threshold = data.draw(st.integers(2, n_clients))
    rng = np.random.default_rng(size)
    vectors = {u: rng.integers(-999, 999, size) / 8 for u in range(n_clients)}
    result = SecureAggregator(n_clients, threshold=threshold).sum(vectors)
    np.testing.assert_array_equal(result.total, sum(vectors.values()))


def masked_by_client_0(value, repeats):
    """Return what the server sees of client 0's one number, over fresh runs."""
    aggregator = SecureAggregator(2, entropy=entropy(int(abs(value)) + 1))
    seen = [aggregator.sum({0: [value], 1: [1.0]}).masked[0][0] for _ in range(repeats)]
    return np.array(seen) / 2.0**64


def test_a_masked_vector_says_nothing_about_the_vector():
    small, large = masked_by_client_0(0.0, 400), masked_by_client_0(9e5, 400)
    for seen in (small, large):
        assert stats.kstest(seen, "uniform").pvalue > 1e-3
    assert stats.ks_2samp(small, large).pvalue > 1e-3


def test_a_masked_vector_is_independent_of_the_vector_coordinate_by_coordinate():
    x = np.random.default_rng(0).normal(size=20_000)
    aggregator = SecureAggregator(3, entropy=entropy(5))
    result = aggregator.sum({0: x, 1: x, 2: x})
    for masked in result.masked.values():
        uniform = masked / 2.0**64
        table = np.histogram2d(stats.norm.cdf(x), uniform, bins=10)[0]
        assert stats.chi2_contingency(table).pvalue > 1e-4
        low_bits = np.bincount((masked & np.uint64(255)).astype(int), minlength=256)
        assert stats.chisquare(low_bits).pvalue > 1e-4
    one, two, three = (masked / 2.0**64 for masked in result.masked.values())
    assert abs(stats.pearsonr(one, two).statistic) < 4 / np.sqrt(20_000)
    assert abs(stats.pearsonr(two, three).statistic) < 4 / np.sqrt(20_000)


def test_two_runs_mask_the_same_vector_differently():
    aggregator = SecureAggregator(2)
    one, two = (aggregator.sum({0: [1.0], 1: [1.0]}).masked[0] for _ in range(2))
    assert one != two


def start(n_clients, threshold):
    """Run the first two steps and return the clients and the server."""
    server = SecureServer(threshold)
    clients = [SecureClient(u, threshold) for u in range(n_clients)]
    server.advertised = {c.index: c.advertise() for c in clients}
    server.letters = {c.index: c.share(server.advertised) for c in clients}
    return clients, server


def test_a_vector_that_arrives_late_stays_hidden():
    """Its key is rebuilt, so only the second mask protects it, and it does."""
    clients, server = start(4, 3)
    vector = to_fixed(np.arange(3.0), 10, 24)
    late = clients[3].mask(vector, server.letters_to(3))
    server.masked = {u: clients[u].mask(vector, server.letters_to(u)) for u in range(3)}
    revealed = {u: clients[u].reveal(server.masked) for u in range(3)}
    total = from_fixed(server.unmask(revealed), 24)
    np.testing.assert_array_equal(total, 3 * np.arange(3.0))
    bare = late + server._masks_left_by(3, revealed, 3)  # theirs are minus its own
    assert not np.array_equal(bare, vector)
    np.testing.assert_array_equal(bare - pseudorandom(clients[3]._seed, 3), vector)


def test_a_client_never_reveals_key_and_seed_of_the_same_client():
    clients, server = start(4, 3)
    zero = np.zeros(1, np.uint64)
    server.masked = {u: clients[u].mask(zero, server.letters_to(u)) for u in range(4)}
    answer = clients[0].reveal([0, 1, 2])
    assert answer["keys"].keys() & answer["seeds"].keys() == set()
    with pytest.raises(SecureAggregationError, match="already"):
        clients[0].reveal([0, 1, 2, 3])  # the server changes its mind about client 3


def test_a_client_refuses_below_the_threshold():
    clients, server = start(4, 3)
    few = {u: server.advertised[u] for u in (0, 1)}
    with pytest.raises(SecureAggregationError, match="keys of only 2 clients"):
        SecureClient(0, 3).share(few)
    letters, zero = server.letters_to(0), np.zeros(1, np.uint64)
    with pytest.raises(SecureAggregationError, match="shares of only 2 clients"):
        clients[0].mask(zero, {1: letters[1]})
    with pytest.raises(SecureAggregationError, match="vectors of only 2 clients"):
        clients[0].reveal([0, 1])


def test_an_altered_letter_is_noticed():
    clients, server = start(3, 2)
    letters = server.letters_to(0)
    broken = bytearray(letters[1])
    broken[5] ^= 1
    with pytest.raises(SecureAggregationError, match="letter from 1 was altered"):
        clients[0].mask(np.zeros(1, np.uint64), letters | {1: bytes(broken)})


def test_a_letter_cannot_be_passed_on_as_someone_elses():
    clients, server = start(3, 2)
    swapped = {1: server.letters[2][0], 2: server.letters[1][0]}
    with pytest.raises(SecureAggregationError, match="altered"):
        clients[0].mask(np.zeros(1, np.uint64), swapped)


def test_wrong_shares_are_noticed():
    clients, server = start(4, 3)
    zero = np.zeros(1, np.uint64)
    server.masked = {u: clients[u].mask(zero, server.letters_to(u)) for u in range(3)}
    revealed = {u: clients[u].reveal(server.masked) for u in range(3)}
    revealed[0]["keys"][3] = bytes(33)
    with pytest.raises(SecureAggregationError, match=r"key are wrong|one secret"):
        server.unmask(revealed)


@settings(deadline=None, max_examples=40)
@given(st.binary(min_size=32, max_size=32), st.integers(2, 5), st.integers(0, 3))
def test_any_threshold_of_shares_rebuilds_a_secret(secret, threshold, extra):
    places = range(1, threshold + extra + 1)
    shares = split_secret(secret, places, threshold, entropy(1))
    for chosen in combinations(places, threshold):
        assert join_shares({place: shares[place] for place in chosen}) == secret


def test_fewer_shares_than_the_threshold_say_nothing():
    """For any other secret there is a polynomial through the same two shares of three."""
    rng = entropy(2)
    first = [
        int.from_bytes(split_secret(secret, [1], 3, rng)[1]) / PRIME
        for secret in [bytes(32)] * 400 + [b"\xff" * 32] * 400
    ]
    assert stats.ks_2samp(first[:400], first[400:]).pvalue > 1e-3
    assert stats.kstest(first, "uniform").pvalue > 1e-3


def test_the_prime_is_prime():
    for base in (2, 3, 5, 7, 11, 13):  # Fermat; a composite passes one in 4**6 at most
        assert pow(base, PRIME - 1, PRIME) == 1
    assert PRIME > 2**256


@settings(deadline=None, max_examples=40)
@given(st.lists(st.floats(-1e6, 1e6), max_size=20))
def test_fixed_point_errs_by_half_a_unit(values):
    vector = np.array(values)
    error = from_fixed(to_fixed(vector, 1e6, 24), 24) - vector
    assert (np.abs(error) <= 2.0**-25).all()


def test_bytes_are_counted():
    result = SecureAggregator(3).sum({u: np.zeros(1000) for u in range(3)})
    letters = 3 * 2 * (66 + 16)
    assert result.bytes_up == 3 * 64 + letters + 3 * 8000 + 3 * 3 * 33


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: SecureAggregator(1), "n_clients=1"),
        (lambda: SecureAggregator(4, threshold=5), "got 5"),
        (lambda: SecureAggregator(4, threshold=1), "got 1"),
        (lambda: SecureAggregator(4, bound=1e12), "overflow"),
        (lambda: SecureAggregator(2).sum({0: [1.0]}), "each of 2"),
        (lambda: SecureAggregator(2).sum({0: [1.0], 1: [1.0, 2.0]}), "equal length"),
        (lambda: SecureAggregator(2).sum({0: [np.nan], 1: [0.0]}), "finite"),
        (lambda: SecureAggregator(2).sum({0: [2e6], 1: [0.0]}), r"at most 1e\+06"),
    ],
)
def test_bad_input_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
