"""Small samples that the page and the tests share."""

import pytest
import torch

from mlmastery.language_model.samples import SPEECH, chain_model


def test_chain_model_has_the_chances_of_its_table():
    model, words = chain_model(SPEECH)
    chances = model(torch.tensor([[words.index("his")]])).exp()[0, 0]
    assert float(chances[words.index("mother")]) == pytest.approx(0.52)
    assert float(chances.sum()) == pytest.approx(1.0)


def test_word_without_an_entry_may_be_followed_by_any():
    model, words = chain_model(SPEECH)
    chances = model(torch.tensor([[words.index("sleeps")]])).exp()[0, 0]
    assert torch.allclose(chances, torch.full_like(chances, 1 / len(words)))


@pytest.mark.parametrize("chances", [{}, {"a": {"b": 2.0}}, {"a": {"a": 2, "b": -1}}])
def test_chances_that_are_none_are_refused(chances):
    with pytest.raises(ValueError, match="chances"):
        chain_model(chances)
