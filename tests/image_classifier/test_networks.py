"""The network: training, validation, callbacks, refused arguments."""

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError

pytestmark = pytest.mark.filterwarnings(
    # Keras 3.15 on NumPy 2: __array__ without copy=
    "ignore:__array__ implementation:DeprecationWarning"
)


def small(**options):
    from mlmastery.image_classifier.networks import CNNClassifier

    return CNNClassifier((4, 8), 16, epochs=2, patience=2, **options)


def test_bytes_are_scaled_once():
    from mlmastery.image_classifier.networks import as_batch

    x = np.full((2, 4, 4), 51, np.uint8)
    np.testing.assert_allclose(as_batch(x), 0.2, rtol=1e-6)
    with pytest.raises(TypeError, match="uint8 from 0 to 255, got float64"):
        as_batch(x / 255)
    with pytest.raises(ValueError, match=r"got \(4, 4\)"):
        as_batch(x[0])


def test_the_seed_s_plan_has_the_known_number_of_parameters():
    from mlmastery.image_classifier.networks import build_cnn

    model = build_cnn((224, 224, 3))
    # 3*3*3*32+32, 3*3*32*64+64, 3*3*64*128+128, 26*26*128*512+512, 512+1
    assert model.count_params() == 896 + 18496 + 73856 + 44302848 + 513


def test_training_repeats_itself_and_seeds_differ(silhouettes):
    X, y = silhouettes[0][:120], silhouettes[1][:120]
    first, again = (small(random_state=3).fit(X, y) for _ in range(2))
    np.testing.assert_array_equal(first.predict_proba(X), again.predict_proba(X))
    other = again.set_params(random_state=4).refit(X, y)
    assert np.abs(first.predict_proba(X) - other.predict_proba(X)).max() > 1e-3


def test_refitting_forgets_what_was_learned(silhouettes):
    X, y = silhouettes[0][:80], silhouettes[1][:80]
    model = small(dropout=0.0, batch_norm=True).fit(X, y)
    first = model.predict_proba(X)
    np.testing.assert_allclose(model.refit(X, y).predict_proba(X), first, atol=1e-5)


@pytest.mark.parametrize("validation", [0, 0.25])
def test_callers_callbacks_watch_every_epoch(silhouettes, validation):
    import keras

    X, y = silhouettes[0][:60], silhouettes[1][:60]
    seen = []
    watcher = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda n, logs: seen.append(n)
    )
    model = small(validation=validation).fit(X, y, callbacks=[watcher])
    assert seen == [0, 1]
    model.refit(X, y, callbacks=[watcher])
    assert seen == [0, 1, 0, 1]


def test_classes_keep_their_columns(silhouettes):
    X, y = silhouettes[0][:200], silhouettes[1][:200]
    model = small(learning_rate=5e-3).set_params(epochs=12, patience=12).fit(X, y)
    assert model.classes_.tolist() == ["cat", "dog"]
    assert model.score(X, y) > 0.75  # exchanged columns would give less than a half
    np.testing.assert_allclose(model.predict_proba(X).sum(axis=1), 1)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"epochs": 0}, "epochs must be a whole number of at least 1, got 0"),
        (
            {"batch_size": 2.5},
            "batch_size must be a whole number of at least 1, got 2.5",
        ),
        ({"patience": None}, "patience must be a whole number of at least 1, got None"),
        (
            {"learning_rate": -1e-3},
            "learning_rate must be a number above 0, got -0.001",
        ),
        ({"learning_rate": np.nan}, "learning_rate must be a number above 0, got nan"),
    ],
)
def test_settings_that_train_nothing_are_named(silhouettes, settings, message):
    X, y = silhouettes[0][:20], silhouettes[1][:20]
    with pytest.raises(ValueError, match=message):
        small().set_params(**settings).fit(X, y)


def test_refused_images_labels_and_settings_leave_what_was_fitted(silhouettes):
    X, y = silhouettes[0][:40], silhouettes[1][:40]
    model = small().set_params(epochs=1).fit(X, y)
    before = model.predict_proba(X)
    for again in (model.fit, model.refit):
        for images, labels in [
            (X, np.where(y == "cat", "cat", None)),
            (X, y[:-1]),
            (X / 255, y),
        ]:
            with pytest.raises((TypeError, ValueError)):
                again(images, labels)
        model.set_params(epochs=0)
        with pytest.raises(ValueError, match="epochs"):
            again(X, y)
        model.set_params(epochs=1)
        np.testing.assert_array_equal(model.predict_proba(X), before)
    with pytest.raises(ValueError, match=r"shape \(28, 28, 1\), got \(20, 20, 1\)"):
        model.refit(X[:, :20, :20], y)
    np.testing.assert_array_equal(model.predict_proba(X), before)


def test_missing_labels_are_no_class():
    from mlmastery.image_classifier.networks import two_classes

    for labels in ([1.0, np.nan, 1.0], np.array(["cat", None], dtype=object)):
        with pytest.raises(ValueError, match="no missing value, got one in row 1"):
            two_classes(labels)
    with pytest.raises(ValueError, match="y should be a 1d array"):
        two_classes([["cat", "dog"]])


def test_prediction_before_training_and_of_other_images_is_refused(silhouettes, lite):
    from mlmastery.image_classifier.transfer import (
        FineTunedClassifier,
        FrozenClassifier,
    )

    X, y = silhouettes[0][:20], silhouettes[1][:20]
    for model in (small(), FrozenClassifier(lite), FineTunedClassifier(lite)):
        with pytest.raises(NotFittedError):
            model.predict(X)
    model = small().set_params(epochs=1).fit(X, y)
    with pytest.raises(ValueError, match=r"shape \(28, 28, 1\), got \(20, 20, 1\)"):
        model.predict(X[:, :20, :20])
    assert model.predict(X[:0]).shape == (0,)


def test_checkpoint_holds_the_best_epoch(silhouettes, tmp_path):
    import keras

    X, y = silhouettes[0][:120], silhouettes[1][:120]
    path = tmp_path / "best.keras"
    model = small(checkpoint=path).fit(X, y)
    p = np.asarray(keras.models.load_model(path)(X[:5, ..., None] / 255.0))
    np.testing.assert_allclose(p[:, 0], model.predict_proba(X[:5])[:, 1], atol=1e-5)


def test_augmentation_is_for_training_only(silhouettes):
    from mlmastery.image_classifier.networks import as_batch, augmentation

    layers, x = augmentation(random_state=1), as_batch(silhouettes[0][:4])
    np.testing.assert_array_equal(np.asarray(layers(x, training=False)), x)
    assert np.abs(np.asarray(layers(x, training=True)) - x).max() > 0.1


def test_prediction_is_not_augmented(silhouettes):
    X, y = silhouettes[0][:60], silhouettes[1][:60]
    model = small(augment=1.0, dropout=0.9).fit(X, y)
    np.testing.assert_array_equal(model.predict_proba(X), model.predict_proba(X))


def test_the_validation_images_keep_the_shares_of_the_classes(silhouettes, monkeypatch):
    from mlmastery.image_classifier import networks

    split, seen = networks.train_test_split, []

    def spy(*arrays, **options):
        seen.append(split(*arrays, **options))
        return seen[-1]

    monkeypatch.setattr(networks, "train_test_split", spy)
    X, y = silhouettes
    rare = np.concatenate(
        [np.flatnonzero(y == "cat")[:90], np.flatnonzero(y == "dog")[:10]]
    )
    small(validation=0.2).fit(X[rare], y[rare])
    assert seen[0][3].sum() == 2


def test_without_validation_every_image_is_learned(silhouettes):
    X, y = silhouettes[0][:40], silhouettes[1][:40]
    model = small(validation=0, batch_size=8).fit(X, y)
    assert sorted(model.history_) == ["accuracy", "loss"]
    assert len(model.history_["loss"]) == 2
    assert int(model.model_.optimizer.iterations) == 2 * 5


def test_the_rate_is_halved_before_patience_ends():
    from mlmastery.image_classifier.networks import make_callbacks

    for patience in (2, 4, 9):
        slow, stop = make_callbacks(patience)
        assert slow.patience < stop.patience == patience
        assert stop.restore_best_weights
        assert slow.monitor == stop.monitor == "val_loss"


def test_augmentation_mirrors_left_and_right_only():
    from mlmastery.image_classifier.networks import augmentation

    x = np.zeros((64, 8, 8, 1), np.float32)
    x[:, 1, 1] = 1  # top left
    found = np.asarray(augmentation(0.0, random_state=1)(x, training=True))[
        ..., 0
    ].round(2)
    left, right = found[:, 1, 1] == 1, found[:, 1, 6] == 1
    assert (left ^ right).all()
    assert 10 < left.sum() < 54


def test_three_classes_are_refused():
    from mlmastery.image_classifier.networks import two_classes

    with pytest.raises(ValueError, match="two classes, got"):
        two_classes(["cat", "dog", "cow"])


@pytest.mark.parametrize("schedule", ["plateau", "cosine"])
def test_refitting_equals_fitting_to_the_last_bit(silhouettes, schedule):
    """Dropout, augmentation and order are drawn from the seed again, as in a new one."""
    X, y = silhouettes[0][:70], silhouettes[1][:70]
    model = small(augment=0.5, schedule=schedule, random_state=2).fit(X, y)
    first = model.predict_proba(X)
    np.testing.assert_array_equal(model.refit(X, y).predict_proba(X), first)
    other = small(augment=0.5, schedule=schedule, random_state=7).fit(X, y)
    model.set_params(random_state=7).refit(X, y)
    np.testing.assert_array_equal(model.predict_proba(X), other.predict_proba(X))
    assert np.abs(first - other.predict_proba(X)).max() > 1e-3


def test_refitting_follows_other_layers_and_rates(silhouettes):
    X, y = silhouettes[0][:70], silhouettes[1][:70]
    change = {"dropout": 0.0, "batch_norm": True, "learning_rate": 5e-3}
    new = small().set_params(**change).fit(X, y).predict_proba(X)
    model = small().fit(X, y).set_params(**change).refit(X, y)
    np.testing.assert_array_equal(model.predict_proba(X), new)


@pytest.mark.parametrize("rate", [1e30, 1000])
def test_a_diverging_training_is_named_and_costs_nothing(silhouettes, rate):
    from mlmastery.image_classifier.networks import DivergenceError

    X, y = silhouettes[0][:100], silhouettes[1][:100]
    model = small().fit(X, y)
    before, history = model.predict_proba(X), model.history_
    model.set_params(learning_rate=rate)
    for again in (model.fit, model.refit):
        with pytest.raises(DivergenceError, match=r"training diverged: .* lower it"):
            again(X, y)
        np.testing.assert_array_equal(model.predict_proba(X), before)
        assert model.history_ is history


def test_the_first_batch_that_ruins_a_training_is_called_batch_1():
    from types import SimpleNamespace

    from mlmastery.image_classifier.networks import DivergenceError, NonFiniteLoss

    watch = NonFiniteLoss()
    watch.set_model(SimpleNamespace(optimizer=SimpleNamespace(learning_rate=0.5)))
    watch.on_train_batch_end(0, {"loss": 0.7})
    with pytest.raises(DivergenceError, match=r"batch 1 is nan with .*=0\.5"):
        watch.on_train_batch_end(0, {"loss": np.nan})


def test_images_with_nan_are_named():
    from mlmastery.image_classifier.networks import as_batch

    with pytest.raises(TypeError, match="got float64 with NaN"):
        as_batch(np.full((2, 4, 4), np.nan))


def test_the_cosine_ends_near_zero_and_needs_no_validation(silhouettes):
    X, y = silhouettes[0][:40], silhouettes[1][:40]
    model = small(validation=0, schedule="cosine", learning_rate=0.01)
    rates = model.set_params(epochs=4).fit(X, y).history_["learning_rate"]
    want = [0.005 * (1 + np.cos(np.pi * k / 4)) for k in range(4)]
    np.testing.assert_allclose(rates, want, rtol=1e-5)
    with pytest.raises(ValueError, match="schedule must be one of plateau, cosine"):
        small(schedule="linear").fit(X, y)


def test_stopping_and_the_rate_cut_act(silhouettes):
    """A network that memorises: its validation loss has a minimum before the end."""
    X, y = silhouettes[0][:120], silhouettes[1][:120]
    model = small(dropout=0.0, learning_rate=0.01, validation=0.3)
    model.set_params(epochs=60, patience=4).fit(X, y)
    losses, rates = model.history_["val_loss"], model.history_["learning_rate"]
    best = int(np.argmin(losses))
    assert len(losses) == best + 1 + 4 < 60
    assert rates[-1] < rates[0]
    loss = model.model_.evaluate(*kept_apart(X, y), verbose=0)[0]
    assert loss == pytest.approx(losses[best], abs=1e-4)  # the best weights came back


def kept_apart(X, y):
    from sklearn.model_selection import train_test_split

    x, targets = X[..., None].astype(np.float32) / 255, (y == "dog").astype(np.float32)
    split = train_test_split(
        x, targets, test_size=0.3, stratify=targets, random_state=0
    )
    return split[1], split[3]
