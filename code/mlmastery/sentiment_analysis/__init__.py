"""Say whether a text praises or complains, how sure that is, and which words say so.

>>> from mlmastery.sentiment_analysis import preprocess_text
>>> preprocess_text("Not a GOOD idea!")
'not a good idea !'
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
