"""Randomisation by hashing: uniform, independent, and nobody moved by a ramp."""

import hashlib
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mlmastery.ab_testing.assignment import (
    Layer,
    assign,
    check_identifier,
    check_weights,
    hash_to_unit,
    independence_p_value,
    is_covered,
    uniformity_p_value,
)
from mlmastery.ab_testing.experiment import RAMP

USERS = [f"user-{i}" for i in range(20_000)]
HALVES = {"control": 0.5, "treatment": 0.5}


def inside(count: int, n: int, share: float) -> bool:
    """Return whether a count is likely under a binomial distribution."""
    low, high = stats.binom.interval(1 - 1e-4, n, share)
    return low <= count <= high


def test_the_number_is_that_of_the_hash_and_stays_for_years():
    digest = hashlib.blake2b(b"user-1", digest_size=8, key=b"s", person=b"arm").digest()
    assert hash_to_unit("user-1", "s") == (int.from_bytes(digest, "big") >> 11) / 2**53


def test_the_largest_hash_is_below_one(monkeypatch):
    class Highest:
        def digest(self):
            return b"\xff" * 8

    monkeypatch.setattr(hashlib, "blake2b", lambda *args, **kwargs: Highest())
    assert 0.9999 < hash_to_unit("u", "s") < 1
    # One tenth ten times is a little less than 1: the number still has an arm.
    tenths = {str(i): 0.1 for i in range(10)}
    assert assign("u", "s", tenths, coverage=1.0) == "9"


@pytest.mark.parametrize("salt", ["checkout", "price", "ключ"])
def test_hashes_are_uniform(salt):
    numbers = [hash_to_unit(user, salt) for user in USERS]
    assert stats.kstest(numbers, "uniform").pvalue > 1e-4
    assert uniformity_p_value(USERS, salt) > 1e-4


def test_a_lumpy_hash_is_found():
    same = ["user-1"] * 600  # one user counted 600 times is one bin
    assert uniformity_p_value(same, "salt") < 1e-100
    numbers = [hash_to_unit(user, "salt") for user in USERS[:500]]
    counts = np.histogram(numbers, 100, (0, 1))[0]
    expected = stats.chi2.sf(((counts - 5) ** 2 / 5).sum(), 99)
    assert uniformity_p_value(USERS[:500], "salt") == pytest.approx(expected)
    with pytest.raises(ValueError, match=r"at least 500 for 100 bins, got 499"):
        uniformity_p_value(USERS[:499], "salt")
    with pytest.raises(ValueError, match="bins must be a whole number of at least 2"):
        uniformity_p_value(USERS, "salt", bins=1)


def test_another_salt_or_purpose_is_another_draw():
    assert independence_p_value(USERS, "button", "price") > 1e-4
    assert independence_p_value(USERS, "button", "button") == 0
    arms = [hash_to_unit(u, "s") for u in USERS]
    for purpose in ("ramp", "layer"):
        other = [hash_to_unit(u, "s", purpose) for u in USERS]
        assert abs(np.corrcoef(arms, other)[0, 1]) < 4 / np.sqrt(len(USERS))
    # Joined by a sign, these two would be one text.
    assert hash_to_unit("bc", "a") != hash_to_unit("c", "ab")


@pytest.mark.parametrize(
    "weights",
    [HALVES, {"a": 0.95, "b": 0.05}, {"a": 0.2, "b": 0.3, "c": 0.5}],
)
def test_arms_get_their_shares(weights):
    arms = [assign(user, "shares", weights) for user in USERS]
    for arm, share in weights.items():
        assert inside(arms.count(arm), len(USERS), share)


def test_ramping_moves_nobody_from_one_arm_to_another():
    seen: dict[str, str] = {}
    for coverage in RAMP:
        arms = {user: assign(user, "ramp", HALVES, coverage) for user in USERS}
        members = {user: arm for user, arm in arms.items() if arm is not None}
        assert seen.items() <= members.items()  # no one left, no one moved
        assert inside(len(members), len(USERS), coverage) or coverage == 1
        assert inside(list(members.values()).count("control"), len(members), 0.5)
        seen = members
    assert len(seen) == len(USERS)


def test_lowering_the_coverage_moves_nobody_either():
    for high, low in pairwise(RAMP[::-1]):
        before = {user: assign(user, "ramp", HALVES, high) for user in USERS}
        after = {user: assign(user, "ramp", HALVES, low) for user in USERS}
        assert all(arm in (None, before[user]) for user, arm in after.items())


def test_one_hash_for_ramp_and_arm_moves_users():
    """The fault that a public library had: arms of width coverage times share."""

    def naive(user: str, coverage: float) -> str | None:
        number = hash_to_unit(user, "ramp")
        if number >= coverage:
            return None
        return "control" if number < coverage / 2 else "treatment"

    arms = [(naive(user, 0.2), naive(user, 1.0)) for user in USERS]
    moved = sum(a not in (None, b) for a, b in arms)
    assert inside(moved, len(USERS), 0.1)


def test_nothing_and_everything_is_covered():
    assert not any(is_covered(user, "s", 0.0) for user in USERS)
    assert all(is_covered(user, "s", 1.0) for user in USERS)
    with pytest.raises(ValueError, match="coverage must be a number of at least 0"):
        is_covered("u", "s", 1.1)


@given(
    st.text(
        st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=200
    ),
    st.floats(0.01, 0.99),
)
def test_an_arm_is_the_same_at_each_visit(unit, share):
    weights = {"a": share, "b": 1 - share}
    arm = assign(unit, "s", weights)
    assert arm == assign(unit, "s", weights)
    assert arm == ("a" if hash_to_unit(unit, "s") < share else "b")


def test_experiments_of_a_layer_exclude_each_other():
    layer = Layer("checkout", {"button": 0.5, "price": 0.3})
    inner = [layer.experiment_of(user) for user in USERS]
    for name, share in (("button", 0.5), ("price", 0.3), (None, 0.2)):
        assert inside(inner.count(name), len(USERS), share)
    wider = Layer("checkout", {"button": 0.5, "price": 0.3, "colour": 0.2})
    again = [wider.experiment_of(user) for user in USERS]
    assert all(new == old or old is None for old, new in zip(inner, again, strict=True))


def test_layers_are_independent_of_each_other_and_of_the_arms():
    one, two = Layer("one", {"a": 0.5}), Layer("two", {"a": 0.5})
    both = [(one.experiment_of(u), two.experiment_of(u)) for u in USERS]
    assert inside(both.count(("a", "a")), len(USERS), 0.25)
    chosen = [u for u in USERS if one.experiment_of(u)]
    arms = [assign(u, "one", HALVES) for u in chosen]
    assert inside(arms.count("control"), len(chosen), 0.5)


def test_layers_agree_only_when_they_cut_at_the_same_places():
    layer = Layer("page", {"a": 0.5, "b": 0.2})
    assert layer.agrees(Layer("page", {"a": 0.5}))
    assert not layer.agrees(Layer("other", {"a": 0.5}))
    assert not layer.agrees(Layer("page", {"a": 0.4, "b": 0.2}))
    assert not layer.agrees(Layer("page", {"b": 0.2, "a": 0.5}))


def test_a_layer_cannot_be_changed_from_outside():
    shares = {"a": 0.5}
    layer = Layer("page", shares)
    shares["b"] = 0.5
    assert dict(layer.shares) == {"a": 0.5}
    with pytest.raises(TypeError):
        layer.shares["b"] = 0.5


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: hash_to_unit("", "s"), "unit must be a text of 1 to 200"),
        (lambda: hash_to_unit("u" * 201, "s"), "unit must be a text of 1 to 200"),
        (lambda: hash_to_unit(7, "s"), "unit must be .* got 7"),
        (lambda: hash_to_unit("u", ""), "salt must be a text"),
        (
            lambda: hash_to_unit("u", "s" * 65),
            "salt must have at most 64 bytes, got 65",
        ),
        (lambda: hash_to_unit("u", "ä" * 33), "at most 64 bytes, got 66"),
        (lambda: check_identifier("a\0b", "unit"), "unit must be printable Unicode"),
        (lambda: check_identifier("\ud800", "u1"), "u1 must be printable Unicode"),
        (lambda: check_identifier("\udfff", "u2"), "u2 must be printable Unicode"),
        (lambda: check_weights({"a": 1.0}, "w"), "w must name at least two arms"),
        (lambda: check_weights([0.5, 0.5], "w"), "w must name at least two arms"),
        (
            lambda: check_weights({"a": 0.5, "b": 0.4}, "w"),
            "w must add up to 1, got 0.9",
        ),
        (
            lambda: check_weights({"a": 1.0, "b": 0}, "w"),
            r"w\['b'\] must be a number abov",
        ),
        (lambda: check_weights({"a": 1.5, "b": -0.5}, "w"), r"w\['a'\] must be"),
        (lambda: check_weights({"": 0.5, "b": 0.5}, "w"), "w: an arm must be a text"),
        (lambda: Layer("", {"a": 0.5}), "name must be a text"),
        (lambda: Layer("l", {"a": 0.6, "b": 0.5}), "shares must add .* 1, got 1.1"),
        (lambda: Layer("l", {"a": 0}), r"shares\['a'\] must be a number above 0"),
        (lambda: Layer("l", {"a": 2}), r"shares\['a'\] must be .* at most 1"),
        (
            lambda: independence_p_value(USERS, "a", "b", bins=1),
            "bins must be a whole number of at least 2",
        ),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_a_long_identifier_is_not_repeated_whole():
    with pytest.raises(ValueError, match="unit must be") as caught:
        check_identifier("x" * 100_000, "unit")
    assert len(str(caught.value)) < 150


def test_limits_are_allowed():
    assert 0 <= hash_to_unit("u" * 200, "s" * 64) < 1
    assert check_weights({"a": 0.1, "b": 0.9 + 1e-12}, "w")
    assert Layer("l", {"a": 1}).experiment_of("ana") == "a"
    assert Layer("l", {str(i): 0.1 for i in range(10)}).experiment_of("ana")
