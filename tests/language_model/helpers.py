"""Small models, texts and runs that several modules are tested on."""

import torch

from mlmastery.language_model import (
    Trainer,
    TrainingConfig,
    Transformer,
    TransformerConfig,
)

SMALL = {"vocab_size": 11, "context": 12, "width": 16, "heads": 2, "layers": 2}


VARIANTS = [
    {},
    {"positions": "rotary"},
    {"positions": "sinusoidal"},
    {"positions": "none"},
    {"norm": "rms", "bias": False},
    {"norm_first": False},
    {"pairs": True, "positions": "rotary"},
    {"fused": True, "pairs": True},
    {"dropout": 0.5},
]


def rng(seed=0):
    return torch.Generator().manual_seed(seed)


def loud(model, seed=0):
    """Give a model weights so large that a wrong connection shows."""
    g = rng(seed)
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(torch.randn(p.shape, generator=g) * 0.3 + (p.dim() == 1))
    return model.eval()


def small(seed=0, **changes):
    return loud(Transformer(TransformerConfig(**{**SMALL, **changes})), seed)


def some_ids(n=12, batch=2, vocab=11, seed=1):
    return torch.randint(vocab, (batch, n), generator=rng(seed))


def heads(*shape, n=3, **kwargs):
    g = rng(3)
    return [torch.randn(*shape, generator=g, **kwargs) for _ in range(n)]


CYCLE = torch.arange(400) % 7


def trainer(steps=12, seed=0, ids=CYCLE, model=None, **plan):
    g = rng(seed)
    net = Transformer(
        TransformerConfig(11, context=8, width=16, heads=2, layers=1, **(model or {})),
        generator=g,
    )
    plan = TrainingConfig(
        **{"steps": steps, "batch": 4, "warmup": 2, "evaluate_every": 4, **plan}
    )
    return Trainer(net, ids, CYCLE[:100], plan, generator=g)


def weights_of(run):
    return torch.cat([p.detach().flatten() for p in run.model.parameters()])
