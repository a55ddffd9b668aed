"""Search models, settings and architectures within a budget.

>>> from mlmastery.automl import Float, Space
>>> Space({"rate": Float(0.001, 1, log=True)}).n_features
1
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
