"""What the page shows going wrong must keep going wrong."""

import pytest
import torch
from language_model.helpers import rng

from mlmastery.datasets import load_shakespeare
from mlmastery.language_model import (
    NGramModel,
    Trainer,
    TrainingConfig,
    Transformer,
    TransformerConfig,
    evaluate,
    split_text,
)
from mlmastery.language_model.inspection import token_share
from mlmastery.ledger import recorded_table


def deep(norm_first, warmup, steps):
    """Return the end of a deep run: validation loss and share that tells tokens apart."""
    text = load_shakespeare()[:200_000]
    pool = {c: i for i, c in enumerate(sorted(set(text)))}
    ids = torch.tensor([pool[c] for c in text])
    size = {"context": 32, "width": 32, "heads": 2, "layers": 24, "fused": True}
    plan = TrainingConfig(
        steps=150, batch=8, learning_rate=3e-3, warmup=warmup, final_rate=1
    )
    g = rng()
    config = TransformerConfig(len(pool), norm_first=norm_first, **size)
    model = Transformer(config, generator=g)
    run = Trainer(model, ids, ids[:2000], plan, generator=g)
    for _ in range(steps):
        run.update()
    frequencies = torch.bincount(ids).double() / len(ids)
    single = -float((frequencies * frequencies.log()).sum())
    share = token_share(model, ids[:640].view(20, 32))[-1]
    return evaluate(model, ids[:4000], 32) - single, share


def test_deep_post_norm_stack_makes_all_tokens_one_vector():
    below, share = deep(norm_first=False, warmup=0, steps=60)
    assert abs(below) < 0.2
    assert share < 0.05


def test_norm_first_learns_without_warm_up():
    below, share = deep(norm_first=True, warmup=0, steps=100)
    assert below < -0.2
    assert share > 0.1


def test_warm_up_cures_the_deep_post_norm_stack():
    below, share = deep(norm_first=False, warmup=100, steps=150)
    assert below < -0.1
    assert share > 0.1


def test_counts_of_four_characters_are_the_baseline_of_the_page():
    train, held = split_text(load_shakespeare())
    letters = {c: i for i, c in enumerate(sorted(set(train)))}
    train_ids, held_ids = (torch.tensor([letters[c] for c in t]) for t in (train, held))
    looked_at = held_ids[: 64 * 871 + 1]
    losses = {
        reach: evaluate(NGramModel(70, reach=reach).fit(train_ids), looked_at, 64)
        for reach in (3, 4, 5)
    }
    assert losses[4] == pytest.approx(1.594, abs=5e-4)
    assert losses[4] < min(losses[3], losses[5])


def test_rates_of_the_gap_contest_are_at_the_edge_and_a_higher_one_is_better():
    used = recorded_table("language_model", "gaps").groupby("model")["rate"].first()
    tried = recorded_table("language_model", "gap_rates")
    short = tried[tried["updates"] == 400]
    best = short.loc[short.groupby("model")["accuracy"].idxmax(), "rate"]
    assert set(best) == {tried["rate"].max()}
    late = tried[tried["updates"] == 1000].set_index(["model", "rate"])["accuracy"]
    for model in ("causal", "masked 15%"):
        assert late[model].max() > late[model, used[model]]
