import shutil

import pytest

from mlmastery.mlops import FEATURES, Flight, ModelRegistry, departures, train


@pytest.fixture(scope="session")
def winter():
    return departures("2013-01-01", "2013-02-01")


@pytest.fixture(scope="session")
def later():
    return departures("2013-02-01", "2013-02-15")


@pytest.fixture(scope="session")
def champion(winter):
    return train(winter)


@pytest.fixture(scope="session")
def challenger(winter):
    return train(winter.iloc[len(winter) // 2 :])


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """Return an empty registry's file: its creation takes seconds."""
    folder = tmp_path_factory.mktemp("template")
    ModelRegistry(f"sqlite:///{folder}/registry.db", folder / "models").disconnect()
    return folder / "registry.db"


@pytest.fixture
def registry(template, tmp_path):
    """Return an empty registry. The experiment's own place is the template's folder."""
    shutil.copy(template, tmp_path / "registry.db")
    opened = ModelRegistry(f"sqlite:///{tmp_path}/registry.db", tmp_path / "models")
    yield opened
    opened.disconnect()


def enrol(registry, *models, example, alias="champion"):
    """Register models and let the alias name the first."""
    for model in models:
        registry.register(
            model, metrics={"loss": 0.5}, data_hash="d", example=example, commit="c"
        )
    registry.set_alias(alias, 1)
    return registry


@pytest.fixture
def two_versions(registry, champion, challenger, later):
    return enrol(registry, champion, challenger, example=later.head(3))


@pytest.fixture(scope="session")
def flights(later):
    rows = later[["id", *FEATURES]].head(300).to_dict("records")
    return [Flight(**row) for row in rows]
