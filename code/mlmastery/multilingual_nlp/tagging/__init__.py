"""Find names of people, places and organisations: a tagger and its rivals.

>>> from mlmastery.multilingual_nlp.tagging import score_entities
>>> score_entities([["B-LOC", "I-LOC"]], [["I-LOC", "I-LOC"]], "strict").f1
0.0
>>> score_entities([["B-LOC", "I-LOC"]], [["I-LOC", "I-LOC"]], "conlleval").f1
1.0
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
