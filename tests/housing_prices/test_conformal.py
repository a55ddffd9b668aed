"""Where pooled errors of folds keep their promise, and where they do not."""

import pytest

from mlmastery.housing_prices import pooled_coverage


@pytest.mark.parametrize("n", [60, 100])
def test_pooled_errors_fail_where_each_row_decides_the_fit(n):
    assert pooled_coverage(n, n, repeats=20) < 0.5


@pytest.mark.parametrize(("n", "p"), [(100, 2), (200, 10), (60, 1)])
def test_pooled_errors_keep_their_promise_for_stable_fits(n, p):
    assert pooled_coverage(n, p, repeats=40) == pytest.approx(0.9, abs=0.03)


def test_the_allowed_share_of_misses_is_heeded():
    assert pooled_coverage(200, 2, repeats=40, alpha=0.4) == pytest.approx(
        0.6, abs=0.04
    )


def test_a_seed_gives_one_answer():
    same = [pooled_coverage(50, 5, repeats=5, random_state=s) for s in (1, 1, 2)]
    assert same[0] == same[1] != same[2]
