"""The code: the exported expression is the pipeline, hashes see each change."""

import numpy as np

from mlmastery.mlops.expression import as_expression
from mlmastery.mlops.training import frame_hash, probabilities


def test_expression_is_the_pipeline(frame, model):
    """Both give the same probabilities."""
    rows = frame.tail(500)
    ours = as_expression(model).probabilities(rows.to_dict("records"))
    np.testing.assert_allclose(ours, probabilities(model, rows), atol=1e-9)


def test_hash_sees_one_changed_value(frame):
    """One other distance is another data set."""
    changed = frame.copy()
    changed.loc[0, "distance"] += 1
    assert frame_hash(changed) != frame_hash(frame)
