"""Plots say what they draw."""

import numpy as np


def test_a_map_of_evidence_covers_the_whole_image():
    import matplotlib.pyplot as plt

    from mlmastery.image_classifier.figures import plot_evidence

    ax = plot_evidence(np.zeros((20, 28), np.uint8), np.array([[-3.0, 1.0]]))
    image, evidence = ax.get_images()
    assert list(image.get_extent()) == list(evidence.get_extent())
    assert evidence.get_clim() == (-3, 3)  # no evidence is the middle of the colours
    plt.close("all")


def test_history_tells_training_from_validation():
    import matplotlib.pyplot as plt

    from mlmastery.image_classifier.figures import plot_history

    history = {"loss": [2.0], "val_loss": [3.0]}
    loss, _ = plot_history(history | {"accuracy": [0.5], "val_accuracy": [0.4]})
    drawn = {line.get_label(): line.get_ydata()[0] for line in loss.get_lines()}
    assert drawn == {"training": 2, "validation": 3}
    plt.close("all")
