"""Small images of noise, and a thread of its own for each test process."""

import numpy as np
import pytest
import torch


@pytest.fixture(autouse=True, scope="session")
def one_thread():
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def noise_images():
    return np.random.default_rng(0).uniform(-1, 1, (60, 28, 28)).astype(np.float32)


@pytest.fixture(scope="session")
def classes():
    return np.arange(60) % 10
