"""What compression may change, and what it may not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from mlmastery.distributed_training.compression import (
    BITS,
    GradientCompressor,
    _pack,
    _unpack,
    low_rank,
    n_bytes,
    quantise,
    restore_quantised,
    top_k,
)

DTYPES = (np.float16, np.float32, np.float64)
SETTINGS = [
    {"method": "none"},
    {"method": "top_k", "ratio": 0.3},
    *({"method": "quantise", "bits": bits} for bits in BITS),
    {"method": "power_sgd", "rank": 2},
]
ids = [" ".join(map(str, setting.values())) for setting in SETTINGS]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", [0, 1, 2, 16, 257, 1000])
@pytest.mark.parametrize("setting", SETTINGS, ids=ids)
def test_dtype_and_length_survive(setting, size, dtype):
    vector = np.random.default_rng(0).normal(size=size).astype(dtype)
    sender, receiver = GradientCompressor(**setting), GradientCompressor(**setting)
    arrived = receiver.decode(sender.encode(vector))
    assert arrived.dtype == dtype
    assert arrived.shape == vector.shape
    assert np.isfinite(arrived).all()


@pytest.mark.parametrize("dtype", DTYPES)
def test_none_is_lossless(dtype):
    vector = np.random.default_rng(0).normal(size=100).astype(dtype)
    compressor = GradientCompressor()
    np.testing.assert_array_equal(compressor.decode(compressor.encode(vector)), vector)


@settings(deadline=None, max_examples=40)
@given(
    hnp.arrays(np.float32, st.integers(0, 50), elements=st.floats(-1e6, 1e6, width=32)),
    st.floats(0.01, 1),
)
def test_top_k_keeps_the_largest_and_only_those(vector, ratio):
    compressor = GradientCompressor("top_k", ratio=ratio)
    arrived = compressor.decode(compressor.encode(vector))
    kept = np.ceil(ratio * vector.size - 1e-9)
    assert np.count_nonzero(arrived) <= kept
    left = np.abs(vector[arrived == 0])
    if kept and left.size:
        assert left.max() <= np.sort(np.abs(vector))[-int(kept)]
    np.testing.assert_array_equal(arrived + compressor.residual, vector)


def test_a_ratio_of_a_hundred_is_a_whole_number():
    compressor = GradientCompressor("top_k", ratio=0.07)  # 0.07 * 100 > 7 in floats
    assert len(compressor.encode(np.ones(100, np.float32))["values"]) == 7


def test_error_feedback_loses_nothing():
    """What was sent and what is remembered add up to all that was given."""
    rng = np.random.default_rng(0)
    for setting in ({"method": "top_k", "ratio": 0.1}, {"method": "power_sgd"}):
        compressor = GradientCompressor(**setting)
        given_, sent = np.zeros(200), np.zeros(200)
        for _ in range(30):
            vector = rng.normal(size=200)
            given_ += vector
            sent += compressor.decode(compressor.encode(vector))
        np.testing.assert_allclose(sent + compressor.residual, given_, atol=1e-9)
        assert np.abs(compressor.residual).max() < 30


def descend(error_feedback: bool) -> float:
    """Minimise the distance to a target over two workers that send one number each.

    The first coordinates' gradients are large and opposite, so that plain top-k sends
    nothing else, and they cancel.
    """
    targets = np.array([[100.0, 1.0, 2.0], [-100.0, 1.0, 2.0]])
    senders = [
        GradientCompressor("top_k", ratio=1 / 3, error_feedback=error_feedback)
        for _ in targets
    ]
    w = np.zeros(3)
    for _ in range(4000):
        pairs = zip(senders, targets, strict=True)
        w -= 0.01 * np.mean([s.decode(s.encode(w - t)) for s, t in pairs], axis=0)
    return float(np.abs(w - targets.mean(axis=0)).max())


def test_error_feedback_makes_top_k_converge_where_plain_top_k_stalls():
    assert descend(error_feedback=False) == pytest.approx(2.0)  # never moved
    assert descend(error_feedback=True) < 0.9


def test_smaller_steps_bring_error_feedback_to_the_minimum():
    def distance(step):
        targets = np.array([[10.0, 1.0, 2.0], [-10.0, 1.0, 2.0]])
        senders = [GradientCompressor("top_k", ratio=1 / 3) for _ in targets]
        w = np.zeros(3)
        for _ in range(int(40 / step)):
            pairs = zip(senders, targets, strict=True)
            w -= step * np.mean([s.decode(s.encode(w - t)) for s, t in pairs], axis=0)
        return np.abs(w - [0, 1, 2]).max()

    assert distance(0.01) < 0.2 * distance(0.1)


@pytest.mark.parametrize("bits", BITS)
def test_quantisation_is_unbiased(bits):
    rng = np.random.default_rng(bits)
    vector, repeats = rng.normal(size=40), 4000
    arrived = np.stack(
        [restore_quantised(quantise(vector, bits, rng), bits) for _ in range(repeats)]
    )
    error = arrived.mean(axis=0) - vector
    spread = arrived.std(axis=0) / np.sqrt(repeats)
    moving = spread > 1e-12
    z = error[moving] / spread[moving]
    assert np.abs(z).max() < stats.norm.isf(1e-6)
    np.testing.assert_allclose(error[~moving], 0, atol=1e-12)
    assert stats.chi2(moving.sum()).sf((z**2).sum()) > 1e-4


@pytest.mark.parametrize("bits", BITS)
def test_quantisation_errs_by_less_than_one_level(bits):
    rng = np.random.default_rng(0)
    vector = rng.normal(size=1000)
    arrays = quantise(vector, bits, rng, block=100)
    gap = 2 * arrays["scales"].repeat(100) / (2**bits - 1)
    assert (np.abs(restore_quantised(arrays, bits) - vector) <= gap + 1e-12).all()


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(BITS), st.integers(0, 70), st.integers(0, 99))
def test_packing_is_undone(bits, size, seed):
    levels = np.random.default_rng(seed).integers(0, 2**bits, size).astype(np.uint8)
    codes = _pack(levels, bits)
    assert codes.nbytes == -(-size * bits // 8)
    np.testing.assert_array_equal(_unpack(codes, bits, size), levels)


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ({"method": "none"}, 4 * 25_600),
        ({"method": "top_k", "ratio": 0.01}, 256 * 8 + 4),
        ({"method": "quantise", "bits": 8}, 25_600 + 400 + 8),
        ({"method": "quantise", "bits": 4}, 25_600 // 2 + 400 + 8),
        ({"method": "quantise", "bits": 1}, 25_600 // 8 + 400 + 8),
        ({"method": "power_sgd", "rank": 2}, (160 + 160) * 2 * 4 + 4),
    ],
)
def test_bytes_are_what_arithmetic_says(setting, expected):
    vector = np.random.default_rng(0).normal(size=25_600).astype(np.float32)
    assert n_bytes(GradientCompressor(**setting).encode(vector)) == expected


def test_power_iteration_finds_the_best_low_rank_matrix():
    rng = np.random.default_rng(0)
    u, _, v = np.linalg.svd(rng.normal(size=(30, 20)), full_matrices=False)
    matrix = u * (0.5 ** np.arange(20)) @ v
    guess = rng.normal(size=(20, 3))
    for _ in range(40):
        left, guess = low_rank(matrix, guess)
    best = np.linalg.norm(0.5 ** np.arange(3, 20))  # Eckart and Young
    error = np.linalg.norm(matrix - left @ guess.T)
    assert error == pytest.approx(best, rel=1e-6)
    np.testing.assert_allclose(left.T @ left, np.eye(3), atol=1e-12)


def test_power_sgd_is_exact_for_matrices_of_its_rank_and_for_biases():
    rng = np.random.default_rng(0)
    shapes = [(8, 6), (6,), (6, 5), (5,)]
    parts = [rng.normal(size=(8, 2)) @ rng.normal(size=(2, 6)), rng.normal(size=6)]
    parts += [rng.normal(size=(6, 2)) @ rng.normal(size=(2, 5)), rng.normal(size=5)]
    vector = np.concatenate([part.ravel() for part in parts])
    compressor = GradientCompressor("power_sgd", rank=2, shapes=shapes)
    np.testing.assert_allclose(
        compressor.decode(compressor.encode(vector)), vector, atol=1e-10
    )


def test_power_sgd_starts_where_it_left_off():
    """Sent again and again, a matrix arrives ever closer to its best of this rank."""
    rng = np.random.default_rng(0)
    u, _, v = np.linalg.svd(rng.normal(size=(20, 20)))
    vector = (u * (0.8 ** np.arange(20)) @ v).ravel()
    compressor = GradientCompressor("power_sgd", rank=3, error_feedback=False)
    errors = [
        np.linalg.norm(compressor.decode(compressor.encode(vector)) - vector)
        for _ in range(40)
    ]
    best = np.linalg.norm(0.8 ** np.arange(3, 20))
    assert errors[0] > 1.1 * best
    assert errors[-1] == pytest.approx(best, rel=1e-3)


def test_equal_seeds_send_equal_bytes():
    vector = np.random.default_rng(0).normal(size=100)
    one, two = (GradientCompressor("quantise", bits=1, random_state=5) for _ in "ab")
    for _ in range(3):
        np.testing.assert_array_equal(
            one.encode(vector)["codes"], two.encode(vector)["codes"]
        )


@pytest.mark.parametrize("setting", SETTINGS, ids=ids)
def test_state_in_a_checkpoint_resumes_bit_exactly(setting):
    vectors = np.random.default_rng(0).normal(size=(6, 100))
    one, two = GradientCompressor(**setting), GradientCompressor(**setting)
    expected = [one.decode(one.encode(vector)) for vector in vectors]
    for vector in vectors[:3]:
        two.encode(vector)
    three = GradientCompressor(**setting)
    three.set_state(two.get_state())
    for vector, arrived in zip(vectors[3:], expected[3:], strict=True):
        np.testing.assert_array_equal(three.decode(three.encode(vector)), arrived)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"method": "zip"}, "none, top_k.*got 'zip'"),
        ({"ratio": 0.0}, "ratio"),
        ({"ratio": 1.1}, "ratio"),
        ({"bits": 3}, "bits"),
        ({"rank": 0}, "rank"),
        ({"rank": 1.5}, "rank"),
    ],
)
def test_bad_options_are_refused(options, words):
    with pytest.raises(ValueError, match=words):
        GradientCompressor(**options)


def test_bad_vectors_are_refused():
    compressor = GradientCompressor("top_k")
    with pytest.raises(TypeError, match="int64 of shape"):
        compressor.encode(np.arange(3))
    with pytest.raises(TypeError, match="vector of floats"):
        compressor.encode(np.ones((2, 2)))
    with pytest.raises(ValueError, match="finite"):
        compressor.encode(np.array([np.inf]))
    compressor.encode(np.ones(3))
    with pytest.raises(ValueError, match="remembers 3 coordinates, got a vector of 4"):
        compressor.encode(np.ones(4))
    with pytest.raises(ValueError, match="shapes hold 6 numbers, got a vector of 7"):
        GradientCompressor("power_sgd", shapes=[(2, 3)]).encode(np.ones(7))


def test_places_from_the_wire_are_checked():
    arrays = top_k(np.ones(4), 2) | {"places": np.array([1, 9], np.uint32)}
    with pytest.raises(ValueError, match="below 4, got 9"):
        GradientCompressor("top_k").decode(arrays)


def test_on_paper_top_1_sends_the_small_entry_at_the_eleventh_step():
    sender = GradientCompressor("top_k", ratio=0.5)
    sent = [sender.decode(sender.encode(np.array([10.0, 1.0]))) for _ in range(11)]
    assert [row[1] for row in sent[:9]] == [0.0] * 9
    assert sum(row[1] for row in sent) in (10.0, 11.0)  # at the tenth they are equal


def test_a_ratio_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="ratio must be above 0 and at most 1, got"):
        GradientCompressor("top_k", ratio="a")
