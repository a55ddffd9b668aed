"""The autoencoder: principal components, early stopping, errors by column."""

import numpy as np
import pytest

from mlmastery.fraud_detection.autoencoder import (
    Autoencoder,
    build_autoencoder,
    pca_errors,
)


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(0)
    return rng.normal(size=(640, 5)) @ rng.normal(size=(5, 5)) + 10


@pytest.fixture(scope="module")
def fitted(rows):
    return Autoencoder(bottleneck=2, epochs=6, batch_size=64).fit(rows)


def test_pca_errors_are_those_of_sklearn(rows):
    from sklearn.decomposition import PCA

    pca = PCA(2).fit(rows[:400])
    back = pca.inverse_transform(pca.transform(rows[400:]))
    want = (rows[400:] - back) ** 2
    np.testing.assert_allclose(pca_errors(rows[:400], rows[400:], 2), want, atol=1e-9)
    with pytest.raises(ValueError, match="n_components"):
        pca_errors(rows, rows, 6)
    with pytest.raises(ValueError, match="other must have 5 columns"):
        pca_errors(rows, rows[:, :2], 2)


def test_linear_autoencoder_reaches_the_principal_components(rows):
    model = Autoencoder(
        hidden=0,
        bottleneck=2,
        epochs=60,
        patience=20,
        batch_size=128,
        learning_rate=0.03,
        clip=100,
    ).fit(rows)
    Z = model._scale(rows[:512])
    best = pca_errors(Z, Z, 2).mean()
    assert best - 1e-6 <= model.errors(rows[:512]).mean() < 1.05 * best


def test_copy_from_weights_is_the_networks(rows, fitted):
    Z = fitted._scale(rows)
    theirs = np.asarray(fitted._network(Z.astype("float32")))
    np.testing.assert_allclose(fitted._copy(Z), theirs, atol=1e-4)


def test_score_is_the_mean_of_the_columns_errors(rows, fitted):
    errors = fitted.errors(rows)
    assert errors.shape == rows.shape
    assert (errors >= 0).all()
    np.testing.assert_allclose(fitted.score(rows), errors.mean(axis=1))


def test_the_best_epoch_is_kept_and_training_stops(rows):
    model = Autoencoder(epochs=60, patience=2, batch_size=64, learning_rate=0.05)
    model.fit(rows)
    losses = model.history_["val_loss"]
    best = int(np.argmin(losses))
    assert len(losses) in (best + 3, 60)
    assert len(losses) < 60
    watched = model._scale(rows[512:])
    loss = ((watched - model._copy(watched)) ** 2).mean()
    assert loss == pytest.approx(losses[best], rel=1e-4)


def test_watched_rows_are_not_learned_from(rows):
    """Scale and weights come from the first part alone."""
    changed = rows.copy()
    changed[512:] += 5
    a, b = (Autoencoder(epochs=1, batch_size=64).fit(X) for X in (rows, changed))
    np.testing.assert_array_equal(a._mean, b._mean)
    np.testing.assert_array_equal(a.score(rows), b.score(rows))


def test_same_seed_same_model_also_when_fitted_again(rows):
    model = Autoencoder(epochs=2, batch_size=64)
    first = model.fit(rows).score(rows)
    np.testing.assert_allclose(model.fit(rows).score(rows), first, rtol=1e-5)
    model.random_state = 1
    assert np.abs(model.fit(rows).score(rows) - first).max() > 1e-3


def test_an_odd_column_is_named(rows, fitted):
    row = rows[:512].mean(axis=0)
    row[3] += 40 * rows[:, 3].std()
    (name, share), second = fitted.explain(row, "abcde", n=2)
    assert name == "d"
    assert 0.3 < share <= 1
    assert second[1] <= share
    with pytest.raises(ValueError, match="names must be 5, got 2"):
        fitted.explain(row, "ab")


def test_values_are_cut_off_and_constant_columns_kept(rows, fitted):
    assert np.abs(fitted._scale(rows * 1e6)).max() == 10
    constant = np.column_stack([rows, np.ones(640)])
    model = Autoencoder(epochs=1).fit(constant)
    assert np.isfinite(model.score(constant)).all()


def test_sizes_of_the_network():
    # 20·12+12, 12·4+4, 4·12+12, 12·20+20 parameters.
    assert build_autoencoder(20).count_params() == 624
    assert build_autoencoder(20, hidden=0).count_params() == 20 * 4 + 4 + 4 * 20 + 20


@pytest.mark.parametrize("X", [[[1.0, np.inf]] * 9, [[1.0, 2.0]], [1.0]])
def test_refuses_bad_rows(X):
    with pytest.raises(ValueError, match="X must"):
        Autoencoder(epochs=1).fit(X)


def test_refuses_to_score_before_it_is_fitted(rows):
    with pytest.raises(ValueError, match="fit the autoencoder first"):
        Autoencoder().errors(rows)
    with pytest.raises(ValueError, match="validation"):
        Autoencoder(validation=0)
