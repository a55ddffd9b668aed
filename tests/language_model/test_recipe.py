"""The recipe and its records."""

import numpy as np
from language_model.helpers import rng
from torch import nn

from mlmastery.language_model import (
    Transformer,
    fast_model,
    fast_training,
    recorded_race,
)


def test_recorded_race_is_won_after_the_first_fifth():
    race = recorded_race()
    assert "original" in set(race["text"])
    for _, run in race.groupby(["text", "seed"]):
        own, other = (run[run["model"] == m] for m in ("ours", "nanoGPT"))
        late = other[other["cpu_seconds"] >= 0.2 * other["cpu_seconds"].max()]
        ours = np.interp(late["cpu_seconds"], own["cpu_seconds"], own["loss"])
        assert (ours < late["loss"]).all()


def test_recipe_is_a_model_and_a_plan():
    model = Transformer(fast_model(11), generator=rng())
    assert isinstance(model, nn.Module)
    assert fast_training(10).steps == 10
