"""Identify, compare, tag and classify texts in twenty languages.

>>> from mlmastery.multilingual_nlp.tagging import bio_spans
>>> bio_spans(["B-LOC", "I-LOC", "O"])
[Span(label='LOC', start=0, end=2)]
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
