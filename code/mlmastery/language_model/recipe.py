"""The recipe that wins the chapter's race: a small model, trained by Muon."""

import pandas as pd

from mlmastery.language_model.training import TrainingConfig
from mlmastery.language_model.transformer import TransformerConfig
from mlmastery.ledger import recorded_table


def fast_model(vocab_size: int) -> TransformerConfig:
    """Return the model that learns most from few seconds of one processor.

    Parameters
    ----------
    vocab_size : int
        Number of tokens, a few hundred at most: it looks up pairs of them.

    Examples
    --------
    >>> fast_model(65).positions
    'rotary'
    """
    return TransformerConfig(
        vocab_size,
        width=64,
        heads=2,
        positions="rotary",
        activation="relu2",
        bias=False,
        normalise_qk=True,
        zero_init=True,
        pairs=True,
        tied=False,
        fused=True,
    )


def fast_training(steps: int, evaluate_every: int = 100) -> TrainingConfig:
    """Return how to train it.

    Parameters
    ----------
    steps : int
        Number of updates.
    evaluate_every : int, default=100
        Updates between two looks at the validation text.

    Examples
    --------
    >>> fast_training(500).optimiser
    'muon'
    """
    return TrainingConfig(
        steps=steps,
        learning_rate=0.01,
        matrix_rate=0.03,
        warmup=20,
        final_rate=0.02,
        shape="linear",
        weight_decay=0.0,
        optimiser="muon",
        betas=(0.9, 0.95),
        evaluate_every=evaluate_every,
    )


def recorded_race() -> pd.DataFrame:
    """Return the race against nanoGPT's small configuration, as it was recorded.

    Returns
    -------
    DataFrame
        One row per look: text, seed, model, step, cpu_seconds, loss, and where and
        when. `benchmarks/language_model.py` writes it.

    Examples
    --------
    >>> sorted(recorded_race()["model"].unique())
    ['nanoGPT', 'ours']
    """
    return recorded_table("language_model", "race")


def recorded_ablation() -> pd.DataFrame:
    """Return what the race's model loses without each of its ideas, as recorded.

    Returns
    -------
    DataFrame
        One row per variant: what was changed, steps, cpu_seconds, loss.

    Examples
    --------
    >>> recorded_ablation()["variant"].iloc[0]
    'the whole recipe'
    """
    return recorded_table("language_model", "ablation")
