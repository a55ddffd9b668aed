"""The index finds what exact search finds, or nearly, and says how nearly."""

import numpy as np
import pytest

from mlmastery.recommendation.index import (
    InvertedFileIndex,
    exact_search,
    index_recall,
    race_indexes,
    simulate_factors,
)


@pytest.fixture(scope="module")
def factors():
    return simulate_factors(5000, 60, n_factors=16, n_tastes=30)


@pytest.fixture(scope="module")
def index(factors):
    return InvertedFileIndex(n_cells=50).fit(factors[0])


def test_exact_search_is_a_sort_of_all_products(factors):
    items, users = factors
    positions, scores = exact_search(items, users, 7)
    products = users.astype(float) @ items.astype(float).T
    np.testing.assert_array_equal(positions, np.argsort(-products, axis=1)[:, :7])
    np.testing.assert_allclose(scores, -np.sort(-products, axis=1)[:, :7])


def test_exact_search_works_in_chunks_and_for_all_items():
    items = np.eye(3)
    queries = np.tile([[3.0, 1.0, 2.0]], (600, 1))
    positions, scores = exact_search(items, queries, 3)
    assert (positions == [0, 2, 1]).all()
    assert (scores == [3.0, 2.0, 1.0]).all()
    assert positions.shape == (600, 3)


def test_all_cells_are_exact_search(factors, index):
    items, users = factors
    index.n_probe = 50
    found, scores = index.search(users, 10)
    exact, products = exact_search(items, users, 10)
    np.testing.assert_array_equal(found, exact)
    np.testing.assert_allclose(scores, products)


def test_more_cells_find_more(factors, index):
    items, users = factors
    exact, products = exact_search(items, users, 10)
    shares = []
    for index.n_probe in (1, 5, 20):
        found, scores = index.search(users, 10)
        shares.append(index_recall(found, exact))
        assert (scores <= products + 1e-9).all()
        own = np.einsum("qf,qkf->qk", users, items[found])
        np.testing.assert_allclose(scores, own, rtol=1e-5)  # the items' own products
    assert shares == sorted(shares)
    assert shares[0] < 0.9 < shares[2]


def test_a_long_vector_far_off_is_found():
    """It wins by its length alone; its own direction's cell would never be probed."""
    rng = np.random.default_rng(0)
    items = rng.normal(size=(2000, 8))
    query = np.zeros(8)
    query[0] = 1.0
    items[77] = 0.0
    items[77, :2] = 30.0, 90.0  # 71 degrees from the query
    index = InvertedFileIndex(n_cells=20, n_probe=1).fit(items)
    found, scores = index.search(query[None], 1)
    assert found.tolist() == [[77]]
    assert scores[0, 0] == pytest.approx(30.0)


def test_what_is_searched_unless_said_otherwise(factors):
    items, users = factors
    index = InvertedFileIndex().fit(items)
    found, scores = index.search(users)
    assert found.shape == scores.shape == (60, 10)
    assert len(index.cells_) == 256
    same = InvertedFileIndex(256, 8, random_state=0).fit(items).search(users, 10)[0]
    np.testing.assert_array_equal(found, same)
    assert simulate_factors(10, 3)[0].shape == (10, 32)


def test_every_item_is_in_one_cell(factors, index):
    together = np.concatenate(index.cells_)
    assert sorted(together.tolist()) == list(range(5000))
    assert index.centres_.shape == (50, 17)


def test_small_cells_are_filled_up_from_the_next():
    rng = np.random.default_rng(1)
    items = rng.normal(size=(60, 4))
    index = InvertedFileIndex(n_cells=30, n_probe=1).fit(items)
    found, _ = index.search(rng.normal(size=(20, 4)), 40)
    assert found.shape == (20, 40)
    assert all(len(set(row)) == 40 for row in found.tolist())
    everything, _ = index.search(items[:1], 60)
    assert sorted(everything[0].tolist()) == list(range(60))


def test_the_same_seed_gives_the_same_index(factors):
    items, users = factors
    one, two = (InvertedFileIndex(20, 2, random_state=3).fit(items) for _ in range(2))
    np.testing.assert_array_equal(one.search(users, 5)[0], two.search(users, 5)[0])
    other = InvertedFileIndex(20, 2, random_state=4).fit(items)
    assert not np.array_equal(one.centres_, other.centres_)


def test_simulated_factors_have_tastes_and_lengths(factors):
    items, users = factors
    assert items.dtype == users.dtype == np.float32
    again = simulate_factors(5000, 60, n_factors=16, n_tastes=30)
    np.testing.assert_array_equal(items, again[0])
    unlike = simulate_factors(5000, 60, n_factors=16, n_tastes=30, random_state=1)
    assert not np.array_equal(items, unlike[0])
    # 30 tastes explain about half of what direction an item has.
    from sklearn.cluster import KMeans

    directions = items / np.linalg.norm(items, axis=1, keepdims=True)
    within = KMeans(30, n_init=3, random_state=0).fit(directions).inertia_ / 5000
    assert 0.3 < within < 0.7


def test_the_race_measures_both_indexes(factors):
    items, users = factors
    table = race_indexes(
        items, users[:20], n_cells=20, probes=(1, 20), breadths=(10, 300)
    )
    assert table.index.tolist() == [
        "exact",
        "cells, 1 searched",
        "cells, 20 searched",
        "graph, breadth 10",
        "graph, breadth 300",
    ]
    found = table["recall"]
    assert found["exact"] == found["cells, 20 searched"] == 1
    assert found["cells, 1 searched"] < 1
    assert found["graph, breadth 10"] < found["graph, breadth 300"] > 0.95
    assert table["build"]["exact"] == 0
    assert (table["ms"] > 0).all()
    assert table["ms"]["exact"] < 50  # milliseconds: a product of 5,000 × 16 numbers


def test_a_race_repeats_its_recalls(factors):
    items, users = factors
    options = {"n_cells": 20, "probes": (2,), "breadths": (20,)}
    one, two = (race_indexes(items, users[:20], **options)["recall"] for _ in range(2))
    assert one.tolist() == two.tolist()


def test_recall_ignores_the_order():
    assert index_recall([[1, 2, 3]], [[3, 1, 9]]) == pytest.approx(2 / 3)
    with pytest.raises(ValueError, match=r"got shapes \(1, 2\) and \(1, 3\)"):
        index_recall([[1, 2]], [[1, 2, 3]])
    with pytest.raises(ValueError, match=r"got shapes \(2,\) and \(2,\)"):
        index_recall([1, 2], [1, 2])


@pytest.mark.parametrize(
    ("queries", "k", "message"),
    [
        (np.ones((1, 3)), 1, r"got shapes \(5000, 16\) and \(1, 3\)"),
        (np.ones(16), 1, r"got shapes \(5000, 16\) and \(16,\)"),
        (np.ones((1, 16)), 0, "k must be a whole number from 1 to 5000, got 0"),
        (np.ones((1, 16)), 5001, "k must be a whole number from 1 to 5000, got 5001"),
    ],
)
def test_questions_that_do_not_fit_are_refused(queries, k, message, factors, index):
    index.n_probe = 1
    with pytest.raises(ValueError, match=message):
        index.search(queries, k)
    with pytest.raises(ValueError, match=message):
        exact_search(factors[0], queries, k)


def test_probes_and_cells_have_limits(factors, index):
    index.n_probe = 51
    with pytest.raises(ValueError, match="n_probe must be a whole number from 1 to 50"):
        index.search(factors[1])
    with pytest.raises(ValueError, match=r"n_cells must be .* from 1 to 5, got 6"):
        InvertedFileIndex(6).fit(factors[0][:5])
