"""Models of one's own: buffers travel, dropout repeats itself, frameworks are named."""

import numpy as np
import pytest
import torch
from torch import nn

from mlmastery.distributed_training.config import DistributedMLConfig
from mlmastery.distributed_training.engine import run_local, train
from mlmastery.distributed_training.examples import digits_of, small_network
from mlmastery.distributed_training.job import Job
from mlmastery.distributed_training.model import (
    ModelWrapper,
    as_module,
    from_module,
    load_module,
)
from mlmastery.distributed_training.own_model import OwnModel
from mlmastery.distributed_training.run_data import RunData

HERE = "mlmastery.distributed_training.examples"
X, y = digits_of(1)


def test_held_out_digits_are_on_the_scale_of_those_that_are_trained_on():
    assert digits_of(None)[0].max() == X.max() == 1.0


def test_buffers_are_part_of_the_vector():
    """34 parameters and 9 numbers of a batch norm."""
    network = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2))
    assert from_module(network).size == sum(
        t.numel() for t in network.state_dict().values()
    )
    model = OwnModel(lambda: network)
    assert model.n_parameters - model.n_buffers == sum(
        p.numel() for p in network.parameters()
    )
    assert model.n_buffers == 9


def test_training_is_that_of_torch():
    model = OwnModel(small_network, random_state=3)
    with torch.random.fork_rng():
        torch.manual_seed(3)
        reference = small_network()
    optimiser = torch.optim.SGD(reference.parameters(), lr=0.1)
    order = np.random.default_rng(0).permutation(len(X))
    for rows in np.split(order, range(20, len(X), 20)):
        loss = nn.functional.cross_entropy(
            reference(torch.tensor(X[rows], dtype=torch.float32)), torch.tensor(y[rows])
        )
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    model.train(X, y, batch_size=20, generator=np.random.default_rng(0))
    named = [*reference.named_parameters(), *reference.named_buffers()]
    expected = np.concatenate([t.detach().numpy().ravel() for _, t in named])
    np.testing.assert_allclose(model.get_parameters(), expected, atol=1e-6)


def dropping():
    return nn.Sequential(nn.Linear(64, 32), nn.Dropout(0.5), nn.Linear(32, 10))


def test_dropout_repeats_itself_wherever_the_work_is_done():
    ends = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        model = OwnModel(dropping)
        model.train(X, y, epochs=2, generator=np.random.default_rng(0))
        ends.append(model.get_parameters())
    np.testing.assert_array_equal(*ends)


def test_an_average_of_variances_stays_usable():
    model = OwnModel(small_network)
    vector = model.get_parameters()
    vector[-model.n_buffers :] = -1.0
    model.set_parameters(vector)
    assert np.isfinite(model.predict_proba(X)).all()


def test_gradients_of_single_rows_average_to_that_of_the_batch():
    model = OwnModel(dropping)
    model._own.module[1].p = 0.0
    rows = model.per_sample_gradients(X[:5], y[:5])
    _, whole = model.loss_and_gradient(X[:5], y[:5])
    np.testing.assert_allclose(rows.mean(axis=0), whole, atol=1e-6)


def test_a_batch_of_one_row_is_normalised_by_what_is_known_of_others():
    model = OwnModel(small_network)
    model.train(X[:33], y[:33], batch_size=32)  # 33 rows leave one for the last batch
    before = model.get_parameters()
    _, gradient = model.loss_and_gradient(X[:1], y[:1])
    assert np.abs(gradient).max() > 0
    buffers = model._own.vector()[-model.n_buffers :]
    np.testing.assert_array_equal(buffers, before[-model.n_buffers :])


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"factory": lambda: 3}, TypeError, "must be a PyTorch module, got 3"),
        ({"factory": nn.Identity}, TypeError, "that can be trained, .* got none"),
        ({"factory": lambda: nn.LazyLinear(3)}, TypeError, "of known shapes, got"),
        ({"framework": "jax"}, ValueError, "framework must be one of"),
        ({"device": "tpu"}, ValueError, "device must be one of"),
    ],
)
def test_what_is_no_model_is_refused(changes, error, words):
    options = {"factory": small_network} | changes
    with pytest.raises(error, match=words):
        OwnModel(**options)


class PartlyTrained(nn.Module):
    """A frozen first layer, and one that the loss does not depend on."""

    def __init__(self):
        super().__init__()
        self.first, self.spare = nn.Linear(64, 8).requires_grad_(False), nn.Linear(2, 2)
        self.last = nn.Linear(8, 10)

    def forward(self, x):
        return self.last(self.first(x))


def test_frozen_and_idle_parameters_stay_and_the_others_learn():
    model = OwnModel(PartlyTrained)
    before = model.get_parameters()
    model.train(X, y, batch_size=50, generator=np.random.default_rng(0))
    moved = model.get_parameters() != before
    assert not moved[:6].any()  # the spare layer
    assert moved[6:96].mean() > 0.9
    assert not moved[96:].any()  # the frozen layer comes last, as buffers do


class WithConstants(nn.Module):
    """A frozen layer, a batch norm with its counter, and constants."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(64, 16).requires_grad_(False)
        self.norm, self.last = nn.BatchNorm1d(16), nn.Linear(16, 10)
        self.register_buffer("order", torch.arange(16))
        self.register_buffer("mask", torch.full((3,), -torch.inf))

    def forward(self, x):
        return self.last(self.norm(self.first(x))[:, self.order])


@pytest.mark.parametrize("secure", [False, True])
def test_privacy_leaves_counters_constants_and_frozen_layers_alone(secure):
    """A counter of batches would fill the clip, noise would spoil an index."""
    config = DistributedMLConfig(
        model=f"{__name__}:WithConstants",
        loader=f"{HERE}:digits_of",
        secure=secure,
        n_clients=4,
        rounds=6,
        epochs=3,
        privacy={"clip": 1.0, "noise_multiplier": 0.01},
    )
    model = Job(config).model
    result = run_local(config)
    before, after = model.get_parameters(), result.parameters
    assert (after[: -model.n_fixed] != before[: -model.n_fixed]).all()
    np.testing.assert_array_equal(after[-model.n_fixed :], before[-model.n_fixed :])
    assert model.n_fixed == 64 * 16 + 16 + 1 + 16  # layer, counter, order
    assert result.history[-1]["accuracy"] > 0.5


def failing_network():
    raise RuntimeError("no such weights")


def test_a_model_that_cannot_be_made_is_named():
    config = DistributedMLConfig(model=f"{__name__}:failing_network", rounds=1)
    with pytest.raises(
        ValueError, match=r"failing_network' cannot be used: .* weights"
    ):
        run_local(config)


def test_rows_that_do_not_fit_are_refused():
    model = OwnModel(small_network)
    with pytest.raises(ValueError, match="at least one row"):
        model.predict(X[:0])
    with pytest.raises(ValueError, match="a whole number from 0, for each of 3 rows"):
        model.score(X[:3], y[:2])


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_a_device_that_is_not_there_is_refused():
    with pytest.raises(
        ValueError, match="device must be 'cpu' or 'auto' on this machine"
    ):
        ModelWrapper(device="cuda")
    assert ModelWrapper(device="auto").score(X / 1.0, y) >= 0


def test_a_network_takes_a_vector_back():
    model = ModelWrapper(layers=(64, 8, 10))
    network = as_module(model)
    vector = np.random.default_rng(0).normal(size=model.n_parameters).astype("float32")
    load_module(network, vector)
    np.testing.assert_array_equal(from_module(network), vector)


def test_files_of_clients(tmp_path):
    for client in range(3):
        rows, labels = digits_of(client)
        np.savez(tmp_path / f"part-{client}.npz", X=rows, y=labels)
    rows, labels = digits_of(None)
    np.savez(tmp_path / "part-test.npz", X=rows, y=labels)
    options = {"n_clients": 3, "rounds": 2, "layers": (64, 10)}
    by_files = run_local(
        DistributedMLConfig(files=str(tmp_path / "part-{client}.npz"), **options)
    )
    by_loader = run_local(DistributedMLConfig(loader=f"{HERE}:digits_of", **options))
    np.testing.assert_array_equal(by_files.parameters, by_loader.parameters)
    assert by_files.history == by_loader.history


def test_a_process_loads_only_its_clients_rows(tmp_path):

    rows, labels = digits_of(2)
    np.savez(tmp_path / "2.npz", X=rows, y=labels)  # no other file is here
    config = DistributedMLConfig(files=str(tmp_path / "{client}.npz"), layers=(64, 10))
    job = Job(config)
    assert np.isfinite(job.update(job.model.get_parameters(), 0, 2).vector).all()


def test_a_file_that_is_not_there_is_named():
    config = DistributedMLConfig(files="nowhere-{client}.npz", layers=(64, 10))
    with pytest.raises(FileNotFoundError, match=r"nowhere-test.npz"):
        run_local(config)


ROWS, LABELS = np.zeros((2, 64)), np.zeros(2, int)
ODD = {
    "raising": lambda client: {}["no such office"],
    "nothing": lambda client: None,
    "three": lambda client: (ROWS, LABELS, LABELS),
    "words": lambda client: (ROWS.astype(str), LABELS),
    "one_number": lambda client: (np.float64(1.0), LABELS),
    "uneven": lambda client: (ROWS, np.zeros(3, int)),
}


def for_clients(odd):
    """Return a loader that is odd for clients; the held-out rows are in order."""
    return lambda client: (ROWS, LABELS) if client is None else odd(client)


raising, nothing, three, words, one_number, uneven = map(for_clients, ODD.values())


def strange(client):
    return (ROWS * np.nan if client is None else ROWS), LABELS


@pytest.mark.parametrize(
    ("name", "error", "expected"),
    [
        ("raising", ValueError, "raising' fails for client 0: KeyError: 'no such"),
        ("nothing", TypeError, r"nothing' must return \(X, y\) for .*, got NoneType"),
        ("three", TypeError, r"three' must return \(X, y\) for .*, got tuple"),
        (
            "words",
            ValueError,
            r"words gives client 0 X of shape \(2, 64\) and dtype <U",
        ),
        ("one_number", ValueError, r"gives client 0 X of shape \(\)"),
        ("uneven", ValueError, r"uneven gives client 0 X of shape \(2, 64\) .*\(3,\)"),
        ("strange", ValueError, "strange gives held-out rows that are not finite"),
        ("ROWS", TypeError, "loader must name a function, .*ROWS' is array"),
        ("missing", ImportError, "loader .*missing' cannot be imported: .*PYTHONPATH"),
    ],
)
def test_what_a_loader_does_wrong_is_named(name, error, expected):
    config = DistributedMLConfig(loader=f"{__name__}:{name}", layers=(64, 10), rounds=1)
    with pytest.raises(error, match=expected):
        rows_of_all(config)


def rows_of_all(config):
    data = RunData(config)
    return data.test_rows, [data.rows(client) for client in range(config.n_clients)]


def twelve_classes(client):
    return np.zeros((2, 64)), np.array([0, 11])


@pytest.mark.parametrize(
    "engine", ["local", pytest.param("processes", marks=pytest.mark.slow)]
)
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"model": f"{HERE}:small_network", "data": "mnist"},
            r"small_network cannot take a row of mnist, of shape \(784,\): RuntimeError",
        ),
        (
            {"loader": f"{HERE}:digits_of", "layers": (63, 10)},
            r"the network of layers \(63, 10\) cannot take a row of .*shape \(64,\)",
        ),
        (
            {"loader": f"{__name__}:twelve_classes", "layers": (64, 10)},
            "twelve_classes has classes from 0 to 11, .* tells 10 apart",
        ),
    ],
)
def test_a_model_for_other_rows_is_refused_before_anybody_works(
    engine, changes, expected, tmp_path
):
    config = DistributedMLConfig(engine=engine, directory=str(tmp_path), **changes)
    with pytest.raises(ValueError, match=expected):
        train(config)


@pytest.mark.parametrize(
    "changes",
    [
        {"engine": "local"},
        {"engine": "local", "secure": True},
        {"engine": "processes", "workers": 1},
        {"engine": "torchrun"},
    ],
)
def test_a_client_whose_rows_cannot_be_loaded_is_left_out(changes, tmp_path):
    for client, name in ((0, "0"), (1, "1"), (3, "3"), (None, "test")):
        rows, labels = digits_of(client)
        np.savez(tmp_path / f"part-{name}.npz", X=rows, y=labels)
    config = DistributedMLConfig(
        files=str(tmp_path / "part-{client}.npz"),
        n_clients=4,
        rounds=1,
        directory=str(tmp_path),
        **changes,
    )
    result = train(config)
    assert result.history[0]["clients"] == 3
    (fault,) = result.faults
    assert fault["kind"] == "diverged"
    assert fault["why"].startswith("client 2 is left out: FileNotFoundError: [Errno 2]")


def test_work_is_the_same_with_one_thread_and_with_many():
    config = DistributedMLConfig(
        model=f"{HERE}:small_network", loader=f"{HERE}:digits_of"
    )
    job, updates, before = Job(config), [], torch.get_num_threads()
    start = job.model.get_parameters()
    for n_threads in (1, 2):
        torch.set_num_threads(n_threads)
        updates.append(job.update(start, 0, 1).vector)
        assert torch.get_num_threads() == n_threads
    torch.set_num_threads(before)
    np.testing.assert_array_equal(*updates)


def test_a_model_that_cannot_be_imported_is_named():
    config = DistributedMLConfig(model="no_such_package:net", rounds=1)
    with pytest.raises(ImportError, match=r"model 'no_such_package:net' cannot be imp"):
        run_local(config)


@pytest.mark.parametrize("content", [b"", b"no archive", "npy", "other names"])
def test_a_file_of_rows_that_is_none_is_named(tmp_path, content):
    np.savez(tmp_path / "part-test.npz", X=ROWS, y=LABELS)
    path = tmp_path / "part-0.npz"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content == "npy":
        with path.open("wb") as file:
            np.save(file, ROWS)
    else:
        np.savez(path, rows=ROWS)
    files = str(tmp_path / "part-{client}.npz")
    config = DistributedMLConfig(files=files, layers=(64, 10), rounds=1)
    with pytest.raises(ValueError, match=r"part-0.npz must be a .npz with X and y"):
        rows_of_all(config)
