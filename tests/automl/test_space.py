"""Search spaces: scales, conditions, encodings, and what is refused."""

import numpy as np
import pytest

from mlmastery.automl.models import TREES
from mlmastery.automl.space import Choice, Float, Integer, Space

SPACE = Space(
    {
        "model": Choice("linear", "forest"),
        "depth": Integer(1, 8),
        "rate": Float(0.001, 10, log=True),
    },
    conditions={"depth": ("model", ("forest",))},
)


def test_a_logarithmic_scale_gives_equal_factors_equal_shares():
    rate = Float(0.001, 10, log=True)
    assert rate.from_unit(0.5) == pytest.approx(0.1)
    assert rate.from_unit(0) == 0.001
    assert rate.from_unit(1) == 10
    drawn = np.array([rate.from_unit(u) for u in np.random.default_rng(0).random(4000)])
    assert (drawn < 0.1).mean() == pytest.approx(0.5, abs=0.03)


def test_the_ends_of_an_integer_are_as_likely_as_the_others():
    rng = np.random.default_rng(0)
    drawn = [Integer(1, 4).from_unit(u) for u in rng.random(8000)]
    shares = np.bincount(drawn, minlength=5)[1:] / 8000
    np.testing.assert_allclose(shares, 0.25, atol=0.02)


@pytest.mark.parametrize(
    "parameter",
    [
        Float(-3, 5),
        Float(1e-4, 1, log=True),
        Integer(1, 9),
        Integer(1, 500, log=True),
        Integer(-10, 5),
        Choice("a", "b", None),
    ],
)
def test_a_value_survives_the_way_to_its_share_and_back(parameter):
    for u in np.random.default_rng(0).random(50):
        value = parameter.from_unit(u)
        again = parameter.from_unit(parameter.to_unit(value))
        assert again == (pytest.approx(value) if isinstance(value, float) else value)
        snapped = parameter.snap(np.array([u]))[0]
        assert snapped == pytest.approx(parameter.to_unit(value), abs=1e-9)


def test_what_is_not_active_is_no_part_of_a_configuration():
    rng = np.random.default_rng(0)
    drawn = [SPACE.sample(rng) for _ in range(100)]
    assert {("depth" in c) == (c["model"] == "forest") for c in drawn} == {True}
    assert {c["model"] for c in drawn} == {"linear", "forest"}


def test_encoding_is_one_hot_and_neutral_where_inactive():
    code = SPACE.encode({"model": "linear", "rate": 0.1})
    np.testing.assert_allclose(code, [1, 0, 0.5, 0.5])
    assert SPACE.n_features == len(code)
    forest = SPACE.encode({"model": "forest", "depth": 1, "rate": 10.0})
    np.testing.assert_allclose(forest, [0, 1, 0.0625, 1])


def test_an_inactive_choice_is_encoded_as_nothing():
    space = Space(
        {"a": Choice("x", "y"), "b": Choice(1, 2)}, conditions={"b": ("a", ("y",))}
    )
    np.testing.assert_array_equal(space.encode({"a": "x"}), [1, 0, 0, 0])


def test_a_grid_holds_each_configuration_once():
    configs = SPACE.grid(3)
    assert len(configs) == 3 + 3 * 3
    keys = [SPACE.key(c) for c in configs]
    assert len(set(keys)) == len(keys)


def test_any_change_changes_the_fingerprint():
    prints = {
        Space({"a": parameter}).fingerprint()
        for parameter in (
            Float(0.1, 1),
            Float(0.1, 1, log=True),
            Float(0.1, 2),
            Integer(1, 2),
            Choice(1, 2),
            Choice(2, 1),
            Choice("1", "2"),
        )
    }
    assert len(prints) == 7
    conditions = {"depth": ("model", ("linear",))}
    assert Space(SPACE.parameters, conditions).fingerprint() != SPACE.fingerprint()
    assert (
        Space(SPACE.parameters, SPACE.conditions).fingerprint() == SPACE.fingerprint()
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Float(1, 1), "low must be below high"),
        (lambda: Float(0, 1, log=True), "low must be positive"),
        (lambda: Integer(0, 3, log=True), "low must be a whole number of at least 1"),
        (lambda: Integer(3, 2), "high must be a whole number of at least 4"),
        (lambda: Choice("a"), "two or more"),
        (lambda: Choice("a", "a"), "all different"),
        (lambda: Space({}), "at least one"),
        (lambda: Space({"a": Integer(1, 2)}, {"a": ("b", (1,))}), "condition of 'a'"),
        (lambda: SPACE.encode({"model": "linear"}), "must have the parameters"),
        (lambda: SPACE.encode({"model": "linear", "rate": 99.0}), "value must be"),
        (lambda: SPACE.encode({"model": "tree", "rate": 1.0}), "value must be one of"),
        (lambda: SPACE.enumerate(), "with a Float"),
        (lambda: Integer(1, 4).to_unit(2.5), "value must be a whole number"),
    ],
)
def test_what_is_no_space_or_configuration_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_types_are_checked():
    with pytest.raises(TypeError, match="options must be"):
        Choice((1, 2), "a")
    with pytest.raises(TypeError, match="'a' must be a Float"):
        Space({"a": [1, 2]})


def test_spaces_of_equal_parts_read_alike():
    # Names of tests, and logs, hold what is printed here: an address would differ.
    spaces = [Space({"x": Integer(1, 3), "y": Float(0, 1)}) for _ in range(2)]
    assert repr(spaces[0]) == repr(spaces[1])
    assert repr(Space({"a": Integer(1, 3)})) == (
        "Space({'a': Integer(low=1, high=3, log=False)})"
    )
    assert " at 0x" not in repr(TREES["numbers"])
