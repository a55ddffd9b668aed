"""A language model from scratch: attention, Transformer, training and generation.

>>> model = Transformer(TransformerConfig(vocab_size=65))
>>> sum(p.numel() for p in model.parameters())
809856
"""

from mlmastery.language_model.attention import (
    KVCache,
    MultiHeadAttention,
    attention_weights,
    causal_mask,
    rotate,
    self_attention,
    sinusoidal_positions,
    wave_angles,
)
from mlmastery.language_model.baselines import BigramModel, MLPModel, bigram_entropy
from mlmastery.language_model.data import (
    fixed_windows,
    random_windows,
    shared_windows,
    split_text,
)
from mlmastery.language_model.generation import (
    Reader,
    beam_search,
    generate,
    greedy,
    log_probability,
    next_probabilities,
    window_start,
)
from mlmastery.language_model.optimisers import Muon, orthogonalise
from mlmastery.language_model.recipe import (
    fast_model,
    fast_training,
    recorded_ablation,
    recorded_race,
)
from mlmastery.language_model.training import (
    CheckpointError,
    Judge,
    Point,
    Trainer,
    TrainingConfig,
    bits_per_byte,
    evaluate,
    mean_loss,
    perplexity,
    rate_factor,
)
from mlmastery.language_model.transformer import (
    Block,
    FeedForward,
    Norm,
    Transformer,
    TransformerConfig,
    layer_norm,
    rms_norm,
)

__all__ = [
    "BigramModel",
    "Block",
    "CheckpointError",
    "FeedForward",
    "Judge",
    "KVCache",
    "MLPModel",
    "MultiHeadAttention",
    "Muon",
    "Norm",
    "Point",
    "Reader",
    "Trainer",
    "TrainingConfig",
    "Transformer",
    "TransformerConfig",
    "attention_weights",
    "beam_search",
    "bigram_entropy",
    "bits_per_byte",
    "causal_mask",
    "evaluate",
    "fast_model",
    "fast_training",
    "fixed_windows",
    "generate",
    "greedy",
    "layer_norm",
    "log_probability",
    "mean_loss",
    "next_probabilities",
    "orthogonalise",
    "perplexity",
    "random_windows",
    "rate_factor",
    "recorded_ablation",
    "recorded_race",
    "rms_norm",
    "rotate",
    "self_attention",
    "shared_windows",
    "sinusoidal_positions",
    "split_text",
    "wave_angles",
    "window_start",
]
