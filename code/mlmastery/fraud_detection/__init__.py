"""Find fraud in a stream of card transactions, in batches and one event at a time.

>>> from mlmastery.fraud_detection import average_precision
>>> average_precision([1, 0, 0, 1], [0.9, 0.8, 0.3, 0.1])
0.75
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
