r"""Texts in twenty languages: which one, what it says, and where in the original.

>>> from mlmastery.multilingual_nlp import direction, graphemes
>>> direction("שלום"), len(graphemes("e\u0301"))
('rtl', 1)
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
