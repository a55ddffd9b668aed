"""Films to show and stars to expect: neighbours, factors, and their judges.

>>> from mlmastery.recommendation import ndcg_at_k
>>> round(ndcg_at_k([3, 7, 9], {7}, k=3), 4)
0.6309
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
