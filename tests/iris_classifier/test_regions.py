"""Whether the colour of a region is that of the class which is predicted there."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from sklearn.neighbors import KNeighborsClassifier

from mlmastery.iris_classifier import plot_regions
from mlmastery.iris_classifier.regions import CLASS_COLOURS


@pytest.mark.parametrize("n_classes", [2, 3, 4])
def test_regions_have_the_colours_of_their_classes(n_classes):
    X = pd.DataFrame(
        {"a": np.arange(n_classes, dtype=float), "b": [0.0, 1, 0, 1][:n_classes]}
    )
    y = pd.Series(list("pqrs")[:n_classes])
    _, ax = plt.subplots()
    plot_regions(KNeighborsClassifier(1).fit(X, y), X, y, resolution=20, ax=ax)
    (areas,) = ax.collections
    for code, colour in enumerate(CLASS_COLOURS[:n_classes]):
        assert areas.to_rgba(code)[:3] == pytest.approx(to_rgb(colour))
    assert sorted(set(np.ravel(areas.get_array()))) == list(range(n_classes))
    plt.close(ax.figure)
