"""What several modules of the chapter are tested on."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mlmastery.datasets import load_cats_dogs
from mlmastery.image_classifier import oddities


@pytest.fixture(scope="session")
def silhouettes() -> tuple[np.ndarray, np.ndarray]:
    frame = load_cats_dogs()
    order = np.random.default_rng(0).permutation(len(frame))
    images, labels = np.stack(frame["image"]), frame["animal"].to_numpy()
    return images[order], labels[order]


@pytest.fixture(scope="session")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("odd")
    oddities.write_odd_folder(folder)
    return folder


@pytest.fixture(scope="session")
def lite():
    from mlmastery.image_classifier.transfer import backbone

    return backbone(size=64)


@pytest.fixture
def album(tmp_path, monkeypatch) -> Path:
    """Forty photographs, cats darker than dogs, one of them broken."""
    rng, folder = np.random.default_rng(0), tmp_path / "album"
    for animal, grey in (("cat", 60), ("dog", 190)):
        (folder / animal).mkdir(parents=True)
        for i in range(20):
            pixels = np.uint8(rng.integers(-50, 50, (40, 50, 3)) + grey)
            Image.fromarray(pixels).save(folder / animal / f"{i}.jpg")
    (folder / "dog" / "broken.jpg").write_bytes(b"no picture")
    monkeypatch.setenv("MLMASTERY_DATA", str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder
