"""What the page shows going wrong must keep going wrong."""

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
