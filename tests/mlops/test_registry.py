import subprocess
import sys

import numpy as np
import pytest
from sklearn.preprocessing import FunctionTransformer

from mlmastery.mlops import ModelChangedError, ModelRegistry, RegistryError
from mlmastery.mlops.registry import PROBE
from mlmastery.mlops.training import probabilities


def test_a_model_comes_back_as_it_was(two_versions, champion, later):
    loaded = two_versions.load("champion")
    expected = probabilities(champion, later)
    np.testing.assert_array_equal(probabilities(loaded, later), expected)


def test_aliases_move_and_are_read_by_version(two_versions):
    two_versions.set_alias("champion", 2)
    two_versions.set_alias("challenger", 1)
    assert two_versions.aliases() == {"champion": 2, "challenger": 1}
    assert two_versions.resolve(1).aliases == ("challenger",)
    assert two_versions.resolve("champion").version == 2
    two_versions.remove_alias("challenger")
    assert two_versions.aliases() == {"champion": 2}


def test_mlflow_search_leaves_aliases_out(two_versions):
    # A promotion that searched would believe that there is no champion.
    found = two_versions.client.search_model_versions("name='delays'")
    assert all(list(v.aliases) == [] for v in found)
    assert two_versions.history()["aliases"].tolist() == ["champion", ""]


def test_unknown_names_are_refused(registry):
    for name in ("nobody", 7):
        with pytest.raises(RegistryError, match="does not answer"):
            registry.resolve(name)
    assert registry.history().empty


def change(path, how):
    content = path.read_bytes()
    if how == "swapped byte":
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    elif how == "truncated":
        path.write_bytes(content[:100])
    else:
        path.unlink()


@pytest.mark.parametrize("how", ["swapped byte", "truncated", "removed"])
def test_a_changed_file_is_not_opened(two_versions, how):
    from pathlib import Path

    change(Path(two_versions.resolve(1).source) / "model.skops", how)
    with pytest.raises(ModelChangedError, match=r"SHA-256|cannot be read"):
        two_versions.load("champion")


@pytest.mark.parametrize("content", ["", "{}", '{"rows": [], "probabilities": []}'])
def test_probe_rows_must_be_there(two_versions, content):
    from pathlib import Path

    (Path(two_versions.resolve(1).source) / PROBE).write_text(content)
    with pytest.raises(ModelChangedError, match="cannot be read"):
        two_versions.load("champion")


def test_probe_rows_must_score_as_before(two_versions):
    from pathlib import Path

    here, there = (Path(two_versions.resolve(i).source) / PROBE for i in (1, 2))
    here.write_text(there.read_text())
    with pytest.raises(ModelChangedError, match="probe rows differ"):
        two_versions.load("champion")


def test_types_that_could_run_code_are_not_stored(registry, champion, later):
    from sklearn.pipeline import make_pipeline

    foreign = make_pipeline(FunctionTransformer(_same), champion[0], champion[1])
    with pytest.raises(ValueError, match="cannot be stored"):
        registry.register(foreign, metrics={}, data_hash="d", example=later.head(2))


def _same(frame):
    return frame


@pytest.mark.slow
def test_two_processes_create_one_store(tmp_path):
    program = (
        "from mlmastery.mlops import ModelRegistry\n"
        f"ModelRegistry('sqlite:///{tmp_path}/r.db', '{tmp_path}/m').disconnect()\n"
    )
    command = [sys.executable, "-c", program]
    both = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    for process in both:
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said.decode()
    registry = ModelRegistry(f"sqlite:///{tmp_path}/r.db", tmp_path / "m")
    assert len(registry.client.search_registered_models()) == 1
    registry.disconnect()
