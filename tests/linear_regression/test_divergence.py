import pickle

import pytest

from mlmastery.linear_regression import DivergenceError, LinearRegressionScratch


def test_overflow_within_one_pass_is_still_a_divergence_error(raw_diabetes):
    with pytest.raises(DivergenceError):
        LinearRegressionScratch(0.1, batch_size=1, random_state=0).fit(*raw_diabetes)


def test_divergence_error_survives_pickling():
    error = DivergenceError(0.1, 0.01, [1.0, 1e4])
    copy = pickle.loads(pickle.dumps(error))
    assert str(copy) == str(error)
