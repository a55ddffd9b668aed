"""A language model from scratch: attention, Transformer, training and generation.

>>> model = Transformer(TransformerConfig(vocab_size=65))
>>> sum(p.numel() for p in model.parameters())
809856
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
