"""What the page shows going wrong must keep going wrong."""

import numpy as np
import pytest

pytestmark = pytest.mark.filterwarnings(
    # Keras 3.15 on NumPy 2: __array__ without copy=
    "ignore:__array__ implementation:DeprecationWarning"
)


def test_a_hasty_step_still_ruins_it(lite, silhouettes):
    from mlmastery.image_classifier.transfer import FineTunedClassifier

    (X, y), rest = (a[:200] for a in silhouettes), slice(200, 400)
    scores = [
        FineTunedClassifier(lite, 14, epochs=1, learning_rate=rate)
        .fit(X, y)
        .score(silhouettes[0][rest], silhouettes[1][rest])
        for rate in (1e-4, 0.03)
    ]
    assert scores[0] > scores[1] + 0.05


def test_fifty_images_by_heart_are_still_overconfident(silhouettes):
    """The network without augmentation that the page calibrates."""
    from mlmastery.calibration import expected_calibration_error
    from mlmastery.image_classifier.explain import perfect_calibration_error
    from mlmastery.image_classifier.networks import CNNClassifier
    from mlmastery.image_classifier.race import tuned_setting

    X, y = silhouettes
    model = CNNClassifier(validation=0, schedule="cosine", random_state=6)
    model.set_params(**tuned_setting(50) | {"augment": 0.0}).fit(X[:50], y[:50])
    p = model.predict_proba(X[50:350])[:, 1]
    error = expected_calibration_error(y[50:350] == "dog", p, 8)
    assert error > np.quantile(perfect_calibration_error(p, repeats=100), 0.95)


def test_a_millionth_keeps_what_the_head_reached(lite, silhouettes):
    from mlmastery.image_classifier.transfer import FineTunedClassifier, linear_probe

    (X, y), rest = (a[:160] for a in silhouettes), slice(200, 400)
    others, truth = (a[rest] for a in silhouettes)
    head = linear_probe().fit(lite.features(X), y).score(lite.features(others), truth)
    tuned = FineTunedClassifier(lite, 16, epochs=1, learning_rate=1e-6).fit(X, y)
    assert abs(tuned.score(others, truth) - head) <= 0.01
