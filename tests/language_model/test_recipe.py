"""The recipe and its records."""

import pytest
import torch
from language_model.helpers import rng

from mlmastery.language_model import (
    Transformer,
    TransformerConfig,
    fast_model,
    fast_training,
    recorded_ablation,
    recorded_race,
)
from mlmastery.ledger import recorded_table


def test_race_has_three_seeds_of_equal_seconds_on_two_texts():
    race = recorded_race()
    runs = race[race["model"] != "counts"]
    ends = runs.groupby(["text", "seed", "model"])["cpu_seconds"].max().unstack()
    assert len(ends) == 2 * 3
    assert set(ends) == {"nanoGPT, published", "nanoGPT, tuned", "ours"}
    assert (ends.max(axis=1) / ends.min(axis=1)).max() < 1.02
    assert set(race.loc[race["model"] == "counts", "text"]) == {"original", "embedded"}


def test_both_architectures_were_tuned_alike():
    tuning = recorded_table("language_model", "tuning")
    effort = tuning.groupby(["model", "round"])["seconds"].agg(["count", "sum"])
    assert effort.loc["nanoGPT"].equals(effort.loc["ours"])
    setting = ["learning_rate", "width", "batch", "warmup", "beta2"]
    first = tuning[tuning["round"] == 1].groupby("model")[setting]
    ours, theirs = (first.get_group(m).to_numpy() for m in ("ours", "nanoGPT"))
    assert (ours == theirs).all()


def test_recipe_is_what_the_search_chose():
    tuning = recorded_table("language_model", "tuning")
    tuning = tuning[(tuning["model"] == "ours") & (tuning["round"] == 2)]
    best = tuning.sort_values("loss").iloc[0]
    plan = fast_training(1500)
    assert fast_model(70).width == best["width"]
    assert plan.batch == best["batch"]
    assert plan.learning_rate == pytest.approx(best["learning_rate"])
    assert plan.warmup == best["warmup"]
    assert plan.betas[1] == best["beta2"]


def test_ablation_changes_one_thing_at_a_time_for_equal_seconds():
    ablation = recorded_ablation()
    assert ablation.groupby("variant")["seed"].nunique().eq(3).all()
    seconds = ablation["cpu_seconds"]
    assert seconds.max() / seconds.min() < 1.05


def test_without_pairs_the_model_is_gpt_with_rotary_positions():
    config = fast_model(11)
    plain = TransformerConfig(
        11, width=32, heads=2, positions="rotary", bias=False, pairs=True, fused=True
    )
    assert config == plain
    model = Transformer(config, generator=rng())
    assert model.pairs.weight.shape == (12 * 11, 32)
    assert torch.equal(model.pairs.weight, torch.zeros_like(model.pairs.weight))


def test_short_runs_warm_up_for_a_fifth_at_most():
    assert [fast_training(n).warmup for n in (10, 250, 1500)] == [2, 50, 100]


def test_warm_up_was_recorded_in_pairs_and_cures_most_runs():
    table = recorded_table("language_model", "warmup")
    runs = table.pivot(index="seed", columns="warmup", values="loss")
    assert runs.notna().all(axis=None)
    assert (runs[0] > 3.3).all()  # letter frequencies have 3.32
    assert (runs[100] < 3.2).sum() > len(runs) / 2
