"""Settings of the chapter's model, chosen by a recorded search, and its records."""

import pandas as pd

from mlmastery.language_model.training import TrainingConfig
from mlmastery.language_model.transformer import TransformerConfig
from mlmastery.ledger import recorded_table


def fast_model(vocab_size: int) -> TransformerConfig:
    """Return the sizes of a model for few seconds of training on one processor.

    Parameters
    ----------
    vocab_size : int
        Number of tokens, a few hundred at most: the model has a vector for each pair.

    Examples
    --------
    >>> fast_model(65).positions
    'rotary'
    """
    return TransformerConfig(
        vocab_size,
        width=32,
        heads=2,
        positions="rotary",
        bias=False,
        pairs=True,
        fused=True,
    )


def fast_training(steps: int, evaluate_every: int = 100) -> TrainingConfig:
    """Return the training settings for `fast_model`, as the search chose them.

    Parameters
    ----------
    steps : int
        Number of updates.
    evaluate_every : int, default=100
        Updates between two evaluations on the validation text.

    Examples
    --------
    >>> fast_training(500).schedule
    'linear'
    """
    return TrainingConfig(
        steps=steps,
        batch=32,
        learning_rate=0.0136,
        warmup=min(100, steps // 5),
        final_rate=0.02,
        schedule="linear",
        weight_decay=0.0,
        betas=(0.9, 0.99),
        evaluate_every=evaluate_every,
    )


def recorded_race() -> pd.DataFrame:
    """Return the race against nanoGPT, published and tuned, as recorded.

    Returns
    -------
    DataFrame
        One row per evaluation: text, seed, model, step, cpu_seconds, loss, and where and
        when. `benchmarks/language_model.py` writes it.

    Examples
    --------
    >>> sorted(recorded_race()["model"].unique())
    ['counts', 'nanoGPT, published', 'nanoGPT, tuned', 'ours']
    """
    return recorded_table("language_model", "race")


def recorded_ablation() -> pd.DataFrame:
    """Return the loss of the model with one thing changed at a time, as recorded.

    Returns
    -------
    DataFrame
        One row per variant and seed: its name, seed, steps, cpu_seconds, loss.

    Examples
    --------
    >>> recorded_ablation()["variant"].iloc[0]
    'ours'
    """
    return recorded_table("language_model", "ablation")
