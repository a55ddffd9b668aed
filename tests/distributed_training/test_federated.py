"""Rounds of federated learning, with everything that can happen to a client."""

from itertools import pairwise

import numpy as np
import pytest
from sklearn.datasets import load_digits

from mlmastery.distributed_training.compression import GradientCompressor
from mlmastery.distributed_training.federated import (
    ClientPrivacy,
    FederatedLearning,
    client_generator,
    flip_sign,
    local_update,
    round_generator,
    sample_clients,
    send_noise,
)
from mlmastery.distributed_training.model import ModelWrapper
from mlmastery.distributed_training.partition import dirichlet, iid
from mlmastery.distributed_training.privacy import PrivacyAccountant, sample_poisson
from mlmastery.distributed_training.strategies import make_strategy

LAYERS = (64, 16, 10)


@pytest.fixture(scope="module")
def digits():
    X, y = load_digits(return_X_y=True)
    return (X / 16).astype(np.float32), y


@pytest.fixture(scope="module")
def test_rows(digits):
    X, y = digits
    return X[1200:], y[1200:]


@pytest.fixture(scope="module")
def clients(digits):
    X, y = digits
    parts = iid(1200, 8, np.random.default_rng(0), spread=0.5)
    return [(X[part], y[part]) for part in parts]


@pytest.fixture(scope="module")
def skewed(digits):
    X, y = digits
    parts = dirichlet(y[:1200], 8, 0.1, np.random.default_rng(0))
    return [(X[part], y[part]) for part in parts]


def learn(clients, n_rounds=5, evaluate=None, dtype="float32", **options):
    model = ModelWrapper(layers=LAYERS, dtype=dtype)
    learning = FederatedLearning(model, clients, **{"learning_rate": 0.3} | options)
    learning.run(n_rounds, evaluate)
    return learning


def test_a_round_is_the_published_algorithm_written_out(clients):
    learning = learn(clients, 2, epochs=2, dtype="float64")
    w = ModelWrapper(layers=LAYERS, dtype="float64").get_parameters()
    for t in range(2):
        n, total = sum(len(X) for X, _ in clients), 0.0
        for k, (X, y) in enumerate(clients):
            model = ModelWrapper(layers=LAYERS, dtype="float64")
            model.set_parameters(w)
            rng = client_generator(0, t, k)
            model.train(X, y, epochs=2, learning_rate=0.3, generator=rng)
            total = total + len(X) / n * model.get_parameters()
        w = total
    np.testing.assert_allclose(learning.parameters, w, atol=1e-12)


def test_one_full_batch_step_everywhere_is_one_step_on_all_rows(clients):
    """FedSGD: with one step of the whole data each, it does not matter who has what."""
    learning = learn(clients, 3, batch_size=10_000, dtype="float64")
    together = [tuple(np.concatenate(parts) for parts in zip(*clients, strict=True))]
    alone = learn(together, 3, batch_size=10_000, dtype="float64")
    np.testing.assert_allclose(learning.parameters, alone.parameters, atol=1e-12)


def test_one_client_alone_makes_a_local_update_by_the_same_defaults(clients):
    model, (X, y) = ModelWrapper(layers=LAYERS), clients[0]
    start = model.get_parameters()
    learning = FederatedLearning(model, [(X, y)])
    learning.run(1)
    update, _ = local_update(model, start, X, y, generator=client_generator(0, 0, 0))
    np.testing.assert_allclose(learning.parameters, start + update, atol=1e-7)


def test_fedprox_pulls_back_by_its_term(skewed):
    """One step of full batch has nothing to pull; the second is pulled by mu * step."""
    X, y = skewed[0]
    model, mu, rate = ModelWrapper(layers=LAYERS, dtype="float64"), 0.7, 0.3
    start = model.get_parameters()
    update, _ = local_update(
        model, start, X, y, epochs=2, batch_size=9999, learning_rate=rate, proximal=mu
    )
    w = start.copy()
    for _ in range(2):
        model.set_parameters(w)
        gradient = model.loss_and_gradient(X, y)[1] + mu * (w - start)
        w = w - rate * gradient
    np.testing.assert_allclose(update, w - start, atol=1e-12)
    moved = [
        np.linalg.norm(
            learn(
                skewed, 1, epochs=5, strategy=make_strategy("fedprox", proximal=p)
            ).parameters
            - start
        )
        for p in (0.0, 1.0, 3.0)
    ]
    assert moved == sorted(moved, reverse=True)


def test_it_learns_and_skew_hurts(clients, skewed, test_rows):
    easy = learn(clients, 8, test_rows, epochs=2).history
    hard = learn(skewed, 8, test_rows, epochs=2).history
    assert easy.accuracy.iloc[-1] > 0.8
    assert hard.accuracy.iloc[-1] < easy.accuracy.iloc[-1] - 0.03
    assert easy.loss.iloc[-1] < easy.loss.iloc[0]


def test_equal_seeds_give_equal_runs_and_others_do_not(clients):
    options = {"fraction": 0.5, "dropout": 0.2}
    one, two = (learn(clients, 3, **options).parameters for _ in range(2))
    np.testing.assert_array_equal(one, two)
    assert not np.array_equal(
        learn(clients, 3, random_state=1, **options).parameters, one
    )


def test_generators_are_all_different():
    draws = [round_generator(0, r).random() for r in range(5)]
    draws += [client_generator(0, r, k).random() for r in range(5) for k in range(5)]
    assert len(set(draws)) == 30


def test_sampling_takes_the_share_asked_for():
    rng = np.random.default_rng(0)
    counts = np.zeros(20)
    for _ in range(2000):
        chosen = sample_clients(20, 0.25, rng)
        assert len(set(chosen.tolist())) == 5
        counts[chosen] += 1
    assert np.abs(counts / 2000 - 0.25).max() < 5 * np.sqrt(0.25 * 0.75 / 2000)
    assert len(sample_clients(20, 1e-9, rng)) == 1


def assert_goes_on(half, resumed, whole):
    """Half a run, taken up by another object, ends where the whole run does."""
    state = {name: array.copy() for name, array in half.get_state().items()}
    resumed.set_state(state)
    resumed.run(2)
    np.testing.assert_array_equal(resumed.parameters, whole.parameters)
    np.testing.assert_array_equal(
        resumed.history.epsilon.to_numpy(), whole.history.epsilon[2:].to_numpy()
    )


@pytest.mark.parametrize(
    "options",
    [
        {
            "fraction": 0.5,
            "dropout": 0.3,
            "stragglers": 0.5,
            "straggler_policy": "partial",
        },
        {"strategy": "fedadam"},
        {"compressor": lambda k: GradientCompressor("top_k", ratio=0.1)},
        {
            "compressor": lambda k: GradientCompressor(
                "quantise", bits=1, random_state=k
            )
        },
        {"compressor": lambda k: GradientCompressor("power_sgd")},
    ],
    ids=["losses", "adam", "top_k", "one bit", "power_sgd"],
)
def test_a_resumed_run_is_the_uninterrupted_one_to_the_bit(clients, options):
    whole = learn(clients, 4, **options)
    half = learn(clients, 2, **options)
    assert_goes_on(half, learn(clients, 0, **options), whole)


def with_noise(seed=0, **options):
    """Return options for rounds whose noise follows a seed, as only a test may have."""
    privacy = ClientPrivacy(1.0, 0.5, rng=np.random.default_rng(seed))
    return {"privacy": privacy, "fraction": 0.5} | options


def test_a_private_run_is_resumed_to_the_bit_where_its_noise_is(clients):
    whole = learn(clients, 4, **with_noise())
    options = with_noise()
    half = learn(clients, 2, **options)
    assert_goes_on(half, learn(clients, 0, **options), whole)


def test_noise_does_not_follow_from_the_seed_that_clients_know(clients):
    options = {"privacy": ClientPrivacy(1.0, 0.5), "random_state": 7}
    first, second = (learn(clients, 1, **options).parameters for _ in range(2))
    assert (first != second).mean() > 0.99


@pytest.mark.parametrize("secure", [False, True])
def test_every_counted_round_moves_the_parameters(clients, secure):
    """With two clients and a half of them, a quarter of the rounds has nobody."""
    learning = learn(clients[:2], 0, secure=secure, **with_noise(seed=1))
    seen = [learning.parameters]
    for _ in range(40):
        learning.run(1)
        seen.append(learning.parameters)
    assert learning.history.chosen.min() == 0
    assert all((a != b).any() for a, b in pairwise(seen))


def test_a_secure_sum_that_fails_moves_a_private_run_by_noise_alone(clients):
    learning = learn(clients, 3, secure=True, dropout=1.0, **with_noise())
    assert not learning.history.done.any()
    start = ModelWrapper(layers=LAYERS).get_parameters()
    assert (learning.parameters != start).mean() > 0.99


def test_a_client_above_the_bound_of_a_secure_sum_is_left_out(clients):
    learning = learn(
        clients, 1, secure=True, corrupt={2: lambda update, rng: update + 1e9}
    )
    assert learning.history.rejected.tolist() == [1]
    assert learning.history.done.all()
    assert np.abs(learning.parameters).max() < 10


def test_too_few_for_a_robust_rule_change_nothing(clients):
    strategy = make_strategy("krum", n_byzantine=3)
    learning = learn(clients[:5], 2, strategy=strategy)
    assert not learning.history.done.any()


def test_secure_rounds_move_as_open_ones_do_with_losses(clients):
    options = {"dropout": 0.15, "epochs": 2, "dtype": "float64", "random_state": 3}
    masked, plain = (learn(clients, 3, secure=s, **options) for s in (True, False))
    assert plain.history.received.min() < 8  # somebody was lost
    assert masked.history.done.all()
    np.testing.assert_allclose(masked.parameters, plain.parameters, atol=1e-5)
    assert (masked.history.bytes_up > plain.history.bytes_up).all()


def test_a_secure_round_with_too_few_left_changes_nothing(clients):
    learning = learn(clients, 2, secure=True, dropout=0.9)
    assert not learning.history.done.any()
    start = ModelWrapper(layers=LAYERS).get_parameters()
    np.testing.assert_array_equal(learning.parameters, start)


def test_everybody_gone_changes_nothing(clients):
    learning = learn(clients, 2, dropout=1.0)
    assert learning.history.received.eq(0).all()
    assert learning.history.loss.isna().all()
    assert not learning.history.done.any()


def test_dropouts_and_stragglers_are_as_many_as_expected(clients):
    options = {"stragglers": 0.5, "straggler_policy": "drop", "dropout": 0.2}
    history = learn(clients[:4], 60, batch_size=9999, **options).history
    share = history.received.sum() / history.chosen.sum()
    assert abs(share - 0.5 * 0.8) < 5 * np.sqrt(0.4 * 0.6 / 240)


def test_partial_work_of_stragglers_is_kept(clients):
    options = {"stragglers": 1.0, "epochs": 6}
    waited = learn(clients, 1, straggler_policy="wait", **options)
    partial = learn(clients, 1, straggler_policy="partial", **options)
    dropped = learn(clients, 1, straggler_policy="drop", **options)
    start = ModelWrapper(layers=LAYERS).get_parameters()
    moved = [
        np.linalg.norm(run.parameters - start) for run in (dropped, partial, waited)
    ]
    assert moved[0] == 0 < moved[1] < moved[2]


@pytest.mark.parametrize("lie", [flip_sign, send_noise])
def test_poisoned_clients_ruin_the_average_but_not_robust_rounds(
    clients, test_rows, lie
):
    setting = {"epochs": 2, "corrupt": {1: lie, 4: lie}, "evaluate": test_rows}
    assert learn(clients, 6, **setting).history.accuracy.iloc[-1] < 0.6
    for name, options in {
        "median": {},
        "trimmed_mean": {"trim": 0.25},
        "krum": {"n_byzantine": 2},
        "multi_krum": {"n_byzantine": 2},
    }.items():
        robust = learn(clients, 6, strategy=make_strategy(name, **options), **setting)
        assert robust.history.accuracy.iloc[-1] > 0.65, name


def test_updates_that_are_not_finite_are_rejected_and_counted(clients):
    def explode(update, rng):
        return np.full_like(update, np.nan)

    learning = learn(clients, 2, corrupt={3: explode})
    assert learning.history.rejected.tolist() == [1, 1]
    assert np.isfinite(learning.parameters).all()
    without = learn([c for k, c in enumerate(clients) if k != 3], 1)
    assert without.history.received[0] == learning.history.received[0]


def test_bytes_are_those_of_the_arrays_sent(clients):
    n = ModelWrapper(layers=LAYERS).n_parameters
    plain = learn(clients, 1).history
    assert plain.bytes_up[0] == plain.bytes_down[0] == 8 * 4 * n
    sparse = learn(
        clients, 1, compressor=lambda k: GradientCompressor("top_k", ratio=0.01)
    ).history
    assert sparse.bytes_up[0] == 8 * (int(np.ceil(0.01 * n)) * 8 + 4)


def test_private_rounds_spend_what_the_accountant_says(clients):
    privacy = ClientPrivacy(max_norm=0.5, noise_multiplier=1.2, delta=1e-3)
    learning = learn(clients, 5, fraction=0.4, privacy=privacy)
    reference = PrivacyAccountant()
    reference.step(noise_multiplier=1.2, sample_rate=0.4, n_steps=5)
    assert learning.history.epsilon.iloc[-1] == pytest.approx(reference.epsilon(1e-3))
    assert learning.history.epsilon.is_monotonic_increasing


def test_one_client_moves_a_private_round_by_at_most_its_norm(clients):
    privacy = ClientPrivacy(max_norm=0.1, noise_multiplier=0.0)
    compressor = {"compressor": lambda k: GradientCompressor("top_k", ratio=0.01)}
    for extra in ({}, compressor):
        honest = learn(clients, 1, privacy=privacy, **extra)
        lying = learn(clients, 1, privacy=privacy, corrupt={2: flip_sign}, **extra)
        moved = np.linalg.norm(lying.parameters - honest.parameters)
        assert moved <= 2 * 0.1 / 8 * 1.001


def test_a_private_round_divides_by_the_expected_number_of_clients(clients):
    """By the number that came, an answer would tell who took part."""
    privacy = ClientPrivacy(max_norm=0.01, noise_multiplier=0.0)  # clips everybody
    learning = learn(clients, 1, privacy=privacy, fraction=0.5, dtype="float64")
    start = ModelWrapper(layers=LAYERS, dtype="float64").get_parameters()
    total = np.zeros_like(start)
    for k in sample_poisson(8, 0.5, round_generator(0, 0)):
        model, rng = (
            ModelWrapper(layers=LAYERS, dtype="float64"),
            client_generator(0, 0, k),
        )
        X, y = clients[k]
        update, _ = local_update(model, start, X, y, learning_rate=0.3, generator=rng)
        total += 0.01 * update / np.linalg.norm(update)
    np.testing.assert_allclose(learning.parameters - start, total / 4, atol=1e-12)


def test_a_compressor_cannot_stretch_an_update_beyond_its_norm(clients):
    """One bit per coordinate is many times longer than what it stands for."""
    learning = learn(
        clients[:1],
        1,
        privacy=ClientPrivacy(max_norm=0.01, noise_multiplier=0.0),
        compressor=lambda k: GradientCompressor("quantise", bits=1),
    )
    start = ModelWrapper(layers=LAYERS).get_parameters()
    assert np.linalg.norm(learning.parameters - start) < 0.0101


def test_privacy_without_noise_claims_nothing(clients):
    learning = learn(clients, 1, privacy=ClientPrivacy(1.0, 0.0))
    assert learning.history.epsilon[0] == np.inf


def test_private_and_secure_together_are_private_alone(clients):
    one, two = (
        learn(clients, 2, secure=s, **with_noise(dtype="float64")).parameters
        for s in (True, False)
    )
    np.testing.assert_allclose(one, two, atol=1e-5)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"clients": []}, "at least one client"),
        ({"clients": [(np.zeros((0, 64)), np.zeros(0, int))]}, "at least one row"),
        ({"strategy": "sgd"}, "strategy must be one of"),
        ({"fraction": 0}, "fraction"),
        ({"fraction": 1.5}, "fraction"),
        ({"dropout": -0.1}, "dropout"),
        ({"stragglers": 2}, "stragglers"),
        ({"straggler_policy": "hope"}, "wait, drop, partial"),
        ({"corrupt": {99: flip_sign}}, r"\[99\]"),
        ({"strategy": "krum", "secure": True}, "single updates"),
        ({"strategy": "median", "privacy": ClientPrivacy(1, 1)}, "single updates"),
        ({"secure": True, "compressor": GradientCompressor}, "do not go together"),
    ],
)
def test_bad_settings_are_refused(clients, options, words):
    options = {"clients": clients} | options
    with pytest.raises(ValueError, match=words):
        FederatedLearning(ModelWrapper(layers=LAYERS), **options)


def test_rows_of_another_width_are_refused(clients):
    X, y = clients[0]
    with pytest.raises(ValueError, match="64 columns"):
        learn([*clients, (X[:, :5], y)], 1)
