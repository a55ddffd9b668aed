"""Choose models, settings and architectures by search, and judge what was chosen.

>>> from mlmastery.automl import kendall_tau
>>> kendall_tau([1, 2, 3], [10, 30, 20])
0.3333333333333333
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
