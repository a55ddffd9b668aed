"""What the page shows going wrong must keep going wrong."""

import torch
from language_model.helpers import rng

from mlmastery.datasets import load_shakespeare
from mlmastery.language_model import (
    Trainer,
    TrainingConfig,
    Transformer,
    TransformerConfig,
)
from mlmastery.language_model.inspection import token_share


def test_deep_post_norm_stack_makes_all_tokens_one_vector():
    text = load_shakespeare()[:200_000]
    pool = {c: i for i, c in enumerate(sorted(set(text)))}
    ids = torch.tensor([pool[c] for c in text])
    size = {"context": 32, "width": 32, "heads": 2, "layers": 24, "fused": True}
    plan = TrainingConfig(steps=60, batch=8, learning_rate=3e-3, warmup=1)
    shares = {}
    for norm_first in (True, False):
        g = rng()
        config = TransformerConfig(len(pool), norm_first=norm_first, **size)
        model = Transformer(config, generator=g)
        run = Trainer(model, ids, ids[:2000], plan, generator=g)
        for _ in range(60):
            run.update()
        shares[norm_first] = token_share(model, ids[:640].view(20, 32))[-1]
    assert shares[False] < 0.05
    assert shares[True] > 0.1
