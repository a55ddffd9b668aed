"""The configuration: every field refused by its name, and files read back."""

from dataclasses import fields

import pytest

from mlmastery.distributed_training.config import DistributedMLConfig
from mlmastery.distributed_training.settings import changeable_on_resume

WRONG = {
    "data": ["cifar", 3, None],
    "framework": ["jax", None],
    "layers": [(64,), (64, 0, 10), "64-10", (64, 32.5, 10), (63, 10), (64, 9), None],
    "activation": ["gelu"],
    "random_state": [-1, 1.5, "0", True],
    "mode": ["swarm"],
    "n_clients": [0, 2.0, 100_001, False],
    "partition": ["random"],
    "alpha": [0, -1.0, float("inf"), float("nan"), "1"],
    "client_fraction": [0.0, 1.1, None],
    "strategy": ["fedsgd"],
    "strategy_options": [[], {"momentum": "much"}, {"unknown": 1.0}, {1: 2}],
    "rounds": [0, "ten"],
    "epochs": [0, 1.5],
    "batch_size": [0, None],
    "learning_rate": [0, -0.1, float("nan"), "fast"],
    "compression": [
        "zip",
        "top_k",
        3,
        {"method": "zip"},
        {"method": "top_k", "ratio": 0},
        {"method": "top_k", "share": 0.1},
        {"method": "power_sgd", "rank": 0},
        {"method": "quantise", "bits": 5},
    ],
    "bits": [3, 16, "8", 8.0],
    "secure": ["yes", 1],
    "privacy": [
        True,
        {"epsilon": 1.0},
        {"clip": 0},
        {"noise_multiplier": -1.0},
        {"delta": 0.9},
    ],
    "stragglers": [
        "drop",
        {"policy": "leave"},
        {"policy": "drop", "after": 0},
        {"policy": "partial"},
        {"policy": "wait", "after": 2.0},
        {"after": 2.0},
    ],
    "parallel": ["tree"],
    "staleness": [-1, 0.5],
    "micro_batches": [0],
    "model": [3, "network", "os.path", "a b:c", "os:"],
    "loader": [None, "rows", ":rows"],
    "files": [None, "rows.npz"],
    "device": ["gpu", 0],
    "nodes": [0, 2],  # 2 need torchrun
    "engine": ["spark"],
    "workers": [-1, 65],
    "min_workers": [0],
    "host": ["", None],
    "port": [-1, 65_536, "80"],
    "join_timeout": [0, float("inf")],
    "round_timeout": [-1],
    "task_timeout": [0],
    "heartbeat": [0, 2.0],  # 2 s is too long for a silence of 3 s
    "silence": [0, 0.5],
    "reassign": [1, "yes"],
    "max_frame": [100, 1e6],
    "directory": ["", 3],
    "checkpoint_every": [0],
    "keep": [0],
}


def test_every_field_has_a_bad_example():
    names = {field.name for field in fields(DistributedMLConfig)}
    assert names == set(WRONG)


def test_a_resumed_run_may_change_how_it_is_run_but_not_what_it_learns():
    names = changeable_on_resume(DistributedMLConfig)
    assert {"rounds", "engine", "workers", "host", "port", "keep"} <= names
    what = {"data", "layers", "random_state", "strategy", "learning_rate", "bits"}
    assert not names & what
    assert len(names) == 18
    assert {"device", "nodes"} <= names
    assert not names & {"privacy", "secure", "compression", "model", "loader"}


def test_the_directory_may_begin_at_home(monkeypatch):
    monkeypatch.setenv("HOME", "/home/somebody")
    assert DistributedMLConfig(directory="~/run").directory == "/home/somebody/run"


def test_a_home_that_is_nobodys_is_refused():
    with pytest.raises(ValueError, match="directory must begin with a home"):
        DistributedMLConfig(directory="~nobody-of-this-name/run")


def test_sections_are_read_and_written(tmp_path):
    text = """
    secure: true
    privacy: {clip: 0.5, noise_multiplier: 1.1, delta: 1.0e-4}
    stragglers: {policy: drop, after: 2.5}
    """
    (tmp_path / "a.yaml").write_text(text)
    config = DistributedMLConfig.from_yaml(tmp_path / "a.yaml")
    assert config.privacy["noise_multiplier"] == 1.1
    config.to_yaml(tmp_path / "b.yaml")
    assert DistributedMLConfig.from_yaml(tmp_path / "b.yaml") == config


def test_a_flat_compression_means_what_it_meant():
    config = DistributedMLConfig(compression="quantise", bits=4)
    assert config.compressor == {"method": "quantise", "bits": 4}
    assert not config.remembers
    section = {"method": "top_k", "ratio": 0.1}
    assert DistributedMLConfig(compression=section).remembers
    assert not DistributedMLConfig(compression=section | {"memory": False}).remembers


def test_configurations_share_no_options():
    DistributedMLConfig().strategy_options["momentum"] = 0.9
    assert DistributedMLConfig().strategy_options == {}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name in WRONG for value in WRONG[name]]
)
def test_a_bad_value_is_refused_by_name(name, value):
    with pytest.raises((TypeError, ValueError)) as caught:
        DistributedMLConfig(**{name: value})
    if name == "nodes" and value == 2:
        assert "nodes and engine 'processes' do not go together" in str(caught.value)
    elif name == "files" and value:
        assert "{client}" in str(caught.value)
    elif name not in ("heartbeat", "strategy_options"):
        assert name in str(caught.value)
        assert "got" in str(caught.value)


def test_what_a_message_says():
    with pytest.raises(
        ValueError, match=r"^rounds must be a whole number from 1, got 0"
    ):
        DistributedMLConfig(rounds=0)
    with pytest.raises(TypeError, match=r"^alpha must be a number above 0 .* got '1'"):
        DistributedMLConfig(alpha="1")
    with pytest.raises(
        ValueError, match=r"begin with 784 .* 'mnist', got \(64, 32, 10\)"
    ):
        DistributedMLConfig(data="mnist")


def test_a_number_that_yaml_takes_for_words_is_explained(tmp_path):
    path = tmp_path / "run.yaml"
    path.write_text("learning_rate: 1e-3")
    with pytest.raises(TypeError, match=r"got '1e-3', a string: YAML wants 0.001"):
        DistributedMLConfig.from_yaml(path)


def test_fields_that_do_not_go_together():
    with pytest.raises(ValueError, match="multiple of n_clients=8"):
        DistributedMLConfig(mode="data_parallel", batch_size=30)
    with pytest.raises(ValueError, match="strategy must be 'fedavg', got 'median'"):
        DistributedMLConfig(mode="data_parallel", strategy="median")


def test_an_unknown_field_is_named_with_what_was_meant():
    with pytest.raises(ValueError, match=r"unknown field 'lernrate'"):
        DistributedMLConfig.from_dict({"lernrate": 1})
    with pytest.raises(ValueError, match=r"did you mean 'learning_rate'"):
        DistributedMLConfig.from_dict({"learningrate": 1})
    with pytest.raises(TypeError, match="maps fields to values, got"):
        DistributedMLConfig.from_dict([1])


def test_yaml_there_and_back(tmp_path):
    config = DistributedMLConfig(layers=(64, 5, 10), strategy_options={"proximal": 0.5},
                                 strategy="fedprox")  # fmt: skip
    config.to_yaml(tmp_path / "c.yaml")
    assert DistributedMLConfig.from_yaml(tmp_path / "c.yaml") == config
    (tmp_path / "empty.yaml").write_text("")
    assert (
        DistributedMLConfig.from_yaml(tmp_path / "empty.yaml") == DistributedMLConfig()
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rounds: [", "is not valid YAML"),
        ("rounds: 0", r"c\.yaml: rounds must be"),
        ("- rounds", r"c\.yaml: a configuration maps"),
        ("rounds: !!python/object/apply:os.system ['true']", "is not valid YAML"),
        ("rounds: 1\nseed: 2\nrounds: 2", r"c\.yaml: rounds is there 2 times"),
        ("privacy: {clip: 1.0, clip: 5.0}", r"c\.yaml: privacy\.clip is there 2 times"),
        ("caf\xe9: 1", r"c\.yaml: 'utf-8' codec can't decode"),
    ],
)
def test_errors_name_the_file(tmp_path, text, words):
    (tmp_path / "c.yaml").write_text(text, encoding="latin-1")
    with pytest.raises((TypeError, ValueError), match=words):
        DistributedMLConfig.from_yaml(tmp_path / "c.yaml")


def test_a_configuration_cannot_be_changed_unseen():
    config = DistributedMLConfig()
    with pytest.raises(AttributeError):
        config.rounds = 3
    with pytest.raises(ValueError, match="rounds"):
        config.replace(rounds=0)
    assert config.replace(rounds=3).rounds == 3
