"""A language model from scratch: attention, Transformer, training and generation.

>>> model = Transformer(TransformerConfig(vocab_size=65))
>>> sum(p.numel() for p in model.parameters())
809856
"""

import lazy_loader

from mlmastery.renamed import renamed

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__getattr__ = renamed(
    __name__,
    {
        "Judge": "mlmastery.language_model.training.WindowScorer",
        "Reader": "mlmastery.language_model.generation.CachedDecoder",
    },
    __getattr__,
)
