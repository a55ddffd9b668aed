"""Data that the tests of this chapter share."""

import pytest
from sklearn.datasets import load_diabetes
from sklearn.preprocessing import StandardScaler


@pytest.fixture(scope="session")
def raw_diabetes():
    return load_diabetes(scaled=False, return_X_y=True)


@pytest.fixture(scope="session")
def diabetes(raw_diabetes):
    X, y = raw_diabetes
    return StandardScaler().fit_transform(X), y
