"""A small table on disk, and a run of it that tests share."""

import numpy as np
import pandas as pd
import pytest

from mlmastery.ml_pipeline import PipelineRunner, RunConfig


def small_table(n=120):
    rng = np.random.default_rng(0)
    df = pd.DataFrame({"a": rng.normal(size=n), "b": rng.integers(0, 9, n)})
    df["job"] = rng.choice(["cook", "nurse", "pilot"], n)
    score = df["a"] + (df["job"] == "cook") + rng.normal(0, 0.5, n)
    df["y"] = np.where(score > 0.3, "yes", "no")
    df.loc[::9, "a"] = np.nan
    return df


@pytest.fixture
def config(tmp_path):
    small_table().to_csv(tmp_path / "small.csv", index=False)
    path = tmp_path / "config.yaml"
    path.write_text("data: small.csv\ntarget: y\nunknown: flag\n")
    return path


@pytest.fixture
def runner(config):
    return PipelineRunner(RunConfig.from_yaml(config))


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """A published run: do not write into its folder."""
    folder = tmp_path_factory.mktemp("published")
    config = RunConfig("small", "y", unknown="flag", directory=str(folder))
    return PipelineRunner(config, {"small": small_table}).run().folder


@pytest.fixture(scope="session")
def small():
    return small_table()
